// setpriv of Debian: runs a program with other ids, groups and capabilities. Counterpart: setpriv(1), util-linux 2.38

import { CAPABILITIES } from '#abi/capability.ts';
import { type Errno, strerror } from '#abi/errno.ts';
import { type CapSets, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { passwdEntries } from '../lib/accounts.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { execSearch } from './exec.ts';
import { capChanges, readWanted, type Wanted } from './setpriv-words.ts';

/** Exit status when a call that needs privileges fails. */
const PRIVERR = 127;
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
    const wanted = yield* readWanted(options);
    if ('complaint' in wanted) return yield* cli.error(wanted.complaint);
    const failed = yield* become(options, wanted);
    if (failed) return yield* cli.error(`${failed.what}: ${strerror(failed.errno)}`, PRIVERR);
    const env = options.has('reset-env') ? yield* freshEnvironment(cli.context.env) : cli.context.env;
    const errno = yield* execSearch(options.args, env);
    return yield* cli.error(`failed to execute ${options.args[0]}: ${strerror(errno)}`, errno === 'ENOENT' ? 127 : 126);
  });
