// What unshare and nsenter share: the kinds of namespaces, and the program at the end.

import { type Errno, strerror } from '#abi/errno.ts';
import { CLONE_NEWCGROUP, CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUSER, CLONE_NEWUTS } from '#abi/flags.ts';
import { type Program, type SysResult, sys, type WaitStatus } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { execvp, waitFor } from '../lib/exec.ts';

export interface Kind {
  readonly letter: string;
  readonly long: string;
  readonly flag: number;
  readonly file: string;
}

/** In the order nsenter enters them, the mount namespace last: it takes the working directory along. */
export const KINDS: readonly Kind[] = [
  { letter: 'U', long: 'user', flag: CLONE_NEWUSER, file: 'user' },
  { letter: 'C', long: 'cgroup', flag: CLONE_NEWCGROUP, file: 'cgroup' },
  { letter: 'i', long: 'ipc', flag: CLONE_NEWIPC, file: 'ipc' },
  { letter: 'u', long: 'uts', flag: CLONE_NEWUTS, file: 'uts' },
  { letter: 'n', long: 'net', flag: CLONE_NEWNET, file: 'net' },
  { letter: 'p', long: 'pid', flag: CLONE_NEWPID, file: 'pid' },
  { letter: 'm', long: 'mount', flag: CLONE_NEWNS, file: 'mnt' },
];

/** Long options of the kinds, each with an optional file. */
export const KIND_OPTIONS: Readonly<Record<string, string>> = Object.fromEntries(KINDS.map(({ letter, long }) => [`${long}=?`, letter]));

/** Becomes the command, a shell without one; complains in each userland's words when that fails. */
export function* become(cli: Cli, command: readonly string[]): Program<number> {
  const shell = cli.getenv('SHELL') || '/bin/sh';
  const [name] = command.length > 0 ? command : [shell];
  const argv = command.length > 0 ? command : [cli.gnu ? `-${shell.split('/').at(-1)}` : shell];
  let errno: Errno;
  if (command.length > 0) errno = yield* execvp(argv, cli.context.env);
  else {
    const failed: SysResult<never> = yield* sys.execve(shell, argv, cli.context.env);
    errno = failed.ok ? 'ENOENT' : failed.errno;
  }
  yield* cli.error(`${cli.gnu ? `failed to execute ${name}` : `can't execute '${name}'`}: ${strerror(errno)}`);
  return errno === 'ENOENT' ? 127 : 126;
}

/** Runs the rest in a child and ends as it ended: with its status, or by its signal. */
export function* forked(cli: Cli, main: () => Program<number>): Program<number> {
  const child: SysResult<number> = yield* sys.clone({ flags: 0, main });
  if (!child.ok) return yield* cli.fail(child.errno, cli.gnu ? 'fork failed' : 'fork');
  const status: WaitStatus | undefined = yield* waitFor(child.value);
  if (status?.kind === 'exited') return status.code;
  if (status?.kind !== 'signaled') return 1;
  const self: SysResult<number> = yield* sys.getpid();
  if (self.ok) yield* sys.kill(self.value, status.signal);
  return 128 + status.signal;
}

/** A user's or group's number; undefined, and the complaint is made. util-linux takes names where `entries` are given. */
export function* idOf(
  cli: Cli,
  text: string,
  what: 'uid' | 'gid',
  entries?: () => Program<readonly { readonly name: string; readonly uid?: number; readonly gid: number }[]>,
): Program<number | undefined> {
  if (/^\d+$/.test(text)) return Number(text);
  const all: readonly { readonly name: string; readonly uid?: number; readonly gid: number }[] = entries ? yield* entries() : [];
  const found = all.find(({ name }) => name === text);
  if (found !== undefined) return found[what];
  yield* cli.error(cli.gnu ? `failed to parse ${what}: '${text}'` : `invalid number '${text}'`);
  return undefined;
}

/** No supplementary groups, then the gid and the uid; undefined when all went well, else the status. */
export function* takeIds(cli: Cli, uid: number | undefined, gid: number | undefined): Program<number | undefined> {
  const failed = (call: string, errno: Errno): Program<number> => cli.fail(errno, call, `${call} failed`);
  if (gid !== undefined) {
    const groups: SysResult<void> = yield* sys.setgroups([]);
    if (!groups.ok) return yield* failed('setgroups', groups.errno);
    const group: SysResult<void> = yield* sys.setgid(gid);
    if (!group.ok) return yield* failed('setgid', group.errno);
  }
  if (uid === undefined) return undefined;
  const user: SysResult<void> = yield* sys.setuid(uid);
  return user.ok ? undefined : yield* failed('setuid', user.errno);
}
