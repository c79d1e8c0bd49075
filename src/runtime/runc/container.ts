// runc create and exec as programs: they run in a shim task of the node. Counterpart: runc libcontainer/nsenter, standard_init_linux.go,
// setns_init_linux.go

import {
  AT_FDCWD,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  MNT_DETACH,
  MS_BIND,
  MS_REC,
  O_CLOEXEC,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
} from '#abi/flags.ts';
import { SIGPIPE } from '#abi/signal.ts';
import { type Program, type SysResult, sys, type Winsize } from '#kernel/uapi/index.ts';
import type { OciIdMapping, OciProcess, RuntimeSpec } from '../oci.ts';
import { cgroupFiles } from './cgroup.ts';
import { closeAllBut } from './descriptors.ts';
import { Failure, goError } from './failure.ts';
import { isDirectory, mkdirAll, touchAll, writeFile } from './paths.ts';
import { finalize } from './process.ts';
import { prepareRootfs } from './rootfs.ts';
import { unreadable, wantedFilter } from './seccomp.ts';

const NAMESPACE: Readonly<Record<string, number>> = {
  pid: CLONE_NEWPID,
  ipc: CLONE_NEWIPC,
  uts: CLONE_NEWUTS,
  mount: CLONE_NEWNS,
  network: CLONE_NEWNET,
  user: CLONE_NEWUSER,
  cgroup: CLONE_NEWCGROUP,
};
/** runc start finds a process that ended without a word: a seccomp filter kept it even from saying why. */
export const STOPPED_PROCESS = 'cannot start a stopped process';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where standard input, output and error come from: descriptors of the shim, or a new terminal. */
export type Stdio =
  | { readonly kind: 'fds'; readonly fds: readonly [number, number, number] }
  | { readonly kind: 'tty'; readonly winsize?: Winsize };

/** A started process: its global pid, and the master of its terminal. */
export interface Started {
  readonly pid: number;
  readonly master: number | null;
}

// What stages tell each other; they share memory as runc's parent and its stages share a socket.
interface Cell {
  /** The first process did not become its program. */
  gaveUp: boolean;
  pid: number;
  ptyPath: string;
  master: number | null;
}

/** The text of a uid_map or gid_map. */
export const mapText = (maps: readonly OciIdMapping[]): string => maps.map((m) => `${m.containerID} ${m.hostID} ${m.size}\n`).join('');

function* joinNamespaces(paths: readonly { readonly type: string; readonly path: string }[]): Program<Failure | undefined> {
  const open: { readonly type: string; readonly fd: number }[] = [];
  for (const { type, path } of paths) {
    // A namespace one is in already is not joined again: after the user namespace it might not be allowed.
    const name = path.slice(path.lastIndexOf('/') + 1);
    const there: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, path);
    const here: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, `/proc/self/ns/${name}`);
    if (there.ok && here.ok && there.value === here.value) continue;
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (!fd.ok) return new Failure(`lstat ${path}: ${goError(fd.errno)}`);
    open.push({ type, fd: fd.value });
  }
  for (const { type, fd } of open) {
    const joined: SysResult<void> = yield* sys.setns(fd, NAMESPACE[type] ?? 0);
    if (!joined.ok) return new Failure(`error joining ${type} namespace: ${goError(joined.errno)}`);
    yield* sys.close(fd);
  }
  return undefined;
}

/** Moves descriptors to 0, 1, 2 and closes all others but `keep`. */
function* takeStdio(fds: readonly [number, number, number], keep: number): Program<void> {
  const high: number[] = [];
  for (const fd of fds) {
    const copy: SysResult<number> = yield* sys.fcntl(fd, { cmd: 'F_DUPFD', min: 64 });
    high.push(copy.ok ? copy.value : -1);
  }
  for (const [at, fd] of high.entries()) yield* sys.dup2(fd, at);
  yield* closeAllBut(keep, 3);
}

