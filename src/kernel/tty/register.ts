// Hooks terminals into the table of file kinds.

import { O_NONBLOCK } from '#abi/flags.ts';
import { registerFileOps } from '../fs/files.ts';
import type { FileTarget, OpenFile } from '../state.ts';
import { ttyIoctl, ttyKeys, ttyOpened, ttyPoll, ttyRead, ttyRelease, ttyWrite } from './files.ts';

export type TtyTarget = Extract<FileTarget, { kind: 'tty' }>;
const targetOf = (file: OpenFile): TtyTarget => file.target as TtyTarget;
const nonblock = (file: OpenFile): boolean => (file.flags & O_NONBLOCK) !== 0;

registerFileOps('tty', {
  read: (k, task, _id, file, count) => ttyRead(k, task, targetOf(file), count, nonblock(file)),
  write: (k, task, _id, file, data) => ttyWrite(k, task, targetOf(file), data, nonblock(file)),
  poll: (k, _task, file) => ttyPoll(k, targetOf(file)),
  ioctl: (k, task, file, op) => ttyIoctl(k, task, targetOf(file), op),
  keys: (file) => ttyKeys(targetOf(file)),
  opened: (k, file) => ttyOpened(k, targetOf(file)),
  release: (k, file) => ttyRelease(k, targetOf(file)),
});
