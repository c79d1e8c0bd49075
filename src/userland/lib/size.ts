// Sizes as people read them, and sizes people write.

/** 1.2K, 45M: powers of 1024, one decimal below 10, rounded up. Counterpart: human_readable of gnulib, `ls -h`, `df -h` */
export function humanGnu(bytes: number, units = 'BKMGTPE', base = 1024): string {
  let value = bytes;
  let unit = 0;
  while (value >= base && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  if (unit === 0) return String(bytes);
  const tenths = Math.ceil(value * 10 - 1e-9);
  if (tenths < 100) return `${(tenths / 10).toFixed(1)}${units[unit]}`;
  const whole = Math.ceil(value - 1e-9);
  return whole >= base && unit < units.length - 1 ? `1.0${units[unit + 1]}` : `${whole}${units[unit]}`;
}

/** Counterpart: make_human_readable_str of busybox with a display unit of 0 */
export function humanBusybox(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T', 'P', 'E'];
  let value = bytes;
  let unit = 0;
  let frac = 0;
  while (value >= 1024 && unit < units.length - 1) {
    frac = Math.floor(((value % 1024) * 10 + 512) / 1024);
    value = Math.floor(value / 1024);
    unit++;
  }
  if (frac >= 10) {
    value++;
    frac = 0;
  }
  return unit === 0 ? String(value) : `${value}.${frac}${units[unit]}`;
}

const SUFFIX: Readonly<Record<string, number>> = {
  '': 1,
  c: 1,
  w: 2,
  b: 512,
  K: 1024,
  k: 1024,
  KiB: 1024,
  kB: 1000,
  KB: 1000,
  M: 1024 ** 2,
  MiB: 1024 ** 2,
  MB: 1e6,
  m: 1024 ** 2,
  G: 1024 ** 3,
  GiB: 1024 ** 3,
  GB: 1e9,
  g: 1024 ** 3,
  T: 1024 ** 4,
  TiB: 1024 ** 4,
  TB: 1e12,
};

/** Number with a multiplier suffix; undefined when it is none. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+)([a-zA-Z]*)$/.exec(text);
  const factor = match && SUFFIX[match[2] as string];
  return match && factor !== undefined && factor !== null ? Number(match[1]) * factor : undefined;
}

const BKM: Readonly<Record<string, number>> = { '': 1, b: 512, k: 1024, m: 1024 ** 2 };

/** Number with b, k or m behind it, as head, tail and hexdump of busybox have it. Counterpart: bkm_suffixes of libbb/xatonum.c */
export function busyboxSize(text: string): number | undefined {
  const [, digits, suffix = ''] = /^(\d+)(.*)$/s.exec(text) ?? [];
  const factor = BKM[suffix];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
