// Lines of a manifest that are accepted but change nothing, each with the reason and the smallest change that would matter.
// Whether a capability counts is asked of the runtime's own rule, with and without the entry.

import { isCapability } from '#abi/capability.ts';
import { capabilities } from '#runtime/containerd/spec.ts';
import { crioCapabilities } from '#runtime/crio/capabilities.ts';
import type { NodeSettings } from '#runtime/node.ts';

export interface Effect {
  /** JSON Pointer of the line. */
  readonly pointer: string;
  /** Begins with "no effect" exactly when the container is the same without the line. */
  readonly message: string;
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
  const at = (field: string, message: string): Effect => ({ pointer: `/spec/securityContext/${field}`, message });
  const out: Effect[] = [];
  for (const field of REPLACED) {
    const all = containers.length > 0 && containers.every((own) => (own as Record<string, unknown>)[field] !== undefined);
    const sandbox = field === 'runAsUser' || field === 'runAsGroup' || field === 'seLinuxOptions';
    if ((context as Record<string, unknown>)[field] !== undefined && all)
      out.push(
        at(
          field,
          `no effect on any container: every container sets its own ${field}; take it out of a container to inherit this one${sandbox ? '. Only the sandbox (the pause process) uses it' : ''}`,
        ),
      );
  }
  if (context.runAsGroup !== undefined && context.runAsUser === undefined)
    out.push(at('runAsGroup', 'the Pod will not start: containerd refuses a sandbox with a group but no user; set runAsUser beside it'));
  const kinds = volumes.flatMap((volume) => Object.keys(volume).filter((key) => key !== 'name'));
  if (context.fsGroupChangePolicy !== undefined && context.fsGroup === undefined)
    out.push(at('fsGroupChangePolicy', 'no effect: fsGroup is not set; set it to have volumes changed at all'));
  else if (context.fsGroupChangePolicy !== undefined && !kinds.some((kind) => LASTING.includes(kind)))
    out.push(
      at(
        'fsGroupChangePolicy',
        'no effect: no volume keeps files of an earlier Pod (the policy does not apply to emptyDir, configMap, secret and projected volumes); use a persistentVolumeClaim to see a difference',
      ),
    );
  if (context.fsGroup !== undefined && kinds.length > 0 && kinds.every((kind) => UNMANAGED.includes(kind)))
    out.push(
      at(
        'fsGroup',
        'changes no volume: the kubelet leaves the ownership of these volumes alone (hostPath, NFS, image); the group is still added to the processes. An emptyDir or a persistentVolumeClaim would get it',
      ),
    );
  if (
    context.seLinuxChangePolicy !== undefined &&
    context.seLinuxOptions === undefined &&
    containers.every((own) => own.seLinuxOptions === undefined)
  )
    out.push(at('seLinuxChangePolicy', 'no effect: there is no seLinuxOptions, so no volume is relabelled for it'));
  return out;
}

function containerEffects(own: Context, context: Context, pointer: string, node: NodeSettings): Effect[] {
  const out: Effect[] = [];
  const at = (field: string, message: string): number => out.push({ pointer: `${pointer}/${field}`, message });
  const { add = [], drop = [] } = own.capabilities ?? {};
  if (own.privileged === true) {
    const tail = 'set privileged to false to have it count';
    if (own.capabilities !== undefined) at('capabilities', `no effect: a privileged container has every capability; ${tail}`);
    if (own.seccompProfile !== undefined) at('seccompProfile', `no effect: a privileged container runs without seccomp; ${tail}`);
    if (own.appArmorProfile !== undefined)
      at('appArmorProfile', `no effect: a privileged container runs without an AppArmor profile; ${tail}`);
    if (own.procMount !== undefined) at('procMount', `no effect: a privileged container sees an unmasked /proc; ${tail}`);
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
      if (same) at(`capabilities/${list}/${i}`, `no effect: ${whyNot(list, plain(name), add.map(plain), drop.map(plain))}`);
    });
  const user = own.runAsUser ?? context.runAsUser;
  const counted = before !== bounding([], drop);
  if (add.length > 0 && user !== undefined && user !== 0 && counted)
    at(
      'capabilities/add',
      `the process runs as uid ${user}, so the added capabilities only widen its bounding set; its effective set stays empty. They would count for uid 0, or for a program file with capabilities`,
    );
  if (node.seccompDefault === true && own.seccompProfile?.type === 'RuntimeDefault' && context.seccompProfile === undefined)
    at('seccompProfile', 'no effect on this node: its kubelet runs with seccompDefault, so RuntimeDefault holds without the line');
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

function whyNot(list: 'add' | 'drop', name: string, add: readonly string[], drop: readonly string[]): string {
  const upper = name.toUpperCase();
  const has = (names: readonly string[], wanted: string): boolean => names.some((one) => one.toUpperCase() === wanted);
  if (isCapability(upper))
    return `the runtime puts CAP_ before the name itself; write it without the prefix: ${upper.slice('CAP_'.length)}`;
  if (upper !== 'ALL' && !isCapability(`CAP_${upper}`))
    return `there is no capability of this name; see the 41 names in capabilities(7), without CAP_`;
  if (list === 'drop')
    return has(drop, 'ALL')
      ? 'ALL is dropped already'
      : 'the container would not have it anyway; it is neither in the runtime’s default set nor added';
  if (has(drop, upper)) return 'it is dropped too, and drop comes last; take it out of drop';
  if (has(add, 'ALL')) return 'ALL is added already';
  return 'the runtime’s default set has it already; it would matter together with drop: ["ALL"]';
}

/** What belongs to a system the node does not have. */
function platformEffects(own: Context, pointer: string, node: NodeSettings): Effect[] {
  const out: Effect[] = [];
  if (own.windowsOptions !== undefined)
    out.push({ pointer: `${pointer}/windowsOptions`, message: 'no effect: these options count on Windows nodes only' });
  if (own.seLinuxOptions !== undefined && node.seLinux?.enabled !== true)
    out.push({
      pointer: `${pointer}/seLinuxOptions`,
      message: 'changes nothing on this node: SELinux is not enabled there; it takes a node with SELinux enforcing',
    });
  return out;
}
