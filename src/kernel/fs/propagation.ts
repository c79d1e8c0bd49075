// Shared, slave, private and unbindable mounts: what happens under one mount happens under its peers and their slaves, in whatever
// namespace they are. Counterpart: fs/pnode.c, fs/namespace.c; mount_namespaces(7) SHARED SUBTREES
// Deviates: numbers of peer groups are not used again; a copy that would come below another mount comes above it.

import { MS_PRIVATE, MS_REC, MS_SHARED, MS_SLAVE } from '#abi/flags.ts';
import type { Kernel } from '../context.ts';
import { withState } from '../copy.ts';
import type { Location, Mount, MountNs } from '../state.ts';
import { mountOf } from './inodes.ts';
import { attach, detach, isBelow, subtree } from './mounts.ts';

interface Member {
  readonly ns: number;
  readonly mount: Mount;
}

/** Every mount that is in a namespace. */
function* attached(k: Kernel): Generator<Member> {
  for (const [ns, space] of k.state.mountNs.entries()) for (const id of space.order) yield { ns, mount: mountOf(k, id) };
}

function newGroup(k: Kernel): number {
  const shared = k.state.peerGroups + 1;
  k.state = withState(k.state, { peerGroups: shared });
  return shared;
}

const APART = { shared: undefined, master: undefined, unbindable: undefined } as const;

const replace = (k: Kernel, mount: Mount): void => {
  k.state = withState(k.state, { mounts: k.state.mounts.set(mount.id, mount) });
};

/** Those whose master's group has lost its last member follow that member's own master. */
function adopt(k: Kernel, group: number, master: number | undefined): void {
  for (const { mount } of [...attached(k)]) if (mount.master === group) replace(k, { ...mount, master });
}

/** mount(2) with MS_SHARED, MS_PRIVATE, MS_SLAVE or MS_UNBINDABLE, with MS_REC for all below too. Counterpart: do_change_type, do_make_slave */
export function changePropagation(k: Kernel, ns: number, top: number, flags: number): void {
  const ids = flags & MS_REC ? subtree(k, k.state.mountNs.get(ns) as MountNs, top) : [top];
  if (flags & MS_SHARED) {
    for (const id of ids) replace(k, { ...mountOf(k, id), unbindable: undefined, shared: mountOf(k, id).shared ?? newGroup(k) });
    return;
  }
  const members = new Map<number, number>();
  for (const { mount } of attached(k)) if (mount.shared !== undefined) members.set(mount.shared, (members.get(mount.shared) ?? 0) + 1);
  for (const id of ids) {
    const mount = mountOf(k, id);
    const { shared } = mount;
    const others = shared === undefined ? 0 : (members.get(shared) as number) - 1;
    if (shared !== undefined) members.set(shared, others);
    const master = shared !== undefined && others > 0 ? shared : mount.master;
    if (flags & MS_SLAVE) {
      if (shared !== undefined) replace(k, { ...mount, ...APART, master });
    } else replace(k, { ...mount, ...APART, unbindable: flags & MS_PRIVATE ? undefined : true });
    if (shared !== undefined && others === 0) adopt(k, shared, mount.master);
  }
}

/** A place in another mount where the same thing happens, and what the copy there is to the original. */
interface Receiver extends Member {
  readonly as: 'peer' | 'slave';
  /** Those that follow this one's group are copies of this one's copy. */
  readonly behind: readonly Receiver[];
}

/** Who follows a mount: its peers, and slaves with those who follow them. Counterpart: propagation_next */
function receivers(k: Kernel, group: number, except: number, seen: Set<number>): readonly Receiver[] {
  const all = [...attached(k)].filter(({ mount }) => mount.id !== except && !seen.has(mount.id));
  // A ring in which a copy stands behind its original: the newest comes first.
  const peers = all.filter(({ mount }) => mount.shared === group).sort((a, b) => b.mount.id - a.mount.id);
  for (const { mount } of peers) seen.add(mount.id);
  const slaves = all.filter(({ mount }) => mount.master === group && mount.shared !== group);
  return [
    ...peers.map((one) => ({ ...one, as: 'peer' as const, behind: [] })),
    ...slaves.flatMap((one): Receiver[] => {
      if (seen.has(one.mount.id)) return [];
      seen.add(one.mount.id);
      return [{ ...one, as: 'slave', behind: one.mount.shared === undefined ? [] : receivers(k, one.mount.shared, one.mount.id, seen) }];
    }),
  ];
}

