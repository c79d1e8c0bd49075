// Expected values are those of recorded config.json files (cap-*, id-*, full-*).

import { expect, test } from 'vitest';
import type { Errno } from '#abi/errno.ts';
import type { LinuxContainerSecurityContext } from '../cri.ts';
import { BUSYBOX_GROUP, BUSYBOX_PASSWD } from '../images/accounts.ts';
import { normalise } from '../images/index.ts';
import { capabilityXattr } from './layers.ts';
import { seccompFor } from './seccompProfile.ts';
import { capabilities, DEFAULT_CAPS } from './spec.ts';
import { resolveUser } from './users.ts';

const security = (change: Partial<LinuxContainerSecurityContext>): LinuxContainerSecurityContext => ({
  privileged: false,
  namespace_options: { network: 'POD', pid: 'CONTAINER', ipc: 'POD' },
  readonly_rootfs: false,
  supplemental_groups: [],
  no_new_privs: false,
  masked_paths: [],
  readonly_paths: [],
  ...change,
});
const caps = (add: readonly string[], drop: readonly string[]): readonly string[] =>
  capabilities(security({ capabilities: { add_capabilities: add, drop_capabilities: drop } }));

test('capabilities: ALL first, then names, drop last; a prefix is doubled', () => {
  expect(caps([], [])).toEqual(DEFAULT_CAPS);
  expect(caps(['NET_BIND_SERVICE'], ['ALL'])).toEqual(['CAP_NET_BIND_SERVICE']);
  expect(caps(['ALL'], ['all'])).toEqual([]);
  expect(caps(['ALL'], []).length).toBe(41);
  expect(caps(['net_admin'], ['CAP_CHOWN'])).toEqual([...DEFAULT_CAPS, 'CAP_NET_ADMIN']);
  expect(caps(['CAP_NET_ADMIN'], []).at(-1)).toBe('CAP_CAP_NET_ADMIN');
  expect(caps(['SYS_TIME'], ['SYS_TIME'])).toEqual(DEFAULT_CAPS);
});

test('users: group from passwd or 0, image groups by member list, all sorted', () => {
  const passwd = `${BUSYBOX_PASSWD}user-defined-in-image:x:1000:1000::/home/user-defined-in-image:/bin/sh\n`;
  const group = `${BUSYBOX_GROUP}user-defined-in-image:x:1000:\ngroup-defined-in-image:x:50000:user-defined-in-image\n`;
  const of = (change: Partial<LinuxContainerSecurityContext>, accounts = passwd): unknown => {
    const user = resolveUser(security(change), accounts, group);
    return user.ok ? [user.value.uid, user.value.gid, user.value.additionalGids] : user.message;
  };
  expect(of({ run_as_user: 0 })).toEqual([0, 0, [0, 10]]);
  expect(of({ run_as_user: 1000, run_as_group: 3000, supplemental_groups: [4000] })).toEqual([1000, 3000, [3000, 4000, 50000]]);
  expect(of({ run_as_user: 1000, supplemental_groups: [4000], supplemental_groups_policy: 'Strict' })).toEqual([1000, 1000, [1000, 4000]]);
  expect(of({ run_as_user: 1000, supplemental_groups: [2000] }, BUSYBOX_PASSWD)).toEqual([1000, 0, [0, 2000]]);
  expect(of({ run_as_username: 'nobody' })).toEqual([65534, 65534, [65534]]);
  expect(of({ run_as_username: 'ghost' })).toBe('no users found');
});

test('seccomp: Localhost profiles, and containerd’s words when they cannot be used', () => {
  const ask = (name: string, file: { text: string } | { failed: 'open' | 'read'; errno: Errno }): unknown => {
    const path = `/var/lib/kubelet/seccomp/${name}`;
    return seccompFor({ profile_type: 'Localhost', localhost_ref: path }, false, [], { path, ...file });
  };
  expect(ask('profiles/a.json', { text: '{ "defaultAction": "SCMP_ACT_LOG" }' })).toEqual({
    ok: true,
    value: { defaultAction: 'SCMP_ACT_LOG' },
  });
  expect(ask('no.json', { failed: 'open', errno: 'ENOENT' })).toEqual({
    ok: false,
    message:
      'cannot load seccomp profile "/var/lib/kubelet/seccomp/no.json": open /var/lib/kubelet/seccomp/no.json: no such file or directory',
  });
  expect(ask('d', { failed: 'read', errno: 'EISDIR' })).toEqual({
    ok: false,
    message: 'cannot load seccomp profile "/var/lib/kubelet/seccomp/d": read /var/lib/kubelet/seccomp/d: is a directory',
  });
  expect(ask('bad.json', { text: '{ not json' })).toEqual({
    ok: false,
    message: `decoding seccomp profile failed "/var/lib/kubelet/seccomp/bad.json": invalid character 'n' looking for beginning of object key string`,
  });
});

test('references and file capabilities in their full form', () => {
  expect(['busybox', 'busybox:1.28', 'example/tools:1', 'gcr.io/a/b', 'localhost:5000/x:2'].map(normalise)).toEqual([
    'docker.io/library/busybox:latest',
    'docker.io/library/busybox:1.28',
    'docker.io/example/tools:1',
    'gcr.io/a/b:latest',
    'localhost:5000/x:2',
  ]);
  // setcap cap_net_raw+ep writes 01 00 00 02 00 20 00 00 and zeros.
  expect([...capabilityXattr('cap_net_raw+ep')]).toEqual([1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});
