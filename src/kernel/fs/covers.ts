// Which mount stands on which place of a mount namespace. Counterpart: fs/namespace.c __lookup_mnt, follow_mount

import { PVec } from '#base/pvec.ts';
import type { Kernel } from '../context.ts';
import type { Location, MountNs } from '../state.ts';
import { mountOf } from './inodes.ts';

/** By mount of the namespace: inode → what is mounted there. */
type Covers = PVec<ReadonlyMap<number, number>>;

const NOTHING: ReadonlyMap<number, number> = new Map();

/** Computed once per version of a namespace: mounts change seldom, paths are walked all the time. */
const covers = new WeakMap<MountNs, Covers>();
/** The one asked for last: a path asks several times in a row. */
let recent: { readonly space: MountNs; readonly known: Covers } | undefined;

const covered = (known: Covers, at: Location, id: number): Covers => {
  const inside = known.get(at.mount);
  // A place of another namespace, as reached through /proc/PID/root, shows what its own namespace has there.
  return inside === undefined ? known : known.set(at.mount, new Map(inside).set(at.ino, id));
};

function coversOf(k: Kernel, space: MountNs): Covers {
  if (recent?.space === space) return recent.known;
  let known = covers.get(space);
  if (known === undefined) {
    known = PVec.empty<ReadonlyMap<number, number>>().edit((set) => {
      for (const id of space.order) set(id, NOTHING);
    });
    for (const id of space.order) {
      const { at } = mountOf(k, id);
      if (at !== null) known = covered(known, at, id);
    }
    covers.set(space, known);
  }
  recent = { space, known };
  return known;
}

/** Tells that a version of a namespace differs from an older one by one mount more, so that nothing has to be computed anew. */
export function mountAdded(older: MountNs, newer: MountNs, at: Location, id: number): void {
  const known = covers.get(older);
  if (known !== undefined) covers.set(newer, covered(known, at, id).set(id, NOTHING));
}

/** What is known of the namespace that a mount is in: the asker's own, if that has it. */
function coversAround(k: Kernel, ns: number, mount: number): Covers {
  let known = coversOf(k, k.state.mountNs.get(ns) as MountNs);
  if (known.get(mount) === undefined) {
    for (const [, space] of k.state.mountNs.entries()) {
      const other = coversOf(k, space);
      if (other.get(mount) !== undefined) known = other;
    }
  }
  return known;
}

/** The inodes of a mount on which something is mounted. */
export const coveredIn = (k: Kernel, ns: number, mount: number): ReadonlyMap<number, number> =>
  coversAround(k, ns, mount).get(mount) ?? NOTHING;

/** What is mounted on top of a place, if anything: the innermost mount's root. */
export function crossMounts(k: Kernel, ns: number, at: Location): Location {
  const known = coversAround(k, ns, at.mount);
  for (let here = at; ; ) {
    const id = known.get(here.mount)?.get(here.ino);
    if (id === undefined) return here;
    here = { mount: id, ino: mountOf(k, id).root };
  }
}

/** The mounts of a namespace that stand on an inode, through whichever mount it is seen. */
export function mountsOn(k: Kernel, space: MountNs, sb: number, ino: number): readonly number[] {
  const found: number[] = [];
  for (const [mount, inside] of coversOf(k, space).entries()) {
    const id = inside.get(ino);
    if (id !== undefined && mountOf(k, mount).sb === sb) found.push(id);
  }
  return found;
}
