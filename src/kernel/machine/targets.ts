// Descriptors a task is given by the outside instead of by open.

import { O_RDONLY, O_RDWR, O_WRONLY } from '#abi/flags.ts';
import type { Kernel } from '../context.ts';
import type { Fd, FileTarget, OpenFile, Pipe, Task } from '../state.ts';
import { ttyOf, updateTty } from '../tty/tty.ts';

function accessOf(target: FileTarget): number {
  if (target.kind === 'pipe') return target.end === 'read' ? O_RDONLY : O_WRONLY;
  return target.kind === 'snapshot' ? O_RDONLY : O_RDWR;
}

/** Counts one more open end where the target counts them. */
function countEnd(k: Kernel, target: FileTarget): void {
  if (target.kind === 'tty') {
    const tty = ttyOf(k, target.tty);
    updateTty(k, target.tty, target.side === 'slave' ? { slaves: tty.slaves + 1, opened: true } : { masters: tty.masters + 1 });
  } else if (target.kind === 'pipe') {
    const pipe = k.state.pipes.get(target.pipe) as Pipe;
    const change = target.end === 'read' ? { readers: pipe.readers + 1 } : { writers: pipe.writers + 1 };
    k.state = { ...k.state, pipes: k.state.pipes.set(target.pipe, { ...pipe, ...change }) };
  }
}

/** Opens a target as descriptor `fd` of a task; `made` remembers the open files, so that one target is one description. */
export function installTarget(k: Kernel, id: number, fd: number, target: FileTarget, made: Map<FileTarget, number>): void {
  const task = k.task(id) as Task;
  let file = made.get(target);
  if (file === undefined) {
    file = k.state.files.length;
    made.set(target, file);
    k.state = { ...k.state, files: k.state.files.push({ target, flags: accessOf(target), offset: 0, refs: 1, cred: task.cred }) };
    countEnd(k, target);
  } else {
    const open = k.state.files.get(file) as OpenFile;
    k.state = { ...k.state, files: k.state.files.set(file, { ...open, refs: open.refs + 1 }) };
  }
  const fds: (Fd | undefined)[] = [...task.fds];
  fds[fd] = { file, cloexec: false };
  k.updateTask(id, { fds });
}

/** An unnamed pipe with no end open yet, for spawning two tasks that are connected by it. */
export function createPipe(k: Kernel): { readonly read: FileTarget; readonly write: FileTarget } {
  const pipe = k.state.pipes.length;
  k.state = { ...k.state, pipes: k.state.pipes.push({ chunks: [], length: 0, readers: 0, writers: 0 }) };
  return { read: { kind: 'pipe', pipe, end: 'read' }, write: { kind: 'pipe', pipe, end: 'write' } };
}
