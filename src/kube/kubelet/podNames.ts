// What a pod is called: its host name and its /etc/hosts. Counterpart: pkg/kubelet/kubelet_pods.go, pkg/kubelet/util; Kubernetes 1.36

import type { KubeObject } from '../api/object.ts';
import type { Json } from './effective.ts';

export const CLUSTER_DOMAIN = 'cluster.local';

/** The longest label of a name, and the longest name the kernel keeps. */
const LONGEST_LABEL = 63;
const LONGEST_NAME = 64;

export interface PodName {
  readonly hostname: string;
  /** What follows it in the full name; empty: it has none. */
  readonly domain: string;
}

/** Counterpart: GeneratePodHostNameAndDomain */
export function podName({ metadata, spec }: KubeObject, nodeName: string): PodName {
  if (spec.hostNetwork) return { hostname: nodeName, domain: '' };
  const short = (name: string): string => name.slice(0, LONGEST_LABEL).replace(/[-.]+$/, '');
  if (spec.hostnameOverride !== undefined) return { hostname: spec.hostnameOverride, domain: '' };
  const domain = spec.subdomain ? `${spec.subdomain}.${metadata.namespace}.svc.${CLUSTER_DOMAIN}` : '';
  return { hostname: short(spec.hostname || metadata.name), domain };
}

/** The name the kernel is given; a text: why there is none. Counterpart: GetNodenameForKernel, pkg/kubelet/util/util.go */
export function kernelName(pod: KubeObject, nodeName: string): { readonly name: string } | string {
  const { hostname, domain } = podName(pod, nodeName);
  if (!pod.spec.setHostnameAsFQDN || domain === '') return { name: hostname };
  const full = `${hostname}.${domain}`;
  return full.length <= LONGEST_NAME
    ? { name: full }
    : `failed to construct FQDN from pod hostname and cluster domain, FQDN ${full} is too long (${LONGEST_NAME} characters is the max, ${full.length} characters requested)`;
}

const OWN_HOSTS = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;

/** The text of a pod's /etc/hosts; `nodeHosts` is the node's own. Counterpart: managedHostsFileContent, nodeHostsFileContent */
export function hostsFile(pod: KubeObject, podIP: string, nodeName: string, nodeHosts: string): string {
  const aliases: readonly Json[] = pod.spec.hostAliases ?? [];
  const extra =
    aliases.length === 0
      ? ''
      : `\n# Entries added by HostAliases.\n${aliases.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`).join('')}`;
  if (pod.spec.hostNetwork) return `# Kubernetes-managed hosts file (host network).\n${nodeHosts}${extra}`;
  const { hostname, domain } = podName(pod, nodeName);
  const full = domain === '' ? '' : `${hostname}.${domain}\t`;
  return `${OWN_HOSTS}${podIP}\t${full}${hostname}\n${extra}`;
}
