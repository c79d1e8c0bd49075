// Which container a process belongs to, and what its OCI configuration says about a value and why.

import type { Task } from '#kernel/state.ts';
import { originAt } from '#provenance/origin.ts';
import type { Cause, Explanation } from '../protocol.ts';
import type { World } from '../world.ts';
import { originCauses } from './origin.ts';
import type { Language } from './ruleTexts.ts';

export interface ContainerOfTask {
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
  readonly id: string;
}

interface Statuses {
  readonly containerStatuses?: readonly Status[];
  readonly initContainerStatuses?: readonly Status[];
  readonly ephemeralContainerStatuses?: readonly Status[];
}

interface Status {
  readonly name: string;
  readonly containerID?: string;
  readonly lastState?: { readonly terminated?: { readonly containerID?: string } };
}

/**
 * The container whose first process shares the task's mount namespace, or whose cgroup it was in, when that process has ended;
 * undefined on the node and the workstation.
 */
export function containerOf(world: World, task: Pick<Task, 'mountNs' | 'cgroup'>): ContainerOfTask | undefined {
  for (const pod of world.api.list('Pod')) {
    const status = (pod.status ?? {}) as Statuses;
    const all = [
      ...(status.containerStatuses ?? []),
      ...(status.initContainerStatuses ?? []),
      ...(status.ephemeralContainerStatuses ?? []),
    ];
    for (const one of all) {
      for (const full of [one.containerID, one.lastState?.terminated?.containerID]) {
        const id = full?.replace(/^[^/]*\/\//, '');
        if (id === undefined) continue;
        const runtime = world.runtime.ContainerStatus(id);
        const first = runtime.ok && runtime.value.taskId !== null ? world.machine.state.tasks.get(runtime.value.taskId) : undefined;
        if (first?.mountNs === task.mountNs || task.cgroup.includes(id))
          return { pod: pod.metadata.name, namespace: pod.metadata.namespace ?? 'default', container: one.name, id };
      }
    }
  }
  return undefined;
}

/** What config.json says at a pointer, followed by the causes of that. Empty when the task is in no container. */
export function ociCauses(world: World, task: Pick<Task, 'mountNs' | 'cgroup'>, pointer: string, language: Language): readonly Cause[] {
  const place = containerOf(world, task);
  const spec = place && world.runtime.Spec(place.id);
  if (place === undefined || spec === undefined) return [];
  let value: unknown = spec.value;
  for (const part of pointer.split('/').slice(1)) value = (value as Record<string, unknown> | undefined)?.[part];
  const members = Object.keys(spec.origins).filter((one) => one.startsWith(`${pointer}/`));
  const origin = originAt(spec.origins, pointer);
  // A list whose members have reasons of their own is explained by those, after the rule that made the list.
  const parts = spec.origins[pointer] === undefined && members.length > 0 ? [origin, ...members.map((one) => spec.origins[one])] : [origin];
  const causes = parts.flatMap((one) => (one === undefined ? [] : originCauses(one, language)));
  const shown = value === undefined ? (language === 'ja' ? '(なし)' : '(absent)') : JSON.stringify(value);
  return [
    {
      title: language === 'ja' ? `コンテナ ${place.container} の config.json` : `config.json of container ${place.container}`,
      detail: `${pointer} = ${shown.length > 200 ? `${shown.slice(0, 200)}…` : shown}`,
    },
    ...causes.filter((cause, at) => causes.findIndex((one) => one.title === cause.title && one.detail === cause.detail) === at),
  ];
}

/** What of config.json made the mount at a path of the task's container: the JSON Pointer; undefined: nothing there did. */
export function mountPointer(world: World, task: Pick<Task, 'mountNs' | 'cgroup'>, path: string): string | undefined {
  const place = containerOf(world, task);
  const spec = (place && world.runtime.Spec(place.id))?.value;
  if (spec === undefined) return undefined;
  if (path === '/') return '/root/readonly';
  const at = spec.mounts.findIndex(({ destination }) => destination === path);
  if (at !== -1) return `/mounts/${at}`;
  for (const list of ['readonlyPaths', 'maskedPaths'] as const) {
    const one = spec.linux[list]?.indexOf(path) ?? -1;
    if (one !== -1) return `/linux/${list}/${one}`;
  }
  return undefined;
}

/** What is mounted at a path of the task's container, and why; undefined: config.json mounts nothing there. */
export function explainMount(world: World, task: Task, path: string, language: Language): Explanation | undefined {
  const pointer = mountPointer(world, task, path);
  if (pointer === undefined) return undefined;
  const title = `${task.comm}[${task.pids[0]}]: ${language === 'ja' ? 'マウント' : 'mount'} ${path}`;
  return { title, answer: '', causes: ociCauses(world, task, pointer, language) };
}
