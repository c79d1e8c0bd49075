// Findings about lines without effect, held against the engine: with and without such a line the container's config.json is the same.

import { expect, test } from 'vitest';
import { effectsOf, type PodLike } from './effects.ts';
import { openPlayground } from './open.ts';

interface Given {
  readonly pod?: object;
  readonly container?: object;
  readonly volumes?: readonly object[];
  readonly node?: object;
}

const manifest = ({ pod = {}, container = {}, volumes = [] }: Given): PodLike =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x' },
    spec: {
      securityContext: pod,
      volumes,
      containers: [{ name: 'c', image: 'busybox:1.36', command: ['sleep', '1h'], securityContext: container }],
    },
  }) as unknown as PodLike;

const found = (given: Given): string[] =>
  effectsOf(manifest(given), given.node ?? {}).map(
    ({ pointer, message }) => `${pointer.replace('/spec/containers/0/securityContext', '…')}: ${message.en}`,
  );

function config(pod: PodLike, node: object): string {
  const playground = openPlayground({ files: { 'pod.json': JSON.stringify(pod) }, node });
  expect(playground.step('kubectl apply -f pod.json').exitCode).toBe(0);
  playground.step('sleep 5');
  const text = JSON.stringify(playground.ociConfigs()[0]?.config);
  expect(text).toBeDefined();
  // runc passes over names that are no capabilities; names of the Pod's own directories differ on every run.
  return text
    .replace(/,"CAP_(CAP_NET_ADMIN|NOSUCH)"/g, '')
    .replace(/[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|kube-api-access-\w{5}|\/[0-9a-f]{8}"/g, 'ID');
}

function without(pod: PodLike, pointer: string): PodLike {
  const copy = structuredClone(pod) as unknown as Record<string, unknown>;
  const parts = pointer.split('/').slice(1);
  const last = parts.pop() as string;
  const parent = parts.reduce((node, part) => node[part] as Record<string, unknown>, copy);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy as PodLike;
}

const CASES: readonly Given[] = [
  { container: { capabilities: { add: ['CAP_NET_ADMIN'] } } },
  { container: { capabilities: { add: ['NOSUCH'], drop: ['SYS_ADMIN', 'NOSUCH', 'cap_chown'] } } },
  { container: { capabilities: { add: ['NET_RAW', 'SYS_TIME'], drop: ['SYS_TIME'] } } },
  { container: { capabilities: { add: ['ALL', 'SYS_TIME'] } } },
  { container: { capabilities: { drop: ['ALL', 'CHOWN'] } } },
  { container: { privileged: true, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } } },
  { pod: { seccompProfile: { type: 'RuntimeDefault' } }, container: { seccompProfile: { type: 'Unconfined' } } },
  { container: { seccompProfile: { type: 'RuntimeDefault' } }, node: { seccompDefault: true } },
  { pod: { fsGroupChangePolicy: 'OnRootMismatch' } },
  { pod: { fsGroup: 2000, fsGroupChangePolicy: 'OnRootMismatch' }, volumes: [{ name: 'v', emptyDir: {} }] },
];

test.each(CASES.map((given) => [JSON.stringify(given), given] as const))('without the line nothing changes: %s', (_, given) => {
  const pod = manifest(given);
  const silent = effectsOf(pod, given.node ?? {}).filter(({ message }) => message.en.startsWith('no effect'));
  expect(silent.length).toBeGreaterThan(0);
  const before = config(pod, given.node ?? {});
  for (const { pointer } of silent) expect([pointer, config(without(pod, pointer), given.node ?? {})]).toEqual([pointer, before]);
});

test('each finding says why and what would matter', () => {
  expect(found({ container: { capabilities: { add: ['CAP_NET_ADMIN', 'NET_RAW'], drop: ['SYS_TIME'] } } })).toEqual([
    '…/capabilities/add/0: no effect: the runtime puts CAP_ before the name itself; write it without the prefix: NET_ADMIN',
    '…/capabilities/add/1: no effect: the runtime’s default set has it already; it would matter together with drop: ["ALL"]',
    '…/capabilities/drop/0: no effect: the container would not have it anyway; it is neither in the runtime’s default set nor added',
  ]);
  expect(found({ pod: { runAsUser: 1000 }, container: { capabilities: { add: ['NET_ADMIN'] } } })).toEqual([
    '…/capabilities/add: the process runs as uid 1000, so the added capabilities only widen its bounding set; its effective set stays empty. They would count for uid 0, or for a program file with capabilities',
  ]);
  expect(found({ pod: { runAsGroup: 3000 } })).toEqual([
    '/spec/securityContext/runAsGroup: the Pod will not start: containerd refuses a sandbox with a group but no user; set runAsUser beside it',
  ]);
  expect(found({ pod: { fsGroup: 2000 }, volumes: [{ name: 'v', hostPath: { path: '/srv' } }] })).toEqual([
    '/spec/securityContext/fsGroup: changes no volume: the kubelet leaves the ownership of these volumes alone (hostPath, NFS, image); the group is still added to the processes. An emptyDir or a persistentVolumeClaim would get it',
  ]);
  expect(found({ pod: { seLinuxOptions: { level: 's0:c1,c2' } } })).toEqual([
    '/spec/securityContext/seLinuxOptions: changes nothing on this node: SELinux is not enabled there; it takes a node with SELinux enforcing',
  ]);
});

test('the tutorial’s first Pod has none', () => {
  expect(
    found({
      pod: { runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000] },
      container: { allowPrivilegeEscalation: false },
      volumes: [{ name: 'v', emptyDir: {} }],
    }),
  ).toEqual([]);
});

test('on a CRI-O node the prefix CAP_ counts, and an unknown name is no line without effect: it keeps the container from starting', () => {
  const node = { runtime: 'cri-o' };
  expect([
    found({ node, container: { capabilities: { add: ['CAP_NET_ADMIN'] } } }),
    found({ node, container: { capabilities: { add: ['NOSUCH'] } } }),
    found({ node, container: { capabilities: { drop: ['CAP_NET_RAW'] } } }),
  ]).toEqual([
    [],
    [],
    ['…/capabilities/drop/0: no effect: the container would not have it anyway; it is neither in the runtime’s default set nor added'],
  ]);
});

test('findings are told in the language of the page', () => {
  const privileged = { container: { privileged: true, procMount: 'Unmasked' } };
  expect(effectsOf(manifest(privileged), {}).map(({ message }) => message.ja)).toEqual([
    '効果なし: 特権コンテナはマスクされていない /proc を見ます。privileged を false にすれば効きます',
  ]);
  const bare = openPlayground({ files: {} });
  bare.world.language = 'ja';
  const text = `apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec:\n  securityContext: { fsGroupChangePolicy: Always }\n  containers: [{ name: c, image: busybox }]\n`;
  expect(bare.world.api.diagnose(text).map(({ message }) => message)).toEqual([
    '効果なし: fsGroup がありません。ボリュームの所有者を変えるには fsGroup を指定します',
  ]);
});
