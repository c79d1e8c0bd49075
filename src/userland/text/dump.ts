// Bytes as numbers: od, hexdump, xxd; and cmp.

import { strerror } from '#abi/errno.ts';
import type { Program } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp } from '../lib/lines.ts';
import { quotedIfNeeded } from '../lib/quote.ts';
import { parseSize } from '../lib/size.ts';
import { misuse } from './diff.ts';
import { CHAR, CONTROLS } from './dump-words.ts';

function* gather(cli: Cli, names: readonly string[]): Program<string> {
  let all = '';
  for (const name of names.length ? names : ['-']) {
    const got = yield* slurp(name);
    if (got.ok) all += got.value;
    else yield* cli.fail(got.errno, name, quotedIfNeeded(name));
  }
  return all;
}

const code = (data: string, at: number): number => data.charCodeAt(at) || 0;
const little = (data: string, at: number, size: number): bigint => {
  let value = 0n;
  for (let i = size - 1; i >= 0; i--) value = value * 256n + BigInt(code(data, at + i));
  return value;
};
const hex = (value: number | bigint, width: number): string => value.toString(16).padStart(width, '0');

/** od has other names for three of them. */
const odName = (code: number): string | undefined => ({ 10: 'nl', 17: 'dc1', 32: 'sp' })[code] ?? CONTROLS[code];

interface Format {
  readonly size: number;
  readonly width: number;
  readonly show: (data: string, at: number) => string;
}

function odFormat(kind: string, size: number): Format {
  const digits: Readonly<Record<string, readonly number[]>> = { o: [3, 6, 11, 22], x: [2, 4, 8, 16], u: [3, 5, 10, 20], d: [4, 6, 11, 20] };
  if (kind === 'c')
    return {
      size: 1,
      width: 4,
      show: (data, at) =>
        CHAR[code(data, at)] ?? (/[ -~]/.test(data[at] as string) ? (data[at] as string) : code(data, at).toString(8).padStart(3, '0')),
    };
  if (kind === 'a')
    return {
      size: 1,
      width: 4,
      show: (data, at) =>
        odName(code(data, at) & 127) ?? ((code(data, at) & 127) === 127 ? 'del' : String.fromCharCode(code(data, at) & 127)),
    };
  const width = (digits[kind] as readonly number[])[Math.log2(size)] as number;
  return {
    size,
    width: width + 1,
    show: (data, at) => {
      const value = little(data, at, size);
      if (kind === 'd') return String(BigInt.asIntN(size * 8, value));
      return kind === 'u' ? String(value) : value.toString(kind === 'o' ? 8 : 16).padStart(width, '0');
    },
  };
}

const SIZES: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8 };
const OLD: Readonly<Record<string, string>> = {
  a: 'a',
  b: 'o1',
  c: 'c',
  d: 'u2',
  o: 'o2',
  s: 'd2',
  x: 'x2',
  i: 'd4',
  l: 'd8',
  X: 'x4',
  h: 'x2',
};

/** Counterpart: od(1) */
export const od = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'abcdfhilovxsA:j:N:S:t:w::',
    gnu: 'A:aBbcDdeFfHhIij:LlN:OoS:st:vw::Xx',
    long: { 'address-radix=': 'A', 'skip-bytes=': 'j', 'read-bytes=': 'N', 'format=': 't', 'output-duplicates': 'v', 'width=?': 'w' },
  });
  if (typeof options === 'number') return options;
  const specs: string[] = [];
  for (const { key, value } of options.list) {
    if (key === 't' && !/^([acdfoux]([1248CSILFD]|\d*)z?)+$/.test(value))
      return yield* cli.error(`invalid character '${/[^acdfoux1248CSILFDz]/.exec(value)?.[0] ?? value[0]}' in type string '${value}'`);
    if (key === 't' && value.startsWith('f')) return yield* cli.error('floating point (-t f) is not simulated here');
    if (key === 't') specs.push(...(value.match(/[acdoux][1248CSIL]?z?/g) ?? []));
    else if (!cli.gnu && 'il'.includes(key)) specs.push(key === 'i' ? 'd2' : 'd4');
    else if (OLD[key]) specs.push(OLD[key] as string);
  }
  if (!cli.gnu && specs.some((spec) => spec.endsWith('z')))
    return yield* cli.error(`invalid type string '${options.get('t')}'; 4294967295-byte integral type is not supported`);
  const formats = (specs.length ? specs : ['o2']).map((spec) => ({
    ...odFormat(spec[0] as string, SIZES[spec[1] ?? ''] ?? Number(/\d/.exec(spec)?.[0] ?? 4)),
    letters: spec.endsWith('z'),
  }));
  const skip = parseSize(options.get('j') ?? '0') ?? 0;
  const limit = options.has('N') ? (parseSize(options.get('N') as string) ?? 0) : Number.POSITIVE_INFINITY;
  const input = yield* gather(cli, options.args);
  if (skip > input.length)
    return yield* cli.error(cli.gnu ? 'cannot skip past end of combined input' : "can't skip past end of combined input");
  const data = input.slice(skip, skip + limit);
  const row = Number(options.get('w') || (options.has('w') ? 32 : 16));
  const radix = options.get('A') ?? 'o';
  if (!/^[doxn]$/.test(radix))
    return yield* cli.error(
      cli.gnu
        ? `invalid output address radix '${radix}'; it must be one character from [doxn]`
        : `bad output address radix '${radix}' (must be [doxn])`,
    );
  const address = (at: number): string =>
    radix === 'n' ? '' : radix === 'x' ? hex(at, 6) : radix === 'd' ? String(at).padStart(7, '0') : at.toString(8).padStart(7, '0');
  // All formats of a row are as wide per byte as the widest.
  const perByte = Math.max(...formats.map((format) => format.width / format.size));
  let previous = '';
  let starred = false;
  for (let at = 0; at < data.length; at += row) {
    const part = data.slice(at, at + row);
    if (part === previous && part.length === row && !options.has('v')) {
      if (!starred) yield* cli.out('*\n');
      starred = true;
      continue;
    }
    [previous, starred] = [part, false];
    for (const [index, format] of formats.entries()) {
      let line = index === 0 ? address(skip + at) : ' '.repeat(address(0).length);
      for (let i = 0; i < part.length; i += format.size) line += format.show(part, i).padStart(Math.round(perByte * format.size));
      const bytes = Math.ceil(row / format.size) * Math.round(perByte * format.size) + address(0).length;
      const letters = part.replace(/[^ -~]/g, '.');
      yield* cli.out(format.letters ? `${line.padEnd(bytes)}  >${letters}<\n` : `${line}\n`);
    }
  }
  if (radix !== 'n' && !(cli.status !== 0 && data === '')) yield* cli.out(`${address(skip + data.length)}\n`);
  return yield* cli.finish();
});

