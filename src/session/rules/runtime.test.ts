// What containerd and runc do with a container, where no recording covers it.

import { type Json, type PodRule, podRules } from './harness.ts';

const REAL = 'runc on a real kernel (the oracle of this project)';
const SPEC = 'containerd 2.1 internal/cri/server/container_create.go';
const volume = (mountPath: string): Json => ({
  volumes: [{ name: 'v', emptyDir: {} }],
  container: { volumeMounts: [{ name: 'v', mountPath }] },
});

const rows: readonly PodRule[] = [
  {
    rule: 'a working directory that is not there is made',
    source: `${REAL}; runc libcontainer/rootfs_linux.go prepareRootfs`,
    pod: { container: { workingDir: '/a/b', securityContext: { runAsUser: 1000 } } },
    shows: { '$ pwd; stat -c "%a %u %g" /a /a/b': '/a/b\n755 0 0\n755 0 0\n' },
  },
  {
    rule: 'a directory over a file',
    source: `${REAL}; runc 1.3 libcontainer/rootfs_linux.go createMountpoint`,
    pod: volume('/etc/passwd/x'),
    shows: { "kubectl get pod x -o jsonpath='{.status.containerStatuses[0].state.waiting.reason}'": 'RunContainerError' },
  },
  {
    rule: 'the environment: image, then pod, with the host’s name first',
    source: `${SPEC} buildLinuxSpec: WithEnv, oci.WithHostname; config.json env`,
    pod: { container: { env: [{ name: 'PATH', value: '/bin' }] }, enableServiceLinks: false },
    shows: { 'kubectl exec x -- env | cut -d= -f1 | head -3 | xargs': 'PATH HOSTNAME KUBERNETES_SERVICE_HOST\n' },
  },
  {
    rule: 'a terminal sets TERM',
    source: `${SPEC} WithTTY`,
    pod: { container: { tty: true, stdin: true } },
    shows: { '$ tr "\\0" "\\n" < /proc/1/environ | grep TERM; readlink /proc/1/fd/0': 'TERM=xterm\n/dev/pts/0\n' },
  },
  {
    rule: 'limits become files of the control group',
    source: `${SPEC} WithResources; kubelet ResourceConfigForPod`,
    pod: { container: { resources: { requests: { cpu: '250m', memory: '32Mi' }, limits: { cpu: '500m', memory: '64Mi' } } } },
    shows: {
      '$ cd /sys/fs/cgroup; cat cpu.max memory.max memory.swap.max cpu.weight cpu.weight.nice': '50000 100000\n67108864\n0\n10\n10\n',
      '$ cat /proc/1/oom_score_adj': '999\n',
    },
  },
];
podRules(rows);
