// Making and joining namespaces. Counterpart: kernel/nsproxy.c, user_namespaces(7), unshare(2), setns(2)

import { CAP_ALL, CAP_NONE } from '#abi/capability.ts';
import {
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWTIME,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
} from '#abi/flags.ts';
import { PVec } from '#base/pvec.ts';
import type { RuleId } from '#provenance/rules.ts';
import { DONE, err, type Handlers, type Kernel, ok, type Res, refuse } from '../context.ts';
import { withState } from '../copy.ts';
import { crossMounts } from '../fs/covers.ts';
import { copyMountNs } from '../fs/mounts.ts';
import { releaseMountNs } from '../fs/reclaim.ts';
import type { Credentials, MountNs, NsType, Task, UserNs, UtsNs } from '../state.ts';
import { pidNsContains } from '../task/ids.ts';
import { withStep } from './change.ts';
import { kgidMapped, kuidMapped } from './ids.ts';
import { need } from './need.ts';

const MAX_LEVEL = 32;
const ALL_FLAGS = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWTIME;

/** Namespace flag of a namespace type. */
export const NS_FLAG: Readonly<Record<NsType, number>> = {
  mnt: CLONE_NEWNS,
  uts: CLONE_NEWUTS,
  pid: CLONE_NEWPID,
  user: CLONE_NEWUSER,
  net: CLONE_NEWNET,
  ipc: CLONE_NEWIPC,
  cgroup: CLONE_NEWCGROUP,
};

/** Full capabilities over a user namespace just made or joined. Counterpart: set_cred_user_ns */
const fullCredentials = (cred: Credentials, userNs: number, rule: RuleId): Credentials =>
  withStep(
    cred,
    { userNs, securebits: 0, inheritable: CAP_NONE, permitted: CAP_ALL, effective: CAP_ALL, ambient: CAP_NONE, bounding: CAP_ALL },
    rule,
    { userNs, permitted: CAP_ALL },
  );

function createUserNs(k: Kernel, task: Task): Res<Credentials> {
  const parent = k.state.userNs.get(task.cred.userNs) as UserNs;
  if (parent.level >= MAX_LEVEL) return refuse('ENOSPC', 'userns.nesting', { level: parent.level, limit: MAX_LEVEL });
  const limit = Number(k.state.sysctls['user/max_user_namespaces'] ?? Infinity);
  if (k.state.userNs.length - 1 >= limit) return refuse('ENOSPC', 'userns.max', { namespaces: k.state.userNs.length - 1, limit });
  const top = k.state.mountNs.get(task.mountNs) as MountNs;
  const chrooted = task.root.mount !== top.root || task.root.ino !== k.state.mounts.get(task.root.mount)?.root;
  if (chrooted) return refuse('EPERM', 'userns.chroot');
  if (!kuidMapped(k.state, task.cred.userNs, task.cred.euid) || !kgidMapped(k.state, task.cred.userNs, task.cred.egid))
    return refuse('EPERM', 'userns.mapped', { euid: task.cred.euid, egid: task.cred.egid, userNs: task.cred.userNs });
  const id = k.state.userNs.length;
  const space: UserNs = {
    parent: task.cred.userNs,
    owner: task.cred.euid,
    ownerGid: task.cred.egid,
    uidMap: [],
    gidMap: [],
    setgroups: parent.setgroups,
    level: parent.level + 1,
  };
  k.state = withState(k.state, { userNs: k.state.userNs.push(space) });
  return ok(fullCredentials(task.cred, id, 'userns.create'));
}

/**
 * Makes the namespaces that flags ask for and gives the fields of the task that will be in them. The user namespace comes
 * first and its capabilities count for the others. Counterpart: copy_namespaces, unshare_nsproxy_namespaces
 */