function* openConsole(path: string, keep: number): Program<Failure | undefined> {
  yield* sys.setsid();
  const slave: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDWR);
  if (!slave.ok) return new Failure(`open console ${path}: ${goError(slave.errno)}`);
  yield* sys.ioctl(slave.value, { request: 'TIOCSCTTY' });
  yield* takeStdio([slave.value, slave.value, slave.value], keep);
  return undefined;
}

function* openMaster(cell: Cell, ptmx: string, winsize: Winsize | undefined): Program<Failure | undefined> {
  const master: SysResult<number> = yield* sys.openat(AT_FDCWD, ptmx, O_RDWR | O_CLOEXEC);
  if (!master.ok) return new Failure(`open ${ptmx}: ${goError(master.errno)}`);
  const number: SysResult<unknown> = yield* sys.ioctl(master.value, { request: 'TIOCGPTN' });
  if (winsize) yield* sys.ioctl(master.value, { request: 'TIOCSWINSZ', winsize });
  cell.master = master.value;
  cell.ptyPath = `/dev/pts/${number.ok ? Number(number.value) : 0}`;
  return undefined;
}

/** Reads the error pipe to its end: empty when the program was executed. */
function* readAll(fd: number): Program<string> {
  let text = '';
  for (;;) {
    const chunk: SysResult<Uint8Array> = yield* sys.read(fd, 4096);
    if (!chunk.ok && chunk.errno === 'EINTR') continue;
    if (!chunk.ok || chunk.value.length === 0) return text;
    text += decoder.decode(chunk.value);
  }
}

function* report(fd: number, failure: Failure): Program<number> {
  yield* sys.write(fd, encoder.encode(failure.text));
  return 1;
}

function* pipe(): Program<readonly [number, number]> {
  const made: SysResult<readonly [number, number]> = yield* sys.pipe2(O_CLOEXEC);
  if (!made.ok) throw new Error('no pipe for a shim');
  return made.value;
}

/**
 * Makes the sources of bind mounts reachable for a container in a user namespace, where the node's own directories are closed to it:
 * binds them below the bundle. Counterpart: runc's mount source descriptors, libcontainer/mount_linux.go
 */
function* reachableBinds(spec: RuntimeSpec, bundle: string): Program<RuntimeSpec> {
  if (!spec.linux.namespaces.some(({ type }) => type === 'user')) return spec;
  const mounts = [...spec.mounts];
  for (const [at, mount] of spec.mounts.entries()) {
    if (mount.type !== 'bind' || mount.source === undefined) continue;
    const place = `${bundle}/binds/${at}`;
    const directory: boolean = yield* isDirectory(mount.source);
    if (directory) yield* mkdirAll(place);
    else yield* touchAll(place);
    const bound: SysResult<void> = yield* sys.mount(mount.source, place, '', MS_BIND | MS_REC, '');
    if (bound.ok) mounts[at] = { ...mount, source: place };
  }
  return { ...spec, mounts };
}

function* releaseBinds(spec: RuntimeSpec, bundle: string): Program<void> {
  for (const mount of spec.mounts) if (mount.source?.startsWith(`${bundle}/binds/`)) yield* sys.umount2(mount.source, MNT_DETACH);
}

/**
 * Creates a container's first process: joins and makes namespaces, prepares the root and executes the program.
 * The caller must be a task of the node's own namespaces; the process becomes its child.
 */
export function* createContainer(given: RuntimeSpec, rootfs: string, stdio: Stdio): Program<Started | Failure> {
  const filter = wantedFilter(given.linux.seccomp);
  const wrong = filter && unreadable(filter);
  if (wrong !== undefined) return new Failure(wrong);
  const bundle = rootfs.slice(0, rootfs.lastIndexOf('/'));
  const spec: RuntimeSpec = yield* reachableBinds(given, bundle);
  const started: Started | Failure = yield* create(spec, rootfs, stdio);
  yield* releaseBinds(spec, bundle);
  return started;
}

