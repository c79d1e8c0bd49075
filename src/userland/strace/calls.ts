// The arguments of each call as strace 6.1 shows them: what is known before the call, what it filled in, and its result.
// Deviates: the calls are the simulation's own; where a C library makes another call for the same purpose (access, mkdir, chmod
// without a directory), that one is named, and a pointer nothing lies behind is shown as an address of the stack.

import type { Errno } from '#abi/errno.ts';
import { AT_FDCWD, WCONTINUED, WNOHANG, WUNTRACED } from '#abi/flags.ts';
import { S_IFMT } from '#abi/mode.ts';
import type { CallName, CapSets, Dirent, Stat, Syscalls, SysResult, Utsname, Waited } from '#kernel/uapi/index.ts';
import {
  capName,
  capsText,
  fileMode,
  flagNames,
  octal,
  openFlags,
  quoted,
  signalName,
  signalSet,
  socketText,
  statText,
  timespec,
  waitText,
} from './text.ts';

export const ADDRESS = '0x7ffd3a9be1c0';
const HEAP = '0x55d0c6a2f2a0';

export interface Style {
  readonly max: number; // -s
  readonly verbose: boolean; // -v
  /** A descriptor, with -y also what lies behind it. */
  fd(fd: number): string;
}

export interface Shown {
  readonly name: string;
  /** Arguments known before the call. */
  readonly before: string;
  /** What follows when it is over. */
  after(result: SysResult<unknown>): string;
  /** Result of a successful one. */
  value(value: unknown): string;
}

type Args<K extends CallName> = Parameters<Syscalls[K]>;
interface Form<K extends CallName> {
  readonly name?: string | ((...args: Args<K>) => string);
  before(s: Style, ...args: Args<K>): string;
  after?(s: Style, value: ReturnType<Syscalls[K]> | undefined, ...args: Args<K>): string;
  value?(value: ReturnType<Syscalls[K]>, s: Style, ...args: Args<K>): string;
}

const dir = (s: Style, fd: number): string => (fd === AT_FDCWD ? s.fd(AT_FDCWD) : s.fd(fd));
const at = (flags: number, ...names: string[]): string => flagNames(flags, names);
const path = (text: string): string => quoted(text, 4095);
const words = (s: Style, list: readonly string[]): string =>
  `[${list
    .slice(0, s.verbose ? Infinity : s.max)
    .map((word) => quoted(word, s.max))
    .join(', ')}${!s.verbose && list.length > s.max ? ', ...' : ''}]`;
const id = (n: number): string => String(n === 4294967295 ? -1 : n);
const three = (_s: Style, v: readonly number[] | undefined): string =>
  v === undefined ? `${ADDRESS}, ${ADDRESS}, ${ADDRESS}` : v.map((n) => `[${n}]`).join(', ');
const sigaction = (how: string): string =>
  how === 'handle'
    ? '{sa_handler=0x55d0c4e1edc0, sa_mask=~[RTMIN RT_1], sa_flags=SA_RESTORER, sa_restorer=0x7f3c5a643050}'
    : `{sa_handler=${how === 'ignore' ? 'SIG_IGN' : 'SIG_DFL'}, sa_mask=[], sa_flags=0}`;
const limit = (n: number): string => (n === Infinity ? 'RLIM64_INFINITY' : n > 1024 && n % 1024 === 0 ? `${n / 1024}*1024` : String(n));
const rlimit = ([soft, hard]: readonly [number, number]): string => `{rlim_cur=${limit(soft)}, rlim_max=${limit(hard)}}`;
const CLONE = 'CLONE_NEWTIME CLONE_NEWNS CLONE_NEWCGROUP CLONE_NEWUTS CLONE_NEWIPC CLONE_NEWUSER CLONE_NEWPID CLONE_NEWNET'.split(' ');
const MOUNT =
  'MS_RDONLY MS_NOSUID MS_NODEV MS_NOEXEC MS_REMOUNT MS_NOATIME MS_NODIRATIME MS_BIND MS_MOVE MS_REC MS_UNBINDABLE MS_PRIVATE MS_SLAVE MS_SHARED MS_RELATIME MS_STRICTATIME'.split(
    ' ',
  );
