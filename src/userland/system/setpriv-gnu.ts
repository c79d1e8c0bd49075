// setpriv of Debian: runs a program with other ids, groups and capabilities. Counterpart: setpriv(1), util-linux 2.38

import { CAPABILITIES, type Capability, capBit } from '#abi/capability.ts';
import { type Errno, strerror } from '#abi/errno.ts';
import { signalNumber } from '#abi/signal.ts';
import { type CapSets, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { execSearch } from './exec.ts';

/** Exit status when a call that needs privileges fails. */
const PRIVERR = 127;
const SECUREBITS: Readonly<Record<string, number>> = {
  noroot: 1,
  noroot_locked: 2,
  no_setuid_fixup: 4,
  no_setuid_fixup_locked: 8,
  keep_caps_locked: 32,
};
/** The bits that are set, as --dump prints them. */
export const secureBitNames = (bits: number): string =>
  Object.entries(SECUREBITS)
    .filter(([, bit]) => bits & bit)
    .map(([name]) => name)
    .join(',') || '[none]';
const LONG = {
  dump: 'd',
  nnp: 'nnp',
  'no-new-privs': 'nnp',
  'list-caps': 'list-caps',
  'ambient-caps=': 'ambient-caps',
  'inh-caps=': 'inh-caps',
  'bounding-set=': 'bounding-set',
  'ruid=': 'ruid',
  'euid=': 'euid',
  'rgid=': 'rgid',
  'egid=': 'egid',
  'reuid=': 'reuid',
  'regid=': 'regid',
  'clear-groups': 'clear-groups',
  'keep-groups': 'keep-groups',
  'init-groups': 'init-groups',
  'groups=': 'groups',
  'securebits=': 'securebits',
  'pdeathsig=': 'pdeathsig',
  'selinux-label=': 'selinux-label',
  'apparmor-profile=': 'apparmor-profile',
  'reset-env': 'reset-env',
} as const;

/** What is asked of the process, all names looked up. */
interface Wanted {
  readonly ids: Readonly<Record<'ruid' | 'euid' | 'rgid' | 'egid', number | undefined>>;
  /** undefined: they stay. */
  readonly groups: readonly number[] | undefined;
  readonly securebits: number | undefined;
  readonly deathSignal: number | undefined;
}

/** A complaint without the program's name. */
interface Wrong {
  readonly complaint: string;
}

/** Capabilities with + or -, in the order given. Counterpart: do_caps */
export function capChanges(list: string): readonly { readonly add: boolean; readonly bits: readonly number[] }[] | Wrong {
  const changes: { add: boolean; bits: number[] }[] = [];
  for (const item of list.split(',').filter((part) => part !== '')) {
    const name = item.slice(1);
    if (!/^[+-]/.test(item)) return { complaint: 'bad capability string' };
    const number = /^cap_(\d+)$/.exec(name)?.[1];
    const bits =
      name === 'all'
        ? CAPABILITIES.map(capBit)
        : number === undefined
          ? CAPABILITIES.filter((cap: Capability) => cap.toLowerCase() === `cap_${name}`).map(capBit)
          : [Number(number)].filter((bit) => bit < CAPABILITIES.length);
    if (bits.length === 0) return { complaint: `unknown capability "${name}"` };
    changes.push({ add: item.startsWith('+'), bits });
  }
  return changes.length === 0 ? { complaint: 'bad capability string' } : changes;
}

function* idOf(option: string, text: string): Program<number | Wrong> {
  const list = option.endsWith('uid') ? yield* passwdEntries() : yield* groupEntries();
  const named = list.find((one) => one.name === text);
  if (named !== undefined) return 'uid' in named ? named.uid : named.gid;
  return /^-?\d+$/.test(text) ? Number(BigInt.asUintN(32, BigInt(text))) : { complaint: `failed to parse ${option}: '${text}'` };
}

function* supplementary(options: Options, ruid: number | undefined): Program<readonly number[] | undefined | Wrong> {
  if (options.has('clear-groups')) return [];
  const list = options.get('groups');
  if (list !== undefined) {
    const groups = yield* groupEntries();
    const gids: number[] = [];
    for (const text of list.split(',')) {
      const gid = groups.find((one) => one.name === text)?.gid ?? (/^\d+$/.test(text) ? Number(text) : undefined);
      if (gid === undefined) return { complaint: `Invalid supplementary group id: '${text}'` };
      gids.push(gid);
    }
    return gids;
  }
  if (!options.has('init-groups')) return undefined;
  if (ruid === undefined) return { complaint: '--init-groups requires --ruid or --reuid' };
  const user = (yield* passwdEntries()).find((one) => one.uid === ruid);
  if (user === undefined) return { complaint: `uid ${ruid} not found, --init-groups requires an user that can be found on the system` };
  const own = (yield* groupEntries()).filter((group) => group.members.includes(user.name)).map((group) => group.gid);
  return [...new Set([user.gid, ...own])];
}

function secureBits(text: string, now: number): number | Wrong {
  let bits = now;
  for (const item of text.split(',')) {
    const name = item.slice(1);
    if (!/^[+-]/.test(item)) return { complaint: 'bad securebits string' };
    if (name === 'keep_caps') return { complaint: 'adjusting keep_caps does not make sense' };
    if (item === '+all') return { complaint: '+all securebits is not allowed' };
    const bit = item === '-all' ? 0xff : SECUREBITS[name];
    if (bit === undefined) return { complaint: 'unrecognized securebit' };
    bits = item.startsWith('+') ? bits | bit : bits & ~bit;
  }
  return bits;
}

/** Looks up and checks everything before anything is changed. */
function* read(options: Options): Program<Wanted | Wrong> {
  const ids: Record<string, number | undefined> = { ruid: undefined, euid: undefined, rgid: undefined, egid: undefined };
  for (const { key, value } of options.list) {
    const targets = { reuid: ['ruid', 'euid'], regid: ['rgid', 'egid'] }[key] ?? (key in ids ? [key] : []);
    const twice = targets.find((target) => ids[target] !== undefined);
    if (twice !== undefined) return { complaint: `duplicate ${twice === 'ruid' || twice === 'euid' ? twice : key}` };
    const id = targets.length === 0 ? undefined : yield* idOf(key, value);
    if (typeof id === 'object') return id;
    for (const target of targets) ids[target] = id;
  }
  for (const [key, shown] of [
    ['nnp', '--no-new-privs'],
    ...['groups', 'inh-caps', 'ambient-caps', 'bounding-set', 'securebits'].map((name) => [name, `--${name}`] as const),
  ] as const)
    if (options.list.filter((option) => option.key === key).length > 1) return { complaint: `duplicate ${shown} option` };
  const modes = ['clear-groups', 'keep-groups', 'init-groups', 'groups'].filter((mode) => options.has(mode));
  if (modes.length > 1) return { complaint: 'mutually exclusive arguments: --clear-groups --keep-groups --init-groups --groups' };
  if (options.args.length === 0) return { complaint: 'No program specified' };
  if ((ids.rgid !== undefined || ids.egid !== undefined) && modes.length === 0)
    return { complaint: '--[re]gid requires --keep-groups, --clear-groups, --init-groups, or --groups' };
  const groups = yield* supplementary(options, ids.ruid);
  if (groups !== undefined && 'complaint' in groups) return groups;
  for (const name of ['inh-caps', 'ambient-caps', 'bounding-set']) {
    const list = options.get(name);
    const changes = list === undefined ? [] : capChanges(list);
    if ('complaint' in changes) return changes;
  }
  const now: SysResult<number> = yield* sys.prctl({ option: 'PR_GET_SECUREBITS' });
  const bitText = options.get('securebits');
  const securebits = bitText === undefined ? undefined : secureBits(bitText, now.ok ? now.value : 0);
  if (typeof securebits === 'object') return securebits;
  const signal = options.get('pdeathsig');
  const deathSignal = signal === undefined || signal === 'keep' ? undefined : signal === 'clear' ? 0 : signalNumber(signal);
  if (signal !== undefined && signal !== 'keep' && deathSignal === undefined) return { complaint: `unknown signal: ${signal}` };
  return { ids: ids as Wanted['ids'], groups, securebits, deathSignal };
}

type Step = { readonly what: string; readonly errno: Errno } | undefined;

/** Permitted capabilities become effective: setpriv wants SETUID, SETGID and SETPCAP if it can have them. */
function* raise(change?: (sets: CapSets) => CapSets): Program<Errno | undefined> {
  const now: SysResult<CapSets> = yield* sys.capget(0);
  if (!now.ok) return now.errno;
  const sets = { ...now.value, effective: now.value.effective | (now.value.permitted & 0x1c0n) };
  const done: SysResult<void> = yield* sys.capset(change?.(sets) ?? sets);
  return done.ok ? undefined : done.errno;
}

/** Everything that is changed, in setpriv's order; the first step that fails. */
function* become(options: Options, { ids, groups, securebits, deathSignal }: Wanted): Program<Step> {
  if (options.has('nnp')) yield* sys.prctl({ option: 'PR_SET_NO_NEW_PRIVS' });
  yield* sys.prctl({ option: 'PR_SET_KEEPCAPS', value: true });
  const raised = yield* raise();
  if (raised) return { what: 'activate capabilities', errno: raised };
  const { ruid, euid, rgid, egid } = ids;
  if (ruid !== undefined || euid !== undefined) {
    const done: SysResult<void> = yield* sys.setresuid(ruid ?? -1, euid ?? -1, euid ?? -1);
    if (!done.ok) return { what: 'setresuid failed', errno: done.errno };
    const again = yield* raise();
    if (again) return { what: 'reactivate capabilities', errno: again };
  }
  if (rgid !== undefined || egid !== undefined) {
    const done: SysResult<void> = yield* sys.setresgid(rgid ?? -1, egid ?? -1, egid ?? -1);
    if (!done.ok) return { what: 'setresgid failed', errno: done.errno };
  }
  if (groups !== undefined) {
    const done: SysResult<void> = yield* sys.setgroups(groups);
    if (!done.ok) return { what: options.has('init-groups') ? 'initgroups failed' : 'setgroups failed', errno: done.errno };
  }
  if (securebits !== undefined) {
    const done: SysResult<number> = yield* sys.prctl({ option: 'PR_SET_SECUREBITS', bits: securebits });
    if (!done.ok) return { what: 'set process securebits failed', errno: done.errno };
  }
  const failed = yield* capabilities(options);
  if (failed) return failed;
  if (deathSignal !== undefined) yield* sys.prctl({ option: 'PR_SET_PDEATHSIG', signal: deathSignal });
  return undefined;
}

/** Bounding, inheritable and ambient set. libcap-ng says nothing when it may not change the bounding or the ambient set. */
function* capabilities(options: Options): Program<Step> {
  const changes = (name: string) => {
    const list = options.get(name);
    const read = list === undefined ? [] : capChanges(list);
    return 'complaint' in read ? [] : read;
  };
  for (const { add, bits } of changes('bounding-set'))
    if (!add) for (const cap of bits) yield* sys.prctl({ option: 'PR_CAPBSET_DROP', cap });
  const inherit = changes('inh-caps');
  if (inherit.length > 0) {
    const failed = yield* raise((sets) => {
      let { inheritable } = sets;
      for (const { add, bits } of inherit)
        for (const bit of bits) inheritable = add ? inheritable | (1n << BigInt(bit)) : inheritable & ~(1n << BigInt(bit));
      return { ...sets, inheritable };
    });
    if (failed) return { what: 'apply capabilities', errno: failed };
  }
  for (const { add, bits } of changes('ambient-caps'))
    for (const cap of bits) yield* sys.prctl({ option: add ? 'PR_CAP_AMBIENT_RAISE' : 'PR_CAP_AMBIENT_LOWER', cap });
  return undefined;
}

/** --reset-env: nothing stays but TERM. */
function* freshEnvironment(env: readonly string[]): Program<string[]> {
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const uid = uids.ok ? uids.value[0] : 0;
  const user = (yield* passwdEntries()).find((one) => one.uid === uid);
  const kept = env.filter((entry) => entry.startsWith('TERM='));
  if (user === undefined) return kept;
  const path = uid === 0 ? '/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin' : '/usr/local/bin:/bin:/usr/bin';
  const shell = user.shell === '' ? '/bin/sh' : user.shell;
  return [...kept, `SHELL=${shell}`, `HOME=${user.home}`, `USER=${user.name}`, `LOGNAME=${user.name}`, `PATH=${path}`];
}

/** `dump` prints the state for --dump. Deviates: SELinux labels and AppArmor profiles are not set */
export const gnuSetpriv = (dump: () => Program<number>) =>
  command(function* (cli: Cli) {
    const options = yield* cli.options({ busybox: '', gnu: '+dhV', long: LONG });
    if (typeof options === 'number') return options;
    if (options.has('list-caps')) {
      yield* cli.text(CAPABILITIES.map((cap) => `${cap.toLowerCase().replace(/^cap_/, '')}\n`).join(''));
      return yield* cli.finish();
    }
    if (options.has('d'))
      return options.list.length > 1 || options.args.length > 0
        ? yield* cli.error('--dump is incompatible with all other options')
        : yield* dump();
    for (const name of ['selinux-label', 'apparmor-profile'])
      if (options.has(name)) return yield* cli.error(`--${name} is not simulated here`);
    const wanted = yield* read(options);
    if ('complaint' in wanted) return yield* cli.error(wanted.complaint);
    const failed = yield* become(options, wanted);
    if (failed) return yield* cli.error(`${failed.what}: ${strerror(failed.errno)}`, PRIVERR);
    const env = options.has('reset-env') ? yield* freshEnvironment(cli.context.env) : cli.context.env;
    const errno = yield* execSearch(options.args, env);
    return yield* cli.error(`failed to execute ${options.args[0]}: ${strerror(errno)}`, errno === 'ENOENT' ? 127 : 126);
  });
