// Addresses of Services.

import type { KubeObject } from '../api/object.ts';

// biome-ignore lint/suspicious/noExplicitAny: the Service has been checked against the schema tables by decode
type Json = any;

interface View {
  list(kind: string): readonly KubeObject[];
  readonly deps: { random(): number };
}

/** Gives a Service a free address of 10.96.0.0/16. Counterpart: kubernetes/pkg/registry/core/service/storage/alloc.go */
export function allocateClusterIp(spec: Json, view: View): void {
  if (spec.type === 'ExternalName') return;
  const taken = new Set(view.list('Service').map((service) => service.spec.clusterIP));
  while (!spec.clusterIP || taken.has(spec.clusterIP)) {
    const host = 256 + (view.deps.random() % 65000);
    spec.clusterIP = `10.96.${host >> 8}.${host & 255}`;
  }
  spec.clusterIPs ??= [spec.clusterIP];
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
}

/** The Service through which pods reach the API server. Counterpart: pkg/controlplane/controller/kubernetesservice */
export const KUBERNETES_SERVICE: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { labels: { component: 'apiserver', provider: 'kubernetes' }, name: 'kubernetes', namespace: 'default' },
  spec: {
    clusterIP: '10.96.0.1',
    clusterIPs: ['10.96.0.1'],
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    sessionAffinity: 'None',
    type: 'ClusterIP',
  },
  status: { loadBalancer: {} },
};