const seesPlace = (k: Kernel, mount: Mount, ino: number): boolean => isBelow(k, mount.sb, ino, mount.root);

/** Copies a tree to a receiver's side of a place. */
function replicate(k: Kernel, tree: readonly number[], ino: number, receivers: readonly Receiver[]): void {
  for (const { ns, mount: where, as, behind } of receivers) {
    if (!seesPlace(k, where, ino)) continue;
    const foreign = (k.state.mountNs.get(ns) as MountNs).userNs !== 0;
    const copies = new Map<number, number>();
    for (const [index, id] of tree.entries()) {
      const source = mountOf(k, id);
      if (source.unbindable && index > 0) continue;
      const at: Partial<Location> | null =
        index === 0 ? { mount: where.id, ino } : source.at && { mount: copies.get(source.at.mount), ino: source.at.ino };
      if (at?.mount === undefined || at.ino === undefined) continue;
      const group = source.shared as number;
      const own =
        as === 'peer'
          ? { shared: group, master: source.master }
          : { master: group, ...(where.shared !== undefined && { shared: newGroup(k) }) };
      copies.set(id, attach(k, ns, { mount: at.mount, ino: at.ino }, { ...source, ...APART, ...own, locked: foreign }));
    }
    if (behind.length > 0) replicate(k, [...copies.values()], ino, behind);
  }
}

/** After a tree of mounts has come to a place: its peers and their slaves get it too. Counterpart: propagate_mnt, invent_group_ids */
export function propagateAttach(k: Kernel, ns: number, top: number): void {
  const { at } = mountOf(k, top);
  const parent = at === null ? undefined : mountOf(k, at.mount);
  if (at === null || parent?.shared === undefined) return;
  const tree = subtree(k, k.state.mountNs.get(ns) as MountNs, top);
  for (const id of tree) if (mountOf(k, id).shared === undefined) replace(k, { ...mountOf(k, id), shared: newGroup(k) });
  replicate(k, tree, at.ino, receivers(k, parent.shared, parent.id, new Set([parent.id])));
}

/** Takes a tree of mounts away, and with it what stands at the same place of those who follow. Counterpart: propagate_umount */
export function detachEverywhere(k: Kernel, ns: number, top: number): void {
  const { at } = mountOf(k, top);
  const parent = at === null ? undefined : mountOf(k, at.mount);
  const leaving: [number, readonly number[]][] = [[ns, subtree(k, k.state.mountNs.get(ns) as MountNs, top)]];
  const visit = (one: Receiver): void => {
    const space = k.state.mountNs.get(one.ns) as MountNs;
    const child = space.order.findLast((id) => mountOf(k, id).at?.mount === one.mount.id && mountOf(k, id).at?.ino === at?.ino);
    if (child !== undefined) leaving.push([one.ns, subtree(k, space, child)]);
    for (const next of one.behind) visit(next);
  };
  if (parent?.shared !== undefined) for (const one of receivers(k, parent.shared, parent.id, new Set([parent.id]))) visit(one);
  for (const [space, ids] of leaving) {
    const gone = ids.map((id) => mountOf(k, id)).filter(({ shared }) => shared !== undefined);
    detach(k, space, ids);
    if (gone.length === 0) continue;
    const left = new Set([...attached(k)].map(({ mount }) => mount.shared));
    for (const { shared, master } of gone) if (!left.has(shared)) adopt(k, shared as number, master);
  }
}
