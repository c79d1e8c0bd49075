// Advisory locks of whole files. Counterpart: fs/locks.c, flock(2)

import { err, type Handlers, type Kernel, ok } from '../context.ts';
import type { OpenFile } from '../state.ts';
import { changeFile, fileOf, wakeLockers } from './files.ts';

/** Does another open file description hold a lock that stands against this one? */
function conflicts(k: Kernel, id: number, { target }: OpenFile, wanted: 'LOCK_SH' | 'LOCK_EX'): boolean {
  if (target.kind !== 'inode') return false;
  const sb = k.state.mounts.get(target.at.mount)?.sb;
  for (const [other, file] of k.state.files.entries()) {
    if (other === id || file.lock === undefined || file.target.kind !== 'inode') continue;
    if (file.target.at.ino !== target.at.ino || k.state.mounts.get(file.target.at.mount)?.sb !== sb) continue;
    if (wanted === 'LOCK_EX' || file.lock === 'LOCK_EX') return true;
  }
  return false;
}

export const lockHandlers: Handlers<'flock'> = {
  /** A lock belongs to the open file description, so dup and fork share it; converting one drops it first. */
  flock(k, task, fd, operation, nonblock) {
    const found = fileOf(k, task, fd);
    if (!found.ok) return found;
    const { id, file } = found.value;
    const wanted = operation === 'LOCK_UN' ? undefined : operation;
    if (wanted !== undefined && conflicts(k, id, file, wanted)) {
      if (nonblock) return err('EAGAIN');
      const key = file.target.kind === 'inode' ? `flock:${k.state.mounts.get(file.target.at.mount)?.sb}:${file.target.at.ino}` : '';
      return { ok: 'block', wait: { keys: [key], deadline: null } };
    }
    changeFile(k, id, { lock: wanted });
    if (file.lock !== undefined) wakeLockers(k, file);
    return ok(undefined);
  },
};
