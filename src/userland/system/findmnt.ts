// findmnt: mounts as a table or a tree. Counterpart: util-linux 2.38 findmnt(8)

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Command } from '../lib/command.ts';
import { out, readFile, textOf } from '../lib/io.ts';

interface Mounted {
  readonly id: string;
  readonly parent: string;
  readonly target: string;
  readonly source: string;
  readonly fstype: string;
  readonly options: string;
}

/** Counterpart: proc_pid_mountinfo(5) */
function* mountinfo(): Program<Mounted[]> {
  const file = yield* readFile('/proc/self/mountinfo');
  const plain = (text = ''): string => text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return (file.ok ? textOf(file.value) : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [left = '', right = ''] = line.split(' - ');
      const [id = '', parent = '', , root, target, own = ''] = left.split(' ');
      const [fstype = '', source, sb = ''] = right.split(' ');
      const flag = (option: string): boolean => option === 'ro' || option === 'rw';
      const first = own.startsWith('ro') || sb.startsWith('ro') ? 'ro' : 'rw';
      const options = [first, ...[...own.split(','), ...sb.split(',')].filter((option) => !flag(option))].join(',');
      return { id, parent, target: plain(target), source: `${plain(source)}${root === '/' ? '' : `[${plain(root)}]`}`, fstype, options };
    });
}

/** Rows in tree order, the target drawn with its branches. */
function tree(all: readonly Mounted[]): (readonly [string, Mounted])[] {
  const rows: (readonly [string, Mounted])[] = [];
  const visit = (mount: Mounted, lead: string, branch: string): void => {
    rows.push([`${lead}${branch}${mount.target}`, mount]);
    const below = all.filter((one) => one.parent === mount.id && one.id !== mount.id);
    const deeper = branch === '' ? '' : lead + (branch === '`-' ? '  ' : '| ');
    for (const [at, one] of below.entries()) visit(one, deeper, at === below.length - 1 ? '`-' : '|-');
  };
  for (const mount of all) if (!all.some((one) => one.id === mount.parent && one.id !== mount.id)) visit(mount, '', '');
  return rows;
}

const findmnt: Command = function* ({ argv }) {
  const all = yield* mountinfo();
  let header = true;
  let type: string | undefined;
  let path: string | undefined;
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '-n' || arg === '--noheadings') header = false;
    else if (arg === '-t' || arg === '--types') type = argv[++at];
    else if (arg === '-T' || arg === '--target') path = yield* mountAbove(argv[++at] ?? '', all);
    else if (!arg.startsWith('-')) path = arg.replace(/(?<=.)\/+$/, '');
  }
  const wanted = (one: Mounted): boolean =>
    (path === undefined || one.target === path || one.source === path) && (type === undefined || type.split(',').includes(one.fstype));
  const rows = path === undefined && type === undefined ? tree(all) : all.filter(wanted).map((one) => [one.target, one] as const);
  if (rows.length === 0) return 1;
  const cells = rows.map(([target, one]) => [target, one.source, one.fstype, one.options]);
  const table = [...(header ? [['TARGET', 'SOURCE', 'FSTYPE', 'OPTIONS']] : []), ...(path === undefined ? cells : cells.slice(-1))];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => (row[column] as string).length)));
  yield* out(table.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' ')}\n`).join(''));
  return 0;
};

/** The mount point a file lies on. */
function* mountAbove(path: string, all: readonly Mounted[]): Program<string> {
  const here: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
  if (!here.ok) return path;
  const fitting = all.filter((one) => path === one.target || path.startsWith(one.target === '/' ? '/' : `${one.target}/`));
  return fitting.reduce((best, one) => (one.target.length > best.length ? one.target : best), '/');
}

export const findmntCommands = { findmnt };
