// uniq, cut, tr: line and column filters.

import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { argmatch } from '../lib/argmatch.ts';
import { toBin } from '../lib/bytes.ts';
import { command } from '../lib/command-line.ts';
import { closeInput, LineReader, openInput } from '../lib/lines.ts';
import { quoted, quotedIfNeeded } from '../lib/quote.ts';

const GROUPING = [['prepend'], ['append'], ['separate'], ['both']] as const;
const DELIMITING = [['none'], ['prepend'], ['separate']] as const;

/** Counterpart: uniq(1) */
export const uniq = command(function* (cli) {
  const long = {
    count: 'c',
    repeated: 'd',
    'ignore-case': 'i',
    'skip-fields=': 'f',
    'skip-chars=': 's',
    unique: 'u',
    'check-chars=': 'w',
    'zero-terminated': 'z',
    'all-repeated=?': 'D',
    'group=?': 'group',
  };
  const options = yield* cli.options({ busybox: 'cduif:s:w:z', gnu: 'cdDf:is:uw:z', long });
  if (typeof options === 'number') return options;
  const grouping = options.has('group') ? yield* argmatch(cli, '--group', options.get('group') || 'separate', GROUPING) : undefined;
  if (options.has('group') && grouping === undefined) return 1;
  if (grouping !== undefined && ['c', 'd', 'D', 'u'].some((key) => options.has(key)))
    return yield* cli.misuse('--group is mutually exclusive with -c/-d/-D/-u');
  const repeated = options.has('D') ? yield* argmatch(cli, '--all-repeated', options.get('D') || 'none', DELIMITING) : 'none';
  if (repeated === undefined) return 1;
  const [input = '-', output, extra] = options.args;
  if (extra !== undefined) return yield* cli.misuse(`extra operand '${extra}'`);
  for (const [key, what] of [
    ['f', 'fields to skip'],
    ['s', 'bytes to skip'],
    ['w', 'bytes to compare'],
  ] as const) {
    const text = options.get(key);
    if (text !== undefined && (yield* cli.count(text, `${text}: invalid number of ${what}`)) === undefined) return 1;
  }
  const fd = yield* openInput(input);
  if (!fd.ok) return yield* cli.fail(fd.errno, `can't open '${input}'`, quotedIfNeeded(input));
  if (output !== undefined && output !== '-') {
    const target: SysResult<number> = yield* sys.openat(AT_FDCWD, output, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
    if (!target.ok) return yield* cli.fail(target.errno, `can't open '${output}'`, quotedIfNeeded(output));
    yield* sys.dup2(target.value, 1);
  }
  const wholeLines = !['f', 's', 'w', 'i'].some((key) => options.has(key));
  const keyOf = (line: string): string => {
    if (wholeLines) return line;
    let key = line;
    for (let n = Number(options.get('f') ?? 0); n > 0; n--) key = key.replace(/^[ \t]*[^ \t]*/, '');
    key = key.slice(Number(options.get('s') ?? 0));
    if (options.has('w')) key = key.slice(0, Number(options.get('w')));
    return options.has('i') ? key.toLowerCase() : key;
  };
  const reader = new LineReader(fd.value, options.has('z') ? '\0' : '\n', true);
  const end = options.has('z') ? '\0' : '\n';
  let held: string | undefined;
  let count = 0;
  let groups = 0;
  const emit = function* (): Program<void> {
    if (held === undefined || (options.has('d') && count < 2) || (options.has('u') && count > 1)) return;
    yield* cli.out((options.has('c') ? `${String(count).padStart(7)} ` : '') + held + end);
  };
  for (let line = yield* reader.next(); line !== undefined; line = reader.ready() ?? (yield* reader.next())) {
    const text = line.endsWith(end) ? line.slice(0, -1) : line;
    if (held !== undefined && keyOf(held) === keyOf(text)) {
      count++;
      if (grouping !== undefined) yield* cli.out(text + end);
      if (options.has('D')) {
        const gap = count === 2 && (repeated === 'prepend' || (repeated === 'separate' && groups > 0)) ? end : '';
        if (count === 2) groups++;
        yield* cli.out(gap + (count === 2 ? held + end : '') + text + end);
      }
      continue;
    }
    if (grouping !== undefined) {
      const first = groups++ === 0;
      yield* cli.out((grouping === 'prepend' || grouping === 'both' || !first ? end : '') + text + end);
    } else if (!options.has('D')) yield* emit();
    held = text;
    count = 1;
  }
  if (grouping === undefined && !options.has('D')) yield* emit();
  if (groups > 0 && (grouping === 'append' || grouping === 'both')) yield* cli.out(end);
  if (reader.error) yield* cli.fail(reader.error, input, `error reading ${quotedIfNeeded(input)}`);
  yield* closeInput(fd.value);
  return yield* cli.finish();
});

/** Counterpart: cut(1) */
export const cut = command(function* (cli) {
  const long = {
    'bytes=': 'b',
    'characters=': 'c',
    'fields=': 'f',
    'delimiter=': 'd',
    'only-delimited': 's',
    complement: 'x',
    'output-delimiter=': 'O',
    'zero-terminated': 'z',
  };
  const options = yield* cli.options({ busybox: 'b:c:f:d:sF:DO:n', gnu: 'b:c:d:f:nsz', long });
  if (typeof options === 'number') return options;
  const kinds = options.list.filter((option) => 'bcfF'.includes(option.key) && option.key.length === 1);
  if (kinds.length > 1) return yield* cli.misuse('only one list may be specified');
  const kind = kinds[0]?.key;
  if (kind === undefined)
    return cli.gnu
      ? yield* cli.misuse('you must specify a list of bytes, characters, or fields')
      : yield* cli.error('expected a list of bytes, characters, or fields');
  const ranges: [number, number][] = [];
  for (const part of (options.get(kind) as string).split(/[, ]/)) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || (match[1] === '' && match[3] === ''))
      return cli.gnu
        ? yield* cli.misuse(
            /^[-0-9]+$/.test(part)
              ? kind === 'f'
                ? 'invalid field range'
                : 'invalid byte or character range'
              : `invalid ${kind === 'f' ? 'field value' : 'byte/character position'} ${quoted(part)}`,
          )
        : yield* cli.error(`invalid number '${part}'`);
    const from = Number(match[1] || 1);
    const to = match[2] ? (match[3] ? Number(match[3]) : Number.POSITIVE_INFINITY) : from;
    // busybox lets such ranges be; they choose nothing.
    if (from === 0 && cli.gnu)
      return yield* cli.misuse(kind === 'f' ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1');
    if (to < from && cli.gnu) return yield* cli.misuse('invalid decreasing range');
    ranges.push([from, to]);
  }
  const given = toBin(options.get('d') ?? '\t');
  // busybox takes the first character of what it is given, but for its own regular expressions.
  const delimiter = cli.gnu || kind === 'F' ? given : given.slice(0, 1);
  if (delimiter.length > 1 && cli.gnu) return yield* cli.misuse('the delimiter must be a single character');
  if (options.has('d') && kind !== 'f' && cli.gnu)
    return yield* cli.misuse('an input delimiter may be specified only when operating on fields');
  const wanted = (n: number): boolean => ranges.some(([from, to]) => n >= from && n <= to) !== options.has('x');
  const [only] = ranges;
  // One range, the usual case, is a slice.
  const bytesOfLine = (line: string): string =>
    only !== undefined && ranges.length === 1 && only[0] > 0 && !options.has('x')
      ? line.slice(only[0] - 1, Math.max(only[0] - 1, only[1]))
      : [...line].filter((_, at) => wanted(at + 1)).join('');
  const join = toBin(options.get('O') ?? (kind === 'f' ? delimiter : ''));
  for (const name of options.args.length ? options.args : ['-']) {
    const fd = yield* openInput(name);
    if (!fd.ok) {
      yield* cli.fail(fd.errno, name === '-' ? name : `${name}`, quotedIfNeeded(name));
      continue;
    }
    const reader = new LineReader(fd.value, '\n', true);
    for (let raw = yield* reader.next(); raw !== undefined; raw = reader.ready() ?? (yield* reader.next())) {
      const line = raw.endsWith('\n') ? raw.slice(0, -1) : raw;
      if (kind === 'b' || kind === 'c') {
        if (cli.put(`${bytesOfLine(line)}\n`)) yield* cli.settle();
      } else if (kind === 'F') {
        const cells = line.split(options.has('d') ? new RegExp(delimiter) : /[ \t]+/);
        yield* cli.out(`${cells.filter((_, at) => wanted(at + 1)).join(toBin(options.get('O') ?? ' '))}\n`);
      } else if (delimiter !== '' && line.includes(delimiter))
        yield* cli.out(
          `${line
            .split(delimiter)
            .filter((_, at) => wanted(at + 1))
            .join(join)}\n`,
        );
      else if (!options.has('s')) yield* cli.out(`${line}\n`);
    }
    if (reader.error) yield* cli.fail(reader.error, name, quotedIfNeeded(name));
    yield* closeInput(fd.value);
  }
  return yield* cli.finish();
});

