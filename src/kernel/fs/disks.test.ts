import { expect, test } from 'vitest';
import { MS_RDONLY, O_CREAT, O_WRONLY } from '#abi/flags.ts';
import { Machine } from '../machine/machine.ts';
import { type Program, sys } from '../uapi/index.ts';

function* idle(): Program<number> {
  yield* sys.pause();
  return 0;
}

// Source: fs/super.c sget_dev, security/selinux/hooks.c selinux_cmp_sb_context (Linux 6.12): no recording can mount a disk.
test('a disk keeps its files when unmounted and takes another context then; mounted twice it is one file system with one context', () => {
  const m = new Machine({
    loadProgram: () => undefined,
    uname: { nodename: 'n', release: 'r', version: 'v' },
    startTime: 0n,
    lsm: 'selinux',
  });
  const id = m.spawn({ main: idle, comm: 'x', cred: { label: 'system_u:system_r:kernel_t:s0' } });
  for (const path of ['/a', '/b']) m.call(id, 'mkdirat', -100, path, 0o755);
  const mount = (device: string, path: string, data: string, flags = 0): unknown => {
    const done = m.call(id, 'mount', device, path, 'ext4', flags, data);
    return done.ok ? true : done.errno;
  };
  const context = (level: string): string => `context="system_u:object_r:container_file_t:${level}"`;
  const there = (path: string): unknown => m.call(id, 'newfstatat', -100, path, 0).ok;
  expect(mount('/dev/sdb', '/a', context('s0:c1,c2'))).toBe(true);
  m.call(id, 'openat', -100, '/a/f', O_CREAT | O_WRONLY, 0o644);
  m.call(id, 'close', 0);
  expect([
    mount('/dev/sdb', '/b', ''),
    mount('/dev/sdb', '/b', context('s0:c3,c4')),
    mount('/dev/sdb', '/b', context('s0:c1,c2'), MS_RDONLY),
    mount('/dev/sdb', '/b', context('s0:c1,c2')),
    there('/b/f'),
  ]).toEqual(['EBUSY', 'EBUSY', 'EBUSY', true, true]);
  expect(m.state.log.map((line) => line.replace(/^.*\] /, ''))).toEqual(
    Array(2).fill('SELinux: mount invalid.  Same superblock, different security settings for (dev sdb, type ext4)'),
  );
  expect([m.call(id, 'umount2', '/b', 0).ok, m.call(id, 'umount2', '/a', 0).ok, there('/a/f')]).toEqual([true, true, false]);
  expect([mount('/dev/sdc', '/a', ''), there('/a/f'), mount('/dev/sdb', '/b', ''), there('/b/f')]).toEqual([true, false, true, true]);
  expect(m.call(id, 'setxattr', '/b/f', 'security.selinux', new TextEncoder().encode('system_u:object_r:var_t:s0\0'), 0, true).ok).toBe(
    true,
  );
});
