// Lines of a manifest that are accepted but change nothing, each with the reason and the smallest change that would matter.
// Whether a capability counts is asked of the runtime's own rule, with and without the entry.

import { isCapability } from '#abi/capability.ts';
import { capabilities } from '#runtime/containerd/spec.ts';
import { crioCapabilities } from '#runtime/crio/capabilities.ts';
import type { NodeSettings } from '#runtime/node.ts';
import { EFFECT_TEXTS as TEXTS } from './explain/effectTexts.ts';
import type { Bilingual } from './explain/ruleTexts.ts';

export interface Effect {
  /** JSON Pointer of the line. */
  readonly pointer: string;
  /** In English it begins with "no effect" exactly when the container is the same without the line. */
  readonly message: Bilingual;
}

interface Profile {
  readonly type?: string;
}

interface Context {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly fsGroup?: number;
  readonly fsGroupChangePolicy?: string;
  readonly seLinuxChangePolicy?: string;
  readonly seLinuxOptions?: object;
  readonly windowsOptions?: object;
  readonly seccompProfile?: Profile;
  readonly appArmorProfile?: Profile;
  readonly privileged?: boolean;
  readonly procMount?: string;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
}

type Volume = Readonly<Record<string, unknown>>;
interface Container {
  readonly name?: string;
  readonly securityContext?: Context;
}

/** The parts of a decoded Pod that are looked at. */
export interface PodLike {
  readonly spec?: {
    readonly securityContext?: Context;
    readonly volumes?: readonly Volume[];
    readonly initContainers?: readonly Container[];
    readonly containers?: readonly Container[];
  };
}

/** Fields of the Pod that a field of the container with the same name replaces. */
const REPLACED = ['runAsUser', 'runAsGroup', 'runAsNonRoot', 'seLinuxOptions', 'seccompProfile', 'appArmorProfile'] as const;
/** Volumes that may hold files of an earlier Pod, so that the policy of the ownership change matters. */
const LASTING = ['persistentVolumeClaim', 'csi', 'ephemeral'];
/** Volumes whose ownership the kubelet leaves alone. */
const UNMANAGED = ['hostPath', 'nfs', 'cephfs', 'glusterfs', 'image'];

