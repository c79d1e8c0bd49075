// uname, hostname, nproc, tty, stty, sync, date.

import { AT_FDCWD, O_NONBLOCK, O_RDONLY } from '#abi/flags.ts';
import type { Stat, SysResult, Termios, Utsname, Winsize } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { busyboxDate, dateByFormat, midnight } from '../lib/busybox-date.ts';
import { isTty } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { hostEntry } from '../lib/hosts.ts';
import { readFile, textOf } from '../lib/io.ts';
import { quoted, quotedIfNeeded } from '../lib/quote.ts';
import { parseDate, strftime, UTC, zoneOf } from '../lib/time.ts';
import { stat } from '../lib/tree.ts';

/** Counterpart: uname(1) */
export const uname = command(function* (cli) {
  const long = {
    all: 'a',
    'kernel-name': 's',
    nodename: 'n',
    'kernel-release': 'r',
    'kernel-version': 'v',
    machine: 'm',
    processor: 'p',
    'hardware-platform': 'i',
    'operating-system': 'o',
  };
  const options = yield* cli.options({ busybox: 'amnrspvio', gnu: 'amnrspvio', long });
  if (typeof options === 'number') return options;
  if (options.args.length) return yield* cli.misuse(`extra operand '${options.args[0]}'`);
  const got: SysResult<Utsname> = yield* sys.uname();
  if (!got.ok) return yield* cli.fail(got.errno, 'uname', 'cannot get system name');
  const u = got.value;
  const all = options.has('a');
  const parts: [string, string][] = [
    ['s', u.sysname],
    ['n', u.nodename],
    ['r', u.release],
    ['v', u.version],
    ['m', u.machine],
    ['p', 'unknown'],
    ['i', 'unknown'],
    ['o', 'GNU/Linux'],
  ];
  const chosen = parts.filter(([key, text]) => (all ? text !== 'unknown' : options.has(key) || (options.list.length === 0 && key === 's')));
  yield* cli.text(`${chosen.map(([, text]) => text).join(' ')}\n`);
  return yield* cli.finish();
});

/** Counterpart: hostname(1) of net-tools and busybox */
export const hostname = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'dfisvF:',
    gnu: 'aAbdfF:hiIsVy',
    long: { short: 's', fqdn: 'f', long: 'f', domain: 'd', 'ip-address': 'i', 'all-ip-addresses': 'I', 'file=': 'F' },
  });
  if (typeof options === 'number') return options;
  const file = options.has('F') ? yield* readFile(options.get('F') as string) : undefined;
  if (file && !file.ok) return yield* cli.fail(file.errno, `can't open '${options.get('F')}'`, `can't open '${options.get('F')}'`);
  const name = file?.ok ? textOf(file.value).trim() : options.args[0];
  if (name !== undefined && cli.gnu && cli.context.name.endsWith('domainname'))
    return yield* cli.error('setting a domain name is not simulated here');
  if (name !== undefined) {
    const set = yield* sys.sethostname(name);
    if (set.ok) return 0;
    if (!cli.gnu) return yield* cli.fail(set.errno, 'sethostname');
    return yield* cli.error(set.errno === 'EPERM' ? 'you must be root to change the host name' : 'the specified hostname is invalid');
  }
  const got: SysResult<Utsname> = yield* sys.uname();
  const node = got.ok ? got.value.nodename : '';
  // Under these names net-tools shows the NIS domain, which is always `(none)` here.
  if (cli.gnu && options.list.length === 0 && cli.context.name === 'domainname') {
    yield* cli.text('(none)\n');
    return yield* cli.finish();
  }
  if (cli.gnu && ((options.list.length === 0 && /^(?:nis|yp)domainname$/.test(cli.context.name)) || options.has('y')))
    return yield* cli.error('Local domain name not set');
  const wanted = ['i', 'I', 'd', 'f'].find((key) => options.has(key));
  if (wanted !== undefined) {
    const [address, full = ''] = (yield* hostEntry(node)) ?? [];
    if (address === undefined) return yield* cli.error(cli.gnu ? 'Name or service not known' : `${node}: Unknown host`);
    if (wanted === 'f') yield* cli.text(`${full}\n`);
    else if (wanted !== 'd') yield* cli.text(`${address}${wanted === 'I' ? ' ' : ''}\n`);
    else if (full.includes('.')) yield* cli.text(`${full.slice(full.indexOf('.') + 1)}\n`);
  } else yield* cli.text(`${options.has('s') ? node.split('.')[0] : node}\n`);
  return yield* cli.finish();
});

