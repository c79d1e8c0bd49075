// A pod's status from what the kubelet knows about its containers: a pure function of the pod, the records and the last status.

import { sumOf } from '#base/quantity.ts';
import type { ContainerStatus } from '#runtime/cri.ts';
import type { KubeObject } from '../api/object.ts';
import { containersOf, type Json } from './effective.ts';
import { quantity } from './environment.ts';

/** What the kubelet remembers about one container of a pod. */
export interface ContainerRecord {
  readonly name: string;
  readonly list: 'initContainers' | 'containers' | 'ephemeralContainers';
  /** The newest runtime container, as last seen. */
  current: ContainerStatus | null;
  /** The run before that one, which is kept for its log and its exit code. */
  older: ContainerStatus | null;
  /** Why the last attempt to start the container failed. Counterpart: ReasonCache, pkg/kubelet/reason_cache.go */
  reason: { readonly reason: string; readonly message: string } | null;
  restartCount: number;
  /** What its readiness probe said last; true without one. */
  ready: boolean;
  /** What its startup probe said last; true without one. */
  started: boolean;
}

export interface StatusInput {
  readonly pod: KubeObject;
  readonly records: readonly ContainerRecord[];
  readonly sandboxReady: boolean;
  readonly podIP: string;
  readonly hostIP: string;
  readonly now: string; // RFC 3339
  readonly startTime: string;
  /** The kubelet has ended the pod for a reason of its own. */
  readonly failed?: { readonly reason: string; readonly message: string };
}

export const rfc3339 = (ns: bigint): string => new Date(Number(ns / 1000000n)).toISOString().replace(/\.\d+Z$/, 'Z');

/** A runtime container that has ended, as the API's `terminated` state. */
export function terminatedState(status: ContainerStatus): Json {
  return {
    containerID: `${status.runtime ?? 'containerd'}://${status.id}`,
    exitCode: status.exitCode,
    finishedAt: rfc3339(status.finishedAt),
    ...(status.message === '' ? {} : { message: status.message }),
    reason: status.reason,
    startedAt: rfc3339(status.startedAt),
  };
}

const isSidecar = (container: Json): boolean => container.restartPolicy === 'Always';

/** Whether an init container has done its part: ended well, or (a sidecar) started. */
export function initDone(container: Json, record: ContainerRecord | undefined): boolean {
  const current = record?.current;
  if (isSidecar(container)) return (current?.state === 'CONTAINER_RUNNING' && record?.started) || (record?.restartCount ?? 0) > 0;
  return current?.state === 'CONTAINER_EXITED' && current.exitCode === 0;
}

/** Whether a container that does not run is to be started (again). Counterpart: ShouldContainerBeRestarted, pkg/kubelet/container/helpers.go */
export function mayStart(pod: KubeObject, container: Json, record: ContainerRecord): boolean {
  const { current } = record;
  if (pod.metadata.deletionTimestamp) return false;
  if (!current || current.state === 'CONTAINER_CREATED') return true;
  if (record.list === 'ephemeralContainers' || current.state === 'CONTAINER_RUNNING') return false;
  const policy: string = container.restartPolicy ?? pod.spec.restartPolicy ?? 'Always';
  if (record.list === 'initContainers' && !isSidecar(container)) return current.exitCode !== 0 && policy !== 'Never';
  return policy === 'Always' || (policy === 'OnFailure' && current.exitCode !== 0);
}

const ended = (status: ContainerStatus | null | undefined): Json => (status ? { terminated: terminatedState(status) } : {});

function stateOf(
  pod: KubeObject,
  container: Json,
  record: ContainerRecord | undefined,
  initializing: boolean,
): { state: Json; lastState: Json } {
  const current = record?.current;
  if (record?.reason && mayStart(pod, container, record))
    return { state: { waiting: record.reason }, lastState: ended(current?.state === 'CONTAINER_EXITED' ? current : record.older) };
  const lastState = ended(record?.older);
  if (current?.state === 'CONTAINER_RUNNING') return { state: { running: { startedAt: rfc3339(current.startedAt) } }, lastState };
  if (current?.state === 'CONTAINER_EXITED') return { state: ended(current), lastState };
  return { state: { waiting: { reason: initializing ? 'PodInitializing' : 'ContainerCreating' } }, lastState };
}

