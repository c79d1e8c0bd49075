// Small commands: clear, reset, hostid, logger, mesg, last, lsmod, arch, fallocate.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_CREAT, O_RDWR } from '#abi/flags.ts';
import type { Utsname } from '#kernel/uapi/index.ts';
import { type SysResult, sys } from '#kernel/uapi/index.ts';
import { isTty } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { addressOf } from '../lib/hosts.ts';
import { errOut } from '../lib/io.ts';
import { parseSize } from '../lib/size.ts';

/** Counterpart: clear(1) of ncurses, which asks terminfo; busybox clear */
const clear = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: 'T:Vx' });
  if (typeof options === 'number') return options;
  if (cli.gnu && !cli.getenv('TERM')) {
    yield* cli.flush();
    yield* errOut('TERM environment variable not set.\n');
    return 1;
  }
  yield* cli.text(cli.gnu ? '\x1b[H\x1b[2J\x1b[3J' : '\x1b[H\x1b[J');
  return yield* cli.finish();
});

/** Counterpart: reset of busybox: only on a terminal */
const reset = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  if (!(yield* isTty(1))) return 0;
  yield* cli.text('\x1bc\x1b(B\x1b[0m\x1b[J\x1b[?25h');
  return yield* cli.finish();
});

/** Counterpart: gethostid(3): made of the first address of the own name, 127.0.0.1 without one. */
const hostid = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '' });
  if (typeof options === 'number') return options;
  if (!cli.gnu && options.args.length > 0) return yield* cli.usage();
  if (options.args.length > 0) return yield* cli.misuse(`extra operand '${options.args[0]}'`);
  const got: SysResult<Utsname> = yield* sys.uname();
  const address = (yield* addressOf(got.ok ? got.value.nodename : '')) ?? '127.0.0.1';
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
  const hex = [b, a, d, c].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  yield* cli.text(`${hex}\n`);
  return yield* cli.finish();
});

/** Counterpart: logger(1): nobody listens at /dev/log in a container, and logger does not mind. */
const logger = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'sp:t:',
    gnu: 'dei:f:n:P:p:sSt:Tu:',
    long: { 'priority=': 'p', 'tag=': 't', stderr: 's', 'file=': 'f' },
  });
  if (typeof options === 'number') return options;
  if (options.has('s')) yield* errOut(`${options.get('t') ?? 'root'}: ${options.args.join(' ')}\n`);
  return 0;
});

/** Counterpart: mesg(1) */
const mesg = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: 'v', long: { verbose: 'v' } });
  if (typeof options === 'number') return options;
  if (!cli.gnu && !/^[yn]?$/.test(options.args.join(' '))) return yield* cli.usage();
  if (!(yield* isTty(0)) && !(yield* isTty(1)) && !(yield* isTty(2))) return cli.gnu ? 2 : yield* cli.error('not a tty');
  const [word] = options.args;
  if (word === undefined) yield* cli.text('is y\n');
  else if (!/^[yn]/.test(word)) return cli.gnu ? yield* cli.error(`invalid argument: ${word}`, 2) : yield* cli.usage();
  return yield* cli.finish();
});

/** Counterpart: last(1): the images keep no record of logins. */
const last = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'Wf:', gnu: 'adFiRwxn:f:' });
  if (typeof options === 'number') return options;
  const log: SysResult<number> = yield* sys.openat(AT_FDCWD, '/var/log/wtmp', 0);
  if (!log.ok)
    return yield* cli.error(
      cli.gnu ? `cannot open /var/log/wtmp: ${strerror(log.errno)}` : `can't open '/var/log/wtmp': ${strerror(log.errno)}`,
    );
  return yield* cli.error('records of logins are not simulated here');
});

/** Counterpart: lsmod of busybox */
const lsmod = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '' });
  if (typeof options === 'number') return options;
  const list: SysResult<number> = yield* sys.openat(AT_FDCWD, '/proc/modules', 0);
  if (!list.ok) return yield* cli.error(`can't open '/proc/modules': ${strerror(list.errno)}`);
  yield* cli.text('Module                  Size  Used by    Not tainted\n');
  return yield* cli.finish();
});

/** Counterpart: arch(1) */
const arch = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '' });
  if (typeof options === 'number') return options;
  const got: SysResult<Utsname> = yield* sys.uname();
  yield* cli.text(`${got.ok ? got.value.machine : 'unknown'}\n`);
  return yield* cli.finish();
});

/** Counterpart: fallocate(1), only making files longer */
const fallocate = command(function* (cli) {
  const long = {
    'length=': 'l',
    'offset=': 'o',
    'keep-size': 'n',
    'punch-hole': 'p',
    'zero-range': 'z',
    'dig-holes': 'd',
    posix: 'x',
    verbose: 'v',
  };
  const options = yield* cli.options({ busybox: 'l:o:', gnu: 'l:o:nvxcipzd', long });
  if (typeof options === 'number') return options;
  for (const key of 'ncipzd') if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`);
  const text = options.get('l');
  const [path, extra] = options.args;
  if (cli.gnu && path === undefined) return yield* cli.error('no filename specified');
  if (cli.gnu && extra !== undefined) return yield* cli.error(`unexpected number of arguments`);
  if (text === undefined) return yield* cli.gnu ? cli.error('no length argument specified') : cli.usage();
  const length = parseSize(text);
  const offset = parseSize(options.get('o') ?? '0');
  if (length === undefined || offset === undefined || length <= 0)
    return yield* cli.error(cli.gnu ? 'invalid length value specified' : `invalid number '${text}'`);
  if (path === undefined) return yield* cli.usage();
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDWR | O_CREAT, 0o666);
  if (!fd.ok) return yield* cli.fail(fd.errno, `can't open '${path}'`, `cannot open ${path}`);
  const info = yield* sys.fstat(fd.value);
  if (info.ok && info.value.size < offset + length) {
    const done: SysResult<void> = yield* sys.ftruncate(fd.value, offset + length);
    if (!done.ok) return yield* cli.fail(done.errno, `fallocate '${path}'`, 'fallocate failed');
  }
  return 0;
});

export const smallCommands = { clear, hostid, logger, mesg, last, arch, fallocate };
export const busyboxSmall = { reset, lsmod };
