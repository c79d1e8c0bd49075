import { expect, test } from 'vitest';
import { MS_BIND, MS_RDONLY, MS_REC } from '#abi/flags.ts';
import { mountError } from './rootfs.ts';

// Source: the recorded node-b-fail/fail-mount-file-over-dir (runc 1.3.6).
test('a failed mount names source, place and flags as runc does', () => {
  expect([mountError('/a/0', '/etc', MS_BIND | MS_REC | MS_RDONLY, 'ENOTDIR'), mountError('proc', '/proc', 0, 'EPERM')]).toEqual([
    'mount src=/a/0, dst=/etc, dstFd=/proc/thread-self/fd/14, flags=MS_RDONLY|MS_BIND|MS_REC: not a directory',
    'mount src=proc, dst=/proc, dstFd=/proc/thread-self/fd/14: operation not permitted',
  ]);
});
