// What `set -x` prints.

import type { Program } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import type { Shell } from './state.ts';

/** A text in single quotes, so that a shell reads it back. */
export const singleQuoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;

const quoteFor = (shell: Shell, text: string): string => {
  if (shell.d.name === 'dash') return text;
  if (shell.d.bash) return text === '' || /[^A-Za-z0-9_@%+=:,./[\]^!-]/.test(text) ? singleQuoted(text) : text;
  return /[^+,\-./0-9:@A-Z\]^_a-z]/.test(text) ? singleQuoted(text) : text;
};

const ps4 = (shell: Shell): string => shell.get('PS4') ?? '+ ';

export function* traceArgs(shell: Shell, values: readonly (readonly [string, string])[], args: readonly string[]): Program<void> {
  if (shell.d.bash) for (const [name, value] of values) yield* traceAssign(shell, name, value);
  const words = [
    ...(shell.d.bash ? [] : values.map(([name, value]) => `${name}=${quoteFor(shell, value)}`)),
    ...args.map((arg) => quoteFor(shell, arg)),
  ];
  yield* writeAll(2, bytesOf(`${ps4(shell)}${words.join(' ')}\n`));
}

export function* traceAssign(shell: Shell, name: string, value: string): Program<void> {
  yield* writeAll(2, bytesOf(`${ps4(shell)}${name}=${quoteFor(shell, value)}\n`));
}
