// The last steps of a container process: credentials in runc's order, then execve. Counterpart: runc libcontainer/init_linux.go
// finalizeNamespace, setupUser; libcontainer/standard_init_linux.go

import { CAPABILITIES, capSet, isCapability } from '#abi/capability.ts';
import { AT_EACCESS, AT_FDCWD, O_WRONLY } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type SeccompFilter, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { parsePasswd } from '../containerd/users.ts';
import type { OciProcess, RuntimeSpec } from '../oci.ts';
import { Failure, goError } from './failure.ts';
import { readFile, writeFile } from './paths.ts';
import { unloadable, wantedFilter } from './seccomp.ts';

const unmapped = (maps: RuntimeSpec['linux']['uidMappings'], id: number): boolean =>
  maps !== undefined && !maps.some((m) => id >= m.containerID && id < m.containerID + m.size);

function* setupUser({ user }: OciProcess, linux: RuntimeSpec['linux']): Program<Failure | undefined> {
  if (unmapped(linux.uidMappings, user.uid))
    return new Failure(`unable to setup user: cannot setuid to unmapped uid ${user.uid} in user namespace`);
  if (unmapped(linux.gidMappings, user.gid))
    return new Failure(`unable to setup user: cannot setgid to unmapped gid ${user.gid} in user namespace`);
  const groups: SysResult<void> = yield* sys.setgroups(user.additionalGids ?? []);
  if (!groups.ok) return new Failure(`unable to setup user: setgroups: ${goError(groups.errno)}`);
  const gid: SysResult<void> = yield* sys.setresgid(user.gid, user.gid, user.gid);
  if (!gid.ok) return new Failure(`unable to setup user: setgid: ${goError(gid.errno)}`);
  const uid: SysResult<void> = yield* sys.setresuid(user.uid, user.uid, user.uid);
  return uid.ok ? undefined : new Failure(`unable to setup user: setuid: ${goError(uid.errno)}`);
}

/** HOME is appended when it is missing or empty. Counterpart: libcontainer/env.go */
function* environment(process: OciProcess): Program<string[]> {
  const env = new Map<string, string>();
  for (const entry of process.env ?? []) env.set(entry.slice(0, Math.max(0, entry.indexOf('='))), entry);
  if ((env.get('HOME') ?? 'HOME=') !== 'HOME=') return [...env.values()];
  env.delete('HOME');
  const passwd: string = yield* readFile('/etc/passwd');
  const home = parsePasswd(passwd).find((entry) => entry.uid === process.user.uid)?.home;
  return [...env.values(), `HOME=${home === undefined || home === '' ? '/' : home}`];
}

/** Finds a program as Go's exec.LookPath does. */
function* lookPath(name: string, env: readonly string[]): Program<string | Failure> {
  const executable = function* (path: string): Program<'yes' | 'directory' | 'denied' | 'missing' | 'notdir'> {
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
    if (!stat.ok) return stat.errno === 'EACCES' ? 'denied' : stat.errno === 'ENOTDIR' ? 'notdir' : 'missing';
    if (isDir(stat.value.mode)) return 'directory';
    const may: SysResult<void> = yield* sys.faccessat2(AT_FDCWD, path, 1, AT_EACCESS);
    return may.ok ? 'yes' : 'denied';
  };
  if (name.includes('/')) {
    const found: string = yield* executable(name);
    if (found === 'yes') return name;
    const why = {
      directory: 'is a directory',
      denied: 'permission denied',
      missing: `stat ${name}: no such file or directory`,
      notdir: `stat ${name}: not a directory`,
    }[found];
    return new Failure(`exec: ${JSON.stringify(name)}: ${why}`);
  }
  const path = env.find((entry) => entry.startsWith('PATH='))?.slice(5) ?? '';
  for (const directory of path.split(':')) {
    const candidate = `${directory === '' ? '.' : directory}/${name}`;
    const found: string = yield* executable(candidate);
    if (found === 'yes') return candidate;
  }
  return new Failure(`exec: ${JSON.stringify(name)}: executable file not found in $PATH`);
}

