// comm and join: two sorted files side by side. Counterpart: coreutils 9.1 comm(1), join(1); busybox 1.35 comm

import type { Program } from '#kernel/uapi/index.ts';
import { toBin } from '../lib/bytes.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp } from '../lib/lines.ts';
import { quotedIfNeeded } from '../lib/quote.ts';

const ORDER = { 'check-order': 'co', 'nocheck-order': 'nco' } as const;

/** The two operands' lines; a number is the status after a complaint. */
function* twoFiles(cli: Cli, options: Options): Program<readonly [readonly string[], readonly string[]] | number> {
  const [first, second, extra] = options.args;
  if (first === undefined) return yield* cli.misuse('missing operand');
  if (second === undefined) return yield* cli.misuse(`missing operand after '${first}'`);
  if (extra !== undefined) return yield* cli.misuse(`extra operand '${extra}'`);
  const end = options.has('z') ? '\0' : '\n';
  const files: string[][] = [];
  for (const name of [first, second]) {
    const got = yield* slurp(name);
    if (!got.ok) return yield* cli.fail(got.errno, name, quotedIfNeeded(name));
    const lines = got.value.split(end);
    if (lines.at(-1) === '') lines.pop();
    files.push(lines);
  }
  return files as [string[], string[]];
}

/** Counterpart: comm(1); the order is looked at when a line moves on, and matters once one has no partner. */
export const comm = command(function* (cli) {
  const options = yield* cli.options({
    busybox: '123',
    gnu: '123z',
    long: { 'output-delimiter=': 'd', total: 'total', 'zero-terminated': 'z', ...ORDER },
  });
  if (typeof options === 'number') return options;
  const files = yield* twoFiles(cli, options);
  if (typeof files === 'number') return files;
  const tab = toBin(options.get('d') ?? '\t');
  const end = options.has('z') ? '\0' : '\n';
  const indent = (column: number): string => tab.repeat([1, 2].filter((n) => n < column && !options.has(String(n))).length);
  const at = [0, 0] as [number, number];
  const warned = [false, false];
  const counts = [0, 0, 0];
  let unpaired = false;
  while (at[0] < files[0].length || at[1] < files[1].length) {
    const [x, y] = [files[0][at[0]], files[1][at[1]]];
    const column = y === undefined || (x !== undefined && x < y) ? 1 : x === undefined || y < x ? 2 : 3;
    if (column !== 3) unpaired = true;
    counts[column - 1] = (counts[column - 1] as number) + 1;
    if (!options.has(String(column))) yield* cli.out(`${indent(column)}${column === 2 ? y : x}${end}`);
    for (const file of [0, 1] as const) {
      if (column === 2 - file) continue;
      const [line = '', next] = [files[file][at[file]], files[file][++at[file]]];
      const checks = cli.gnu && !options.has('nco') && (options.has('co') || unpaired) && !warned[file];
      if (!checks || next === undefined || next >= line) continue;
      warned[file] = true;
      yield* cli.error(`file ${file + 1} is not in sorted order`);
      if (options.has('co')) return cli.status;
    }
  }
  if (options.has('total')) yield* cli.out(`${counts.join(tab)}${tab}total${end}`);
  if (warned.some(Boolean)) yield* cli.error('input is not in sorted order');
  return yield* cli.finish();
});

interface Row {
  readonly line: string;
  readonly fields: readonly string[];
  readonly key: string;
}

const JOIN_LONG = { 'ignore-case': 'i', 'zero-terminated': 'z', header: 'header', ...ORDER } as const;

/** `0`, `1.2`, … of -o; a text is the complaint. */
function outputSpec(text: string): readonly (readonly [number, number])[] | string {
  const items: (readonly [number, number])[] = [];
  for (const word of text.split(/[ ,\t]+/).filter(Boolean)) {
    const found = /^([12])\.([1-9]\d*)$/.exec(word);
    if (!found && word !== '0')
      return /^[12]\.0+$/.test(word) ? `invalid field number: '${word.slice(2)}'` : `invalid field specifier: '${word}'`;
    items.push(found ? [Number(found[1]), Number(found[2]) - 1] : [0, 0]);
  }
  return items;
}

