// The cluster as the inspector shows it: read from the kernel's tasks, the API server's store and the runtime. Nothing is computed anew.

import { capHex } from '#abi/capability.ts';
import { fromKgid, fromKuid } from '#kernel/cred/ids.ts';
import type { KernelState, Task } from '#kernel/state.ts';
import type { Origin } from '#provenance/origin.ts';
import { type Language, originText } from './explain/index.ts';
import type { Artefact, ClusterView, ContainerView, EventView, PodView, ProcessView } from './protocol.ts';
import type { World } from './world.ts';

type Json = Record<string, unknown>;

const texts = (origins: Readonly<Record<string, Origin>>, language: Language): Record<string, string> =>
  Object.fromEntries(Object.entries(origins).map(([pointer, origin]) => [pointer, originText(origin, language)]));

const artefact = (json: unknown, origins: Readonly<Record<string, Origin>>, language: Language): Artefact => ({
  json,
  origins: texts(origins, language),
});

function processView(state: KernelState, task: Task, pod: string, container: string): ProcessView {
  const { cred } = task;
  const uid = (id: Task['cred']['ruid']): number => fromKuid(state, cred.userNs, id);
  const gid = (id: Task['cred']['rgid']): number => fromKgid(state, cred.userNs, id);
  return {
    task: task.id,
    pid: task.pids[0] ?? task.id,
    pod,
    container,
    comm: task.comm,
    argv: task.argv,
    uids: [uid(cred.ruid), uid(cred.euid), uid(cred.suid), uid(cred.fsuid)],
    gids: [gid(cred.rgid), gid(cred.egid), gid(cred.sgid), gid(cred.fsgid)],
    groups: cred.groups.map(gid),
    capabilities: {
      inheritable: capHex(cred.inheritable),
      permitted: capHex(cred.permitted),
      effective: capHex(cred.effective),
      bounding: capHex(cred.bounding),
      ambient: capHex(cred.ambient),
    },
    noNewPrivs: task.noNewPrivs,
    seccomp: task.seccomp.length > 0 ? 2 : 0,
    state: task.state,
  };
}

/** Every live task in the pid and mount namespaces of a container's first process. */
function processesOf(state: KernelState, first: number | null, pod: string, container: string): ProcessView[] {
  const init = first === null ? undefined : state.tasks.get(first);
  if (init === undefined) return [];
  return [...state.tasks.entries()]
    .filter(([, task]) => task.pidNs === init.pidNs && task.mountNs === init.mountNs && task.state !== 'zombie')
    .map(([, task]) => processView(state, task, pod, container));
}

interface Status {
  readonly name: string;
  readonly containerID?: string;
  readonly image?: string;
  readonly state?: {
    readonly running?: Json;
    readonly waiting?: { readonly reason?: string };
    readonly terminated?: { readonly reason?: string };
  };
}

function containerView(world: World, pod: string, status: Status, language: Language): ContainerView {
  const id = status.containerID?.replace(/^\w+(-\w+)?:\/\//, '') ?? '';
  const runtime = id === '' ? undefined : world.runtime.ContainerStatus(id);
  const spec = id === '' ? undefined : world.runtime.Spec(id);
  const config = id === '' ? undefined : world.runtime.Config(id);
  const first = runtime?.ok ? runtime.value.taskId : null;
  const { state } = status;
  return {
    name: status.name,
    state: state?.running ? 'Running' : (state?.waiting?.reason ?? state?.terminated?.reason ?? 'Waiting'),
    image: status.image ?? '',
    processes: processesOf(world.machine.state, first, pod, status.name),
    cri: config ? artefact(config.value, config.origins, language) : null,
    oci: spec ? artefact(spec.value, spec.origins, language) : null,
  };
}

/** Everything in the cluster that the inspector shows. */
export function clusterView(world: World, language: Language): ClusterView {
  const table = world.api.request({ verb: 'list', group: '', version: 'v1', resource: 'pods', namespace: '', asTable: true }).body as {
    readonly rows?: readonly {
      readonly cells: readonly unknown[];
      readonly object?: { readonly metadata?: { readonly name: string; readonly namespace: string } };
    }[];
  };
  const statusColumn = new Map(
    (table.rows ?? []).map((row) => [`${row.object?.metadata?.namespace}/${row.object?.metadata?.name}`, String(row.cells[2])]),
  );
  const pods = world.api.list('Pod').map((object): PodView => {
    const namespace = object.metadata.namespace ?? 'default';
    const { name } = object.metadata;
    const status = (object.status ?? {}) as { readonly phase?: string; readonly containerStatuses?: readonly Status[] };
    const declared = ((object.spec as { containers?: { name: string; image?: string }[] })?.containers ?? []).map(
      (one): Status => ({ name: one.name, ...(one.image ? { image: one.image } : {}) }),
    );
    return {
      name,
      namespace,
      phase: status.phase ?? 'Pending',
      status: statusColumn.get(`${namespace}/${name}`) ?? status.phase ?? 'Pending',
      manifest: artefact(object, world.api.originsOf('Pod', namespace, name), language),
      containers: (status.containerStatuses ?? declared).map((one) => containerView(world, name, one, language)),
    };
  });
  return { pods, events: eventsOf(world) };
}

function eventsOf(world: World): EventView[] {
  const now = Number(world.machine.state.realtime / 1_000_000_000n);
  return world.api.list('Event').map((event) => {
    const e = event as unknown as {
      type?: string;
      reason?: string;
      message?: string;
      lastTimestamp?: string;
      involvedObject?: { kind?: string; name?: string };
    };
    const about = e.involvedObject;
    const refused = world.refusals.newest(({ object, event: text }) => text === e.message && object.name === about?.name);
    const seconds = e.lastTimestamp ? Math.max(0, now - Math.floor(Date.parse(e.lastTimestamp) / 1000)) : 0;
    return {
      age: seconds < 120 ? `${seconds}s` : `${Math.floor(seconds / 60)}m`,
      type: e.type ?? '',
      reason: e.reason ?? '',
      object: `${(e.involvedObject?.kind ?? '').toLowerCase()}/${e.involvedObject?.name ?? ''}`,
      message: e.message ?? '',
      ...(refused && { cause: refused.id }),
    };
  });
}
