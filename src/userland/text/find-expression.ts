// The expression of find: tests, actions and operators.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_REMOVEDIR } from '#abi/flags.ts';
import { isDir, isLnk, isReg } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { applyMode } from '../lib/filemode.ts';
import { errOut } from '../lib/io.ts';
import { quoted } from '../lib/quote.ts';
import { compileRegex, globRegex } from '../lib/regex.ts';
import { secondsOf } from '../lib/time.ts';
import { baseName, gidOf, lstat, Owners, readDir, stat, uidOf } from '../lib/tree.ts';
import { longLine, printf, type Visit } from './find-print.ts';
import { compare, TYPES, UNITS } from './find-words.ts';

type Node = (visit: Visit) => Program<boolean>;

export class Expression {
  maxDepth = Number.POSITIVE_INFINITY;
  minDepth = 0;
  depthFirst = false;
  follow = false;
  oneDevice = false;
  quit = false;
  private readonly cli: Cli;
  private readonly words: string[];
  private readonly owners = new Owners();
  private node: Node | undefined;
  private acts = false;
  private at = 0;
  private now = 0;
  private readonly batches: { readonly argv: readonly string[]; readonly paths: string[] }[] = [];

  constructor(cli: Cli, words: string[]) {
    this.cli = cli;
    this.words = words;
  }

  /** Reads the expression; a text is the complaint. */
  *parse(): Program<string | undefined> {
    const clock: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
    this.now = clock.ok ? secondsOf(clock.value) : 0;
    if (this.words.length) {
      const parsed = yield* this.list();
      if (typeof parsed === 'string') return parsed;
      if (this.at < this.words.length)
        return this.words[this.at] === ')' ? "you have too many ')'" : `paths must precede expression: '${this.words[this.at]}'`;
      this.node = parsed;
    }
    return undefined;
  }

  *run(visit: Visit): Program<void> {
    const pass = this.node ? yield* this.node(visit) : true;
    if (pass && !this.acts) yield* this.cli.text(`${visit.path}\n`);
  }

  *finish(): Program<void> {
    for (const batch of this.batches) if (batch.paths.length) yield* this.spawn([...batch.argv, ...batch.paths]);
  }

  private *spawn(argv: readonly string[], folder?: string): Program<boolean> {
    const { cli } = this;
    yield* cli.flush();
    const child: SysResult<number> = yield* sys.clone({
      flags: 0,
      main: function* () {
        if (folder !== undefined) yield* sys.chdir(folder);
        const errno = yield* execvp(argv, cli.context.env);
        yield* errOut(`${cli.prog}: '${argv[0]}': ${strerror(errno)}\n`);
        return 1;
      },
    });
    return child.ok && statusCode(yield* waitFor(child.value)) === 0;
  }

  private *list(): Program<Node | string> {
    let left = yield* this.and();
    while (typeof left !== 'string' && (this.words[this.at] === '-o' || this.words[this.at] === '-or')) {
      this.at++;
      const [a, b]: [Node, Node | string] = [left, yield* this.and()];
      if (typeof b === 'string') return b;
      left = function* (visit) {
        return (yield* a(visit)) || (yield* b(visit));
      };
    }
    return left;
  }

  private *and(): Program<Node | string> {
    let left = yield* this.unary();
    while (typeof left !== 'string' && this.at < this.words.length && !['-o', '-or', ')'].includes(this.words[this.at] as string)) {
      if (this.words[this.at] === '-a' || this.words[this.at] === '-and') this.at++;
      const [a, b]: [Node, Node | string] = [left, yield* this.unary()];
      if (typeof b === 'string') return b;
      left = function* (visit) {
        return (yield* a(visit)) && (yield* b(visit));
      };
    }
    return left;
  }

  private *unary(): Program<Node | string> {
    const word = this.words[this.at++];
    if (word === '!' || word === '-not') {
      const inner = yield* this.unary();
      if (typeof inner === 'string') return inner;
      return function* (visit) {
        return !(yield* inner(visit));
      };
    }
    if (word === '(') {
      const inner = yield* this.list();
      if (typeof inner === 'string') return inner;
      if (this.words[this.at] !== ')') return "invalid expression; I was expecting to find a ')' somewhere but did not see one.";
      this.at++;
      return inner;
    }
    if (word === '-o' || word === '-a') return `invalid expression; you have used a binary operator '${word}' with nothing before it.`;
    return word === undefined ? 'expected an expression' : yield* this.primary(word);
  }

  private test(check: (visit: Visit) => boolean): Node {
    return function* (visit) {
      return check(visit);
    };
  }

