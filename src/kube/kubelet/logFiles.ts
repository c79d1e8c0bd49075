// Where the logs of containers are on the node's disk, and the links that log collectors follow.

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { makeDirs, removeAll } from './files.ts';

/** What of a pod its log directory is named after. */
export interface PodName {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Counterpart: BuildPodLogsDirectory, pkg/kubelet/kuberuntime/helpers.go, Kubernetes 1.36 */
export const podLogDirectory = ({ namespace, name, uid }: PodName): string => `/var/log/pods/${namespace}_${name}_${uid}`;

/** The file of one run, below the pod's directory. */
export const logPath = (container: string, attempt: number): string => `${container}/${attempt}.log`;

/** Counterpart: legacyLogSymlink, pkg/kubelet/kuberuntime/legacy.go, Kubernetes 1.36 */
const linkOf = ({ namespace, name }: PodName, container: string, id: string): string =>
  `/var/log/containers/${name}_${namespace}_${container}-${id}.log`;

/** Makes the directory that the runtime writes a container's logs to. */
export function* makeLogDirectory(pod: PodName, container: string): Program<void> {
  yield* makeDirs(`${podLogDirectory(pod)}/${container}`, 0o755);
}

/** Links the log of a run that has started. */
export function* linkLog(pod: PodName, container: string, attempt: number, id: string): Program<void> {
  yield* sys.symlinkat(`${podLogDirectory(pod)}/${logPath(container, attempt)}`, AT_FDCWD, linkOf(pod, container, id));
}

/** Removes the log of a run that is cleared away, and the link. Counterpart: removeContainerLog, kuberuntime_container.go */
export function* removeLog(pod: PodName, container: string, id: string): Program<void> {
  const link = linkOf(pod, container, id);
  const target: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, link);
  if (!target.ok) return;
  yield* sys.unlinkat(AT_FDCWD, target.value, 0);
  yield* sys.unlinkat(AT_FDCWD, link, 0);
}

/** Removes what a pod has left. Counterpart: evictPodLogsDirectories, kuberuntime_gc.go */
export function* removePodLogs(pod: PodName): Program<void> {
  yield* removeAll(podLogDirectory(pod));
}
