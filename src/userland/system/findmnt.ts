// findmnt: mounts as a table or a tree. Counterpart: util-linux 2.38 findmnt(8)

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { readFile, textOf } from '../lib/io.ts';

interface Mounted {
  readonly id: string;
  readonly parent: string;
  readonly target: string;
  readonly source: string;
  readonly fstype: string;
  readonly options: string;
  readonly vfsOptions: string;
  readonly fsOptions: string;
  readonly fsroot: string;
  readonly propagation: string;
}

/** Counterpart: the columns of findmnt(8); of the others it is said that they are not simulated. */
const COLUMNS: Readonly<Record<string, (mount: Mounted) => string>> = {
  TARGET: (one) => one.target,
  SOURCE: (one) => one.source,
  FSTYPE: (one) => one.fstype,
  OPTIONS: (one) => one.options,
  'VFS-OPTIONS': (one) => one.vfsOptions,
  'FS-OPTIONS': (one) => one.fsOptions,
  FSROOT: (one) => one.fsroot,
  ID: (one) => one.id,
  PARENT: (one) => one.parent,
  PROPAGATION: (one) => one.propagation,
};
const NUMBERS: readonly string[] = ['ID', 'PARENT'];
const OTHERS =
  'ACTION AVAIL FREQ FS-OPTIONS LABEL MAJ:MIN OLD-OPTIONS OLD-TARGET OPT-FIELDS PARTLABEL PARTUUID PASSNO SIZE TID USE% USED UUID'.split(
    ' ',
  );

/** Counterpart: proc_pid_mountinfo(5) */
function* mountinfo(): Program<Mounted[]> {
  const file = yield* readFile('/proc/self/mountinfo');
  const plain = (text = ''): string => text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return (file.ok ? textOf(file.value) : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [left = '', right = ''] = line.split(' - ');
      const [id = '', parent = '', , root = '/', target, own = '', ...tags] = left.split(' ');
      const tagged = (tag: string): boolean => tags.some((one) => one.startsWith(tag));
      const [fstype = '', source, sb = ''] = right.split(' ');
      const flag = (option: string): boolean => option === 'ro' || option === 'rw';
      const first = own.startsWith('ro') || sb.startsWith('ro') ? 'ro' : 'rw';
      const options = [first, ...[...own.split(','), ...sb.split(',')].filter((option) => !flag(option))].join(',');
      const shared = `${tagged('shared:') ? 'shared' : 'private'}${tagged('master:') ? ',slave' : ''}`;
      return {
        id,
        parent,
        target: plain(target),
        source: `${plain(source)}${root === '/' ? '' : `[${plain(root)}]`}`,
        fstype,
        options,
        vfsOptions: own,
        fsOptions: sb,
        fsroot: plain(root),
        propagation: `${shared}${tagged('unbindable') ? ',unbindable' : ''}`,
      };
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

/** Raw and pair output write what would break a line as \\xHH. */
const escaped = (text: string): string => text.replace(/[\s\\"]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Rows as text. The first is the header, where there is one. */
function rendered(names: readonly string[], table: readonly (readonly string[])[]): string {
  const widths = names.map((_, column) => Math.max(...table.map((row) => (row[column] as string).length)));
  const cell = (text: string, column: number): string => {
    const width = widths[column] as number;
    if (NUMBERS.includes(names[column] as string)) return text.padStart(width);
    return column === names.length - 1 ? text : text.padEnd(width);
  };
  return table.map((row) => `${row.map(cell).join(' ')}\n`).join('');
}

function json(names: readonly string[], rows: readonly (readonly string[])[]): string {
  const value = (name: string, text: string): string => (NUMBERS.includes(name) ? text : JSON.stringify(text));
  const items = rows.map(
    (row) =>
      `{\n${names.map((name, at) => `         ${JSON.stringify(name.toLowerCase())}: ${value(name, row[at] as string)}`).join(',\n')}\n      }`,
  );
  return `{\n   "filesystems": [\n      ${items.join(',')}\n   ]\n}\n`;
}

const findmnt = command(function* (cli) {
  const long = {
    noheadings: 'n',
    'types=': 't',
    'target=': 'T',
    'source=': 'S',
    'output=': 'o',
    list: 'l',
    raw: 'r',
    pairs: 'P',
    json: 'J',
    'first-only': 'f',
    kernel: 'k',
    notruncate: 'u',
    'mountpoint=': 'M',
  };
  const options = yield* cli.options({ busybox: '', gnu: 'nt:T:S:o:lrPJfkuM:', long });
  if (typeof options === 'number') return options;
  const names = (options.get('o') ?? 'TARGET,SOURCE,FSTYPE,OPTIONS').toUpperCase().split(',');
  for (const name of names) {
    if (COLUMNS[name] !== undefined) continue;
    if (OTHERS.includes(name)) return yield* cli.error(`the column ${name} is not simulated here`);
    return yield* cli.error(`unknown column: ${name}`);
  }
  const all = yield* mountinfo();
  const type = options.get('t')?.split(',');
  const source = options.get('S');
  const under = options.get('T');
  const word = options.get('M') ?? (under === undefined ? options.args[0] : yield* mountAbove(under, all));
  const path = word?.replace(/(?<=.)\/+$/, '');
  const negated = type?.[0]?.startsWith('no') === true;
  const typed = (one: Mounted): boolean =>
    type === undefined || type.map((name) => name.replace(/^no/, '')).includes(one.fstype) !== negated;
  const wanted = (one: Mounted): boolean =>
    (path === undefined || one.target === path || one.source === path) && (source === undefined || one.source === source) && typed(one);
  const chosen = all.filter(wanted);
  const drawn = path === undefined && !['l', 'r', 'P'].some((key) => options.has(key));
  let rows = drawn ? tree(chosen) : chosen.map((one) => [one.target, one] as const);
  if (options.has('J') && rows.some(([target, one]) => target !== one.target))
    return yield* cli.error('-J of mounts on mounts is not simulated here');
  if (path !== undefined) rows = rows.slice(-1);
  if (options.has('f')) rows = rows.slice(0, 1);
  if (rows.length === 0) return yield* cli.finish(1);
  const cells = rows.map(([target, one]) =>
    names.map((name) => (name === 'TARGET' ? target : (COLUMNS[name] as (mount: Mounted) => string)(one))),
  );
  const table = [...(options.has('n') ? [] : [names]), ...cells];
  if (options.has('J')) yield* cli.text(json(names, cells));
  else if (options.has('P'))
    yield* cli.text(cells.map((row) => `${row.map((cell, at) => `${names[at]}="${escaped(cell)}"`).join(' ')}\n`).join(''));
  else if (options.has('r')) yield* cli.text(table.map((row) => `${row.map(escaped).join(' ')}\n`).join(''));
  else yield* cli.text(rendered(names, table));
  return yield* cli.finish();
});

/** The mount point a file lies on. */
function* mountAbove(path: string, all: readonly Mounted[]): Program<string> {
  const here: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
  if (!here.ok) return path;
  const fitting = all.filter((one) => path === one.target || path.startsWith(one.target === '/' ? '/' : `${one.target}/`));
  return fitting.reduce((best, one) => (one.target.length > best.length ? one.target : best), '/');
}

export const findmntCommands = { findmnt };
