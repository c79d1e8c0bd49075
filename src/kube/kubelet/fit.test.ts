import { expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { misfit, podRequest } from './fit.ts';

const pod = (spec: object): KubeObject => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec });
const asks = (cpu: string, more: object = {}): object => ({ name: 'c', resources: { requests: { cpu } }, ...more });
const node = (more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', labels: { disk: 'ssd', rank: '3' } },
  spec: more,
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '110' } },
});

test('a pod asks for all its containers and sidecars, or for its greediest init container', () => {
  const containers = [asks('250m'), asks('250m')];
  expect(podRequest(pod({ containers }), 'cpu')).toBe(500_000_000n);
  expect(podRequest(pod({ containers, initContainers: [asks('1', { restartPolicy: 'Always' })] }), 'cpu')).toBe(1_500_000_000n);
  expect(podRequest(pod({ containers, initContainers: [asks('2')] }), 'cpu')).toBe(2_000_000_000n);
});

test('what turns a pod away, and whether the end of another would help', () => {
  const tainted = node({ taints: [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }] });
  const term = (expression: object): object => ({
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
    },
  });
  const port = { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }] };
  const other = [pod({ containers: [asks('1500m')] }), pod(port)];
  const why = (spec: object, on = node()): string => {
    const found = misfit(pod(spec), on, other);
    return found ? `${found.text}${found.preemptible ? ' (would help)' : ''}` : 'fits';
  };
  expect([
    why({ containers: [asks('500m')] }),
    why({ containers: [asks('501m')] }),
    why({ containers: [asks('3')] }),
    why(port),
    why({ nodeSelector: { disk: 'hdd' } }),
    why(term({ key: 'rank', operator: 'Gt', values: ['2'] })),
    why(term({ key: 'disk', operator: 'NotIn', values: ['ssd'] })),
    why({}, tainted),
    why({ tolerations: [{ key: 'gpu', operator: 'Exists' }] }, tainted),
    why({}, node({ unschedulable: true })),
  ]).toEqual([
    'fits',
    '1 Insufficient cpu (would help)',
    '1 Insufficient cpu',
    "1 node(s) didn't have free ports for the requested pod ports (would help)",
    "1 node(s) didn't match Pod's node affinity/selector",
    'fits',
    "1 node(s) didn't match Pod's node affinity/selector",
    '1 node(s) had untolerated taint {gpu: yes}',
    'fits',
    '1 node(s) were unschedulable',
  ]);
});
