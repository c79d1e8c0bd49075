// /proc/sys: which sysctls there are, which namespace they belong to and who may write them.
// Counterpart: kernel/sysctl.c, fs/proc/proc_sysctl.c, Documentation/admin-guide/sysctl

import { MAY_WRITE } from '#abi/mode.ts';
import { err, ok, type Res, refuse } from '../context.ts';
import { fromKgid, makeKgid } from '../cred/ids.ts';
import { capableWrt } from '../cred/need.ts';
import type { Kgid, PidNs, PlainNs, UtsNs } from '../state.ts';
import { rootOf } from './ids.ts';
import { file, type TreeNode, type View } from './view.ts';

const READONLY = 'ro';
/** name, default value, "ro" when nobody may write it. */
const GLOBAL: readonly (readonly [string, string, string?])[] = [
  ['debug/exception-trace', '1'],
  ['fs/aio-max-nr', '65536'],
  ['fs/aio-nr', '0', READONLY],
  ['fs/dentry-state', '6423\t1234\t45\t0\t234\t0', READONLY],
  ['fs/dir-notify-enable', '1'],
  ['fs/file-max', '2466170'],
  ['fs/file-nr', '512\t0\t2466170', READONLY],
  ['fs/inode-nr', '5896\t320', READONLY],
  ['fs/inotify/max_queued_events', '16384'],
  ['fs/inotify/max_user_instances', '128'],
  ['fs/inotify/max_user_watches', '192536'],
  ['fs/lease-break-time', '45'],
  ['fs/leases-enable', '1'],
  ['fs/mount-max', '100000'],
  ['fs/nr_open', '1048576'],
  ['fs/overflowgid', '65534'],
  ['fs/overflowuid', '65534'],
  ['fs/pipe-max-size', '1048576'],
  ['fs/pipe-user-pages-soft', '16384'],
  ['fs/protected_fifos', '1'],
  ['fs/protected_hardlinks', '1'],
  ['fs/protected_regular', '2'],
  ['fs/protected_symlinks', '1'],
  ['fs/suid_dumpable', '0'],
  ['kernel/acct', '4\t2\t30'],
  ['kernel/arch', 'x86_64', READONLY],
  ['kernel/cap_last_cap', '40', READONLY],
  ['kernel/core_pattern', 'core'],
  ['kernel/core_pipe_limit', '0'],
  ['kernel/core_uses_pid', '0'],
  ['kernel/ctrl-alt-del', '0'],
  ['kernel/dmesg_restrict', '1'],
  ['kernel/hung_task_timeout_secs', '120'],
  ['kernel/io_uring_disabled', '0'],
  ['kernel/keys/maxbytes', '20000'],
  ['kernel/keys/maxkeys', '200'],
  ['kernel/kptr_restrict', '0'],
  ['kernel/modules_disabled', '0'],
  ['kernel/ngroups_max', '65536', READONLY],
  ['kernel/osrelease', '6.12.0', READONLY],
  ['kernel/ostype', 'Linux', READONLY],
  ['kernel/overflowgid', '65534'],
  ['kernel/overflowuid', '65534'],
  ['kernel/panic', '0'],
  ['kernel/panic_on_oops', '0'],
  ['kernel/perf_event_paranoid', '2'],
  ['kernel/pid_max', '4194304'],
  ['kernel/poweroff_cmd', '/sbin/poweroff'],
  ['kernel/print-fatal-signals', '0'],
  ['kernel/printk', '4\t4\t1\t7'],
  ['kernel/pty/max', '4096'],
  ['kernel/pty/reserve', '1024'],
  ['kernel/random/boot_id', 'bf97bfcc-bc79-4d54-847a-7ae63e135fa4', READONLY],
  ['kernel/random/entropy_avail', '256', READONLY],
  ['kernel/random/poolsize', '256', READONLY],
  ['kernel/randomize_va_space', '2'],
  ['kernel/sched_rt_period_us', '1000000'],
  ['kernel/sched_rt_runtime_us', '950000'],
  ['kernel/seccomp/actions_avail', 'kill_process kill_thread trap errno user_notif trace log allow', READONLY],
  ['kernel/sysctl_writes_strict', '1'],
  ['kernel/tainted', '0'],
  ['kernel/threads-max', '192730'],
  ['kernel/unprivileged_bpf_disabled', '2'],
  ['kernel/version', '#1 SMP PREEMPT_DYNAMIC', READONLY],
  ['kernel/watchdog', '1'],
  ['user/max_cgroup_namespaces', '96365'],
  ['user/max_ipc_namespaces', '96365'],
  ['user/max_mnt_namespaces', '96365'],
  ['user/max_net_namespaces', '96365'],
  ['user/max_pid_namespaces', '96365'],
  ['user/max_user_namespaces', '96365'],
  ['user/max_uts_namespaces', '96365'],
  ['vm/compact_memory', ''],
  ['vm/dirty_background_ratio', '10'],
  ['vm/dirty_ratio', '20'],
  ['vm/drop_caches', '0'],
  ['vm/legacy_va_layout', '0'],
  ['vm/max_map_count', '65530'],
  ['vm/min_free_kbytes', '67584'],
  ['vm/mmap_min_addr', '65536'],
  ['vm/nr_hugepages', '0'],
  ['vm/oom_kill_allocating_task', '0'],
  ['vm/overcommit_memory', '1'],
  ['vm/overcommit_ratio', '50'],
  ['vm/panic_on_oom', '0'],
  ['vm/swappiness', '60'],
  ['vm/vfs_cache_pressure', '100'],
];
const IPC: readonly (readonly [string, string, string?])[] = [
  ['fs/mqueue/msg_default', '10'],
  ['fs/mqueue/msg_max', '10'],
  ['fs/mqueue/msgsize_default', '8192'],
  ['fs/mqueue/msgsize_max', '8192'],
  ['fs/mqueue/queues_max', '256'],
  ['kernel/msgmax', '8192'],
  ['kernel/msgmnb', '16384'],
  ['kernel/msgmni', '32000'],
  ['kernel/sem', '32000\t1024000000\t500\t32000'],
  ['kernel/shm_rmid_forced', '0'],
  ['kernel/shmall', '18446744073692774399'],
  ['kernel/shmmax', '18446744073692774399'],
  ['kernel/shmmni', '4096'],
];
const NET: readonly (readonly [string, string, string?])[] = [
  ['net/core/somaxconn', '4096'],
  ['net/core/rmem_max', '4194304'],
  ['net/core/wmem_max', '4194304'],
  ...['all', 'default', 'eth0', 'lo'].flatMap((device) => [
    [`net/ipv4/conf/${device}/accept_redirects`, '1'] as const,
    [`net/ipv4/conf/${device}/forwarding`, '0'] as const,
    [`net/ipv4/conf/${device}/rp_filter`, '0'] as const,
    [`net/ipv6/conf/${device}/disable_ipv6`, '0'] as const,
  ]),
  ['net/ipv4/icmp_echo_ignore_all', '0'],
  ['net/ipv4/icmp_echo_ignore_broadcasts', '1'],
  ['net/ipv4/ip_default_ttl', '64'],
  ['net/ipv4/ip_forward', '0'],
  ['net/ipv4/ip_local_port_range', '32768\t60999'],
  ['net/ipv4/ip_local_reserved_ports', ''],
  ['net/ipv4/ip_nonlocal_bind', '0'],
  ['net/ipv4/ip_unprivileged_port_start', '1024'],
  ['net/ipv4/ping_group_range', '1\t0'],
  ['net/ipv4/tcp_fin_timeout', '60'],
  ['net/ipv4/tcp_keepalive_intvl', '75'],
  ['net/ipv4/tcp_keepalive_probes', '9'],
  ['net/ipv4/tcp_keepalive_time', '7200'],
  ['net/ipv4/tcp_max_syn_backlog', '2048'],
  ['net/ipv4/tcp_rmem', '4096\t131072\t33554432'],
  ['net/ipv4/tcp_syncookies', '1'],
  ['net/ipv4/tcp_wmem', '4096\t16384\t4194304'],
  ['net/ipv6/conf/all/forwarding', '0'],
  ['net/unix/max_dgram_qlen', '10'],
];

