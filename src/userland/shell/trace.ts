// What `set -x` prints.

import type { Program } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import type { Shell } from './state.ts';
import { isKeyword } from './tokens.ts';

/** A text in quotes, so that a shell reads it back: bash escapes a single quote, dash and ash put runs of them in double quotes. */
export function singleQuoted(text: string, bash: boolean): string {
  if (bash) return `'${text.replace(/'/g, `'\\''`)}'`;
  const parts = text.split(/('+)/);
  return parts.map((part, at) => (at % 2 === 1 ? `"${part}"` : part === '' && at > 0 ? '' : `'${part}'`)).join('');
}

const quoteFor = (shell: Shell, text: string): string => {
  if (shell.d.name === 'dash') return text;
  if (shell.d.bash) return text === '' || /[^A-Za-z0-9_@%+=:,./[\]^!-]/.test(text) ? singleQuoted(text, true) : text;
  return isKeyword(text, shell.d) || /[^+,\-./0-9:@A-Z\]^_a-z]/.test(text) ? singleQuoted(text, false) : text;
};

const ps4 = (shell: Shell): string => shell.get('PS4') ?? (shell.d.bash ? '+ ' : '');

export function* traceText(shell: Shell, text: string): Program<void> {
  yield* writeAll(2, bytesOf(`${ps4(shell)}${text}\n`));
}

export function* traceArgs(shell: Shell, values: readonly (readonly [string, string])[], args: readonly string[]): Program<void> {
  if (shell.d.bash && values.length > 0) yield* traceAssigns(shell, values);
  const words = [
    ...(shell.d.bash ? [] : values.map(([name, value]) => `${name}=${quoteFor(shell, value)}`)),
    ...args.map((arg) => quoteFor(shell, arg)),
  ];
  yield* traceText(shell, words.join(' '));
}

/** Assignments without a command: dash and ash show them on one line, bash each. */
export function* traceAssigns(shell: Shell, values: readonly (readonly [string, string])[]): Program<void> {
  const texts = values.map(([name, value]) => `${name}=${quoteFor(shell, value)}`);
  for (const line of shell.d.bash ? texts : [texts.join(' ')]) yield* traceText(shell, line);
}
