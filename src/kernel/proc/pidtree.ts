// /proc/PID: one table of what a process directory holds. Counterpart: fs/proc/base.c tgid_base_stuff, proc_pid(5)

import { S_IFDIR, S_IFLNK, S_IFREG } from '#abi/mode.ts';
import { err, type Kernel, ok, type Res, refuse } from '../context.ts';
import { writeIdMap, writeSetgroups } from '../cred/mapwrite.ts';
import { capableWrt } from '../cred/need.ts';
import { locationPath, mountinfoText, mountsText } from '../fs/index.ts';
import { attrText, attrWrite } from '../lsm/attr.ts';
import type { FileTarget, Location, NsType, Task } from '../state.ts';
import { mayLookInto } from './access.ts';
import { idMapText, nsName } from './ids.ts';
import { statmText } from './memory.ts';
import { tcp6Text, tcpText } from './sockets.ts';
import { limitsText, statText, statusText } from './status.ts';
import type { View } from './view.ts';
import { waitsIn } from './wchan.ts';

export interface PidNode {
  readonly name: string; // path below /proc/PID
  readonly mode: number;
  readonly text?: (view: View, task: Task) => string | Res<string>;
  readonly write?: (view: View, task: Task, text: string) => Res<void>;
  readonly target?: (view: View, task: Task) => string;
  readonly follow?: (view: View, task: Task) => Res<Location | { readonly ns: NsType; readonly id: number }>;
  /** What following it asks for, though its text is readable. */
  readonly enter?: (view: View, task: Task) => Res<void>;
  /** Reading, following or opening it needs ptrace access to the task. */
  readonly guarded?: boolean;
  /** It is there only when this holds. */
  readonly when?: (k: Kernel) => boolean;
}

const file = (name: string, mode: number, text: PidNode['text'], rest: Partial<PidNode> = {}): PidNode => ({
  name,
  mode: S_IFREG | mode,
  ...(text && { text }),
  ...rest,
});
const dir = (name: string, mode: number): PidNode => ({ name, mode: S_IFDIR | mode });

const zeroEnded = (words: readonly string[]): string => words.map((word) => `${word}\0`).join('');
const alive = (task: Task, text: string): string => (task.state === 'zombie' ? '' : text);

/** The namespace of each kind a task is in. */
export function namespaceOf(task: Task, type: NsType): number {
  switch (type) {
    case 'mnt':
      return task.mountNs;
    case 'uts':
      return task.utsNs;
    case 'pid':
      return task.pidNs;
    case 'user':
      return task.cred.userNs;
    case 'net':
      return task.netNs;
    case 'ipc':
      return task.ipcNs;
    case 'cgroup':
      return task.cgroupNs;
  }
}

const nsLink = (name: string, type: NsType, id = (task: Task): number => namespaceOf(task, type)): PidNode => ({
  name: `ns/${name}`,
  mode: S_IFLNK | 0o777,
  guarded: true,
  target: (_view, task) => nsName(type, id(task)),
  follow: (_view, task) => ok({ ns: type, id: id(task) }),
});

const place = (name: string, at: (task: Task) => Location | null, text?: (view: View, task: Task) => string): PidNode => ({
  name,
  mode: S_IFLNK | 0o777,
  guarded: true,
  target: (view, task) => text?.(view, task) ?? locationPath(view.k, view.viewer, at(task) as Location),
  follow(_view, task) {
    const location = at(task);
    return location === null ? err('ENOENT') : ok(location);
  },
});

/** A mapped piece of the program: anybody who may look into the task reads the name, opening is for restoring one. Counterpart: proc_map_files_get_link */
const mapped = (range: string): PidNode => ({
  ...place(
    `map_files/${range}`,
    (task) => task.exe?.at ?? null,
    (_view, task) => task.exe?.path ?? '',
  ),
  mode: S_IFLNK | 0o500,
  enter({ k, viewer }) {
    const may = capableWrt(k, viewer.cred, 0, 'CAP_CHECKPOINT_RESTORE');
    return may.ok || capableWrt(k, viewer.cred, 0, 'CAP_SYS_ADMIN').ok ? ok(undefined) : may;
  },
});

/** oom_score_adj: a value below the last one set by someone with CAP_SYS_RESOURCE needs that capability too. Counterpart: __set_oom_adj */
function writeOom(view: View, task: Task, text: string): Res<void> {
  const value = Number(text.trim());
  if (!/^[+-]?\d+$/.test(text.trim()) || value < -1000 || value > 1000) return err('EINVAL');
  const may = capableWrt(view.k, view.viewer.cred, 0, 'CAP_SYS_RESOURCE');
  if (value < task.oomScoreAdjMin && !may.ok) return err('EACCES', may.verdict);
  view.k.updateTask(task.id, { oomScoreAdj: value, ...(may.ok && { oomScoreAdjMin: value }) });
  return ok(undefined);
}

function writeComm(view: View, task: Task, text: string): Res<void> {
  if (view.viewer.id !== task.id) return err('EINVAL');
  view.k.updateTask(task.id, { comm: text.replace(/\n$/, '').slice(0, 15) });
  return ok(undefined);
}