/** Values every sysctl of /proc/sys starts with, by kind of namespace. */
export const SYSCTL_DEFAULTS = { global: GLOBAL, ipc: IPC, net: NET } as const;

const NUMBERS = /^-?\d+(\s+-?\d+)*$/;
const isNumeric = (value: string): boolean => NUMBERS.test(value);

/** Takes a written text as the real handlers do: numbers are parsed, text is taken up to the newline. */
function parsed(before: string, text: string): Res<string> {
  const trimmed = text.replace(/\n[\s\S]*$/, '').trim();
  if (!isNumeric(before)) return ok(trimmed);
  return isNumeric(trimmed) ? ok(trimmed.split(/\s+/).join('\t')) : err('EINVAL');
}

/** Counterpart: sysctl_perm, net_ctl_permissions, ipc_permissions: the owner's bits for root, no capability overrides them. */
function writable(view: View, want: number, userNs: number, readonly: boolean): Res<void> | undefined {
  if ((want & MAY_WRITE) === 0) return ok(undefined);
  const root = rootOf(view.k.state, userNs);
  const isRoot = view.viewer.cred.euid === root.uid;
  if (isRoot && !readonly) return ok(undefined);
  return refuse('EACCES', 'sysctl.owner', { euid: view.viewer.cred.euid, owner: root.uid, readonly });
}

