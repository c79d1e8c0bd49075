// What crictl, ctr and runc have in common: they speak to the runtime through its socket, and choose an object by the start of its id.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { MAY_READ, MAY_WRITE } from '#abi/mode.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { NodePort } from './port.ts';

/** Why the socket cannot be used, in Go's words; undefined: it can. */
export function* socketProblem(port: NodePort): Program<string | undefined> {
  const may: SysResult<void> = yield* sys.faccessat2(AT_FDCWD, port.socket, MAY_READ | MAY_WRITE, 0);
  return may.ok ? undefined : `dial unix ${port.socket}: connect: ${strerror(may.errno).toLowerCase()}`;
}

/** The one object whose id begins with a text. */
export function byId<T extends { readonly id: string }>(list: readonly T[], id: string): T | undefined {
  const found = list.filter((one) => one.id.startsWith(id));
  return found.length === 1 ? found[0] : undefined;
}

export function* now(): Program<bigint> {
  const time: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  return time.ok ? time.value : 0n;
}

/** Splits arguments into flags that take a value, flags that take none, and words. An unknown flag is returned. */
export function parseFlags(
  args: readonly string[],
  withValue: readonly string[],
  without: readonly string[],
  stopAtWord = false,
): { readonly flags: ReadonlyMap<string, string>; readonly words: readonly string[]; readonly unknown?: string } {
  const flags = new Map<string, string>();
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--') return { flags, words: [...words, ...args.slice(at + 1)] };
    if (!arg.startsWith('-') || arg === '-') {
      if (stopAtWord) return { flags, words: [...words, ...args.slice(at)] };
      words.push(arg);
      continue;
    }
    const [name = '', value] = arg.replace(/^--?/, '').split(/=(.*)/s) as [string, string?];
    if (withValue.includes(name)) flags.set(name, value ?? args[++at] ?? '');
    else if (without.includes(name)) flags.set(name, 'true');
    else if (/^-[a-z]{2,}$/.test(arg) && [...name].every((letter) => without.includes(letter)))
      for (const letter of name) flags.set(letter, 'true');
    else return { flags, words, unknown: arg };
  }
  return { flags, words };
}
