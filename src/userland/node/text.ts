// Durations, sizes and columns as Go's tools print them. Counterpart: docker/go-units, text/tabwriter

const SECOND = 1_000_000_000n;

/** Counterpart: units.HumanDuration */
export function humanDuration(ns: bigint): string {
  const seconds = Number(ns / SECOND);
  if (seconds < 1) return 'Less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'About a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / 3600);
  if (hours === 1) return 'About an hour';
  if (hours < 48) return `${hours} hours`;
  return hours < 24 * 7 * 2 ? `${Math.floor(hours / 24)} days` : `${Math.floor(hours / 24 / 7)} weeks`;
}

/** Three significant digits with a decimal unit. Counterpart: units.HumanSizeWithPrecision(size, 3) */
export function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let at = 0;
  let size = bytes;
  for (; size >= 1000 && at < units.length - 1; at++) size /= 1000;
  return `${Number(size.toPrecision(3))}${units[at]}`;
}

/** Columns: at least `minWidth` wide with `padding` spaces behind each; the last one too where rows end with a tab. */
export function columns(rows: readonly (readonly string[])[], minWidth: number, padding: number, lastToo = false): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? minWidth, cell.length + padding);
  return rows
    .map((row) => `${row.map((cell, i) => (i === row.length - 1 && !lastToo ? cell : cell.padEnd(widths[i] ?? 0))).join('')}\n`)
    .join('');
}

/** RFC 3339 with nanoseconds, without trailing zeros. Counterpart: time.RFC3339Nano */
export function rfc3339(ns: bigint): string {
  const fraction = String(ns % SECOND)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const whole = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19);
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}
