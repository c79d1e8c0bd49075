import type { ClusterView, ProcessView } from '#session/protocol.ts';

/** Every process of every container. */
export function allProcesses(view: ClusterView): ProcessView[] {
  return view.pods.flatMap((pod) => pod.containers.flatMap((container) => container.processes));
}

export const processName = (process: ProcessView): string => `${process.pod} / ${process.container} – ${process.pid} ${process.comm}`;
