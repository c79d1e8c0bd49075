// The machine as programs see it, seccomp(2), and calls of which only the permission can be seen.
// Counterpart: uname(2), sethostname(2), sysinfo(2), syslog(2), reboot(2), capabilities(7)

import type { Capability } from '#abi/capability.ts';
import type { Errno } from '#abi/errno.ts';
import { SIGHUP, SIGINT } from '#abi/signal.ts';
import { DONE, err, type Handlers, type Kernel, type Outcome, ok, type Res, refuse } from '../context.ts';
import { withState } from '../copy.ts';
import { fromKgid } from '../cred/ids.ts';
import { need } from '../cred/need.ts';
import type { PlainNs, Task, UtsNs } from '../state.ts';
import { pidNsOf, taskByPid } from './ids.ts';
import { ipcRules } from './ipc.ts';
import { DEFAULT_RLIMITS } from './limits.ts';
import { ptraceMayAccess } from './ptrace.ts';
import { schedulingRules } from './scheduling.ts';
import { terminate } from './signals.ts';

const sysctl = (k: Kernel, name: string, otherwise: string): string => k.state.sysctls[name] ?? otherwise;

function setUts(k: Kernel, task: Task, field: 'nodename' | 'domainname', name: string): Outcome<void> {
  const uts = k.state.utsNs.get(task.utsNs) as UtsNs;
  const may = need(k, task, uts.userNs, 'CAP_SYS_ADMIN');
  if (!may.ok) return may;
  if (name.length > 64) return err('EINVAL');
  k.state = withState(k.state, { utsNs: k.state.utsNs.set(task.utsNs, { ...uts, [field]: name }) });
  return DONE;
}

type Rule = (k: Kernel, task: Task, args: readonly number[]) => Outcome<number>;

/** The capability in the initial user namespace, else an error (EPERM); with it, an answer. */
const capable =
  (cap: Capability, errno: Errno = 'EPERM', then: Outcome<number> = ok(0)): Rule =>
  (k, task) => {
    const may = need(k, task, 0, cap);
    return may.ok ? then : err(errno, may.verdict);
  };

/** One of two capabilities in the initial user namespace. */
const either =
  (first: Capability, second: Capability, errno: Errno): Rule =>
  (k, task) => {
    const may = need(k, task, 0, first);
    if (may.ok || need(k, task, 0, second).ok) return ok(0);
    return err(errno, may.verdict);
  };

const free: Rule = () => ok(0);
const notBuiltIn: Rule = () => err('ENOSYS');
const AF_INET = 2;
const AF_INET6 = 10;
const AF_PACKET = 17;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;

/** Raw and packet sockets need CAP_NET_RAW where the network namespace belongs; ping sockets a group in ping_group_range. */
const socket: Rule = (k, task, [family = 0, type = 0, protocol = 0]) => {
  const net = k.state.netNs.get(task.netNs);
  const owner = net?.userNs ?? 0;
  const kind = type & 0xf;
  if (family === AF_PACKET || ((family === AF_INET || family === AF_INET6) && kind === SOCK_RAW)) {
    const may = need(k, task, owner, 'CAP_NET_RAW');
    return may.ok ? ok(0) : may;
  }
  if ((family === AF_INET && kind === SOCK_DGRAM && protocol === 1) || (family === AF_INET6 && kind === SOCK_DGRAM && protocol === 58)) {
    const [low = 1, high = 0] = (net?.sysctls['net/ipv4/ping_group_range'] ?? '1\t0').split(/\s+/).map(Number);
    const gids = [task.cred.egid, ...task.cred.groups].map((gid) => fromKgid(k.state, owner, gid));
    if (!gids.some((gid) => gid >= low && gid <= high)) return refuse('EACCES', 'net.pingGroupRange', { low, high, gids });
  }
  return ok(0);
};

/** bind of a port: syscall('bind', fd, port). */
const bind: Rule = (k, task, [, port = 0]) => {
  const net = k.state.netNs.get(task.netNs);
  const start = Number(net?.sysctls['net/ipv4/ip_unprivileged_port_start'] ?? 1024);
  if (port !== 0 && port < start) {
    const may = need(k, task, net?.userNs ?? 0, 'CAP_NET_BIND_SERVICE');
    if (!may.ok) return err('EACCES', may.verdict);
  }
  for (const [, other] of k.state.tasks.entries())
    if (port !== 0 && other.listening === port && other.state !== 'zombie' && other.netNs === task.netNs) return err('EADDRINUSE');
  return ok(0);
};

/** listen on a bound port: syscall('listen', fd, port). A task has one listening socket at most. */
const listen: Rule = (k, task, [, port = 0]) => {
  k.updateTask(task.id, { listening: port });
  return ok(0);
};

const mlock: Rule = (k, task, [, length = 0]) => {
  const limit = (task.rlimits.RLIMIT_MEMLOCK ?? DEFAULT_RLIMITS.RLIMIT_MEMLOCK)[0];
  if (length <= limit && limit > 0) return ok(0);
  const may = need(k, task, 0, 'CAP_IPC_LOCK');
  if (may.ok) return ok(0);
  return limit === 0 ? may : err('ENOMEM', may.verdict);
};

const ptrace: Rule = (k, task, [, pid = 0]) => {
  const target = taskByPid(k, task, pid);
  if (target === undefined) return err('ESRCH');
  if (target.id === task.id) return refuse('EPERM', 'ptrace.attachSelf');
  const may: Res<void> = ptraceMayAccess(k, task, target, 'real');
  return may.ok ? ok(0) : may;
};

