// The catalogue of rules that decide or change something, from the API server to the kernel: which layer a rule belongs to and where it is written down.
// A rule that is not listed here cannot be recorded: `check` and the steps of credentials take only these names.
// Sentences about them, in both languages: session/explain/ruleTexts.ts and clusterTexts.ts.

/** Where a rule sits on the way from a manifest to a system call. */
export type RuleLayer =
  | 'API server'
  | 'Pod Security'
  | 'kubelet'
  | 'container runtime'
  | 'file mode'
  | 'capability'
  | 'mount'
  | 'file'
  | 'sysctl'
  | 'cgroup'
  | 'execve'
  | 'credentials'
  | 'user namespace'
  | 'signal'
  | 'ptrace'
  | 'session'
  | 'limit'
  | 'network'
  | 'seccomp'
  | 'AppArmor'
  | 'SELinux';

export interface Rule {
  readonly layer: RuleLayer;
  readonly citation: string;
}

const rule = (layer: RuleLayer, citation: string): Rule => ({ layer, citation });
const EXEC = 'capabilities(7), Transformation of capabilities during execve()';
const SETUID = 'capabilities(7), Effect of user ID changes on capabilities';

/** A control of the Pod Security Standards. */
const psa = (level: 'Baseline' | 'Restricted', control: string): Rule =>
  rule('Pod Security', `Pod Security Standards, ${level}, ${control}`);

/** Rules of the cluster's components by id. */
export const CLUSTER_RULES = {
  'api.decode': rule('API server', 'Kubernetes API Concepts, Field validation'),
  'api.validation': rule('API server', 'Kubernetes API Reference'),
  'api.authorization': rule('API server', 'Using RBAC Authorization in Kubernetes'),
  'api.admission': rule('API server', 'Admission Control in Kubernetes'),

  'psa.appArmorProfile': psa('Baseline', 'AppArmor'),
  'psa.capabilities_baseline': psa('Baseline', 'Capabilities'),
  'psa.hostNamespaces': psa('Baseline', 'Host Namespaces'),
  'psa.hostPathVolumes': psa('Baseline', 'HostPath Volumes'),
  'psa.hostPorts': psa('Baseline', 'Host Ports'),
  'psa.hostProbesAndHostLifecycle': psa('Baseline', 'Host Probes / Lifecycle Hooks'),
  'psa.privileged': psa('Baseline', 'Privileged Containers'),
  'psa.procMount': psa('Baseline', '/proc Mount Type'),
  'psa.seLinuxOptions': psa('Baseline', 'SELinux'),
  'psa.seccompProfile_baseline': psa('Baseline', 'Seccomp'),
  'psa.sysctls': psa('Baseline', 'Sysctls'),
  'psa.windowsHostProcess': psa('Baseline', 'HostProcess'),
  'psa.allowPrivilegeEscalation': psa('Restricted', 'Privilege Escalation'),
  'psa.capabilities_restricted': psa('Restricted', 'Capabilities'),
  'psa.procMount_restricted': psa('Restricted', '/proc Mount Type'),
  'psa.restrictedVolumes': psa('Restricted', 'Volume Types'),
  'psa.runAsNonRoot': psa('Restricted', 'Running as Non-root'),
  'psa.runAsUser': psa('Restricted', 'Running as Non-root user'),
  'psa.seccompProfile_restricted': psa('Restricted', 'Seccomp'),

  'kubelet.os': rule('kubelet', 'Pods, Pod OS'),
  'kubelet.sysctl': rule('kubelet', 'Using sysctls in a Kubernetes Cluster'),
  'kubelet.appArmor': rule('kubelet', 'Restrict a Container’s Access to Resources with AppArmor'),
  'kubelet.supplementalGroupsPolicy': rule('kubelet', 'Configure a Security Context, Configure fine-grained SupplementalGroups control'),
  'kubelet.runAsNonRoot': rule('kubelet', 'Configure a Security Context; PodSecurityContext v1, runAsNonRoot'),
  'kubelet.image': rule('kubelet', 'Images'),
  'kubelet.config': rule('kubelet', 'Container v1; ConfigMaps; Secrets'),
  'runtime.create': rule('container runtime', 'Container Runtime Interface, CreateContainer'),
  'runtime.start': rule('container runtime', 'Container Runtime Interface, StartContainer'),
} as const satisfies Readonly<Record<string, Rule>>;

