// Commands about modules, clocks, swap, keys and I/O priority: each is one call whose permission is what can be seen.
// Counterpart: busybox 1.35 modutils/, util-linux/; util-linux 2.38; keyutils 1.6

import { type Errno, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { isTty, showUsage } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { command } from '../lib/command-line.ts';
import { errOut, out, readFile, textOf } from '../lib/io.ts';
import { stat } from '../lib/tree.ts';
import { execSearch } from './exec.ts';

export function* openFailure(path: string): Program<Errno | undefined> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY);
  if (fd.ok) yield* sys.close(fd.value);
  return fd.ok ? undefined : fd.errno;
}

const insmod: Command = function* ({ argv, name }) {
  const file = argv.slice(1).find((arg) => !arg.startsWith('-')) ?? '';
  const missing = yield* openFailure(file);
  const done: SysResult<number> = missing === undefined ? yield* sys.syscall('init_module') : { ok: false, errno: missing };
  if (done.ok) return 0;
  yield* errOut(`${name}: can't ${missing === undefined ? 'insert' : 'read'} '${file}': ${strerror(done.errno)}\n`);
  return 1;
};

const rmmod: Command = function* ({ argv, name }) {
  for (const module of argv.slice(1).filter((arg) => !arg.startsWith('-'))) {
    const done: SysResult<number> = yield* sys.syscall('delete_module');
    if (!done.ok) yield* errOut(`${name}: remove '${module}': ${strerror(done.errno)}\n`);
  }
  // A failure does not change the status of busybox's rmmod.
  return 0;
};

const hwclock: Command = function* ({ flavour, name }) {
  // Deviates: where there is a device it still cannot be read.
  for (const device of ['/dev/rtc', '/dev/rtc0', '/dev/misc/rtc']) {
    const errno = yield* openFailure(device);
    if (flavour === 'busybox' && device === '/dev/misc/rtc')
      yield* errOut(`${name}: can't open '${device}': ${strerror(errno ?? 'ENODEV')}\n`);
  }
  if (flavour === 'gnu')
    yield* errOut(
      `${name}: Cannot access the Hardware Clock via any known method.\n${name}: Use the --verbose option to see the details of our search for an access method.\n`,
    );
  return 1;
};

/** The devices of /proc/swaps. */
function* swaps(): Program<string[]> {
  const text = yield* readFile('/proc/swaps');
  return text.ok
    ? textOf(text.value)
        .split('\n')
        .slice(1)
        .flatMap((line) => line.split(/\s+/)[0] || [])
    : [];
}

/** Counterpart: busybox 1.35 util-linux/swaponoff.c; every word is handed to the call, -a reads /etc/fstab too. */
const busyboxSwap: Command = command(function* (cli) {
  const off = cli.context.name === 'swapoff';
  const options = yield* cli.options({ busybox: off ? 'ae' : 'aed::p:', gnu: '' });
  if (typeof options === 'number') return options;
  const all = options.has('a');
  if (!all && options.args.length === 0) return yield* cli.usage();
  const change = function* (device: string, quiet: readonly Errno[]): Program<void> {
    const there: SysResult<Stat> | undefined = off ? undefined : yield* stat(device);
    const done: SysResult<unknown> = there?.ok === false ? there : yield* sys.syscall(off ? 'swapoff' : 'swapon');
    // The call itself looks for the file only after the capability, and nothing here has swap space on it.
    const errno: Errno = done.ok ? ((yield* openFailure(device)) ?? 'EINVAL') : done.errno;
    if (quiet.includes(errno) || (errno === 'ENOENT' && !off && options.has('e'))) return;
    yield* cli.error(`${device}: ${strerror(errno)}`);
  };
  if (all) {
    if (off) for (const device of yield* swaps()) yield* change(device, ['EINVAL', 'ENOENT']);
    const table = yield* readFile('/etc/fstab');
    if (!table.ok) return yield* cli.error(`can't open '/etc/fstab': ${strerror(table.errno)}`);
    for (const line of textOf(table.value).split('\n')) {
      const [device = '', , type, words = ''] = line.trim().split(/\s+/);
      if (type !== 'swap' || device.startsWith('#') || (!off && words.split(',').includes('noauto'))) continue;
      yield* change(device, off ? ['EINVAL', 'ENOENT'] : ['EBUSY']);
    }
  }
  for (const device of options.args) yield* change(device, []);
  return yield* cli.finish();
});

