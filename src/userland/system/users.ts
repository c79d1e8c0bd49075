// su, setpriv: programs that change who they are. Counterpart: busybox 1.35 loginutils/su.c; util-linux 2.38 su(1), setpriv(1)

import { CAPABILITIES, capBit } from '#abi/capability.ts';
import { type Errno, strerror } from '#abi/errno.ts';
import { type CapSets, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, type PasswdEntry, passwdEntries } from '../lib/accounts.ts';
import type { Command, CommandContext } from '../lib/command.ts';
import { command } from '../lib/command-line.ts';
import { errOut, out, readFd, readFile, textOf } from '../lib/io.ts';
import { strict } from '../lib/strict.ts';
import { execSearch } from './exec.ts';
import { gnuSetpriv } from './setpriv-gnu.ts';
import { capChanges, secureBitNames } from './setpriv-words.ts';

function* realUid(): Program<readonly [number, number]> {
  const ids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  return ids.ok ? [ids.value[0], ids.value[1]] : [0, 0];
}

/** initgroups, setgid, setuid; the step that failed with its errno, or undefined. */
function* become(entry: PasswdEntry): Program<{ readonly step: 'groups' | 'gid' | 'uid'; readonly errno: Errno } | undefined> {
  const groups = (yield* groupEntries()).filter((group) => group.members.includes(entry.name)).map((group) => group.gid);
  const set: SysResult<void> = yield* sys.setgroups([...new Set([entry.gid, ...groups])]);
  if (!set.ok) return { step: 'groups', errno: set.errno };
  const gid: SysResult<void> = yield* sys.setgid(entry.gid);
  if (!gid.ok) return { step: 'gid', errno: gid.errno };
  const uid: SysResult<void> = yield* sys.setuid(entry.uid);
  return uid.ok ? undefined : { step: 'uid', errno: uid.errno };
}

const FAILURE = {
  busybox: { groups: "su: can't set groups", gid: 'su: setgid', uid: 'su: setuid' },
  gnu: { groups: 'su: cannot set groups', gid: 'su: cannot set group id', uid: 'su: cannot set user id' },
} as const;

const su: Command = function* ({ argv, env, flavour }: CommandContext) {
  let login = false;
  let keep = false;
  let shell: string | undefined;
  let command: string | undefined;
  const operands: string[] = [];
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '-' || arg === '-l' || arg === '--login') login = true;
    else if (arg === '-m' || arg === '-p' || arg === '--preserve-environment') keep = true;
    else if (arg === '-s' || arg === '--shell') shell = argv[++at];
    else if (arg === '-c' || arg === '--command') command = argv[++at];
    else operands.push(arg);
  }
  const name = operands[0] ?? 'root';
  const [ruid] = yield* realUid();
  const entry = (yield* passwdEntries()).find((one) => one.name === name);
  if (entry === undefined) {
    yield* errOut(
      flavour === 'busybox'
        ? `su: unknown user ${name}\n`
        : `su: user ${name} does not exist or the user entry does not contain all the required fields\n`,
    );
    return 1;
  }
  if (ruid !== 0) {
    // There is no password that would be right: the images' accounts are locked.
    yield* flavour === 'busybox' ? out('Password: ') : errOut('Password: ');
    yield* readFd(0);
    if (flavour === 'busybox') yield* out('\n');
    yield* errOut(flavour === 'busybox' ? 'su: incorrect password\n' : 'su: Authentication failure\n');
    return 1;
  }
  // PAM asks after the account's password age; its helper may read what root of another user namespace may not.
  if (flavour === 'gnu' && !(yield* readFile('/etc/shadow')).ok) {
    yield* errOut('su: Authentication failure\n');
    return 1;
  }
  const failed = yield* become(entry);
  if (failed !== undefined) {
    yield* errOut(`${FAILURE[flavour][failed.step]}: ${strerror(failed.errno)}\n`);
    return 1;
  }
  return yield* startShell({
    name: 'su',
    busybox: flavour === 'busybox',
    entry,
    login,
    keep,
    shell,
    command,
    words: operands.slice(1),
    env,
  });
};

interface Started {
  /** Of the program, for its complaints. */
  readonly name: string;
  readonly busybox: boolean;
  readonly entry: PasswdEntry;
  readonly login: boolean;
  /** Keep the environment. */
  readonly keep: boolean;
  readonly shell: string | undefined;
  readonly command: string | undefined;
  readonly words: readonly string[];
  readonly env: readonly string[];
}

/** The environment with what is the account's. Counterpart: modify_environment */
export const environmentOf = (entry: PasswdEntry, shell: string, env: readonly string[], login: boolean): string[] => [
  ...env.filter((one) => !/^(HOME|SHELL|USER|LOGNAME)=/.test(one)),
  `HOME=${entry.home}`,
  `SHELL=${shell}`,
  ...(entry.uid === 0 && !login ? [] : [`USER=${entry.name}`, `LOGNAME=${entry.name}`]),
];

/** The account's shell in place of the program. Counterpart: run_shell of util-linux, exec_shell of busybox */
export function* startShell({ name, busybox, entry, login, keep, shell, command, words, env }: Started): Program<number> {
  const path = shell ?? (entry.shell === '' ? '/bin/sh' : entry.shell);
  const entered: SysResult<void> = login ? yield* sys.chdir(entry.home) : { ok: true, value: undefined };
  if (!entered.ok) {
    yield* errOut(
      busybox
        ? `su: can't change directory to '${entry.home}'\n`
        : `${name}: warning: cannot change directory to ${entry.home}: ${strerror(entered.errno)}\n`,
    );
    if (busybox) yield* sys.chdir('/');
  }
  const base = path.slice(path.lastIndexOf('/') + 1);
  const args = [login ? `-${base}` : base, ...(command === undefined ? [] : ['-c', command]), ...words];
  const result: SysResult<never> = yield* sys.execve(path, args, keep ? env : environmentOf(entry, path, env, login));
  if (!result.ok)
    yield* errOut(
      busybox
        ? `su: can't execute '${path}': ${strerror(result.errno)}\n`
        : `${name}: failed to execute ${path}: ${strerror(result.errno)}\n`,
    );
  return busybox ? 1 : 127;
}