const POLL = ['POLLIN', 'POLLOUT', 'POLLERR', 'POLLHUP', 'POLLNVAL'];
const ACCESS = (mode: number): string =>
  mode === 0 ? 'F_OK' : ['R_OK', 'W_OK', 'X_OK'].filter((_, bit) => (mode & (4 >> bit)) !== 0).join('|');
const capHead = (pid: number): string => `{version=_LINUX_CAPABILITY_VERSION_3, pid=${pid}}`;
const capSets = (sets: CapSets): string =>
  `{effective=${capsText(sets.effective)}, permitted=${capsText(sets.permitted)}, inheritable=${capsText(sets.inheritable)}}`;
const utime = (t: unknown): string => (t === 'now' ? 'UTIME_NOW' : t === 'omit' ? 'UTIME_OMIT' : timespec(t as bigint));
const whole = (name: string): string => name;

const FORMS: { readonly [K in CallName]?: Form<K> } = {
  openat: {
    before: (s, d, p, f, mode = 0) => `${dir(s, d)}, ${path(p)}, ${openFlags(f)}${f & 0o100 ? `, ${octal(mode)}` : ''}`,
    value: (fd, s) => s.fd(fd),
  },
  close: { before: (s, fd) => s.fd(fd) },
  close_range: {
    before: (_s, a, b, f) => `${a}, ${b === Infinity ? 4294967295 : b}, ${at(f, 'CLOSE_RANGE_UNSHARE', 'CLOSE_RANGE_CLOEXEC')}`,
  },
  read: {
    before: (s, fd) => `${s.fd(fd)}, `,
    after: (s, v, _fd, count) => `${v === undefined ? ADDRESS : quoted(v, s.max)}, ${count}`,
    value: (v) => String(v.length),
  },
  pread64: {
    before: (s, fd) => `${s.fd(fd)}, `,
    after: (s, v, _fd, count, offset) => `${v === undefined ? ADDRESS : quoted(v, s.max)}, ${count}, ${offset}`,
    value: (v) => String(v.length),
  },
  write: { before: (s, fd, data) => `${s.fd(fd)}, ${quoted(data, s.max)}, ${data.length}` },
  pwrite64: { before: (s, fd, data, offset) => `${s.fd(fd)}, ${quoted(data, s.max)}, ${data.length}, ${offset}` },
  lseek: { before: (s, fd, offset, w) => `${s.fd(fd)}, ${offset}, ${['SEEK_SET', 'SEEK_CUR', 'SEEK_END', 'SEEK_DATA', 'SEEK_HOLE'][w]}` },
  pipe2: {
    before: () => '',
    after: (s, v, f) => `${v ? `[${v.map((fd) => s.fd(fd)).join(', ')}]` : ADDRESS}, ${at(f, 'O_NONBLOCK', 'O_CLOEXEC')}`,
    value: () => '0',
  },
  dup: { before: (s, fd) => s.fd(fd), value: (fd, s) => s.fd(fd) },
  dup2: { before: (s, a, b) => `${s.fd(a)}, ${b}`, value: (fd, s) => s.fd(fd) },
  fcntl: {
    before(s, fd, op) {
      if (op.cmd === 'F_DUPFD') return `${s.fd(fd)}, ${op.cloexec ? 'F_DUPFD_CLOEXEC' : 'F_DUPFD'}, ${op.min}`;
      if (op.cmd === 'F_SETFD') return `${s.fd(fd)}, F_SETFD, ${op.flags === 1 ? 'FD_CLOEXEC' : op.flags}`;
      return `${s.fd(fd)}, ${op.cmd}${op.cmd === 'F_SETFL' ? `, ${openFlags(op.flags)}` : ''}`;
    },
    value: (v, _s, _fd, op) =>
      op.cmd === 'F_GETFL'
        ? `0x${v.toString(16)} (flags ${openFlags(v)})`
        : op.cmd === 'F_GETFD' && v === 1
          ? '0x1 (flags FD_CLOEXEC)'
          : String(v),
  },
  ioctl: {
    before: (s, fd, op) => `${s.fd(fd)}, ${op.request}, `,
    after(_s, v, _fd, op) {
      if (op.request === 'TIOCSPGRP') return `[${op.pgrp}]`;
      if (op.request === 'TIOCSCTTY') return '0';
      const size = op.request === 'TIOCSWINSZ' ? op.winsize : typeof v === 'object' && 'rows' in v ? v : undefined;
      if (size) return `{ws_row=${size.rows}, ws_col=${size.cols}, ws_xpixel=0, ws_ypixel=0}`;
      if (v === undefined) return ADDRESS;
      const t = op.request === 'TCSETS' ? op.termios : typeof v === 'object' && 'icanon' in v ? v : undefined;
      const bit = (on: boolean, name: string): string => `${on ? '' : '-'}${name}`;
      if (t) return `{B38400 ${bit(t.opost, 'opost')} ${bit(t.isig, 'isig')} ${bit(t.icanon, 'icanon')} ${bit(t.echo, 'echo')} ...}`;
      return `[${v}]`;
    },
    value: () => '0',
  },
  poll: {
    before: (s, fds, ms) =>
      `[${fds.map((one) => `{fd=${s.fd(one.fd)}, events=${flagNames(one.events, POLL)}}`).join(', ')}], ${fds.length}, ${ms}`,
    value: (v, s) =>
      v.length === 0
        ? '0 (Timeout)'
        : `${v.length} ([${v.map((one) => `{fd=${s.fd(one.fd)}, revents=${flagNames(one.revents, POLL)}}`).join(', ')}])`,
  },
  flock: { before: (s, fd, op, nb) => `${s.fd(fd)}, ${op}${nb ? '|LOCK_NB' : ''}` },
  newfstatat: {
    before: (s, d, p) => `${dir(s, d)}, ${path(p)}, `,
    after: (s, v, _d, _p, f) => `${v ? statText(v as Stat, s.verbose) : ADDRESS}, ${at(f, 'AT_SYMLINK_NOFOLLOW', 'AT_EMPTY_PATH')}`,
    value: () => '0',
  },
  fstat: {
    name: 'newfstatat',
    before: (s, fd) => `${s.fd(fd)}, "", `,
    after: (s, v) => `${v ? statText(v as Stat, s.verbose) : ADDRESS}, AT_EMPTY_PATH`,
    value: () => '0',
  },
  statfs: {
    before: (_s, p) => `${path(p)}, `,
    after: (_s, v) =>
      v
        ? `{f_type=${v.type.toUpperCase()}_SUPER_MAGIC, f_bsize=${v.bsize}, f_blocks=${v.blocks}, f_bfree=${v.bfree}, f_bavail=${v.bavail}, f_files=${v.files}, f_ffree=${v.ffree}, ...}`
        : ADDRESS,
    value: () => '0',
  },
  getdents64: {
    before: (s, fd) => `${s.fd(fd)}, `,
    after: (_s, v) => `${HEAP}${v ? ` /* ${v.length} entries */` : ''}, 32768`,
    value: (v: readonly Dirent[]) =>
      String(v.reduce((sum, one) => sum + Math.ceil((new TextEncoder().encode(one.name).length + 20) / 8) * 8, 0)),
  },
  faccessat2: {
    name: (d, _p, _m, f) => (d === AT_FDCWD && f === 0 ? 'access' : 'faccessat2'),
    before: (s, d, p, m, f) =>
      d === AT_FDCWD && f === 0
        ? `${path(p)}, ${ACCESS(m)}`
        : `${dir(s, d)}, ${path(p)}, ${ACCESS(m)}, ${flagNames(f, ['AT_EACCESS', 'AT_SYMLINK_NOFOLLOW'])}`,
  },
  readlinkat: {
    name: (d) => (d === AT_FDCWD ? 'readlink' : 'readlinkat'),
    before: (s, d, p) => `${d === AT_FDCWD ? '' : `${dir(s, d)}, `}${path(p)}, `,
    after: (s, v) => `${v === undefined ? ADDRESS : quoted(v, s.max)}, ${4096}`,
    value: (v) => String(new TextEncoder().encode(v).length),
  },
  mkdirat: {
    name: (d) => (d === AT_FDCWD ? 'mkdir' : 'mkdirat'),
    before: (s, d, p, m) => `${d === AT_FDCWD ? '' : `${dir(s, d)}, `}${path(p)}, ${octal(m)}`,
  },
  mknodat: {
    before: (s, d, p, m, dev) =>
      `${dir(s, d)}, ${path(p)}, ${(m & S_IFMT) === 0 ? `S_IFREG|${octal(m)}` : fileMode(m)}${dev ? `, makedev(0x${Math.floor(dev / 0x100000).toString(16)}, 0x${(dev % 0x100000).toString(16)})` : ''}`,
  },
  unlinkat: { before: (s, d, p, f) => `${dir(s, d)}, ${path(p)}, ${f === 0 ? '0' : at(f, 'AT_REMOVEDIR')}` },
  renameat2: {
    before: (s, a, b, c, d, f) => `${dir(s, a)}, ${path(b)}, ${dir(s, c)}, ${path(d)}, ${at(f, 'RENAME_NOREPLACE', 'RENAME_EXCHANGE')}`,
  },
  linkat: {
    before: (s, a, b, c, d, f) => `${dir(s, a)}, ${path(b)}, ${dir(s, c)}, ${path(d)}, ${at(f, 'AT_SYMLINK_FOLLOW', 'AT_EMPTY_PATH')}`,
  },
  symlinkat: { before: (s, t, d, p) => `${path(t)}, ${dir(s, d)}, ${path(p)}` },
  fchmod: { before: (s, fd, m) => `${s.fd(fd)}, ${octal(m)}` },
  fchmodat: { before: (s, d, p, m) => `${dir(s, d)}, ${path(p)}, ${octal(m)}` },
  fchown: { before: (s, fd, u, g) => `${s.fd(fd)}, ${id(u)}, ${id(g)}` },
  fchownat: {
    before: (s, d, p, u, g, f) => `${dir(s, d)}, ${path(p)}, ${id(u)}, ${id(g)}, ${at(f, 'AT_SYMLINK_NOFOLLOW', 'AT_EMPTY_PATH')}`,
  },
  ftruncate: { before: (s, fd, n) => `${s.fd(fd)}, ${n}` },
  truncate: { before: (_s, p, n) => `${path(p)}, ${n}` },
  utimensat: {
    before: (s, d, p, a, m, f) =>
      `${dir(s, d)}, ${path(p)}, ${a === 'now' && m === 'now' ? 'NULL' : `[${utime(a)}, ${utime(m)}]`}, ${at(f, 'AT_SYMLINK_NOFOLLOW')}`,
  },
  getxattr: {
    name: (_p, _n, follow) => (follow ? 'getxattr' : 'lgetxattr'),
    before: (_s, p, n) => `${path(p)}, ${quoted(n)}, `,
    after: (s, v) => `${v ? quoted(v, s.max) : ADDRESS}, 256`,
    value: (v) => String(v.length),
  },
  setxattr: {
    name: (_p, _n, _v, _f, follow) => (follow ? 'setxattr' : 'lsetxattr'),
    before: (s, p, n, v, f) => `${path(p)}, ${quoted(n)}, ${quoted(v, s.max)}, ${v.length}, ${at(f, 'XATTR_CREATE', 'XATTR_REPLACE')}`,
  },
  listxattr: {
    name: (_p, follow) => (follow ? 'listxattr' : 'llistxattr'),
    before: (_s, p) => `${path(p)}, `,
    after: (s, v) => `${v ? quoted(v.map((name) => `${name}\0`).join(''), s.max) : ADDRESS}, 256`,
    value: (v) => String(v.reduce((sum, name) => sum + name.length + 1, 0)),
  },
  removexattr: { name: (_p, _n, follow) => (follow ? 'removexattr' : 'lremovexattr'), before: (_s, p, n) => `${path(p)}, ${quoted(n)}` },
  umask: { before: (_s, m) => octal(m), value: (m) => octal(m) },
  chdir: { before: (_s, p) => path(p) },
  fchdir: { before: (s, fd) => s.fd(fd) },
  getcwd: { before: () => '', after: (_s, v) => `${v === undefined ? ADDRESS : path(v)}, 4096`, value: (v) => String(v.length + 1) },
  chroot: { before: (_s, p) => path(p) },
  mount: {
    before: (_s, source, target, type, f, data) =>
      `${path(source)}, ${path(target)}, ${type === '' ? 'NULL' : path(type)}, ${flagNames(f, MOUNT)}, ${data === '' ? 'NULL' : path(data)}`,
  },
  umount2: { before: (_s, p, f) => `${path(p)}, ${at(f, 'MNT_DETACH')}` },
  pivot_root: { before: (_s, a, b) => `${path(a)}, ${path(b)}` },
  clone: {
    before: (_s, { flags }) =>
      `child_stack=NULL, flags=${flags ? `${flagNames(flags, CLONE)}|` : ''}CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD`,
    after: () => ', child_tidptr=0x7f3c5a804a10',
  },
  execve: {
    before: (s, p, argv, envp) => `${path(p)}, ${words(s, argv)}, ${s.verbose ? words(s, envp) : `${ADDRESS} /* ${envp.length} vars */`}`,
    value: () => '0',
  },
  exit_group: { before: (_s, n) => String(n) },
  wait4: {
    before: (_s, pid) => `${pid}, `,
    after: (_s, v: Waited | undefined, _pid, options) =>
      `${v?.status ? waitText(v.status) : ADDRESS}, ${[options & WNOHANG ? 'WNOHANG' : '', options & WUNTRACED ? 'WSTOPPED' : '', options & WCONTINUED ? 'WCONTINUED' : ''].filter(Boolean).join('|') || '0'}, NULL`,
    value: (v) => String(v.pid),
  },
  getpgid: { before: (_s, pid) => String(pid) },
  setpgid: { before: (_s, pid, group) => `${pid}, ${group}` },
  getsid: { before: (_s, pid) => String(pid) },
  kill: { before: (_s, pid, signal) => `${pid}, ${signalName(signal)}` },
  rt_sigaction: {
    before: (_s, signal, how) => `${signalName(signal)}, ${sigaction(how)}, `,
    after: (_s, v) => `${v === undefined ? 'NULL' : sigaction(v)}, 8`,
    value: () => '0',
  },
  rt_sigprocmask: {
    before: (_s, how, set) => `${how}, ${signalSet(set)}, `,
    after: (_s, v) => `${v === undefined ? 'NULL' : signalSet(v)}, 8`,
    value: () => '0',
  },
  pause: { before: () => '' },
  alarm: { before: (_s, n) => String(n) },
  nanosleep: {
    name: 'clock_nanosleep',
    before: (_s, ns) => `CLOCK_REALTIME, 0, ${timespec(ns)}, `,
    after: () => ADDRESS,
  },
  clock_gettime: { before: (_s, clock) => `${clock}, `, after: (_s, v) => (v === undefined ? ADDRESS : timespec(v)), value: () => '0' },
  clock_settime: { before: (_s, ns) => `CLOCK_REALTIME, ${timespec(ns)}` },
  times: { before: () => '', after: () => ADDRESS, value: (v) => String(v.user / 10_000_000n) },
  getpriority: { before: (_s, which, who) => `${which}, ${who}`, value: (v) => String(20 - v) },
  setpriority: { before: (_s, which, who, nice) => `${which}, ${who}, ${nice}` },
  sched_setscheduler: { before: (_s, pid, policy, priority) => `${pid}, ${policy}, [${priority}]` },
  prlimit64: {
    before: (_s, pid, resource, change) => `${pid}, ${resource}, ${change ? rlimit(change) : 'NULL'}, `,
    after: (_s, v, _p, _r, change) => (change ? 'NULL' : v ? rlimit(v) : ADDRESS),
    value: () => '0',
  },
  getresuid: { before: () => '', after: three, value: () => '0' },
  getresgid: { before: () => '', after: three, value: () => '0' },
  getgroups: { before: () => '', after: (_s, v) => (v ? `65536, [${v.join(', ')}]` : `65536, ${ADDRESS}`), value: (v) => String(v.length) },
  setgroups: { before: (_s, list) => `${list.length}, [${list.join(', ')}]` },
  capget: { before: (_s, pid) => `${capHead(pid)}, `, after: (_s, v) => (v ? capSets(v) : 'NULL'), value: () => '0' },
  capset: { before: (_s, sets) => `${capHead(0)}, ${capSets(sets)}` },
  prctl: {
    before(_s, op) {
      switch (op.option) {
        case 'PR_CAPBSET_READ':
        case 'PR_CAPBSET_DROP':
          return `${op.option}, ${capName(op.cap)}`;
        case 'PR_CAP_AMBIENT_IS_SET':
        case 'PR_CAP_AMBIENT_RAISE':
        case 'PR_CAP_AMBIENT_LOWER':
          return `PR_CAP_AMBIENT, ${op.option}, ${capName(op.cap)}, 0, 0`;
        case 'PR_CAP_AMBIENT_CLEAR_ALL':
          return `PR_CAP_AMBIENT, ${op.option}, 0, 0, 0`;
        case 'PR_SET_NO_NEW_PRIVS':
          return `${op.option}, 1, 0, 0, 0`;
        case 'PR_GET_NO_NEW_PRIVS':
          return `${op.option}, 0, 0, 0, 0`;
        case 'PR_SET_KEEPCAPS':
        case 'PR_SET_CHILD_SUBREAPER':
          return `${op.option}, ${Number(op.value)}`;
        case 'PR_SET_DUMPABLE':
          return `${op.option}, ${op.value ? 'SUID_DUMP_USER' : 'SUID_DUMP_DISABLE'}`;
        case 'PR_SET_NAME':
          return `${op.option}, ${quoted(op.name)}`;
        case 'PR_SET_PDEATHSIG':
          return `${op.option}, ${signalName(op.signal)}`;
        case 'PR_SET_SECUREBITS':
          return `${op.option}, ${op.bits}`;
        case 'PR_SET_MM':
          return `${op.option}, PR_SET_MM_ARG_START, ${ADDRESS}, 0, 0`;
        default:
          return op.option;
      }
    },
  },
  seccomp: { before: () => `SECCOMP_SET_MODE_FILTER, 0, ${ADDRESS}` },
  unshare: { before: (_s, f) => flagNames(f, CLONE) },
  setns: { before: (s, fd, f) => `${s.fd(fd)}, ${flagNames(f, CLONE)}` },
  uname: {
    before: () => '',
    after: (s, v: Utsname | undefined) =>
      v === undefined
        ? ADDRESS
        : `{sysname=${quoted(v.sysname)}, nodename=${quoted(v.nodename)}, ${s.verbose ? `release=${quoted(v.release)}, version=${quoted(v.version)}, machine=${quoted(v.machine)}` : '...'}}`,
    value: () => '0',
  },
  sethostname: { before: (_s, name) => `${quoted(name)}, ${name.length}` },
  setdomainname: { before: (_s, name) => `${quoted(name)}, ${name.length}` },
  sysinfo: {
    before: () => '',
    after: (_s, v) => (v ? `{uptime=${v.uptime}, totalram=${v.totalram}, freeram=${v.freeram}, procs=${v.procs}, ...}` : ADDRESS),
    value: () => '0',
  },
  syslog: {
    before: (_s, action) => `${action}, `,
    after: (s, v) => `${v === undefined ? ADDRESS : quoted(v, s.max)}, 131072`,
    value: (v) => String(v.length),
  },
  reboot: { before: (_s, command) => `LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_${command}` },
  ptrace: { before: (_s, op) => `${op.request}${'pid' in op ? `, ${op.pid}` : ''}` },
  netlink: { before: () => '3, [{nlmsg_len=40, ...}], 40, 0, NULL, 0', value: () => '40' },
  syscall: { name: whole, before: (_s, name, ...args) => (name === 'socket' ? socketText(args) : args.join(', ')) },
};