const RULES: Readonly<Record<string, Rule>> = {
  acct: capable('CAP_SYS_PACCT'),
  ...schedulingRules,
  ...ipcRules,
  // Modules, port access and kexec are not built into the recorded kernel: both sides of the capability get ENOSYS.
  init_module: notBuiltIn,
  finit_module: notBuiltIn,
  delete_module: notBuiltIn,
  iopl: notBuiltIn,
  ioperm: notBuiltIn,
  kexec_load: capable('CAP_SYS_BOOT', 'EPERM', err('ENOSYS')),
  keyctl: free,
  add_key: free,
  request_key: () => err('ENOKEY'),
  personality: free,
  io_uring_setup: free,
  bpf: either('CAP_BPF', 'CAP_SYS_ADMIN', 'EPERM'),
  perf_event_open: either('CAP_PERFMON', 'CAP_SYS_ADMIN', 'EACCES'),
  ptrace,
  mlock,
  mlockall: mlock,
  socket,
  bind,
  listen,
  vhangup: capable('CAP_SYS_TTY_CONFIG'),
  swapon: capable('CAP_SYS_ADMIN', 'EPERM', err('ENOENT')),
  swapoff: capable('CAP_SYS_ADMIN', 'EPERM', err('EINVAL')),
  quotactl: capable('CAP_SYS_ADMIN', 'EPERM', err('ESRCH')),
  userfaultfd: capable('CAP_SYS_PTRACE'),
  settimeofday: capable('CAP_SYS_TIME'),
  adjtimex: capable('CAP_SYS_TIME'),
  fanotify_init: capable('CAP_SYS_ADMIN'),
  open_by_handle_at: capable('CAP_DAC_READ_SEARCH', 'EPERM', err('ESTALE')),
  timerfd_create: (k, task, [clock = 0]) => (clock === 8 || clock === 9 ? capable('CAP_WAKE_ALARM')(k, task, []) : ok(0)),
  // F_SETLEASE on a file of another user: syscall('lease', owner uid is the caller's ? 1 : 0)
  lease: (k, task, [own = 0]) => (own === 1 ? ok(0) : capable('CAP_LEASE', 'EACCES')(k, task, [])),
  audit_write: capable('CAP_AUDIT_WRITE'),
  audit_read: capable('CAP_AUDIT_READ'),
  audit_control: capable('CAP_AUDIT_CONTROL'),
  clone3: () => err('EINVAL'),
};

type Names = 'uname' | 'sethostname' | 'setdomainname' | 'sysinfo' | 'syslog' | 'reboot' | 'seccomp' | 'netlink' | 'syscall';

export const miscHandlers: Handlers<Names> = {
  uname: (k, task) =>
    ok({
      sysname: sysctl(k, 'kernel/ostype', 'Linux'),
      nodename: (k.state.utsNs.get(task.utsNs) as UtsNs).nodename,
      release: sysctl(k, 'kernel/osrelease', '6.12.0'),
      version: sysctl(k, 'kernel/version', '#1 SMP'),
      machine: sysctl(k, 'kernel/arch', 'x86_64'),
    }),
  sethostname: (k, task, name) => setUts(k, task, 'nodename', name),
  setdomainname: (k, task, name) => setUts(k, task, 'domainname', name),

  sysinfo(k) {
    const totalram = Number(k.state.sysctls['machine/memoryKiB'] ?? 0) * 1024;
    return ok({
      uptime: Number(k.state.monotonic / 1_000_000_000n),
      totalram,
      freeram: Math.floor(totalram / 2),
      procs: pidNsOf(k.state, 0).live,
    });
  },

  syslog(k, task, action) {
    if (action === 'SYSLOG_ACTION_CLEAR' || sysctl(k, 'kernel/dmesg_restrict', '1') !== '0') {
      const may = need(k, task, 0, 'CAP_SYSLOG');
      if (!may.ok) return may;
    }
    const text = k.state.log.map((line) => `${line}\n`).join('');
    if (action === 'SYSLOG_ACTION_CLEAR') k.state = withState(k.state, { log: [] });
    return ok(text);
  },

  reboot(k, task, command) {
    const ns = pidNsOf(k.state, task.pidNs);
    const may = need(k, task, ns.userNs, 'CAP_SYS_BOOT');
    if (!may.ok) return may;
    // Deviates: the initial namespace's machine cannot be switched off here.
    if (ns.parent !== null && ns.init !== null)
      terminate(k, ns.init, { kind: 'signaled', signal: command === 'RESTART' ? SIGHUP : SIGINT, core: false });
    return DONE;
  },

  // Deviates: a change comes as the whole that it makes; links and routes decide about no packet.
  netlink(k, task, change) {
    const ns = k.state.netNs.get(task.netNs) as PlainNs;
    if (change === null) return ok(ns.net ?? null);
    const may = need(k, task, ns.userNs, 'CAP_NET_ADMIN');
    if (!may.ok) return may;
    k.state = withState(k.state, { netNs: k.state.netNs.set(task.netNs, { ...ns, net: change }) });
    return ok(change);
  },

  seccomp(k, task, filter) {
    if (!task.noNewPrivs) {
      const may = need(k, task, task.cred.userNs, 'CAP_SYS_ADMIN');
      if (!may.ok) return err('EACCES', may.verdict);
    }
    k.updateTask(task.id, { seccomp: [...task.seccomp, filter] });
    return DONE;
  },

  syscall: (k, task, name, ...args) => RULES[name]?.(k, task, args) ?? err('ENOSYS'),
};
