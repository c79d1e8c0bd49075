// Copies of the big values of the state with some fields replaced. An object spread costs Node some 50 ns a field, a literal
// that names the fields two; states, tasks, inodes and superblocks are copied several times in every system call.
// A field that is missing here is a type error.

import type { Inode, KernelState, Superblock, Task } from './state.ts';

type Whole<T> = { -readonly [K in keyof Required<T>]: T[K] };

export function withState(old: KernelState, change: Partial<KernelState>): KernelState {
  const next: Whole<KernelState> = {
    realtime: old.realtime,
    monotonic: old.monotonic,
    userNs: old.userNs,
    pidNs: old.pidNs,
    utsNs: old.utsNs,
    ipcNs: old.ipcNs,
    netNs: old.netNs,
    cgroupNs: old.cgroupNs,
    mountNs: old.mountNs,
    superblocks: old.superblocks,
    mounts: old.mounts,
    peerGroups: old.peerGroups,
    files: old.files,
    pipes: old.pipes,
    ttys: old.ttys,
    tasks: old.tasks,
    pidsMax: old.pidsMax,
    cgroupFiles: old.cgroupFiles,
    sysctls: old.sysctls,
    random: old.random,
    log: old.log,
    audit: old.audit,
    lsm: old.lsm,
  };
  return Object.assign(next, change);
}

export function withTask(old: Task, change: Partial<Task>): Task {
  const next: Whole<Task> = {
    id: old.id,
    pids: old.pids,
    pidNs: old.pidNs,
    pidNsForChildren: old.pidNsForChildren,
    ppid: old.ppid,
    children: old.children,
    pgrp: old.pgrp,
    session: old.session,
    tty: old.tty,
    state: old.state,
    exit: old.exit,
    comm: old.comm,
    argv: old.argv,
    envp: old.envp,
    exe: old.exe,
    cred: old.cred,
    noNewPrivs: old.noNewPrivs,
    dumpable: old.dumpable,
    seccomp: old.seccomp,
    umask: old.umask,
    cwd: old.cwd,
    root: old.root,
    mountNs: old.mountNs,
    utsNs: old.utsNs,
    ipcNs: old.ipcNs,
    netNs: old.netNs,
    cgroupNs: old.cgroupNs,
    cgroup: old.cgroup,
    fds: old.fds,
    dispositions: old.dispositions,
    blocked: old.blocked,
    pending: old.pending,
    caught: old.caught,
    pdeathsig: old.pdeathsig,
    subreaper: old.subreaper,
    nice: old.nice,
    policy: old.policy,
    priority: old.priority,
    ioprio: old.ioprio,
    affinity: old.affinity,
    oomScoreAdj: old.oomScoreAdj,
    oomScoreAdjMin: old.oomScoreAdjMin,
    rlimits: old.rlimits,
    startTime: old.startTime,
    utime: old.utime,
    cutime: old.cutime,
    wait: old.wait,
    alarm: old.alarm,
    lastDenial: old.lastDenial,
    loginuid: old.loginuid,
    flags: old.flags,
    listening: old.listening,
    traced: old.traced,
    tracing: old.tracing,
  };
  return Object.assign(next, change);
}

export function withInode(old: Inode, change: Partial<Inode>): Inode {
  const next: Whole<Inode> = {
    ino: old.ino,
    mode: old.mode,
    uid: old.uid,
    gid: old.gid,
    nlink: old.nlink,
    atime: old.atime,
    mtime: old.mtime,
    ctime: old.ctime,
    btime: old.btime,
    rdev: old.rdev,
    file: old.file,
    dir: old.dir,
    target: old.target,
    xattrs: old.xattrs,
    acl: old.acl,
    defaultAcl: old.defaultAcl,
    flags: old.flags,
    linkable: old.linkable,
    pipe: old.pipe,
  };
  return Object.assign(next, change);
}

export function withSuperblock(old: Superblock, change: Partial<Superblock>): Superblock {
  const next: Whole<Superblock> = {
    fstype: old.fstype,
    dev: old.dev,
    source: old.source,
    options: old.options,
    readonly: old.readonly,
    userNs: old.userNs,
    root: old.root,
    inodes: old.inodes,
    nextIno: old.nextIno,
    layers: old.layers,
    bytes: old.bytes,
    sizeLimit: old.sizeLimit,
    inodeLimit: old.inodeLimit,
    live: old.live,
    ns: old.ns,
    nsfs: old.nsfs,
    context: old.context,
  };
  return Object.assign(next, change);
}
