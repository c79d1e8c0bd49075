// Calendar time: in UTC, which is what containers have, or where TZ says.

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const BILLION = 1_000_000_000n;

export interface Civil {
  readonly year: number;
  readonly month: number; // 1–12
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number; // 0 is Sunday
  readonly yearday: number; // 1–366
  readonly nano: number;
  readonly epoch: number; // seconds
}

const floorDiv = (a: bigint, b: bigint): bigint => a / b - (a % b < 0n ? 1n : 0n);

/** Seconds east of Greenwich, and what %Z writes. */
export interface Zone {
  readonly offset: number;
  readonly name: string;
}
export const UTC: Zone = { offset: 0, name: 'UTC' };

/**
 * The zone a TZ means: a name and how many hours it is behind. A name alone is UTC under that name.
 * Counterpart: tzset(3) of glibc without zone files
 * Deviates: summer time is not kept.
 */
export function zoneOf(text: string | undefined): Zone {
  const match = /^:?(?:<([-+\w]{3,})>|([A-Za-z]{3,}))(?:([-+]?)(\d{1,2})(?::(\d{1,2}))?(?::(\d{1,2}))?)?/.exec(text ?? '');
  if (!match) return UTC;
  const [, quoted, plain, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  const behind = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return { offset: (sign === '-' ? 1 : -1) * behind || 0, name: quoted ?? plain ?? 'UTC' };
}

/** Whole seconds of a time in nanoseconds. */
export const secondsOf = (ns: bigint): number => Number(floorDiv(ns, BILLION));

/** Calendar fields of a time in nanoseconds since the epoch. */
export function civil(ns: bigint): Civil {
  const epoch = secondsOf(ns);
  const date = new Date(epoch * 1000);
  const year = date.getUTCFullYear();
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    yearday: Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000) + 1,
    nano: Number(ns - BigInt(epoch) * BILLION),
    epoch,
  };
}

const pad = (value: number, width: number, fill = '0'): string => String(value).padStart(width, fill);

function isoWeek(t: Civil): { readonly year: number; readonly week: number } {
  const thursday = t.epoch - (((t.weekday + 6) % 7) - 3) * 86400;
  const date = new Date(thursday * 1000);
  const year = date.getUTCFullYear();
  return { year, week: Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 604_800_000) + 1 };
}

