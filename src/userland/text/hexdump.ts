// hexdump, hd and xxd of busybox: each puts together formats for dump(). Debian's image has none of them.

import { strerror } from '#abi/errno.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { toBin } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp, splitLines } from '../lib/lines.ts';
import { busyboxSize } from '../lib/size.ts';
import { dump } from './dump-format.ts';

/** What -b -c -d -o -x stand for, behind the line with the last address. */
const FORMATS: Readonly<Record<string, string>> = {
  b: '"%07.7_ax " 16/1 "%03o " "\\n"',
  c: '"%07.7_ax " 16/1 "%3_c " "\\n"',
  d: '"%07.7_ax " 8/2 "  %05u " "\\n"',
  o: '"%07.7_ax " 8/2 " %06o " "\\n"',
  x: '"%07.7_ax " 8/2 "   %04x " "\\n"',
};
const LAST = '"%07.7_Ax\\n"';
const CANONICAL = ['"%08.8_Ax\\n"', '"%08.8_ax  " 8/1 "%02x " "  " 8/1 "%02x "', '"  |" 16/1 "%_p" "|\\n"'];

/** Options add up: each has its own lines. Counterpart: busybox 1.35 util-linux/hexdump.c */
export const hexdump = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'bcdoxCe:f:n:s:v', gnu: '', plain: true });
  if (typeof options === 'number') return options;
  const formats: string[] = cli.context.name === 'hd' ? [...CANONICAL] : [];
  let skip = 0;
  let length: number | undefined;
  for (const { key, value } of options.list) {
    if (FORMATS[key] !== undefined) formats.push(LAST, FORMATS[key]);
    else if (key === 'C') formats.push(...CANONICAL);
    else if (key === 'e') formats.push(toBin(value));
    else if (key === 'f') {
      const file = yield* slurp(value);
      if (!file.ok) return yield* cli.error(`can't open '${value}': ${strerror(file.errno)}`);
      formats.push(...splitLines(file.value).filter((line) => /^\s*[^\s#]/.test(line)));
    } else if (key === 'n' || key === 's') {
      const size = key === 'n' ? (/^\d+$/.test(value) ? Number(value) : undefined) : bytesOf(value);
      if (size === undefined) return yield* cli.error(`invalid number '${value}'`);
      if (key === 'n') length = size;
      else skip = size;
    }
  }
  if (formats.length === 0) formats.push(LAST, '"%07.7_ax " 8/2 "%04x " "\\n"');
  return (yield* dump(cli, options.args, formats, { skip, length, all: options.has('v') })).status;
});

const bytesOf = (text: string): number | undefined => (/^0x[\da-f]+$/i.test(text) ? Number(text) : busyboxSize(text));

/** xxd -r: hexadecimal digits back to bytes; what is no digit is passed over. Counterpart: reverse() */
function* reversed(cli: Cli, name: string | undefined, plain: boolean): Program<number> {
  const got = yield* slurp(name ?? '-');
  if (!got.ok) return yield* cli.error(`can't open '${name}': ${strerror(got.errno)}`);
  let high: string | undefined;
  for (const line of splitLines(got.value)) {
    const text = plain ? line : line.replace(/^[0-9a-fA-F]*:?/, '');
    let open = high;
    for (const c of text) {
      if (/\s/.test(c)) continue;
      if (!/[0-9a-fA-F]/.test(c)) {
        // A first half before something else is lost.
        open = undefined;
        continue;
      }
      if (open === undefined) open = c;
      else {
        yield* cli.out(String.fromCharCode(Number.parseInt(open + c, 16)));
        open = undefined;
      }
    }
    // The halves of a byte may stand on two lines.
    high = open;
  }
  return yield* cli.finish();
}

/** Counterpart: busybox 1.35 util-linux/hexdump_xxd.c */
export const xxd = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'l:s:apirg:c:o:', gnu: '' });
  if (typeof options === 'number') return options;
  if (options.args.length > 1) return yield* cli.usage();
  const numbers = new Map<string, number>();
  for (const { key, value } of options.list) {
    if (!'lsgco'.includes(key)) continue;
    const pattern = 'gc'.includes(key) ? /^\d+$/ : key === 'o' ? /^-?(0x[\da-f]+|\d+)$/i : /^(0x[\da-f]+|\d+)$/i;
    if (!pattern.test(value)) return yield* cli.error(`invalid number '${value}'`);
    const magnitude = value.replace('-', '');
    numbers.set(key, (value.startsWith('-') ? -1 : 1) * (/^0\d/.test(magnitude) ? Number.parseInt(magnitude, 8) : Number(magnitude)));
  }
  const [name] = options.args;
  if (options.has('r')) return yield* reversed(cli, name, options.has('p'));
  const plain = options.has('p');
  const asC = options.has('i');
  const columns = numbers.get('c') || (plain ? 30 : asC ? 12 : 16);
  const group = plain ? columns : asC ? 1 : (numbers.get('g') ?? 2);
  const formats = plain ? [] : [asC ? '" "' : '"%08.8_ax: "'];
  if (group < 1 || group >= columns) formats.push(`${columns}/1 "%02x"`);
  else if (group === 1) formats.push(`${columns}/1 "${asC ? ' 0x%02x,' : '%02x '}"`);
  else formats.push(Array.from({ length: columns }, (_, at) => `/1 "%02x${at + 1 === columns || (at + 1) % group ? '' : ' '}"`).join(''));
  formats.push(plain || asC ? '"\\n"' : `"  "${columns}/1 "%_p""\\n"`);
  const array = asC && name !== undefined ? name.replace(/[^a-zA-Z0-9]/g, '_').replace(/^(?=\d)/, '__') : undefined;
  if (array !== undefined) yield* cli.text(`unsigned char ${array}[] = {\n`);
  const { status, length } = yield* dump(cli, options.args, formats, {
    skip: numbers.get('s') ?? 0,
    length: numbers.get('l'),
    all: true,
    shift: numbers.get('o') ?? 0,
    ...(plain || asC ? { end: '\n' } : {}),
  });
  if (array !== undefined && status === 0) yield* cli.text(`};\nunsigned int ${array}_len = ${length};\n`);
  return yield* cli.finish(status);
});