/** Rules of the kernel by id, but for the 41 capability checks, whose id is `cap.NAME`. */
export const RULES = {
  'dac.owner': rule('file mode', 'path_resolution(7), Permissions'),
  'dac.group': rule('file mode', 'path_resolution(7), Permissions'),
  'dac.other': rule('file mode', 'path_resolution(7), Permissions'),
  'dac.acl': rule('file mode', 'acl(5), Access check algorithm'),

  'sb.readonly': rule('mount', 'mount(8), ro'),
  'mount.readonly': rule('mount', 'mount(2), MS_RDONLY'),
  'mount.nodev': rule('mount', 'mount(2), MS_NODEV'),
  'mount.noexec': rule('mount', 'mount(2), MS_NOEXEC'),
  'mount.locked': rule('mount', 'mount_namespaces(7), Restrictions on mount namespaces'),
  'mount.revealing': rule('mount', 'mount_namespaces(7), Restrictions on mount namespaces'),
  'fs.virtual': rule('mount', 'proc(5)'),
  'fs.userns': rule('mount', 'user_namespaces(7), Capabilities'),
  'fs.size': rule('mount', 'tmpfs(5), size'),

  'inode.immutable': rule('file', 'ioctl_iflags(2), FS_IMMUTABLE_FL'),
  'inode.append': rule('file', 'ioctl_iflags(2), FS_APPEND_FL'),
  'inode.unmapped': rule('file', 'user_namespaces(7), User and group ID mappings'),
  'inode.owner': rule('file', 'capabilities(7), CAP_FOWNER'),
  'file.running': rule('file', 'open(2), ETXTBSY'),
  'chown.owner': rule('file', 'chown(2)'),
  'chgrp.owner': rule('file', 'chown(2)'),
  'link.directory': rule('file', 'link(2), EPERM'),
  'mknod.whiteout': rule('file', 'overlayfs, Whiteouts and opaque directories'),
  'mknod.directory': rule('file', 'mknod(2), EPERM'),
  'acl.default': rule('file', 'acl(5), Default ACLs'),
  'xattr.user': rule('file', 'xattr(7), Extended user attributes'),
  sticky: rule('file', 'inode(7), S_ISVTX'),

  protected_symlinks: rule('sysctl', 'proc_sys_fs(5), protected_symlinks'),
  protected_hardlinks: rule('sysctl', 'proc_sys_fs(5), protected_hardlinks'),
  protected_regular: rule('sysctl', 'proc_sys_fs(5), protected_regular'),
  protected_fifos: rule('sysctl', 'proc_sys_fs(5), protected_fifos'),
  'sysctl.owner': rule('sysctl', 'proc_sys(5)'),

  'cgroup.devices': rule('cgroup', 'cgroups(7), devices'),
  'cgroup.pids_max': rule('cgroup', 'cgroups(7), pids'),

  'exec.regular': rule('execve', 'execve(2), EACCES'),
  'exec.writers': rule('execve', 'execve(2), ETXTBSY'),
  'exec.format': rule('execve', 'execve(2), ENOEXEC'),
  'exec.fcapsBeyondBounding': rule('execve', `${EXEC}; Safety checking for capability-dumb binaries`),
  'exec.setid': rule('execve', 'execve(2), set-user-ID and set-group-ID'),
  'exec.fcaps': rule('execve', EXEC),
  'exec.root': rule('execve', 'capabilities(7), Capabilities and execution of programs by root'),
  'exec.traced': rule('execve', 'ptrace(2), execve(2): a traced program does not gain'),
  'exec.noNewPrivs': rule('execve', 'PR_SET_NO_NEW_PRIVS(2const)'),
  'exec.result': rule('execve', EXEC),

  setuid: rule('credentials', 'setuid(2)'),
  setgid: rule('credentials', 'setgid(2)'),
  setreuid: rule('credentials', 'setreuid(2)'),
  setregid: rule('credentials', 'setreuid(2)'),
  setresuid: rule('credentials', 'setresuid(2)'),
  setresgid: rule('credentials', 'setresuid(2)'),
  setfsuid: rule('credentials', 'setfsuid(2)'),
  setfsgid: rule('credentials', 'setfsgid(2)'),
  setgroups: rule('credentials', 'setgroups(2)'),
  'setuid.fixup': rule('credentials', SETUID),
  'setfsuid.fixup': rule('credentials', SETUID),
  capset: rule('credentials', 'capset(2)'),
  'capset.inheritable': rule('credentials', 'capset(2), EPERM'),
  'capset.bounding': rule('credentials', 'capset(2), EPERM'),
  'capset.permitted': rule('credentials', 'capset(2), EPERM'),
  'capset.effective': rule('credentials', 'capset(2), EPERM'),
  'prctl.capbset_drop': rule('credentials', 'PR_CAPBSET_DROP(2const)'),
  'prctl.ambient_raise': rule('credentials', 'PR_CAP_AMBIENT(2const), PR_CAP_AMBIENT_RAISE'),
  'prctl.ambient_lower': rule('credentials', 'PR_CAP_AMBIENT(2const), PR_CAP_AMBIENT_LOWER'),
  'prctl.ambient_clear': rule('credentials', 'PR_CAP_AMBIENT(2const), PR_CAP_AMBIENT_CLEAR_ALL'),
  'prctl.keepcaps': rule('credentials', 'PR_SET_KEEPCAPS(2const)'),
  'prctl.no_new_privs': rule('credentials', 'PR_SET_NO_NEW_PRIVS(2const)'),
  'prctl.securebits': rule('credentials', 'PR_SET_SECUREBITS(2const)'),

  'userns.create': rule('user namespace', 'user_namespaces(7), Capabilities'),
  'userns.join': rule('user namespace', 'setns(2), CLONE_NEWUSER'),
  'userns.nesting': rule('user namespace', 'user_namespaces(7), Nested namespaces'),
  'userns.max': rule('user namespace', 'namespaces(7), /proc/sys/user'),
  'userns.chroot': rule('user namespace', 'unshare(2), EPERM'),
  'userns.mapped': rule('user namespace', 'unshare(2), EPERM'),
  'userns.map_initial': rule('user namespace', 'user_namespaces(7), User and group ID mappings'),
  'userns.map_writer': rule('user namespace', 'user_namespaces(7), Defining user and group ID mappings'),
  'userns.map_once': rule('user namespace', 'user_namespaces(7), Defining user and group ID mappings'),
  'userns.map_range': rule('user namespace', 'user_namespaces(7), Defining user and group ID mappings'),
  'userns.setgroups': rule('user namespace', 'user_namespaces(7), The /proc/pid/setgroups file'),
  'setgroups.userns': rule('user namespace', 'user_namespaces(7), The /proc/pid/setgroups file'),

  'ipc.owner': rule('file mode', 'sysvipc(7), Permissions; shmget(2), EACCES'),
  'ipc.group': rule('file mode', 'sysvipc(7), Permissions; shmget(2), EACCES'),
  'ipc.other': rule('file mode', 'sysvipc(7), Permissions; shmget(2), EACCES'),
  'ipc.creator': rule('file mode', 'shmctl(2), EPERM'),

  'kill.sameUser': rule('signal', 'kill(2), NOTES'),
  'kill.nsInit': rule('signal', 'pid_namespaces(7), The namespace init process'),
  'ptrace.self': rule('ptrace', 'ptrace(2), Ptrace access mode checking'),
  'ptrace.sameIds': rule('ptrace', 'ptrace(2), Ptrace access mode checking'),
  'ptrace.ids': rule('ptrace', 'ptrace(2), Ptrace access mode checking'),
  'ptrace.dumpable': rule('ptrace', 'PR_SET_DUMPABLE(2const)'),
  'ptrace.capabilities': rule('ptrace', 'ptrace(2), Ptrace access mode checking'),
  'ptrace.traced': rule('ptrace', 'ptrace(2), EPERM'),
  'ptrace.permitted': rule('ptrace', 'ptrace(2), Ptrace access mode checking'),
  'ptrace.ended': rule('ptrace', 'ptrace(2), EPERM'),
  'ptrace.attachSelf': rule('ptrace', 'ptrace(2), EPERM'),
  'proc.self': rule('ptrace', 'proc_pid_attr(5); proc_pid_loginuid(5)'),

  'session.child': rule('session', 'setpgid(2), EPERM'),
  'session.leader': rule('session', 'setpgid(2), EPERM'),
  'session.group': rule('session', 'setpgid(2), EPERM'),
  'session.setsid': rule('session', 'setsid(2), EPERM'),
  'tty.foreground': rule('session', 'tcsetpgrp(3), EPERM'),
  'tty.controlling': rule('session', 'TIOCSCTTY(2const), EPERM'),

  'clone.threads_max': rule('limit', 'fork(2), EAGAIN'),
  'clone.rlimit_nproc': rule('limit', 'getrlimit(2), RLIMIT_NPROC'),
  'prlimit.sameUser': rule('limit', 'getrlimit(2), EPERM'),
  'prlimit.nr_open': rule('limit', 'getrlimit(2), EPERM'),
  'limit.fsize': rule('limit', 'getrlimit(2), RLIMIT_FSIZE'),
  'limit.nofile': rule('limit', 'getrlimit(2), RLIMIT_NOFILE'),

  'net.pingGroupRange': rule('network', 'icmp(7), ping_group_range'),

  seccomp: rule('seccomp', 'seccomp(2)'),

  'apparmor.file': rule('AppArmor', 'apparmor.d(5), File rules'),
  'apparmor.exec': rule('AppArmor', 'apparmor.d(5), Execute rules'),
  'apparmor.capability': rule('AppArmor', 'apparmor.d(5), Capability rules'),
  'apparmor.network': rule('AppArmor', 'apparmor.d(5), Network rules'),
  'apparmor.rlimit': rule('AppArmor', 'apparmor.d(5), rlimit rules'),
  'apparmor.mount': rule('AppArmor', 'apparmor.d(5), Mount rules'),
  'apparmor.signal': rule('AppArmor', 'apparmor.d(5), Signal rules'),
  'apparmor.ptrace': rule('AppArmor', 'apparmor.d(5), PTrace rules'),
  'apparmor.change_profile': rule('AppArmor', 'apparmor.d(5), Change_profile rules'),

  'selinux.type': rule('SELinux', 'selinux(8); container_selinux(8)'),
  'selinux.mcs': rule('SELinux', 'mcs(8)'),
  'selinux.capability': rule('SELinux', 'container_selinux(8)'),
  'selinux.transition': rule('SELinux', 'setexeccon(3)'),
  'selinux.setenforce': rule('SELinux', 'selinux(8), setenforce'),
} as const satisfies Readonly<Record<string, Rule>>;

export type ClusterRule = keyof typeof CLUSTER_RULES;
export type NamedRule = keyof typeof RULES | ClusterRule;
/** `cap.SYS_ADMIN`: does the caller hold the capability over the namespace that counts? */
export type RuleId = NamedRule | `cap.${string}`;

/** Layer and citation of a rule. */
export function ruleOf(id: RuleId): Rule {
  if (id in RULES) return RULES[id as keyof typeof RULES];
  if (id in CLUSTER_RULES) return CLUSTER_RULES[id as ClusterRule];
  return { layer: 'capability', citation: `capabilities(7), CAP_${id.slice('cap.'.length)}` };
}
