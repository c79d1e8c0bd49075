// /proc/sysvipc: the objects of the reader's IPC namespace, whoever may use them. Counterpart: sysvipc_proc_show of ipc/shm.c, sem.c, msg.c

import { fromKgid, fromKuid } from '../cred/ids.ts';
import type { IpcKind, IpcObject, KernelState } from '../state.ts';
import { dir, file, type TreeNode, type View } from './view.ts';

const HEADS: Readonly<Record<IpcKind, string>> = {
  shm: '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap',
  sem: '       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime',
  msg: '       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime      rtime      ctime',
};

/** The maker's pid as a namespace counts; 0 where it is not seen. */
function makerIn(state: KernelState, { cpid, pidNs }: IpcObject, viewer: number): number {
  let ns: number | null = pidNs;
  for (const pid of cpid) {
    if (ns === viewer) return pid;
    ns = ns === null ? null : (state.pidNs.get(ns)?.parent ?? null);
  }
  return 0;
}

function line({ k, viewer }: View, kind: IpcKind, object: IpcObject): string {
  const at = (value: number | bigint, width: number): string => String(value).padStart(width);
  const ns = viewer.cred.userNs;
  const user = (uid: IpcObject['uid']): string => at(fromKuid(k.state, ns, uid), 5);
  const group = (gid: IpcObject['gid']): string => at(fromKgid(k.state, ns, gid), 5);
  const owners = [user(object.uid), group(object.gid), user(object.cuid), group(object.cgid)].join(' ');
  // Keys are shown as signed numbers.
  const start = `${at(object.key | 0, 10)} ${at(object.id, 10)}  ${object.mode.toString(8).padStart(4)}`;
  const cpid = makerIn(k.state, object, viewer.pidNs);
  if (kind === 'shm')
    return `${start} ${at(object.size, 21)} ${at(cpid, 5)} ${at(0, 5)}  ${at(0, 5)} ${owners} ${at(0, 10)} ${at(0, 10)} ${at(object.ctime, 10)} ${at(0, 21)} ${at(0, 21)}\n`;
  if (kind === 'sem') return `${start} ${at(object.size, 10)} ${owners} ${at(0, 10)} ${at(object.ctime, 10)}\n`;
  return `${start}  ${at(0, 10)} ${at(0, 10)} ${at(0, 5)} ${at(0, 5)} ${owners} ${at(0, 10)} ${at(0, 10)} ${at(object.ctime, 10)}\n`;
}

const table = (kind: IpcKind): TreeNode =>
  file(`sysvipc/${kind}`, (view) => {
    const objects = view.k.state.ipcNs.get(view.viewer.ipcNs)?.ipc?.[kind]?.objects ?? [];
    return `${HEADS[kind]}\n${objects.map((object) => line(view, kind, object)).join('')}`;
  });

/** The directory and its files, in the order of their names. */
export const sysvipcNodes: readonly TreeNode[] = [dir('sysvipc'), table('msg'), table('sem'), table('shm')];