function* create(spec: RuntimeSpec, rootfs: string, stdio: Stdio): Program<Started | Failure> {
  const [errorRead, errorWrite]: readonly [number, number] = yield* pipe();
  const [goRead, goWrite]: readonly [number, number] = yield* pipe();
  const [readyRead, readyWrite]: readonly [number, number] = yield* pipe();
  const [ttyRead, ttyWrite]: readonly [number, number] = yield* pipe();
  const cell: Cell = { gaveUp: false, pid: 0, ptyPath: '', master: null };
  const list = spec.linux.namespaces;
  const joins = list.flatMap(({ type, path }) => (path === undefined ? [] : [{ type, path }]));
  joins.sort((a, b) => Number(a.type !== 'user') - Number(b.type !== 'user') || Number(a.type === 'pid') - Number(b.type === 'pid'));
  const ownUser = list.some(({ type, path }) => type === 'user' && path === undefined);
  const fresh = list.reduce((flags, { type, path }) => (path === undefined && type !== 'user' ? flags | (NAMESPACE[type] ?? 0) : flags), 0);

  const init = function* (): Program<number> {
    yield* sys.prctl({ option: 'PR_SET_NAME', name: 'runc:[2:INIT]' });
    yield* sys.setsid();
    if (spec.hostname !== undefined) {
      const named: SysResult<void> = yield* sys.sethostname(spec.hostname);
      if (!named.ok) return yield* report(errorWrite, new Failure(`sethostname: ${goError(named.errno)}`));
    }
    const failed: Failure | undefined = yield* prepareRootfs(rootfs, spec);
    if (failed) return yield* report(errorWrite, failed);
    if (stdio.kind === 'tty') {
      // The shim opens the master when the devpts is there, and says so.
      yield* sys.write(readyWrite, encoder.encode('x'));
      yield* sys.read(ttyRead, 1);
      const done: Failure | undefined = yield* openConsole(cell.ptyPath, errorWrite);
      if (done) return yield* report(errorWrite, done);
    } else yield* takeStdio(stdio.fds, errorWrite);
    const failure: Failure = yield* finalize(spec.process, spec.linux, function* () {});
    cell.gaveUp = true;
    return yield* report(errorWrite, failure);
  };

  const stage = function* (): Program<number> {
    yield* sys.prctl({ option: 'PR_SET_NAME', name: 'runc:[1:CHILD]' });
    yield* writeFile('/proc/self/oom_score_adj', String(spec.process.oomScoreAdj ?? 0), 0, O_WRONLY);
    yield* sys.read(goRead, 1);
    const failed: Failure | undefined = yield* joinNamespaces(joins);
    if (failed) return yield* report(errorWrite, failed);
    if (ownUser || joins.some(({ type }) => type === 'user')) {
      yield* sys.setresgid(0, 0, 0);
      yield* sys.setresuid(0, 0, 0);
    }
    const child: SysResult<number> = yield* sys.clone({ flags: fresh, main: init, parentIsMine: true });
    if (!child.ok) return yield* report(errorWrite, new Failure(`clone: ${goError(child.errno)}`));
    cell.pid = child.value;
    return 0;
  };

  const staged: SysResult<number> = yield* sys.clone({
    flags: ownUser ? CLONE_NEWUSER : 0,
    main: stage,
    ...(spec.linux.cgroupsPath !== undefined && { cgroup: spec.linux.cgroupsPath, cgroupFiles: cgroupFiles(spec.linux.resources) }),
  });
  if (!staged.ok) return new Failure(`unable to start stage: ${goError(staged.errno)}`);
  if (ownUser) {
    yield* writeFile(`/proc/${staged.value}/uid_map`, mapText(spec.linux.uidMappings ?? []), 0, O_WRONLY);
    yield* writeFile(`/proc/${staged.value}/gid_map`, mapText(spec.linux.gidMappings ?? []), 0, O_WRONLY);
  }
  yield* sys.write(goWrite, encoder.encode('x'));
  yield* sys.close(goWrite);
  yield* sys.close(goRead);
  yield* sys.close(errorWrite);
  yield* sys.wait4(staged.value, 0);
  yield* sys.close(readyWrite);
  yield* sys.close(ttyRead);
  if (stdio.kind === 'tty') {
    const ready: SysResult<Uint8Array> = yield* sys.read(readyRead, 1);
    if (ready.ok && ready.value.length > 0) {
      const opened: Failure | undefined = yield* openMaster(cell, `/proc/${cell.pid}/root/dev/pts/ptmx`, stdio.winsize);
      if (opened) return opened;
      // Only an init process that waits for its terminal reads: writing to one that has failed would raise SIGPIPE.
      yield* sys.write(ttyWrite, encoder.encode('x'));
    }
  }
  yield* sys.close(ttyWrite);
  yield* sys.close(readyRead);
  const text: string = yield* readAll(errorRead);
  yield* sys.close(errorRead);
  if (text !== '') {
    if (cell.pid !== 0) yield* sys.wait4(cell.pid, 0);
    return new Failure(`unable to start container process: error during container init: ${text}`);
  }
  if (cell.gaveUp) {
    yield* sys.wait4(cell.pid, 0);
    return new Failure(STOPPED_PROCESS);
  }
  return { pid: cell.pid, master: cell.master };
}

