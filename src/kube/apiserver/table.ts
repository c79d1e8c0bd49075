// Objects as the rows `kubectl get` shows.
// Counterpart: kubernetes/pkg/printers/internalversion/printers.go, v1.36.

import type { KubeObject } from '../api/object.ts';
import { age, ago, type Columns, count } from './cells.ts';
import { OTHER_COLUMNS } from './columns-other.ts';
import { WORKLOAD_COLUMNS } from './columns-workload.ts';

export { humanDuration } from './cells.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects are open JSON
type Json = any;

/** The STATUS column. Counterpart: printPod. */
export function podStatus(pod: KubeObject): { status: string; ready: string; restarts: number; lastRestart: string | undefined } {
  const spec: Json = pod.spec;
  const state: Json = pod.status ?? {};
  let reason: string = state.reason || state.phase || 'Pending';
  let restarts = 0;
  let initRestarts = 0;
  let ready = 0;
  let total = (spec.containers ?? []).length;
  let lastRestart: string | undefined;
  let lastInit: string | undefined;
  if ((state.conditions ?? []).some((c: Json) => c.type === 'PodScheduled' && c.reason === 'SchedulingGated')) reason = 'SchedulingGated';
  const later = (a: string | undefined, b: string | undefined): string | undefined =>
    a === undefined || (b !== undefined && b > a) ? b : a;
  const sidecars = new Set((spec.initContainers ?? []).filter((c: Json) => c.restartPolicy === 'Always').map((c: Json) => c.name));
  total += sidecars.size;
  let initializing = false;
  const inits: Json[] = state.initContainerStatuses ?? [];
  for (const [i, container] of inits.entries()) {
    restarts += container.restartCount;
    initRestarts += container.restartCount;
    lastInit = later(lastInit, container.lastState?.terminated?.finishedAt);
    if (initializing) continue;
    const { terminated, waiting } = container.state ?? {};
    if (terminated?.exitCode === 0) continue;
    if (sidecars.has(container.name) && container.started) {
      if (container.ready) ready += 1;
      continue;
    }
    if (terminated)
      reason = `Init:${terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') reason = `Init:${waiting.reason}`;
    else reason = `Init:${i}/${(spec.initContainers ?? []).length}`;
    initializing = true;
  }
  if (!initializing || (state.conditions ?? []).some((c: Json) => c.type === 'Initialized' && c.status === 'True')) {
    restarts = initRestarts * (sidecars.size > 0 ? 1 : 0);
    lastRestart = sidecars.size > 0 ? lastInit : undefined;
    let hasRunning = false;
    for (const container of [...(state.containerStatuses ?? [])].reverse()) {
      restarts += container.restartCount;
      lastRestart = later(lastRestart, container.lastState?.terminated?.finishedAt);
      const { waiting, terminated, running } = container.state ?? {};
      if (waiting?.reason) reason = waiting.reason;
      else if (terminated)
        reason = terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);
      else if (container.ready && running) {
        hasRunning = true;
        ready += 1;
      }
    }
    if (reason === 'Completed' && hasRunning)
      reason = (state.conditions ?? []).some((c: Json) => c.type === 'Ready' && c.status === 'True') ? 'Running' : 'NotReady';
  } else lastRestart = lastInit;
  if (pod.metadata.deletionTimestamp && state.reason === 'NodeLost') reason = 'Unknown';
  else if (pod.metadata.deletionTimestamp && state.phase !== 'Failed' && state.phase !== 'Succeeded') reason = 'Terminating';
  return { status: reason, ready: `${ready}/${total}`, restarts, lastRestart };
}

const address = (node: KubeObject, type: string): string =>
  (node.status?.addresses ?? []).find((a: Json) => a.type === type)?.address ?? '<none>';

const COLUMNS: Readonly<Record<string, Columns>> = {
  ...WORKLOAD_COLUMNS,
  ...OTHER_COLUMNS,
  Pod: {
    names: ['Name', 'Ready', 'Status', 'Restarts', 'Age'],
    wide: ['IP', 'Node', 'Nominated Node', 'Readiness Gates'],
    row: (pod, now) => {
      const { status, ready, restarts, lastRestart } = podStatus(pod);
      const shown = restarts > 0 && lastRestart !== undefined ? `${restarts} (${ago(lastRestart, now)} ago)` : String(restarts);
      const gates = pod.spec.readinessGates?.length > 0 ? `0/${pod.spec.readinessGates.length}` : '<none>';
      return [
        pod.metadata.name,
        ready,
        status,
        shown,
        age(pod, now),
        pod.status?.podIP || '<none>',
        pod.spec.nodeName || '<none>',
        pod.status?.nominatedNodeName || '<none>',
        gates,
      ];
    },
  },
  Namespace: { names: ['Name', 'Status', 'Age'], wide: [], row: (o, now) => [o.metadata.name, o.status?.phase ?? '', age(o, now)] },
  ConfigMap: {
    names: ['Name', 'Data', 'Age'],
    wide: [],
    row: (o, now) => [o.metadata.name, count(o.data) + count(o.binaryData), age(o, now)],
  },
  Secret: { names: ['Name', 'Type', 'Data', 'Age'], wide: [], row: (o, now) => [o.metadata.name, o.type, count(o.data), age(o, now)] },
  ServiceAccount: {
    names: ['Name', 'Age'],
    wide: [],
    row: (o, now) => [o.metadata.name, age(o, now)],
  },
  Node: {
    names: ['Name', 'Status', 'Roles', 'Age', 'Version'],
    wide: ['Internal-IP', 'External-IP', 'OS-Image', 'Kernel-Version', 'Container-Runtime'],
    row: (node, now) => {
      const ready = (node.status?.conditions ?? []).find((c: Json) => c.type === 'Ready');
      const status = [
        ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady',
        ...(node.spec?.unschedulable ? ['SchedulingDisabled'] : []),
      ].join(',');
      const roles =
        Object.keys(node.metadata.labels ?? {})
          .flatMap((key) => (key.startsWith('node-role.kubernetes.io/') ? [key.slice(24)] : []))
          .sort()
          .join(',') || '<none>';
      const info: Json = node.status?.nodeInfo ?? {};
      return [
        node.metadata.name,
        status,
        roles,
        age(node, now),
        info.kubeletVersion,
        address(node, 'InternalIP'),
        address(node, 'ExternalIP'),
        info.osImage || '<unknown>',
        info.kernelVersion || '<unknown>',
        info.containerRuntimeVersion || '<unknown>',
      ];
    },
  },
  Event: {
    names: ['Last Seen', 'Type', 'Reason', 'Object', 'Message'],
    wide: ['Subobject', 'Source', 'First Seen', 'Count', 'Name'],
    row: (e, now) => {
      const source = [e.source?.component, e.source?.host].filter(Boolean).join(', ');
      return [
        ago(e.lastTimestamp, now),
        e.type,
        e.reason,
        `${String(e.involvedObject.kind).toLowerCase()}/${e.involvedObject.name}`,
        String(e.message).trim(),
        e.involvedObject.fieldPath ?? '',
        source,
        ago(e.firstTimestamp, now),
        e.count,
        e.metadata.name,
      ];
    },
  },
};

const DEFAULT_COLUMNS: Columns = { names: ['Name', 'Created At'], wide: [], row: (o) => [o.metadata.name, o.metadata.creationTimestamp] };

/** A meta.k8s.io/v1 Table; columns of priority 1 are for `-o wide`. `whole`: rows carry the objects and not only their metadata. */
export function toTable(kind: string, objects: readonly KubeObject[], now: bigint, resourceVersion: string, whole = false): unknown {
  const columns = COLUMNS[kind] ?? DEFAULT_COLUMNS;
  const definition = (priority: number) => (name: string) => ({
    name,
    type: 'string',
    format: name === 'Name' ? 'name' : '',
    description: '',
    priority,
  });
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion },
    columnDefinitions: [...columns.names.map(definition(0)), ...columns.wide.map(definition(1))],
    rows: objects.map((object) => ({
      cells: columns.row(object, now),
      object: whole ? object : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
    })),
  };
}
