// numfmt: numbers with units of 1000 or 1024. Counterpart: coreutils 9.1 numfmt(1)

import type { Program } from '#kernel/uapi/index.ts';
import { argmatch } from '../lib/argmatch.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp, splitLines } from '../lib/lines.ts';

const UNITS = 'KMGTPEZY';
const FROM = [['none'], ['auto'], ['si'], ['iec'], ['iec-i']] as const;
const TO = [['none'], ['si'], ['iec'], ['iec-i']] as const;
const ROUND = [['up'], ['down'], ['from-zero'], ['towards-zero'], ['nearest']] as const;

const LONG = {
  debug: 'debug',
  'delimiter=': 'd',
  'field=': 'field',
  'format=': 'format',
  'from=': 'from',
  'from-unit=': 'from-unit',
  grouping: 'grouping',
  'header=?': 'header',
  'invalid=': 'invalid',
  'padding=': 'padding',
  'round=': 'round',
  'suffix=': 'suffix',
  'to=': 'to',
  'to-unit=': 'to-unit',
  'zero-terminated': 'z',
};

function rounded(value: number, how: string): number {
  // A little slack for what binary fractions cannot hold.
  const near = Math.round(value);
  const whole = Math.abs(value - near) < 1e-9 * Math.max(1, Math.abs(value)) ? near : undefined;
  if (whole !== undefined) return whole;
  if (how === 'up') return Math.ceil(value);
  if (how === 'down') return Math.floor(value);
  if (how === 'towards-zero') return Math.trunc(value);
  if (how === 'nearest') return Math.sign(value) * Math.round(Math.abs(value));
  return value < 0 ? Math.floor(value) : Math.ceil(value);
}

/** The value of a word, or the complaint. */
function read(text: string, from: string): { readonly value: number; readonly decimals: number } | string {
  const found = /^(-?)(\d*)(?:\.(\d*))?(.*)$/.exec(text) as RegExpExecArray;
  const [, sign, whole = '', fraction, rest = ''] = found;
  if (whole === '' && !fraction) return `invalid number: '${text}'`;
  let value = Number(`${whole || '0'}.${fraction || '0'}`) * (sign === '-' ? -1 : 1);
  if (rest === '')
    return from === 'iec-i' && whole !== '' ? { value, decimals: fraction?.length ?? 0 } : { value, decimals: fraction?.length ?? 0 };
  const unit = UNITS.indexOf(rest[0] === 'k' ? 'K' : (rest[0] as string));
  if (unit < 0) return `invalid suffix in input: '${text}'`;
  if (from === 'none') return `rejecting suffix in input: '${text}' (consider using --from)`;
  const binary = from === 'iec' || from === 'iec-i' || (from === 'auto' && rest[1] === 'i');
  const used = from === 'iec-i' || (from === 'auto' && rest[1] === 'i') ? 2 : 1;
  if (from === 'iec-i' && rest[1] !== 'i') return `missing 'i' suffix in input: '${text}' (e.g Ki/Mi/Gi)`;
  if (rest.length > used) return `invalid suffix in input '${text}': '${rest.slice(used)}'`;
  value *= (binary ? 1024 : 1000) ** (unit + 1);
  return { value, decimals: 0 };
}

function scaled(value: number, to: string, how: string): string {
  const base = to === 'si' ? 1000 : 1024;
  let power = 0;
  let amount = value;
  while (Math.abs(amount) >= base && power < UNITS.length) {
    amount /= base;
    power++;
  }
  // One decimal where it shows something: the rounded number below ten.
  let tenths = rounded(amount * 10, how) / 10;
  if (Math.abs(tenths) >= 10 || power === 0) tenths = rounded(amount, how);
  if (Math.abs(tenths) >= base) {
    tenths /= base;
    power++;
  }
  const text = power > 0 && Math.abs(tenths) < 10 ? tenths.toFixed(1) : String(tenths);
  const letter = power === 0 ? '' : to === 'si' && power === 1 ? 'k' : (UNITS[power - 1] as string);
  return `${text}${letter === 'k' ? 'K' : letter}${power > 0 && to === 'iec-i' ? 'i' : ''}`;
}

interface Conversion {
  readonly from: string;
  readonly to: string;
  readonly round: string;
  readonly fromUnit: number;
  readonly toUnit: number;
  readonly suffix: string;
  readonly padding: number;
}

