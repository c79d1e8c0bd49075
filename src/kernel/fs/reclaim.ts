// What nobody can reach any more goes: mount namespaces without a task, mounts outside every namespace in which nothing
// stands or is open, file systems without a mount that are on no disk. Without this every container ever run would stay in the state, and
// searches among mounts would grow with the session. Counterpart: put_mnt_ns, mntput, deactivate_super

import type { Kernel } from '../context.ts';
import { withState } from '../copy.ts';
import type { Location, Mount, Superblock } from '../state.ts';
import { onDisk } from './disks.ts';
import { forgetInode } from './files.ts';

/** Ends a mount namespace when no task is in it and no descriptor or mount holds it. Never the first one. */
export function releaseMountNs(k: Kernel, ns: number): void {
  if (ns === 0 || k.state.mountNs.get(ns) === undefined) return;
  const { tasks, files, superblocks } = k.state;
  if (tasks.some((task) => task.mountNs === ns)) return;
  if (files.some(({ target }) => target.kind === 'ns' && target.type === 'mnt' && target.ns === ns)) return;
  if (superblocks.some(({ nsfs }) => nsfs?.type === 'mnt' && nsfs.ns === ns)) return;
  k.state = withState(k.state, { mountNs: k.state.mountNs.set(ns, undefined) });
  sweepMounts(k);
}

/** Forgets the mounts and file systems that nothing refers to. */
export function sweepMounts(k: Kernel): void {
  const used = new Set<number>();
  // A mount keeps the one it stands on: the way up from it is still walked.
  const use = (at: Location | null | undefined): void => {
    for (let here = at; here != null && !used.has(here.mount); here = k.state.mounts.get(here.mount)?.at) used.add(here.mount);
  };
  for (const [, space] of k.state.mountNs.entries()) for (const id of space.order) used.add(id);
  for (const [, task] of k.state.tasks.entries()) {
    use(task.cwd);
    use(task.root);
    use(task.exe?.at);
  }
  for (const [, { target }] of k.state.files.entries()) if (target.kind === 'inode' || target.kind === 'snapshot') use(target.at);
  let { mounts, superblocks } = k.state;
  const mounted = new Set<number>([0]);
  const idle = new Set<number>();
  const tops: Mount[] = [];
  for (const [id, mount] of mounts.entries()) {
    if (used.has(id)) mounted.add(mount.sb);
    else {
      mounts = mounts.set(id, undefined);
      idle.add(mount.sb);
      tops.push(mount);
    }
  }
  for (const [, tty] of k.state.ttys.entries()) if (tty.devpts !== null) mounted.add(tty.devpts);
  for (const sb of idle) if (!mounted.has(sb) && !onDisk(superblocks.get(sb) as Superblock)) superblocks = superblocks.set(sb, undefined);
  k.state = withState(k.state, { mounts, superblocks });
  // What was bound and has lost its name meanwhile was kept by the mount alone.
  for (const { sb, root } of tops) forgetInode(k, sb, root);
}
