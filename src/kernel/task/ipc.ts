// System V IPC: shared memory, semaphores and message queues of an IPC namespace: who may find, read and remove them.
// Counterpart: ipc/util.c, shmget(2), semget(2), msgget(2), shmctl(2), ipc_namespaces(7); Linux 6.18
// Deviates: they have no contents: nothing is attached, counted up or sent.

import { check, deny } from '#provenance/verdict.ts';
import { err, type Kernel, type Outcome, ok, type Res } from '../context.ts';
import { withState } from '../copy.ts';
import { lacks } from '../cred/lacks.ts';
import { need } from '../cred/need.ts';
import { inGroup } from '../fs/permission.ts';
import type { IpcKind, IpcObject, IpcTable, PlainNs, Task } from '../state.ts';

type Rule = (k: Kernel, task: Task, args: readonly number[]) => Outcome<number>;

const IPC_PRIVATE = 0;
const IPC_CREAT = 0o1000;
const IPC_EXCL = 0o2000;
export const IPC_RMID = 0;
export const IPC_SET = 1;
export const IPC_STAT = 2;
const READ = 0o444;
/** Ids carry in their upper part how often the numbers began again. */
const SEQUENCE = 15;
const LEAST_CYCLE = 64;
const EMPTY: IpcTable = { sequence: 0, last: -1, objects: [] };

const spaceOf = (k: Kernel, task: Task): PlainNs => k.state.ipcNs.get(task.ipcNs) as PlainNs;
const tableOf = (k: Kernel, task: Task, kind: IpcKind): IpcTable => spaceOf(k, task).ipc?.[kind] ?? EMPTY;

function store(k: Kernel, task: Task, kind: IpcKind, table: IpcTable): void {
  const space = spaceOf(k, task);
  k.state = withState(k.state, { ipcNs: k.state.ipcNs.set(task.ipcNs, { ...space, ipc: { ...space.ipc, [kind]: table } }) });
}

/** May the caller use the object so? `wanted`: bits as in a mode. Counterpart: ipcperms */
function allowed(k: Kernel, task: Task, object: IpcObject, wanted: number): Res<number> {
  const { cred } = task;
  const owner = cred.euid === object.uid || cred.euid === object.cuid;
  const group = inGroup(cred, object.gid) || inGroup(cred, object.cgid);
  const [decided, granted] = owner
    ? (['owner', object.mode >> 6] as const)
    : group
      ? (['group', object.mode >> 3] as const)
      : (['other', object.mode] as const);
  const want = ((wanted >> 6) | (wanted >> 3) | wanted) & 7;
  const { userNs } = spaceOf(k, task);
  if ((want & ~granted) === 0 || need(k, task, userNs, 'CAP_IPC_OWNER').ok) return ok(object.id);
  const operands = { euid: cred.euid, egid: cred.egid, groups: cred.groups, mode: object.mode, uid: object.uid, gid: object.gid, want };
  return err('EACCES', deny([check(`ipc.${decided}`, 'deny', operands), lacks(cred, 'CAP_IPC_OWNER', userNs)]));
}

function make(k: Kernel, task: Task, kind: IpcKind, key: number, size: number, mode: number): number {
  const table = tableOf(k, task, kind);
  const taken = new Set(table.objects.map(({ id }) => id & (2 ** SEQUENCE - 1)));
  const cycle = Math.max(LEAST_CYCLE, Math.floor((taken.size * 3) / 2));
  let index = table.last + 1;
  for (let left = cycle; left > 0 && (index >= cycle || taken.has(index)); left--) index = index + 1 >= cycle ? 0 : index + 1;
  const sequence = index <= table.last ? table.sequence + 1 : table.sequence;
  const id = sequence * 2 ** SEQUENCE + index;
  const { euid: uid, egid: gid } = task.cred;
  const object = {
    id,
    key,
    uid,
    gid,
    cuid: uid,
    cgid: gid,
    mode: mode & 0o777,
    size,
    cpid: task.pids,
    pidNs: task.pidNs,
    ctime: k.state.realtime / 1_000_000_000n,
  };
  // The tables of /proc list them by their numbers.
  const objects = [...table.objects, object].sort((a, b) => (a.id & (2 ** SEQUENCE - 1)) - (b.id & (2 ** SEQUENCE - 1)));
  store(k, task, kind, { sequence, last: index, objects });
  return id;
}

/** shmget(key, size, flags), semget(key, number, flags), msgget(key, 0, flags). */
const get =
  (kind: IpcKind, largest: number): Rule =>
  (k, task, [key = 0, size = 0, flags = 0]) => {
    const found = key === IPC_PRIVATE ? undefined : tableOf(k, task, kind).objects.find((object) => object.key === key);
    if (found !== undefined) {
      if ((flags & IPC_CREAT) !== 0 && (flags & IPC_EXCL) !== 0) return err('EEXIST');
      return kind !== 'msg' && size > found.size ? err('EINVAL') : allowed(k, task, found, flags);
    }
    if (key !== IPC_PRIVATE && (flags & IPC_CREAT) === 0) return err('ENOENT');
    if (kind !== 'msg' && (size < 1 || size > largest)) return err('EINVAL');
    return ok(make(k, task, kind, key, size, flags));
  };

/** shmctl(id, command, uid, gid, mode) and its like; the last three are for IPC_SET. What IPC_STAT fills in stands in /proc/sysvipc. */
const control =
  (kind: IpcKind): Rule =>
  (k, task, [id = -1, command = 0, uid = 0, gid = 0, mode = 0]) => {
    const table = tableOf(k, task, kind);
    const found = table.objects.find((object) => object.id === id);
    if (found === undefined) return err('EINVAL');
    if (command === IPC_STAT) {
      const may = allowed(k, task, found, READ);
      return may.ok ? ok(0) : may;
    }
    if (command !== IPC_RMID && command !== IPC_SET) return err('EINVAL');
    const { euid } = task.cred;
    if (euid !== found.uid && euid !== found.cuid) {
      const may = need(k, task, spaceOf(k, task).userNs, 'CAP_SYS_ADMIN');
      if (!may.ok) return err('EPERM', deny([check('ipc.creator', 'deny', { euid, uid: found.uid }), ...may.verdict.checks]));
    }
    const rest = table.objects.filter((object) => object !== found);
    const changed = { ...found, uid: uid as typeof found.uid, gid: gid as typeof found.gid, mode: mode & 0o777 };
    store(k, task, kind, {
      ...table,
      objects: command === IPC_RMID ? rest : table.objects.map((object) => (object === found ? changed : object)),
    });
    return ok(0);
  };

const SHMMAX = 2 ** 64 - 2 ** 24;
const SEMMSL = 32000;

/** Rules by the name of the call. */
export const ipcRules: Readonly<Record<string, Rule>> = {
  shmget: get('shm', SHMMAX),
  semget: get('sem', SEMMSL),
  msgget: get('msg', 0),
  shmctl: control('shm'),
  semctl: control('sem'),
  msgctl: control('msg'),
};