/** One entry of containerStatuses. Counterpart: convertToAPIContainerStatuses, pkg/kubelet/kubelet_pods.go, Kubernetes 1.36 */
function containerStatus(
  pod: KubeObject,
  container: Json,
  record: ContainerRecord | undefined,
  initializing: boolean,
  init: boolean,
): Json {
  const { state, lastState } = stateOf(pod, container, record, initializing);
  const current = record?.current;
  const running = state.running !== undefined;
  const ready = init && !isSidecar(container) ? initDone(container, record) : running && (record?.ready ?? false);
  const requests = container.resources?.requests;
  return {
    ...(current && requests ? { allocatedResources: requests } : {}),
    ...(current ? { containerID: `${current.runtime ?? 'containerd'}://${current.id}` } : {}),
    image: current ? current.image : container.image,
    imageID: current ? current.image_ref : '',
    lastState,
    name: container.name,
    ready,
    ...(current ? { resources: container.resources ?? {} } : {}),
    restartCount: record?.restartCount ?? 0,
    started: running && (record?.started ?? false) && !(init && !isSidecar(container)),
    state,
    ...(current?.user
      ? {
          user: {
            linux: {
              gid: current.user.linux.gid,
              ...(current.user.linux.supplemental_groups.length ? { supplementalGroups: current.user.linux.supplemental_groups } : {}),
              uid: current.user.linux.uid,
            },
          },
        }
      : {}),
    ...(container.volumeMounts?.length
      ? {
          volumeMounts: container.volumeMounts.map((m: Json) => ({
            mountPath: m.mountPath,
            name: m.name,
            ...(m.readOnly
              ? { readOnly: true, recursiveReadOnly: ['Enabled', 'IfPossible'].includes(m.recursiveReadOnly) ? 'Enabled' : 'Disabled' }
              : {}),
          })),
        }
      : {}),
  };
}

/** Counterpart: getPhase, pkg/kubelet/kubelet_pods.go, Kubernetes 1.36 */
function phaseOf(pod: KubeObject, init: readonly Json[], regular: readonly Json[]): string {
  const policy: string = pod.spec.restartPolicy ?? 'Always';
  let pendingInit = 0;
  let failedInit = 0;
  for (const [i, status] of init.entries()) {
    if (isSidecar(pod.spec.initContainers[i])) {
      if (!status.started && status.restartCount === 0 && !status.state.terminated) pendingInit++;
      continue;
    }
    if (status.state.terminated?.exitCode === 0) continue;
    if (status.state.terminated) policy === 'Never' ? failedInit++ : pendingInit++;
    else pendingInit++;
  }
  let waiting = 0;
  let running = 0;
  let stopped = 0;
  let succeeded = 0;
  for (const status of regular) {
    if (status.state.running) running++;
    else if (status.state.terminated) {
      stopped++;
      if (status.state.terminated.exitCode === 0) succeeded++;
    } else if (status.lastState.terminated) stopped++;
    else waiting++;
  }
  if (failedInit > 0) return 'Failed';
  if (pendingInit > 0 || waiting > 0) return 'Pending';
  if (running > 0) return 'Running';
  if (stopped > 0) {
    if (policy === 'Always') return 'Running';
    if (stopped === succeeded) return 'Succeeded';
    return policy === 'Never' ? 'Failed' : 'Running';
  }
  return 'Pending';
}

/** Guaranteed, Burstable or BestEffort. Counterpart: ComputePodQOS, pkg/apis/core/helper/qos */
export function qosClass(pod: KubeObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let any = false;
  let guaranteed = true;
  for (const { container, list } of containersOf(pod)) {
    if (list === 'ephemeralContainers') continue;
    const { requests = {}, limits = {} } = container.resources ?? {};
    for (const resource of ['cpu', 'memory']) {
      if (quantity(requests[resource]) > 0 || quantity(limits[resource]) > 0) any = true;
      if (quantity(limits[resource]) === 0 || quantity(requests[resource] ?? limits[resource]) !== quantity(limits[resource]))
        guaranteed = false;
    }
  }
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable';
}

/** Amounts of several containers added up, resource by resource. */
function summed(lists: readonly Json[]): Readonly<Record<string, string>> {
  const names = [...new Set(lists.flatMap((list) => Object.keys(list ?? {})))].sort();
  return Object.fromEntries(names.map((name) => [name, sumOf(lists.flatMap((list) => (list?.[name] === undefined ? [] : [list[name]])))]));
}

/** What the pod as a whole has, from its containers' statuses. Counterpart: convertToAPIPodLevelResourcesStatus, kubelet_pods.go */
function podResources(statuses: readonly Json[]): Json {
  const of = (field: 'limits' | 'requests'): Json => {
    const amounts = summed(statuses.map((one) => one.resources?.[field]));
    return Object.keys(amounts).length > 0 ? { [field]: amounts } : {};
  };
  return { ...of('limits'), ...of('requests') };
}

/** Ephemeral containers are never ready, and why one does not start is not reported. Counterpart: convertToAPIContainerStatuses, pkg/kubelet */
function ephemeralStatus(status: Json): Json {
  const { started: _, ...rest } = status;
  return { ...rest, ready: false, ...(status.state.waiting ? { state: { waiting: { reason: 'ContainerCreating' } } } : {}) };
}

/** Statuses stand in the order of names, but for those of init containers. Counterpart: SortedContainerStatuses, pkg/kubelet/types */
const byName = (a: Json, b: Json): number => (a.name < b.name ? -1 : 1);