/** What setns joins for an exec, in runc's order; the mount namespace comes last of those that change paths. */
const EXEC_NAMESPACES: readonly (readonly [string, string])[] = [
  ['user', 'user'],
  ['ipc', 'ipc'],
  ['uts', 'uts'],
  ['net', 'network'],
  ['pid', 'pid'],
  ['cgroup', 'cgroup'],
  ['mnt', 'mount'],
];

/**
 * Runs a program beside a container's first process with the same user and capabilities; to be called in a shim task, which it
 * leaves in the container's namespaces.
 */
export function* execInContainer(
  initPid: number,
  process: OciProcess,
  linux: RuntimeSpec['linux'],
  stdio: Stdio,
): Program<Started | Failure> {
  const [errorRead, errorWrite]: readonly [number, number] = yield* pipe();
  const cell: Cell = { gaveUp: false, pid: 0, ptyPath: '', master: null };
  yield* writeFile('/proc/self/oom_score_adj', String(process.oomScoreAdj ?? 0), 0, O_WRONLY);
  const failed: Failure | undefined = yield* joinNamespaces(
    EXEC_NAMESPACES.map(([file, type]) => ({ type, path: `/proc/${initPid}/ns/${file}` })),
  );
  if (failed) return failed;
  if (linux.uidMappings !== undefined) {
    yield* sys.setresgid(0, 0, 0);
    yield* sys.setresuid(0, 0, 0);
  }
  if (stdio.kind === 'tty') {
    const opened: Failure | undefined = yield* openMaster(cell, '/dev/pts/ptmx', stdio.winsize);
    if (opened) return opened;
  }
  const main = function* (): Program<number> {
    yield* sys.prctl({ option: 'PR_SET_NAME', name: 'runc:[2:INIT]' });
    yield* sys.umask(0o22);
    yield* sys.rt_sigaction(SIGPIPE, 'default');
    if (stdio.kind === 'tty') {
      const done: Failure | undefined = yield* openConsole(cell.ptyPath, errorWrite);
      if (done) return yield* report(errorWrite, done);
    } else {
      yield* sys.setsid();
      yield* takeStdio(stdio.fds, errorWrite);
    }
    const failure: Failure = yield* finalize(process, linux, function* () {});
    return yield* report(errorWrite, failure);
  };
  const child: SysResult<number> = yield* sys.clone({ flags: 0, main });
  if (!child.ok) return new Failure(`unable to start container process: clone: ${goError(child.errno)}`);
  yield* sys.close(errorWrite);
  const text: string = yield* readAll(errorRead);
  yield* sys.close(errorRead);
  if (text !== '') {
    yield* sys.wait4(child.value, 0);
    return new Failure(`unable to start container process: ${text}`);
  }
  return { pid: child.value, master: cell.master };
}
