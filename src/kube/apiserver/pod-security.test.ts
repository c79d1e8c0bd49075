import fc from 'fast-check';
import { expect, test } from 'vitest';
import { podSecurity } from './pod-security.ts';
import { evaluate } from './pod-security-checks.ts';

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const profile = fc.option(fc.record({ type: fc.constantFrom('Unconfined', 'RuntimeDefault', 'Localhost') }), { nil: undefined });
const context = fc.record({
  runAsNonRoot: maybe([true, false]),
  runAsUser: maybe([0, 1000]),
  privileged: maybe([true, false]),
  allowPrivilegeEscalation: maybe([true, false]),
  procMount: maybe(['Default', 'Unmasked']),
  seccompProfile: profile,
  appArmorProfile: profile,
  seLinuxOptions: fc.option(fc.record({ type: maybe(['', 'container_t', 'spc_t']), user: maybe(['', 'u']), level: maybe(['s0']) }), {
    nil: undefined,
  }),
  capabilities: fc.option(
    fc.record({
      add: fc.subarray(['NET_BIND_SERVICE', 'CHOWN', 'SYS_ADMIN', 'chown', 'ALL']),
      drop: fc.subarray(['ALL', 'all', 'CHOWN']),
    }),
    { nil: undefined },
  ),
  windowsOptions: fc.option(fc.record({ hostProcess: fc.boolean() }), { nil: undefined }),
});
const container = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  securityContext: fc.option(context, { nil: undefined }),
  ports: fc.option(fc.array(fc.record({ containerPort: fc.constant(80), hostPort: maybe([0, 8080]) }), { maxLength: 2 }), {
    nil: undefined,
  }),
  livenessProbe: fc.option(fc.record({ httpGet: fc.record({ port: fc.constant(80), host: maybe(['127.0.0.1']) }) }), { nil: undefined }),
});
const spec = fc.record({
  hostNetwork: maybe([true, false]),
  hostPID: maybe([true, false]),
  hostUsers: maybe([true, false]),
  os: fc.option(fc.record({ name: fc.constantFrom('linux', 'windows') }), { nil: undefined }),
  securityContext: fc.option(
    fc.record({
      runAsNonRoot: maybe([true, false]),
      runAsUser: maybe([0, 1000]),
      seccompProfile: profile,
      appArmorProfile: profile,
      sysctls: fc.array(
        fc.record({ name: fc.constantFrom('kernel.shm_rmid_forced', 'kernel.msgmax', 'net.ipv4.tcp_rmem'), value: fc.constant('1') }),
        { maxLength: 2 },
      ),
    }),
    { nil: undefined },
  ),
  volumes: fc.array(fc.constantFrom({ name: 'e', emptyDir: {} }, { name: 'h', hostPath: { path: '/' } }, { name: 'n', nfs: {} }), {
    maxLength: 2,
  }),
  initContainers: fc.array(container, { maxLength: 1 }),
  containers: fc.array(container, { minLength: 1, maxLength: 2 }),
});
const version = fc.oneof(
  fc.constant('latest'),
  fc.integer({ min: 0, max: 40 }).map((minor) => `v1.${minor}`),
);
/** Members that are undefined are absent, as in decoded objects. */
const clean = (value: unknown): never => JSON.parse(JSON.stringify(value)) as never;

test('what restricted lets pass, baseline does; what baseline lets pass, privileged does: for every pod that is not a Windows one', () => {
  fc.assert(
    fc.property(spec, version, (given, at) => {
      fc.pre(given.os?.name !== 'windows');
      const [restricted, baseline, privileged] = (['restricted', 'baseline', 'privileged'] as const).map(
        (level) => evaluate(level, at, {}, clean(given)).length,
      );
      expect(privileged).toBe(0);
      if (restricted === 0) expect(baseline).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test('restricted skips checks for Windows pods and overrides those of baseline, so that it lets pass what baseline refuses', () => {
  const pod = {
    os: { name: 'windows' },
    securityContext: { runAsNonRoot: true },
    containers: [{ name: 'a', securityContext: { capabilities: { add: ['SYS_ADMIN'] } } }],
  };
  expect(evaluate('restricted', 'latest', {}, pod)).toEqual([]);
  expect(evaluate('baseline', 'latest', {}, pod).map(({ id }) => id)).toEqual(['capabilities_baseline']);
});

test('a pod that its namespace enforces nothing on is never refused, whatever is warned about', () => {
  fc.assert(
    fc.property(spec, version, (given, at) => {
      const namespace = {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'n', labels: { 'pod-security.kubernetes.io/warn': 'restricted', 'pod-security.kubernetes.io/warn-version': at } },
      };
      const verdict = podSecurity('Pod', { metadata: { name: 'x' }, spec: clean(given) }, namespace);
      expect(verdict.forbidden).toBeNull();
      expect(verdict.warnings.length).toBe(evaluate('restricted', at, {}, clean(given)).length > 0 ? 1 : 0);
    }),
    { numRuns: 200 },
  );
});
