// The tasks between a container and the node: they hold its pipes or terminal, copy bytes and wait for its end.
// Counterpart: containerd-shim-runc-v2

import { AT_FDCWD, CLONE_NEWPID, O_CLOEXEC, O_RDONLY, O_RDWR, POLLERR, POLLHUP, POLLIN, POLLNVAL } from '#abi/flags.ts';
import { SIGKILL, SIGPIPE } from '#abi/signal.ts';
import { type Program, type Rlimit, type SysResult, sys, type Waited, type Winsize } from '#kernel/uapi/index.ts';
import type { OciProcess, RuntimeSpec } from '../oci.ts';
import { createContainer, execInContainer, type Started, type Stdio } from '../runc/container.ts';
import { Failure } from '../runc/failure.ts';

import type { Changes } from './changes.ts';

const CHUNK = 65536;
const END_OF_INPUT = new Uint8Array([4]); // ^D

export type LogWriter = (stream: 'stdout' | 'stderr', data: Uint8Array, time: bigint) => void;

/** What a shim tells containerd. */
export interface ShimEvents {
  started(pid: number, time: bigint): void;
  failed(text: string): void;
  exited(code: number, time: bigint): void;
  readonly log: LogWriter;
}

function* now(): Program<bigint> {
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
export function* waitFor(pid: number): Program<number> {
  for (;;) {
    const waited: SysResult<Waited> = yield* sys.wait4(pid, 0);
    if (!waited.ok && waited.errno === 'EINTR') continue;
    const status = waited.ok ? waited.value.status : null;
    if (status?.kind === 'exited') return status.code;
    if (status?.kind === 'signaled') return 128 + status.signal;
    if (!waited.ok) return 255;
  }
}

interface Source {
  readonly fd: number;
  /** Takes what was read; undefined: the end. */
  readonly take: (data: Uint8Array | undefined) => Program<void>;
  /** Copying goes on until all sources that count have ended. */
  readonly counts: boolean;
}

/** Copies from several descriptors as data comes; `each` runs at every turn. */
function* pump(sources: readonly Source[], each?: () => Program<void>): Program<void> {
  let open = [...sources];
  while (open.some((source) => source.counts)) {
    const polled: SysResult<readonly { readonly fd: number; readonly revents: number }[]> = yield* sys.poll(
      open.map(({ fd }) => ({ fd, events: POLLIN })),
      -1,
    );
    if (!polled.ok && polled.errno !== 'EINTR') return;
    if (each) yield* each();
    if (!polled.ok) continue;
    for (const { fd, revents } of polled.value) {
      const source = open.find((candidate) => candidate.fd === fd);
      if (source === undefined || (revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) === 0) continue;
      const got: SysResult<Uint8Array> = revents & POLLNVAL ? { ok: false, errno: 'EBADF' } : yield* sys.read(fd, CHUNK);
      if (!got.ok && (got.errno === 'EINTR' || got.errno === 'EAGAIN')) continue;
      const data = got.ok && got.value.length > 0 ? got.value : undefined;
      yield* source.take(data);
      if (data === undefined) open = open.filter((candidate) => candidate !== source);
    }
  }
}

/** Writes everything; false when nobody reads any more. */
function* writeAll(fd: number, data: Uint8Array): Program<boolean> {
  for (let at = 0; at < data.length; ) {
    const wrote: SysResult<number> = yield* sys.write(fd, data.subarray(at));
    if (!wrote.ok && wrote.errno === 'EINTR') continue;
    if (!wrote.ok) return false;
    at += wrote.value;
  }
  return true;
}

const logger = (fd: number, stream: 'stdout' | 'stderr', log: LogWriter): Source => ({
  fd,
  counts: true,
  *take(data) {
    if (data !== undefined) log(stream, data, yield* now());
  },
});

const copier = (fd: number, to: number | null): Source => ({
  fd,
  counts: true,
  *take(data) {
    if (data !== undefined && to !== null) yield* writeAll(to, data);
  },
});

/** Limits of the runtime's own service, which containers inherit. */
const LIMITS: readonly (readonly [Rlimit, number, number])[] = [
  ['RLIMIT_STACK', 8388608, Infinity],
  ['RLIMIT_CORE', 0, Infinity],
  ['RLIMIT_NPROC', 96365, 96365],
  ['RLIMIT_NOFILE', 1048576, 1048576],
  ['RLIMIT_MEMLOCK', 8388608, 8388608],
  ['RLIMIT_SIGPENDING', 96365, 96365],
  ['RLIMIT_MSGQUEUE', 819200, 819200],
  ['RLIMIT_NICE', 0, 0],
  ['RLIMIT_RTPRIO', 0, 0],
];

function* takeLimits(): Program<void> {
  for (const [resource, soft, hard] of LIMITS) yield* sys.prlimit64(0, resource, [soft, hard]);
}

/** The shim of a container: starts it, keeps its log, and tells how it ended. `changed` wakes whoever watches. */
export function* containerShim(
  spec: RuntimeSpec,
  rootfs: string,
  stdin: boolean,
  events: ShimEvents,
  changed: () => Program<void>,
): Program<number> {
  yield* sys.setsid();
  yield* takeLimits();
  yield* sys.prctl({ option: 'PR_SET_NAME', name: 'containerd-shim' });
  const nothing: number = yield* devNull();
  const sources: Source[] = [];
  const ends: number[] = [];
  let stdio: Stdio = { kind: 'tty' };
  if (spec.process.terminal !== true) {
    const [outRead, outWrite]: readonly [number, number] = yield* openPipe();
    const [errRead, errWrite]: readonly [number, number] = yield* openPipe();
    let input = nothing;
    if (stdin) {
      // The write end stays open in the shim: nothing is attached, and there is no end of file.
      const [inRead]: readonly [number, number] = yield* openPipe();
      input = inRead;
      ends.push(inRead);
    }
    stdio = { kind: 'fds', fds: [input, outWrite, errWrite] };
    ends.push(outWrite, errWrite);
    sources.push(logger(outRead, 'stdout', events.log), logger(errRead, 'stderr', events.log));
  }
  const started: Started | Failure = yield* createContainer(spec, rootfs, stdio);
  for (const fd of ends) yield* sys.close(fd);
  if (started instanceof Failure) {
    events.failed(started.text);
    yield* changed();
    return 1;
  }
  if (started.master !== null) sources.push(logger(started.master, 'stdout', events.log));
  events.started(started.pid, yield* now());
  yield* changed();
  // Copying is a task of its own: a process left behind may keep the pipes open after the container's end.
  const copying: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* pump(sources);
      return 0;
    },
  });
  for (const { fd } of sources) if (fd !== started.master) yield* sys.close(fd);
  const code: number = yield* waitFor(started.pid);
  // What the container wrote last comes before the news of its end.
  for (let turn = 0; turn < 8; turn++) yield* sys.sched_yield();
  events.exited(code, yield* now());
  yield* changed();
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
  yield* takeLimits();
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

