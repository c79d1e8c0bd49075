// Commands about the machine and its processes: dmesg, renice, chrt, reboot.

import { strerror } from '#abi/errno.ts';
import { type SysResult, sys } from '#kernel/uapi/index.ts';
import { showUsage } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
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

const renice: Command = function* (context) {
  const { argv, flavour } = context;
  const args = argv.slice(1).filter((arg) => arg !== '-n' && arg !== '-p' && arg !== '--');
  const [increment = '0', ...pids] = args;
  const relative = argv.includes('-n') && flavour === 'busybox';
  // busybox reads its words without getopt; a priority alone is enough, and changes nobody.
  if (flavour === 'busybox' && args.length === 0) return yield* showUsage(context);
  if (flavour === 'busybox' && !/^[-+]?\d+$/.test(increment)) {
    yield* errOut(`renice: invalid number '${increment}'\n`);
    return 1;
  }
  if (flavour === 'gnu') {
    const wrong = args.length < 2 ? 'not enough arguments' : /^[-+]?\d+$/.test(increment) ? undefined : `invalid priority '${increment}'`;
    const bad = wrong ?? pids.filter((pid) => !/^\d+$/.test(pid)).map((pid) => `bad process ID value: '${pid}'`)[0];
    if (bad !== undefined) {
      yield* errOut(`renice: ${bad}\n${wrong === undefined ? '' : "Try 'renice --help' for more information.\n"}`);
      return 1;
    }
  }
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

const reboot: Command = function* ({ argv, name }) {
  if (!argv.includes('-f')) return 0; // asks init with a signal, which pid 1 of a container ignores
  const command = name === 'reboot' ? 'RESTART' : name === 'halt' ? 'HALT' : 'POWER_OFF';
  const done: SysResult<void> = yield* sys.reboot(command);
  if (done.ok) return 0;
  yield* errOut(`${name}: (null): ${strerror(done.errno)}\n`);
  return 1;
};

export const machineCommands = { dmesg, renice, chrt, reboot, halt: reboot, poweroff: reboot };
