// selinuxfs: the switch between enforcing and permissive. Counterpart: security/selinux/selinuxfs.c

import { err, type FsDriver, ok, refuse } from '../context.ts';
import { dir, file, makeTree, type TreeNode, treeDriver } from '../proc/view.ts';
import { confinedContext } from './selinux/enforce.ts';
import type { LsmState } from './state.ts';

const enforcing = (lsm: LsmState | undefined): string => (lsm?.kind === 'selinux' && lsm.enforcing ? '1' : '0');

const enforce: TreeNode = {
  ...file('enforce', ({ k }) => enforcing(k.state.lsm), 0o644),
  write({ k, viewer }, text) {
    if (!/^[01]\s*$/.test(text)) return err('EINVAL');
    // security:setenforce is for unconfined domains only.
    if (confinedContext(k.state, viewer.cred.label) !== undefined)
      return refuse('EACCES', 'selinux.setenforce', { scontext: viewer.cred.label ?? '' });
    k.state = { ...k.state, lsm: { kind: 'selinux', enforcing: text.startsWith('1') } };
    return ok(undefined);
  },
};

const nodes: readonly TreeNode[] = [
  enforce,
  file('mls', () => '1', 0o444),
  file('policyvers', () => '33', 0o444),
  file('checkreqprot', () => '0', 0o644),
  file('deny_unknown', () => '0', 0o444),
  file('reject_unknown', () => '0', 0o444),
  dir('booleans', 0o755),
  file('booleans/virt_sandbox_use_all_caps', () => '1 1', 0o644),
  file('booleans/container_manage_cgroup', () => '0 0', 0o644),
];

/** The driver of file system type "selinuxfs". */
export const selinuxfsDriver: FsDriver = treeDriver(makeTree(1, nodes, 0o755));