const CLASS: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[\t-\r ]/,
  blank: /[\t ]/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[ -~]/,
  graph: /[!-~]/,
  cntrl: /[\0-\x1f\x7f]/,
  xdigit: /[0-9A-Fa-f]/,
};
const BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\' };

/** The characters of a set of tr, in order; `[c*]` fills up to `length`. */
function expandSet(text: string, length: number): string[] {
  const result: string[] = [];
  const units: string[] = [];
  let rest = text;
  const flushRange = (): void => {
    result.push(...units.splice(0));
  };
  let fillAt = -1;
  let fill = '';
  while (rest !== '') {
    let match = /^\[:(\w+):\]/.exec(rest);
    const members = match ? CLASS[match[1] as string] : undefined;
    if (match && members) {
      flushRange();
      result.push(...BYTES.filter((byte) => members.test(byte)));
      rest = rest.slice(match[0].length);
      continue;
    }
    if ((match = /^\[=([\s\S])=\]/.exec(rest))) {
      result.push(match[1] as string);
      rest = rest.slice(match[0].length);
      continue;
    }
    if ((match = /^\[([\s\S])\*(\d*)\]/.exec(rest))) {
      if (match[2])
        result.push(...new Array<string>(Number.parseInt(match[2], match[2].startsWith('0') ? 8 : 10)).fill(match[1] as string));
      else [fillAt, fill] = [result.length, match[1] as string];
      rest = rest.slice(match[0].length);
      continue;
    }
    const one = (): string => {
      const escaped = /^\\([0-7]{1,3}|[\s\S])/.exec(rest);
      const c = escaped
        ? /^[0-7]/.test(escaped[1] as string)
          ? String.fromCharCode(Number.parseInt(escaped[1] as string, 8) & 255)
          : (ESCAPES[escaped[1] as string] ?? (escaped[1] as string))
        : (rest[0] as string);
      rest = rest.slice(escaped ? escaped[0].length : 1);
      return c;
    };
    const from = one();
    if (rest[0] === '-' && rest.length > 1) {
      rest = rest.slice(1);
      const to = one();
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) result.push(String.fromCharCode(code));
    } else result.push(from);
  }
  if (fillAt >= 0) result.splice(fillAt, 0, ...new Array<string>(Math.max(0, length - result.length)).fill(fill));
  return result;
}