/** Counterpart: join(1) */
export const join = command(function* (cli) {
  const options = yield* cli.options({ busybox: 't:1:2:j:a:v:o:e:', gnu: 'a:e:i1:2:j:o:t:v:z', long: JOIN_LONG });
  if (typeof options === 'number') return options;
  const separator = options.get('t');
  if (separator !== undefined && separator.length > 1 && separator !== '\\0') return yield* cli.error(`multi-character tab '${separator}'`);
  for (const letter of ['1', '2', 'j'])
    if (options.has(letter) && !/^[1-9]\d*$/.test(options.get(letter) as string))
      return yield* cli.error(`invalid field number: '${options.get(letter)}'`);
  for (const { key, value } of options.list)
    if ((key === 'a' || key === 'v') && value !== '1' && value !== '2') return yield* cli.error(`invalid field number: '${value}'`);
  const automatic = options.get('o') === 'auto';
  const shown = automatic
    ? []
    : outputSpec(
        options.list
          .filter(({ key }) => key === 'o')
          .map(({ value }) => value)
          .join(' '),
      );
  if (typeof shown === 'string') return yield* cli.error(shown);
  const files = yield* twoFiles(cli, options);
  if (typeof files === 'number') return files;
  const keys = (['1', '2'] as const).map((which) => Number(options.get(which) ?? options.get('j') ?? 1) - 1) as [number, number];
  const fold = (text: string): string => (options.has('i') ? text.toLowerCase() : text);
  const rows = files.map((lines, side) =>
    lines.map((line): Row => {
      const fields =
        separator === undefined ? line.replace(/^[ \t]+/, '').split(/[ \t]+/) : separator === '' ? [line] : line.split(separator);
      return { line, fields, key: fold(fields[keys[side] as number] ?? '') };
    }),
  ) as [Row[], Row[]];
  const glue = separator === undefined || separator === '' ? ' ' : separator;
  const empty = toBin(options.get('e') ?? '');
  const end = options.has('z') ? '\0' : '\n';
  const others = (row: Row, side: number): string[] => row.fields.filter((_, at) => at !== keys[side]);
  const widths = [0, 1].map((side) => rows[side as 0 | 1][0]?.fields.length ?? 0);
  const auto: (readonly [number, number])[] = [
    [0, 0],
    ...[0, 1].flatMap((side) =>
      Array.from({ length: widths[side] as number }, (_, at) => [side + 1, at] as const).filter(([, at]) => at !== keys[side]),
    ),
  ];
  const print = function* (pair: readonly [Row | undefined, Row | undefined]): Program<void> {
    const row = (pair[0] ?? pair[1]) as Row;
    const spec = automatic ? auto : shown;
    const cells =
      spec.length > 0
        ? spec.map(([file, at]) => (file === 0 ? row.fields[keys[pair[0] ? 0 : 1]] : pair[file - 1]?.fields[at]) || empty)
        : [row.fields[keys[pair[0] ? 0 : 1]] ?? '', ...pair.flatMap((one, side) => (one ? others(one, side) : []))].map(
            (cell) => cell || empty,
          );
    yield* cli.out(cells.join(glue) + end);
  };
  const lone = (side: number): boolean => options.list.some(({ key, value }) => (key === 'a' || key === 'v') && value === String(side + 1));
  const at: [number, number] = [0, 0];
  const warned = [false, false];
  let unpaired = false;
  const step = function* (side: 0 | 1): Program<boolean> {
    const [now, next] = [rows[side][at[side]] as Row, rows[side][++at[side]]];
    if (!cli.gnu || options.has('nco') || !(options.has('co') || unpaired) || warned[side] || next === undefined || next.key >= now.key)
      return true;
    warned[side] = true;
    yield* cli.error(`${options.args[side]}:${at[side] + 1}: is not sorted: ${next.line}`);
    return !options.has('co');
  };
  if (options.has('header') && (rows[0].length > 0 || rows[1].length > 0)) {
    yield* print([rows[0].shift(), rows[1].shift()]);
  }
  while (at[0] < rows[0].length && at[1] < rows[1].length) {
    const [x, y] = [rows[0][at[0]] as Row, rows[1][at[1]] as Row];
    if (x.key !== y.key) {
      const side = x.key < y.key ? 0 : 1;
      unpaired = true;
      if (lone(side)) yield* print(side === 0 ? [x, undefined] : [undefined, y]);
      if (!(yield* step(side))) return cli.status;
      continue;
    }
    const same = ([0, 1] as const).map((side) => {
      let to = at[side];
      while (rows[side][to]?.key === x.key) to++;
      return rows[side].slice(at[side], to);
    }) as [Row[], Row[]];
    if (!options.has('v')) for (const a of same[0]) for (const b of same[1]) yield* print([a, b]);
    for (const side of [0, 1] as const) for (const _ of same[side]) if (!(yield* step(side))) return cli.status;
  }
  for (const side of [0, 1] as const)
    while (at[side] < rows[side].length) {
      unpaired = true;
      const row = rows[side][at[side]] as Row;
      if (lone(side)) yield* print(side === 0 ? [row, undefined] : [undefined, row]);
      if (!(yield* step(side))) return cli.status;
    }
  if (warned.some(Boolean)) yield* cli.error('input is not in sorted order');
  return yield* cli.finish();
});
