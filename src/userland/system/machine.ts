// Commands about the machine: dmesg, reboot.

import { strerror } from '#abi/errno.ts';
import { type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { strict } from '../lib/strict.ts';

const dmesg: Command = function* ({ argv, flavour }) {
  const clear = argv.some((arg) => arg === '-C' || arg === '--clear');
  const log: SysResult<string> = yield* sys.syslog(clear ? 'SYSLOG_ACTION_CLEAR' : 'SYSLOG_ACTION_READ_ALL');
  if (!log.ok) {
    yield* errOut(
      flavour === 'busybox'
        ? `dmesg: klogctl: ${strerror(log.errno)}\n`
        : `dmesg: ${clear ? 'clear' : 'read'} kernel buffer failed: ${strerror(log.errno)}\n`,
    );
    return 1;
  }
  yield* out(log.value);
  return 0;
};

const reboot: Command = function* ({ argv, name }) {
  if (!argv.includes('-f')) return 0; // asks init with a signal, which pid 1 of a container ignores
  const command = name === 'reboot' ? 'RESTART' : name === 'halt' ? 'HALT' : 'POWER_OFF';
  const done: SysResult<void> = yield* sys.reboot(command);
  if (done.ok) return 0;
  yield* errOut(`${name}: (null): ${strerror(done.errno)}\n`);
  return 1;
};

export const machineCommands = { dmesg: strict(dmesg), reboot, halt: reboot, poweroff: reboot };
