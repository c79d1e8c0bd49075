// /etc/passwd and /etc/group as getpwuid(3) and friends read them: in the caller's own root, at the time of the call.

import type { Program } from '#kernel/uapi/index.ts';
import { readFile, textOf } from './io.ts';

export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly gecos: string;
  readonly home: string;
  readonly shell: string;
}

export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

function* lines(path: string): Program<string[][]> {
  const file = yield* readFile(path);
  if (!file.ok) return [];
  return textOf(file.value)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(':'));
}

/** The entries of /etc/passwd; none when it cannot be read. Counterpart: passwd(5) */
export function* passwdEntries(): Program<PasswdEntry[]> {
  const rows = yield* lines('/etc/passwd');
  return rows
    .filter((f) => f.length >= 4 && /^\d+$/.test(f[2] ?? '') && /^\d+$/.test(f[3] ?? ''))
    .map((f) => ({ name: f[0] ?? '', uid: Number(f[2]), gid: Number(f[3]), gecos: f[4] ?? '', home: f[5] ?? '', shell: f[6] ?? '' }));
}

/** The entries of /etc/group; none when it cannot be read. Counterpart: group(5) */
export function* groupEntries(): Program<GroupEntry[]> {
  const rows = yield* lines('/etc/group');
  return rows
    .filter((f) => f.length >= 3 && /^\d+$/.test(f[2] ?? ''))
    .map((f) => ({ name: f[0] ?? '', gid: Number(f[2]), members: (f[3] ?? '').split(',').filter((m) => m !== '') }));
}
