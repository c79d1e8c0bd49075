// stdbuf, pathchk and pwd. Counterpart: stdbuf(1), pathchk(1), pwd(1) of coreutils 9.1, busybox pwd

import { strerror } from '#abi/errno.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { execvp } from '../lib/exec.ts';
import { quoted } from '../lib/quote.ts';
import { lstat, stat } from '../lib/tree.ts';

/** What a program of the C library would be told; the programs here write lines on a terminal and blocks otherwise whatever they are told. */
export const stdbuf = command(function* (cli) {
  const long = { 'input=': 'i', 'output=': 'o', 'error=': 'e' };
  const options = yield* cli.options({ busybox: '', gnu: '+i:o:e:', long, status: 125 });
  if (typeof options === 'number') return options;
  for (const { key, value } of options.list) {
    if (key === 'i' && value === 'L') return yield* cli.misuse('line buffering stdin is meaningless', 125);
    if (value !== 'L' && !/^\d+([kKMGT]i?B?|B)?$/.test(value)) return yield* cli.error(`invalid mode ${quoted(value)}`, 125);
  }
  const [program] = options.args;
  if (program === undefined) return yield* cli.misuse('missing operand', 125);
  if (options.list.length === 0) return yield* cli.misuse('you must specify a buffering mode option', 125);
  const errno = yield* execvp(options.args, cli.context.env);
  return yield* cli.error(`failed to run command ${quoted(program)}: ${strerror(errno)}`, errno === 'ENOENT' ? 127 : 126);
});

const PORTABLE_NAME = 14;
const PORTABLE_PATH = 256;
const NAME_MAX = 255;
const PATH_MAX = 4096;

/** What is wrong with a name, or nothing. */
function* complaint(name: string, basic: boolean, extra: boolean): Program<string | undefined> {
  const parts = name.split('/');
  if (extra && parts.some((part) => part.startsWith('-'))) return `leading '-' in a component of file name ${quoted(name)}`;
  if ((basic || extra) && name === '') return 'empty file name';
  if (basic) {
    const strange = /[^A-Za-z0-9._/-]/.exec(name)?.[0];
    if (strange !== undefined) return `nonportable character ${quoted(strange)} in file name ${quoted(name)}`;
  } else {
    const info: SysResult<Stat> = yield* lstat(name);
    if (info.ok) return undefined;
    if (info.errno !== 'ENOENT' || name === '') return `${name === '' ? quoted(name) : name}: ${strerror(info.errno)}`;
  }
  const length = (text: string): number => new TextEncoder().encode(text).length;
  const [most, mostPath] = basic ? [PORTABLE_NAME, PORTABLE_PATH] : [NAME_MAX, PATH_MAX];
  if (length(name) >= mostPath) return `limit ${mostPath - 1} exceeded by length ${length(name)} of file name ${quoted(name)}`;
  const long = parts.find((part) => length(part) > most);
  return long && `limit ${most} exceeded by length ${length(long)} of file name component ${quoted(long)}`;
}

export const pathchk = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '+pP', long: { portability: 'both' } });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) return yield* cli.misuse('missing operand');
  const both = options.has('both');
  for (const name of options.args) {
    const wrong = yield* complaint(name, both || options.has('p'), both || options.has('P'));
    if (wrong !== undefined) yield* cli.error(wrong);
  }
  return yield* cli.finish();
});

/** Is a path an absolute name of the current directory without . and ..? */
function* isHere(path: string): Program<boolean> {
  if (!path.startsWith('/') || path.split('/').some((part) => part === '.' || part === '..')) return false;
  const [named, here]: SysResult<Stat>[] = [yield* stat(path), yield* stat('.')];
  return named?.ok === true && here?.ok === true && named.value.dev === here.value.dev && named.value.ino === here.value.ino;
}

/** pwd as a program: where no builtin of a shell answers. Counterpart: pwd(1), busybox pwd */
export const pwd = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: 'LP', long: { logical: 'L', physical: 'P' } });
  if (typeof options === 'number') return options;
  if (cli.gnu && options.args.length > 0) yield* cli.warn('ignoring non-option arguments');
  const logical = cli.getenv('PWD') ?? '';
  const here: SysResult<string> = yield* sys.getcwd();
  const same = cli.gnu && options.last('L', 'P') === 'L' && (yield* isHere(logical));
  if (!here.ok)
    return yield* cli.error(cli.gnu ? "couldn't find directory entry in '..' with matching i-node" : `getcwd: ${strerror(here.errno)}`);
  yield* cli.text(`${same ? logical : here.value}\n`);
  return yield* cli.finish();
});
