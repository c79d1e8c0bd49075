// ls: the looks of a listing, in the style of either userland.

import { isBlk, isChr, isDir, isFifo, isLnk, isReg, isSock, major, minor, modeString, S_IFMT } from '#abi/mode.ts';
import type { Program, Stat } from '#kernel/uapi/index.ts';
import { toBin } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { shellQuote } from '../lib/quote.ts';
import { humanBusybox, humanGnu } from '../lib/size.ts';
import { secondsOf, strftime } from '../lib/time.ts';
import type { Owners } from '../lib/tree.ts';

export interface Entry {
  readonly name: string;
  readonly path: string;
  /** Type bits at least. */
  readonly mode: number;
  /** Missing when it was not needed, or when stat failed on a directory's entry. */
  readonly stat: Stat | undefined;
  readonly target: string | undefined;
  readonly targetMode: number | undefined;
  /** The SELinux context, where it was asked for and there is one. */
  readonly context?: string;
}

export interface Look {
  readonly gnu: boolean;
  readonly long: boolean;
  readonly columns: 'single' | 'columns' | 'rows' | 'commas';
  readonly inode: boolean;
  readonly blocks: boolean;
  readonly numeric: boolean;
  readonly context: boolean;
  readonly noOwner: boolean;
  readonly noGroup: boolean;
  readonly human: boolean;
  readonly base: 1000 | 1024;
  /** -Q, -b, -N. */
  readonly escapes: string | undefined;
  readonly fullTime: boolean;
  readonly timeStyle: string | undefined;
  readonly classify: 'all' | 'types' | 'dirs' | undefined;
  readonly colors: boolean;
  readonly quote: boolean;
  readonly zero: boolean;
  readonly author: boolean;
  /** Bytes in a unit of sizes; 0 as usual. */
  readonly block: number;
  readonly width: number;
  readonly now: bigint;
  readonly owners: Owners;
  readonly needsStat: boolean;
  readonly time: (stat: Stat) => bigint;
}

const HALF_YEAR_GNU = 31556952 / 2;
const HALF_YEAR_BUSYBOX = (3600 * 24 * 365) / 2;

function timeText(look: Look, when: bigint): string {
  if (look.fullTime) return strftime(look.gnu ? '%Y-%m-%d %H:%M:%S.%N %z' : '%Y-%m-%d %H:%M:%S %z', when);
  if (look.timeStyle === 'long-iso') return strftime('%Y-%m-%d %H:%M', when);
  if (look.timeStyle?.startsWith('+')) return strftime(look.timeStyle.slice(1), when);
  const age = secondsOf(look.now) - secondsOf(when);
  const recent = look.gnu ? age < HALF_YEAR_GNU && age >= 0 : age < HALF_YEAR_BUSYBOX && age > -15 * 60;
  return strftime(recent ? '%b %e %H:%M' : '%b %e  %Y', when);
}

const executable = (mode: number): boolean => isReg(mode) && (mode & 0o111) !== 0;

function indicator(look: Look, mode: number): string {
  if (!look.classify) return '';
  if (isDir(mode)) return '/';
  if (look.classify === 'dirs') return '';
  if (executable(mode)) return look.classify === 'all' ? '*' : '';
  return isLnk(mode) ? (look.long ? '' : '@') : isFifo(mode) ? '|' : isSock(mode) ? '=' : '';
}

function busyboxColor(mode: number): string {
  if (mode === 0) return '1;31'; // the target of a broken link
  if (executable(mode)) return '1;32';
  if (isDir(mode)) return '1;34';
  if (isLnk(mode)) return '1;36';
  if (isFifo(mode)) return '0;35';
  return isChr(mode) || isBlk(mode) || isSock(mode) ? '1;35' : '0;0';
}

function gnuColor(mode: number, broken: boolean): string {
  if (broken) return '40;31;01';
  if (isDir(mode)) {
    const [sticky, writable] = [(mode & 0o1000) !== 0, (mode & 0o002) !== 0];
    return sticky && writable ? '30;42' : writable ? '34;42' : sticky ? '37;44' : '01;34';
  }
  if (isReg(mode)) return mode & 0o4000 ? '37;41' : mode & 0o2000 ? '30;43' : executable(mode) ? '01;32' : '';
  return isLnk(mode) ? '01;36' : isFifo(mode) ? '40;33' : isSock(mode) ? '01;35' : '40;33;01';
}

