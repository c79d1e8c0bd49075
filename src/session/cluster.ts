// The cluster of a world: API server, kubelet and container runtime, and the programs that need them. The page starts without it
// (late.ts), so the world makes it as soon as its code is there.

import type { Machine } from '#kernel/machine/machine.ts';
import type { Program, ProgramMain } from '#kernel/uapi/index.ts';
import type { PodSecurityConfiguration } from '#kube/apiserver/pod-security-policy.ts';
import { ApiServer } from '#kube/apiserver/server.ts';
import { CsiNode } from '#kube/kubelet/csi.ts';
import { Kubelet } from '#kube/kubelet/kubelet.ts';
import { Containerd } from '#runtime/containerd/service.ts';
import type { ImageStore } from '#runtime/containerd/store.ts';
import type { ImageEntry } from '#runtime/image.ts';
import type { NodeSettings } from '#runtime/node.ts';
import { kubectl } from '#userland/kubectl/kubectl.ts';
import { creds } from '#userland/libcap/creds.ts';
import { nodePrograms } from '#userland/node/index.ts';
import type { JournalEntry } from '#userland/node/port.ts';
import { type Claims, claimDirectory, csiDrivers, fillClaims, publishClaims } from './claims.ts';
import { clusterPort } from './clusterPort.ts';
import { effectsOf, type PodLike } from './effects.ts';
import { klog } from './klog.ts';
import { nodePort } from './nodePort.ts';
import { nodeTools } from './nodeTools.ts';
import { pageEditor } from './pageEditor.ts';
import type { ScenarioInput } from './protocol.ts';
import { Refusals } from './refusals.ts';
import type { OwnPrograms } from './userland.ts';
import { explainProgram, type LastRun, notedKubectl, whyProgram } from './why.ts';
import type { Web, World } from './world.ts';

const CRIO_VERSION = 'cri-o://1.36.3';

/** Settings of the control plane, as in a session file. */
interface ClusterSettings {
  readonly podSecurity?: PodSecurityConfiguration;
}

/** What the world gives its cluster. */
export interface ClusterOptions {
  readonly scenario: ScenarioInput;
  readonly web: Web;
  readonly machine: Machine;
  readonly store: ImageStore;
  readonly kernelRelease: string;
  /** CLOCK_REALTIME when the cluster was made, however late its code came. */
  readonly started: bigint;
  readonly world: () => World;
  readonly kubeletPid: () => number;
  /** The kubelet has something to read from its wake stream. */
  readonly wake: () => void;
  readonly changed: () => void;
}

export interface Cluster {
  readonly api: ApiServer;
  readonly kubelet: Kubelet;
  readonly runtime: Containerd;
  readonly journal: readonly JournalEntry[];
  readonly refusals: Refusals;
  readonly programs: OwnPrograms;
  /** Fills the volumes of claims. Runs as root on the node. */
  fillClaims(): Program<void>;
  /** Directories of the node and what claims want in them. */
  readonly claimFiles: readonly (readonly [string, readonly ImageEntry[]])[];
}

/** Makes the cluster; its kubelet runs when the world starts it. */
export function createCluster(options: ClusterOptions): Cluster {
  const { scenario, machine, world } = options;
  const settings = (scenario.node ?? {}) as NodeSettings;
  const tools = nodeTools(() => options.store);
  const language = (): World['language'] => world().language;
  let seed = 0x2545f491;
  const random = (): number => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed >>> 0;
  };
  let made = false;
  const refusals = new Refusals();
  const api = new ApiServer({
    now: () => (made ? machine.state.realtime : options.started),
    random,
    nodeName: 'node-1',
    podSecurity: (scenario.cluster as ClusterSettings | undefined)?.podSecurity,
    refused: (refusal) => refusals.add(machine.refusedElsewhere(), refusal),
    effects: (pod) => effectsOf(pod as PodLike, settings).map(({ pointer, message }) => ({ pointer, message: message[language()] })),
  });
  const runtime = new Containerd({ store: options.store, node: settings, random, onHostRoot: tools });
  const claims = (scenario.claims ?? {}) as Claims;
  const drivers = csiDrivers(settings, claims);
  const csi = new CsiNode(drivers);
  publishClaims(api, 'node-1', drivers, claims);
  const journal: JournalEntry[] = [];
  const kubelet = new Kubelet({
    api,
    runtime,
    random,
    scheduler: settings.scheduler ?? true,
    csi,
    node: {
      seccompDefault: settings.seccompDefault ?? false,
      appArmorEnabled: settings.appArmor?.enabled ?? false,
      seLinuxEnabled: settings.seLinux?.enabled ?? false,
      supplementalGroupsPolicy: settings.supplementalGroupsPolicy ?? true,
      allowedUnsafeSysctls: settings.allowedUnsafeSysctls ?? [],
      kernelVersion: options.kernelRelease,
      ...(settings.runtime === 'cri-o' ? { runtimeVersion: CRIO_VERSION } : {}),
      memoryBytes: Number(machine.state.sysctls['machine/memoryKiB']) * 1024,
    },
    refused: (refusal) => refusals.addOnce(() => machine.refusedElsewhere(), refusal),
    journal: (line) => void journal.push(klog(machine.state.realtime, options.kubeletPid(), line)),
    onNotify: options.wake,
  });
  api.onChange(() => {
    kubelet.notify();
    options.changed();
  });
  made = true;
  const last: LastRun = { refusedBefore: -1 };
  const programs: Record<string, ProgramMain> = {
    ...nodePrograms(nodePort(world, tools)),
    kubectl: notedKubectl(world, last, kubectl(clusterPort(world, options.web))),
    creds,
    'page-editor': pageEditor(world),
  };
  return {
    api,
    kubelet,
    runtime,
    journal,
    refusals,
    programs: { own: programs, helpers: { why: whyProgram(world, last, language), explain: explainProgram(language) } },
    fillClaims: () => fillClaims(csi, claims),
    claimFiles: Object.entries(claims).map(([name, claim]) => [claimDirectory(name, claim), claim.files ?? []]),
  };
}
