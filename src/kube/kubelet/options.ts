// What a kubelet needs to know about its node, and who it talks to.

import type { RestRequest, RestResponse } from '#base/rest.ts';
import type { Origin } from '#provenance/origin.ts';
import type { Refusal } from '#provenance/refusal.ts';
import type { RuntimeService } from '#runtime/cri.ts';
import type { EventInput, KubeObject } from '../api/object.ts';
import type { AdmissionSettings } from './admission.ts';
import type { CsiNode } from './csi.ts';
import type { Journal } from './journal.ts';

/** The part of the API server the kubelet uses. */
export interface KubeletApi {
  request(request: RestRequest): RestResponse;
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  list(kind: string, namespace?: string): readonly KubeObject[];
  put(object: KubeObject): KubeObject;
  updateStatus(kind: string, namespace: string, name: string, mutate: (object: KubeObject) => KubeObject): void;
  remove(kind: string, namespace: string, name: string): void;
  recordEvent(event: EventInput): void;
  originsOf(kind: string, namespace: string, name: string): Readonly<Record<string, Origin>>;
}

export interface NodeSettings extends AdmissionSettings {
  readonly name: string;
  readonly ip: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly seccompDefault: boolean;
  readonly seLinuxEnabled: boolean;
  readonly runtimeVersion: string; // "containerd://2.1.9"
  readonly kernelVersion: string;
  readonly osImage: string;
  readonly machineId: string;
}

export const DEFAULT_NODE: NodeSettings = {
  name: 'node-1',
  ip: '172.18.0.2',
  cpus: 2,
  memoryBytes: 24_683_072 * 1024,
  seccompDefault: false,
  appArmorEnabled: false,
  seLinuxEnabled: false,
  supplementalGroupsPolicy: true,
  allowedUnsafeSysctls: [],
  runtimeVersion: 'containerd://2.1.9',
  kernelVersion: '6.18.0',
  osImage: 'Debian GNU/Linux 12 (bookworm)',
  machineId: '5f1d0f6a7c4e4c0f9a1b2c3d4e5f6071',
};

/** Simulated nanoseconds that things take. */
export interface Latencies {
  readonly sandbox: bigint;
  readonly container: bigint;
  /** From a change of a container to the kubelet's next look at it. */
  readonly settle: bigint;
}

export const DEFAULT_LATENCIES: Latencies = { sandbox: 1_200_000_000n, container: 100_000_000n, settle: 500_000_000n };

export interface KubeletOptions {
  readonly api: KubeletApi;
  readonly runtime: RuntimeService;
  readonly node?: Partial<NodeSettings>;
  readonly latencies?: Partial<Latencies>;
  /** The CSI drivers whose node plugins run here. */
  readonly csi: CsiNode;
  /** false: no scheduler runs; pods without a node stay Pending. */
  readonly scheduler?: boolean;
  /** Deterministic numbers, 0 ≤ n < 2^32. */
  readonly random: () => number;
  /** Where its log goes. */
  readonly journal?: Journal;
  /** Told of every pod that is rejected and every container that is not started, with what decided. */
  readonly refused?: (refusal: Refusal) => void;
  /** Called by notify(): the session makes the wake stream readable (machine.wakeHost). */
  readonly onNotify?: () => void;
}
