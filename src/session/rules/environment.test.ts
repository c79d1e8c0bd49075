// A container's environment, arguments, names and addresses, where no recording covers them.

import { type Json, type PodRule, podRules } from './harness.ts';

const MAKE = 'pkg/kubelet/kubelet_pods.go makeEnvironmentVariables';
const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { A: 'one', 'b.c': 'two' } };
const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { A: 'secret' } };
const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'my-db' },
  spec: {
    clusterIP: '10.96.7.7',
    ports: [
      { name: 'sql', port: 5432 },
      { name: 'info', port: 53, protocol: 'UDP' },
    ],
  },
};
const of = (container: Json, more: Json = {}): Json => ({ container, ...more });
const from = (name: string, valueFrom: Json): Json => ({ name, valueFrom });
const config = (text: string): PodRule['shows'] => ({
  state: [`waiting CreateContainerConfigError ${text}`],
  events: [`Failed Error: ${text}`],
});

/** Behind an init container: the status says it with the next attempt. */
const later = (text: string): PodRule['shows'] => ({
  "sleep 30; kubectl get pod x -o jsonpath='{.status.containerStatuses[0].state.waiting.message}'": text,
  events: [`Failed Error: ${text}`],
});
const fileKey = (name: string, key: string, more: Json = {}): Json =>
  from(name, { fileKeyRef: { volumeName: 'v', path: 'f', key, ...more } });