/** The new text of one field, or the complaint. */
function convert(field: string, how: Conversion): { readonly text: string } | string {
  const word = field.trim();
  const bare = how.suffix !== '' && word.endsWith(how.suffix) ? word.slice(0, -how.suffix.length) : word;
  const got = read(bare, how.from);
  if (typeof got === 'string') return got;
  const value = (got.value * how.fromUnit) / how.toUnit;
  const plain =
    how.to === 'none' ? value.toFixed(how.fromUnit === 1 && how.toUnit === 1 ? got.decimals : 0) : scaled(value, how.to, how.round);
  const text = plain + how.suffix;
  return { text: how.padding > 0 ? text.padStart(how.padding) : how.padding < 0 ? text.padEnd(-how.padding) : text };
}

function* conversion(cli: Cli, options: Options): Program<Conversion | number> {
  const from = yield* argmatch(cli, '--from', options.get('from') ?? 'none', FROM);
  const to = from && (yield* argmatch(cli, '--to', options.get('to') ?? 'none', TO));
  const round = to && (yield* argmatch(cli, '--round', options.get('round') ?? 'from-zero', ROUND));
  if (from === undefined || to === undefined || round === undefined) return 1;
  const units: number[] = [];
  for (const key of ['from-unit', 'to-unit']) {
    const text = options.get(key) ?? '1';
    const got = read(text, 'auto');
    if (typeof got === 'string' || got.value <= 0) return yield* cli.error(`invalid unit size: '${text}'`);
    units.push(got.value);
  }
  const padding = options.get('padding') ?? '0';
  if (options.has('padding') && !/^-?[1-9]\d*$/.test(padding)) return yield* cli.error(`invalid padding value '${padding}'`);
  const [fromUnit = 1, toUnit = 1] = units;
  return { from, to, round, fromUnit, toUnit, suffix: options.get('suffix') ?? '', padding: Number(padding) };
}

/** Counterpart: numfmt(1) */
export const numfmt = command(function* (cli) {
  // A negative number is an operand.
  const options = yield* cli.options({ busybox: '', gnu: '+d:z', long: LONG });
  if (typeof options === 'number') return options;
  for (const key of ['format', 'debug', 'z']) if (options.has(key)) return yield* cli.error(`--${key} is not simulated here`);
  const how = yield* conversion(cli, options);
  if (typeof how === 'number') return how;
  const invalid = options.get('invalid') ?? 'abort';
  const fields = options.get('field') ?? '1';
  if (!/^(-|\d+(-\d*)?|-\d+)(,(\d+(-\d*)?|-\d+))*$/.test(fields)) return yield* cli.error(`invalid field value '${fields}'`);
  const chosen = (number: number): boolean =>
    fields.split(',').some((item) => {
      const [low = '', high] = item.split('-');
      return high === undefined ? number === Number(low) : number >= Number(low || 1) && number <= Number(high || Number.POSITIVE_INFINITY);
    });
  const header = options.has('header') ? Number(options.get('header') || 1) : 0;
  const delimiter = options.get('d');
  const given = options.args.length > 0;
  const text = given ? undefined : yield* slurp('-');
  const lines = given ? options.args : text?.ok ? splitLines(text.value) : [];
  for (const [at, line] of lines.entries()) {
    if (!given && at < header) {
      yield* cli.out(`${line}\n`);
      continue;
    }
    const cells = delimiter === undefined ? (line.match(/^\s*\S*|\s+\S*/g) ?? ['']) : line.split(delimiter);
    let failed = false;
    for (const [index, cell] of cells.entries()) {
      if (!chosen(index + 1)) continue;
      const got = convert(cell, how);
      if (typeof got === 'string') {
        if (invalid !== 'ignore' && invalid !== 'warn') cli.status = 2;
        if (invalid !== 'ignore') yield* cli.error(got, cli.status);
        if (invalid === 'abort') return yield* cli.finish(2);
        failed = true;
        continue;
      }
      const lead = delimiter === undefined ? (/^\s*/.exec(cell) as RegExpExecArray)[0] : '';
      // A column that was set to the right stays there.
      const wide = lead.length > 1 && how.padding === 0 ? got.text.padStart(cell.length - (index > 0 ? 1 : 0)) : got.text;
      cells[index] =
        lead.length > 1 && how.padding === 0 ? `${index > 0 ? ' ' : ''}${wide}` : `${index > 0 ? lead.slice(0, 1) : ''}${wide}`;
    }
    if (failed && invalid === 'fail') cli.status = 2;
    yield* cli.out(`${cells.join(delimiter ?? '')}\n`);
  }
  return yield* cli.finish();
});
