// Ids and pids as a reader sees them. Counterpart: from_kuid_munged, task_pid_nr_ns

import { fromKgid, fromKuid, makeKgid, makeKuid } from '../cred/ids.ts';
import type { KernelState, Kgid, Kuid, NsType, Task } from '../state.ts';

/** Root of a user namespace as a kernel id; the initial root where it is not mapped. */
export function rootOf(state: KernelState, ns: number): { readonly uid: Kuid; readonly gid: Kgid } {
  return { uid: makeKuid(state, ns, 0) ?? (0 as Kuid), gid: makeKgid(state, ns, 0) ?? (0 as Kgid) };
}

/** The text of /proc/PID/uid_map or gid_map: the outer ids are those of the reader, or of the parent for a reader inside. */
export function idMapText(state: KernelState, ns: number, reader: number, which: 'uidMap' | 'gidMap'): string {
  const column = (value: number): string => String(value).padStart(10);
  const space = state.userNs.get(ns);
  if (space === undefined) return '';
  const parent = space.parent;
  if (parent === null) return `${column(0)} ${column(0)} ${column(4294967295)}\n`;
  const through = reader === ns ? parent : reader;
  const lines = space[which].map(({ inside, outside, count }) => {
    const kuid = makeKuid(state, parent, outside);
    const kgid = makeKgid(state, parent, outside);
    const shown = which === 'uidMap' ? kuid && fromKuid(state, through, kuid) : kgid && fromKgid(state, through, kgid);
    return `${column(inside)} ${column(shown ?? outside)} ${column(count)}\n`;
  });
  return lines.join('');
}

const NS_TYPES: readonly NsType[] = ['user', 'mnt', 'uts', 'pid', 'net', 'ipc', 'cgroup'];
const FIRST_NS_INO: Readonly<Record<NsType, number>> = {
  mnt: 4026531832,
  net: 4026531833,
  cgroup: 4026531835,
  pid: 4026531836,
  user: 4026531837,
  uts: 4026531838,
  ipc: 4026531839,
};

/** The inode number that names a namespace in /proc/PID/ns. Counterpart: proc_alloc_inum */
export const nsIno = (type: NsType, id: number): number => (id === 0 ? FIRST_NS_INO[type] : 4026532160 + id * 8 + NS_TYPES.indexOf(type));

/** Pids of a task from one namespace inwards, as NSpid lists them. */
export function pidsFrom(state: KernelState, task: Task, ns: number): readonly number[] {
  const levels = (state.pidNs.get(task.pidNs)?.level ?? 0) - (state.pidNs.get(ns)?.level ?? 0);
  return levels < 0 ? [0] : task.pids.slice(0, levels + 1).reverse();
}

/** What a namespace is called in /proc/PID/ns and in mountinfo: `net:[4026532160]`. */
export const nsName = (type: NsType, id: number): string => `${type}:[${nsIno(type, id)}]`;
