// getenforce and aa-status: what the node says about its security module. Counterpart: selinux-utils 3.4, apparmor 3.0.8

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type ProgramMain, type SysResult, sys } from '#kernel/uapi/index.ts';
import { errOut, out, readFile, textOf } from '../lib/io.ts';
import { byBytes, readDir, stat } from '../lib/tree.ts';

/**
 * Prints Enforcing, Permissive or Disabled. Counterpart: getenforce(8)
 * Deviates: SELinux counts as enabled where selinuxfs is mounted; libselinux wants /etc/selinux/config too.
 */
export const getenforce: ProgramMain = function* () {
  const enforce = yield* readFile('/sys/fs/selinux/enforce');
  if (!enforce.ok && enforce.errno !== 'ENOENT') {
    yield* errOut(`getenforce:  security_getenforce() failed:  ${strerror(enforce.errno)}\n`);
    return 2;
  }
  yield* out(!enforce.ok ? 'Disabled\n' : textOf(enforce.value).startsWith('1') ? 'Enforcing\n' : 'Permissive\n');
  return 0;
};

interface Confined {
  readonly exe: string;
  readonly pid: string;
  readonly profile: string;
  readonly mode: string;
}

/** Processes that a profile confines, and those unconfined whose program has one. */
function* confined(profiles: ReadonlyMap<string, string>): Program<readonly Confined[]> {
  const found: Confined[] = [];
  const listed = yield* readDir('/proc');
  const pids = (listed.ok ? listed.value : []).map(({ name }) => name).filter((name) => /^\d+$/.test(name));
  for (const pid of pids.sort((a, b) => Number(a) - Number(b))) {
    const label = yield* readFile(`/proc/${pid}/attr/current`);
    const link: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, `/proc/${pid}/exe`);
    if (!label.ok || !link.ok) continue;
    const exe = link.value;
    const [, profile, mode] = /^(.*) \((\w+)\)\s*$/.exec(textOf(label.value)) ?? [];
    if (profile !== undefined && mode !== undefined) found.push({ exe, pid, profile, mode });
    else if (profiles.has(exe)) found.push({ exe, pid, profile: exe, mode: 'unconfined' });
  }
  return found;
}

const PROFILE_MODES = ['enforce', 'complain', 'kill', 'unconfined'];
const PROCESS_MODES = ['enforce', 'complain', 'unconfined', 'mixed', 'kill'];
/** Options that print one number: which profiles they count. */
const COUNTS: Readonly<Record<string, string | undefined>> = {
  '--profiled': undefined,
  '--enforced': 'enforce',
  '--complaining': 'complain',
  '--kill': 'kill',
  '--special-unconfined': 'unconfined',
};

/** Profiles and confined processes. Counterpart: aa-status(8). Deviates: no --process-mixed, --json and --pretty-json. */
export const aaStatus: ProgramMain = function* (argv) {
  const option = argv[1] ?? '--verbose';
  if (!(option in COUNTS) && option !== '--enabled' && option !== '--verbose') {
    yield* errOut(`aa-status: ${option} is not simulated here\n`);
    return 1;
  }
  const verbose = option === '--verbose';
  const module = yield* stat('/sys/module/apparmor');
  if (!module.ok) {
    if (verbose) yield* errOut('apparmor not present.\n');
    return 1;
  }
  if (option === '--enabled') return 0;
  const text = yield* readFile('/sys/kernel/security/apparmor/profiles');
  if (!text.ok) {
    const denied = text.errno === 'EACCES' || text.errno === 'EPERM';
    yield* errOut(denied ? 'You do not have enough privilege to read the profile set.\n' : 'apparmor filesystem is not mounted.\n');
    if (verbose) yield* out('apparmor module is loaded.\n');
    return denied ? 4 : 3;
  }
  const rows = [...textOf(text.value).matchAll(/^(.*) \((\w+)\)$/gm)].map(([, name = '', mode = '']) => [name, mode] as const);
  const profiles = new Map(rows.sort(([a], [b]) => byBytes(a, b)));
  const named = (mode: string | undefined): readonly string[] =>
    [...profiles].filter(([, has]) => mode === undefined || has === mode).map(([name]) => name);
  if (!verbose) {
    yield* out(`${named(COUNTS[option]).length}\n`);
    return 0;
  }
  const processes = yield* confined(profiles);
  const lines = ['apparmor module is loaded.', `${profiles.size} profiles are loaded.`];
  for (const mode of PROFILE_MODES)
    lines.push(`${named(mode).length} profiles are in ${mode} mode.`, ...named(mode).map((name) => `   ${name}`));
  lines.push(`${processes.length} processes have profiles defined.`);
  for (const mode of PROCESS_MODES) {
    const these = processes.filter((process) => process.mode === mode);
    lines.push(`${these.length} processes are ${mode === 'unconfined' ? 'unconfined but have a profile defined' : `in ${mode} mode`}.`);
    for (const { exe, pid, profile } of these) lines.push(`   ${exe} (${pid}) ${profile === exe ? '' : profile}`);
  }
  yield* out(`${lines.join('\n')}\n`);
  return 0;
};
