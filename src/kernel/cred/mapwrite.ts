// Writing /proc/PID/uid_map, gid_map and setgroups. Counterpart: kernel/user_namespace.c map_write, proc_setgroups_write

import { err, type Kernel, ok, type Res, refuse } from '../context.ts';
import { withState } from '../copy.ts';
import type { IdMapExtent, Kgid, Kuid, Task, UserNs } from '../state.ts';
import { makeKgid, makeKuid } from './ids.ts';
import { capableWrt, need } from './need.ts';

const MAX_EXTENTS = 340;

function parse(text: string): IdMapExtent[] | undefined {
  const lines = text.split('\n').filter((line, at, all) => line !== '' || at < all.length - 1);
  if (lines.length === 0 || lines.length > MAX_EXTENTS) return undefined;
  const extents: IdMapExtent[] = [];
  for (const line of lines) {
    const fields = line.trim().split(/\s+/);
    if (fields.length !== 3 || !fields.every((field) => /^\d+$/.test(field))) return undefined;
    const [inside, outside, count] = fields.map(Number) as [number, number, number];
    if (count === 0 || inside + count > 0xffffffff || outside + count > 0xffffffff) return undefined;
    const clash = extents.some(
      (e) => (inside < e.inside + e.count && e.inside < inside + count) || (outside < e.outside + e.count && e.outside < outside + count),
    );
    if (clash) return undefined;
    extents.push({ inside, outside, count });
  }
  return extents;
}

/**
 * Writes the uid or gid map of the user namespace of `target`; the number of bytes taken. Only once; the writer must be in
 * the namespace or its parent, and without CAP_SETUID/CAP_SETGID in the parent may only map its own id, giving up
 * setgroups first for gids.
 */
export function writeIdMap(k: Kernel, writer: Task, target: Task, which: 'uid' | 'gid', text: string): Res<number> {
  const id = target.cred.userNs;
  const ns = k.state.userNs.get(id) as UserNs;
  if (ns.parent === null) return refuse('EPERM', 'userns.map_initial');
  if (writer.cred.userNs !== id && writer.cred.userNs !== ns.parent)
    return refuse('EPERM', 'userns.map_writer', { userNs: writer.cred.userNs, targetUserNs: id, parent: ns.parent });
  if ((which === 'uid' ? ns.uidMap : ns.gidMap).length > 0) return refuse('EPERM', 'userns.map_once', { userNs: id });
  const over = capableWrt(k, writer.cred, id, 'CAP_SYS_ADMIN');
  if (!over.ok) return over;
  const extents = parse(text);
  if (extents === undefined) return err('EINVAL');
  const may = mapAllowed(k, writer, ns, which, extents);
  if (!may.ok) return may;
  const make = which === 'uid' ? makeKuid : makeKgid;
  for (const { outside, count } of extents) {
    const first = make(k.state, ns.parent, outside);
    const last = make(k.state, ns.parent, outside + count - 1);
    if (first === undefined || last === undefined || last - first !== count - 1)
      return refuse('EPERM', 'userns.map_range', { outside, count, parent: ns.parent });
  }
  k.state = withState(k.state, { userNs: k.state.userNs.set(id, { ...ns, [which === 'uid' ? 'uidMap' : 'gidMap']: extents }) });
  return ok(text.length);
}

function mapAllowed(k: Kernel, writer: Task, ns: UserNs, which: 'uid' | 'gid', extents: readonly IdMapExtent[]): Res<void> {
  const parent = ns.parent as number;
  const [only] = extents;
  const make = which === 'uid' ? makeKuid : makeKgid;
  if (extents.length === 1 && only !== undefined && only.count === 1 && ns.owner === writer.cred.euid) {
    const outer: Kuid | Kgid | undefined = make(k.state, parent, only.outside);
    if (which === 'uid' ? outer === writer.cred.euid : outer === writer.cred.egid && ns.setgroups === 'deny') return ok(undefined);
  }
  return need(k, writer, parent, which === 'uid' ? 'CAP_SETUID' : 'CAP_SETGID');
}

/** Writes /proc/PID/setgroups: "deny" is for ever, and only before the gid map is written, even where it is the rule already. */
export function writeSetgroups(k: Kernel, writer: Task, target: Task, text: string): Res<number> {
  const id = target.cred.userNs;
  const ns = k.state.userNs.get(id) as UserNs;
  const word = text.trim();
  if (word !== 'allow' && word !== 'deny') return err('EINVAL');
  const may = capableWrt(k, writer.cred, id, 'CAP_SYS_ADMIN');
  if (!may.ok) return may;
  if (word === 'allow' ? ns.setgroups === 'deny' : ns.gidMap.length > 0)
    return refuse('EPERM', 'userns.setgroups', { asked: word, setgroups: ns.setgroups, gidMapped: ns.gidMap.length > 0 });
  k.state = withState(k.state, { userNs: k.state.userNs.set(id, { ...ns, setgroups: word }) });
  return ok(text.length);
}