/** A volume that an init container writes before the container with these variables starts. */
const withEnvFile = (script: string, env: Json[]): Json => ({
  volumes: [{ name: 'v', emptyDir: {} }],
  initContainers: [{ name: 'i', image: 'busybox:1.36', command: ['sh', '-c', script], volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
  container: { env },
});

const rows: readonly PodRule[] = [
  {
    rule: 'references: known, unknown, escaped, half',
    source: 'third_party/forked/golang/expansion/expand.go Expand',
    pod: of({
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '$(A)-$(NO)-$$(A)-$A-$(A' },
        { name: 'C', value: '$$$(A)' },
      ],
      args: undefined,
    }),
    shows: { '$ echo "$B|$C"': '1-$(NO)-$(A)-$A-$(A|$1\n' },
  },
  {
    rule: 'in command and arguments',
    source: 'pkg/kubelet/container/helpers.go ExpandContainerCommandAndArgs',
    pod: of({ env: [{ name: 'A', value: 'x y' }], command: ['sh', '-c', 'echo "$0" "$1"; sleep 1h', '$(A)'], args: ['$$(A)'] }),
    shows: { 'kubectl logs x': 'x y $(A)\n' },
  },
  {
    rule: 'sources, the later wins, env wins',
    source: MAKE,
    objects: [CONFIG, SECRET],
    pod: of({
      envFrom: [{ configMapRef: { name: 'm' } }, { secretRef: { name: 's' } }, { prefix: 'P_', configMapRef: { name: 'm' } }],
      env: [{ name: 'P_A', value: '$(A)!' }],
    }),
    shows: { 'kubectl exec x -- env | grep -E "^(P_)?(A|b.c)=" | sort': 'A=secret\nP_A=secret!\nP_b.c=two\nb.c=two\n' },
  },
  {
    rule: 'a source that is not there',
    source: MAKE,
    pod: of({ envFrom: [{ secretRef: { name: 'none' } }] }),
    shows: config('secret "none" not found'),
  },
  {
    rule: 'a source that need not be there',
    source: MAKE,
    pod: of({ envFrom: [{ secretRef: { name: 'none', optional: true } }] }),
    shows: { phase: 'Running' },
  },
  {
    rule: 'a key that is not there',
    source: MAKE,
    objects: [CONFIG],
    pod: of({ env: [from('Q', { configMapKeyRef: { name: 'm', key: 'q' } })] }),
    shows: config("couldn't find key q in ConfigMap default/m"),
  },
  {
    rule: 'a key that need not be there leaves no variable',
    source: MAKE,
    objects: [SECRET],
    pod: of({ env: [from('Q', { secretKeyRef: { name: 's', key: 'q', optional: true } })] }),
    shows: { '$ echo ${Q-none}': 'none\n' },
  },
  {
    rule: 'fields of the pod',
    source: 'pkg/kubelet/kubelet_pods.go podFieldSelectorRuntimeValue',
    pod: {
      ...of({
        env: [
          ['A', 'metadata.name'],
          ['B', 'metadata.namespace'],
          ['C', "metadata.labels['l']"],
          ['D', 'spec.nodeName'],
          ['E', 'spec.serviceAccountName'],
          ['F', 'status.hostIP'],
        ].map(([name, fieldPath]) => from(name as string, { fieldRef: { fieldPath } })),
      }),
      meta: { labels: { l: 'v' } },
    },
    shows: { '$ echo $A $B $C $D $E $F': 'x default v node-1 default 172.18.0.2\n' },
  },
  {
    rule: 'the address of the pod',
    source: 'pkg/kubelet/kubelet_pods.go podFieldSelectorRuntimeValue',
    pod: of({ env: [from('A', { fieldRef: { fieldPath: 'status.podIP' } }), from('B', { fieldRef: { fieldPath: 'status.podIPs' } })] }),
    shows: { '$ [ "$A" = "$(hostname -i)" ] && [ "$A" = "$B" ] && echo same': 'same\n' },
  },
  {
    rule: 'resources, without a divisor',
    source: 'pkg/api/v1/resource/helpers.go ExtractResourceValueByContainerNameAndNodeAllocatable',
    pod: of({
      resources: { limits: { cpu: '1500m', memory: '1Gi' } },
      env: ['limits.cpu', 'requests.cpu', 'limits.memory'].map((resource, i) => from(`R${i}`, { resourceFieldRef: { resource } })),
    }),
    shows: { '$ echo $R0 $R1 $R2': '2 2 1073741824\n' },
  },
  {
    rule: 'services of the namespace',
    source: 'pkg/kubelet/envvars/envvars.go FromServices',
    objects: [SERVICE],
    pod: {},
    shows: {
      '$ env | grep ^MY_DB | sort': [
        'MY_DB_PORT=tcp://10.96.7.7:5432',
        'MY_DB_PORT_53_UDP=udp://10.96.7.7:53',
        'MY_DB_PORT_53_UDP_ADDR=10.96.7.7',
        'MY_DB_PORT_53_UDP_PORT=53',
        'MY_DB_PORT_53_UDP_PROTO=udp',
        'MY_DB_PORT_5432_TCP=tcp://10.96.7.7:5432',
        'MY_DB_PORT_5432_TCP_ADDR=10.96.7.7',
        'MY_DB_PORT_5432_TCP_PORT=5432',
        'MY_DB_PORT_5432_TCP_PROTO=tcp',
        'MY_DB_SERVICE_HOST=10.96.7.7',
        'MY_DB_SERVICE_PORT=5432',
        'MY_DB_SERVICE_PORT_INFO=53',
        'MY_DB_SERVICE_PORT_SQL=5432',
        '',
      ].join('\n'),
    },
  },
  {
    rule: 'without links only the API server',
    source: 'pkg/kubelet/kubelet_pods.go getServiceEnvVarMap',
    objects: [SERVICE],
    pod: { enableServiceLinks: false },
    shows: { '$ env | grep -c ^MY_DB; env | grep ^KUBERNETES_SERVICE_HOST': '0\nKUBERNETES_SERVICE_HOST=10.96.0.1\n' },
  },
  {
    rule: 'names of the host',
    source: 'pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain, hostsEntriesFromHostAliases',
    pod: { hostname: 'web', subdomain: 'sub', hostAliases: [{ ip: '10.1.1.1', hostnames: ['a', 'b'] }] },
    shows: {
      '$ hostname; sed "s/^[0-9.]*.web/IP web/; s/^10[.]244[0-9.]*/IP/" /etc/hosts':
        'web\n# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\nIP web.sub.default.svc.cluster.local\tweb\n\n# Entries added by HostAliases.\n10.1.1.1\ta\tb\n',
    },
  },
  {
    rule: 'the whole name as the host’s',
    source: 'pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain, setHostnameAsFQDN',
    pod: { hostname: 'web', subdomain: 'sub', setHostnameAsFQDN: true },
    shows: { '$ hostname': 'web.sub.default.svc.cluster.local\n' },
  },
  {
    rule: 'a name given outright',
    source: 'pkg/kubelet/kubelet_pods.go GeneratePodHostNameAndDomain, HostnameOverride',
    pod: { hostnameOverride: 'own.name' },
    shows: { '$ hostname': 'own.name\n' },
  },
  {
    rule: 'resolv.conf with None',
    source: 'pkg/kubelet/network/dns/dns.go GetPodDNS, appendDNSConfig',
    pod: {
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['1.2.3.4'], searches: ['a.b', 'c'], options: [{ name: 'ndots', value: '2' }, { name: 'edns0' }] },
    },
    shows: { '$ cat /etc/resolv.conf': 'search a.b c\nnameserver 1.2.3.4\noptions ndots:2 edns0\n' },
  },
  {
    rule: 'resolv.conf with more than the cluster’s',
    source: 'pkg/kubelet/network/dns/dns.go appendDNSConfig, mergeDNSOptions',
    pod: { dnsConfig: { searches: ['more'], options: [{ name: 'ndots', value: '1' }] } },
    shows: {
      '$ cat /etc/resolv.conf':
        'search default.svc.cluster.local svc.cluster.local cluster.local more\nnameserver 10.96.0.10\noptions ndots:1\n',
    },
  },
  {
    rule: 'more servers than three',
    source: 'pkg/kubelet/network/dns/dns.go formDNSNameserversFitsLimits',
    pod: { dnsConfig: { nameservers: ['1.1.1.1', '2.2.2.2', '3.3.3.3'] } },
    shows: {
      '$ grep -c nameserver /etc/resolv.conf': '3\n',
      events: [
        'DNSConfigForming Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 1.1.1.1 2.2.2.2',
      ],
    },
  },
  {
    rule: 'the node’s own resolver',
    source: 'pkg/kubelet/network/dns/dns.go getHostDNSConfig, podDNSHost',
    pod: { dnsPolicy: 'Default' },
    shows: { '$ cat /etc/resolv.conf': 'nameserver 172.18.0.1\n' },
  },
  {
    rule: 'the network of the node: its resolver, its name, its hosts',
    source: 'pkg/kubelet/network/dns/dns.go getPodDNSType; pkg/kubelet/kubelet_pods.go nodeHostsFileContent',
    pod: { hostNetwork: true, hostAliases: [{ ip: '10.1.1.1', hostnames: ['a'] }] },
    shows: {
      '$ cat /etc/resolv.conf; hostname; sed -n "1p; /node-1/p; /Entries/,$ p" /etc/hosts':
        'nameserver 172.18.0.1\nnode-1\n# Kubernetes-managed hosts file (host network).\n172.18.0.2\tnode-1\n# Entries added by HostAliases.\n10.1.1.1\ta\n',
    },
  },
  {
    rule: 'the network of the node, the resolver of the cluster',
    source: 'pkg/kubelet/network/dns/dns.go getPodDNSType, ClusterFirstWithHostNet',
    pod: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' },
    shows: { '$ grep nameserver /etc/resolv.conf': 'nameserver 10.96.0.10\n' },
  },
  {
    rule: 'a whole name that is too long for the kernel',
    source: 'pkg/kubelet/util/util.go GetNodenameForKernel',
    pod: { hostname: 'h'.repeat(40), subdomain: 'sub', setHostnameAsFQDN: true },
    shows: {
      phase: 'Pending',
      events: [
        `FailedCreatePodSandBox Failed to create pod sandbox: failed to construct FQDN from pod hostname and cluster domain, FQDN ${'h'.repeat(40)}.sub.default.svc.cluster.local is too long (64 characters is the max, 70 characters requested)`,
      ],
    },
  },
  {
    rule: 'variables of a file that an init container wrote: comments, the first of a key, an optional one that is not there',
    source: 'pkg/kubelet/util/env/env_util.go ParseEnv; pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, EnvFiles',
    pod: withEnvFile("printf 'A=one two # said\\nA=later\\n#B=no\\nC=x=y\\n' >/v/f", [
      fileKey('A', 'A'),
      fileKey('B', 'B', { optional: true }),
      fileKey('C', 'C'),
    ]),
    shows: { 'kubectl exec x -c c -- sh -c \'echo "[$A][${B-unset}][$C]"\'': '[one two ][unset][x=y]\n' },
  },
  {
    rule: 'a file that is not there',
    source: 'pkg/kubelet/kubelet_pods.go makeEnvironmentVariables, EnvFiles',
    pod: withEnvFile('true', [fileKey('A', 'A', { optional: true })]),
    shows: later("couldn't parse env file"),
  },
  {
    rule: 'a volume that is not there',
    source: MAKE,
    pod: withEnvFile('true', [fileKey('A', 'A', { volumeName: 'none' })]),
    shows: later('cannot find the volume "none" referenced by FileKeyRef'),
  },
];
podRules(rows);
