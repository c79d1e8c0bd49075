// The part of the targeted policy that containers meet, as a table. Counterpart: container-selinux 2.250 container.te and container.fc,
// Fedora's selinux-policy for the types of the system
// Deviates: types of the node's own programs are few, all unconfined; object classes other than files are judged by type only.

/** Domains that are confined as containers are. */
const CONTAINER_DOMAINS = [
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_userns_t',
  'container_logreader_t',
  'container_device_t',
];
/** Domains to which the policy allows everything. */
const UNCONFINED_DOMAINS = [
  'spc_t',
  'container_runtime_t',
  'container_engine_t',
  'unconfined_service_t',
  'unconfined_t',
  'init_t',
  'kernel_t',
  'kubelet_t',
];

const SEARCH = ['search', 'getattr'];
const READ = [...SEARCH, 'read', 'open', 'lock', 'ioctl', 'map'];
const EXECUTE = [...READ, 'execute', 'execute_no_trans', 'entrypoint'];
const WRITE = [...READ, 'write', 'append'];
const MANAGE = [
  ...EXECUTE,
  ...WRITE,
  'create',
  'unlink',
  'link',
  'rename',
  'setattr',
  'add_name',
  'remove_name',
  'rmdir',
  'reparent',
  'mounton',
  'relabelfrom',
  'relabelto',
];

/** What a container domain may do to objects of a type. Types not named: searching directories (files_search_all). */
const CONTAINER_ALLOWS: Readonly<Record<string, readonly string[]>> = {
  container_file_t: MANAGE,
  container_ro_file_t: EXECUTE,
  container_var_lib_t: [...SEARCH, 'entrypoint'],
  container_devpts_t: [...WRITE, 'setattr'],
  devpts_t: WRITE,
  null_device_t: WRITE,
  zero_device_t: WRITE,
  random_device_t: WRITE,
  urandom_device_t: WRITE,
  fusefs_t: MANAGE,
  proc_t: [...READ, 'mounton'],
  proc_net_t: READ,
  sysctl_t: READ,
  sysctl_net_t: WRITE,
  sysfs_t: READ,
  cgroup_t: [...READ, 'mounton'],
  nsfs_t: READ,
  // Read by every domain of the targeted policy; not in container.te itself.
  etc_t: READ,
  usr_t: EXECUTE,
  bin_t: EXECUTE,
  lib_t: EXECUTE,
  cert_t: READ,
};

/** Types of files that occur without a rule of their own here. */
const OTHER_FILE_TYPES = [
  'default_t',
  'root_t',
  'var_t',
  'var_lib_t',
  'var_log_t',
  'var_run_t',
  'tmp_t',
  'tmpfs_t',
  'home_root_t',
  'user_home_t',
  'admin_home_t',
  'security_t',
  'unlabeled_t',
  'shadow_t',
  'container_log_t',
  'kubernetes_file_t',
  'container_runtime_tmpfs_t',
  'mnt_t',
  'boot_t',
  'device_t',
];

const KNOWN = new Set([...CONTAINER_DOMAINS, ...UNCONFINED_DOMAINS, ...Object.keys(CONTAINER_ALLOWS), ...OTHER_FILE_TYPES]);

/** Is it a type of the policy? A context with another one is invalid. */
export const knownType = (type: string): boolean => KNOWN.has(type);

/** A domain whose accesses are limited by type and by categories. */
export const isConfined = (domain: string): boolean => CONTAINER_DOMAINS.includes(domain);

/** Type enforcement: does the policy allow a permission on an object of a type? */
export function typeAllows(domain: string, type: string, permission: string): boolean {
  if (!isConfined(domain)) return true;
  // /proc/PID of tasks of the own domain.
  if (type === domain) return WRITE.includes(permission);
  return (CONTAINER_ALLOWS[type] ?? SEARCH).includes(permission);
}

/** Capabilities that count for a container domain: all but loading modules. Counterpart: virt_sandbox_use_all_caps, on by default */
export const domainAllowsCapability = (domain: string, cap: string): boolean =>
  !isConfined(domain) || !['CAP_SYS_MODULE', 'CAP_MAC_ADMIN', 'CAP_MAC_OVERRIDE'].includes(cap);

/** What a runtime's program file leads to when no context was asked for. Counterpart: domtrans_pattern(container_runtime_domain, …, spc_t) */
export const transition = (domain: string, fileType: string): string =>
  domain === 'container_runtime_t' && ['container_file_t', 'container_ro_file_t', 'container_var_lib_t'].includes(fileType)
    ? 'spc_t'
    : domain;

/** Types by path on the node's disks, the last match counts. Counterpart: file_contexts(5) */
const FILE_CONTEXTS: readonly (readonly [RegExp, string])[] = [
  [/^\//, 'default_t'],
  [/^\/$/, 'root_t'],
  [/^\/(usr|opt)(\/|$)/, 'usr_t'],
  [/^\/(usr\/)?s?bin(\/|$)/, 'bin_t'],
  [/^\/(usr\/)?lib(64)?(\/|$)/, 'lib_t'],
  [/^\/etc(\/|$)/, 'etc_t'],
  [/^\/etc\/shadow/, 'shadow_t'],
  [/^\/(var|srv)(\/|$)/, 'var_t'],
  [/^\/var\/lib(\/|$)/, 'var_lib_t'],
  [/^\/var\/log(\/|$)/, 'var_log_t'],
  [/^\/var\/log\/(pods|containers)(\/|$)/, 'container_log_t'],
  [/^\/run(\/|$)/, 'var_run_t'],
  [/^\/tmp(\/|$)/, 'tmp_t'],
  [/^\/mnt(\/|$)/, 'mnt_t'],
  [/^\/home(\/|$)/, 'home_root_t'],
  [/^\/home\/[^/]+/, 'user_home_t'],
  [/^\/root(\/|$)/, 'admin_home_t'],
  [/^\/dev(\/|$)/, 'device_t'],
  [/^\/dev\/null$/, 'null_device_t'],
  [/^\/dev\/(zero|full)$/, 'zero_device_t'],
  [/^\/dev\/random$/, 'random_device_t'],
  [/^\/dev\/urandom$/, 'urandom_device_t'],
  [/^\/var\/lib\/(kubelet|containerd)(\/|$)/, 'container_var_lib_t'],
  [/^\/var\/lib\/containerd\/[^/]*\/snapshots(\/|$)/, 'container_file_t'],
  [/^\/var\/lib\/containerd\/[^/]*\/sandboxes(\/|$)/, 'container_ro_file_t'],
];

/** The type a file of the node has when nobody gave it another one. */
export function typeOfPath(path: string): string {
  let type = 'default_t';
  for (const [pattern, own] of FILE_CONTEXTS) if (pattern.test(path)) type = own;
  return type;
}

/** Types of file systems without attributes. Counterpart: genfscon, fs_use */
const GENFS: Readonly<Record<string, string>> = {
  proc: 'proc_t',
  sysfs: 'sysfs_t',
  cgroup2: 'cgroup_t',
  devpts: 'devpts_t',
  securityfs: 'security_t',
  selinuxfs: 'security_t',
  mqueue: 'tmpfs_t',
};
export const genfsType = (fstype: string): string | undefined => GENFS[fstype];