function netWritable(view: View, want: number, readonly: boolean): Res<void> | undefined {
  const userNs = view.k.state.netNs.get(view.viewer.netNs)?.userNs ?? 0;
  if (!readonly && capableWrt(view.k, view.viewer.cred, userNs, 'CAP_NET_ADMIN').ok) return ok(undefined);
  return writable(view, want, userNs, readonly);
}

const node = (path: string, readonly: boolean, rest: Partial<TreeNode>): TreeNode => ({
  ...file(`sys/${path}`, undefined, readonly ? 0o444 : 0o644),
  ...rest,
});

function globalNode([name, value, access]: readonly [string, string, string?]): TreeNode {
  const readonly = access === READONLY;
  const current = (view: View): string => view.k.state.sysctls[name] ?? value;
  return node(name, readonly, {
    text: (view) => `${current(view)}\n`,
    permission: (view, want) => writable(view, want, 0, readonly),
    write(view, text) {
      const next = parsed(current(view), text);
      if (!next.ok) return next;
      if (name === 'kernel/dmesg_restrict' || name === 'kernel/kptr_restrict') {
        const may = capableWrt(view.k, view.viewer.cred, 0, 'CAP_SYS_ADMIN');
        if (!may.ok) return may;
      }
      view.k.state = { ...view.k.state, sysctls: { ...view.k.state.sysctls, [name]: next.value } };
      return ok(undefined);
    },
  });
}

/** Values that are group ids: kept as the initial namespace knows them, shown as the network namespace's owner does. */
const GROUPS = new Set(['net/ipv4/ping_group_range']);
const ownerNs = (view: View): number => view.k.state.netNs.get(view.viewer.netNs)?.userNs ?? 0;

const groupsShown = (view: View, text: string): string =>
  text
    .split('\t')
    .map((id) => fromKgid(view.k.state, ownerNs(view), Number(id) as Kgid))
    .join('\t');

