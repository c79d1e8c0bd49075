// The tasks between a container and the node: they hold its pipes or terminal, copy bytes and wait for its end.
// Counterpart: containerd-shim-runc-v2

import { AT_FDCWD, CLONE_NEWPID, O_CLOEXEC, O_RDONLY, O_RDWR } from '#abi/flags.ts';
import { SIGKILL, SIGPIPE, SIGWINCH } from '#abi/signal.ts';
import { type Program, type SysResult, sys, type Waited, type Winsize } from '#kernel/uapi/index.ts';
import type { OciProcess, RuntimeSpec } from '../oci.ts';
import { createContainer, execInContainer, type Started, type Stdio } from '../runc/container.ts';
import { closeAllBut } from '../runc/descriptors.ts';
import { Failure } from '../runc/failure.ts';
import { type ContainerIo, openStdin, serve, toClients, typedInto } from './attach.ts';
import type { Changes } from './changes.ts';
import type { CriLog, Stream } from './criLog.ts';
import { copier, feed, pump, type Source, windowOf, writeAll } from './pump.ts';

const END_OF_INPUT = new Uint8Array([4]); // ^D

export type LogWriter = (stream: Stream, data: Uint8Array, time: bigint) => void;

/** What a shim tells containerd. */
export interface ShimEvents {
  started(pid: number, time: bigint): void;
  failed(text: string): void;
  exited(code: number, time: bigint): void;
  readonly log: LogWriter;
  /** The log file on the node; containers have one, sandboxes do not. */
  readonly file?: CriLog;
  /** What an attached client needs; containers have it, sandboxes do not. */
  readonly io?: ContainerIo;
}

/** The time of day. */
export function* now(): Program<bigint> {
  const time: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  return time.ok ? time.value : 0n;
}

function* openPipe(): Program<readonly [number, number]> {
  const made: SysResult<readonly [number, number]> = yield* sys.pipe2(O_CLOEXEC);
  if (!made.ok) throw new Error('no pipe for a shim');
  return made.value;
}

function* devNull(): Program<number> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/null', O_RDWR | O_CLOEXEC);
  return fd.ok ? fd.value : -1;
}

/** Waits for a child; its exit code as a shell counts it. */
export function* waitFor(pid: number, windows = false): Program<number> {
  if (windows) yield* sys.rt_sigaction(SIGWINCH, 'handle');
  for (;;) {
    const waited: SysResult<Waited> = yield* sys.wait4(pid, 0);
    if (!waited.ok && waited.errno === 'EINTR') {
      const taken: SysResult<readonly number[]> = yield* sys.sigtake();
      if (windows && taken.ok && taken.value.includes(SIGWINCH)) yield* sys.kill(pid, SIGWINCH);
      continue;
    }
    const status = waited.ok ? waited.value.status : null;
    if (status?.kind === 'exited') return status.code;
    if (status?.kind === 'signaled') return 128 + status.signal;
    if (!waited.ok) return 255;
  }
}

const logger = (fd: number, stream: Stream, { log, file, io }: ShimEvents): Source => ({
  fd,
  counts: true,
  *take(data) {
    const time = yield* now();
    if (file) yield* file.add(stream, data, time);
    if (data === undefined) return;
    log(stream, data, time);
    if (io) yield* toClients(io, stream, data);
  },
});

/** Where the runtime listens. */
export const SOCKET = '/run/containerd/containerd.sock';
const SHIM = '/usr/bin/containerd-shim-runc-v2';

/** The shim of a container: starts it, keeps its log, and tells how it ended. `changed` wakes whoever watches. */
export function* containerShim(
  id: string,
  spec: RuntimeSpec,
  rootfs: string,
  events: ShimEvents,
  changed: () => Program<void>,
): Program<number> {
  yield* sys.setsid();
  yield* sys.prctl({ option: 'PR_SET_NAME', name: 'containerd-shim' });
  yield* sys.prctl({ option: 'PR_SET_MM', argv: [SHIM, '-namespace', 'k8s.io', '-id', id, '-address', SOCKET] });
  const { io } = events;
  if (io?.stdin !== undefined) yield* openStdin(io, spec.process.terminal === true);
  const nothing: number = yield* devNull();
  const sources: Source[] = [];
  const ends: number[] = [];
  let stdio: Stdio = { kind: 'tty' };
  if (spec.process.terminal !== true) {
    const [outRead, outWrite]: readonly [number, number] = yield* openPipe();
    const [errRead, errWrite]: readonly [number, number] = yield* openPipe();
    let input = nothing;
    const typed: SysResult<number> | undefined =
      io?.stdin === undefined ? undefined : yield* sys.openat(AT_FDCWD, io.stdin, O_RDONLY | O_CLOEXEC);
    if (typed?.ok) {
      input = typed.value;
      ends.push(input);
    }
    stdio = { kind: 'fds', fds: [input, outWrite, errWrite] };
    ends.push(outWrite, errWrite);
    sources.push(logger(outRead, 'stdout', events), logger(errRead, 'stderr', events));
  }
  const started: Started | Failure = yield* createContainer(spec, rootfs, stdio);
  for (const fd of ends) yield* sys.close(fd);
  if (started instanceof Failure) {
    events.failed(started.text);
    yield* changed();
    return 1;
  }
  if (started.master !== null) sources.push(logger(started.master, 'stdout', events));
  const { master } = started;
  events.started(started.pid, yield* now());
  yield* changed();
  // Copying is a task of its own: a process left behind may keep the pipes open after the container's end.
  const copying: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* sys.rt_sigaction(SIGWINCH, 'handle');
      if (events.file) yield* events.file.open();
      if (io === undefined) yield* pump(sources);
      else yield* pump([...sources, ...(master === null ? [] : yield* typedInto(master, io))], () => serve(master, io));
      return 0;
    },
  });
  if (io !== undefined && copying.ok) io.copier = copying.value;
  for (const { fd } of sources) if (fd !== started.master) yield* sys.close(fd);
  const code: number = yield* waitFor(started.pid);
  // What the container wrote last comes before the news of its end.
  for (let turn = 0; turn < 8; turn++) yield* sys.sched_yield();
  events.exited(code, yield* now());
  yield* changed();
  if (io?.keeper !== undefined) yield* sys.kill(io.keeper, SIGKILL);
  if (started.master !== null) yield* sys.close(started.master);
  if (copying.ok) yield* waitFor(copying.value);
  return 0;
}