const octal = (byte: number): string => byte.toString(8).padStart(3);
/** A byte as cat -t shows it. */
const visible = (byte: number): string => {
  const low = byte & 127;
  return `${byte > 127 ? 'M-' : ''}${low === 127 ? '^?' : low < 32 ? `^${String.fromCharCode(low + 64)}` : String.fromCharCode(low)}`;
};

/** Counterpart: cmp(1) */
export const cmp = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'lsn:',
    gnu: 'bi:ln:sv',
    long: { quiet: 's', silent: 's', verbose: 'l', 'bytes=': 'n', 'print-bytes': 'b', 'ignore-initial=': 'i' },
    status: 2,
    hint: (prog) => `${prog}: Try '${prog} --help' for more information.\n`,
  });
  if (typeof options === 'number') return options;
  const [a, b = '-'] = options.args;
  if (a === undefined) return yield* misuse(cli, `missing operand after '${cli.prog}'`);
  if (cli.gnu && options.args.length > 4) return yield* misuse(cli, `extra operand '${options.args[4]}'`);
  if (cli.gnu && options.has('l') && options.has('s')) return yield* misuse(cli, 'options -l and -s are incompatible');
  const skips = [...(options.get('i')?.split(':') ?? []), ...options.args.slice(2)];
  const skip = [skips[0] ?? '0', options.args[3] ?? (options.has('i') ? (skips[1] ?? skips[0]) : '0') ?? '0'].map(parseSize);
  const limit = options.has('n') ? parseSize(options.get('n') as string) : Number.POSITIVE_INFINITY;
  if (limit === undefined) return yield* misuse(cli, `invalid --bytes value '${options.get('n')}'`);
  if (skip.includes(undefined)) return yield* misuse(cli, `invalid --ignore-initial value '${options.get('i') ?? options.args[2]}'`);
  const texts: string[] = [];
  for (const [at, name] of [a, b].entries()) {
    const got = yield* slurp(name);
    if (!got.ok) {
      if (options.has('s')) return 2;
      return yield* cli.error(`${name}: ${strerror(got.errno)}`, 2);
    }
    const start = skip[at] ?? 0;
    texts.push(got.value.slice(start, start + limit));
  }
  const [x = '', y = ''] = texts;
  let line = 1;
  let differ = false;
  for (let at = 0; at < Math.min(x.length, y.length); at++) {
    if (x[at] !== y[at]) {
      differ = true;
      if (options.has('s')) return 1;
      if (!options.has('l')) {
        const [left, right] = [code(x, at), code(y, at)];
        const bytes = options.has('b') ? ` is ${octal(left)} ${visible(left)} ${octal(right)} ${visible(right)}` : '';
        yield* cli.text(`${a} ${b} differ: ${cli.gnu && options.has('b') ? 'byte' : 'char'} ${at + 1}, line ${line}${bytes}\n`);
        // Asked for so many bytes, busybox goes on to the last of them.
        if (cli.gnu || !options.has('n')) return yield* cli.finish(1);
        continue;
      }
      const [left, right] = [code(x, at), code(y, at)];
      const place = String(at + 1).padStart(cli.gnu ? String(Math.min(x.length, y.length)).length : 0);
      yield* cli.text(
        options.has('b')
          ? `${place} ${octal(left)} ${visible(left).padEnd(4)} ${octal(right)} ${visible(right)}\n`
          : `${place} ${octal(left)} ${octal(right)}\n`,
      );
    }
    if (x[at] === '\n') line++;
  }
  if (x.length !== y.length) {
    const shorter = x.length < y.length ? a : b;
    const size = Math.min(x.length, y.length);
    if (!options.has('s'))
      yield* cli.error(
        cli.gnu
          ? size === 0
            ? `EOF on ${shorter} which is empty`
            : `EOF on ${shorter} after byte ${size}${options.has('l') ? '' : ', '}${options.has('l') ? '' : (x.length < y.length ? x : y).endsWith('\n') ? `line ${line - 1}` : `in line ${line}`}`
          : `EOF on ${shorter}`,
      );
    return yield* cli.finish(1);
  }
  return yield* cli.finish(differ ? 1 : 0);
});
