// Pipes and fifos. Counterpart: fs/pipe.c; pipe(7), fifo(7)

import { O_NONBLOCK, POLLERR, POLLHUP, POLLIN, POLLOUT } from '#abi/flags.ts';
import { aboutCause, causeOf } from '../causes.ts';
import { err, type Kernel, type Outcome, ok } from '../context.ts';
import { withState } from '../copy.ts';
import type { OpenFile, Pipe } from '../state.ts';
import { type FileOps, registerFileOps } from './files.ts';

const CAPACITY = 65536;
const ATOMIC = 4096; // PIPE_BUF

const pipeId = (file: OpenFile): number => (file.target.kind === 'pipe' ? file.target.pipe : -1);
const pipeOf = (k: Kernel, file: OpenFile): Pipe => k.state.pipes.get(pipeId(file)) as Pipe;

function change(k: Kernel, file: OpenFile, by: Partial<Pipe>): void {
  const id = pipeId(file);
  k.state = withState(k.state, { pipes: k.state.pipes.set(id, { ...(k.state.pipes.get(id) as Pipe), ...by }) });
  k.wake(`pipe:${id}`);
}

function endsOf({ target }: OpenFile): { readonly reads: boolean; readonly writes: boolean } {
  const end = target.kind === 'pipe' ? target.end : 'both';
  return { reads: end !== 'write', writes: end !== 'read' };
}

function count(k: Kernel, file: OpenFile, by: 1 | -1): void {
  const pipe = pipeOf(k, file);
  const { reads, writes } = endsOf(file);
  change(k, file, { readers: pipe.readers + (reads ? by : 0), writers: pipe.writers + (writes ? by : 0) });
}

const block = (file: OpenFile): Outcome<never> =>
  file.flags & O_NONBLOCK ? err('EAGAIN') : { ok: 'block', wait: { keys: [`pipe:${pipeId(file)}`], deadline: null } };

const pipeOps: FileOps = {
  read(k, _task, _id, file, count) {
    const pipe = pipeOf(k, file);
    if (pipe.length === 0) return pipe.writers === 0 ? ok(new Uint8Array(0)) : block(file);
    const [first, ...rest] = pipe.chunks as [Uint8Array, ...Uint8Array[]];
    const cause = causeOf(first);
    // What is about one refused call stays apart from the rest.
    const other = pipe.chunks.findIndex((chunk) => causeOf(chunk) !== cause);
    if (first.length >= count || rest.length === 0 || other === 1) {
      const taken = aboutCause(first.subarray(0, count), cause);
      const left = aboutCause(first.subarray(count), cause);
      change(k, file, { chunks: left.length > 0 ? [left, ...rest] : rest, length: pipe.length - taken.length });
      return ok(taken);
    }
    const ready = other === -1 ? pipe.length : pipe.chunks.slice(0, other).reduce((sum, chunk) => sum + chunk.length, 0);
    const out = new Uint8Array(Math.min(count, ready));
    let filled = 0;
    let chunks = pipe.chunks;
    while (filled < out.length) {
      const chunk = chunks[0] as Uint8Array;
      const part = chunk.subarray(0, out.length - filled);
      out.set(part, filled);
      filled += part.length;
      chunks = part.length < chunk.length ? [aboutCause(chunk.subarray(part.length), cause), ...chunks.slice(1)] : chunks.slice(1);
    }
    change(k, file, { chunks, length: pipe.length - filled });
    return ok(aboutCause(out, cause));
  },
  write(k, _task, _id, file, data) {
    const pipe = pipeOf(k, file);
    if (pipe.readers === 0) return err('EPIPE');
    const room = CAPACITY - pipe.length;
    if (data.length === 0) return ok(0);
    if (room === 0 || (data.length <= ATOMIC && data.length > room)) return block(file);
    const part = aboutCause(data.length > room ? data.slice(0, room) : data.slice(), k.cause);
    change(k, file, { chunks: [...pipe.chunks, part], length: pipe.length + part.length });
    return ok(part.length);
  },
  poll(k, _task, file) {
    const pipe = pipeOf(k, file);
    const { reads, writes } = endsOf(file);
    const input = (pipe.length > 0 ? POLLIN : 0) | (pipe.writers === 0 ? POLLHUP : 0);
    const output = (pipe.length < CAPACITY ? POLLOUT : 0) | (pipe.readers === 0 ? POLLERR : 0);
    return (reads ? input : 0) | (writes ? output : 0);
  },
  keys: (file) => [`pipe:${pipeId(file)}`],
  opened: (k, file) => count(k, file, 1),
  release(k, file) {
    count(k, file, -1);
    const { readers, writers } = pipeOf(k, file);
    // With its last end a pipe goes, and what nobody read of it; a fifo gets a new one when it is next opened. Counterpart: put_pipe_info
    if (readers === 0 && writers === 0) k.state = withState(k.state, { pipes: k.state.pipes.set(pipeId(file), undefined) });
  },
};

registerFileOps('pipe', pipeOps);
