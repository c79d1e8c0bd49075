import { capableWrt } from '../cred/need.ts';
import { pidIn } from '../task/ids.ts';
import { sysctlNodes } from './sysctl.ts';
import { sysvipcNodes } from './sysvipc.ts';
import { dir, file, link, makeTree, type TreeNode, type View } from './view.ts';

const SECOND = 1_000_000_000n;
const HUNDREDTH = 10_000_000n;

const MEMORY_KIB = 24683072;
const meminfo: readonly (readonly [string, number])[] = [
  ['MemTotal', MEMORY_KIB],
  ['MemFree', 24284580],
  ['MemAvailable', 24302756],
  ['Buffers', 1408],
  ['Cached', 142932],
  ['SwapCached', 0],
  ['Active', 100956],
  ['Inactive', 49416],
  ['Active(anon)', 1568],
  ['Inactive(anon)', 13344],
  ['Active(file)', 99388],
  ['Inactive(file)', 36072],
  ['Unevictable', 21384],
  ['Mlocked', 20516],
  ['SwapTotal', 0],
  ['SwapFree', 0],
  ['Dirty', 96],
  ['Writeback', 0],
  ['AnonPages', 27448],
  ['Mapped', 10952],
  ['Shmem', 8872],
  ['KReclaimable', 147004],
  ['Slab', 172892],
  ['SReclaimable', 147004],
  ['SUnreclaim', 25888],
  ['KernelStack', 1508],
  ['PageTables', 3020],
  ['SecPageTables', 0],
  ['CommitLimit', 12342040],
  ['Committed_AS', 75000],
  ['VmallocTotal', 34359738367],
  ['VmallocUsed', 14380],
  ['VmallocChunk', 0],
  ['Percpu', 664],
  ['AnonHugePages', 0],
  ['Hugepagesize', 2048],
  ['Hugetlb', 0],
];

const cpu = (index: number): string =>
  `processor\t: ${index}\nvendor_id\t: AuthenticAMD\ncpu family\t: 26\nmodel\t\t: 2\nmodel name\t: AMD EPYC\nstepping\t: 1\ncpu MHz\t\t: 2596.124\n` +
  `cache size\t: 1024 KB\nphysical id\t: 0\nsiblings\t: 2\ncore id\t\t: ${index}\ncpu cores\t: 2\napicid\t\t: ${index}\ninitial apicid\t: ${index}\n` +
  'fpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: 28\nwp\t\t: yes\nflags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat pse36 ' +
  'clflush mmx fxsr sse sse2 ht syscall nx rdtscp lm constant_tsc nopl cpuid pni ssse3 fma cx16 sse4_1 sse4_2 popcnt aes xsave avx rdrand hypervisor\n' +
  'bogomips\t: 5192.24\nclflush size\t: 64\ncache_alignment\t: 64\naddress sizes\t: 48 bits physical, 48 bits virtual\npower management:\n\n';

const FILESYSTEMS = [
  'nodev\tsysfs',
  'nodev\ttmpfs',
  'nodev\tproc',
  'nodev\tcgroup2',
  'nodev\tdevtmpfs',
  'nodev\tdebugfs',
  'nodev\ttracefs',
  'nodev\tsecurityfs',
  'nodev\tsockfs',
  'nodev\tbpf',
  'nodev\tpipefs',
  'nodev\tramfs',
  'nodev\thugetlbfs',
  'nodev\tdevpts',
  '\text3',
  '\text2',
  '\text4',
  'nodev\toverlay',
  '\txfs',
  'nodev\tmqueue',
];

const sysctl = (view: View, name: string, otherwise: string): string => view.k.state.sysctls[name] ?? otherwise;

const selfPid = ({ k, sb, viewer }: View): number => pidIn(k.state, viewer, k.state.superblocks.get(sb)?.ns ?? 0);

const loadavg = ({ k, viewer }: View): string => {
  const space = k.state.pidNs.get(viewer.pidNs);
  return `0.08 0.03 0.01 1/${space?.live ?? 1} ${space?.lastPid ?? 1}\n`;
};

const stat = ({ k }: View): string => {
  const ticks = k.state.monotonic / HUNDREDTH;
  const boot = (k.state.realtime - k.state.monotonic) / SECOND;
  const row = (name: string, idle: bigint): string => `${name} 0 0 0 ${idle} 0 0 0 0 0 0\n`;
  return `${row('cpu ', ticks * 2n)}${row('cpu0', ticks)}${row('cpu1', ticks)}intr 0\nctxt 0\nbtime ${boot}\nprocesses ${k.state.tasks.length}\nprocs_running 1\nprocs_blocked 0\nsoftirq 0\n`;
};

const uptime = ({ k }: View): string => {
  const show = (ns: bigint): string => `${ns / SECOND}.${String((ns % SECOND) / HUNDREDTH).padStart(2, '0')}`;
  return `${show(k.state.monotonic)} ${show(k.state.monotonic * 2n)}\n`;
};