/** Capabilities of busybox's lists; a complaint where one cannot be. */
function busyboxCaps(list: string): ReturnType<typeof capChanges> {
  for (const item of list.split(',')) if (!/^[+-]/.test(item)) return { complaint: `invalid capability '${item}'` };
  const changes = capChanges(list);
  return 'complaint' in changes ? { complaint: changes.complaint.replace(/"/g, "'") } : changes;
}

/** Counterpart: busybox 1.35 util-linux/setpriv.c */
const busyboxSetpriv = command(function* (cli) {
  const long = { dump: 'd', nnp: 'nnp', 'no-new-privs': 'nnp', 'inh-caps=': 'inh', 'ambient-caps=': 'amb' };
  const options = yield* cli.options({ busybox: '+d', gnu: '', long, busyboxLong: '*' });
  if (typeof options === 'number') return options;
  if (options.has('d')) return options.args.length > 0 ? yield* cli.usage() : yield* dump(true);
  if (options.args.length === 0) return yield* cli.usage();
  if (options.has('nnp')) yield* sys.prctl({ option: 'PR_SET_NO_NEW_PRIVS' });
  const inherit = options.has('inh') ? busyboxCaps(options.get('inh') as string) : [];
  if ('complaint' in inherit) return yield* cli.error(inherit.complaint);
  const ambient = options.has('amb') ? busyboxCaps(options.get('amb') as string) : [];
  if (inherit.length > 0) {
    const now: SysResult<CapSets> = yield* sys.capget(0);
    if (!now.ok) return yield* cli.error(`capget: ${strerror(now.errno)}`);
    let { inheritable } = now.value;
    for (const { add, bits } of inherit)
      for (const bit of bits) inheritable = add ? inheritable | (1n << BigInt(bit)) : inheritable & ~(1n << BigInt(bit));
    const done: SysResult<void> = yield* sys.capset({ ...now.value, inheritable });
    if (!done.ok) return yield* cli.error(`capset: ${strerror(done.errno)}`);
  }
  if ('complaint' in ambient) return yield* cli.error(ambient.complaint);
  for (const { add, bits } of ambient)
    for (const cap of bits) {
      const done: SysResult<number> = yield* sys.prctl({ option: add ? 'PR_CAP_AMBIENT_RAISE' : 'PR_CAP_AMBIENT_LOWER', cap });
      if (!done.ok) return yield* cli.error(`cap_ambient_${add ? 'raise' : 'lower'}: ${strerror(done.errno)}`);
    }
  const errno = yield* execSearch(options.args, cli.context.env);
  return yield* cli.error(`can't execute '${options.args[0]}': ${strerror(errno)}`, errno === 'ENOENT' ? 127 : 126);
});

/** CAP_AUDIT_READ */
const LAST_OF_BUSYBOX = 37;

/** What `setpriv --dump` prints; busybox 1.35 knows no names of capabilities after audit_read and stops behind the bounding set. */
function* dump(busybox: boolean): Program<number> {
  const [ruid, euid] = yield* realUid();
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  const groups: SysResult<readonly number[]> = yield* sys.getgroups();
  const nnp: SysResult<number> = yield* sys.prctl({ option: 'PR_GET_NO_NEW_PRIVS' });
  const bits: SysResult<number> = yield* sys.prctl({ option: 'PR_GET_SECUREBITS' });
  const status = yield* (function* (): Program<string> {
    const fd: SysResult<number> = yield* sys.openat(-100, '/proc/self/status', 0);
    if (!fd.ok) return '';
    const bytes = yield* readFd(fd.value);
    return bytes.ok ? textOf(bytes.value) : '';
  })();
  const set = (key: string): string => {
    const bits = BigInt(`0x${new RegExp(`^${key}:\\t([0-9a-f]+)`, 'm').exec(status)?.[1] ?? '0'}`);
    return (
      CAPABILITIES.filter((cap) => (bits >> BigInt(capBit(cap))) & 1n)
        .map((cap) => (busybox && capBit(cap) > LAST_OF_BUSYBOX ? `cap_${capBit(cap)}` : cap.slice(4).toLowerCase()))
        .join(',') || '[none]'
    );
  };
  yield* out(
    `uid: ${ruid}\neuid: ${euid}\ngid: ${gids.ok ? gids.value[0] : 0}\negid: ${gids.ok ? gids.value[1] : 0}\n` +
      `Supplementary groups: ${groups.ok && groups.value.length > 0 ? groups.value.join(',') : '[none]'}\nno_new_privs: ${nnp.ok ? nnp.value : 0}\n` +
      `Inheritable capabilities: ${set('CapInh')}\nAmbient capabilities: ${set('CapAmb')}\nCapability bounding set: ${set('CapBnd')}\n` +
      (busybox ? '' : `Securebits: ${secureBitNames(bits.ok ? bits.value : 0)}\nParent death signal: [none]\n`),
  );
  return 0;
}

const debianSetpriv = gnuSetpriv(() => dump(false));
export const userCommands: Readonly<Record<string, Command>> = {
  su: strict(su),
  setpriv: (context) => (context.flavour === 'gnu' ? debianSetpriv : busyboxSetpriv)(context),
};