/** Descriptors of the task that asks for an exec. */
export interface ExecIo {
  readonly tty: boolean;
  readonly stdin: number | null;
  readonly stdout: number | null;
  readonly stderr: number | null;
}

/** The shim of an exec, in a task of its own that has the caller's descriptors: the exit code, or runc's words. */
export function* execShim(initPid: number, process: OciProcess, linux: RuntimeSpec['linux'], io: ExecIo): Program<number | Failure> {
  yield* sys.rt_sigaction(SIGPIPE, 'ignore');
  return io.tty ? yield* execTty(initPid, process, linux, io) : yield* execPipes(initPid, process, linux, io);
}

function* execPipes(initPid: number, process: OciProcess, linux: RuntimeSpec['linux'], io: ExecIo): Program<number | Failure> {
  const [outRead, outWrite]: readonly [number, number] = yield* openPipe();
  const [errRead, errWrite]: readonly [number, number] = yield* openPipe();
  let input = -1;
  let feeder: number | undefined;
  if (io.stdin === null) input = yield* devNull();
  else {
    // A program that reads nothing must not keep its output from being copied, so input goes through a task of its own. It is
    // made before this one joins the container's namespaces, where it would be seen.
    const from = io.stdin;
    const [inRead, inWrite]: readonly [number, number] = yield* openPipe();
    input = inRead;
    const made: SysResult<number> = yield* sys.clone({
      flags: 0,
      *main() {
        for (const fd of [inRead, outRead, errRead, outWrite, errWrite]) yield* sys.close(fd);
        yield* feed(from, inWrite);
        return 0;
      },
    });
    if (made.ok) feeder = made.value;
    yield* sys.close(inWrite);
  }
  const started: Started | Failure = yield* execInContainer(initPid, process, linux, { kind: 'fds', fds: [input, outWrite, errWrite] });
  for (const fd of [outWrite, errWrite, input]) yield* sys.close(fd);
  let result: number | Failure = 255;
  if (started instanceof Failure) result = started;
  else {
    yield* pump([copier(outRead, io.stdout), copier(errRead, io.stderr)]);
    result = yield* waitFor(started.pid);
  }
  if (feeder !== undefined) {
    yield* sys.kill(feeder, SIGKILL);
    yield* waitFor(feeder);
  }
  return result;
}

function* execTty(initPid: number, process: OciProcess, linux: RuntimeSpec['linux'], io: ExecIo): Program<number | Failure> {
  let shown: Winsize | undefined = yield* windowOf(io.stdin);
  const home: SysResult<number> = yield* sys.openat(AT_FDCWD, '/proc/self/ns/pid', O_RDONLY | O_CLOEXEC, 0);
  const started: Started | Failure = yield* execInContainer(initPid, process, linux, { kind: 'tty', ...(shown && { winsize: shown }) });
  // The copying tasks belong to the node: made in the container's process namespace, ps would show them there.
  if (home.ok) {
    yield* sys.setns(home.value, CLONE_NEWPID);
    yield* sys.close(home.value);
  }
  if (started instanceof Failure) return started;
  const master = started.master as number;
  const resize = function* (): Program<void> {
    const size: Winsize | undefined = yield* windowOf(io.stdin);
    if (size === undefined || (size.rows === shown?.rows && size.cols === shown?.cols)) return;
    shown = size;
    yield* sys.ioctl(master, { request: 'TIOCSWINSZ', winsize: size });
  };
  const sources: Source[] = [copier(master, io.stdout)];
  if (io.stdin !== null) {
    sources.push({
      fd: io.stdin,
      counts: false,
      *take(data) {
        // The end of the caller's input is typed as ^D, which is what it means to the program.
        yield* writeAll(master, data ?? END_OF_INPUT);
      },
    });
  }
  yield* sys.rt_sigaction(SIGWINCH, 'handle');
  yield* pump(sources, resize);
  yield* sys.close(master);
  return yield* waitFor(started.pid);
}

/** Starts a shim and returns when its container runs or could not be started. */
export function* launch(changes: Changes, id: string, spec: RuntimeSpec, rootfs: string, events: ShimEvents): Program<void> {
  const ends: SysResult<readonly [number, number]> = yield* sys.pipe2(O_CLOEXEC);
  if (!ends.ok) return;
  const [read, write] = ends.value;
  let decided = false;
  const changed = function* (): Program<void> {
    if (!decided) {
      decided = true;
      yield* sys.close(write);
    }
    yield* changes.announce();
  };
  // The shim keeps only the write end of this pipe: its closing says that the outcome is known.
  const middle: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* closeAllBut(write);
      yield* sys.clone({ flags: 0, main: () => containerShim(id, spec, rootfs, events, changed) });
      return 0;
    },
  });
  yield* sys.close(write);
  if (middle.ok) yield* waitFor(middle.value);
  yield* sys.read(read, 1);
  yield* sys.close(read);
}
