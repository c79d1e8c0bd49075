// System V objects as /proc/sysvipc lists them, and how their owners are named: what ipcs and ipcrm share.

import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import { slurp } from '../lib/lines.ts';
import { strftime } from '../lib/time.ts';

export type Kind = 'msg' | 'shm' | 'sem';
export const KINDS: readonly Kind[] = ['msg', 'shm', 'sem'];

export interface Entry {
  readonly key: number;
  readonly id: number;
  readonly mode: number;
  /** Bytes of a segment, semaphores of an array. */
  readonly size: number;
  readonly cpid: number;
  readonly uid: number;
  readonly gid: number;
  readonly cuid: number;
  readonly cgid: number;
  readonly ctime: number;
}

const COLUMNS: Readonly<Record<Kind, readonly string[]>> = {
  shm: ['key', 'id', 'mode', 'size', 'cpid', 'lpid', 'nattch', 'uid', 'gid', 'cuid', 'cgid', 'atime', 'dtime', 'ctime'],
  sem: ['key', 'id', 'mode', 'size', 'uid', 'gid', 'cuid', 'cgid', 'otime', 'ctime'],
  msg: ['key', 'id', 'mode', 'cbytes', 'qnum', 'lspid', 'lrpid', 'uid', 'gid', 'cuid', 'cgid', 'stime', 'rtime', 'ctime'],
};

/** The objects of a kind in the caller's IPC namespace. */
export function* objects(kind: Kind): Program<readonly Entry[]> {
  const text = yield* slurp(`/proc/sysvipc/${kind}`);
  if (!text.ok) return [];
  return text.value
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const values = line.trim().split(/\s+/);
      const entry = Object.fromEntries(COLUMNS[kind].map((name, i) => [name, Number.parseInt(values[i] ?? '0', name === 'mode' ? 8 : 10)]));
      return { size: 0, cpid: 0, ...entry, key: (entry.key ?? 0) >>> 0 } as unknown as Entry;
    });
}

/** Whether the caller may read an object, as the STAT command of shmctl and its like asks. */
export function* readable(kind: Kind, id: number): Program<boolean> {
  const got: SysResult<number> = yield* sys.syscall(`${kind}ctl`, id, 2);
  return got.ok;
}

export interface Names {
  user(uid: number): string;
  group(gid: number): string;
}

/** Names of accounts, numbers where there are none. */
export function* names(): Program<Names> {
  const users = yield* passwdEntries();
  const groups = yield* groupEntries();
  return {
    user: (uid) => (users.find((entry) => entry.uid === uid)?.name ?? String(uid)).slice(0, 10),
    group: (gid) => (groups.find((entry) => entry.gid === gid)?.name ?? String(gid)).slice(0, 10),
  };
}

const date = (format: string, seconds: number): string => strftime(format, BigInt(seconds) * 1_000_000_000n);

/** ctime(3) without its end, in 26 columns. */
export const longTime = (seconds: number): string => (seconds === 0 ? 'Not set' : date('%a %b %e %H:%M:%S %Y', seconds)).padEnd(26);
/** Month to second, in 20 columns. */
export const shortTime = (seconds: number): string => (seconds === 0 ? 'Not set' : `${date('%b %e %H:%M:%S', seconds)} `).padEnd(20);
