// The shim of a container: starts it through runc, drains what it prints, waits for its end. Counterpart: containerd-shim-runc-v2

import { AT_FDCWD, O_CLOEXEC, O_RDWR } from '#abi/flags.ts';
import { SIGKILL } from '#abi/signal.ts';
import { type Program, type SysResult, sys, type Waited, type WaitStatus, type Winsize } from '#kernel/uapi/index.ts';
import type { ExecRequest } from '../cri.ts';
import type { OciProcess, RuntimeSpec } from '../oci.ts';
import { createContainer, execInContainer, type Started } from '../runc/container.ts';
import { Failure } from '../runc/failure.ts';

export const exitCodeOf = (status: WaitStatus | null): number =>
  status?.kind === 'exited' ? status.code : status?.kind === 'signaled' ? 128 + status.signal : 255;

function* pipe(): Program<readonly [number, number]> {
  const made: SysResult<readonly [number, number]> = yield* sys.pipe2(O_CLOEXEC);
  if (!made.ok) throw new Error(`shim: pipe: ${made.errno}`);
  return made.value;
}

function* devNull(): Program<number> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/null', O_RDWR | O_CLOEXEC);
  if (!fd.ok) throw new Error(`shim: /dev/null: ${fd.errno}`);
  return fd.value;
}

/** Waits for one child, whatever else ends meanwhile. */
function* waitFor(pid: number): Program<WaitStatus | null> {
  for (;;) {
    const ended: SysResult<Waited> = yield* sys.wait4(pid, 0);
    if (ended.ok) return ended.value.status;
    if (ended.errno !== 'EINTR') return null;
  }
}

/** Copies from a descriptor to a consumer until the end. */
function* pump(from: number, to: (data: Uint8Array) => Program<boolean>): Program<number> {
  for (;;) {
    const got: SysResult<Uint8Array> = yield* sys.read(from, 65536);
    if (!got.ok && got.errno === 'EINTR') continue;
    if (!got.ok || got.value.length === 0) return 0;
    const more = yield* to(got.value);
    if (!more) return 0;
  }
}

/** Copies everything to a descriptor; false when it cannot be written any more. */
const into = (fd: number) =>
  function* (data: Uint8Array): Program<boolean> {
    for (let at = 0; at < data.length; ) {
      const wrote: SysResult<number> = yield* sys.write(fd, data.subarray(at));
      if (wrote.ok) at += wrote.value;
      else if (wrote.errno !== 'EINTR') return false;
    }
    return true;
  };

export interface ShimEvents {
  output(stream: 'stdout' | 'stderr', data: Uint8Array): void;
  started(pid: number): void;
  failed(failure: Failure): void;
  ended(exitCode: number): void;
}

/** The shim's program: returns when the container has ended. `ready` is a descriptor that is closed once it has started or failed. */
export function* shim(spec: RuntimeSpec, rootfs: string, ready: number, events: ShimEvents): Program<number> {
  const stdin = yield* devNull();
  const [outRead, outWrite]: readonly [number, number] = yield* pipe();
  const [errRead, errWrite]: readonly [number, number] = yield* pipe();
  const started: Started | Failure = yield* createContainer(spec, rootfs, { kind: 'fds', fds: [stdin, outWrite, errWrite] });
  yield* sys.close(outWrite);
  yield* sys.close(errWrite);
  if (started instanceof Failure) {
    events.failed(started);
    yield* sys.close(ready);
    return 1;
  }
  events.started(started.pid);
  yield* sys.close(ready);
  for (const [stream, fd] of [
    ['stdout', outRead],
    ['stderr', errRead],
  ] as const) {
    yield* sys.clone({
      flags: 0,
      main: () =>
        pump(fd, function* (data) {
          events.output(stream, data);
          return true;
        }),
    });
  }
  const status = yield* waitFor(started.pid);
  events.ended(exitCodeOf(status));
  return 0;
}

/** Runs a command in a container over the caller's descriptors; its exit code, or why it did not start. */
export function* execShim(initPid: number, spec: RuntimeSpec, request: ExecRequest): Program<number | Failure> {
  const result: { value: number | Failure } = { value: 255 };
  const process: OciProcess = {
    ...spec.process,
    args: request.cmd,
    ...(request.tty ? { terminal: true, env: [...(spec.process.env ?? []), 'TERM=xterm'] } : {}),
  };
  const main = function* (): Program<number> {
    const nothing = yield* devNull();
    const [stdin, stdout, stderr] = [request.stdin ?? nothing, request.stdout ?? nothing, request.stderr ?? request.stdout ?? nothing];
    if (!request.tty) {
      const started: Started | Failure = yield* execInContainer(initPid, process, spec.linux, {
        kind: 'fds',
        fds: [stdin, stdout, stderr],
      });
      result.value = started instanceof Failure ? started : exitCodeOf(yield* waitFor(started.pid));
      return 0;
    }
    const size = (yield* sys.ioctl(stdin, { request: 'TIOCGWINSZ' })) as SysResult<Winsize>;
    const winsize = size.ok && size.value.rows > 0 ? size.value : { rows: 24, cols: 80 };
    const started: Started | Failure = yield* execInContainer(initPid, process, spec.linux, { kind: 'tty', winsize });
    if (started instanceof Failure || started.master === null) {
      result.value = started instanceof Failure ? started : new Failure('no terminal');
      return 0;
    }
    const { master } = started;
    const input: SysResult<number> = yield* sys.clone({ flags: 0, main: () => pump(stdin, into(master)) });
    const output: SysResult<number> = yield* sys.clone({ flags: 0, main: () => pump(master, into(stdout)) });
    result.value = exitCodeOf(yield* waitFor(started.pid));
    // What the program printed last is still on its way; the keyboard, however, has no reader any more.
    if (output.ok) yield* waitFor(output.value);
    if (input.ok) yield* sys.kill(input.value, SIGKILL);
    if (input.ok) yield* waitFor(input.value);
    return 0;
  };
  const child: SysResult<number> = yield* sys.clone({ flags: 0, main });
  if (!child.ok) return new Failure(`unable to start container process: clone: ${child.errno}`);
  yield* waitFor(child.value);
  return result.value;
}
