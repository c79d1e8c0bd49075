// The kubelet's volumes, where no recording covers them.

import { type Json, type PodRule, podRules } from './harness.ts';

const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: 'one\n', b: 'two\n' } };
const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { p: 'pass' } };
const mounted = (volume: Json, more: Json = {}): Json => ({
  volumes: [{ name: 'v', ...volume }],
  container: { volumeMounts: [{ name: 'v', mountPath: '/v' }], ...more.container },
  ...more.pod,
});
const failed = (text: string): PodRule['shows'] => ({
  state: ['waiting ContainerCreating'],
  events: [`FailedMount MountVolume.SetUp failed for volume "v" : ${text}`],
});
const MAKE = (what: string): string => `pkg/volume/${what}/${what.toLowerCase()}.go MakePayload`;

const rows: readonly PodRule[] = [
  {
    rule: 'keys as files, with their modes',
    source: MAKE('configmap'),
    objects: [CONFIG],
    pod: mounted({
      configMap: {
        name: 'm',
        defaultMode: 0o400,
        items: [
          { key: 'a', path: 'x/y' },
          { key: 'b', path: 'z', mode: 0o755 },
        ],
      },
    }),
    shows: { '$ cd /v; ls * | xargs; stat -Lc "%a %n" x/y z; cat z': 'z x: y\n400 x/y\n755 z\ntwo\n' },
  },
  {
    rule: 'a key that is not there',
    source: MAKE('configmap'),
    objects: [CONFIG],
    pod: mounted({ configMap: { name: 'm', items: [{ key: 'q', path: 'q' }] } }),
    shows: failed('configmap references non-existent config key: q'),
  },
  {
    rule: 'a key that need not be there',
    source: MAKE('configmap'),
    objects: [CONFIG],
    pod: mounted({
      configMap: {
        name: 'm',
        optional: true,
        items: [
          { key: 'q', path: 'q' },
          { key: 'a', path: 'a' },
        ],
      },
    }),
    shows: { '$ ls /v': 'a\n' },
  },
  {
    rule: 'a Secret’s key that is not there',
    source: MAKE('secret'),
    objects: [SECRET],
    pod: mounted({ secret: { secretName: 's', items: [{ key: 'q', path: 'q' }] } }),
    shows: failed('references non-existent secret key: q'),
  },
  {
    rule: 'a Secret that need not be there',
    source: 'pkg/volume/secret/secret.go SetUpAt',
    pod: mounted({ secret: { secretName: 'none', optional: true } }),
    shows: { phase: 'Running', '$ ls /v': '' },
  },
  {
    rule: 'one directory of several sources; the default mode is the volume’s',
    source: 'pkg/volume/projected/projected.go collectData',
    objects: [CONFIG, SECRET],
    pod: mounted({
      projected: {
        defaultMode: 0o440,
        sources: [
          { configMap: { name: 'm', items: [{ key: 'a', path: 'a' }] } },
          { secret: { name: 's' } },
          { downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
        ],
      },
    }),
    shows: { '$ cd /v; stat -Lc "%a %n" *; cat name p': '440 a\n440 name\n440 p\nxpass' },
  },
  {
    rule: 'fields of the pod as files',
    source: 'pkg/fieldpath/fieldpath.go FormatMap, ExtractFieldPathAsString',
    pod: {
      ...mounted({
        downwardAPI: {
          items: [
            { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
            { path: 'one', fieldRef: { fieldPath: "metadata.annotations['k/a']" } },
          ],
        },
      }),
      meta: { labels: { b: '2', a: '1' }, annotations: { 'k/a': 'q"\\\n' } },
    },
    shows: { '$ cat /v/labels; echo; cat /v/one': 'a="1"\nb="2"\nq"\\\n' },
  },
  {
    rule: 'resources of the container in units; what is not limited is the node’s',
    source: 'pkg/api/v1/resource/helpers.go ExtractContainerResourceValue, convertResource…ToString',
    pod: mounted(
      {
        downwardAPI: {
          items: [
            ['cpu', 'requests.cpu', '1m'],
            ['up', 'requests.cpu', '1'],
            ['mi', 'limits.memory', '1Mi'],
            ['bytes', 'limits.memory', '1'],
            ['all', 'limits.cpu', '1'],
          ].map(([path, resource, divisor]) => ({ path, resourceFieldRef: { containerName: 'c', resource, divisor } })),
        },
      },
      { container: { resources: { requests: { cpu: '250m' }, limits: { memory: '64Mi' } } } },
    ),
    shows: { '$ cd /v; for f in *; do echo $f $(cat $f); done': 'all 2\nbytes 67108864\ncpu 250\nmi 64\nup 1\n' },
  },
  {
    rule: 'tmpfs with a size',
    source: 'pkg/volume/emptydir/empty_dir.go setupTmpfs, getTmpfsMountOptions',
    pod: mounted({ emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } }),
    shows: {
      '$ grep -o "size=1024k" /proc/self/mountinfo; dd if=/dev/zero of=/v/f bs=1k count=2k 2>&1 | head -1':
        "size=1024k\ndd: error writing '/v/f': No space left on device\n",
    },
  },
  {
    rule: 'a file that is made, in a directory that is not there',
    source: 'pkg/volume/hostpath/host_path.go makeFile',
    pod: mounted({ hostPath: { path: '/no/such/file', type: 'FileOrCreate' } }),
    shows: failed('open /no/such/file: no such file or directory'),
  },
  {
    rule: 'directories that are made are root’s, 0755',
    source: 'pkg/volume/hostpath/host_path.go makeDir',
    pod: mounted({ hostPath: { path: '/made/a/b', type: 'DirectoryOrCreate' } }),
    shows: { '$ stat -c "%a %u %g %F" /v': '755 0 0 directory\n' },
  },
  {
    rule: 'files that are made are root’s, 0644',
    source: 'pkg/volume/hostpath/host_path.go makeFile',
    pod: mounted({ hostPath: { path: '/var/made', type: 'FileOrCreate' } }),
    shows: { '$ stat -c "%a %u %g %F" /v': '644 0 0 regular empty file\n' },
  },
  {
    rule: 'a path of the variables, made with the volume’s mode',
    source: 'pkg/kubelet/kubelet_pods.go makeMounts, ExpandContainerVolumeMounts',
    pod: {
      volumes: [{ name: 'v', emptyDir: {} }],
      container: {
        env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
        volumeMounts: [
          { name: 'v', mountPath: '/v', subPathExpr: '$(N)/log' },
          { name: 'v', mountPath: '/all' },
        ],
      },
    },
    shows: { '$ touch /v/f; find /all | sort; stat -c %a /all/x/log': '/all\n/all/x\n/all/x/log\n/all/x/log/f\n777\n' },
  },
  {
    rule: 'a variable that the path needs is not there',
    source: 'pkg/kubelet/container/helpers.go ExpandContainerVolumeMounts',
    pod: {
      volumes: [{ name: 'v', emptyDir: {} }],
      container: { volumeMounts: [{ name: 'v', mountPath: '/v', subPathExpr: '$(A)/$(B)' }] },
    },
    shows: { state: ['waiting CreateContainerConfigError missing value for A, B'] },
  },
];
podRules(rows);
