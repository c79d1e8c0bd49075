import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPlayground } from './index.ts';

/** Mostly what the API takes, sometimes what it refuses. */
const mostly = <T, U>(good: readonly T[], bad: readonly U[]): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
const id = mostly([0, 1, 1000, 65534, 2 ** 31 - 1], [-1, 2 ** 31, 1.5, '7']);
const flag = fc.constantFrom(true, false);
const capability = fc.constantFrom('ALL', 'NET_RAW', 'CAP_CHOWN', 'SYS_ADMIN', 'nonsense', '');
const profile = fc.oneof(
  mostly<object, object>([{ type: 'RuntimeDefault' }, { type: 'Unconfined' }], [{ type: 'Other' }, {}]),
  mostly(['nope.json', '.'], ['../x', '']).map((localhostProfile) => ({ type: 'Localhost', localhostProfile })),
);
const shared = { runAsUser: id, runAsGroup: id, runAsNonRoot: flag, seccompProfile: profile };
const podContext = fc.record(
  {
    ...shared,
    fsGroup: id,
    supplementalGroups: fc.array(id, { maxLength: 3 }),
    supplementalGroupsPolicy: mostly(['Merge', 'Strict'], ['Other']),
    sysctls: mostly<object | undefined, object>(
      [undefined],
      [[{ name: 'net.ipv4.ping_group_range', value: '0 9' }], [{ name: 'kernel.msgmax', value: '1' }]],
    ),
  },
  { requiredKeys: [] },
);
const context = fc.record(
  {
    ...shared,
    privileged: flag,
    allowPrivilegeEscalation: flag,
    readOnlyRootFilesystem: flag,
    procMount: mostly(['Default'], ['Unmasked', 'Other']),
    appArmorProfile: mostly<object | undefined, object>([undefined], [{ type: 'RuntimeDefault' }, { type: 'Other' }]),
    capabilities: fc.record(
      { add: fc.array(capability, { maxLength: 2 }), drop: fc.array(capability, { maxLength: 2 }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const probe = fc.constantFrom(
  { exec: { command: ['true'] }, periodSeconds: 1 },
  { exec: { command: ['nosuch'] }, periodSeconds: 1, failureThreshold: 1 },
  { tcpSocket: { port: 80 } },
  { httpGet: { port: 8080, path: '/x' }, initialDelaySeconds: 1 },
);
const hook = fc.constantFrom(
  { exec: { command: ['true'] } },
  { exec: { command: ['false'] } },
  { sleep: { seconds: 1 } },
  { httpGet: { port: 1 } },
);
const lifecycle = fc.record({ postStart: hook, preStop: hook }, { requiredKeys: [] });
const container = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      image: fc.constantFrom('busybox:1.36', 'busybox:nosuch', 'Bad:::', 'debian:12'),
      command: fc.constantFrom(['sh', '-c', 'exit 3'], ['sleep', '60'], ['nosuch'], ['sh', '-c', 'id; sleep 2'], []),
      securityContext: context,
      ...(name === 'i' ? {} : { livenessProbe: probe, readinessProbe: probe, startupProbe: probe, lifecycle }),
      ...(name === 'i' ? { restartPolicy: fc.constantFrom('Always', undefined) } : {}),
      workingDir: fc.constantFrom('/', '/new/dir', 'relative'),
    },
    { requiredKeys: ['name', 'image'] },
  );
const pod = fc.record(
  {
    securityContext: podContext,
    initContainers: fc.array(container('i'), { maxLength: 1 }),
    containers: fc.tuple(container('c')).map((list) => [...list]),
    restartPolicy: fc.constantFrom('Always', 'OnFailure', 'Never'),
    hostUsers: flag,
    hostPID: flag,
    hostNetwork: flag,
    shareProcessNamespace: flag,
    activeDeadlineSeconds: mostly([undefined], [1, 5]),
    terminationGracePeriodSeconds: fc.constantFrom(0, 1, 5),
    os: mostly([{ name: 'linux' }], [{ name: 'windows' }]),
  },
  { requiredKeys: ['containers'] },
);

test('whatever a manifest says, no stage fails: it is refused, or it is on the node with a phase and goes away again', {
  timeout: 120_000,
}, () => {
  const playground = openPlayground({ files: {} });
  const { world } = playground;
  let number = 0;
  let admitted = 0;
  fc.assert(
    fc.property(pod, (spec) => {
      const name = `p${++number}`;
      const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: JSON.parse(JSON.stringify(spec)) };
      const about = { group: '', version: 'v1', resource: 'pods', namespace: 'default' } as const;
      const answer = world.api.request({ ...about, verb: 'create', body });
      if (answer.code >= 400) {
        expect((answer.body as { message?: string }).message).toBeTruthy();
        return;
      }
      admitted++;
      playground.pass(20_000_000_000n);
      const stored = world.api.get('Pod', 'default', name);
      expect(['Pending', 'Running', 'Succeeded', 'Failed']).toContain(stored?.status?.phase);
      expect(playground.step(`kubectl describe pod ${name}`).exitCode).toBe(0);
      world.api.request({ ...about, verb: 'delete', name });
      playground.pass(40_000_000_000n);
      expect(world.api.get('Pod', 'default', name)).toBeUndefined();
      expect(world.bugs).toEqual([]);
    }),
    { numRuns: 150, seed: 20261123 },
  );
  expect(admitted).toBeGreaterThan(10);
});
