// Dates as busybox reads them.

import { type Civil, civil, UTC, type Zone } from './time.ts';

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const LONG_MONTHS = 'january february march april may june july august september october november december'.split(' ');

/** What strptime(3) takes for each of its letters: a digit that may go on does, even if nothing comes of it. */
const FIELDS: Readonly<Record<string, string>> = {
  Y: '(?<Y>[+-]?(?:\\d{4}|\\d{1,3}(?!\\d)))',
  y: '(?<y>\\d\\d|\\d(?!\\d))',
  m: '(?<m>1[0-2]|1(?!\\d)|0[1-9]|[2-9])',
  d: '(?<d>3[01]|[12]\\d|[123](?!\\d)|0[1-9]|[4-9])',
  H: '(?<H>2[0-3]|[01]\\d|[0-2](?!\\d)|[3-9])',
  M: '(?<M>[0-5]\\d|[0-5](?!\\d)|[6-9])',
  S: '(?<S>6[01]|[0-5]\\d|[0-6](?!\\d)|[7-9])',
  b: `(?<b>${[...LONG_MONTHS, ...MONTHS].join('|')})`,
  s: '(?<s>[+-]?\\d+)',
  z: '(?<z>Z|[+-]\\d\\d(?::?\\d\\d)?)',
};
const SHORT: Readonly<Record<string, string>> = {
  T: '%H:%M:%S',
  R: '%H:%M',
  F: '%Y-%m-%d',
  D: '%m/%d/%y',
  B: '%b',
  h: '%b',
  e: '%d',
  n: ' ',
  t: ' ',
};

/** A format as an expression; undefined for one with letters that are not simulated. */
function compile(format: string): RegExp | undefined {
  let unknown = false;
  const long = format.replace(/%([TRFDBhent])/g, (_, letter: string) => SHORT[letter] as string);
  const source = long.replace(/%(.)|\s+|[^%\s]+/gs, (piece, letter: string | undefined) => {
    if (letter === undefined) return /^\s/.test(piece) ? '\\s*' : piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    if (letter === '%') return '%';
    unknown ||= FIELDS[letter] === undefined;
    return `\\s*${FIELDS[letter]}`;
  });
  return unknown ? undefined : new RegExp(`^${source}`, 'i');
}

const FORMATS = [
  '%R',
  '%T',
  '%m.%d-%R',
  '%m.%d-%T',
  '%Y.%m.%d-%R',
  '%Y.%m.%d-%T',
  '%b %d %T %Y',
  '%Y-%m-%d %R',
  '%Y-%m-%d %T',
  '%Y-%m-%d %R %z',
  '%Y-%m-%d %T %z',
  '%Y-%m-%d %H',
  '%Y-%m-%d',
].map((format) => compile(format) as RegExp);

type Fields = Omit<Civil, 'weekday' | 'yearday' | 'nano' | 'epoch'>;

/** Days that a month lacks run over into the next one. Counterpart: mktime(3) */
export const epoch = (t: Fields, zone: Zone): number => {
  const date = new Date(0);
  date.setUTCFullYear(t.year, t.month - 1, t.day);
  date.setUTCHours(t.hour, t.minute, t.second);
  return date.getTime() / 1000 - zone.offset;
};

/** [[[[[CC]YY]MM]DD]hh]mm[.ss], right as touch -t has it. */
function stamp(text: string, now: Fields): Fields | undefined {
  const match = /^((?:\d\d){1,6})(?:\.(\d+))?$/.exec(text);
  if (!match) return undefined;
  const digits = match[1] as string;
  const pairs = (digits.length === 12 ? digits.slice(4) : digits).match(/../g)?.map(Number) ?? [];
  const [minute = now.minute, hour = now.hour, day = now.day, month = now.month, short] = pairs.reverse();
  let year = digits.length === 12 ? Number(digits.slice(0, 4)) : now.year;
  if (short !== undefined) {
    // The century that is not more than fifty years away.
    year = Math.floor(now.year / 100) * 100 + short;
    if (year < now.year - 50) year += 100;
    if (year > now.year + 50) year -= 100;
  }
  const second = Number(match[2] ?? 0);
  if (second > 60 || minute > 59 || hour > 23 || day > 31 || month < 1 || month > 12) return undefined;
  return { year, month, day, hour, minute, second };
}

/** The second before the epoch is mktime(3)'s way to say no. */
const valid = (value: number): number | undefined => (value === -1 ? undefined : value);

/** The time of what a format has found. */
function seconds(found: Readonly<Record<string, string | undefined>>, base: Fields, zone: Zone): number | undefined {
  if (found.s !== undefined) return valid(Number(found.s));
  const month = found.b === undefined ? found.m : MONTHS.indexOf(found.b.slice(0, 3).toLowerCase()) + 1;
  const year = found.y === undefined ? found.Y : Number(found.y) + (Number(found.y) < 69 ? 2000 : 1900);
  const of = (given: string | number | undefined, otherwise: number): number => (given === undefined ? otherwise : Number(given));
  const t: Fields = {
    year: of(year, base.year),
    month: of(month, base.month),
    day: of(found.d, base.day),
    hour: of(found.H, base.hour),
    minute: of(found.M, base.minute),
    second: of(found.S, base.second),
  };
  if (found.z === undefined) return valid(epoch(t, zone));
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(found.z) ?? [];
  return valid(epoch(t, { ...UTC, offset: (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60) }));
}

/** date -D: a text read by a format of its own, of which the rest does not matter; null for a format that is not simulated. */
export function dateByFormat(text: string, format: string, base: Fields, zone: Zone): number | undefined | null {
  const pattern = compile(format);
  if (!pattern) return null;
  const found = pattern.exec(text)?.groups;
  return found && seconds(found, base, zone);
}

/**
 * Seconds since the epoch that a text means; what it leaves out is taken from `base`.
 * Counterpart: busybox 1.35 libbb/time.c, parse_datestr() and validate_tm_time()
 */
export function busyboxDate(text: string, base: Fields, zone: Zone = UTC): number | undefined {
  for (const format of FORMATS) {
    const found = format.exec(text);
    if (found?.[0] === text) return seconds(found.groups ?? {}, base, zone);
  }
  if (text.startsWith('@')) return /^@[+-]?\d+$/.test(text) ? valid(Number(text.slice(1))) : undefined;
  const t = stamp(text, base);
  return t && valid(epoch(t, zone));
}

/** The fields busybox's date starts from: today, at midnight. */
export const midnight = (now: bigint, zone: Zone): Fields => ({
  ...civil(now + BigInt(zone.offset) * 1_000_000_000n),
  hour: 0,
  minute: 0,
  second: 0,
});
