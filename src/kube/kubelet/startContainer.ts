// One attempt to start a container: image, configuration, creation, start, hook; every step with its event.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { RefusalReason } from '#provenance/refusal.ts';
import type { ClusterRule } from '#provenance/rules.ts';
import type { KubeObject } from '../api/object.ts';
import { containerConfig } from './containerConfig.ts';
import { podDns } from './dns.ts';
import { nonRootProblem, podLabel, type SecuritySettings } from './effective.ts';
import type { PodFacts } from './environment.ts';
import { textOf } from './files.ts';
import { postStart } from './hooks.ts';
import { type Backoff, ensureImage, nextBackoff } from './images.ts';
import { fieldPath, type Live, type lastEnded, podEvent, realNow, startedFrom } from './live.ts';
import { linkLog, makeLogDirectory } from './logFiles.ts';
import type { KubeletOptions, Latencies, NodeSettings } from './options.ts';
import type { PodVolumes } from './podVolumes.ts';
import { nonRootReason, noteRefusal, podFields } from './refusal.ts';
import { sandboxConfig } from './sandboxConfig.ts';
import { killContainer } from './stopContainers.ts';

const SECOND = 1_000_000_000n;
/** A container that ran this long since its last restart starts with a fresh back-off. */
const BACKOFF_RESET = 600n * SECOND;

export interface StartContext {
  readonly pod: KubeObject;
  readonly options: KubeletOptions;
  readonly node: NodeSettings;
  readonly latencies: Latencies;
  readonly sandboxId: string;
  readonly settings: SecuritySettings;
  readonly volumes: PodVolumes;
  readonly imageBackoffs: Map<string, Backoff>;
  readonly facts: PodFacts;
}

/** Why a container did not start, as `state.waiting` shows it. */
export interface StartFailure {
  readonly reason: string;
  readonly message: string;
}

/** `10s`, `1m20s`: how Go prints a duration of whole seconds. */
const span = (duration: bigint): string => {
  const seconds = duration / SECOND;
  return seconds < 60n ? `${seconds}s` : `${seconds / 60n}m${seconds % 60n}s`;
};

/**
 * Refuses to start a container again too soon after its last end; `end` is the last run that had ended when the pass began.
 * Counterpart: doBackOff, pkg/kubelet/kuberuntime/kuberuntime_manager.go, Kubernetes 1.36
 */
export function* crashBackoff(context: StartContext, record: Live, end: ReturnType<typeof lastEnded>): Program<StartFailure | undefined> {
  if (!end) return undefined;
  const now = yield* realNow();
  const { backoff } = record;
  if (backoff && end.finishedAt - backoff.since > BACKOFF_RESET) delete record.backoff;
  else if (backoff && now - end.finishedAt < backoff.duration) {
    const label = podLabel(context.pod);
    const text = `Back-off restarting failed container ${record.name} in pod ${label}`;
    podEvent(context.options.api, context.pod, 'Warning', 'BackOff', text, fieldPath(record));
    return {
      reason: 'CrashLoopBackOff',
      message: `back-off ${span(backoff.duration)} restarting failed container=${record.name} pod=${label}`,
    };
  }
  record.backoff = nextBackoff(record.backoff, now);
  return undefined;
}

/** Counterpart: startContainer, pkg/kubelet/kuberuntime/kuberuntime_container.go, Kubernetes 1.36 */
export function* startContainer(context: StartContext, record: Live): Program<StartFailure | undefined> {
  const { pod, options, latencies, settings, volumes, node } = context;
  const { runtime, api } = options;
  const emit = (type: 'Normal' | 'Warning', reason: string, message: string): void =>
    podEvent(api, pod, type, reason, message, fieldPath(record));
  const fail = (because: RefusalReason, reason: string, message: string, shown = message): StartFailure => {
    emit('Warning', 'Failed', `Error: ${shown}`);
    noteRefusal(options, pod, { message, event: `Error: ${shown}` }, because, record.name);
    return { reason, message };
  };
  const reason = (rule: ClusterRule, ...pointers: string[]): RefusalReason => ({
    rule,
    operands: {},
    fields: podFields(options, pod, pointers),
  });
  const imageField = `${record.pointer}/image`;
  const unmountable = volumes.imageProblem(record.spec);
  if (unmountable) return fail(reason('kubelet.image'), unmountable.reason, unmountable.message, unmountable.reason);
  const image = yield* ensureImage(runtime, record.spec, context.imageBackoffs, realNow, emit);
  if (!image.ok) return fail(reason('kubelet.image', imageField), image.reason, image.message, image.reason);
  const user = { image: record.spec.image, uid: image.image.uid, username: image.image.username };
  const nonRoot = nonRootProblem(pod, record.spec, user);
  if (nonRoot !== undefined) return fail(nonRootReason(options, pod, record.spec, user), 'CreateContainerConfigError', nonRoot);
  const previous = record.current;
  const attempt = previous ? record.restartCount + 1 : record.restartCount;
  const origins = api.originsOf('Pod', pod.metadata.namespace as string, pod.metadata.name);
  const config = yield* containerConfig({
    pod,
    origins,
    container: record.spec,
    pointer: record.pointer,
    attempt,
    user,
    settings,
    volumes: volumes.ready,
    sources: api,
    facts: context.facts,
  });
  if (!config.ok) return fail(reason('kubelet.config', record.pointer), 'CreateContainerConfigError', config.message);
  const name = { namespace: pod.metadata.namespace as string, name: pod.metadata.name, uid: pod.metadata.uid as string };
  yield* makeLogDirectory(name, record.name);
  const created = yield* runtime.CreateContainer(
    context.sandboxId,
    config.value,
    sandboxConfig(pod, origins, settings, node.name, 0, podDns(pod, yield* textOf('/etc/resolv.conf')).config).value,
  );
  if (!created.ok) return fail(reason('runtime.create'), 'CreateContainerError', created.message);
  emit('Normal', 'Created', 'Container created');
  if (previous) {
    record.restartCount = attempt;
    record.older = previous;
  }
  yield* sys.nanosleep(latencies.container);
  const started = yield* runtime.StartContainer(created.value.id);
  const status = runtime.ContainerStatus(created.value.id);
  if (status.ok) record.current = status.value;
  if (!started.ok)
    return fail(
      reason('runtime.start', `${record.pointer}/command`),
      'RunContainerError',
      started.message,
      started.message.replaceAll(created.value.id, record.name),
    );
  yield* linkLog(name, record.name, attempt, created.value.id);
  record.startedFrom = startedFrom(record.spec);
  record.restartBecause = null;
  record.ready = !record.spec.readinessProbe;
  record.started = !record.spec.startupProbe;
  emit('Normal', 'Started', 'Container started');
  const hook = yield* postStart(runtime, record);
  if (hook === undefined) return undefined;
  emit('Warning', 'FailedPostStartHook', 'PostStartHook failed');
  yield* killContainer(options, pod, record, 'FailedPostStartHook');
  return { reason: 'PostStartHookError', message: 'PostStartHook failed' };
}