/** The kernel log through /proc/kmsg needs CAP_SYSLOG at open. Counterpart: check_syslog_permissions */
const kmsg: TreeNode = {
  ...file('kmsg', ({ k }) => k.state.log.map((line) => `${line}\n`).join(''), 0o400),
  permission({ k, viewer }) {
    const may = capableWrt(k, viewer.cred, 0, 'CAP_SYSLOG');
    return may.ok ? undefined : may;
  },
};

const empty = (names: string, mode: number): TreeNode[] => names.split(' ').map((name) => file(name, () => '', mode));

/** The only file of /proc whose size is shown. Counterpart: proc_cmdline_init */
const CMDLINE = 'BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro console=ttyS0\n';

const nodes: readonly TreeNode[] = [
  dir('acpi', 0o555, 2),
  ...empty('buddyinfo', 0o444),
  dir('bus', 0o555, 4),
  dir('bus/input'),
  dir('bus/pci'),
  file('bus/pci/devices', () => ''),
  file(
    'cgroups',
    () =>
      '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t0\t42\t1\ncpu\t0\t42\t1\ncpuacct\t0\t42\t1\nblkio\t0\t42\t1\nmemory\t0\t42\t1\ndevices\t0\t42\t1\nfreezer\t0\t42\t1\npids\t0\t42\t1\n',
  ),
  file('cmdline', () => CMDLINE, 0o444, CMDLINE.length),
  file('config.gz', () => '', 0o444, 23613),
  ...empty('consoles', 0o444),
  file('cpuinfo', () => cpu(0) + cpu(1)),
  ...empty('crypto', 0o444),
  file(
    'devices',
    () =>
      'Character devices:\n  1 mem\n  4 tty\n  5 /dev/tty\n  5 /dev/console\n  5 /dev/ptmx\n 10 misc\n128 ptm\n136 pts\n\nBlock devices:\n  8 sd\n  9 md\n253 device-mapper\n',
  ),
  ...empty('diskstats dma', 0o444),
  dir('driver'),
  file('driver/rtc', () => ''),
  file('execdomains', () => '0-0\tLinux           \t[kernel]\n'),
  file('filesystems', () => FILESYSTEMS.map((line) => `${line}\n`).join('')),
  dir('fs', 0o555, 6),
  dir('fs/ext4'),
  dir('fs/jbd2'),
  dir('fs/nfsd'),
  dir('fs/fscache'),
  file('interrupts', () => '            CPU0       CPU1       \n'),
  ...empty('iomem ioports', 0o444),
  dir('irq', 0o555, 21),
  file('irq/default_smp_affinity', () => '3\n', 0o644),
  ...empty('kallsyms', 0o444),
  file('key-users', () => '    0:     3 2/2 2/1000000 46/25000000\n'),
  file('keys', () => ''),
  kmsg,
  ...empty('kpagecgroup kpagecount kpageflags', 0o400),
  file('loadavg', loadavg),
  ...empty('locks', 0o444),
  file('meminfo', () => meminfo.map(([label, value]) => `${`${label}:`.padEnd(16)}${String(value).padStart(8)} kB\n`).join('')),
  ...empty('misc', 0o444),
  link('mounts', () => 'self/mounts', 11),
  file('mtrr', () => '', 0o644),
  link('net', () => 'self/net', 8),
  ...empty('pagetypeinfo', 0o400),
  file('partitions', () => 'major minor  #blocks  name\n\n   8        0   41943040 sda\n   8        1   41941999 sda1\n'),
  dir('pressure'),
  ...['cpu', 'io', 'memory'].map((name) =>
    file(`pressure/${name}`, () => 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n'),
  ),
  link('self', (view) => String(selfPid(view))),
  ...empty('slabinfo', 0o400),
  ...empty('softirqs', 0o444),
  file('stat', stat),
  file('swaps', () => 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'),
  dir('sys', 0o555, 1),
  ...sysctlNodes,
  ...sysvipcNodes,
  link('thread-self', (view) => `${selfPid(view)}/task/${selfPid(view)}`),
  file('timer_list', () => 'Timer List Version: v0.10\n', 0o400),
  dir('tty', 0o555, 4),
  dir('tty/driver'),
  dir('tty/ldisc'),
  file('tty/drivers', () => ''),
  file('uptime', uptime),
  file(
    'version',
    (view) =>
      `Linux version ${sysctl(view, 'kernel/osrelease', '6.12.0')} (builder@node) (gcc 14.2.0, GNU ld 2.44) ${sysctl(view, 'kernel/version', '#1 SMP PREEMPT_DYNAMIC')}\n`,
  ),
  ...empty('vmallocinfo', 0o400),
  ...empty('vmstat zoneinfo', 0o444),
];

/** /proc without the processes; its root has inode number 1. */
export const rootTree = makeTree(1, nodes, 0o555);
