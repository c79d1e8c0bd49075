// Probes: a task per probe of a running container, which asks once a period and tells the pod's worker what changed.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';
import { runInContainer } from './hooks.ts';
import { fieldPath, type Live, podEvent, realNow } from './live.ts';
import type { KubeletOptions } from './options.ts';

const SECOND = 1_000_000_000n;

type Kind = 'Liveness' | 'Readiness' | 'Startup';
const FIELDS: readonly (readonly [Kind, string])[] = [
  ['Startup', 'startupProbe'],
  ['Liveness', 'livenessProbe'],
  ['Readiness', 'readinessProbe'],
];

interface Target {
  readonly options: KubeletOptions;
  readonly pod: KubeObject;
  readonly record: Live;
  /** The run that is probed. */
  readonly id: string;
  readonly podIP: string;
  readonly wake: () => Program<void>;
}

const portOf = (container: Json, port: number | string): number | string =>
  typeof port === 'number' ? port : ((container.ports ?? []).find((p: Json) => p.name === port)?.containerPort ?? port);

/**
 * One question; undefined: the answer was good, otherwise what the event says.
 * Counterpart: pkg/kubelet/prober/prober.go, pkg/probe, Kubernetes 1.36
 * Deviates: no program here listens on a port, so what connects is refused.
 */
function* ask({ options, record, id, podIP }: Target, probe: Json): Program<string | undefined> {
  const timeout: number = probe.timeoutSeconds ?? 1;
  if (probe.exec) {
    const command: string[] = probe.exec.command ?? [];
    const { exitCode, output } = yield* runInContainer(options.runtime, id, command, timeout);
    if (exitCode === 0) return undefined;
    return exitCode === null ? `command timed out: "${command.join(' ')}" timed out after ${timeout}s` : output;
  }
  const refused = (port: number | string, host: string): string =>
    `dial tcp ${host}:${portOf(record.spec, port)}: connect: connection refused`;
  if (probe.tcpSocket) return refused(probe.tcpSocket.port, probe.tcpSocket.host || podIP);
  if (probe.httpGet) {
    const { scheme = 'HTTP', path = '/', host, port } = probe.httpGet;
    const at = host || podIP;
    return `Get "${scheme.toLowerCase()}://${at}:${portOf(record.spec, port)}${path}": ${refused(port, at)}`;
  }
  return `timeout: failed to connect service "${podIP}:${probe.grpc?.port}" within ${timeout}s: context deadline exceeded`;
}

/** Acts on a result that counts; whether the probe goes on. */
function* conclude(target: Target, kind: Kind, good: boolean): Program<boolean> {
  const { record, wake } = target;
  if (kind === 'Readiness') {
    if (record.ready === good) return true;
    record.ready = good;
    yield* wake();
    return true;
  }
  if (good) {
    if (kind === 'Liveness') return true;
    record.started = true;
    yield* wake();
    return false;
  }
  record.restartBecause = `Container ${record.name} failed ${kind.toLowerCase()} probe, will be restarted`;
  yield* wake();
  return false;
}

/** Counterpart: worker.run and doProbe, pkg/kubelet/prober/worker.go, Kubernetes 1.36 */
function* probing(target: Target, kind: Kind, probe: Json): Program<number> {
  const { options, pod, record, id } = target;
  const period = BigInt(probe.periodSeconds ?? 10) * SECOND;
  let run = 0;
  let last: boolean | undefined;
  for (; ; yield* sys.nanosleep(period)) {
    const status = options.runtime.ContainerStatus(id);
    if (record.current?.id !== id || !status.ok || status.value.state !== 'CONTAINER_RUNNING') return 0;
    if ((yield* realNow()) - status.value.startedAt < BigInt(probe.initialDelaySeconds ?? 0) * SECOND) continue;
    if (kind !== 'Startup' && !record.started) continue;
    const problem = yield* ask(target, probe);
    const after = options.runtime.ContainerStatus(id);
    if (!after.ok || after.value.state !== 'CONTAINER_RUNNING') return 0;
    const good = problem === undefined;
    if (!good) podEvent(options.api, pod, 'Warning', 'Unhealthy', `${kind} probe failed: ${problem}`, fieldPath(record));
    run = last === good ? run + 1 : 1;
    last = good;
    if (run < (good ? (probe.successThreshold ?? 1) : (probe.failureThreshold ?? 3))) continue;
    if (!(yield* conclude(target, kind, good))) return 0;
  }
}

/** Starts the probes of containers that have begun to run since the last call. */
export function* startProbes(
  options: KubeletOptions,
  pod: KubeObject,
  records: readonly Live[],
  podIP: string,
  wake: () => Program<void>,
): Program<void> {
  for (const record of records) {
    const { current } = record;
    if (current?.state !== 'CONTAINER_RUNNING' || record.probed === current.id) continue;
    record.probed = current.id;
    const target: Target = { options, pod, record, id: current.id, podIP, wake };
    for (const [kind, field] of FIELDS) {
      const probe: Json = record.spec[field];
      if (probe) yield* sys.clone({ flags: 0, main: () => probing(target, kind, probe) });
    }
  }
}
