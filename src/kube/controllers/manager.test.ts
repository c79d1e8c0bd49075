import { expect, test } from 'vitest';
import { ApiServer } from '../apiserver/server.ts';
import { ControllerManager } from './manager.ts';
import type { Json } from './workload.ts';

const SECOND = 1_000_000_000n;

/** A cluster without a kubelet: pods become what the test says. */
function cluster() {
  let now = BigInt(Date.UTC(2026, 10, 23, 8)) * 1_000_000n;
  let seed = 7;
  const random = (): number => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0);
  const api = new ApiServer({ now: () => now, random, nodeName: 'node-1' });
  api.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: {}, status: {} });
  const manager = new ControllerManager(api, 'node-1');
  return {
    api,
    create(group: string, plural: string, body: Json): void {
      const answer = api.request({ verb: 'create', group, version: 'v1', resource: plural, namespace: 'default', body });
      expect(answer.code).toBe(201);
    },
    change(kind: string, name: string, mutate: (object: Json) => void): void {
      api.updateStatus(kind, 'default', name, (old) => {
        const next = structuredClone(old);
        mutate(next);
        return next;
      });
    },
    settle(): void {
      for (let last = ''; last !== api.store.resourceVersion; ) {
        last = api.store.resourceVersion;
        manager.sync(now);
      }
    },
    /** Lets time pass from one due moment to the next. */
    pass(ns: bigint): void {
      for (const end = now + ns; now < end; ) {
        this.settle();
        const due = manager.sync(now);
        now = due !== undefined && due > now && due < end ? due : end;
      }
      this.settle();
    },
    end(phase: 'Running' | 'Succeeded' | 'Failed'): void {
      for (const pod of api.list('Pod', 'default'))
        if (!['Succeeded', 'Failed'].includes(pod.status?.phase))
          this.change('Pod', pod.metadata.name, (object) => {
            const ready = { type: 'Ready', status: phase === 'Running' ? 'True' : 'False', lastTransitionTime: '2026-11-23T08:00:00Z' };
            object.status = { ...object.status, phase, conditions: [ready] };
          });
      this.settle();
    },
    pods: () => api.list('Pod', 'default').map((pod) => pod.metadata.name.replace(/-[a-z0-9]{5}$/, '')),
    events: () => api.list('Event', 'default').map((event) => `${event.reason} ${event.message.replace(/-[a-z0-9]{5}\b(?!-)/g, '')}`),
  };
}

const template = (command: string, more: Json = {}): Json => ({
  metadata: { labels: { app: 'w' } },
  spec: { containers: [{ name: 'c', image: 'busybox:1.36', command: [command] }], ...more },
});
const deployment = (more: Json = {}): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'w' },
  spec: { replicas: 2, selector: { matchLabels: { app: 'w' } }, template: template('a'), ...more },
});

test('a deployment makes a set, the set makes pods; a new template moves them over one by one', () => {
  const c = cluster();
  c.create('apps', 'deployments', deployment());
  c.settle();
  const [first] = c.api.list('ReplicaSet', 'default');
  const old = first?.metadata.name as string;
  expect(c.pods()).toEqual([old, old]);
  c.end('Running');
  const status = c.api.get('Deployment', 'default', 'w')?.status;
  expect([status.replicas, status.updatedReplicas, status.availableReplicas]).toEqual([2, 2, 2]);
  expect(status.conditions.map((one: Json) => `${one.type} ${one.status} ${one.reason}`)).toEqual([
    'Progressing True NewReplicaSetAvailable',
    'Available True MinimumReplicasAvailable',
  ]);
  c.api.request({
    verb: 'patch',
    patchType: 'strategic',
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    namespace: 'default',
    name: 'w',
    body: { spec: { template: template('b') } },
  });
  c.settle();
  const fresh = c.api.list('ReplicaSet', 'default').find((set) => set.metadata.name !== old)?.metadata.name as string;
  expect(c.pods().sort()).toEqual([old, old, fresh].sort());
  for (let i = 0; i < 3; i++) c.end('Running');
  expect(c.pods()).toEqual([fresh, fresh]);
  expect(c.events().filter((text) => text.startsWith('Scaling'))).toEqual([
    `ScalingReplicaSet Scaled up replica set ${old} from 0 to 2`,
    `ScalingReplicaSet Scaled up replica set ${fresh} from 0 to 1`,
    `ScalingReplicaSet Scaled down replica set ${old} from 2 to 1`,
    `ScalingReplicaSet Scaled up replica set ${fresh} from 1 to 2`,
    `ScalingReplicaSet Scaled down replica set ${old} from 1 to 0`,
  ]);
});

