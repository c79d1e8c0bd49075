// What the security modules of a machine keep, and how it begins. Counterpart: the lsm= boot parameter

import type { KernelState } from '../state.ts';
import type { Profile } from './apparmor/profile.ts';

/** A kernel has AppArmor or SELinux: both label tasks, and /proc/PID/attr/current shows one label. */
export type LsmState =
  | { readonly kind: 'apparmor'; readonly profiles: ReadonlyMap<string, Profile> }
  | { readonly kind: 'selinux'; readonly enforcing: boolean };

export const UNCONFINED = 'unconfined';
/** Tasks of the node itself. Counterpart: the targeted policy's unconfined_service_t */
export const NODE_CONTEXT = 'system_u:system_r:unconfined_service_t:s0';

/** What furnishes the disk before the node starts; its files keep the types of their paths, as after an installation. */
export const BOOT_CONTEXT = 'system_u:system_r:kernel_t:s0';
/** The kubelet and the container runtime with its shims. */
export const RUNTIME_CONTEXT = 'system_u:system_r:container_runtime_t:s0';

export const initialLsm = (kind: LsmState['kind']): LsmState =>
  kind === 'apparmor' ? { kind, profiles: new Map() } : { kind, enforcing: true };

/** The label a task begins with that no other task made; undefined without a module. */
export const firstLabel = ({ lsm }: KernelState): string | undefined =>
  lsm === undefined ? undefined : lsm.kind === 'apparmor' ? UNCONFINED : NODE_CONTEXT;
