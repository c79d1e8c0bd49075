// The end of containers: preStop hooks, the stop signal, the grace period.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import { preStop } from './hooks.ts';
import { fieldPath, type Live, podEvent, realNow } from './live.ts';
import type { KubeletOptions } from './options.ts';

/** What a container gets at least between SIGTERM and SIGKILL. Counterpart: minimumGracePeriodInSeconds, kuberuntime_container.go */
const LEAST_GRACE = 2;

/**
 * Stops one running container; its grace period is the pod's unless given.
 * Counterpart: killContainer, pkg/kubelet/kuberuntime/kuberuntime_container.go, Kubernetes 1.36
 */
export function* killContainer(options: KubeletOptions, pod: KubeObject, record: Live, message: string, given?: number): Program<void> {
  const { current } = record;
  if (current?.state !== 'CONTAINER_RUNNING') return;
  podEvent(options.api, pod, 'Normal', 'Killing', message, fieldPath(record));
  let grace: number = given ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  const begin = yield* realNow();
  const failed = yield* preStop(options.runtime, record, grace);
  if (failed) podEvent(options.api, pod, 'Warning', 'FailedPreStopHook', 'PreStopHook failed', fieldPath(record));
  grace = Math.max(grace - Number(((yield* realNow()) - begin) / 1_000_000_000n), LEAST_GRACE);
  yield* options.runtime.StopContainer(current.id, grace);
  const status = options.runtime.ContainerStatus(current.id);
  if (status.ok) record.current = status.value;
}

/** Stops all that run at once, sidecars after the rest in reverse order. Counterpart: killContainersWithSyncResult */
export function* stopAll(options: KubeletOptions, pod: KubeObject, records: readonly Live[], grace?: number): Program<void> {
  const running = records.filter((r) => r.current?.state === 'CONTAINER_RUNNING');
  const sidecars = running.filter((r) => r.list === 'initContainers').toReversed();
  const stoppers: number[] = [];
  for (const record of running.filter((r) => r.list !== 'initContainers')) {
    const child = yield* sys.clone({
      flags: 0,
      main: function* stop(): Program<number> {
        yield* killContainer(options, pod, record, `Stopping container ${record.name}`, grace);
        return 0;
      },
    });
    if (child.ok) stoppers.push(child.value);
  }
  for (const stopper of stoppers) yield* sys.wait4(stopper, 0);
  for (const record of sidecars) yield* killContainer(options, pod, record, `Stopping container ${record.name}`, grace);
}

/** Removes every run of every container, and the sandbox. */
export function* removeRuns(options: KubeletOptions, records: readonly Live[], sandbox: { readonly id: string } | null): Program<void> {
  const { runtime } = options;
  if (sandbox) yield* runtime.StopPodSandbox(sandbox.id);
  for (const { older, current } of records) {
    if (older) yield* runtime.RemoveContainer(older.id);
    if (current) yield* runtime.RemoveContainer(current.id);
  }
  if (sandbox) yield* runtime.RemovePodSandbox(sandbox.id);
}
