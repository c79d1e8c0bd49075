// setuidgid, envuidgid, chpst: programs of runit that run another as somebody else. Counterpart: busybox 1.35 runit/chpst.c

import { strerror } from '#abi/errno.ts';
import { type Program, type Rlimit, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { become } from './runners.ts';

interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** USER or USER:GROUP, names or numbers; undefined after a complaint. Counterpart: get_uidgid, libpwdgrp/uidgid_get.c */
function* accountOf(cli: Cli, account: string): Program<Account | undefined> {
  const [userText = '', groupText] = account.split(':');
  const number = /^\d+$/.test(userText) ? Number(userText) : undefined;
  const entry = (yield* passwdEntries()).find((one) => (number === undefined ? one.name === userText : one.uid === number));
  const numbered = /^\d+$/.test(groupText ?? '') ? Number(groupText) : undefined;
  const group = (yield* groupEntries()).find((one) => one.name === groupText)?.gid ?? numbered;
  // A number that no account has is the group too.
  const user = entry ?? (number === undefined ? undefined : { uid: number, gid: number });
  const gid = groupText === undefined ? user?.gid : group;
  if (user !== undefined && gid !== undefined) return { uid: user.uid, gid };
  yield* cli.error(`unknown user/group ${account}`);
  return undefined;
}

/** Becomes the account; the exit status of a complaint. */
function* change(cli: Cli, { uid, gid }: Account): Program<number | undefined> {
  for (const [step, name] of [
    [() => sys.setgroups([gid]), 'setgroups'],
    [() => sys.setgid(gid), 'setgid'],
    [() => sys.setuid(uid), 'setuid'],
  ] as const) {
    const done: SysResult<void> = yield* step();
    if (!done.ok) return yield* cli.error(`${name}: ${strerror(done.errno)}`);
  }
  return undefined;
}

/** Counterpart: setuidgid and envuidgid of runit, as busybox has them */
const uidgid = (changes: boolean) =>
  command(function* (cli) {
    const options = yield* cli.options({ busybox: false, gnu: '+' });
    if (typeof options === 'number') return options;
    const [account, ...argv] = options.args;
    if (account === undefined || argv.length === 0) return yield* cli.usage();
    const user = yield* accountOf(cli, account);
    if (user === undefined) return 1;
    if (!changes) return yield* become(cli, argv, { gnu: '' }, [...cli.context.env, `UID=${user.uid}`, `GID=${user.gid}`]);
    return (yield* change(cli, user)) ?? (yield* become(cli, argv, { gnu: '' }));
  });

/** Which limits chpst sets; it lowers them, and never below what is there. */
const LIMITS: Readonly<Record<string, readonly Rlimit[]>> = {
  m: ['RLIMIT_DATA', 'RLIMIT_STACK', 'RLIMIT_MEMLOCK', 'RLIMIT_AS'],
  d: ['RLIMIT_DATA'],
  o: ['RLIMIT_NOFILE'],
  p: ['RLIMIT_NPROC'],
  f: ['RLIMIT_FSIZE'],
  c: ['RLIMIT_CORE'],
};

/** Counterpart: chpst of runit, as busybox has it (runit/chpst.c). Deviates: -e, -s, -t and -r are refused */
const chpst = command(function* (cli) {
  const options = yield* cli.options({ busybox: '+u:U:e:/:n:o:p:m:d:f:c:s:t:r:l:L:vP012', gnu: '' });
  if (typeof options === 'number') return options;
  const refused = options.list.find(({ key }) => 'estrlL'.includes(key));
  if (refused !== undefined) return yield* cli.error(`-${refused.key} is not simulated here`);
  if (options.args.length === 0) return yield* cli.usage();
  const wanted = [options.get('u'), options.get('U')];
  const accounts: (Account | undefined)[] = [];
  for (const text of wanted) accounts.push(text === undefined ? undefined : yield* accountOf(cli, text));
  if (wanted.some((text, at) => text !== undefined && accounts[at] === undefined)) return 1;
  const [user, shown] = accounts;
  for (const [letter, names] of Object.entries(LIMITS)) {
    const text = options.get(letter);
    if (text === undefined) continue;
    if (!/^\d+$/.test(text)) return yield* cli.error(`invalid number '${text}'`);
    for (const name of names) {
      const now: SysResult<readonly [number, number]> = yield* sys.prlimit64(0, name, null);
      if (now.ok) yield* sys.prlimit64(0, name, [Math.min(Number(text), now.value[1]), now.value[1]]);
    }
  }
  if (options.has('P')) yield* sys.setsid();
  const root = options.get('/');
  if (root !== undefined) {
    const entered: SysResult<void> = yield* sys.chroot(root);
    if (!entered.ok) return yield* cli.error(`can't change root directory to '${root}': ${strerror(entered.errno)}`);
    yield* sys.chdir('/');
  }
  const nice = options.get('n');
  if (nice !== undefined) {
    const old: SysResult<number> = yield* sys.getpriority('PRIO_PROCESS', 0);
    const set: SysResult<void> = yield* sys.setpriority('PRIO_PROCESS', 0, (old.ok ? old.value : 0) + Number(nice));
    if (!set.ok) return yield* cli.error(`nice: ${strerror(set.errno)}`);
  }
  const failed = user === undefined ? undefined : yield* change(cli, user);
  if (failed !== undefined) return failed;
  for (const fd of [0, 1, 2]) if (options.has(String(fd))) yield* sys.close(fd);
  const env = shown === undefined ? cli.context.env : [...cli.context.env, `UID=${shown.uid}`, `GID=${shown.gid}`];
  return yield* become(cli, options.args, { gnu: '' }, env);
});

export const runitCommands = { setuidgid: uidgid(true), envuidgid: uidgid(false), chpst };
