// su, setpriv: programs that change who they are. Counterpart: busybox 1.35 loginutils/su.c; util-linux 2.38 su(1), setpriv(1)

import { CAP_ALL, CAPABILITIES, type Capability, capBit } from '#abi/capability.ts';
import { type Errno, strerror } from '#abi/errno.ts';
import { type CapSets, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, type PasswdEntry, passwdEntries } from '../lib/accounts.ts';
import type { Command, CommandContext } from '../lib/command.ts';
import { errOut, out, readFd, readFile, textOf } from '../lib/io.ts';
import { strict } from '../lib/strict.ts';
import { parseNames } from '../libcap/text.ts';
import { execSearch } from './exec.ts';

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
  const path = shell ?? (entry.shell === '' ? '/bin/sh' : entry.shell);
  const others = env.filter((one) => !/^(HOME|SHELL|USER|LOGNAME)=/.test(one));
  const own = [
    `HOME=${entry.home}`,
    `SHELL=${path}`,
    ...(entry.uid === 0 && !login ? [] : [`USER=${entry.name}`, `LOGNAME=${entry.name}`]),
  ];
  if (login) yield* sys.chdir(entry.home);
  const base = path.slice(path.lastIndexOf('/') + 1);
  const args = [login ? `-${base}` : base, ...(command === undefined ? [] : ['-c', command]), ...operands.slice(1)];
  const result: SysResult<never> = yield* sys.execve(path, args, keep ? env : [...others, ...own]);
  if (!result.ok)
    yield* errOut(
      flavour === 'busybox'
        ? `su: can't execute '${path}': ${strerror(result.errno)}\n`
        : `su: failed to execute ${path}: ${strerror(result.errno)}\n`,
    );
  return flavour === 'busybox' ? 1 : 127;
};

/** "+net_raw,-all" of setpriv applied to a set. */
function change(set: bigint, list: string): bigint | string {
  let result = set;
  for (const item of list.split(',')) {
    const named = item.slice(1) === 'all' ? CAP_ALL : parseNames(`cap_${item.slice(1)}`);
    if (named === undefined || !/^[+-]/.test(item)) return item;
    result = item.startsWith('-') ? result & ~named : result | named;
  }
  return result;
}

const setpriv: Command = function* (context) {
  const { argv } = context;
  const fail = function* (what: string, errno: Errno): Program<number> {
    yield* errOut(`setpriv: ${what}: ${strerror(errno)}\n`);
    return 127;
  };
  let at = 1;
  let ruid = -1;
  let euid = -1;
  let rgid = -1;
  let egid = -1;
  let groups: number[] | undefined;
  const sets: { kind: string; list: string }[] = [];
  let nnp = false;
  for (; at < argv.length; at++) {
    const [option = '', inline] = (argv[at] as string).split(/=(.*)/s);
    if (!option.startsWith('-')) break;
    if (option === '--') {
      at++;
      break;
    }
    const value = (): string => inline ?? argv[++at] ?? '';
    const id = function* (kind: 'user' | 'group'): Program<number> {
      const text = value();
      if (/^\d+$/.test(text)) return Number(text);
      const found =
        kind === 'user'
          ? (yield* passwdEntries()).find((one) => one.name === text)?.uid
          : (yield* groupEntries()).find((one) => one.name === text)?.gid;
      return found ?? -1;
    };
    if (option === '--reuid') ruid = euid = yield* id('user');
    else if (option === '--ruid') ruid = yield* id('user');
    else if (option === '--euid') euid = yield* id('user');
    else if (option === '--regid') rgid = egid = yield* id('group');
    else if (option === '--rgid') rgid = yield* id('group');
    else if (option === '--egid') egid = yield* id('group');
    else if (option === '--clear-groups') groups = [];
    else if (option === '--groups') groups = value().split(',').map(Number);
    else if (option === '--init-groups') groups = undefined;
    else if (option === '--keep-groups') groups = undefined;
    else if (option === '--nnp' || option === '--no-new-privs') nnp = true;
    else if (option === '--bounding-set' || option === '--inh-caps' || option === '--ambient-caps')
      sets.push({ kind: option, list: value() });
    else if (option === '--list-caps' && context.flavour === 'gnu') {
      yield* out(CAPABILITIES.map((cap) => `${cap.toLowerCase().replace(/^cap_/, '')}\n`).join(''));
      return 0;
    } else if (option === '-d' || option === '--dump') return yield* dump(context.flavour === 'busybox');
    else {
      yield* errOut(`setpriv: unrecognized option '${argv[at]}'\n`);
      return 1;
    }
  }
  if (nnp) yield* sys.prctl({ option: 'PR_SET_NO_NEW_PRIVS' });
  if (rgid !== -1 || egid !== -1) {
    const done: SysResult<void> = yield* sys.setresgid(rgid, egid, egid);
    if (!done.ok) return yield* fail('setresgid failed', done.errno);
  }
  if (groups !== undefined) {
    const done: SysResult<void> = yield* sys.setgroups(groups);
    if (!done.ok) return yield* fail('setgroups failed', done.errno);
  }
  if (ruid !== -1 || euid !== -1) {
    const done: SysResult<void> = yield* sys.setresuid(ruid, euid, euid);
    if (!done.ok) return yield* fail('setresuid failed', done.errno);
  }
  for (const { kind, list } of sets) {
    const done = yield* applySet(kind, list);
    if (typeof done === 'string') {
      yield* errOut(`setpriv: ${done}\n`);
      return 127;
    }
  }
  const command = argv.slice(at);
  if (command.length === 0) {
    yield* errOut('setpriv: No program specified\n');
    return 1;
  }
  const errno = yield* execSearch(command, context.env);
  yield* errOut(
    context.flavour === 'busybox'
      ? `setpriv: can't execute '${command[0]}': ${strerror(errno)}\n`
      : `setpriv: failed to execute ${command[0]}: ${strerror(errno)}\n`,
  );
  return errno === 'ENOENT' ? 127 : 126;
};

