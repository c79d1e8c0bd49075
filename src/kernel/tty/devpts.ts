// The file system of terminals, /dev/pts. Counterpart: fs/devpts/inode.c, pts(4)

import { makedev, S_IFCHR, S_IFDIR } from '#abi/mode.ts';
import type { FsDriver, Kernel } from '../context.ts';
import { withState } from '../copy.ts';
import { makeKgid, makeKuid } from '../cred/ids.ts';
import type { Inode, Kgid, Kuid, Tty } from '../state.ts';
import { devptsOptions, PTS_MAJOR, TTY_AUX_MAJOR } from './devices.ts';

const ROOT = 1;
const PTMX = 2;
const FIRST = 3;

function live(k: Kernel, sb: number): Tty[] {
  const list: Tty[] = [];
  for (const [, tty] of k.state.ttys.entries()) if (tty.devpts === sb && tty.masters > 0) list.push(tty);
  return list.sort((a, b) => a.index - b.index);
}

const node = (ino: number, mode: number, uid: Kuid, gid: Kgid, rdev: number, time: bigint): Inode => ({
  ino,
  mode,
  uid,
  gid,
  nlink: ino === ROOT ? 2 : 1,
  atime: time,
  mtime: time,
  ctime: time,
  btime: time,
  rdev,
});

/** Driver of the file system type devpts; it shows the terminals of its own instance. */
export const devptsDriver: FsDriver = {
  inode(k, sb, ino) {
    const instance = k.state.superblocks.get(sb);
    const ns = instance?.userNs ?? 0;
    const uid = makeKuid(k.state, ns, 0) ?? (0 as Kuid);
    const gid = makeKgid(k.state, ns, 0) ?? (0 as Kgid);
    const boot = k.state.realtime - k.state.monotonic;
    if (ino === ROOT) return node(ROOT, S_IFDIR | 0o755, uid, gid, 0, boot);
    if (ino === PTMX)
      return node(PTMX, S_IFCHR | devptsOptions(instance?.options ?? '').ptmxmode, uid, gid, makedev(TTY_AUX_MAJOR, 2), boot);
    const tty = live(k, sb).find(({ index }) => index === ino - FIRST);
    return tty && node(ino, S_IFCHR | tty.mode, tty.uid, tty.gid, makedev(PTS_MAJOR, tty.index), k.state.realtime);
  },

  lookup(k, sb, dir, name) {
    if (dir !== ROOT) return undefined;
    if (name === 'ptmx') return PTMX;
    if (!/^(0|[1-9]\d*)$/.test(name)) return undefined;
    return live(k, sb).some(({ index }) => index === Number(name)) ? FIRST + Number(name) : undefined;
  },

  parent: (_k, _sb, ino) => (ino === ROOT ? undefined : ROOT),

  list(k, sb, dir) {
    if (dir !== ROOT) return [];
    const slaves = live(k, sb).map(({ index }) => ({ name: String(index), ino: FIRST + index, type: S_IFCHR }));
    return [...slaves, { name: 'ptmx', ino: PTMX, type: S_IFCHR }];
  },
};

/** Changes owner or mode of a slave (fchown, fchmod on /dev/pts/N; the caller has checked the right). */
export function setSlaveAttributes(
  k: Kernel,
  sb: number,
  ino: number,
  change: { readonly uid?: Kuid; readonly gid?: Kgid; readonly mode?: number },
): boolean {
  for (const [id, tty] of k.state.ttys.entries()) {
    if (tty.devpts !== sb || tty.masters === 0 || tty.index !== ino - FIRST) continue;
    k.state = withState(k.state, { ttys: k.state.ttys.set(id, { ...tty, ...change }) });
    return true;
  }
  return false;
}