function writeLoginuid(view: View, task: Task, text: string): Res<void> {
  if (view.viewer.id !== task.id) return refuse('EPERM', 'proc.self', { caller: view.viewer.id, target: task.id });
  const may = task.loginuid === 4294967295 ? ok(undefined) : capableWrt(view.k, view.viewer.cred, 0, 'CAP_AUDIT_CONTROL');
  if (!may.ok) return may;
  view.k.updateTask(task.id, { loginuid: Number(text.trim()) >>> 0 });
  return ok(undefined);
}

const took = (done: Res<number>): Res<void> => (done.ok ? ok(undefined) : done);

/** The profile a task is confined by; without a security module reading it is an error. Counterpart: apparmor_getprocattr */
const label = ({ k }: View, task: Task): Res<string> => attrText(k, task, 'current');
const hasApparmor = ({ state }: Kernel): boolean => state.lsm?.kind === 'apparmor';
const writeAttr =
  (name: 'exec' | 'current') =>
  ({ k, viewer }: View, task: Task, text: string): Res<void> =>
    viewer.id === task.id ? attrWrite(k, task, name, text) : refuse('EACCES', 'proc.self', { caller: viewer.id, target: task.id });

/** Path of a task in the cgroup hierarchy as the reader's cgroup namespace shows it. */
function cgroupText({ k, viewer }: View, task: Task): string {
  const root = k.state.cgroupNs.get(viewer.cgroupNs)?.sysctls.root ?? '';
  const top = root === '/' ? '' : root;
  if (task.cgroup === top || (top !== '' && task.cgroup === `${top}/`)) return '0::/\n';
  if (task.cgroup.startsWith(`${top}/`)) return `0::${task.cgroup.slice(top.length)}\n`;
  return `0::${`/..`.repeat(top.split('/').length - 1)}${task.cgroup}\n`;
}

const maps = (task: Task): string => {
  const exe = task.exe?.path ?? '';
  const row = (range: string, perms: string, offset: string, name: string): string =>
    `${`${range} ${perms} ${offset} 08:01 1234`.padEnd(72)} ${name}\n`;
  return (
    row('00400000-00401000', 'r--p', '00000000', exe) +
    row('00401000-005b8000', 'r-xp', '00001000', exe) +
    row('7ffc00000000-7ffc00021000', 'rw-p', '00000000', '[stack]')
  );
};

const io = 'rchar: 6976\nwchar: 0\nsyscr: 10\nsyscw: 0\nread_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n';
const owned =
  (what: string): ((view: View, task: Task) => Res<string>) =>
  (view) => {
    const may = capableWrt(view.k, view.viewer.cred, 0, 'CAP_SYS_ADMIN');
    return may.ok ? ok(what) : err('EACCES', may.verdict);
  };

