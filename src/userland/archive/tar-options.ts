// The command line of both tars.

import type { Program } from '#kernel/uapi/index.ts';
import { type Cli, getopt } from '../lib/cli.ts';

/** What a tar command line asks for. Operands keep the -C directories that stand before them. */
export interface TarLine {
  readonly operation: string;
  readonly has: (key: string) => boolean;
  readonly all: (key: string) => readonly string[];
  readonly last: (key: string) => string | undefined;
  readonly verbose: number;
  readonly operands: readonly { readonly name: string; readonly folders: readonly string[] }[];
}

const LONG: Readonly<Record<string, string>> = {
  create: 'c',
  extract: 'x',
  get: 'x',
  list: 't',
  append: 'r',
  update: 'u',
  diff: 'd',
  compare: 'd',
  delete: 'delete',
  'file=': 'f',
  'directory=': 'C',
  verbose: 'v',
  gzip: 'z',
  gunzip: 'z',
  ungzip: 'z',
  bzip2: 'j',
  xz: 'J',
  'auto-compress': 'a',
  'to-stdout': 'O',
  touch: 'm',
  'keep-old-files': 'k',
  dereference: 'h',
  'preserve-permissions': 'p',
  'same-permissions': 'p',
  'absolute-names': 'P',
  'files-from=': 'T',
  'exclude-from=': 'X',
  'exclude=': 'exclude',
  'strip-components=': 'strip',
  'numeric-owner': 'numeric',
  'no-same-owner': 'o',
  'same-owner': 'same-owner',
  'no-same-permissions': 'no-permissions',
  'no-recursion': 'no-recursion',
  overwrite: 'overwrite',
};
const BUSYBOX_LONG: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(LONG).filter(([name]) => !/^(get|append|update|diff|compare|delete|ungzip|gunzip|auto-|absolute|same-owner)/.test(name)),
);
const SHORT = 'xctruAdf:C:vzjJaOmkhpPoT:X:';
const BUSYBOX_SHORT = 'tcxvOf:zJjahmokpC:T:X:';
const NOT_SIMULATED = ['j', 'J', 'u', 'A', 'd', 'delete'];
/** What GNU tar says after a wrong command line. */
export const HINT = "Try 'tar --help' or 'tar --usage' for more information.";
const OPERATIONS = ['x', 'c', 't', 'r', 'u', 'A', 'd', 'delete'];

/** `tar cfC a b` without a dash: the letters' arguments follow in order. Counterpart: tar's old style, info tar "Old Options" */
function newStyle(args: readonly string[], gnu: boolean): string[] | { readonly missing: string } {
  const [first = '', ...rest] = args;
  if (first === '' || first.startsWith('-')) return [...args];
  // busybox reads f last, so that other letters may follow it.
  if (!gnu) return [`-${first.includes('f') ? `${first.replace('f', '')}f` : first}`, ...rest];
  const words: string[] = [];
  for (const letter of first) {
    words.push(`-${letter}`);
    if (SHORT[SHORT.indexOf(letter) + 1] !== ':') continue;
    const value = rest.shift();
    if (value === undefined) return { missing: letter };
    words.push(value);
  }
  return [...words, ...rest];
}

/** Reads the command line; a number is the exit status after a complaint. Counterpart: tar(1) */
export function* tarLine(cli: Cli): Program<TarLine | number> {
  const words = newStyle(cli.context.argv.slice(1), cli.gnu);
  if (!Array.isArray(words)) {
    yield* cli.warn(`Old option '${words.missing}' requires an argument.\n${HINT}`);
    return 2;
  }
  let args = words;
  if (args[0] === '--version' && cli.gnu) {
    yield* cli.text('tar (GNU tar) 1.34\n');
    return yield* cli.finish();
  }
  if (args[0] === '--version') {
    yield* cli.text('tar (busybox) 1.35.0\n');
    return yield* cli.finish();
  }
  const list: { key: string; value: string }[] = [];
  const operands: { name: string; folders: string[] }[] = [];
  for (let folders: string[] = []; ; ) {
    // One run of options after another, so that it is known which -C stands before which operand.
    const options = getopt(args, `+${cli.gnu ? SHORT : BUSYBOX_SHORT}`, cli.gnu ? LONG : BUSYBOX_LONG);
    if (typeof options === 'string') {
      if (!cli.gnu) {
        yield* cli.warn(options);
        return yield* cli.usage();
      }
      yield* cli.warn(`${options}\n${HINT}`);
      return 64;
    }
    list.push(...options.list);
    folders = [...folders, ...options.list.filter((option) => option.key === 'C').map((option) => option.value)];
    const [name, ...rest] = options.args;
    if (name === undefined) break;
    operands.push({ name, folders });
    args = rest;
  }
  const has = (key: string): boolean => list.some((option) => option.key === key);
  const operation = OPERATIONS.find(has);
  if (operation === undefined) {
    if (!cli.gnu) return yield* cli.usage();
    yield* cli.warn(`You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\n${HINT}`);
    return 2;
  }
  for (const key of NOT_SIMULATED) if (has(key)) return yield* cli.error(`-${key.length > 1 ? '-' : ''}${key} is not simulated here`, 2);
  return {
    operation,
    has,
    all: (key) => list.filter((option) => option.key === key).map((option) => option.value),
    last: (key) => list.findLast((option) => option.key === key)?.value,
    verbose: list.filter((option) => option.key === 'v').length,
    operands,
  };
}
