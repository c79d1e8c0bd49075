// Probes: a task per probe of a running container, which asks once a period and tells the pod's worker what changed.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';
import { runInContainer } from './hooks.ts';
import { listens } from './listeners.ts';
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

/** The number of a port; a text: what Go says of one that is neither a number nor a port's name. Counterpart: ResolveContainerPort, pkg/probe/util.go */
function portOf(container: Json, port: number | string): number | string {
  const number = typeof port === 'number' ? port : ((container.ports ?? []).find((p: Json) => p.name === port)?.containerPort ?? port);
  if (/^\d+$/.test(String(number))) return Number(number);
  return `strconv.Atoi: parsing ${JSON.stringify(number)}: invalid syntax`;
}

/** How a probe went. What errored says nothing about the container. */
type ProbeResult = { readonly result: 'success' } | { readonly result: 'failure' | 'unknown'; readonly message: string };

const SUCCESS: ProbeResult = { result: 'success' };
const failure = (message: string): ProbeResult => ({ result: 'failure', message });
const errored = (message: string): ProbeResult => ({ result: 'unknown', message });

/**
 * One question.
 * Counterpart: pkg/kubelet/prober/prober.go, pkg/probe, Kubernetes 1.36
 * Deviates: a connection ends at the listening port: the program behind it learns nothing of it and does not answer.
 */
function* ask(target: Target, probe: Json): Program<ProbeResult> {
  const { options, record, id, podIP } = target;
  const timeout: number = probe.timeoutSeconds ?? 1;
  if (probe.exec) {
    const command: string[] = probe.exec.command ?? [];
    const { exitCode, output, error } = yield* runInContainer(options.runtime, id, command, timeout);
    if (error !== undefined) return errored(error);
    if (exitCode === 0) return SUCCESS;
    return failure(exitCode === null ? `command timed out: "${command.join(' ')}" timed out after ${timeout}s` : output);
  }
  const { tcpSocket, httpGet, grpc } = probe;
  const port = portOf(record.spec, (tcpSocket ?? httpGet ?? grpc)?.port);
  if (typeof port === 'string') return errored(port);
  const host: string = (tcpSocket ?? httpGet)?.host || podIP;
  const open = host === podIP && (yield* listens(options, id, port));
  const refused = `dial tcp ${host}:${port}: connect: connection refused`;
  if (tcpSocket) return open ? SUCCESS : failure(refused);
  if (!httpGet) {
    yield* sys.nanosleep(BigInt(timeout) * SECOND);
    return failure(`timeout: failed to connect service "${host}:${port}" within ${timeout}s: context deadline exceeded`);
  }
  const get = `Get "${(httpGet.scheme ?? 'HTTP').toLowerCase()}://${host}:${port}${httpGet.path ?? '/'}"`;
  if (!open) return failure(`${get}: ${refused}`);
  yield* sys.nanosleep(BigInt(timeout) * SECOND);
  return failure(`${get}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)`);
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
    const answer = yield* ask(target, probe);
    const after = options.runtime.ContainerStatus(id);
    if (!after.ok || after.value.state !== 'CONTAINER_RUNNING') return 0;
    const good = answer.result === 'success';
    if (answer.result !== 'success') {
      const how = answer.result === 'failure' ? 'failed' : 'errored and resulted in unknown state';
      podEvent(options.api, pod, 'Warning', 'Unhealthy', `${kind} probe ${how}: ${answer.message}`, fieldPath(record));
      if (answer.result === 'unknown') continue;
    }
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
