// Counterpart: containerd's toLabel and label.InitLabels; pipeline.md 18.

import { expect, test } from 'vitest';
import { initLabels, McsPairs } from './selinux.ts';

const pairs = (...numbers: number[]): McsPairs => new McsPairs(() => numbers.shift() ?? 0);
const options = (change: object) => ({ user: '', role: '', type: '', level: '', ...change });

test('two different categories, sorted, not given out twice until they are released', () => {
  const own = pairs(9, 9, 2025, 5, 1001, 5, 7, 6, 5, 1001);
  expect([own.take(), own.take()]).toEqual(['s0:c5,c1001', 's0:c6,c7']);
  own.release('system_u:system_r:container_t:s0:c5,c1001');
  expect(own.take()).toBe('s0:c5,c1001');
});

test('options replace parts; without any the sandbox’s label counts', () => {
  const of = (asked: Parameters<typeof initLabels>[0], sandbox?: string): unknown => {
    const made = initLabels(asked, sandbox, pairs(1, 2));
    return made.ok ? [made.value?.process, made.value?.mount] : made.message;
  };
  expect(of(undefined)).toEqual(['system_u:system_r:container_t:s0:c1,c2', 'system_u:object_r:container_file_t:s0:c1,c2']);
  expect(of(undefined, 'system_u:system_r:spc_t:s0:c8,c9')).toEqual([
    'system_u:system_r:spc_t:s0:c8,c9',
    'system_u:object_r:container_file_t:s0:c8,c9',
  ]);
  expect(of(options({ type: 'spc_t' }), 'system_u:system_r:container_t:s0:c8,c9')).toEqual([
    'system_u:system_r:spc_t:s0:c1,c2',
    'system_u:object_r:container_file_t:s0:c1,c2',
  ]);
  expect(of(options({ level: 's0:c3' }))).toEqual(['system_u:system_r:container_t:s0:c3', 'system_u:object_r:container_file_t:s0:c3']);
  expect(of(options({ level: 'secret' }))).toBe(`the format of 'level' "secret" is not correct`);
});
