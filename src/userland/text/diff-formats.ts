// The looks of a difference: normal, unified, context, ed and RCS scripts, two columns. Counterpart: diffutils 3.8 diff(1)

/** Lines [from, to) of both sides that differ. */
export interface Hunk {
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}

/** Marks of --color: what begins a headline, a removed and an added line, and what ends them. */
export interface Colors {
  readonly head: string;
  readonly line: string;
  readonly remove: string;
  readonly add: string;
  readonly end: string;
}
export const PLAIN: Colors = { head: '', line: '', remove: '', add: '', end: '' };
export const COLORED: Colors = { head: '\x1b[1m', line: '\x1b[36m', remove: '\x1b[31m', add: '\x1b[32m', end: '\x1b[0m' };

const NO_NEWLINE = '\\ No newline at end of file\n';
type Lines = readonly string[];

function shown(mark: string, line: string, color: string, { end }: Colors): string {
  const text = mark + line.replace(/\n$/, '');
  return `${color === '' ? text : `${color}${text}${end}`}\n${line.endsWith('\n') ? '' : NO_NEWLINE}`;
}
const all = (mark: string, lines: Lines, color: string, colors: Colors): string =>
  lines.map((line) => shown(mark, line, color, colors)).join('');
const headline = (text: string, { line, end }: Colors): string => `${line}${text}${line === '' ? '' : end}\n`;

export function normal(a: Lines, b: Lines, list: readonly Hunk[], colors: Colors): string {
  const range = (from: number, to: number): string => (to - from <= 1 ? String(to) : `${from + 1},${to}`);
  let text = '';
  for (const hunk of list) {
    const [removes, adds] = [hunk.a[1] > hunk.a[0], hunk.b[1] > hunk.b[0]];
    text += headline(`${range(...hunk.a)}${removes ? (adds ? 'c' : 'd') : 'a'}${range(...hunk.b)}`, colors);
    text += all('< ', a.slice(...hunk.a), colors.remove, colors);
    if (removes && adds) text += '---\n';
    text += all('> ', b.slice(...hunk.b), colors.add, colors);
  }
  return text;
}

/** Hunks whose context touches, together with the lines shown around them. */
function groups(a: Lines, b: Lines, list: readonly Hunk[], context: number) {
  const result: { hunks: readonly Hunk[]; a: [number, number]; b: [number, number] }[] = [];
  for (let at = 0; at < list.length; ) {
    let end = at;
    while (end + 1 < list.length && (list[end + 1] as Hunk).a[0] - (list[end] as Hunk).a[1] <= 2 * context) end++;
    const [first, last] = [list[at] as Hunk, list[end] as Hunk];
    result.push({
      hunks: list.slice(at, end + 1),
      a: [Math.max(0, first.a[0] - context), Math.min(a.length, last.a[1] + context)],
      b: [Math.max(0, first.b[0] - context), Math.min(b.length, last.b[1] + context)],
    });
    at = end + 1;
  }
  return result;
}

export function unified(a: Lines, b: Lines, list: readonly Hunk[], context: number, colors: Colors): string {
  const range = (from: number, to: number): string =>
    to - from === 1 ? String(from + 1) : `${to === from ? from : from + 1},${to - from}`;
  let text = '';
  for (const group of groups(a, b, list, context)) {
    text += headline(`@@ -${range(...group.a)} +${range(...group.b)} @@`, colors);
    let i = group.a[0];
    for (const hunk of group.hunks) {
      text += all(' ', a.slice(i, hunk.a[0]), '', colors);
      text += all('-', a.slice(...hunk.a), colors.remove, colors) + all('+', b.slice(...hunk.b), colors.add, colors);
      i = hunk.a[1];
    }
    text += all(' ', a.slice(i, group.a[1]), '', colors);
  }
  return text;
}

export function contextFormat(a: Lines, b: Lines, list: readonly Hunk[], context: number, colors: Colors): string {
  const range = (from: number, to: number): string => (to - from <= 1 ? String(to) : `${from + 1},${to}`);
  let text = '';
  for (const group of groups(a, b, list, context)) {
    const side = (lines: Lines, own: 'a' | 'b', mark: string, color: string): string => {
      if (!group.hunks.some((hunk) => hunk[own][1] > hunk[own][0])) return '';
      let [part, i] = ['', group[own][0]];
      for (const hunk of group.hunks) {
        const changes = hunk.a[1] > hunk.a[0] && hunk.b[1] > hunk.b[0];
        part += all('  ', lines.slice(i, hunk[own][0]), '', colors) + all(changes ? '! ' : mark, lines.slice(...hunk[own]), color, colors);
        i = hunk[own][1];
      }
      return part + all('  ', lines.slice(i, group[own][1]), '', colors);
    };
    text += `***************\n${headline(`*** ${range(...group.a)} ****`, colors)}${side(a, 'a', '- ', colors.remove)}`;
    text += `${headline(`--- ${range(...group.b)} ----`, colors)}${side(b, 'b', '+ ', colors.add)}`;
  }
  return text;
}