function colored(look: Look, name: string, mode: number, broken: boolean): string {
  if (!look.colors) return name;
  if (!look.gnu) return `\x1b[${busyboxColor(mode)}m${name}\x1b[m`;
  const color = gnuColor(mode, broken);
  return color === '' ? name : `\x1b[${color}m${name}\x1b[0m`;
}

const C_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\f': '\\f',
  '\v': '\\v',
  '\b': '\\b',
  '\x07': '\\a',
};

/** As in a string of C; with -b spaces are escaped instead of quoted. */
function escaped(name: string, quotes: boolean): string {
  const text = toBin(name).replace(
    quotes ? /[\0-\x1f"\\\x7f-\xff]/g : /[\0-\x20\\\x7f-\xff]/g,
    (c) => C_ESCAPES[c] ?? (/["\\ ]/.test(c) ? `\\${c}` : `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`),
  );
  return quotes ? `"${text}"` : text;
}

const display = (look: Look, name: string): string =>
  look.escapes === 'Q' || look.escapes === 'b'
    ? escaped(name, look.escapes === 'Q')
    : look.quote || look.escapes === 'shell'
      ? shellQuote(name, false)
      : look.gnu
        ? name
        : name.replace(/[\x00-\x1f\x7f]/g, '?');

/** `total 8`, in units of 1024 bytes. */
export function totalLine(entries: readonly Entry[], look: Look): string {
  const blocks = entries.reduce((sum, entry) => sum + (entry.stat?.blocks ?? 0), 0);
  const bytes = blocks * 512;
  if (look.block > 0) return `total ${Math.ceil(bytes / look.block)}\n`;
  if (!look.human) return `total ${Math.floor(blocks / 2)}\n`;
  if (look.gnu) return `total ${humanGnu(bytes, undefined, look.base)}\n`;
  // Without tenths and in a field of its own: make_human_readable_str of busybox with a unit given.
  const [, whole = '', tenths = '0', unit = ''] = /^(\d+)(?:\.(\d))?(\w?)$/.exec(humanBusybox(bytes)) ?? [];
  return `total ${`${Number(whole) + (Number(tenths) >= 5 ? 1 : 0)}${unit}`.padEnd(7)}\n`;
}

interface Row {
  readonly prefix: string[];
  readonly name: string;
  /** Width on a terminal, and that of the name without its indicator. */
  readonly width: number;
  readonly nameWidth: number;
}

const sizeText = (look: Look, bytes: number): string =>
  look.block > 0
    ? String(Math.ceil(bytes / look.block))
    : look.human
      ? look.gnu
        ? humanGnu(bytes, look.base === 1000 ? 'BkMGTPE' : undefined, look.base)
        : humanBusybox(bytes)
      : String(bytes);
const isDevice = (mode: number): boolean => isChr(mode) || isBlk(mode);

function* cells(entry: Entry, look: Look): Program<string[]> {
  const { stat } = entry;
  const row: string[] = [];
  if (look.inode) row.push(stat ? String(stat.ino) : '?');
  if (look.blocks)
    row.push(stat ? (look.human || look.block > 0 ? sizeText(look, stat.blocks * 512) : String(Math.floor(stat.blocks / 2))) : '?');
  const context = look.context ? [entry.context ?? '?'] : [];
  if (!look.long) return [...row, ...context];
  if (!stat)
    return [
      ...row,
      `${modeString(entry.mode)[0]}?????????`,
      '?',
      ...(look.noOwner ? [] : ['?']),
      ...(look.noGroup ? [] : ['?']),
      ...context,
      '?',
      '           ?',
    ];
  // A file with a context but no access list.
  row.push(`${modeString(stat.mode)}${entry.context === undefined ? '' : '.'}`, String(stat.nlink));
  const user = look.numeric ? undefined : yield* look.owners.user(stat.uid);
  const group = look.numeric ? undefined : yield* look.owners.group(stat.gid);
  if (!look.noOwner) row.push(user ?? String(stat.uid));
  if (!look.noGroup) row.push(group ?? String(stat.gid));
  if (look.author) row.push(user ?? String(stat.uid));
  row.push(...context);
  row.push(isDevice(stat.mode) ? `${major(stat.rdev)}, ${minor(stat.rdev)}` : sizeText(look, stat.size), timeText(look, look.time(stat)));
  return row;
}

/** Columns as wide as their widest entry, or of busybox's fixed widths. */
function justify(rows: string[][], entries: readonly Entry[], look: Look): string[] {
  const kinds: string[] = [];
  if (look.inode) kinds.push('ino');
  if (look.blocks) kinds.push('blocks');
  if (look.long)
    kinds.push('mode', 'links', ...(look.noOwner ? [] : ['user']), ...(look.noGroup ? [] : ['group']), ...(look.author ? ['group'] : []));
  if (look.context) kinds.push('context');
  if (look.long) kinds.push('size', 'time');
  if (!look.gnu) {
    const [inodeWidth, sizeWidth] = [7, look.human ? 7 : 9];
    return rows.map((row, at) =>
      row
        .map((cell, column) => {
          const kind = kinds[column];
          if (kind === 'ino') return cell.padStart(inodeWidth);
          if (kind === 'blocks') return cell.padStart(look.human ? 7 : 6);
          if (kind === 'links') return cell.padStart(4);
          if (kind === 'user' || kind === 'group') return (look.numeric ? cell : cell.slice(0, 8)).padEnd(8);
          if (kind !== 'size') return cell;
          const mode = (entries[at] as Entry).mode;
          if (!isDevice(mode)) return cell.padStart(sizeWidth);
          const [high = '', low = ''] = cell.split(', ');
          return `${high.padStart(4)}, ${low.padStart(3)}`;
        })
        .map((cell) => `${cell} `)
        .join(''),
    );
  }
  const sizeColumn = kinds.indexOf('size');
  const devices = rows.map((row, at) =>
    isDevice((entries[at] as Entry).mode) && row[sizeColumn]?.includes(', ') ? (row[sizeColumn] as string).split(', ') : undefined,
  );
  const majorWidth = Math.max(0, ...devices.map((device) => device?.[0]?.length ?? 0));
  const minorWidth = Math.max(0, ...devices.map((device) => device?.[1]?.length ?? 0));
  const deviceWidth = devices.some(Boolean) ? majorWidth + 2 + minorWidth : 0;
  const widths = kinds.map((_, column) =>
    Math.max(
      column === sizeColumn ? deviceWidth : 0,
      ...rows.map((row, at) => (column === sizeColumn && devices[at] ? 0 : (row[column] as string).length)),
    ),
  );
  return rows.map((row, at) =>
    row
      .map((cell, column) => {
        const width = widths[column] as number;
        const kind = kinds[column];
        const device = column === sizeColumn ? devices[at] : undefined;
        if (device) return `${(device[0] as string).padStart(width - 2 - minorWidth)}, ${(device[1] as string).padStart(minorWidth)}`;
        // Names are on the left of their column, numbers (also of accounts without a name) on the right.
        const name = ((kind === 'user' || kind === 'group') && !/^\d+$/.test(cell)) || (kind === 'context' && look.long);
        return name || kind === 'mode' || kind === 'time'
          ? cell.padEnd(kind === 'mode' || kind === 'time' ? 0 : width)
          : cell.padStart(width);
      })
      .map((cell) => `${cell} `)
      .join(''),
  );
}

/** Prints entries in the given order; `besides` only counts for the widths. */
export function* formatEntries(cli: Cli, entries: readonly Entry[], look: Look, besides: readonly Entry[] = []): Program<void> {
  if (entries.length === 0) return;
  if (look.gnu && look.colors) yield* cli.text('\x1b[0m');
  const table: string[][] = [];
  // GNU makes columns wide enough for the directories of the command line too, which come later.
  const measured = look.gnu ? [...entries, ...besides] : entries;
  for (const entry of measured) table.push(yield* cells(entry, look));
  const prefixes = justify(table, measured, look);
  const anyQuoted = look.quote && entries.some((entry) => display(look, entry.name) !== entry.name);
  const rows: Row[] = entries.map((entry, at) => {
    const shown = display(look, entry.name);
    const pad = anyQuoted && shown === entry.name && (look.long || look.columns !== 'commas') ? ' ' : '';
    const mark = indicator(look, entry.mode);
    const broken = isLnk(entry.mode) && entry.targetMode === undefined && look.colors;
    let name = pad + colored(look, shown, entry.mode, broken) + mark;
    if (entry.target !== undefined) {
      const behind = entry.targetMode ?? 0;
      name += ` -> ${colored(look, display(look, entry.target), behind, broken)}${indicator(look, behind & S_IFMT ? behind : 0)}`;
    }
    const prefix = prefixes[at] as string;
    return { prefix: [prefix], name, width: prefix.length + toBin(pad + shown + mark).length, nameWidth: toBin(shown).length };
  });
  const line = (row: Row): string => row.prefix.join('') + row.name;
  if (look.long || look.columns === 'single') {
    for (const row of rows) yield* cli.text(`${line(row)}${look.zero ? '\0' : '\n'}`);
  } else if (look.columns === 'commas') {
    yield* cli.text(`${rows.map(line).join(', ')}\n`);
  } else if (look.gnu) yield* cli.text(gnuColumns(rows, look, line));
  else yield* cli.text(busyboxColumns(rows, look, line));
}

function busyboxColumns(rows: readonly Row[], look: Look, line: (row: Row) => string): string {
  const column = Math.max(...rows.map((row) => row.nameWidth)) + 2 + (look.blocks ? 5 : 0) + (look.inode ? 8 : 0);
  const columns = Math.max(1, Math.floor(look.width / column));
  const lines = Math.ceil(rows.length / columns);
  let text = '';
  for (let r = 0; r < lines; r++) {
    let at = 0;
    for (let c = 0; c < columns; c++) {
      const row = rows[look.columns === 'rows' ? r * columns + c : c * lines + r];
      if (!row) continue;
      if (c > 0) {
        const spaces = Math.max(0, c * column - at);
        text += ' '.repeat(spaces);
        at += spaces;
      }
      text += line(row);
      at += row.width;
    }
    text += '\n';
  }
  return text;
}

/** As many columns as fit, each as wide as it needs, filled with tabs. Counterpart: calculate_columns and indent of coreutils' ls */
function gnuColumns(rows: readonly Row[], look: Look, line: (row: Row) => string): string {
  const across = look.columns === 'rows';
  let columns = Math.min(rows.length, Math.max(1, Math.floor(look.width / 3)));
  let widths: number[] = [];
  for (; columns >= 1; columns--) {
    const lines = Math.ceil(rows.length / columns);
    const used = across ? columns : Math.ceil(rows.length / lines);
    widths = new Array<number>(columns).fill(3);
    rows.forEach((row, at) => {
      const c = across ? at % columns : Math.floor(at / lines);
      widths[c] = Math.max(widths[c] as number, row.width + (c === columns - 1 ? 0 : 2));
    });
    if (columns === 1 || (used <= columns && widths.reduce((sum, width) => sum + width, 0) < look.width)) break;
  }
  const lines = Math.ceil(rows.length / columns);
  let text = '';
  for (let r = 0; r < lines; r++) {
    let at = 0;
    let start = 0;
    for (let c = 0; c < columns; c++) {
      const row = rows[across ? r * columns + c : c * lines + r];
      if (!row) break;
      while (at < start) {
        if (Math.floor(start / 8) > Math.floor((at + 1) / 8)) {
          text += '\t';
          at += 8 - (at % 8);
        } else {
          text += ' ';
          at++;
        }
      }
      text += line(row);
      at = start + row.width;
      start += widths[c] as number;
    }
    text += '\n';
  }
  return text;
}