/** Copies until the end of the input, or until nobody reads. */
function* feed(from: number, to: number): Program<void> {
  for (;;) {
    const got: SysResult<Uint8Array> = yield* sys.read(from, CHUNK);
    if (!got.ok && got.errno === 'EINTR') continue;
    if (!got.ok || got.value.length === 0) return;
    const taken: boolean = yield* writeAll(to, got.value);
    if (!taken) return;
  }
}

function* windowOf(fd: number | null): Program<Winsize | undefined> {
  if (fd === null) return undefined;
  const size: SysResult<unknown> = yield* sys.ioctl(fd, { request: 'TIOCGWINSZ' });
  return size.ok ? (size.value as Winsize) : undefined;
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
  yield* pump(sources, resize);
  yield* sys.close(master);
  return yield* waitFor(started.pid);
}

/** Starts a shim and returns when its container runs or could not be started. */
export function* launch(changes: Changes, spec: RuntimeSpec, rootfs: string, stdin: boolean, events: ShimEvents): Program<void> {
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
      for (let fd = 0; fd < 64; fd++) if (fd !== write) yield* sys.close(fd);
      yield* sys.clone({ flags: 0, main: () => containerShim(spec, rootfs, stdin, events, changed) });
      return 0;
    },
  });
  yield* sys.close(write);
  if (middle.ok) yield* waitFor(middle.value);
  yield* sys.read(read, 1);
  yield* sys.close(read);
}
