// The table of `df --output`.

import type { Program } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../lib/cli.ts';

/** Title, least width, and whether text is set to the right. */
const FIELDS = {
  source: ['Filesystem', 14, false],
  fstype: ['Type', 4, false],
  itotal: ['Inodes', 5, true],
  iused: ['IUsed', 5, true],
  iavail: ['IFree', 5, true],
  ipcent: ['IUse%', 4, true],
  size: ['', 5, true],
  used: ['Used', 5, true],
  avail: ['Avail', 5, true],
  pcent: ['Use%', 4, true],
  file: ['File', 0, false],
  target: ['Mounted on', 0, false],
} as const;
export type Field = keyof typeof FIELDS;

/** The fields of --output in the order asked for; a number is the status after a complaint. */
export function* outputFields(cli: Cli, options: Options): Program<readonly Field[] | number> {
  for (const key of ['i', 'P', 'T']) if (options.has(key)) return yield* cli.misuse(`options -${key} and --output are mutually exclusive`);
  const asked = options.list.filter(({ key, value }) => key === 'output' && value !== '').flatMap(({ value }) => value.split(','));
  const found: Field[] = [];
  for (const word of asked) {
    if (!(word in FIELDS)) return yield* cli.misuse(`option --output: field '${word}' unknown`);
    if (found.includes(word as Field)) return yield* cli.misuse(`option --output: field '${word}' used more than once`);
    found.push(word as Field);
  }
  return found.length > 0 ? found : (Object.keys(FIELDS) as Field[]);
}

export function outputTable(fields: readonly Field[], records: readonly Readonly<Record<Field, string>>[], sizeTitle: string): string {
  const titles = fields.map((field) => FIELDS[field][0] || sizeTitle);
  const rows = [titles, ...records.map((record) => fields.map((field) => record[field]))];
  const widths = fields.map((field, at) => Math.max(FIELDS[field][1], ...rows.map((row) => (row[at] as string).length)));
  const cell = (text: string, at: number): string => {
    if (FIELDS[fields[at] as Field][2]) return text.padStart(widths[at] as number);
    return at === fields.length - 1 ? text : text.padEnd(widths[at] as number);
  };
  return rows.map((row) => `${row.map(cell).join(' ')}\n`).join('');
}
