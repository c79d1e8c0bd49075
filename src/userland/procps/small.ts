// uptime, w, pwdx, watch, pstree. Counterpart: procps 4.0; busybox 1.35 procps/

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, SysResult, Utsname } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { type Cli, isTty } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { execvp, waitFor } from '../lib/exec.ts';
import { errOut } from '../lib/io.ts';
import { strftime } from '../lib/time.ts';
import { loadavg } from './machine.ts';
import { type ProcessInfo, processes } from './processes.ts';
import { upFor } from './up.ts';

const hint =
  (name: string, usage: string, rows: string): (() => string) =>
  () =>
    `\nUsage:\n ${name} ${usage}\n\nOptions:\n${rows}\nFor more details see ${name}(1).\n`;

function* now(): Program<bigint> {
  const clock: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  return clock.ok ? clock.value : 0n;
}

function* line(gnu: boolean): Program<string> {
  const loads = (yield* loadavg()).split(' ').slice(0, 3).join(', ');
  return ` ${strftime('%H:%M:%S', yield* now())} ${yield* upFor()},  0 user${gnu ? '' : 's'},  load average: ${loads}\n`;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const uptime = command(function* (cli) {
  const usage = hint(
    'uptime',
    '[options]',
    ' -p, --pretty   show uptime in pretty format\n -h, --help     display this help and exit\n -s, --since    system up since\n -V, --version  output version information and exit\n',
  );
  const options = yield* cli.options({ busybox: 's', gnu: 'ps', long: { pretty: 'p', since: 's' }, hint: usage });
  if (typeof options === 'number') return options;
  const info = yield* sys.sysinfo();
  const up = info.ok ? Math.floor(info.value.uptime) : 0;
  if (options.has('s')) yield* cli.text(`${strftime('%Y-%m-%d %H:%M:%S', (yield* now()) - BigInt(up) * 1_000_000_000n)}\n`);
  else if (options.has('p')) {
    const parts = [
      [Math.floor(up / 86400), 'day'],
      [Math.floor(up / 3600) % 24, 'hour'],
      [Math.floor(up / 60) % 60, 'minute'],
    ] as const;
    const said = parts.filter(([count]) => count > 0).map(([count, word]) => plural(count, word));
    yield* cli.text(`up ${said.join(', ') || '0 minutes'}\n`);
  } else yield* cli.text(yield* line(cli.gnu));
  return yield* cli.finish();
});

/** Nobody logs in to a container: utmp is not there. */
const w = command(function* (cli) {
  const usage = hint(
    'w',
    '[options] [user]',
    ' -h, --no-header     do not print header\n -u, --no-current    ignore current process username\n -s, --short         short format\n -f, --from          show remote hostname field\n -o, --old-style     old style output\n -i, --ip-addr       display IP address instead of hostname (if possible)\n\n     --help     display this help and exit\n -V, --version  output version information and exit\n',
  );
  const options = yield* cli.options({ busybox: '', gnu: 'husfoi', long: { 'no-header': 'h', short: 's', from: 'f' }, hint: usage });
  if (typeof options === 'number') return options;
  if (!cli.gnu) yield* cli.text('USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n');
  else if (!options.has('h')) yield* cli.text(`${yield* line(true)}USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n`);
  return yield* cli.finish();
});

const pwdx = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) {
    return yield* cli.gnu && cli.context.help?.hint ? cli.show(cli.context.help.hint) : cli.usage();
  }
  for (const text of options.args) {
    if (!/^(\/proc\/)?\d+$/.test(text)) return yield* cli.error(`invalid process id: ${cli.gnu ? text : `'${text}'`}`);
    const link: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, `/proc/${text.replace('/proc/', '')}/cwd`);
    if (link.ok) yield* cli.text(`${text}: ${link.value}\n`);
    else {
      yield* cli.text(`${text}: ${strerror(link.errno === 'ENOENT' ? 'ESRCH' : link.errno)}\n`);
      if (cli.gnu) cli.status = 1;
    }
  }
  return yield* cli.finish();
});

/** Counterpart: watch(1). Deviates: -d does not mark changes. */
const watch = command(function* (cli) {
  const long = { 'interval=': 'n', 'no-title': 't', exec: 'x', errexit: 'e', chgexit: 'g', differences: 'd', color: 'c', beep: 'b' };
  const options = yield* cli.options({ busybox: '+n:td', gnu: '+bcdegn:tx', long });
  if (typeof options === 'number') return options;
  for (const key of 'egd') if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`);
  if (options.args.length === 0) return yield* cli.gnu && cli.context.help?.hint ? cli.show(cli.context.help.hint) : cli.usage();
  const period = Number(options.get('n') ?? 2);
  if (Number.isNaN(period))
    return yield* cli.error(cli.gnu ? `failed to parse argument: '${options.get('n')}'` : `invalid number '${options.get('n')}'`);
  const words = options.args.join(' ');
  const host: SysResult<Utsname> = yield* sys.uname();
  if (cli.gnu && !(yield* isTty(1))) {
    yield* errOut('Error opening terminal: unknown.\n');
    return 1;
  }
  for (;;) {
    yield* cli.text('\x1b[H\x1b[J');
    if (!options.has('t')) {
      const left = `Every ${period.toFixed(1)}s: ${words}`;
      const right = cli.gnu
        ? `${host.ok ? host.value.nodename : ''}: ${strftime('%a %b %e %H:%M:%S %Y', yield* now())}`
        : strftime('%Y-%m-%d %H:%M:%S', yield* now());
      yield* cli.text(`${left}${right.padStart(Math.max(right.length + 1, 80 - left.length))}\n\n`);
    }
    yield* cli.flush();
    yield* once(cli, options.has('x') ? options.args : ['sh', '-c', words]);
    const slept: SysResult<void> = yield* sys.nanosleep(BigInt(Math.round(Math.max(0.1, period) * 1e9)));
    if (!slept.ok) return 0;
  }
});

function* once(cli: Cli, argv: readonly string[]): Program<void> {
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      const errno = yield* execvp(argv, cli.context.env);
      yield* errOut(`${cli.prog}: ${argv[0]}: ${strerror(errno)}\n`);
      return 127;
    },
  });
  if (child.ok) yield* waitFor(child.value);
}

/** Counterpart: pstree of busybox: the first child stands beside its parent, the others below it. */
const pstree = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'p', gnu: 'p' });
  if (typeof options === 'number') return options;
  const all = yield* processes();
  const withPid = options.has('p');
  const draw = (one: ProcessInfo): string[] => {
    const name = withPid ? `${one.comm}(${one.pid})` : one.comm;
    const children = all.filter((other) => other.ppid === one.pid).map(draw);
    if (children.length === 0) return [name];
    const pad = ' '.repeat(name.length);
    return children.flatMap((lines, at) => {
      const only = children.length === 1;
      const end = at === children.length - 1;
      const mark = at === 0 ? (only ? '---' : '-+-') : end ? ' `-' : ' |-';
      return lines.map((text, row) => `${at === 0 && row === 0 ? name : pad}${row === 0 ? mark : end ? '   ' : ' | '}${text}`);
    });
  };
  const root = all.find((one) => one.pid === Number(options.args[0] ?? 1));
  if (root)
    yield* cli.text(
      draw(root)
        .map((text) => `${text}\n`)
        .join(''),
    );
  return yield* cli.finish();
});

export const smallCommands = { uptime, w, pwdx, watch };
export const busyboxSmall = { pstree };
