// The catalogue of rules that decide: a title and where the rule is written down.

interface RuleText {
  readonly title: string;
  readonly citation: string;
}

const RULES: Readonly<Record<string, RuleText>> = {
  'dac.owner': { title: 'Owner bits of the file mode', citation: 'path_resolution(7)' },
  'dac.group': { title: 'Group bits of the file mode', citation: 'path_resolution(7)' },
  'dac.other': { title: 'Other bits of the file mode', citation: 'path_resolution(7)' },
  'sb.readonly': { title: 'The file system is read-only', citation: 'mount(8)' },
  'mount.readonly': { title: 'The mount is read-only', citation: 'mount(2) MS_RDONLY' },
  'mount.nodev': { title: 'The mount does not allow devices', citation: 'mount(2) MS_NODEV' },
  'mount.noexec': { title: 'The mount does not allow programs', citation: 'mount(2) MS_NOEXEC' },
  'mount.locked': { title: 'The mount keeps flags set by a more privileged namespace', citation: 'mount_namespaces(7)' },
  'inode.immutable': { title: 'The file is immutable or append-only', citation: 'ioctl_iflags(2)' },
  'inode.unmapped': { title: 'Owner or group has no mapping in this user namespace', citation: 'user_namespaces(7)' },
  'inode.owner': { title: 'The caller owns the file', citation: 'capabilities(7) CAP_FOWNER' },
  'chown.owner': { title: 'The owner may keep the owner', citation: 'chown(2)' },
  'chgrp.owner': { title: 'The owner may choose one of the own groups', citation: 'chown(2)' },
  sticky: { title: 'Sticky directory: own the file or the directory', citation: 'inode(7) S_ISVTX' },
  protected_symlinks: { title: 'fs.protected_symlinks', citation: 'proc_sys_fs(5)' },
  protected_hardlinks: { title: 'fs.protected_hardlinks', citation: 'proc_sys_fs(5)' },
  protected_regular: { title: 'fs.protected_regular', citation: 'proc_sys_fs(5)' },
  protected_fifos: { title: 'fs.protected_fifos', citation: 'proc_sys_fs(5)' },
  'cgroup.devices': { title: 'The container may not use this device', citation: 'cgroups(7) devices' },
  'fs.virtual': { title: 'The file system does not store this change', citation: 'proc(5)' },
  'fs.userns': { title: 'The file system cannot be mounted in a user namespace', citation: 'user_namespaces(7)' },
  'exec.regular': { title: 'Only regular files can be executed', citation: 'execve(2) EACCES' },
  'exec.format': { title: 'Not a program this kernel can run', citation: 'execve(2) ENOEXEC' },
};

/** Title and citation of a rule; capability checks have one form. */
export function ruleText(rule: string): RuleText {
  const known = RULES[rule];
  if (known !== undefined) return known;
  if (rule.startsWith('cap.'))
    return { title: `Capability CAP_${rule.slice(4)} in the effective set`, citation: `capabilities(7) CAP_${rule.slice(4)}` };
  if (rule.startsWith('seccomp')) return { title: 'Seccomp filter', citation: 'seccomp(2)' };
  if (rule.startsWith('exec.'))
    return { title: `execve: ${rule.slice(5)}`, citation: 'capabilities(7), Transformation of capabilities during execve()' };
  return { title: rule, citation: 'credentials(7)' };
}
