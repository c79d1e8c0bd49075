// The end of a namespace: what is in it goes first, then the namespace itself.

import type { KubeObject } from '../api/object.ts';

interface Store {
  list(kind: string, namespace?: string): readonly KubeObject[];
  remove(kind: string, namespace: string, name: string): void;
  updateStatus(kind: string, namespace: string, name: string, mutate: (object: KubeObject) => KubeObject): void;
}

const CONTENT = [
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Service',
  'PersistentVolumeClaim',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ResourceQuota',
  'LimitRange',
  'Event',
];

/** Deletes the contents of terminating namespaces; pods get their grace period. Counterpart: the namespace controller of kube-controller-manager 1.36 */
export function removeTerminatedNamespaces(api: Store): void {
  for (const { metadata } of api.list('Namespace')) {
    if (!metadata.deletionTimestamp) continue;
    const namespace = metadata.name;
    const pods = api.list('Pod', namespace);
    for (const pod of pods) {
      if (pod.metadata.deletionTimestamp) continue;
      if (!pod.spec.nodeName) api.remove('Pod', namespace, pod.metadata.name);
      else {
        const grace = pod.spec.terminationGracePeriodSeconds ?? 30;
        api.updateStatus('Pod', namespace, pod.metadata.name, (object) => ({
          ...object,
          metadata: { ...object.metadata, deletionTimestamp: metadata.deletionTimestamp as string, deletionGracePeriodSeconds: grace },
        }));
      }
    }
    if (pods.length > 0) continue;
    for (const kind of CONTENT) for (const object of api.list(kind, namespace)) api.remove(kind, namespace, object.metadata.name);
    api.remove('Namespace', '', namespace);
  }
}