/** Counterpart: nproc(1); the processors this process may use, with --all those of /proc/cpuinfo. */
export const nproc = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '', long: { all: 'all', 'ignore=': 'ignore' }, busyboxLong: '*' });
  if (typeof options === 'number') return options;
  if (options.args.length && cli.gnu) return yield* cli.misuse(`extra operand '${options.args[0]}'`);
  const info = yield* readFile('/proc/cpuinfo');
  const all = info.ok ? (textOf(info.value).match(/^processor\s*:/gm)?.length ?? 1) : 1;
  const mask: SysResult<number> = yield* sys.syscall('sched_getaffinity', 0);
  const count = options.has('all') || !mask.ok ? all : mask.value.toString(2).replaceAll('0', '').length;
  yield* cli.text(`${Math.max(1, count - Number(options.get('ignore') ?? 0))}\n`);
  return yield* cli.finish();
});

/** Counterpart: tty(1) */
export const tty = command(function* (cli) {
  const options = yield* cli.options({ busybox: 's', gnu: 's', long: { silent: 's', quiet: 's' }, status: 2 });
  if (typeof options === 'number') return options;
  const is = yield* isTty(0);
  const link: SysResult<string> = is ? yield* sys.readlinkat(AT_FDCWD, '/proc/self/fd/0') : { ok: false, errno: 'ENOTTY' };
  if (!options.has('s')) yield* cli.text(`${is ? (link.ok ? link.value : '/dev/tty') : 'not a tty'}\n`);
  return yield* cli.finish(is ? 0 : 1);
});

/** Counterpart: stty(1), the settings the terminal here has */
export const stty = command(function* (cli) {
  const args = cli.context.argv.slice(1);
  const got = (yield* sys.ioctl(0, { request: 'TCGETS' })) as SysResult<Termios>;
  if (!got.ok) return yield* cli.fail(got.errno, 'standard input', "'standard input'");
  const size = (yield* sys.ioctl(0, { request: 'TIOCGWINSZ' })) as SysResult<Winsize>;
  const { rows, cols } = size.ok ? size.value : { rows: 0, cols: 0 };
  let termios = got.value;
  if (args.length === 0 || args[0] === '-a') {
    const flag = (on: boolean, name: string): string => `${on ? '' : '-'}${name}`;
    yield* cli.text(`speed 38400 baud;${args.length ? ` rows ${rows}; columns ${cols};` : ''} line = 0;\n`);
    if (args.length)
      yield* cli.text(
        `intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; susp = ^Z;\n${flag(termios.icrnl, 'icrnl')} ${flag(termios.opost, 'opost')} ${flag(termios.isig, 'isig')} ${flag(termios.icanon, 'icanon')} ${flag(termios.echo, 'echo')}\n`,
      );
    return yield* cli.finish();
  }
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string;
    const on = !word.startsWith('-');
    const name = word.replace(/^-/, '');
    if (word === 'size') yield* cli.text(`${rows} ${cols}\n`);
    else if (word === 'sane') termios = { icanon: true, echo: true, isig: true, icrnl: true, opost: true };
    else if (word === 'raw') termios = { icanon: false, echo: termios.echo, isig: false, icrnl: false, opost: false };
    else if (word === 'cooked' || word === '-raw') termios = { ...termios, icanon: true, isig: true, icrnl: true, opost: true };
    else if (name in termios) termios = { ...termios, [name]: on };
    else if (['rows', 'cols', 'columns'].includes(word)) {
      const value = Number(args[++at]);
      yield* sys.ioctl(0, { request: 'TIOCSWINSZ', winsize: word === 'rows' ? { rows: value, cols } : { rows, cols: value } });
    } else return yield* cli.misuse(`invalid argument '${word}'`);
  }
  yield* sys.ioctl(0, { request: 'TCSETS', termios });
  return yield* cli.finish();
});

/** Counterpart: sync(1) */
export const sync = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'df', gnu: 'df', long: { data: 'd', 'file-system': 'f' } });
  if (typeof options === 'number') return options;
  for (const path of options.args) {
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
    if (fd.ok) yield* sys.close(fd.value);
    else yield* cli.fail(fd.errno, path, `error opening ${quoted(path)}`);
  }
  yield* sys.sync();
  return yield* cli.finish();
});