function* capabilities(process: OciProcess): Program<Failure | undefined> {
  const set = (names: readonly string[] | undefined) => capSet(...(names ?? []).filter(isCapability));
  const { permitted, effective, inheritable } = process.capabilities ?? {};
  const done: SysResult<void> = yield* sys.capset({ permitted: set(permitted), effective: set(effective), inheritable: set(inheritable) });
  if (!done.ok) return new Failure(`unable to apply caps: can't apply capabilities: ${goError(done.errno)}`);
  yield* sys.prctl({ option: 'PR_CAP_AMBIENT_CLEAR_ALL' });
  return undefined;
}

function* loadFilter(filter: SeccompFilter): Program<Failure | undefined> {
  const why = unloadable(filter);
  if (why !== undefined) return new Failure(`unable to init seccomp: ${why}`);
  const loaded: SysResult<void> = yield* sys.seccomp(filter);
  return loaded.ok ? undefined : new Failure(`unable to init seccomp: error loading seccomp filter into kernel: ${goError(loaded.errno)}`);
}

/** Drops privileges to those of the configuration and becomes the program; comes back only with a Failure. */
export function* finalize(process: OciProcess, linux: RuntimeSpec['linux'], beforeExec: () => Program<void>): Program<Failure> {
  if (process.selinuxLabel !== undefined) {
    const labelled: SysResult<void> = yield* writeFile('/proc/thread-self/attr/exec', process.selinuxLabel, 0, O_WRONLY);
    if (!labelled.ok) return new Failure(`can't set process label: write /proc/thread-self/attr/exec: ${goError(labelled.errno)}`);
  }
  if (process.apparmorProfile !== undefined) {
    const applied: SysResult<void> = yield* writeFile('/proc/self/attr/apparmor/exec', `exec ${process.apparmorProfile}`, 0, O_WRONLY);
    if (!applied.ok) return new Failure(`unable to apply apparmor profile: apparmor failed to apply profile: ${goError(applied.errno)}`);
  }
  // With no_new_privs the filter may come last; without, it needs CAP_SYS_ADMIN and is loaded before privileges are dropped.
  const filter = wantedFilter(linux.seccomp);
  if (filter !== undefined && process.noNewPrivileges !== true) {
    const failed: Failure | undefined = yield* loadFilter(filter);
    if (failed) return failed;
  }
  const early: SysResult<void> = yield* sys.chdir(process.cwd);
  const env: string[] = yield* environment(process);
  const bounding = new Set(process.capabilities?.bounding ?? []);
  for (const [cap, name] of CAPABILITIES.entries()) if (!bounding.has(name)) yield* sys.prctl({ option: 'PR_CAPBSET_DROP', cap });
  yield* sys.prctl({ option: 'PR_SET_KEEPCAPS', value: true });
  for (const fd of [0, 1, 2]) yield* ownStdio(fd, process.user.uid);
  const user: Failure | undefined = yield* setupUser(process, linux);
  if (user) return user;
  if (!early.ok) {
    const late: SysResult<void> = yield* sys.chdir(process.cwd);
    if (!late.ok) return new Failure(`chdir to cwd (${JSON.stringify(process.cwd)}) set in config.json failed: ${goError(late.errno)}`);
  }
  yield* sys.prctl({ option: 'PR_SET_KEEPCAPS', value: false });
  const caps: Failure | undefined = yield* capabilities(process);
  if (caps) return caps;
  if (process.noNewPrivileges) yield* sys.prctl({ option: 'PR_SET_NO_NEW_PRIVS' });
  const path: string | Failure = yield* lookPath(process.args[0] as string, env);
  if (path instanceof Failure) return path;
  if (filter !== undefined && process.noNewPrivileges === true) {
    const failed: Failure | undefined = yield* loadFilter(filter);
    if (failed) return failed;
  }
  yield* beforeExec();
  const done: SysResult<never> = yield* sys.execve(path, process.args, env);
  return new Failure(`exec ${path}: ${done.ok ? '' : goError(done.errno)}`);
}

/** stdio pipes and terminals are given to the user, /dev/null is not. */
function* ownStdio(fd: number, uid: number): Program<void> {
  const stat: SysResult<Stat> = yield* sys.fstat(fd);
  if (!stat.ok || stat.value.uid === uid || (stat.value.rdev !== 0 && stat.value.rdev === NULL_DEVICE)) return;
  yield* sys.fchown(fd, uid, stat.value.gid);
}
const NULL_DEVICE = 0x100003;
