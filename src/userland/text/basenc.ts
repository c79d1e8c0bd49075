// base64, base32, basenc. Counterpart: coreutils 9.1 base64(1), base32(1); busybox 1.35 coreutils/uudecode.c

import { strerror } from '#abi/errno.ts';
import { command } from '../lib/command-line.ts';
import { slurp } from '../lib/lines.ts';
import { quoted, quotedIfNeeded } from '../lib/quote.ts';

interface Code {
  readonly letters: string;
  readonly bits: number;
  /** Letters of a whole group, which the text is filled up to. */
  readonly group: number;
}

const BASE64: Code = { letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', bits: 6, group: 4 };
const BASE32: Code = { letters: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', bits: 5, group: 8 };

/** Regroups a stream of numbers of `from` bits into ones of `to` bits; the rest is filled up or dropped. */
function regroup(values: Iterable<number>, from: number, to: number, fill: boolean): number[] {
  const result: number[] = [];
  let held = 0;
  let bits = 0;
  for (const value of values) {
    held = (held << from) | value;
    for (bits += from; bits >= to; bits -= to) result.push((held >> (bits - to)) & ((1 << to) - 1));
    held &= (1 << bits) - 1;
  }
  if (fill && bits > 0) result.push((held << (to - bits)) & ((1 << to) - 1));
  return result;
}

const encode = (bin: string, code: Code): string => {
  const text = regroup(
    [...bin].map((c) => c.charCodeAt(0)),
    8,
    code.bits,
    true,
  )
    .map((value) => code.letters[value])
    .join('');
  return text.padEnd(Math.ceil(text.length / code.group) * code.group, '=');
};

const decode = (text: string, code: Code): string =>
  String.fromCharCode(
    ...regroup(
      [...text].map((c) => code.letters.indexOf(c)),
      code.bits,
      8,
      false,
    ),
  );

const program = (fixed: Code | undefined) =>
  command(function* (cli) {
    const options = yield* cli.options({
      busybox: 'diw:',
      gnu: 'diw:',
      long: { decode: 'd', 'ignore-garbage': 'i', 'wrap=': 'w', ...(fixed ? {} : KINDS) },
    });
    if (typeof options === 'number') return options;
    const kind = options.last(...Object.keys(CODES));
    const code = fixed ?? CODES[kind ?? ''];
    if (code === undefined) return yield* cli.misuse('missing encoding type');
    const [name = '-', extra] = options.args;
    if (extra !== undefined) return yield* cli.misuse(`extra operand ${quoted(extra)}`);
    const wrap = options.get('w') ?? '76';
    const width = yield* cli.count(wrap, `invalid wrap size: ${quoted(wrap)}`);
    if (width === undefined) return 1;
    const got = yield* slurp(name);
    if (!got.ok) return yield* cli.error(`${cli.gnu ? quotedIfNeeded(name) : name}: ${strerror(got.errno)}`);
    if (!options.has('d')) {
      const text = encode(got.value, code);
      yield* cli.out(width === 0 ? text : text.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n'));
      return yield* cli.finish();
    }
    // busybox skips whatever is no letter; GNU skips only newlines unless told otherwise.
    const text =
      cli.gnu && !options.has('i')
        ? got.value.replace(/\n/g, '')
        : [...got.value].filter((c) => c === '=' || code.letters.includes(c)).join('');
    const good = text.slice(0, [...text].findIndex((c) => !code.letters.includes(c)) >>> 0);
    const rest = text.slice(good.length);
    // busybox drops a group that is not whole.
    const whole = cli.gnu || text.length % code.group === 0 ? good : good.slice(0, good.length - (good.length % code.group));
    yield* cli.out(decode(whole, code));
    if (/^=*$/.test(rest) && text.length % code.group === 0) return yield* cli.finish();
    return yield* cli.error(cli.gnu ? 'invalid input' : 'truncated input');
  });

/** The bits of a byte as they stand, from the left or from the right. */
const BASE16: Code = { letters: '0123456789ABCDEF', bits: 4, group: 2 };
const CODES: Readonly<Record<string, Code>> = {
  base64: BASE64,
  base64url: { ...BASE64, letters: BASE64.letters.replace('+/', '-_') },
  base32: BASE32,
  base32hex: { ...BASE32, letters: '0123456789ABCDEFGHIJKLMNOPQRSTUV' },
  base16: BASE16,
  base2msbf: { letters: '01', bits: 1, group: 8 },
};
const KINDS = Object.fromEntries(Object.keys(CODES).map((name) => [name, name]));

/** Counterpart: basenc(1) */
export const basenc = program(undefined);
export const base64 = program(BASE64);
export const base32 = program(BASE32);
