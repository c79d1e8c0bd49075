// Commands about the machine and its processes: dmesg, sysctl, renice, chrt, free, pidof, reboot.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Command } from '../lib/command.ts';
import { bytesOf, errOut, out, readFile, textOf, writeAll } from '../lib/io.ts';
import { processes } from '../procps/processes.ts';
import { execSearch } from './exec.ts';

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

const sysctl: Command = function* ({ argv, flavour }) {
  let status = 0;
  const values = argv.includes('-n');
  for (const arg of argv.slice(1).filter((one) => !one.startsWith('-'))) {
    const [key = '', value] = arg.split(/=(.*)/s);
    const path = `/proc/sys/${key.includes('/') ? key : key.replaceAll('.', '/')}`;
    const dotted = key.replaceAll('/', '.');
    if (value !== undefined) {
      // procps does not truncate, so a missing permission shows before a read-only mount.
      const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, flavour === 'gnu' ? O_WRONLY : O_WRONLY | O_TRUNC);
      const errno = fd.ok ? yield* writeAll(fd.value, bytesOf(`${value}\n`)) : fd.errno;
      if (errno === undefined) yield* out(`${values ? '' : `${dotted} = `}${value}\n`);
      else {
        status = flavour === 'busybox' ? 1 : 255;
        if (flavour === 'busybox') yield* errOut(`sysctl: error setting key '${dotted}': ${strerror(errno)}\n`);
        else
          yield* errOut(
            errno === 'EACCES' || errno === 'EPERM'
              ? `sysctl: permission denied on key "${dotted}"\n`
              : `sysctl: setting key "${dotted}": ${strerror(errno)}\n`,
          );
      }
      continue;
    }
    const text = yield* readFile(path);
    if (text.ok)
      yield* out(
        textOf(text.value)
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => `${values ? '' : `${dotted} = `}${line}\n`)
          .join(''),
      );
    else {
      status = flavour === 'busybox' ? 1 : 255;
      yield* errOut(
        flavour === 'busybox'
          ? `sysctl: error reading key '${dotted}': ${strerror(text.errno)}\n`
          : `sysctl: cannot stat ${path}: ${strerror(text.errno)}\n`,
      );
    }
  }
  return status;
};

const renice: Command = function* ({ argv, flavour }) {
  const args = argv.slice(1).filter((arg) => arg !== '-n' && arg !== '-p' && arg !== '--');
  const [increment = '0', ...pids] = args;
  const relative = argv.includes('-n') && flavour === 'busybox';
  let status = 0;
  for (const pid of pids.map(Number)) {
    const old: SysResult<number> = yield* sys.getpriority('PRIO_PROCESS', pid);
    const wanted = Math.max(-20, Math.min(19, (relative && old.ok ? old.value : 0) + Number(increment)));
    const done: SysResult<void> = old.ok ? yield* sys.setpriority('PRIO_PROCESS', pid, wanted) : old;
    if (done.ok) {
      if (flavour === 'gnu') yield* out(`${pid} (process ID) old priority ${old.ok ? old.value : 0}, new priority ${wanted}\n`);
      continue;
    }
    yield* errOut(
      flavour === 'busybox'
        ? `renice: setpriority: ${strerror(done.errno)}\n`
        : `renice: failed to set priority for ${pid} (process ID): ${strerror(done.errno)}\n`,
    );
    status = 1;
  }
  return status;
};

const POLICIES = { '-f': 'SCHED_FIFO', '-r': 'SCHED_RR', '-o': 'SCHED_OTHER', '-b': 'SCHED_BATCH', '-i': 'SCHED_IDLE' } as const;

const chrt: Command = function* ({ argv, env, flavour }) {
  const option = argv.find((arg): arg is keyof typeof POLICIES => arg in POLICIES);
  const rest = argv.slice(1).filter((arg) => arg !== option && arg !== '-p');
  if (option === undefined || argv.includes('-p')) {
    yield* errOut('chrt: showing or changing another process is not simulated; chrt -f|-r|-o PRIORITY COMMAND is\n');
    return 1;
  }
  const done: SysResult<void> = yield* sys.sched_setscheduler(0, POLICIES[option], Number(rest[0] ?? 0));
  if (!done.ok) {
    yield* errOut(
      flavour === 'busybox'
        ? `chrt: can't set pid 0's policy: ${strerror(done.errno)}\n`
        : `chrt: failed to set pid 0's policy: ${strerror(done.errno)}\n`,
    );
    return 1;
  }
  const errno = yield* execSearch(rest.slice(1), env);
  yield* errOut(`chrt: ${flavour === 'busybox' ? `can't execute '${rest[1]}'` : `failed to execute ${rest[1]}`}: ${strerror(errno)}\n`);
  return 127;
};

function* named(names: readonly string[]): Program<number[]> {
  const self: SysResult<number> = yield* sys.getpid();
  return (yield* processes())
    .filter((process) => names.includes(process.comm) || names.includes((process.args[0] ?? '').split('/').at(-1) as string))
    .map((process) => process.pid)
    .filter((pid) => !self.ok || pid !== self.value);
}

const pidof: Command = function* ({ argv }) {
  const pids = yield* named(argv.slice(1));
  if (pids.length > 0) yield* out(`${pids.reverse().join(' ')}\n`);
  return pids.length > 0 ? 0 : 1;
};

const reboot: Command = function* ({ argv, name }) {
  if (!argv.includes('-f')) return 0; // asks init with a signal, which pid 1 of a container ignores
  const command = name === 'reboot' ? 'RESTART' : name === 'halt' ? 'HALT' : 'POWER_OFF';
  const done: SysResult<void> = yield* sys.reboot(command);
  if (done.ok) return 0;
  yield* errOut(`${name}: (null): ${strerror(done.errno)}\n`);
  return 1;
};

export const machineCommands = { dmesg, sysctl, renice, chrt, pidof, reboot, halt: reboot, poweroff: reboot };
