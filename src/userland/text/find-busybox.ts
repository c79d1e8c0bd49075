// find of busybox: its own reading of the command line, groups of tests joined by -o, and its own walk.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_REMOVEDIR } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { applyMode } from '../lib/filemode.ts';
import { errOut } from '../lib/io.ts';
import { compileRegex, globRegex } from '../lib/regex.ts';
import { secondsOf } from '../lib/time.ts';
import { baseName, gidOf, joinPath, lstat, readDir, stat, uidOf } from '../lib/tree.ts';
import { TYPES } from './find-words.ts';

interface Seen {
  readonly path: string;
  readonly stat: Stat;
  prune: boolean;
}
type Test = (seen: Seen) => Program<boolean>;

/** A mistake of the command line; `usage` when the usage text follows it. */
class Mistake {
  readonly text: string;
  readonly usage: boolean;
  constructor(text: string, usage = false) {
    this.text = text;
    this.usage = usage;
  }
}

const UNITS: Readonly<Record<string, bigint>> = { '': 512n, b: 512n, c: 1n, w: 2n, k: 1024n };
/** Words that take one argument, besides -exec. */
const TAKES_ARGUMENT = new Set(
  '-name -iname -path -wholename -ipath -regex -type -perm -mtime -atime -ctime -mmin -amin -cmin -newer -inum -samefile -user -group -size -links -mindepth -maxdepth'.split(
    ' ',
  ),
);

/** Thrown out of the walk by -quit, which ends the process there and then. */
const QUIT = Symbol('quit');

class Find {
  private readonly cli: Cli;
  private followAll = false;
  private followRoots = false;
  private depthFirst = false;
  private oneDevice: Set<number> | undefined;
  private readonly range = { '-mindepth': 0, '-maxdepth': 2 ** 31 - 1 };
  private prints = true;
  private failed = false;
  private now = 0;
  private readonly batches: { readonly argv: readonly string[]; paths: string[]; readonly inverted: boolean }[] = [];

  constructor(cli: Cli) {
    this.cli = cli;
  }

  *run(args: readonly string[]): Program<number> {
    const { cli } = this;
    const words = [...args];
    while (/^-[HLP]+$/.test(words[0] ?? '')) {
      const letters = words.shift() as string;
      if (letters.includes('H')) this.followRoots = true;
      if (letters.includes('L')) this.followAll = true;
    }
    if (words[0] === '--') words.shift();
    const clock: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
    this.now = clock.ok ? secondsOf(clock.value) : 0;
    const start = words.findIndex((word) => word.startsWith('-') || word === '!' || word === '(');
    const given = start < 0 ? words : words.slice(0, start);
    const roots = given.length ? given : ['.'];
    const test = yield* this.group(start < 0 ? [] : words.slice(start));
    if (test instanceof Mistake) {
      yield* cli.error(test.text);
      return test.usage ? yield* cli.usage() : 1;
    }
    if (this.oneDevice)
      for (const root of roots) {
        const got: SysResult<Stat> = yield* stat(root);
        if (got.ok) this.oneDevice.add(got.value.dev);
      }
    try {
      for (const root of roots) yield* this.walk(root, 0, test);
      for (const batch of this.batches)
        if (batch.paths.length && (yield* this.spawn([...batch.argv], batch.paths)) === batch.inverted) {
          this.failed = true;
          break;
        }
    } catch (thrown) {
      if (thrown !== QUIT) throw thrown;
    }
    return yield* cli.finish(this.failed ? 1 : 0);
  }

  private *walk(path: string, depth: number, test: Test): Program<void> {
    const followed = this.followAll || (this.followRoots && depth === 0);
    let got: SysResult<Stat> = yield* (followed ? stat : lstat)(path);
    if (!got.ok && followed && got.errno === 'ENOENT') got = yield* lstat(path);
    if (!got.ok) {
      this.failed = true;
      return yield* this.cli.warn(`${path}: ${strerror(got.errno)}`);
    }
    const seen: Seen = { path, stat: got.value, prune: false };
    if (!isDir(got.value.mode)) return void (yield* this.visit(seen, depth, test));
    if (!this.depthFirst && !(yield* this.visit(seen, depth, test))) return;
    const inside = yield* readDir(path);
    if (!inside.ok) {
      this.failed = true;
      return yield* this.cli.warn(`${path}: ${strerror(inside.errno)}`);
    }
    for (const { name } of inside.value) yield* this.walk(joinPath(path, name), depth + 1, test);
    if (this.depthFirst) yield* this.visit(seen, depth, test);
  }

  /** Shows a file to the expression; true when what is below it shall be looked at. */
  private *visit(seen: Seen, depth: number, test: Test): Program<boolean> {
    const here = !this.oneDevice || !isDir(seen.stat.mode) || this.oneDevice.has(seen.stat.dev);
    if (depth < this.range['-mindepth']) return here;
    if (depth > this.range['-maxdepth']) return false;
    if ((yield* test(seen)) && this.prints) yield* this.cli.text(`${seen.path}\n`);
    return here && !seen.prune && depth !== this.range['-maxdepth'];
  }

