// Attaching to a container's first process: its input is a named pipe on the node, its output what goes to its log.
// Counterpart: containerd internal/cri/io, internal/cri/server/container_attach.go, v2.1

import { AT_FDCWD, O_CLOEXEC, O_NONBLOCK, O_RDONLY, O_WRONLY } from '#abi/flags.ts';
import { S_IFIFO } from '#abi/mode.ts';
import { SIGKILL, SIGPIPE, SIGWINCH } from '#abi/signal.ts';
import { type Program, type SysResult, sys, type Winsize } from '#kernel/uapi/index.ts';
import type { AttachRequest } from '../cri.ts';
import { closeAllBut } from '../runc/descriptors.ts';
import { copier, feed, pump, type Source, windowOf, writeAll } from './pump.ts';
import type { ContainerRecord } from './records.ts';

const STEP = 5_000_000n; // between two knocks at the copier's door
const END_OF_INPUT = new Uint8Array([4]); // ^D

/** How a client reaches a running container. */
export interface ContainerIo {
  /** The named pipe that is the container's input; undefined: `stdin` is not set. */
  readonly stdin: string | undefined;
  /** The task that keeps the pipe open while nobody is attached. */
  keeper?: number;
  /** The task that copies the container's output; SIGWINCH makes it take over `window`. */
  copier?: number;
  window?: Winsize;
  /** Who is attached, and how many have been. */
  readonly clients: Set<Client>;
  attached: number;
}

/** An attached client: two named pipes, and the copier's ends of them. */
interface Client {
  readonly path: string;
  out?: number;
  err?: number;
}

/** Makes the named pipe; without a terminal, a task keeps it open, so that there is no end of file before a client's. */
export function* openStdin(io: ContainerIo, terminal: boolean): Program<void> {
  const path = io.stdin as string;
  yield* makeFolder(path.slice(0, path.lastIndexOf('/')));
  yield* sys.mknodat(AT_FDCWD, path, S_IFIFO | 0o700, 0);
  if (terminal) return;
  const ends = yield* bothEnds(path);
  const keeper: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* closeAllBut(ends.write);
      yield* sys.pause();
      return 0;
    },
  });
  yield* sys.close(ends.write);
  // The reading end stays open in the shim until the container has its own, so that the keeper's writing end stays whole.
  if (keeper.ok) io.keeper = keeper.value;
}

function* makeFolder(folder: string): Program<void> {
  const parts = folder.split('/').slice(1);
  for (let depth = 1; depth <= parts.length; depth++) yield* sys.mkdirat(AT_FDCWD, `/${parts.slice(0, depth).join('/')}`, 0o700);
}

/** Both ends of a named pipe; neither opening waits for the other. */
function* bothEnds(path: string): Program<{ readonly read: number; readonly write: number }> {
  const read: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const write: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
  return { read: read.ok ? read.value : -1, write: write.ok ? write.value : -1 };
}

/** What a client types goes to the container's terminal. */
export function* typedInto(master: number, io: ContainerIo): Program<readonly Source[]> {
  if (io.stdin === undefined) return [];
  // The copier holds the writing end as well: clients come and go.
  const { read } = yield* bothEnds(io.stdin);
  return [
    {
      fd: read,
      counts: false,
      *take(data) {
        if (data !== undefined) yield* writeAll(master, data);
      },
    },
  ];
}

/** What the copier does at every turn: takes in new clients, and the size of a client's terminal. */
export function* serve(master: number | null, io: ContainerIo): Program<void> {
  for (const client of io.clients) {
    if (client.out !== undefined) continue;
    client.out = yield* openClient(client.path, 'out');
    client.err = yield* openClient(client.path, 'err');
  }
  if (io.window === undefined || master === null) return;
  yield* sys.ioctl(master, { request: 'TIOCSWINSZ', winsize: io.window });
  delete io.window;
}

function* openClient(path: string, end: string): Program<number> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, `${path}-${end}`, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  return fd.ok ? fd.value : -1;
}