/** Findings for a decoded Pod on a node with these settings. */
export function effectsOf(pod: PodLike, node: NodeSettings): readonly Effect[] {
  const spec = pod.spec ?? {};
  const context = spec.securityContext ?? {};
  const containers = (['initContainers', 'containers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((one, at) => ({ own: one.securityContext ?? {}, pointer: `/spec/${list}/${at}/securityContext` })),
  );
  return [
    ...podEffects(
      context,
      spec.volumes ?? [],
      containers.map(({ own }) => own),
    ),
    ...containers.flatMap(({ own, pointer }) => containerEffects(own, context, pointer, node)),
    ...[{ own: context, pointer: '/spec/securityContext' }, ...containers].flatMap(({ own, pointer }) =>
      platformEffects(own, pointer, node),
    ),
  ];
}

function podEffects(context: Context, volumes: readonly Volume[], containers: readonly Context[]): Effect[] {
  const at = (field: string, message: Bilingual): Effect => ({ pointer: `/spec/securityContext/${field}`, message });
  const out: Effect[] = [];
  for (const field of REPLACED) {
    const all = containers.length > 0 && containers.every((own) => (own as Record<string, unknown>)[field] !== undefined);
    const sandbox = field === 'runAsUser' || field === 'runAsGroup' || field === 'seLinuxOptions';
    if ((context as Record<string, unknown>)[field] !== undefined && all) out.push(at(field, TEXTS.replaced(field, sandbox)));
  }
  if (context.runAsGroup !== undefined && context.runAsUser === undefined) out.push(at('runAsGroup', TEXTS.groupWithoutUser));
  const kinds = volumes.flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name'));
  if (context.fsGroupChangePolicy !== undefined && context.fsGroup === undefined)
    out.push(at('fsGroupChangePolicy', TEXTS.policyWithoutFsGroup));
  else if (context.fsGroupChangePolicy !== undefined && !kinds.some((kind) => LASTING.includes(kind)))
    out.push(at('fsGroupChangePolicy', TEXTS.policyWithoutLastingVolume));
  if (context.fsGroup !== undefined && kinds.length > 0 && kinds.every((kind) => UNMANAGED.includes(kind)))
    out.push(at('fsGroup', TEXTS.unmanagedVolumes));
  if (
    context.seLinuxChangePolicy !== undefined &&
    context.seLinuxOptions === undefined &&
    containers.every((own) => own.seLinuxOptions === undefined)
  )
    out.push(at('seLinuxChangePolicy', TEXTS.noSeLinuxOptions));
  return out;
}

function containerEffects(own: Context, context: Context, pointer: string, node: NodeSettings): Effect[] {
  const out: Effect[] = [];
  const at = (field: string, message: Bilingual): number => out.push({ pointer: `${pointer}/${field}`, message });
  const { add = [], drop = [] } = own.capabilities ?? {};
  if (own.privileged === true) {
    for (const field of ['capabilities', 'seccompProfile', 'appArmorProfile', 'procMount'] as const)
      if (own[field] !== undefined) at(field, TEXTS.privileged[field]);
    return out;
  }
  const bounding = node.runtime === 'cri-o' ? crioBounding : containerdBounding;
  // CRI-O takes a name with and without the prefix for the same.
  const plain = (name: string): string => (node.runtime === 'cri-o' ? name.replace(/^cap_/i, '') : name);
  const before = bounding(add, drop);
  for (const [list, names] of [
    ['add', add],
    ['drop', drop],
  ] as const)
    names.forEach((name, i) => {
      const rest = names.filter((_, j) => j !== i);
      const same = list === 'add' ? before === bounding(rest, drop) : before === bounding(add, rest);
      if (same) at(`capabilities/${list}/${i}`, whyNot(list, plain(name), add.map(plain), drop.map(plain)));
    });
  const user = own.runAsUser ?? context.runAsUser;
  const counted = before !== bounding([], drop);
  if (add.length > 0 && user !== undefined && user !== 0 && counted) at('capabilities/add', TEXTS.boundingOnly(user));
  if (node.seccompDefault === true && own.seccompProfile?.type === 'RuntimeDefault' && context.seccompProfile === undefined)
    at('seccompProfile', TEXTS.seccompDefault);
  return out;
}

type Bounding = (add: readonly string[], drop: readonly string[]) => string;
const lists = (add: readonly string[], drop: readonly string[]): Parameters<typeof capabilities>[0] => ({
  privileged: false,
  capabilities: { add_capabilities: add, drop_capabilities: drop },
});

/** The bounding set the runtime makes of two lists, as one text to compare; CRI-O may refuse them instead. */
const containerdBounding: Bounding = (add, drop) => capabilities(lists(add, drop)).filter(isCapability).sort().join(' ');
const crioBounding: Bounding = (add, drop) => {
  const answer = crioCapabilities(lists(add, drop));
  return answer.ok ? [...answer.value].sort().join(' ') : answer.message;
};

function whyNot(list: 'add' | 'drop', name: string, add: readonly string[], drop: readonly string[]): Bilingual {
  const upper = name.toUpperCase();
  const has = (names: readonly string[], wanted: string): boolean => names.some((one) => one.toUpperCase() === wanted);
  const { capability } = TEXTS;
  if (isCapability(upper)) return capability.prefixed(upper.slice('CAP_'.length));
  if (upper !== 'ALL' && !isCapability(`CAP_${upper}`)) return capability.unknown;
  if (list === 'drop') return has(drop, 'ALL') ? capability.allDropped : capability.notThere;
  if (has(drop, upper)) return capability.droppedToo;
  return has(add, 'ALL') ? capability.allAdded : capability.default;
}

/** What belongs to a system the node does not have. */
function platformEffects(own: Context, pointer: string, node: NodeSettings): Effect[] {
  const out: Effect[] = [];
  if (own.windowsOptions !== undefined) out.push({ pointer: `${pointer}/windowsOptions`, message: TEXTS.windowsOnly });
  if (own.seLinuxOptions !== undefined && node.seLinux?.enabled !== true)
    out.push({
      pointer: `${pointer}/seLinuxOptions`,
      message: TEXTS.noSeLinux,
    });
  return out;
}
