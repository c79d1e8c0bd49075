import { expect, test } from 'vitest';
import type { KubeObject } from '../api/object.ts';
import { effectiveContext, nonRootProblem, sandboxContext, securityContext } from './effective.ts';
import { expand } from './environment.ts';
import { rootMatches } from './ownership.ts';

const pod = (securityContext: object, container: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', uid: 'uid' },
  spec: { securityContext, containers: [{ name: 'c', image: 'i', securityContext: container }] },
});
const settings = { seccompDefault: false, userns: null };
const root = { image: 'i', uid: 0, username: '' };
const cri = (p: KubeObject, user: { image: string; uid: number | null; username: string } = root) =>
  securityContext(p, {}, p.spec.containers[0], '/spec/containers/0', user, settings);

test('the container level wins field by field, also with zero and false; pod-only fields do not leak', () => {
  const p = pod(
    { runAsUser: 1000, runAsGroup: 3000, runAsNonRoot: true, seLinuxOptions: { level: 's0', type: 't' }, fsGroup: 5 },
    { runAsUser: 0, runAsNonRoot: false, seLinuxOptions: { level: 's1' } },
  );
  const result = effectiveContext(
    p,
    { '/spec/containers/0/securityContext/runAsUser': { kind: 'manifest', pointer: '/spec/containers/0/securityContext/runAsUser' } },
    p.spec.containers[0],
    '/spec/containers/0',
  );
  expect(result.value).toEqual({ runAsUser: 0, runAsGroup: 3000, runAsNonRoot: false, seLinuxOptions: { level: 's1' } });
  expect(result.origins['/runAsUser']).toEqual({ kind: 'manifest', pointer: '/spec/containers/0/securityContext/runAsUser' });
  expect(result.origins['/runAsGroup']).toEqual({ kind: 'manifest', pointer: '/spec/securityContext/runAsGroup' });
});

test('user and groups in CRI words: image user when none is given, fsGroup first, nothing sorted', () => {
  const given = cri(pod({ runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000, 1] }), {
    image: 'i',
    uid: 7,
    username: '',
  }).value;
  expect([given.run_as_user, given.run_as_group, given.supplemental_groups, given.no_new_privs]).toEqual([
    1000,
    3000,
    [2000, 4000, 1],
    false,
  ]);
  const named = cri(pod({}), { image: 'i', uid: null, username: 'app' });
  expect([named.value.run_as_user, named.value.run_as_username]).toEqual([undefined, 'app']);
  expect(named.origins['/linux/security_context/run_as_username']).toEqual({ kind: 'image', image: 'i', what: 'USER' });
  expect(cri(pod({}, { allowPrivilegeEscalation: false })).value.no_new_privs).toBe(true);
});

test('seccomp: container, pod, node default; the sandbox always has the runtime default', () => {
  expect(
    cri(pod({ seccompProfile: { type: 'RuntimeDefault' } }, { seccompProfile: { type: 'Localhost', localhostProfile: 'a.json' } })).value
      .seccomp,
  ).toEqual({ profile_type: 'Localhost', localhost_ref: '/var/lib/kubelet/seccomp/a.json' });
  expect(cri(pod({ seccompProfile: { type: 'RuntimeDefault' } })).value.seccomp?.profile_type).toBe('RuntimeDefault');
  expect(cri(pod({})).value.seccomp?.profile_type).toBe('Unconfined');
  expect(sandboxContext(pod({ seccompProfile: { type: 'Unconfined' } }), settings).seccomp?.profile_type).toBe('RuntimeDefault');
});

test('runAsNonRoot: the four refusals in their words', () => {
  const ask = (sc: object, user = root as { image: string; uid: number | null; username: string }) =>
    nonRootProblem(pod(sc), { name: 'c' }, user);
  expect(ask({ runAsNonRoot: true, runAsUser: 0 })).toBe('container\'s runAsUser breaks non-root policy (pod: "p_ns(uid)", container: c)');
  expect(ask({ runAsNonRoot: true }, { image: 'i', uid: null, username: 'root' })).toBe(
    'container has runAsNonRoot and image has non-numeric user (root), cannot verify user is non-root (pod: "p_ns(uid)", container: c)',
  );
  expect(ask({ runAsNonRoot: true })).toBe('container has runAsNonRoot and image will run as root (pod: "p_ns(uid)", container: c)');
  expect(ask({ runAsNonRoot: true, runAsUser: 1000 })).toBeUndefined();
  expect(ask({ runAsNonRoot: false })).toBeUndefined();
});

test('$(NAME) is replaced, $$ is a dollar, unknown names stay', () => {
  expect(expand('$(A)-$$(A)-$(B)-kill $$', (name) => (name === 'A' ? '1' : undefined))).toBe('1-$(A)-$(B)-kill $');
});

test('OnRootMismatch looks at the type, group, bits and setgid of the root only', () => {
  const stat = (mode: number, gid: number) => ({ mode, gid }) as Parameters<typeof rootMatches>[0];
  expect([
    rootMatches(stat(0o042770, 2000), 2000, false),
    rootMatches(stat(0o042770, 1), 2000, false),
    rootMatches(stat(0o040770, 2000), 2000, false),
    rootMatches(stat(0o042750, 2000), 2000, false),
    rootMatches(stat(0o042550, 2000), 2000, true),
    rootMatches(undefined, 2000, false),
  ]).toEqual([true, false, false, false, true, false]);
});