  private *primary(word: string): Program<Node | string> {
    const { cli, owners } = this;
    const simple = this.plain(word);
    if (simple) return simple;
    if (word === '-ok' || word === '-okdir') return `${word} is not simulated here`;
    if (word === '-exec' || word === '-execdir') return this.exec(word);
    const arg = this.words[this.at];
    if (
      !/^-(i?name|i?path|i?wholename|type|perm|user|group|uid|gid|size|maxdepth|mindepth|newer|anewer|cnewer|lname|ilname|xtype|mtime|mmin|atime|ctime|amin|cmin|links|inum|i?regex|samefile|printf|fstype)$/.test(
        word,
      )
    ) {
      return word.startsWith('-') ? `unknown predicate \`${word}'` : `paths must precede expression: '${word}'`;
    }
    if (arg === undefined) return `missing argument to \`${word}'`;
    this.at++;
    const days = (ns: bigint): number => Math.floor((this.now - secondsOf(ns)) / 86400);
    const minutes = (ns: bigint): number => Math.ceil((this.now - secondsOf(ns)) / 60);
    switch (word) {
      case '-name':
      case '-iname': {
        const pattern = globRegex(arg, word === '-iname');
        return this.test((v) => pattern.test(baseName(v.path)));
      }
      case '-path':
      case '-ipath':
      case '-wholename':
      case '-iwholename': {
        const pattern = globRegex(arg, word.startsWith('-i'));
        return this.test((v) => pattern.test(v.path));
      }
      case '-regex':
      case '-iregex': {
        const pattern = compileRegex(arg, false, word === '-iregex' ? 'i' : '');
        if (typeof pattern === 'string') return pattern;
        const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags);
        return this.test((v) => whole.test(v.path));
      }
      case '-lname':
      case '-ilname': {
        const pattern = globRegex(arg, word === '-ilname');
        return function* (v) {
          if (!isLnk(v.stat.mode)) return false;
          const target: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, v.path);
          return target.ok && pattern.test(target.value);
        };
      }
      case '-xtype':
      case '-type': {
        const kinds = arg.split(',');
        if (kinds.some((kind) => !TYPES[kind])) return `Unknown argument to ${word}: ${arg}`;
        const through = word === '-xtype';
        return function* (v) {
          const target = through && isLnk(v.stat.mode) ? yield* stat(v.path) : undefined;
          const mode = target?.ok ? target.value.mode : v.stat.mode;
          return kinds.some((kind) => (TYPES[kind] as (mode: number) => boolean)(mode));
        };
      }
      case '-perm': {
        const kind = /^[-/]/.test(arg) ? (arg[0] as string) : '';
        const bits = applyMode(arg.slice(kind.length), 0, 0, false);
        if (bits === undefined || /^\+\d/.test(arg)) return `invalid mode '${arg}'`;
        return this.test(({ stat: { mode } }) =>
          kind === '-' ? (mode & bits) === bits : kind === '/' ? bits === 0 || (mode & bits) !== 0 : (mode & 0o7777) === bits,
        );
      }
      case '-user': {
        const uid = yield* uidOf(arg);
        if (uid === undefined) return `'${arg}' is not the name of a known user`;
        return this.test((v) => v.stat.uid === uid);
      }
      case '-group': {
        const gid = yield* gidOf(arg);
        if (gid === undefined) return `'${arg}' is not the name of an existing group`;
        return this.test((v) => v.stat.gid === gid);
      }
      case '-uid':
        return this.test((v) => compare(arg, v.stat.uid));
      case '-gid':
        return this.test((v) => compare(arg, v.stat.gid));
      case '-links':
        return this.test((v) => compare(arg, v.stat.nlink));
      case '-inum':
        return this.test((v) => compare(arg, v.stat.ino));
      case '-mtime':
        return this.test((v) => compare(arg, days(v.stat.mtime)));
      case '-atime':
        return this.test((v) => compare(arg, days(v.stat.atime)));
      case '-ctime':
        return this.test((v) => compare(arg, days(v.stat.ctime)));
      case '-mmin':
        return this.test((v) => compare(arg, minutes(v.stat.mtime)));
      case '-amin':
        return this.test((v) => compare(arg, minutes(v.stat.atime)));
      case '-cmin':
        return this.test((v) => compare(arg, minutes(v.stat.ctime)));
      case '-maxdepth':
      case '-mindepth': {
        if (!/^\d+$/.test(arg)) return `Expected a positive decimal integer argument to ${word}, but got '${arg}'`;
        if (word === '-maxdepth') this.maxDepth = Number(arg);
        else this.minDepth = Number(arg);
        return this.test(() => true);
      }
      case '-size': {
        const match = /^([+-]?\d+)([bcwkMG]?)$/.exec(arg);
        if (!match) return `invalid -size type \`${arg.at(-1)}'`;
        const unit = UNITS[match[2] as string] as number;
        return this.test((v) => compare(match[1] as string, Math.ceil(v.stat.size / unit)));
      }
      case '-newer':
      case '-anewer':
      case '-cnewer':
      case '-samefile': {
        const got: SysResult<Stat> = yield* (this.follow ? stat : lstat)(arg);
        if (!got.ok) return `'${arg}': ${strerror(got.errno)}`;
        return this.test((v) =>
          word !== '-samefile'
            ? { '-newer': v.stat.mtime, '-anewer': v.stat.atime, '-cnewer': v.stat.ctime }[word] > got.value.mtime
            : v.stat.ino === got.value.ino && v.stat.dev === got.value.dev,
        );
      }
      case '-fstype':
        return function* (v) {
          const fs = yield* sys.statfs(v.path);
          return fs.ok && fs.value.type === arg;
        };
      default: {
        this.acts = true;
        return function* (v) {
          yield* cli.text(yield* printf(arg, v, owners));
          return true;
        };
      }
    }
  }

  /** Tests and actions without arguments. */
  private plain(word: string): Node | undefined {
    const { cli, owners } = this;
    const always = this.test(() => true);
    switch (word) {
      case '-true':
        return always;
      case '-false':
        return this.test(() => false);
      case '-depth':
        this.depthFirst = true;
        return always;
      case '-follow':
        this.follow = true;
        return always;
      case '-xdev':
      case '-mount':
        this.oneDevice = true;
        return always;
      case '-noleaf':
      case '-daystart':
      case '-warn':
      case '-nowarn':
      case '-ignore_readdir_race':
        return always;
      case '-prune':
        return this.test((v) => {
          v.prune = true;
          return true;
        });
      case '-quit':
        this.acts = true;
        return this.test(() => {
          this.quit = true;
          return false;
        });
      case '-print':
      case '-print0':
        this.acts = true;
        return function* (v) {
          yield* cli.text(v.path + (word === '-print0' ? '\0' : '\n'));
          return true;
        };
      case '-ls':
        this.acts = true;
        return function* (v) {
          yield* cli.text(yield* longLine(v, owners));
          return true;
        };
      case '-delete':
        this.acts = true;
        this.depthFirst = true;
        return function* (v) {
          if (v.path === '.') return true;
          const gone = yield* sys.unlinkat(AT_FDCWD, v.path, isDir(v.stat.mode) ? AT_REMOVEDIR : 0);
          if (!gone.ok) yield* cli.fail(gone.errno, v.path, `cannot delete ${quoted(v.path)}`);
          return gone.ok;
        };
      case '-empty':
        return function* (v) {
          if (isReg(v.stat.mode)) return v.stat.size === 0;
          if (!isDir(v.stat.mode)) return false;
          const inside = yield* readDir(v.path);
          return inside.ok && inside.value.length === 0;
        };
      case '-nouser':
        return function* (v) {
          return (yield* owners.user(v.stat.uid)) === undefined;
        };
      case '-nogroup':
        return function* (v) {
          return (yield* owners.group(v.stat.gid)) === undefined;
        };
      case '-readable':
      case '-writable':
      case '-executable':
        return function* (v) {
          return (yield* sys.faccessat2(AT_FDCWD, v.path, { '-readable': 4, '-writable': 2, '-executable': 1 }[word], 0)).ok;
        };
      default:
        return undefined;
    }
  }

  private exec(kind: string): Node | string {
    const argv: string[] = [];
    this.acts = true;
    for (; ; this.at++) {
      const word = this.words[this.at];
      if (word === undefined) return `missing argument to \`${kind}'`;
      if (word === ';' || (word === '+' && argv.at(-1) === '{}')) {
        this.at++;
        if (word === ';') break;
        if (kind === '-execdir') return '-execdir with + is not simulated here';
        const batch = { argv: argv.slice(0, -1), paths: [] as string[] };
        this.batches.push(batch);
        return this.test((v) => batch.paths.push(v.path) > 0);
      }
      argv.push(word);
    }
    const run = (full: readonly string[], folder?: string): Program<boolean> => this.spawn(full, folder);
    return function* (v) {
      if (kind === '-exec') return yield* run(argv.map((word) => word.replaceAll('{}', v.path)));
      const folder = v.path.includes('/') ? v.path.replace(/\/[^/]*$/, '') || '/' : '.';
      return yield* run(
        argv.map((word) => word.replaceAll('{}', `./${baseName(v.path)}`)),
        folder,
      );
    };
  }
}