/** What GNU tr has against a set. */
function badSet(text: string): string | undefined {
  for (const [, name = ''] of text.matchAll(/\[:(\w+):\]/g)) if (!CLASS[name]) return `invalid character class ${quoted(name)}`;
  for (const [range, from = '', to = ''] of text.replace(/\[[:=].*?[:=]\]/g, '').matchAll(/([^\\])-([^\\])/g))
    if (from > to) return `range-endpoints of ${quoted(range)} are in reverse collating sequence order`;
  return undefined;
}

/** Counterpart: tr(1) */
export const tr = command(function* (cli) {
  const options = yield* cli.options({
    busybox: '+Ccds',
    gnu: '+cCdst',
    long: { complement: 'c', delete: 'd', 'squeeze-repeats': 's', 'truncate-set1': 't' },
  });
  if (typeof options === 'number') return options;
  const [first, second, extra] = options.args.map(toBin);
  if (first === undefined) return yield* cli.misuse('missing operand');
  if (extra !== undefined && cli.gnu) return yield* cli.misuse(`extra operand ${quoted(extra)}`);
  const wrong = cli.gnu ? (badSet(first) ?? badSet(second ?? '')) : undefined;
  if (wrong !== undefined) return yield* cli.error(wrong);
  const [deletes, squeezes] = [options.has('d'), options.has('s')];
  if (second === undefined && cli.gnu && !deletes && !squeezes)
    return yield* cli.misuse(`missing operand after '${first}'\nTwo strings must be given when translating.`);
  if (second !== undefined && deletes && !squeezes && cli.gnu)
    return yield* cli.misuse(`extra operand '${second}'\nOnly one string may be given when deleting without squeezing repeats.`);
  if (second === '' && !deletes) {
    if (!cli.gnu) return yield* cli.error('STRING2 cannot be empty');
    return yield* cli.error('when not truncating set1, string2 must be non-empty');
  }
  let from = expandSet(first, 0);
  if (options.has('c') || options.has('C')) {
    const set = new Set(from);
    from = BYTES.filter((byte) => !set.has(byte));
  }
  const to = second === undefined ? [] : expandSet(second, from.length);
  const map = new Map<string, string>();
  if (!deletes && to.length)
    from.forEach((byte, at) => {
      if (at < to.length || !options.has('t')) map.set(byte, to[Math.min(at, to.length - 1)] as string);
    });
  const drop = new Set(deletes ? from : []);
  const squeeze = new Set(squeezes ? (second === undefined ? from : to) : []);
  let last = '';
  for (;;) {
    const got: SysResult<Uint8Array> = yield* sys.read(0, 65536);
    if (!got.ok && got.errno === 'EINTR') continue;
    if (!got.ok) {
      yield* cli.fail(got.errno, 'read error', 'read error');
      break;
    }
    if (got.value.length === 0) break;
    let text = '';
    for (const code of got.value) {
      const byte = BYTES[code] as string;
      if (drop.has(byte)) continue;
      const now = map.get(byte) ?? byte;
      if (now === last && squeeze.has(now)) continue;
      last = now;
      text += now;
    }
    yield* cli.out(text);
  }
  return yield* cli.finish();
});