function* applySet(kind: string, list: string): Program<string | undefined> {
  if (kind === '--inh-caps') {
    const now: SysResult<CapSets> = yield* sys.capget(0);
    if (!now.ok) return 'capget failed';
    const wanted = change(now.value.inheritable, list);
    if (typeof wanted === 'string') return `unknown capability "${wanted}"`;
    const done: SysResult<void> = yield* sys.capset({ ...now.value, inheritable: wanted });
    return done.ok ? undefined : `apply capabilities: ${strerror(done.errno)}`;
  }
  for (const item of list.split(',')) {
    const named = change(0n, `+${item.slice(1)}`);
    if (typeof named === 'string') return `unknown capability "${item}"`;
    for (const cap of CAPABILITIES.filter((one: Capability) => (named >> BigInt(capBit(one))) & 1n)) {
      const bit = capBit(cap);
      const done: SysResult<number> =
        kind === '--ambient-caps'
          ? yield* sys.prctl({ option: item.startsWith('-') ? 'PR_CAP_AMBIENT_LOWER' : 'PR_CAP_AMBIENT_RAISE', cap: bit })
          : item.startsWith('-')
            ? yield* sys.prctl({ option: 'PR_CAPBSET_DROP', cap: bit })
            : yield* sys.prctl({ option: 'PR_CAPBSET_READ', cap: bit });
      // libcap-ng leaves the bounding set as it is when it may not change it, without a word.
      if (!done.ok && kind === '--bounding-set') return undefined;
      if (!done.ok)
        return kind === '--ambient-caps'
          ? `prctl: CAP_AMBIENT_RAISE: ${strerror(done.errno)}`
          : `drop bounding set: ${strerror(done.errno)}`;
    }
  }
  return undefined;
}

/** CAP_AUDIT_READ */
const LAST_OF_BUSYBOX = 37;

/** What `setpriv --dump` prints; busybox 1.35 knows no names of capabilities after audit_read and stops behind the bounding set. */
function* dump(busybox: boolean): Program<number> {
  const [ruid, euid] = yield* realUid();
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  const groups: SysResult<readonly number[]> = yield* sys.getgroups();
  const nnp: SysResult<number> = yield* sys.prctl({ option: 'PR_GET_NO_NEW_PRIVS' });
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
      (busybox ? '' : 'Securebits: [none]\nParent death signal: [none]\n'),
  );
  return 0;
}

const checkedSetpriv = strict(setpriv, true);
export const userCommands: Readonly<Record<string, Command>> = {
  su: strict(su),
  // The one option that its help text does not name.
  setpriv: (context) => (context.argv[1] === '--list-caps' ? setpriv : checkedSetpriv)(context),
};
