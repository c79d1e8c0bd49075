// Ids of user namespaces ⇄ kernel ids. Counterpart: make_kuid, from_kuid_munged in kernel/user_namespace.c

import type { IdMapExtent, KernelState, Kgid, Kuid, UserNs } from '../state.ts';

const OVERFLOW = 65534;

function down(extents: readonly IdMapExtent[], id: number): number | undefined {
  for (const { inside, outside, count } of extents) if (id >= inside && id < inside + count) return outside + (id - inside);
  return undefined;
}

function up(extents: readonly IdMapExtent[], id: number): number | undefined {
  for (const { inside, outside, count } of extents) if (id >= outside && id < outside + count) return inside + (id - outside);
  return undefined;
}

function make(state: KernelState, ns: number, id: number, map: 'uidMap' | 'gidMap'): number | undefined {
  let space = state.userNs.get(ns) as UserNs;
  let at: number | undefined = id;
  for (;;) {
    at = down(space[map], at);
    if (at === undefined || space.parent === null) return at;
    space = state.userNs.get(space.parent) as UserNs;
  }
}

/** From the first namespace, whose ids the kernel's are, down to this one. */
function from(state: KernelState, ns: number, kid: number, map: 'uidMap' | 'gidMap'): number | undefined {
  const space = state.userNs.get(ns) as UserNs;
  const at = space.parent === null ? kid : from(state, space.parent, kid, map);
  return at === undefined ? undefined : up(space[map], at);
}

/** Kernel uid of a uid in a namespace; undefined without mapping. */
export const makeKuid = (state: KernelState, ns: number, uid: number): Kuid | undefined =>
  make(state, ns, uid, 'uidMap') as Kuid | undefined;
export const makeKgid = (state: KernelState, ns: number, gid: number): Kgid | undefined =>
  make(state, ns, gid, 'gidMap') as Kgid | undefined;
/** What a namespace shows for a kernel uid; 65534 without mapping. */
export const fromKuid = (state: KernelState, ns: number, uid: Kuid): number => from(state, ns, uid, 'uidMap') ?? OVERFLOW;
export const fromKgid = (state: KernelState, ns: number, gid: Kgid): number => from(state, ns, gid, 'gidMap') ?? OVERFLOW;
export const kuidMapped = (state: KernelState, ns: number, uid: Kuid): boolean => from(state, ns, uid, 'uidMap') !== undefined;
export const kgidMapped = (state: KernelState, ns: number, gid: Kgid): boolean => from(state, ns, gid, 'gidMap') !== undefined;
