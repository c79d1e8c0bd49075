// The layout of describe: lines of label, tab, value; runs of consecutive lines with values line up.
// Counterpart: k8s.io/kubectl/pkg/describe prefixWriter over a tabwriter (minimal width 0, padding 2)

/** Aligns tab-separated cells: a column lines up over consecutive lines that have it. */
export function alignTabs(text: string, padding = 2): string {
  const rows = text.split('\n').map((line) => line.split('\t'));
  const widths: number[][] = rows.map(() => []);
  const columns = Math.max(...rows.map((row) => row.length));
  // A cell that ends with a tab belongs to its column; the last cell of a line does not.
  for (let column = 0; column < columns - 1; column++) {
    let start = 0;
    while (start < rows.length) {
      if ((rows[start] as string[]).length - 1 <= column) {
        start++;
        continue;
      }
      let end = start;
      let width = 0;
      while (end < rows.length && (rows[end] as string[]).length - 1 > column)
        width = Math.max(width, [...((rows[end++] as string[])[column] as string)].length);
      for (let row = start; row < end; row++) (widths[row] as number[])[column] = width === 0 ? 0 : width + padding;
      start = end;
    }
  }
  return rows
    .map((row, r) =>
      row
        .map((cell, c) =>
          c === row.length - 1 ? cell : cell + ' '.repeat(Math.max(0, ((widths[r] as number[])[c] ?? 0) - [...cell].length)),
        )
        .join(''),
    )
    .join('\n');
}

/** Collects lines at levels of two spaces. */
export class Lines {
  private text = '';

  /** A line; `\t` separates cells. */
  add(level: number, line: string): void {
    this.text += `${'  '.repeat(level)}${line}\n`;
  }

  render(): string {
    return alignTabs(this.text);
  }
}

/** `a=b` lines under one label, sorted; `<none>`. */
export function mapLines(
  lines: Lines,
  level: number,
  label: string,
  map: Readonly<Record<string, string>> | undefined,
  separator = '=',
): void {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) lines.add(level, `${label}:\t<none>`);
  for (const [i, [key, value]] of entries.entries()) lines.add(level, `${i === 0 ? `${label}:` : ''}\t${key}${separator}${value}`);
}

/** Annotations without the last applied configuration, long or multi-line values on a line of their own. */
export function annotationLines(lines: Lines, annotations: Readonly<Record<string, string>> | undefined): void {
  const entries = Object.entries(annotations ?? {})
    .filter(([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) lines.add(0, 'Annotations:\t<none>');
  for (const [i, [key, value]] of entries.entries()) {
    const trimmed = value.replace(/\n$/, '');
    const head = i === 0 ? 'Annotations:' : '';
    const cut = (text: string): string => (text.length > 140 ? `${text.slice(0, 137)}...` : text);
    if (key.length + value.length + 1 > 140 || trimmed.includes('\n')) {
      lines.add(0, `${head}\t${key}:`);
      for (const part of trimmed.split('\n')) lines.add(0, `\t  ${cut(part)}`);
    } else lines.add(0, `${head}\t${key}: ${trimmed}`);
  }
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon, 23 Nov 2026 07:45:00 +0000`. Counterpart: time.RFC1123Z */
export function rfc1123(text: string): string {
  const at = new Date(text);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${DAYS[at.getUTCDay()]}, ${two(at.getUTCDate())} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
}

/** Counterpart: apimachinery/pkg/util/duration HumanDuration */
export function humanDuration(seconds: number): string {
  const s = Math.floor(seconds);
  if (s < 0) return s < -1 ? '<invalid>' : '0s';
  const [m, h, d] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86400)];
  const pair = (big: string, small: number, unit: string): string => (small === 0 ? big : `${big}${small}${unit}`);
  if (s < 120) return `${s}s`;
  if (m < 10) return pair(`${m}m`, s % 60, 's');
  if (m < 180) return `${m}m`;
  if (h < 8) return pair(`${h}h`, m % 60, 'm');
  if (h < 48) return `${h}h`;
  if (d < 8) return pair(`${d}d`, h % 24, 'h');
  return d < 730 ? `${d}d` : `${Math.floor(d / 365)}y`;
}
