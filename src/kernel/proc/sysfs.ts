// sysfs: the directories and the few files a container looks at. Counterpart: sysfs(5)

import { err, type FsDriver, ok } from '../context.ts';
import { dir, file, link, makeTree, type TreeNode, treeDriver } from './view.ts';

const attr = (path: string, value: string): TreeNode => file(path, () => `${value}\n`, 0o444, 4096);
const setting = (path: string, value: string): TreeNode => ({ ...file(path, () => `${value}\n`, 0o644, 4096), write: () => ok(undefined) });

const cpus = [0, 1].flatMap((cpu) => [
  dir(`devices/system/cpu/cpu${cpu}`, 0o755),
  attr(`devices/system/cpu/cpu${cpu}/topology/core_id`, String(cpu)),
  dir(`devices/system/cpu/cpu${cpu}/cache`, 0o755),
]);

const device = (name: string, index: number, address: string, mtu: number, state: string): TreeNode[] => [
  dir(`devices/virtual/net/${name}`, 0o755),
  attr(`devices/virtual/net/${name}/address`, address),
  setting(`devices/virtual/net/${name}/mtu`, String(mtu)),
  attr(`devices/virtual/net/${name}/ifindex`, String(index)),
  attr(`devices/virtual/net/${name}/operstate`, state),
  link(`class/net/${name}`, () => `../../devices/virtual/net/${name}`),
];

const nodes: readonly TreeNode[] = [
  dir('block', 0o755),
  dir('bus', 0o755, 23),
  dir('bus/pci', 0o755),
  dir('bus/cpu', 0o755),
  dir('class', 0o755, 30),
  dir('class/net', 0o755),
  dir('class/tty', 0o755),
  dir('class/block', 0o755),
  dir('dev', 0o755, 4),
  dir('dev/block', 0o755),
  dir('dev/char', 0o755),
  dir('devices', 0o755, 14),
  dir('devices/system', 0o755),
  dir('devices/system/cpu', 0o755),
  attr('devices/system/cpu/online', '0-1'),
  attr('devices/system/cpu/possible', '0-1'),
  attr('devices/system/cpu/present', '0-1'),
  ...cpus,
  attr('devices/system/node/online', '0'),
  dir('devices/virtual', 0o755),
  dir('devices/virtual/net', 0o755),
  ...device('lo', 1, '00:00:00:00:00:00', 65536, 'unknown'),
  ...device('eth0', 2, '0a:58:0a:f4:00:05', 1450, 'up'),
  dir('firmware', 0o755, 4),
  dir('firmware/acpi', 0o755, 4),
  dir('firmware/memmap', 0o755, 7),
  dir('fs', 0o755, 11),
  dir('fs/bpf', 0o555, 2),
  dir('fs/btrfs', 0o755, 3),
  dir('fs/cgroup', 0o755, 2),
  dir('fs/erofs', 0o755, 3),
  dir('fs/ext4', 0o755, 4),
  dir('fs/fuse', 0o755, 3),
  dir('fs/pstore', 0o555, 2),
  { ...dir('fs/selinux', 0o755), when: ({ state }) => state.lsm?.kind === 'selinux' },
  dir('fs/tmpfs', 0o755, 3),
  dir('fs/xfs', 0o755, 3),
  dir('kernel', 0o755, 14),
  attr('kernel/address_bits', '64'),
  dir('kernel/boot_params', 0o755),
  dir('kernel/btf', 0o755),
  dir('kernel/cgroup', 0o755),
  attr('kernel/cpu_byteorder', 'little'),
  dir('kernel/debug', 0o555),
  attr('kernel/fscaps', '1'),
  attr('kernel/hardlockup_count', '0'),
  dir('kernel/iommu_groups', 0o755),
  dir('kernel/irq', 0o755, 22),
  dir('kernel/mm', 0o755, 9),
  setting('kernel/mm/transparent_hugepage/enabled', 'always [madvise] never'),
  file('kernel/notes', () => '', 0o444, 164),
  attr('kernel/oops_count', '0'),
  { ...setting('kernel/profiling', '0'), write: (_view, text) => (/^\s*\d+\s*$/.test(text) ? ok(undefined) : err('EINVAL')) },
  setting('kernel/rcu_expedited', '0'),
  setting('kernel/rcu_normal', '0'),
  attr('kernel/rcu_stall_count', '0'),
  dir('kernel/reboot', 0o755),
  dir('kernel/security', 0o555),
  dir('kernel/slab', 0o755, 237),
  attr('kernel/softlockup_count', '0'),
  dir('kernel/software_nodes', 0o755),
  dir('kernel/tracing', 0o555),
  attr('kernel/uevent_seqnum', '1021'),
  attr('kernel/vmcoreinfo', '0'),
  attr('kernel/warn_count', '0'),
  dir('module', 0o755, 80),
  { ...dir('module/apparmor', 0o755), when: ({ state }) => state.lsm?.kind === 'apparmor' },
  attr('module/apparmor/parameters/enabled', 'Y'),
  dir('power', 0o755, 2),
  setting('power/state', 'freeze mem disk'),
];

/** The driver of file system type "sysfs". */
export const sysfsDriver: FsDriver = treeDriver(makeTree(1, nodes, 0o555));
