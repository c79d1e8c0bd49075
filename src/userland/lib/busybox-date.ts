// Dates as busybox reads them.

import { type Civil, civil, UTC, type Zone } from './time.ts';

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const LONG_MONTHS = 'january february march april may june july august september october november december'.split(' ');

/** What strptime(3) takes for each of its letters. */
const FIELDS: Readonly<Record<string, string>> = {
  Y: '(?<Y>[+-]?\\d{1,4})',
  m: '(?<m>1[0-2]|0?[1-9])',
  d: '(?<d>3[01]|[12]\\d|0?[1-9])',
  H: '(?<H>2[0-3]|[01]?\\d)',
  M: '(?<M>[0-5]?\\d)',
  S: '(?<S>6[01]|[0-5]?\\d)',
  b: `(?<b>${[...LONG_MONTHS, ...MONTHS].join('|')})`,
  z: '(?<z>Z|[+-]\\d\\d(?::?\\d\\d)?)',
};
const FORMATS = [
  'H:M',
  'H:M:S',
  'm.d-H:M',
  'm.d-H:M:S',
  'Y.m.d-H:M',
  'Y.m.d-H:M:S',
  'b d H:M:S Y',
  'Y-m-d H:M',
  'Y-m-d H:M:S',
  'Y-m-d H:M z',
  'Y-m-d H:M:S z',
  'Y-m-d H',
  'Y-m-d',
].map(
  (format) =>
    new RegExp(
      `^\\s*${format
        .replace(/[.]/g, '\\.')
        .replace(/ /g, '\\s*')
        .replace(/[YmdHMSbz]/g, (c) => `\\s*${FIELDS[c]}`)}$`,
      'i',
    ),
);

type Fields = Omit<Civil, 'weekday' | 'yearday' | 'nano' | 'epoch'>;

/** Days that a month lacks run over into the next one. Counterpart: mktime(3) */
const epoch = (t: Fields, zone: Zone): number => {
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

/**
 * Seconds since the epoch that a text means; what it leaves out is taken from `base`.
 * Counterpart: busybox 1.35 libbb/time.c, parse_datestr() and validate_tm_time()
 */
export function busyboxDate(text: string, base: Fields, zone: Zone = UTC): number | undefined {
  for (const format of FORMATS) {
    const found = format.exec(text)?.groups;
    if (!found) continue;
    const month = found.b === undefined ? found.m : MONTHS.indexOf(found.b.slice(0, 3).toLowerCase()) + 1;
    const of = (given: string | number | undefined, otherwise: number): number => (given === undefined ? otherwise : Number(given));
    const t: Fields = {
      year: of(found.Y, base.year),
      month: of(month, base.month),
      day: of(found.d, base.day),
      hour: of(found.H, base.hour),
      minute: of(found.M, base.minute),
      second: of(found.S, base.second),
    };
    if (found.z === undefined) return epoch(t, zone);
    const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(found.z) ?? [];
    return epoch(t, { ...UTC, offset: (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60) });
  }
  if (text.startsWith('@')) return /^@[+-]?\d+$/.test(text) ? Number(text.slice(1)) : undefined;
  const t = stamp(text, base);
  return t && epoch(t, zone);
}

/** The fields busybox's date starts from: today, at midnight. */
export const midnight = (now: bigint, zone: Zone): Fields => ({
  ...civil(now + BigInt(zone.offset) * 1_000_000_000n),
  hour: 0,
  minute: 0,
  second: 0,
});