/** Counterpart: ipv4_ping_group_range. Errors: EINVAL for an id that is not mapped. */
function groupsStored(view: View, text: string): Res<string> {
  const ids = text.split('\t').map((id) => makeKgid(view.k.state, ownerNs(view), Number(id)));
  return ids.includes(undefined) ? err('EINVAL') : ok(ids.join('\t'));
}

function nsNode(kind: 'ipcNs' | 'netNs', [name, value, access]: readonly [string, string, string?]): TreeNode {
  const readonly = access === READONLY;
  const space = (view: View): PlainNs => view.k.state[kind].get(view.viewer[kind]) as PlainNs;
  const current = (view: View): string => space(view).sysctls[name] ?? value;
  return node(name, readonly, {
    owner: (view) => rootOf(view.k.state, space(view).userNs),
    text: (view) => `${GROUPS.has(name) ? groupsShown(view, current(view)) : current(view)}\n`,
    permission: (view, want) => (kind === 'netNs' ? netWritable(view, want, readonly) : writable(view, want, space(view).userNs, readonly)),
    write(view, text) {
      const next = parsed(current(view), text);
      if (!next.ok) return next;
      const kept = GROUPS.has(name) ? groupsStored(view, next.value) : ok(next.value);
      if (!kept.ok) return kept;
      const changed = { ...space(view), sysctls: { ...space(view).sysctls, [name]: kept.value } };
      view.k.state = { ...view.k.state, [kind]: view.k.state[kind].set(view.viewer[kind], changed) };
      return ok(undefined);
    },
  });
}

function utsNode(name: 'nodename' | 'domainname', path: string): TreeNode {
  const space = (view: View): UtsNs => view.k.state.utsNs.get(view.viewer.utsNs) as UtsNs;
  return node(path, false, {
    text: (view) => `${space(view)[name]}\n`,
    permission: (view, want) => writable(view, want, 0, false),
    write(view, text) {
      const value = text.replace(/\n[\s\S]*$/, '').slice(0, 64);
      view.k.state = { ...view.k.state, utsNs: view.k.state.utsNs.set(view.viewer.utsNs, { ...space(view), [name]: value }) };
      return ok(undefined);
    },
  });
}

/** The pid after which the next process of the writer's namespace is numbered. Counterpart: pid_ns_ctl_handler */
function setLastPid({ k, viewer }: View, text: string): Res<void> {
  const ns = k.state.pidNs.get(viewer.pidNs) as PidNs;
  const may = capableWrt(k, viewer.cred, ns.userNs, 'CAP_CHECKPOINT_RESTORE');
  if (!may.ok && !capableWrt(k, viewer.cred, ns.userNs, 'CAP_SYS_ADMIN').ok) return may;
  if (!/^\s*\d+\s*$/.test(text) || Number(text) > 4194304) return err('EINVAL');
  k.state = { ...k.state, pidNs: k.state.pidNs.set(viewer.pidNs, { ...ns, lastPid: Number(text) }) };
  return ok(undefined);
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(8, '0').slice(0, digits);

/** All nodes below /proc/sys. */
export const sysctlNodes: readonly TreeNode[] = [
  ...GLOBAL.map(globalNode),
  ...IPC.map((entry) => nsNode('ipcNs', entry)),
  ...NET.map((entry) => nsNode('netNs', entry)),
  utsNode('nodename', 'kernel/hostname'),
  utsNode('domainname', 'kernel/domainname'),
  node('kernel/random/uuid', true, {
    text({ k }) {
      const [a, b, c, d] = [k.random(), k.random(), k.random(), k.random()];
      return `${hex(a, 8)}-${hex(b, 4)}-4${hex(b >>> 4, 3)}-${hex(0x80000000 + (c & 0x3fff0000), 4)}-${hex(c, 4)}${hex(d, 8)}\n`;
    },
  }),
  {
    ...file('sys/kernel/ns_last_pid', ({ k, viewer }) => `${k.state.pidNs.get(viewer.pidNs)?.lastPid ?? 0}\n`, 0o666),
    write: setLastPid,
  },
];
