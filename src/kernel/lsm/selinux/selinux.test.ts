// Expected values follow selinux(8), mcs(8) and container-selinux; no recording has SELinux.

import { expect, test } from 'vitest';
import { categoriesOf, dominates, parseContext } from './context.ts';
import { domainAllowsCapability, knownType, transition, typeAllows, typeOfPath } from './policy.ts';

test('contexts have four parts, the last a level or a range', () => {
  expect(parseContext('system_u:object_r:container_file_t:s0:c1,c2\0')).toEqual({
    user: 'system_u',
    role: 'object_r',
    type: 'container_file_t',
    level: 's0:c1,c2',
  });
  expect(parseContext('unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023')?.level).toBe('s0-s0:c0.c1023');
  for (const bad of ['', 'a:b:c', 'system_u:object_r:t:x0', 'system_u:object_r:t:s0:1', 'a:b:c:s0:c1,'])
    expect(parseContext(bad)).toBeUndefined();
});

test('categories: lists and runs, and who dominates whom', () => {
  expect([...categoriesOf('s0:c1,c5.c7')]).toEqual([1, 5, 6, 7]);
  expect([...categoriesOf('s0')]).toEqual([]);
  expect(dominates('s0:c1,c2', 's0')).toBe(true);
  expect(dominates('s0:c1,c2', 's0:c2')).toBe(true);
  expect(dominates('s0:c1,c2', 's0:c1,c3')).toBe(false);
  expect(dominates('s0', 's0:c1')).toBe(false);
  expect(dominates('s0-s0:c0.c1023', 's0:c77')).toBe(true);
});

test.each([
  ['container_t', 'container_file_t', 'write', true],
  ['container_t', 'container_ro_file_t', 'execute', true],
  ['container_t', 'container_ro_file_t', 'write', false],
  ['container_t', 'var_t', 'search', true],
  ['container_t', 'var_t', 'read', false],
  ['container_t', 'container_var_lib_t', 'read', false],
  ['container_t', 'sysfs_t', 'write', false],
  ['container_t', 'container_t', 'read', true],
  ['container_t', 'container_init_t', 'read', false],
  ['spc_t', 'shadow_t', 'write', true],
])('%s may %s: %s is %s', (domain, type, permission, allowed) => {
  expect(typeAllows(domain, type, permission)).toBe(allowed);
});

test('types by path, capabilities, transitions, unknown types', () => {
  expect(['/', '/etc/passwd', '/etc/shadow', '/srv/data', '/var/lib/kubelet/pods/x', '/usr/bin/ls'].map(typeOfPath)).toEqual([
    'root_t',
    'etc_t',
    'shadow_t',
    'var_t',
    'container_var_lib_t',
    'bin_t',
  ]);
  expect(typeOfPath('/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/bin')).toBe('container_file_t');
  expect(domainAllowsCapability('container_t', 'CAP_SYS_ADMIN')).toBe(true);
  expect(domainAllowsCapability('container_t', 'CAP_SYS_MODULE')).toBe(false);
  expect(transition('container_runtime_t', 'container_file_t')).toBe('spc_t');
  expect(transition('container_t', 'container_file_t')).toBe('container_t');
  expect([knownType('container_t'), knownType('nosuch_t')]).toEqual([true, false]);
});
