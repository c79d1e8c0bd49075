// securityfs: what user space asks the security modules. Counterpart: security/inode.c, security/apparmor/apparmorfs.c

import { err, type FsDriver } from '../context.ts';
import { need } from '../cred/need.ts';
import { dir, file, makeTree, type TreeNode, treeDriver, type View } from '../proc/view.ts';
import { profilesText, removeProfile, replaceProfiles } from './apparmor/policy.ts';

/** Looking at the policy takes CAP_MAC_ADMIN too. Counterpart: aa_current_policy_view_capable */
const view: TreeNode['permission'] = ({ k, viewer }: View) => {
  const may = need(k, viewer, 0, 'CAP_MAC_ADMIN');
  return may.ok ? undefined : err('EACCES', may.verdict);
};
const policy = (path: string, write: NonNullable<TreeNode['write']>): TreeNode => ({ ...file(path, undefined, 0o666), write });
const feature = (path: string, text: string): TreeNode => file(path, () => `${text}\n`, 0o444);

const nodes: readonly TreeNode[] = [
  file('lsm', ({ k }) => `capability,landlock,yama${k.state.lsm === undefined ? '' : `,${k.state.lsm.kind}`}`, 0o444),
  { ...dir('apparmor', 0o755), when: ({ state }) => state.lsm?.kind === 'apparmor' },
  { ...file('apparmor/profiles', ({ k }) => profilesText(k), 0o444), permission: view },
  policy('apparmor/.load', ({ k, viewer }, text) => replaceProfiles(k, viewer, text)),
  policy('apparmor/.replace', ({ k, viewer }, text) => replaceProfiles(k, viewer, text)),
  policy('apparmor/.remove', ({ k, viewer }, text) => removeProfile(k, viewer, text)),
  feature('apparmor/features/caps/mask', 'chown dac_override dac_read_search fowner'),
  feature('apparmor/features/domain/change_onexec', 'yes'),
  feature('apparmor/features/file/mask', 'create read write exec append mmap_exec link lock'),
  feature('apparmor/features/mount/mask', 'mount umount pivot_root'),
  feature('apparmor/features/ptrace/mask', 'read trace'),
  feature('apparmor/features/signal/mask', 'hup int quit ill trap abrt bus fpe kill usr1 segv usr2 pipe alrm term'),
];

/** The driver of file system type "securityfs"; without AppArmor its directory is not there. */
export const securityfsDriver: FsDriver = treeDriver(makeTree(1, nodes, 0o755));