/** A script for ed(1), from the last change to the first so that line numbers stay true. */
export function edScript(b: Lines, list: readonly Hunk[]): string {
  let text = '';
  for (const { a: from, b: to } of [...list].reverse()) {
    const [removes, adds] = [from[1] > from[0], to[1] > to[0]];
    const range = from[1] - from[0] <= 1 ? String(from[1]) : `${from[0] + 1},${from[1]}`;
    text += `${range}${removes ? (adds ? 'c' : 'd') : 'a'}\n`;
    if (!adds) continue;
    let open = true;
    for (const line of b.slice(...to)) {
      if (!open) {
        text += 'a\n';
        open = true;
      }
      // A line that is just a dot would end the input: it is written with two, and one is taken out again.
      if (line === '.\n') {
        text += '..\n.\ns/.//\n';
        open = false;
      } else text += line;
    }
    if (open) text += '.\n';
  }
  return text;
}

export function rcsScript(b: Lines, list: readonly Hunk[]): string {
  let text = '';
  for (const { a: from, b: to } of list) {
    if (from[1] > from[0]) text += `d${from[0] + 1} ${from[1] - from[0]}\n`;
    if (to[1] > to[0]) text += `a${from[1]} ${to[1] - to[0]}\n${b.slice(...to).join('')}`;
  }
  return text;
}

export interface Columns {
  readonly width: number;
  readonly leftColumn: boolean;
  readonly suppressCommon: boolean;
  readonly expandTabs: boolean;
}

/** Two columns with a mark between them. Counterpart: print_sdiff_script of diffutils */
export function sideBySide(a: Lines, b: Lines, list: readonly Hunk[], look: Columns): string {
  const tab = look.expandTabs ? 1 : 8;
  const gutter = 3;
  const unaligned = Math.floor(look.width / 2) + Math.floor(gutter / 2) + 1;
  const offset = unaligned - (unaligned % tab);
  const half = Math.max(0, Math.min(offset - gutter, look.width - offset));
  const second = half > 0 ? offset : look.width;
  const cut = (line: string): string => {
    let [text, column] = ['', 0];
    for (const c of line.replace(/\n$/, '')) {
      const next = c === '\t' ? column + 8 - (column % 8) : column + 1;
      if (next > half) break;
      text += c === '\t' && look.expandTabs ? ' '.repeat(next - column) : c;
      column = next;
    }
    return text;
  };
  const widthOf = (text: string): number => [...text].reduce((column, c) => (c === '\t' ? column + 8 - (column % 8) : column + 1), 0);
  const fill = (from: number, to: number): string => {
    let [text, at] = ['', from];
    if (!look.expandTabs)
      for (let next = at + 8 - (at % 8); next <= to; next = at + 8 - (at % 8)) {
        text += '\t';
        at = next;
      }
    return text + ' '.repeat(to - at);
  };
  const row = (left: string | undefined, mark: string, right: string | undefined): string => {
    const one = left === undefined ? '' : cut(left);
    let [text, at] = [one, widthOf(one)];
    if (mark !== ' ') {
      const middle = Math.floor((half + second - 1) / 2);
      text += `${fill(at, middle)}${mark}`;
      at = middle + 1;
    }
    const other = right === undefined ? '' : cut(right);
    if (right !== undefined && right.replace(/\n$/, '') !== '') text += fill(at, second) + other;
    return `${text}\n`;
  };
  let [text, i, j] = ['', 0, 0];
  const common = (to: number): void => {
    for (; i < to; i++, j++) {
      if (look.suppressCommon) continue;
      text += look.leftColumn ? row(a[i], '(', undefined) : row(a[i], ' ', b[j]);
    }
  };
  for (const hunk of list) {
    common(hunk.a[0]);
    while (i < hunk.a[1] && j < hunk.b[1]) text += row(a[i++], '|', b[j++]);
    while (j < hunk.b[1]) text += row(undefined, '>', b[j++]);
    while (i < hunk.a[1]) text += row(a[i++], '<', undefined);
  }
  common(a.length);
  return text;
}
