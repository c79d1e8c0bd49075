// The state right after boot: initial namespaces, a root file system, no task.

import { CAP_ALL, CAP_NONE } from '#abi/capability.ts';
import { makedev } from '#abi/mode.ts';
import { PVec } from '#base/pvec.ts';
import { freshNetSysctls } from '../cred/namespaces.ts';
import { initialLsm } from '../lsm/state.ts';
import type { Credentials, KernelState, Kgid, Kuid, UserNs } from '../state.ts';
import { createRoot } from './root.ts';
import type { MachineOptions } from './types.ts';

const ALL_IDS = [{ inside: 0, outside: 0, count: 4294967295 }];
const ROOT_USER = 0 as Kuid;
const ROOT_GROUP = 0 as Kgid;

/** Credentials of the first process: root with everything. */
export const ROOT_CRED: Credentials = {
  ruid: ROOT_USER,
  euid: ROOT_USER,
  suid: ROOT_USER,
  fsuid: ROOT_USER,
  rgid: ROOT_GROUP,
  egid: ROOT_GROUP,
  sgid: ROOT_GROUP,
  fsgid: ROOT_GROUP,
  groups: [],
  permitted: CAP_ALL,
  inheritable: CAP_NONE,
  effective: CAP_ALL,
  bounding: CAP_ALL,
  ambient: CAP_NONE,
  securebits: 0,
  userNs: 0,
  steps: [],
};

const DEFAULT_SYSCTLS: Readonly<Record<string, string>> = {
  'kernel/dmesg_restrict': '1',
  'kernel/pid_max': '4194304',
  'kernel/overflowuid': '65534',
  'kernel/overflowgid': '65534',
  'kernel/cap_last_cap': '40',
  'kernel/perf_event_paranoid': '2',
  'kernel/unprivileged_bpf_disabled': '2',
  'kernel/randomize_va_space': '2',
  'kernel/hostname': '',
  'kernel/panic': '10',
  'fs/protected_hardlinks': '1',
  'fs/protected_symlinks': '1',
  'fs/protected_regular': '1',
  'fs/protected_fifos': '1',
  'fs/suid_dumpable': '0',
  'fs/file-max': '9223372036854775807',
  'fs/nr_open': '1048576',
  'vm/swappiness': '60',
  'vm/overcommit_memory': '1',
  'user/max_user_namespaces': '128000',
};

/** The kernel as it is after boot. */
export function bootState(options: MachineOptions): KernelState {
  const { uname } = options;
  const root: UserNs = {
    parent: null,
    owner: ROOT_USER,
    ownerGid: ROOT_GROUP,
    uidMap: ALL_IDS,
    gidMap: ALL_IDS,
    setgroups: 'allow',
    level: 0,
  };
  const { superblock, mount } = createRoot(makedev(8, 1), options.startTime);
  return {
    realtime: options.startTime,
    monotonic: 0n,
    userNs: PVec.empty<UserNs>().push(root),
    pidNs: PVec.empty<KernelState['pidNs'] extends PVec<infer T> ? T : never>().push({
      parent: null,
      userNs: 0,
      level: 0,
      lastPid: 0,
      init: null,
      members: PVec.empty(),
      live: 0,
    }),
    utsNs: PVec.empty<{ userNs: number; nodename: string; domainname: string }>().push({
      userNs: 0,
      nodename: uname.nodename,
      domainname: '(none)',
    }),
    ipcNs: PVec.empty<{ userNs: number; sysctls: Readonly<Record<string, string>> }>().push({
      userNs: 0,
      sysctls: { ...IPC_SYSCTLS, ...options.ipcSysctls },
    }),
    netNs: PVec.empty<{ userNs: number; sysctls: Readonly<Record<string, string>> }>().push({
      userNs: 0,
      sysctls: { ...freshNetSysctls, ...options.netSysctls },
    }),
    cgroupNs: PVec.empty<{ userNs: number; sysctls: Readonly<Record<string, string>> }>().push({ userNs: 0, sysctls: { root: '/' } }),
    mountNs: PVec.empty<{ userNs: number; root: number; order: readonly number[] }>().push({
      userNs: 0,
      root: mount.id,
      order: [mount.id],
    }),
    superblocks: PVec.empty<typeof superblock>().push(superblock),
    mounts: PVec.empty<typeof mount>().set(mount.id, mount),
    peerGroups: 0,
    files: PVec.empty(),
    pipes: PVec.empty(),
    ttys: PVec.empty(),
    tasks: PVec.empty(),
    sysctls: {
      ...DEFAULT_SYSCTLS,
      'kernel/ostype': uname.sysname ?? 'Linux',
      'kernel/osrelease': uname.release,
      'kernel/version': uname.version,
      'kernel/arch': uname.machine ?? 'x86_64',
      'kernel/threads-max': String(options.maxTasks ?? 4096),
      'machine/memoryKiB': String(options.memoryKiB ?? 24_683_072),
      'machine/cpus': String(options.cpus ?? 2),
      ...options.sysctls,
    },
    random: options.seed ?? 1,
    log: [],
    ...(options.lsm !== undefined && { lsm: initialLsm(options.lsm) }),
  };
}

const IPC_SYSCTLS: Readonly<Record<string, string>> = {
  'kernel/shmmax': '18446744073692774399',
  'kernel/shmall': '18446744073692774399',
  'kernel/shmmni': '4096',
  'kernel/shm_rmid_forced': '0',
  'kernel/msgmax': '8192',
  'kernel/msgmnb': '16384',
  'kernel/msgmni': '32000',
  'kernel/sem': '32000\t1024000000\t500\t32000',
};
