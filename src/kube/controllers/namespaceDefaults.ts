// What controllers put into every namespace: the default service account and the cluster's root certificate.

import type { KubeObject } from '../api/object.ts';
import { ROOT_CERTIFICATE } from '../apiserver/rootCertificate.ts';

interface Store {
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  list(kind: string): readonly KubeObject[];
  put(object: KubeObject): KubeObject;
}

/** Counterpart: the serviceaccount and root-ca-cert-publisher controllers of kube-controller-manager 1.36 */
export function publishNamespaceDefaults(api: Store, now: string): void {
  for (const { metadata } of api.list('Namespace')) {
    const namespace = metadata.name;
    if (metadata.deletionTimestamp) continue;
    if (!api.get('ServiceAccount', namespace, 'default'))
      api.put({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace, creationTimestamp: now } });
    if (!api.get('ConfigMap', namespace, 'kube-root-ca.crt'))
      api.put({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-root-ca.crt', namespace, creationTimestamp: now },
        data: { 'ca.crt': ROOT_CERTIFICATE },
      });
  }
}
