// xargs.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { fromBin, toBin } from '../lib/bytes.ts';
import { command } from '../lib/command-line.ts';
import { execvp, waitFor } from '../lib/exec.ts';
import { errOut, textOf } from '../lib/io.ts';
import { slurp } from '../lib/lines.ts';
import { busyboxXargs } from './xargs-busybox.ts';

/** Words of the input, with quotes and backslashes; undefined for an unmatched quote. */
function words(input: string): string[] | undefined {
  const found: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < input.length; at++) {
    const c = input[at] as string;
    if (c === "'" || c === '"') {
      const end = input.indexOf(c, at + 1);
      if (end < 0 || input.slice(at, end).includes('\n')) return undefined;
      word = (word ?? '') + input.slice(at + 1, end);
      at = end;
    } else if (c === '\\') word = (word ?? '') + (input[++at] ?? '');
    else if (/\s/.test(c)) {
      if (word !== undefined) found.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  return word === undefined ? found : [...found, word];
}

/** Counterpart: xargs of findutils 4.9; busybox's is in xargs-busybox.ts */
export const xargs = command(function* (cli) {
  if (!cli.gnu) return yield* busyboxXargs(cli);
  const long = {
    null: '0',
    'no-run-if-empty': 'r',
    'max-args=': 'n',
    'replace=?': 'I',
    verbose: 't',
    'max-lines=?': 'L',
    'max-procs=': 'P',
    'delimiter=': 'd',
    'arg-file=': 'a',
    exit: 'x',
    'max-chars=': 's',
    interactive: 'p',
  };
  const options = yield* cli.options({ busybox: false, gnu: '+0a:E:e::i::I:l::L:n:prs:txP:d:', long });
  if (typeof options === 'number') return options;
  const input = yield* slurp(options.get('a') ?? '-');
  if (!input.ok)
    return yield* cli.fail(input.errno, options.get('a') ?? 'read error', `Cannot open input file '${options.get('a') ?? '-'}'`);
  const replace = options.has('I') || options.has('i') ? options.get('I') || options.get('i') || '{}' : undefined;
  const delimiter = options.has('0')
    ? '\0'
    : options.has('d')
      ? (options.get('d') as string).replace('\\n', '\n').replace('\\t', '\t').replace('\\0', '\0')
      : undefined;
  // findutils reads these numbers before anything else.
  const numbers = new Map<string, number>();
  for (const { key, value } of options.list) {
    if (!'nLPs'.includes(key)) continue;
    if (!/^[-+]?\d+$/.test(value)) return yield* cli.misuse(`invalid number "${value}" for -${key} option`);
    if (Number(value) < (key === 'P' ? 0 : 1))
      return yield* cli.misuse(`value ${value} for -${key} option should be >= ${key === 'P' ? 0 : 1}`);
    numbers.set(key, Number(value));
  }
  const stop = options.get('E') ?? (options.get('e') || undefined);
  let items: string[] | undefined;
  if (delimiter !== undefined)
    items = (input.value.endsWith(delimiter) ? input.value.slice(0, -1) : input.value)
      .split(delimiter)
      .filter((_, at, all) => all.length > 1 || all[at] !== '');
  else if (replace !== undefined)
    items = input.value
      .split('\n')
      .map((line) => line.replace(/^[ \t]+/, ''))
      .filter((line) => line !== '');
  else if (options.has('L') || options.has('l')) items = input.value.split('\n').filter((line) => line.trim() !== '');
  else items = words(input.value);
  if (!items) return yield* cli.error('unmatched single quote; by default quotes are special to xargs unless you use the -0 option');
  const end = delimiter === undefined && stop !== undefined ? items.indexOf(toBin(stop)) : -1;
  const list = (end < 0 ? items : items.slice(0, end)).map(fromBin);
  const argv = options.args.length ? options.args : ['echo'];
  const batch =
    replace !== undefined
      ? 1
      : options.has('n')
        ? Number(options.get('n'))
        : options.has('L') || options.has('l')
          ? Number(options.get('L') || options.get('l') || 1)
          : 5000;
  if (!(batch > 0)) return yield* cli.error(`value ${options.get('n')} for -n option should be >= 1`);
  const run = function* (full: readonly string[]): Program<number> {
    yield* cli.flush();
    if (options.has('p')) {
      yield* errOut(full.join(' '));
      const tty: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/tty', O_RDONLY);
      if (!tty.ok) return -(yield* cli.error(`failed to open /dev/tty for reading: ${strerror(tty.errno)}`));
      yield* errOut(' ?...');
      const answer: SysResult<Uint8Array> = yield* sys.read(tty.value, 256);
      yield* sys.close(tty.value);
      if (!answer.ok || !/^[yY]/.test(textOf(answer.value))) return 0;
    } else if (options.has('t')) yield* errOut(`${full.join(' ')}\n`);
    const child: SysResult<number> = yield* sys.clone({
      flags: 0,
      main: function* () {
        const errno = yield* execvp(full, cli.context.env);
        yield* errOut(`${cli.prog}: ${full[0]}: ${strerror(errno)}\n`);
        return errno === 'ENOENT' ? 127 : 126;
      },
    });
    if (!child.ok) return yield* cli.fail(child.errno, 'fork', 'cannot fork');
    const status = yield* waitFor(child.value);
    if (status?.kind === 'signaled') {
      yield* cli.error(`${full[0]}: terminated by signal ${status.signal}`);
      return 125;
    }
    return status?.kind === 'exited' ? status.code : 1;
  };
  // A command line holds so many bytes, each word with a byte behind it.
  const room = Number(options.get('s') ?? 131072) - argv.reduce((sum, word) => sum + toBin(word).length + 1, 0);
  const groups: string[][] = [];
  for (let at = 0; at < list.length; ) {
    const group: string[] = [];
    for (let left = room; at < list.length && group.length < batch; at++) {
      left -= toBin(list[at] as string).length + 1;
      if (left < 0 && replace === undefined) break;
      group.push(list[at] as string);
    }
    if (group.length === 0) return yield* cli.error('argument line too long');
    groups.push(group);
  }
  if (room <= 0 && replace === undefined) return yield* cli.error('cannot fit single argument within argument list size limit');
  if (list.length === 0 && !options.has('r') && replace === undefined) groups.push([]);
  for (const group of groups) {
    const extra = options.has('L') || options.has('l') ? group.flatMap((line) => line.trim().split(/\s+/)) : group;
    const full = replace !== undefined ? argv.map((word) => word.replaceAll(replace, group[0] ?? '')) : [...argv, ...extra];
    const status = yield* run(full);
    if (status < 0) return yield* cli.finish(-status);
    if (status === 126 || status === 127 || status === 125) {
      cli.status = status;
      break;
    }
    if (status === 255) return yield* cli.error(`${full[0]}: exited with status 255; aborting`, 124);
    if (status !== 0) cli.status = 123;
  }
  return yield* cli.finish();
});
