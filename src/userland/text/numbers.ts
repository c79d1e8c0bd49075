// factor, sum, crc32, cal, and the line ends of dos2unix and unix2dos.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { unbin } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { writeAll } from '../lib/io.ts';
import { slurp } from '../lib/lines.ts';
import { quoted, quotedIfNeeded } from '../lib/quote.ts';
import { civil } from '../lib/time.ts';

/** Counterpart: factor(1). Deviates: numbers beyond 2^53 are refused. */
export const factor = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '' });
  if (typeof options === 'number') return options;
  let words = options.args;
  if (words.length === 0) {
    const got = yield* slurp('-');
    words = got.ok ? got.value.split(/\s+/).filter(Boolean) : [];
  }
  for (const word of words) {
    if (!/^\+?\d+$/.test(word)) {
      if (!cli.gnu) return yield* cli.usage();
      yield* cli.error(`${quoted(word)} is not a valid positive integer`);
      continue;
    }
    let rest = Number(word);
    if (rest > Number.MAX_SAFE_INTEGER) return yield* cli.error(`${word} is too large to be factored here`);
    const factors: number[] = [];
    for (let divisor = 2; divisor * divisor <= rest; divisor += divisor === 2 ? 1 : 2)
      while (rest % divisor === 0) {
        factors.push(divisor);
        rest /= divisor;
      }
    if (rest > 1) factors.push(rest);
    yield* cli.text(`${Number(word)}:${factors.map((one) => ` ${one}`).join('')}\n`);
  }
  return yield* cli.finish();
});

/** Contents of each file, with a complaint for those that cannot be read. */
function* each(cli: Cli, names: readonly string[], done: (name: string, bin: string) => Program<void>): Program<void> {
  for (const name of names.length ? names : ['-']) {
    const got = yield* slurp(name);
    if (got.ok) yield* done(name, got.value);
    else yield* cli.fail(got.errno, `can't open '${name}'`, quotedIfNeeded(name));
  }
}

/** Counterpart: sum(1) */
export const sum = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'sr', gnu: 'rs', long: { sysv: 's' } });
  if (typeof options === 'number') return options;
  const sysv = options.last('r', 's') === 's';
  yield* each(cli, options.args, function* (name, bin) {
    let value = 0;
    for (let at = 0; at < bin.length; at++) {
      const byte = bin.charCodeAt(at);
      value = sysv ? (value + byte) % 0x100000000 : ((value >> 1) + ((value & 1) << 15) + byte) & 0xffff;
    }
    const named = name === '-' && options.args.length === 0 ? '' : ` ${name}`;
    if (sysv) {
      const folded = (value & 0xffff) + Math.floor(value / 65536);
      yield* cli.text(`${(folded & 0xffff) + (folded >> 16)} ${Math.ceil(bin.length / 512)}${named}\n`);
    } else {
      const shown = cli.gnu || options.args.length > 1 ? named : ' ';
      yield* cli.text(`${String(value).padStart(5, '0')} ${String(Math.ceil(bin.length / 1024)).padStart(5)}${shown}\n`);
    }
  });
  return yield* cli.finish();
});

/** Counterpart: crc32 of busybox, which is gzip's checksum */
export const crc32 = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  yield* each(cli, options.args, function* (name, bin) {
    let crc = -1;
    for (let at = 0; at < bin.length; at++) {
      crc ^= bin.charCodeAt(at);
      for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    yield* cli.text(`${(~crc >>> 0).toString(16).padStart(8, '0')}${options.args.length > 0 ? ` ${name}` : ''}\n`);
  });
  return yield* cli.finish();
});

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const center = (text: string, width: number): string => {
  const left = Math.floor((width - text.length) / 2);
  return ' '.repeat(left) + text + ' '.repeat(width - text.length - left);
};

/** Six rows of seven days. */
function weeks(year: number, month: number, monday: boolean): string[] {
  const first = (new Date(Date.UTC(year, month, 1)).getUTCDay() + (monday ? 6 : 0)) % 7;
  const days = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Array.from({ length: 6 }, (_, row) =>
    Array.from({ length: 7 }, (__, column) => {
      const day = row * 7 + column - first + 1;
      return day < 1 || day > days ? '  ' : String(day).padStart(2);
    }).join(' '),
  );
}

/** Counterpart: cal of busybox. Deviates: -j is not simulated; before 1752 the Gregorian calendar is used. */
export const cal = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'jmy', gnu: '' });
  if (typeof options === 'number') return options;
  if (options.has('j')) return yield* cli.error('-j is not simulated here');
  const clock: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  const now = civil(clock.ok ? clock.value : 0n);
  const numbers: number[] = [];
  if (options.args.length > 2) return yield* cli.usage();
  for (const [at, text] of options.args.entries()) {
    const value = yield* cli.count(text, '');
    if (value === undefined) return 1;
    const top = at === 0 && options.args.length === 2 ? 12 : 9999;
    if (value < 1 || value > top) return yield* cli.error(`number ${text} is not in 1..${top} range`);
    numbers.push(value);
  }
  const heads = options.has('m') ? 'Mo Tu We Th Fr Sa Su' : 'Su Mo Tu We Th Fr Sa';
  const year = numbers.at(-1) ?? now.year;
  if (!options.has('y') && numbers.length !== 1) {
    const month = numbers.length === 2 ? (numbers[0] as number) - 1 : now.month - 1;
    const rows = weeks(year, month, options.has('m')).map((row) => row.trimEnd());
    const last = rows.findLastIndex((row) => row !== '');
    const shown = rows.map((row, at) => (at > last ? ' '.repeat(21) : row));
    yield* cli.text(`${center(`${MONTHS[month]} ${year}`, 20).trimEnd()}\n${heads}\n${shown.join('\n')}\n`);
    return yield* cli.finish();
  }
  yield* cli.text(`${center(String(year), 64)}\n\n`);
  for (let quarter = 0; quarter < 12; quarter += 3) {
    const names = [0, 1, 2].map((at) => center(MONTHS[quarter + at] as string, 20));
    const blocks = [0, 1, 2].map((at) => weeks(year, quarter + at, options.has('m')));
    yield* cli.text(`${names.join('  ')}\n${[heads, heads, heads].join('  ')}\n`);
    for (let row = 0; row < 6; row++) {
      const line = blocks
        .map((block) => block[row])
        .join('  ')
        .trimEnd();
      yield* cli.text(`${line === '' ? ' '.repeat(79) : line}\n`);
    }
  }
  return yield* cli.finish();
});

/** Counterpart: dos2unix and unix2dos of busybox */
export const dos2unix = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'du', gnu: '' });
  if (typeof options === 'number') return options;
  const toDos = options.has('d') || (cli.context.name === 'unix2dos' && !options.has('u'));
  const change = (bin: string): string => bin.replace(/\r?\n/g, toDos ? '\r\n' : '\n');
  if (options.args.length === 0) {
    const got = yield* slurp('-');
    if (got.ok) yield* cli.out(change(got.value));
  }
  for (const name of options.args) {
    const got = yield* slurp(name);
    const fd: SysResult<number> = got.ok ? yield* sys.openat(AT_FDCWD, name, O_WRONLY | O_TRUNC) : got;
    if (!got.ok || !fd.ok) return yield* cli.error(`${name}: ${strerror(got.ok ? (fd.ok ? 'EIO' : fd.errno) : got.errno)}`);
    yield* writeAll(fd.value, unbin(change(got.value)));
    yield* sys.close(fd.value);
  }
  return yield* cli.finish();
});
