// Descriptors a task is given by the outside instead of by open.

import { O_RDONLY, O_RDWR, O_WRONLY } from '#abi/flags.ts';
import type { Kernel } from '../context.ts';
import { newFile, newPipe, putFd } from '../fs/files.ts';
import type { FileTarget, Task } from '../state.ts';

function accessOf(target: FileTarget): number {
  if (target.kind === 'pipe') return target.end === 'read' ? O_RDONLY : O_WRONLY;
  return target.kind === 'snapshot' ? O_RDONLY : O_RDWR;
}

/** Opens a target as descriptor `fd` of a task; `made` remembers the open files, so that one target is one description. */
export function installTarget(k: Kernel, id: number, fd: number, target: FileTarget, made: Map<FileTarget, number>): void {
  const task = k.task(id) as Task;
  let file = made.get(target);
  if (file === undefined) {
    file = newFile(k, target, accessOf(target), task.cred);
    made.set(target, file);
  }
  putFd(k, task, fd, file, false);
}

/** An unnamed pipe with no end open yet, for spawning two tasks that are connected by it. */
export function createPipe(k: Kernel): { readonly read: FileTarget; readonly write: FileTarget } {
  const pipe = newPipe(k);
  return { read: { kind: 'pipe', pipe, end: 'read' }, write: { kind: 'pipe', pipe, end: 'write' } };
}
