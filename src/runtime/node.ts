// Settings of the simulated node that decide what containers get. Counterpart: kubelet and containerd configuration files

import type { Capability } from '#abi/capability.ts';
import type { SeccompFilter } from '#kernel/uapi/index.ts';
import type { ImageEntry } from './image.ts';

/** A CSI driver whose node plugin and provisioner run, and what its CSIDriver object says. */
export interface CsiDriverSettings {
  readonly fsGroupPolicy?: 'None' | 'File' | 'ReadWriteOnceWithFSType';
  /** The node plugin has the capability VOLUME_MOUNT_GROUP. */
  readonly volumeMountGroup?: boolean;
  readonly attachRequired?: boolean;
  readonly seLinuxMount?: boolean;
  /** It serves inline volumes too. */
  readonly ephemeral?: boolean;
}

/** The `node:` block of a session file; missing fields are those of a stock containerd node. */
export interface NodeSettings {
  readonly runtime?: 'containerd' | 'cri-o';
  readonly seccompDefault?: boolean;
  /** Profiles below the kubelet's seccomp folder: parsed, or the text of a file that is no JSON. */
  readonly seccompProfiles?: Readonly<Record<string, SeccompFilter | string>>;
  readonly appArmor?: { readonly enabled?: boolean; readonly profiles?: Readonly<Record<string, string>> };
  readonly seLinux?: { readonly enabled?: boolean };
  readonly supplementalGroupsPolicy?: boolean;
  /** The kubelet's --allowed-unsafe-sysctls: names, or beginnings of names with * at the end. */
  readonly allowedUnsafeSysctls?: readonly string[];
  readonly unprivilegedPorts?: boolean;
  /** false: a cluster without a scheduler, where pods stay Pending until someone names their node. */
  readonly scheduler?: boolean;
  /** Open files a container may have: LimitNOFILE of the runtime's service. Default 1048576. */
  readonly openFiles?: number;
  /** Capabilities that the node itself does not have, so that nothing on it can be given them: a node in a restricted virtual machine or container. */
  readonly withoutCapabilities?: readonly Capability[];
  /** containerd's restrict_oom_score_adj: no container gets a lower value than containerd itself has. */
  readonly restrictOomScoreAdj?: boolean;
  /** Images on the node's disk before the session began, beside the usual ones; and usual ones that are not there. */
  readonly images?: { readonly present?: readonly string[]; readonly absent?: readonly string[] };
  readonly csiDrivers?: Readonly<Record<string, CsiDriverSettings>>;
  readonly files?: readonly ImageEntry[];
}

export const SECCOMP_ROOT = '/var/lib/kubelet/seccomp/';