  /** Tests joined by `and`, in groups joined by `or`; an operator with nothing beside it is no mistake. */
  private *group(words: readonly string[]): Program<Test | Mistake> {
    const groups: Test[][] = [[]];
    let inverted = false;
    for (let at = 0; at < words.length; at++) {
      const word = words[at] as string;
      const argument = words[at + 1];
      if (TAKES_ARGUMENT.has(word) && argument === undefined) return new Mistake(`${word} requires an argument`);
      if (word === '-a' || word === '-and') continue;
      if (word === '-o' || word === '-or') {
        groups.push([]);
        continue;
      }
      if (word === '!' || word === '-not') {
        inverted = !inverted;
        continue;
      }
      if (this.option(word)) continue;
      let test: Test | Mistake | undefined;
      if (word === '-mindepth' || word === '-maxdepth') {
        at++;
        if (!/^\d+$/.test(argument as string)) return new Mistake(`invalid number '${argument}'`);
        this.range[word] = Number(argument);
        continue;
      }
      if (word === '-exec') {
        const end = words.findIndex((end, index) => index > at && (end === ';' || end === '+'));
        if (end < 0 || end === at + 1) return new Mistake('-exec requires an argument');
        test = this.exec(words.slice(at + 1, end), words[end] === '+', inverted);
        at = end;
      } else if (word === '(') {
        const end = closing(words, at);
        if (end === undefined) return new Mistake("unpaired '('");
        test = yield* this.group(words.slice(at + 1, end));
        at = end;
      } else if (TAKES_ARGUMENT.has(word)) {
        test = yield* this.about(word, argument as string);
        at++;
      } else test = this.plain(word);
      if (test === undefined) return new Mistake(`unrecognized: ${word}`, true);
      if (test instanceof Mistake) return test;
      const positive = test;
      groups.at(-1)?.push(
        inverted
          ? function* (seen) {
              return !(yield* positive(seen));
            }
          : positive,
      );
      inverted = false;
    }
    return function* (seen) {
      for (const tests of groups) {
        let pass = true;
        for (const test of tests) {
          pass = yield* test(seen);
          if (!pass) break;
        }
        if (pass) return true;
      }
      return false;
    };
  }

  private option(word: string): boolean {
    if (word === '-follow') this.followAll = true;
    else if (word === '-depth') this.depthFirst = true;
    else if (word === '-xdev') this.oneDevice = new Set();
    else return false;
    return true;
  }

  /** Tests and actions that take no argument. */
  private plain(word: string): Test | undefined {
    const { cli } = this;
    switch (word) {
      case '-print':
      case '-print0':
        this.prints = false;
        return function* (seen) {
          yield* cli.text(seen.path + (word === '-print' ? '\n' : '\0'));
          return true;
        };
      case '-prune':
        return function* (seen) {
          seen.prune = true;
          return true;
        };
      case '-quit':
        return function* () {
          throw QUIT;
        };
      case '-delete':
        this.prints = false;
        this.depthFirst = true;
        return function* ({ path, stat: { mode } }) {
          if (isDir(mode) && path === '.') return true;
          const gone = yield* sys.unlinkat(AT_FDCWD, path, isDir(mode) ? AT_REMOVEDIR : 0);
          if (!gone.ok) yield* cli.warn(`${path}: ${strerror(gone.errno)}`);
          return true;
        };
      case '-empty':
        return function* ({ path, stat: { mode, size } }) {
          if (!isDir(mode)) return TYPES.f?.(mode) === true && size === 0;
          const inside = yield* readDir(path);
          if (!inside.ok) yield* cli.warn(`${path}: ${strerror(inside.errno)}`);
          return inside.ok && inside.value.length === 0;
        };
      case '-executable':
        return function* ({ path }) {
          return (yield* sys.faccessat2(AT_FDCWD, path, 1, 0)).ok;
        };
      default:
        return undefined;
    }
  }