export function createNamespaces(k: Kernel, task: Task, flags: number): Res<Partial<Task>> {
  let change: Partial<Task> = {};
  let cred = task.cred;
  if (flags & CLONE_NEWUSER) {
    const made = createUserNs(k, task);
    if (!made.ok) return made;
    cred = made.value;
    change = { cred };
  }
  if ((flags & ALL_FLAGS & ~CLONE_NEWUSER) === 0) return ok(change);
  const may = need(k, { ...task, cred }, cred.userNs, 'CAP_SYS_ADMIN');
  if (!may.ok) return may;
  const userNs = cred.userNs;
  if (flags & CLONE_NEWNS) {
    const copied = copyMountNs(k, { ...task, cred }, userNs);
    change = { ...change, ...copied };
  }
  if (flags & CLONE_NEWUTS) {
    change = { ...change, utsNs: k.state.utsNs.length };
    k.state = withState(k.state, { utsNs: k.state.utsNs.push({ ...(k.state.utsNs.get(task.utsNs) as UtsNs), userNs }) });
  }
  if (flags & CLONE_NEWIPC) {
    change = { ...change, ipcNs: k.state.ipcNs.length };
    k.state = withState(k.state, { ipcNs: k.state.ipcNs.push({ userNs, sysctls: k.state.ipcNs.get(0)?.sysctls ?? {} }) });
  }
  if (flags & CLONE_NEWNET) {
    change = { ...change, netNs: k.state.netNs.length };
    k.state = withState(k.state, { netNs: k.state.netNs.push({ userNs, sysctls: freshNetSysctls }) });
  }
  if (flags & CLONE_NEWCGROUP) {
    change = { ...change, cgroupNs: k.state.cgroupNs.length };
    k.state = withState(k.state, { cgroupNs: k.state.cgroupNs.push({ userNs, sysctls: { root: task.cgroup } }) });
  }
  if (flags & CLONE_NEWPID) {
    const parent = task.pidNsForChildren;
    const level = (k.state.pidNs.get(parent)?.level ?? 0) + 1;
    if (level > MAX_LEVEL) return err('ENOSPC');
    change = { ...change, pidNsForChildren: k.state.pidNs.length };
    k.state = withState(k.state, {
      pidNs: k.state.pidNs.push({ parent, userNs, level, lastPid: 0, init: null, members: PVec.empty(), live: 0 }),
    });
  }
  return ok(change);
}

/** Values a new network namespace starts with. Counterpart: net/ipv4/af_inet.c inet_init_net */
export const freshNetSysctls: Readonly<Record<string, string>> = {
  'net/ipv4/ip_forward': '0',
  'net/ipv4/ip_unprivileged_port_start': '1024',
  'net/ipv4/ping_group_range': '1\t0',
  'net/ipv4/ip_local_port_range': '32768\t60999',
  'net/ipv4/tcp_syncookies': '1',
  'net/core/somaxconn': '4096',
};

/** Owner of a namespace. */
function ownerOf(k: Kernel, type: NsType, id: number): number | undefined {
  const { state } = k;
  switch (type) {
    case 'user':
      return state.userNs.get(id) && id;
    case 'mnt':
      return state.mountNs.get(id)?.userNs;
    case 'uts':
      return state.utsNs.get(id)?.userNs;
    case 'pid':
      return state.pidNs.get(id)?.userNs;
    case 'net':
      return state.netNs.get(id)?.userNs;
    case 'ipc':
      return state.ipcNs.get(id)?.userNs;
    case 'cgroup':
      return state.cgroupNs.get(id)?.userNs;
  }
}

export const namespaceHandlers: Handlers<'unshare' | 'setns'> = {
  unshare(k, task, flags) {
    if (flags & ~ALL_FLAGS) return err('EINVAL');
    const made = createNamespaces(k, task, flags);
    if (!made.ok) return made;
    k.updateTask(task.id, made.value);
    releaseMountNs(k, made.value.mountNs === undefined ? 0 : task.mountNs);
    return DONE;
  },

  setns(k, task, fd, flags) {
    const file = k.state.files.get(task.fds[fd]?.file ?? -1);
    if (file === undefined) return err('EBADF');
    if (file.target.kind !== 'ns') return err('EINVAL');
    const { type, ns } = file.target;
    if (flags !== 0 && flags !== NS_FLAG[type]) return err('EINVAL');
    const owner = ownerOf(k, type, ns);
    if (owner === undefined) return err('EINVAL');
    if (type === 'user' && ns === task.cred.userNs) return err('EINVAL');
    const may = need(k, task, owner, 'CAP_SYS_ADMIN');
    if (!may.ok) return may;
    if (type === 'user') {
      k.updateTask(task.id, { cred: fullCredentials(task.cred, ns, 'userns.join') });
      return DONE;
    }
    const own = need(k, task, task.cred.userNs, type === 'mnt' ? 'CAP_SYS_CHROOT' : 'CAP_SYS_ADMIN');
    if (!own.ok) return own;
    k.updateTask(task.id, joined(k, type, ns));
    if (type === 'mnt') releaseMountNs(k, task.mountNs);
    return type === 'pid' && !pidNsContains(k.state, task.pidNs, ns) ? err('EINVAL') : DONE;
  },
};

function joined(k: Kernel, type: Exclude<NsType, 'user'>, ns: number): Partial<Task> {
  switch (type) {
    case 'mnt': {
      const root = (k.state.mountNs.get(ns) as MountNs).root;
      const at = crossMounts(k, ns, { mount: root, ino: k.state.mounts.get(root)?.root ?? 0 });
      return { mountNs: ns, root: at, cwd: at };
    }
    case 'uts':
      return { utsNs: ns };
    case 'pid':
      return { pidNsForChildren: ns };
    case 'net':
      return { netNs: ns };
    case 'ipc':
      return { ipcNs: ns };
    case 'cgroup':
      return { cgroupNs: ns };
  }
}