/** Counterpart: date(1) */
export const date = command(function* (cli) {
  const long = {
    'date=': 'd',
    'set=': 's',
    utc: 'u',
    universal: 'u',
    uct: 'u',
    'reference=': 'r',
    'rfc-email': 'R',
    'rfc-2822': 'R',
    'iso-8601=?': 'I',
    'rfc-3339=': 'rfc',
    'file=': 'f',
  };
  const options = yield* cli.options({
    busybox: 'Rs:ud:r:D:I::',
    gnu: 'd:f:I::r:Rs:u',
    long,
    busyboxLong: 'rfc-2822 set utc date reference',
  });
  if (typeof options === 'number') return options;
  const clock: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  const now = clock.ok ? clock.value : 0n;
  const rest = [...options.args];
  let format = rest[0]?.startsWith('+') ? (rest.shift() as string).slice(1) : undefined;
  const operand = rest[0];
  if (operand !== undefined && cli.gnu && (format !== undefined || !/^\d{8,12}(\.\d\d)?$/.test(operand))) {
    if (rest[1] !== undefined) return yield* cli.misuse(`extra operand '${rest[1]}'`);
    return format !== undefined ? yield* cli.misuse(`extra operand '${operand}'`) : yield* cli.error(`invalid date '${operand}'`);
  }
  if (!cli.gnu && rest.length > (options.has('s') || options.has('d') ? 0 : 1)) return yield* cli.usage();
  const tz = cli.getenv('TZ');
  // An empty TZ means a file of that name, which busybox's images lack.
  const zone = options.has('u') ? UTC : tz === '' && !cli.gnu ? { offset: 0, name: 'Universal' } : zoneOf(tz);
  let when = now;
  const text = options.get('s') ?? options.get('d') ?? operand;
  if (options.has('r')) {
    const got: SysResult<Stat> = yield* stat(options.get('r') as string);
    if (!got.ok) return yield* cli.fail(got.errno, `can't stat '${options.get('r')}'`, quotedIfNeeded(options.get('r') as string));
    when = got.value.mtime;
  } else if (text !== undefined) {
    // MMDDhhmm[[CC]YY] of the operand puts the year last.
    const m = operand === text ? /^(\d{8})(\d\d|\d{4})?(\.\d\d)?$/.exec(text) : null;
    const digits = m ? `${m[2] ?? ''}${m[1]}${m[3] ?? ''}` : operand === text && /^\d+$/.test(text) ? '' : text;
    const format = options.get('D');
    const start = midnight(now, zone);
    const seconds =
      cli.gnu && !m ? undefined : format === undefined ? busyboxDate(digits, start, zone) : dateByFormat(text, format, start, zone);
    if (seconds === null) return yield* cli.error(`the format '${format}' is not simulated here`);
    const parsed = cli.gnu && !m ? parseDate(text, now, zone) : seconds === undefined ? undefined : BigInt(seconds) * 1_000_000_000n;
    if (parsed === undefined) return yield* cli.error(`invalid date '${text}'`);
    when = parsed;
  }
  if (options.has('s') || (operand !== undefined && !options.has('d'))) {
    const set = yield* sys.clock_settime(when);
    if (!set.ok) yield* cli.fail(set.errno, "can't set date", 'cannot set date');
    if (!cli.gnu) cli.status = 0;
  }
  if (options.has('R')) format = '%a, %d %b %Y %H:%M:%S %z';
  if (options.has('I')) {
    const forms: Readonly<Record<string, string>> = {
      '': '%Y-%m-%d',
      date: '%Y-%m-%d',
      hours: '%Y-%m-%dT%H%:z',
      minutes: '%Y-%m-%dT%H:%M%:z',
      seconds: '%Y-%m-%dT%H:%M:%S%:z',
      ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
    };
    const given = options.get('I') as string;
    const form = Object.keys(forms).find((name) => name === given) ?? Object.keys(forms).find((name) => name.startsWith(given));
    if (form === undefined && !cli.gnu) return yield* cli.usage();
    format = forms[form ?? ''] ?? '%Y-%m-%d';
    if (!cli.gnu) format = format.replace('%N', '0'.repeat(9));
  }
  const rfc = options.get('rfc');
  if (rfc !== undefined) format = rfc === 'date' ? '%Y-%m-%d' : rfc === 'ns' ? '%Y-%m-%d %H:%M:%S.%N%:z' : '%Y-%m-%d %H:%M:%S%:z';
  yield* cli.text(
    `${strftime(cli.gnu || format === undefined ? (format ?? '%a %b %e %H:%M:%S %Z %Y') : format.replace(/%(?=\d*N)/g, '%%'), when, zone)}\n`,
  );
  return yield* cli.finish();
});