/** Counterpart: util-linux 2.38 swapon(8), swapoff(8) */
const swap: Command = function* (context) {
  const { argv, flavour, name } = context;
  if (flavour === 'busybox') return yield* busyboxSwap(context);
  const all = argv.includes('-a');
  const devices = all ? (name === 'swapoff' ? yield* swaps() : []) : argv.slice(1).filter((arg) => !arg.startsWith('-'));
  let status = 0;
  if (!all && devices.length === 0 && name === 'swapoff') {
    yield* errOut(`${name}: bad usage\nTry '${name} --help' for more information.\n`);
    return 16;
  }
  // swapoff asks the call first: without the capability no file is looked for.
  const allowed: SysResult<unknown> = name === 'swapoff' ? yield* sys.syscall('swapoff') : { ok: true, value: 0 };
  if (!allowed.ok && allowed.errno === 'EPERM' && devices.length > 0) {
    yield* errOut('swapoff: Not superuser.\n');
    return 16;
  }
  for (const device of devices) {
    const missing = yield* openFailure(device);
    const done: SysResult<number> =
      missing === 'ENOENT' ? { ok: false, errno: missing } : yield* sys.syscall(name === 'swapoff' ? 'swapoff' : 'swapon');
    if (done.ok) continue;
    status = name === 'swapoff' ? 4 : 255;
    yield* errOut(
      name === 'swapon' && missing !== undefined
        ? `swapon: cannot open ${device}: ${strerror(missing)}\n`
        : `${name}: ${device}: ${name} failed: ${strerror(done.errno)}\n`,
    );
  }
  return status;
};

const pivotRoot: Command = function* ({ argv, flavour, name }) {
  const [, root, old] = argv;
  if (root === undefined || old === undefined) {
    yield* errOut(`${name}: bad usage\nTry '${name} --help' for more information.\n`);
    return 1;
  }
  const done: SysResult<void> = yield* sys.pivot_root(root, old);
  if (done.ok) return 0;
  yield* errOut(
    flavour === 'busybox'
      ? // The applet gives its complaint no text, and printf(3) writes that as "(null)".
        `${name}: (null): ${strerror(done.errno)}\n`
      : `${name}: failed to change root from \`${root}' to \`${old}': ${strerror(done.errno)}\n`,
  );
  return 1;
};

const keyctl: Command = function* ({ argv, env }) {
  const action = argv[1] ?? '';
  const done: SysResult<number> = yield* sys.syscall('keyctl');
  if (action === 'show') {
    const now = yield* isTty(1);
    // The title waits in the buffer of stdio unless standard output is a terminal.
    if (now) yield* out('Session Keyring\n');
    if (!done.ok) yield* errOut(`Unable to dump key: ${strerror(done.errno)}\n`);
    if (!now) yield* out('Session Keyring\n');
    if (done.ok) yield* out(' 268435456 --alswrv      0     0  keyring: _ses\n');
    return done.ok ? 0 : 1;
  }
  if (action === 'session') {
    if (!done.ok) {
      yield* errOut(`keyctl_join_session_keyring: ${strerror(done.errno)}\n`);
      return 1;
    }
    yield* errOut('Joined session keyring: 268435457\n');
    const shell = env.find((one) => one.startsWith('SHELL='))?.slice(6) ?? '/bin/sh';
    const command = argv.length > 3 ? argv.slice(3) : [shell];
    const errno = yield* execSearch(command, env);
    yield* errOut(`${command[0]}: ${strerror(errno)}\n`);
    return 3;
  }
  yield* errOut('keyctl: only show and session are simulated\n');
  return 2;
};

const losetup: Command = function* (context) {
  const { argv, flavour, name } = context;
  if (argv.length === 1 && flavour === 'busybox') return yield* showUsage(context);
  if (argv.length === 1 || argv.includes('-a') || argv.includes('-l')) return 0;
  yield* errOut(`${name}: cannot find an unused loop device: ${strerror((yield* openFailure('/dev/loop-control')) ?? 'EPERM')}\n`);
  return 1;
};

export const hardwareCommands = {
  hwclock,
  swapon: swap,
  swapoff: swap,
  pivot_root: pivotRoot,
  keyctl,
  losetup,
  insmod,
  rmmod,
};