/** Output goes to every client; one that reads no more is forgotten. */
export function* toClients(io: ContainerIo, stream: 'stdout' | 'stderr', data: Uint8Array): Program<void> {
  for (const client of [...io.clients]) {
    const fd = stream === 'stdout' ? client.out : client.err;
    if (fd === undefined || fd < 0 || (yield* writeAll(fd, data))) continue;
    for (const end of [client.out, client.err]) if (end !== undefined && end >= 0) yield* sys.close(end);
    io.clients.delete(client);
  }
}

/** Connects the calling task's descriptors with a container until it ends or the client is gone. */
export function* attach(record: ContainerRecord, request: AttachRequest, folder: string): Program<void> {
  yield* sys.rt_sigaction(SIGPIPE, 'ignore');
  const { io } = record;
  const client: Client = { path: `${folder}/attach-${++io.attached}` };
  yield* makeFolder(folder);
  const ends: number[] = [];
  for (const end of ['out', 'err']) {
    yield* sys.mknodat(AT_FDCWD, `${client.path}-${end}`, S_IFIFO | 0o600, 0);
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, `${client.path}-${end}`, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ends.push(fd.ok ? fd.value : -1);
  }
  const feeder = request.stdin === null || io.stdin === undefined ? undefined : yield* typing(record, request.stdin, io.stdin);
  io.clients.add(client);
  yield* knock(io, () => client.out !== undefined);
  let gone = false;
  let size: Winsize | undefined;
  const resize = function* (): Program<void> {
    if (request.tty) size = yield* follow(io, size, yield* windowOf(request.stdin));
  };
  if (request.tty) yield* sys.rt_sigaction(SIGWINCH, 'handle');
  yield* resize();
  const sources = [copier(ends[0] as number, request.stdout), copier(ends[1] as number, request.stderr)];
  const watched: Source = {
    fd: request.connection ?? -1,
    counts: false,
    *take() {
      gone = true;
    },
  };
  yield* pump(request.connection === null ? sources : [...sources, watched], resize, () => gone);
  io.clients.delete(client);
  if (feeder !== undefined) yield* sys.kill(feeder, SIGKILL);
  for (const end of ['out', 'err']) yield* sys.unlinkat(AT_FDCWD, `${client.path}-${end}`, 0);
}

/** Makes the copier look at what was left for it. A signal that comes while it is busy is lost, so this asks again. */
function* knock(io: ContainerIo, heard: () => boolean): Program<void> {
  for (let tries = 0; tries < 50 && io.copier !== undefined && !heard(); tries++) {
    yield* sys.kill(io.copier, SIGWINCH);
    yield* sys.nanosleep(STEP);
  }
}

/** A task that passes on what is typed; its end is the container's end of input, or ^D on a terminal. */
function* typing(record: ContainerRecord, from: number, path: string): Program<number | undefined> {
  const { io } = record;
  const { stdin_once: once, tty } = record.config.value;
  const made: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* sys.rt_sigaction(SIGPIPE, 'ignore');
      const to: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC);
      if (!to.ok) return 1;
      yield* feed(from, to.value);
      if (tty) yield* writeAll(to.value, END_OF_INPUT);
      else if (once && io.keeper !== undefined) yield* sys.kill(io.keeper, SIGKILL);
      return 0;
    },
  });
  return made.ok ? made.value : undefined;
}

/** A new size goes to the container; the first one in two steps, so that a program that is waiting draws itself again. */
function* follow(io: ContainerIo, old: Winsize | undefined, now: Winsize | undefined): Program<Winsize | undefined> {
  if (now === undefined || (old?.rows === now.rows && old?.cols === now.cols)) return old;
  const steps = old === undefined ? [{ rows: now.rows + 1, cols: now.cols + 1 }, now] : [now];
  for (const window of steps) {
    io.window = window;
    yield* knock(io, () => io.window === undefined);
  }
  return now;
}