test('what belongs to a deleted owner goes too', () => {
  const c = cluster();
  c.create('apps', 'deployments', deployment());
  c.settle();
  c.api.request({ verb: 'delete', group: 'apps', version: 'v1', resource: 'deployments', namespace: 'default', name: 'w' });
  c.settle();
  expect([c.api.list('ReplicaSet', 'default').length, c.api.list('Pod', 'default').length]).toEqual([0, 0]);
});

// Recording node-e-exec/psa-job-restricted: refused pods are tried again after one, two, four seconds.
test('pods that admission refuses are tried again, later each time', () => {
  const c = cluster();
  c.api.updateStatus('Namespace', '', 'default', (old) => ({
    ...old,
    metadata: { ...old.metadata, labels: { ...old.metadata.labels, 'pod-security.kubernetes.io/enforce': 'restricted' } },
  }));
  c.create('batch', 'jobs', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j' },
    spec: { template: template('true', { restartPolicy: 'Never' }) },
  });
  c.pass(5n * SECOND);
  const events = c.api.list('Event', 'default');
  const first = Date.parse(events[0]?.firstTimestamp);
  expect(
    events.map(
      (event) => `${(Date.parse(event.firstTimestamp) - first) / 1000}s ${event.message.replace(/j-[a-z0-9]{5}/, 'j-XXXXX').slice(0, 62)}`,
    ),
  ).toEqual([
    '0s Error creating: pods "j-XXXXX" is forbidden: violates PodSecur',
    '1s Error creating: pods "j-XXXXX" is forbidden: violates PodSecur',
    '3s Error creating: pods "j-XXXXX" is forbidden: violates PodSecur',
  ]);
});

test('a job ends when enough pods succeeded, or when too many failed', () => {
  const c = cluster();
  const job = (name: string, more: Json): Json => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { template: template('true', { restartPolicy: 'Never' }), ...more },
  });
  c.create('batch', 'jobs', job('good', { completions: 3, parallelism: 2 }));
  c.settle();
  expect(c.pods()).toEqual(['good', 'good']);
  c.end('Succeeded');
  expect(c.pods()).toEqual(['good', 'good', 'good']);
  c.end('Succeeded');
  const good = c.api.get('Job', 'default', 'good')?.status;
  expect([good.succeeded, good.conditions.map((one: Json) => one.type)]).toEqual([3, ['SuccessCriteriaMet', 'Complete']]);
  c.create('batch', 'jobs', job('bad', { backoffLimit: 1 }));
  for (let i = 0; i < 2; i++) {
    c.settle();
    c.end('Failed');
    c.pass(30n * SECOND);
  }
  const bad = c.api.get('Job', 'default', 'bad')?.status;
  expect([bad.failed, bad.conditions.map((one: Json) => `${one.type} ${one.reason}`)]).toEqual([
    2,
    ['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded'],
  ]);
});

test('a stateful set fills up in order and keeps names', () => {
  const c = cluster();
  c.create('apps', 'statefulsets', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web' },
    spec: { replicas: 2, serviceName: 'web', selector: { matchLabels: { app: 'w' } }, template: template('a') },
  });
  c.settle();
  expect(c.api.list('Pod', 'default').map((pod) => pod.metadata.name)).toEqual(['web-0']);
  c.end('Running');
  expect(c.api.list('Pod', 'default').map((pod) => `${pod.metadata.name} ${pod.spec.hostname}.${pod.spec.subdomain}`)).toEqual([
    'web-0 web-0.web',
    'web-1 web-1.web',
  ]);
  expect(c.events()).toEqual([
    'SuccessfulCreate create Pod web-0 in StatefulSet web successful',
    'SuccessfulCreate create Pod web-1 in StatefulSet web successful',
  ]);
});

test('a quota counts the pods there are', () => {
  const c = cluster();
  c.create('', 'resourcequotas', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec: { hard: { pods: '1' } } });
  c.create('apps', 'deployments', deployment());
  c.settle();
  expect(c.pods().length).toBe(1);
  expect(c.api.get('ResourceQuota', 'default', 'q')?.status).toEqual({ hard: { pods: '1' }, used: { pods: '1' } });
});
