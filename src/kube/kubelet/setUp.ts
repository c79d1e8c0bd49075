// What setting up a volume needs and what comes out of it.

import type { Program } from '#kernel/uapi/index.ts';
import type { ProjectedFile } from './atomicWriter.ts';
import type { CsiNode } from './csi.ts';
import type { Watcher } from './ownership.ts';
import type { PayloadContext } from './payload.ts';
import type { SeLinuxDecision } from './seLinuxMount.ts';

export interface VolumeContext extends PayloadContext {
  readonly nowNs: bigint;
  readonly random: () => number;
  readonly csi: CsiNode;
  /** The node has SELinux. */
  readonly seLinux: boolean;
  /** An event about the pod. */
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string, component?: string) => void;
  /** Hears how long changes of owners go on. */
  readonly watch: Watcher;
}

/** A volume that is ready: where it is on the node, and what its mounts into containers must be. */
export interface ReadyVolume {
  readonly path: string;
  /** The name of the volume itself, where it is not the pod's: that of a claim's PersistentVolume. */
  readonly specName?: string;
  readonly relabel: boolean;
  /** Why it is relabelled or not, where that depends on more than its kind. */
  readonly seLinux?: SeLinuxDecision;
  readonly alwaysReadOnly?: boolean;
  /** The image of an image volume, which the runtime mounts itself. */
  readonly image?: string;
  /** What stands in it, for the kinds whose contents follow their sources. */
  readonly files?: ReadonlyMap<string, ProjectedFile>;
  /** What to unmount at the end, in this order. */
  readonly unmount: readonly string[];
  /** What is to be done after that. */
  readonly release?: () => Program<void>;
}

/** `step`: what failed, where that is not MountVolume.SetUp. `name`: the volume's name in messages, where it is not the pod's. */
export type SetUp = { readonly name?: string } & (
  | { readonly ok: true; readonly volume: ReadyVolume }
  | { readonly ok: false; readonly message: string; readonly step?: string }
);

/** The step before all others: a volume that the kubelet does not even try to mount. */
export const PROCESSING = 'DesiredStateOfWorldPopulator';

export const podDirectory = (uid: string): string => `/var/lib/kubelet/pods/${uid}`;

export const done = (volume: ReadyVolume): SetUp => ({ ok: true, volume });
export const failed = (message: string): SetUp => ({ ok: false, message });
export const failedStep = (step: string, message: string): SetUp => ({ ok: false, message, step });