/** Counterpart: strftime(3) in the C locale; with GNU's %N, %:z, %s and the flags - _ 0 ^ and a width. */
export function strftime(format: string, ns: bigint, zone: Zone = UTC): string {
  const t = civil(ns + BigInt(zone.offset) * BILLION);
  const away = Math.abs(zone.offset);
  const east = (separator: string): string =>
    `${zone.offset < 0 ? '-' : '+'}${pad(Math.floor(away / 3600), 2)}${separator}${pad(Math.floor(away / 60) % 60, 2)}`;
  const hour12 = t.hour % 12 === 0 ? 12 : t.hour % 12;
  const number = (value: number, width: number, fill: string, flag: string): string =>
    flag.includes('-') ? String(value) : pad(value, width, flag.includes('_') ? ' ' : flag.includes('0') ? '0' : fill);
  return format.replace(/%([-_0^#+]*)(\d*)(:*[a-zA-Z%])/g, (whole, flags: string, width: string, letter: string) => {
    const n = (value: number, size: number, fill = '0'): string => number(value, width ? Number(width) : size, fill, flags);
    const text = ((): string | undefined => {
      switch (letter) {
        case '%':
          return '%';
        case 'a':
          return (DAYS[t.weekday] as string).slice(0, 3);
        case 'A':
          return DAYS[t.weekday];
        case 'b':
        case 'h':
          return (MONTHS[t.month - 1] as string).slice(0, 3);
        case 'B':
          return MONTHS[t.month - 1];
        case 'c':
          return strftime('%a %b %e %H:%M:%S %Y', ns, zone);
        case 'C':
          return n(Math.floor(t.year / 100), 2);
        case 'd':
          return n(t.day, 2);
        case 'D':
        case 'x':
          return strftime('%m/%d/%y', ns, zone);
        case 'e':
          return n(t.day, 2, ' ');
        case 'F':
          return strftime('%Y-%m-%d', ns, zone);
        case 'g':
          return n(isoWeek(t).year % 100, 2);
        case 'G':
          return n(isoWeek(t).year, 4);
        case 'H':
          return n(t.hour, 2);
        case 'I':
          return n(hour12, 2);
        case 'j':
          return n(t.yearday, 3);
        case 'k':
          return n(t.hour, 2, ' ');
        case 'l':
          return n(hour12, 2, ' ');
        case 'm':
          return n(t.month, 2);
        case 'M':
          return n(t.minute, 2);
        case 'n':
          return '\n';
        case 'N':
          return flags.includes('-') ? pad(t.nano, 9).replace(/0+$/, '') : pad(t.nano, 9).slice(0, width ? Number(width) : 9);
        case 'p':
          return t.hour < 12 ? 'AM' : 'PM';
        case 'P':
          return t.hour < 12 ? 'am' : 'pm';
        case 'r':
          return strftime('%I:%M:%S %p', ns, zone);
        case 'R':
          return strftime('%H:%M', ns, zone);
        case 's':
          return String(secondsOf(ns));
        case 'S':
          return n(t.second, 2);
        case 't':
          return '\t';
        case 'T':
        case 'X':
          return strftime('%H:%M:%S', ns, zone);
        case 'u':
          return String(t.weekday === 0 ? 7 : t.weekday);
        case 'U':
          return n(Math.floor((t.yearday + 6 - t.weekday) / 7), 2);
        case 'V':
          return n(isoWeek(t).week, 2);
        case 'w':
          return String(t.weekday);
        case 'W':
          return n(Math.floor((t.yearday + 6 - ((t.weekday + 6) % 7)) / 7), 2);
        case 'y':
          return n(t.year % 100, 2);
        case 'Y':
          return n(t.year, 1);
        case 'z':
          return east('');
        case ':z':
          return east(':');
        case '::z':
          return `${east(':')}:${pad(away % 60, 2)}`;
        case 'Z':
          return zone.name;
        default:
          return undefined;
      }
    })();
    if (text === undefined) return whole;
    return flags.includes('^') ? text.toUpperCase() : text;
  });
}

const UNIT: Readonly<Record<string, number>> = {
  sec: 1,
  second: 1,
  min: 60,
  minute: 60,
  hour: 3600,
  day: 86400,
  week: 604800,
  fortnight: 1209600,
};

/** Seconds since the epoch of calendar fields; undefined when they do not exist. */
function fromFields(year: number, month: number, day: number, hour: number, minute: number, second: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day ? ms / 1000 : undefined;
}

/**
 * The time a date text means, in nanoseconds.
 * Counterpart: `date -d` of coreutils (the forms common in scripts); busybox's is in busybox-date.ts
 */
export function parseDate(input: string, now: bigint, local: Zone = UTC): bigint | undefined {
  let text = input.trim();
  if (/^@-?\d+(\.\d+)?$/.test(text)) {
    const [whole = '0', fraction = ''] = text.slice(1).split('.');
    return BigInt(whole) * BILLION + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
  }
  const t = civil(now + BigInt(local.offset) * BILLION);
  let { year, month, day } = t;
  let clock: [number, number, number] | undefined;
  let dated = false;
  let fraction = 0n;
  let shift = 0;
  let months = 0;
  let zone = -local.offset;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(text);
    if (match) text = `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`;
    return match;
  };
  let m =
    take(/\b(\d{4})-(\d{1,2})-(\d{1,2})(?=T|\s|$)/) ?? take(/\b(\d{4})(\d\d)(\d\d)(?=T|\s|$)/) ?? take(/\b(\d{4})\/(\d{1,2})\/(\d{1,2})\b/);
  if (m) [year, month, day, dated] = [Number(m[1]), Number(m[2]), Number(m[3]), true];
  else if ((m = take(/\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/))) [month, day, year, dated] = [Number(m[1]), Number(m[2]), Number(m[3]), true];
  if ((m = take(/(?:T|\b)(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:\s*(am|pm)\b)?/i))) {
    const half = m[5]?.toLowerCase();
    clock = [half ? (Number(m[1]) % 12) + (half === 'pm' ? 12 : 0) : Number(m[1]), Number(m[2]), Number(m[3] ?? 0)];
    fraction = BigInt((m[4] ?? '').slice(0, 9).padEnd(9, '0'));
  }
  if ((m = take(/([+-])(\d\d):?(\d\d)\s*$/)) && clock) zone = (m[1] === '-' ? 1 : -1) * (Number(m[2]) * 3600 + Number(m[3]) * 60);
  if (take(/\b(UTC|GMT|Z)\b|Z\s*$/)) zone = 0;
  if (
    (m = take(
      new RegExp(
        `\\b(?:(\\d{1,2})\\s+)?(${MONTHS.map((name) => name.slice(0, 3)).join('|')})[a-z]*\\b(?:\\s+(\\d{1,2})(?:,|\\b))?(?:\\s+(\\d{4}))?`,
        'i',
      ),
    ))
  ) {
    month = MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === m?.[2]?.toLowerCase()) + 1;
    day = Number(m[1] ?? m[3] ?? 1);
    if (m[4]) year = Number(m[4]);
    else if ((m = take(/\b(\d{4})\b/))) year = Number(m[1]);
    dated = true;
  }
  take(/\b(sun|mon|tue|wed|thu|fri|sat)[a-z]*\b,?/i);
  while ((m = take(/([+-]?\s*\d+|\ba|\bnext|\blast)?\s*\b(sec|second|min|minute|hour|day|week|fortnight|month|year)s?\b(\s+ago\b)?/i))) {
    const word = (m[1] ?? '1').replace(/\s/g, '').toLowerCase();
    const count = (word === 'last' ? -1 : /\d/.test(word) ? Number(word) : 1) * (m[3] ? -1 : 1);
    const unit = (m[2] as string).toLowerCase();
    if (unit === 'month') months += count;
    else if (unit === 'year') months += 12 * count;
    else shift += count * (UNIT[unit] as number);
  }
  if ((m = take(/\b(now|today|tomorrow|yesterday|midnight|noon)\b/i))) {
    const word = (m[1] as string).toLowerCase();
    if (word === 'tomorrow') shift += 86400;
    if (word === 'yesterday') shift -= 86400;
    if (word === 'midnight') clock = [0, 0, 0];
    if (word === 'noon') clock = [12, 0, 0];
  }
  if (text.trim() !== '') return undefined;
  const [hour, minute, second] = clock ?? (dated || input.trim() === '' ? [0, 0, 0] : [t.hour, t.minute, t.second]);
  if (!dated && !clock && input.trim() !== '') fraction = BigInt(t.nano);
  const moved = year * 12 + month - 1 + months;
  const base =
    months === 0
      ? fromFields(year, month, day, hour, minute, second)
      : Date.UTC(Math.floor(moved / 12), moved % 12, day, hour, minute, second) / 1000;
  return base === undefined ? undefined : BigInt(base + shift + zone) * BILLION + fraction;
}