const OWN_CONDITIONS = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

/** Why gates keep a pod from being ready whose containers are. Counterpart: GeneratePodReadyCondition, pkg/kubelet/status/generate.go */
function closedGates(pod: KubeObject, conditions: readonly Json[]): string[] {
  return (pod.spec.readinessGates ?? []).flatMap(({ conditionType: gate }: Json) => {
    const found = conditions.find(({ type }) => type === gate);
    if (found === undefined) return [`corresponding condition of pod readiness gate "${gate}" does not exist.`];
    return found.status === 'True' ? [] : [`the status of pod readiness gate "${gate}" is not "True", but ${found.status}`];
  });
}

/**
 * The status the kubelet reports. Conditions keep their transition time as long as their status stays.
 * Counterpart: generateAPIPodStatus, pkg/kubelet/kubelet_pods.go, Kubernetes 1.36
 */
export function podStatus(input: StatusInput): Json {
  const { pod, records, now } = input;
  const old: Json = pod.status ?? {};
  const recordOf = (name: string, list: string): ContainerRecord | undefined => records.find((r) => r.name === name && r.list === list);
  const initSpecs: Json[] = pod.spec.initContainers ?? [];
  const initialized = initSpecs.every((c) => initDone(c, recordOf(c.name, 'initContainers')));
  const statuses = (list: ContainerRecord['list']): Json[] =>
    (pod.spec[list] ?? []).map((c: Json) =>
      containerStatus(pod, c, recordOf(c.name, list), initSpecs.length > 0 && list !== 'ephemeralContainers', list === 'initContainers'),
    );
  const init = statuses('initContainers');
  const regular = statuses('containers');
  const ephemeral = statuses('ephemeralContainers').map(ephemeralStatus).sort(byName);
  const phase = input.failed ? 'Failed' : phaseOf(pod, init, regular);

  const finished = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : undefined;
  const unready = [
    ...initSpecs.flatMap((c, i) => (isSidecar(c) && !init[i].ready ? [c.name] : [])),
    ...regular.filter((s) => !s.ready).map((s) => s.name),
  ];
  const readiness = finished
    ? { status: 'False', reason: finished }
    : unready.length > 0
      ? { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` }
      : { status: 'True' };
  const closed = finished === undefined && unready.length === 0 ? closedGates(pod, old.conditions ?? []) : [];
  const podReadiness = closed.length > 0 ? { status: 'False', reason: 'ReadinessGatesNotReady', message: closed.join(', ') } : readiness;
  const incomplete = initSpecs.filter((c) => !initDone(c, recordOf(c.name, 'initContainers'))).map((c) => c.name);
  const condition = (type: string, value: { status: string; reason?: string; message?: string }): Json => {
    const before = old.conditions?.find((c: Json) => c.type === type);
    return {
      lastProbeTime: null,
      lastTransitionTime: before?.status === value.status ? before.lastTransitionTime : now,
      ...(value.message === undefined ? {} : { message: value.message }),
      observedGeneration: pod.metadata.generation ?? 1,
      ...(value.reason === undefined ? {} : { reason: value.reason }),
      status: value.status,
      type,
    };
  };
  const conditions = [
    condition('PodReadyToStartContainers', { status: input.sandboxReady ? 'True' : 'False' }),
    condition(
      'Initialized',
      phase === 'Succeeded'
        ? { status: 'True', reason: 'PodCompleted' }
        : initialized
          ? { status: 'True' }
          : {
              status: 'False',
              reason: 'ContainersNotInitialized',
              message: `containers with incomplete status: [${incomplete.join(' ')}]`,
            },
    ),
    condition('Ready', podReadiness),
    condition('ContainersReady', readiness),
    condition('PodScheduled', { status: 'True' }),
    // What others have said of the pod stays.
    ...(old.conditions ?? []).filter(({ type }: Json) => !OWN_CONDITIONS.includes(type)),
  ];
  const allocated = summed(regular.map((one) => one.allocatedResources));
  return {
    ...(Object.keys(allocated).length > 0 ? { allocatedResources: allocated } : {}),
    conditions,
    containerStatuses: [...regular].sort(byName),
    ...(ephemeral.length > 0 ? { ephemeralContainerStatuses: ephemeral } : {}),
    hostIP: input.hostIP,
    hostIPs: [{ ip: input.hostIP }],
    ...(init.length > 0 ? { initContainerStatuses: init } : {}),
    ...(input.failed ? { message: input.failed.message } : {}),
    observedGeneration: pod.metadata.generation ?? 1,
    phase,
    ...(input.podIP === '' ? {} : { podIP: input.podIP, podIPs: [{ ip: input.podIP }] }),
    qosClass: qosClass(pod),
    ...(input.failed ? { reason: input.failed.reason } : {}),
    resources: podResources(regular),
    startTime: input.startTime,
  };
}