  private *about(word: string, text: string): Program<Test | Mistake> {
    const test = (check: (seen: Seen) => boolean): Test =>
      function* (seen) {
        return check(seen);
      };
    const sign = text[0] === '+' || text[0] === '-' ? text[0] : '';
    const digits = text.slice(sign.length);
    const compared = (value: number, wanted: number): boolean =>
      sign === '+' ? value > wanted : sign === '-' ? value < wanted : value === wanted;
    switch (word) {
      case '-name':
      case '-iname': {
        const pattern = globRegex(text, word === '-iname');
        return test(({ path }) => pattern.test(baseName(path)));
      }
      case '-path':
      case '-wholename':
      case '-ipath': {
        const pattern = globRegex(text, word === '-ipath');
        return test(({ path }) => pattern.test(path));
      }
      case '-regex': {
        const pattern = compileRegex(text, false);
        if (typeof pattern === 'string') return new Mistake(`bad regex '${text}': ${pattern}`);
        return test(({ path }) => pattern.exec(path)?.[0] === path);
      }
      case '-type': {
        const kind = TYPES[text];
        return kind ? test(({ stat: { mode } }) => kind(mode)) : new Mistake(`invalid argument '${text}' to '-type'`);
      }
      case '-perm': {
        const kind = text[0] === '/' ? '+' : sign;
        const mode = kind === '' ? text : text.slice(1);
        const bits = applyMode(mode, 0, 0, false);
        if (bits === undefined) return new Mistake(`invalid mode '${mode}'`);
        return test(({ stat: s }) =>
          kind === '+' ? (s.mode & bits) !== 0 : kind === '-' ? (s.mode & bits) === bits : (s.mode & 0o7777) === bits,
        );
      }
      case '-user': {
        const uid = yield* uidOf(text);
        return uid === undefined ? new Mistake(`unknown user ${text}`) : test(({ stat: s }) => s.uid === uid);
      }
      case '-group': {
        const gid = yield* gidOf(text);
        return gid === undefined ? new Mistake(`unknown group ${text}`) : test(({ stat: s }) => s.gid === gid);
      }
      case '-newer':
      case '-samefile': {
        const follows = word === '-newer' || this.followAll || this.followRoots;
        const got: SysResult<Stat> = yield* (follows ? stat : lstat)(text);
        if (!got.ok) return new Mistake(`can't stat '${text}': ${strerror(got.errno)}`);
        const { ino, dev, mtime } = got.value;
        return word === '-newer'
          ? test(({ stat: s }) => secondsOf(s.mtime) > secondsOf(mtime))
          : test(({ stat: s }) => s.ino === ino && s.dev === dev);
      }
      case '-size': {
        const [, number = '', suffix = ''] = /^(\d+)(.*)$/.exec(digits) ?? [];
        const unit = number === '' ? undefined : UNITS[suffix];
        if (unit === undefined) return new Mistake(`invalid number '${digits}'`);
        return test(({ stat: s }) => compared(s.size, Number(BigInt(number) * unit)));
      }
    }
    // -inum compares for equality only, so its number has no sign.
    if (!/^\d+$/.test(word === '-inum' ? text : digits)) return new Mistake(`invalid number '${word === '-inum' ? text : digits}'`);
    const wanted = Number(digits);
    if (word === '-inum') return test(({ stat: s }) => s.ino === wanted);
    if (word === '-links') return test(({ stat: s }) => compared(s.nlink, wanted));
    const unit = word.endsWith('time') ? 86400 : 60;
    const time = ({ a: 'atime', c: 'ctime', m: 'mtime' } as const)[word[1] as 'a' | 'c' | 'm'];
    return test(({ stat: s }) => {
      const age = this.now - secondsOf(s[time]);
      if (sign === '+') return age >= (wanted + 1) * unit;
      return sign === '-' ? age < wanted * unit : age >= wanted * unit && age < (wanted + 1) * unit;
    });
  }

  private exec(argv: readonly string[], gathers: boolean, inverted: boolean): Test | Mistake {
    this.prints = false;
    if (!gathers)
      return (seen) =>
        this.spawn(
          argv.map((word) => word.replaceAll('{}', seen.path)),
          [],
        );
    if (argv.join('\0').split('{}').length !== 2) return new Mistake("only one '{}' allowed for -exec +");
    const batch = { argv, paths: [] as string[], inverted };
    this.batches.push(batch);
    return function* (seen) {
      return batch.paths.push(seen.path) > 0;
    };
  }

  /** Runs a program; a word with {} becomes one for each of `paths`. True for status 0. */
  private *spawn(words: readonly string[], paths: readonly string[]): Program<boolean> {
    const { cli } = this;
    const argv = paths.length
      ? words.flatMap((word) => (word.includes('{}') ? paths.map((path) => word.replace('{}', () => path)) : [word]))
      : words;
    yield* cli.flush();
    const child: SysResult<number> = yield* sys.clone({
      flags: 0,
      main: function* () {
        const errno = yield* execvp(argv, cli.context.env);
        yield* errOut(`${cli.prog}: ${argv[0]}: ${strerror(errno)}\n`);
        return 1;
      },
    });
    return child.ok && statusCode(yield* waitFor(child.value)) === 0;
  }
}

/** Where the parenthesis at `at` is closed. */
function closing(words: readonly string[], at: number): number | undefined {
  let depth = 0;
  for (let end = at; end < words.length; end++) {
    if (words[end] === '(') depth++;
    else if (words[end] === ')' && --depth === 0) return end;
  }
  return undefined;
}

/** Counterpart: busybox 1.35 findutils/find.c in the default configuration; libbb/recursive_action.c */
export const busyboxFind = (cli: Cli): Program<number> => new Find(cli).run(cli.context.argv.slice(1));