/** How a call is shown. */
export function show(call: CallName, args: readonly unknown[], style: Style): Shown {
  const form = FORMS[call] as Form<CallName> | undefined;
  const given = args as never as Args<CallName>;
  const name = typeof form?.name === 'function' ? (form.name as (...a: unknown[]) => string)(...args) : (form?.name ?? call);
  const before = form?.before as ((s: Style, ...a: unknown[]) => string) | undefined;
  const after = form?.after as ((s: Style, v: unknown, ...a: unknown[]) => string) | undefined;
  const value = form?.value as ((v: unknown, s: Style, ...a: unknown[]) => string) | undefined;
  return {
    name,
    before: before ? before(style, ...(given as readonly unknown[])) : args.filter((arg) => typeof arg !== 'object').join(', '),
    after: (result) => after?.(style, result.ok ? result.value : undefined, ...args) ?? '',
    value: (got) => value?.(got, style, ...args) ?? (got === undefined || got === null ? '0' : String(got)),
  };
}

/** What the kernel says to a call that a signal interrupted. Counterpart: include/linux/errno.h */
export function interrupted(call: CallName, errno: Errno): string | undefined {
  if (errno !== 'EINTR') return undefined;
  if (call === 'nanosleep' || call === 'poll') return '? ERESTART_RESTARTBLOCK (Interrupted by signal)';
  if (call === 'pause') return '? ERESTARTNOHAND (To be restarted if no handler)';
  return '? ERESTARTSYS (To be restarted if SA_RESTART is set)';
}
