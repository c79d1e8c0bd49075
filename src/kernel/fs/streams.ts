// Open files that are neither inodes nor pipes: streams of the outside, opened files of virtual file systems, namespaces.

import { POLLIN, POLLOUT } from '#abi/flags.ts';
import { err, ok } from '../context.ts';
import { changeFile, registerFileOps } from './files.ts';
import { mountOf, superblockOf } from './inodes.ts';
import { releaseMountNs } from './reclaim.ts';

registerFileOps('host', {
  read(k, _task, _id, { target }, count) {
    if (target.kind !== 'host') return err('EBADF');
    const data = k.hostStream(target.stream)?.read(count);
    if (data === undefined) return { ok: 'block', wait: { keys: [`host:${target.stream}`], deadline: null } };
    return ok(data ?? new Uint8Array(0));
  },
  write(k, task, _id, { target }, data) {
    if (target.kind !== 'host') return err('EBADF');
    const stream = k.hostStream(target.stream);
    if (stream === undefined) return err('EIO');
    stream.write(data, task);
    return ok(data.length);
  },
  poll: () => POLLIN | POLLOUT,
  keys: ({ target }) => (target.kind === 'host' ? [`host:${target.stream}`] : []),
});

registerFileOps('snapshot', {
  read(k, _task, id, file, count) {
    if (file.target.kind !== 'snapshot') return err('EBADF');
    if (file.target.error !== undefined) return err(file.target.error);
    const data = file.target.bytes.subarray(file.offset, file.offset + count);
    if (data.length > 0) changeFile(k, id, { offset: file.offset + data.length });
    return ok(data);
  },
  write(k, task, id, file, data) {
    if (file.target.kind !== 'snapshot') return err('EBADF');
    const { at } = file.target;
    const driver = k.drivers[superblockOf(k, at).fstype];
    if (driver?.write === undefined) return err('EINVAL');
    const wrote = driver.write(k, mountOf(k, at.mount).sb, at.ino, task, data);
    if (wrote.ok) changeFile(k, id, { offset: file.offset + wrote.value });
    return wrote;
  },
  poll: () => POLLIN | POLLOUT,
});

registerFileOps('ns', {
  read: () => err('EINVAL'),
  write: () => err('EINVAL'),
  release(k, { target }) {
    if (target.kind === 'ns' && target.type === 'mnt') releaseMountNs(k, target.ns);
  },
});

registerFileOps('socket', {
  read: () => err('ENOTCONN'),
  write: () => err('ENOTCONN'),
});