const NODES: readonly PidNode[] = [
  dir('', 0o555),
  dir('task', 0o555),
  dir('fd', 0o500),
  dir('fdinfo', 0o555),
  { ...dir('map_files', 0o500), guarded: true },
  mapped('400000-401000'),
  mapped('401000-5b8000'),
  dir('ns', 0o511),
  dir('attr', 0o555),
  dir('net', 0o555),
  file('net/tcp', 0o444, tcpText),
  file('net/tcp6', 0o444, ({ k }, task) => tcp6Text(k, task)),
  nsLink('cgroup', 'cgroup'),
  nsLink('ipc', 'ipc'),
  nsLink('mnt', 'mnt'),
  nsLink('net', 'net'),
  nsLink('pid', 'pid'),
  nsLink('pid_for_children', 'pid', (task) => task.pidNsForChildren),
  nsLink('user', 'user'),
  nsLink('uts', 'uts'),
  file('arch_status', 0o444, () => ''),
  file('attr/current', 0o666, label, { write: writeAttr('current') }),
  file('attr/exec', 0o666, ({ k }, task) => attrText(k, task, 'exec'), { write: writeAttr('exec') }),
  file('attr/fscreate', 0o666, () => ''),
  file('attr/keycreate', 0o666, () => ''),
  file('attr/prev', 0o444, () => ''),
  file('attr/sockcreate', 0o666, () => ''),
  { ...dir('attr/apparmor', 0o555), when: hasApparmor },
  file('attr/apparmor/current', 0o666, label, { write: writeAttr('current') }),
  file('attr/apparmor/exec', 0o666, ({ k }, task) => attrText(k, task, 'exec'), { write: writeAttr('exec') }),
  file('attr/apparmor/prev', 0o444, () => ''),
  file('autogroup', 0o644, () => '/autogroup-1 nice 0\n'),
  file('auxv', 0o400, () => '', { guarded: true }),
  file('cgroup', 0o444, cgroupText),
  file('clear_refs', 0o200, undefined, { write: () => ok(undefined) }),
  file('cmdline', 0o444, (_view, task) => alive(task, zeroEnded(task.argv))),
  file('comm', 0o644, (_view, task) => `${task.comm}\n`, { write: writeComm }),
  file('coredump_filter', 0o644, () => '00000033\n'),
  file('cpuset', 0o444, () => '/\n'),
  place('cwd', (task) => (task.state === 'zombie' ? null : task.cwd)),
  file('environ', 0o400, (_view, task) => alive(task, zeroEnded(task.envp)), { guarded: true }),
  place(
    'exe',
    (task) => task.exe?.at ?? null,
    (_view, task) => task.exe?.path ?? '',
  ),
  file('gid_map', 0o644, ({ k, viewer }, task) => idMapText(k.state, task.cred.userNs, viewer.cred.userNs, 'gidMap'), {
    write: (view, task, text) => took(writeIdMap(view.k, view.viewer, task, 'gid', text)),
  }),
  file('io', 0o400, () => io, { guarded: true }),
  file('limits', 0o444, (_view, task) => limitsText(task)),
  file('loginuid', 0o644, (_view, task) => String(task.loginuid), { write: writeLoginuid }),
  file('maps', 0o444, (_view, task) => alive(task, maps(task)), { guarded: true }),
  file('mem', 0o600, () => err('EIO'), { guarded: true }),
  file('mountinfo', 0o444, ({ k }, task) => mountinfoText(k, task)),
  file('mounts', 0o444, ({ k }, task) => mountsText(k, task)),
  file('mountstats', 0o400, () => ''),
  file('net/arp', 0o444, () => 'IP address       HW type     Flags       HW address            Mask     Device\n'),
  file(
    'net/dev',
    0o444,
    () =>
      'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n  eth0:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0\n',
  ),
  file('net/route', 0o444, () => 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n'),
  file(
    'net/udp',
    0o444,
    () => '   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n',
  ),
  file('numa_maps', 0o444, () => '', { guarded: true }),
  file('oom_adj', 0o644, (_view, task) => `${Math.trunc((task.oomScoreAdj * 17) / 1000)}\n`),
  file('oom_score', 0o444, (_view, task) => `${Math.max(0, Math.round(((1000 + task.oomScoreAdj) * 2) / 3))}\n`),
  file('oom_score_adj', 0o644, (_view, task) => `${task.oomScoreAdj}\n`, { write: writeOom }),
  file('pagemap', 0o400, () => '', { guarded: true }),
  file('personality', 0o400, () => '00000000\n', { guarded: true }),
  file('projid_map', 0o644, () => ''),
  place('root', (task) => (task.state === 'zombie' ? null : task.root)),
  file('sched', 0o644, (_view, task) => `${task.comm} (${task.pids[0]}, #threads: 1)\n`),
  file('schedstat', 0o444, () => '0 0 0\n'),
  file('sessionid', 0o444, () => '4294967295'),
  file('setgroups', 0o644, ({ k }, task) => `${k.state.userNs.get(task.cred.userNs)?.setgroups ?? 'allow'}\n`, {
    write: (view, task, text) => took(writeSetgroups(view.k, view.viewer, task, text)),
  }),
  file('smaps', 0o444, () => '', { guarded: true }),
  file('smaps_rollup', 0o444, () => '', { guarded: true }),
  file('stack', 0o400, owned('[<0>] do_syscall_64+0x5d/0x90\n'), { guarded: true }),
  file('stat', 0o444, statText),
  file('statm', 0o444, statmText),
  file('status', 0o444, statusText),
  file('syscall', 0o400, () => 'running\n', { guarded: true }),
  file('timers', 0o444, () => ''),
  file('timerslack_ns', 0o666, () => '50000\n'),
  file('uid_map', 0o644, ({ k, viewer }, task) => idMapText(k.state, task.cred.userNs, viewer.cred.userNs, 'uidMap'), {
    write: (view, task, text) => took(writeIdMap(view.k, view.viewer, task, 'uid', text)),
  }),
  file('wchan', 0o444, (view, task) => waitsIn(view, task) ?? '0'),
];

// Below /proc/PID/task/TID the same nodes are again, without the group-wide ones.
const NOT_IN_TASK = new Set([
  'task',
  'map_files',
  'map_files/400000-401000',
  'map_files/401000-5b8000',
  'autogroup',
  'mountstats',
  'coredump_filter',
  'timers',
  'timerslack_ns',
]);

export const pidNodes = NODES;
export const taskNodes: readonly number[] = NODES.flatMap((node, at) => (NOT_IN_TASK.has(node.name) ? [] : [at]));

/** Index of the node at a path below /proc/PID. */
export const pidNodeAt = (name: string): number => NODES.findIndex((node) => node.name === name);

/** What /proc/PID/fd/N shows. Counterpart: d_path */
export function fdText(view: View, target: FileTarget): string {
  switch (target.kind) {
    case 'inode':
      return locationPath(view.k, view.viewer, target.at);
    case 'snapshot':
      return target.path;
    case 'pipe':
      return `pipe:[${40000 + target.pipe}]`;
    case 'tty':
      return target.side === 'slave' ? `/dev/pts/${view.k.state.ttys.get(target.tty)?.index ?? 0}` : '/dev/ptmx';
    case 'host':
      return `socket:[${30000 + target.stream}]`;
    case 'socket':
      return `socket:[${50000 + target.socket}]`;
    case 'ns':
      return nsName(target.type, target.ns);
  }
}

export { mayLookInto };
