// kubectl exec and attach, on the node's side.

import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';
import type { Kubelet } from './kubelet.ts';

export interface ExecInPodOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly tty: boolean;
  readonly stdin: number | null;
  readonly stdout: number | null;
  readonly stderr: number | null;
}

export type ExecInPodOutcome = { readonly exitCode: number } | { readonly error: string };

const STEP = 50_000_000n;
const PATIENCE = 600; // steps: 30 simulated seconds

/** The runtime id of the container when it runs; 'pending' while it may still start; otherwise undefined. */
function target(
  kubelet: Kubelet,
  options: Pick<ExecInPodOptions, 'namespace' | 'pod' | 'container'>,
  pod: KubeObject,
): string | 'pending' | undefined {
  const worker = kubelet.workerOf(options.namespace, options.pod);
  if (!worker) return 'pending';
  if (worker.rejectedForGood || worker.stalled || (pod.metadata.deletionTimestamp && !worker.record(options.container)?.current))
    return undefined;
  const record = worker.record(options.container);
  const now = record?.current && kubelet.options.runtime.ContainerStatus(record.current.id);
  if (now?.ok && now.value.state === 'CONTAINER_RUNNING') return now.value.id;
  if (!record) return 'pending';
  if (record.reason || record.current) return undefined;
  const failing = (pod.spec.initContainers ?? []).some((init: Json) => {
    const before = worker.record(init.name);
    return before !== record && before !== undefined && (before.reason !== null || before.restartCount > 0);
  });
  return failing && record.list === 'containers' ? undefined : 'pending';
}

/**
 * Runs a command in a container of a pod, over descriptors of the calling task (a task of the node); waits for its end.
 * Counterpart: the exec handler of the kubelet and of the API server, Kubernetes 1.36
 * Deviates: while the container is about to start for the first time, it waits; a real kubelet says "container not found".
 */
export function* execInPod(kubelet: Kubelet, options: ExecInPodOptions): Program<ExecInPodOutcome> {
  for (let step = 0; step < PATIENCE; step++) {
    const pod = kubelet.options.api.get('Pod', options.namespace, options.pod);
    if (!pod) return { error: `pods "${options.pod}" not found` };
    const unscheduled = !pod.spec.nodeName;
    if (unscheduled && pod.status?.conditions?.some((c: Json) => c.type === 'PodScheduled' && c.status === 'False')) break;
    const id = unscheduled ? 'pending' : target(kubelet, options, pod);
    if (id === undefined) return { error: `unable to upgrade connection: container not found ("${options.container}")` };
    if (id !== 'pending') {
      const ran = yield* kubelet.options.runtime.Exec({
        container_id: id,
        cmd: options.command,
        tty: options.tty,
        stdin: options.stdin,
        stdout: options.stdout,
        stderr: options.stderr,
      });
      if (ran.ok) return ran.value;
      return { error: `Internal error occurred: Internal error occurred: error executing command in container: ${ran.message}` };
    }
    yield* sys.nanosleep(STEP);
  }
  const pod = kubelet.options.api.get('Pod', options.namespace, options.pod);
  if (!pod?.spec.nodeName) return { error: `unable to upgrade connection: pod ${options.pod} does not have a host assigned` };
  return { error: `unable to upgrade connection: container not found ("${options.container}")` };
}

export interface AttachInPodOptions extends Omit<ExecInPodOptions, 'command'> {
  /** A descriptor that reports an error when the client is gone. */
  readonly connection: number | null;
}

/**
 * Connects descriptors of the calling task with the first process of a container until one of them ends.
 * Counterpart: the attach handler of the kubelet, Kubernetes 1.36
 */
export function* attachInPod(kubelet: Kubelet, options: AttachInPodOptions): Program<ExecInPodOutcome> {
  const pod = kubelet.options.api.get('Pod', options.namespace, options.pod);
  if (!pod) return { error: `pods "${options.pod}" not found` };
  if (!pod.spec.nodeName) return { error: `unable to upgrade connection: pod ${options.pod} does not have a host assigned` };
  const id = target(kubelet, options, pod);
  if (id === undefined || id === 'pending')
    return { error: `unable to upgrade connection: container ${options.container} not found in pod ${options.pod}_${options.namespace}` };
  const { tty, stdin, stdout, stderr, connection } = options;
  const attached = yield* kubelet.options.runtime.Attach({ container_id: id, tty, stdin, stdout, stderr, connection });
  return attached.ok ? { exitCode: 0 } : { error: `Internal error occurred: error attaching to container: ${attached.message}` };
}
