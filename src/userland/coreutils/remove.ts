// rm, and the question rm, cp and mv ask.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_REMOVEDIR } from '#abi/flags.ts';
import { isDir, isLnk, isReg } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { argmatch } from '../lib/argmatch.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { LineReader } from '../lib/lines.ts';
import { quoted } from '../lib/quote.ts';
import { baseName, joinPath, lstat, readDir } from '../lib/tree.ts';

/** Asks a question on standard error; yes is an answer beginning with y or Y. */
export function* asks(cli: Cli, question: string): Program<boolean> {
  yield* cli.flush();
  yield* errOut(`${cli.prog}: ${question}`);
  const answer = yield* new LineReader(0).next();
  return /^[yY]/.test(answer ?? '');
}

/** Removes one name and, with -r, what is below it; false after a complaint or a refusal. */
export function* removeOne(
  cli: Cli,
  path: string,
  how: {
    readonly recursive: boolean;
    readonly force: boolean;
    readonly interactive: boolean;
    readonly verbose: boolean;
    readonly dir: boolean;
  },
): Program<boolean> {
  const words = [`can't remove '${path}'`, `cannot remove ${quoted(path)}`] as const;
  const got: SysResult<Stat> = yield* lstat(path);
  if (!got.ok) {
    if (how.force && (got.errno === 'ENOENT' || (cli.gnu && got.errno === 'ENOTDIR'))) return true;
    return !(yield* cli.fail(got.errno, got.errno === 'ENOENT' ? words[0] : `can't stat '${path}'`, words[1]));
  }
  const kind = isDir(got.value.mode)
    ? 'directory'
    : isLnk(got.value.mode)
      ? 'symbolic link'
      : isReg(got.value.mode)
        ? got.value.size === 0
          ? 'regular empty file'
          : 'regular file'
        : 'file';
  if (isDir(got.value.mode)) {
    if (!how.recursive && !(how.dir && cli.gnu))
      return !(yield* cli.error(cli.gnu ? `cannot remove ${quoted(path)}: ${strerror('EISDIR')}` : `'${path}' is a directory`));
    if (!how.recursive) {
      const listed = yield* readDir(path);
      if (listed.ok && listed.value.length > 0) return !(yield* cli.error(`cannot remove ${quoted(path)}: ${strerror('ENOTEMPTY')}`));
    }
    const inside = how.recursive ? yield* readDir(path) : ({ ok: true, value: [] } as const);
    if (!inside.ok) {
      // An unreadable but empty directory can still be removed.
      const gone = yield* sys.unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
      return gone.ok || !(yield* cli.fail(inside.errno, `can't open '${path}'`, words[1]));
    }
    if (how.interactive && inside.value.length && !(yield* asks(cli, `descend into directory ${quoted(path)}? `))) return false;
    let good = true;
    for (const { name } of inside.value) good = (yield* removeOne(cli, joinPath(path, name), how)) && good;
    if (!good) return false;
    if (how.interactive && !(yield* asks(cli, `remove directory ${quoted(path)}? `))) return false;
    const gone = yield* sys.unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
    if (!gone.ok) return !(yield* cli.fail(gone.errno, ...words));
    if (how.verbose) yield* cli.text(cli.gnu ? `removed directory ${quoted(path)}\n` : `removed directory: '${path}'\n`);
    return good;
  }
  let ask = how.interactive;
  let protectedFile = false;
  if (!ask && !how.force && !isLnk(got.value.mode)) {
    const may = yield* sys.faccessat2(AT_FDCWD, path, 2, 0);
    const tty = yield* sys.ioctl(0, { request: 'TCGETS' });
    protectedFile = !may.ok && tty.ok;
    ask = protectedFile;
  }
  if (
    ask &&
    !(yield* asks(cli, cli.gnu ? `remove ${protectedFile ? 'write-protected ' : ''}${kind} ${quoted(path)}? ` : `remove '${path}'? `))
  )
    return true;
  const gone = yield* sys.unlinkat(AT_FDCWD, path, 0);
  if (!gone.ok) return !(yield* cli.fail(gone.errno, ...words));
  if (how.verbose) yield* cli.text(cli.gnu ? `removed ${quoted(path)}\n` : `removed '${path}'\n`);
  return true;
}

/** Which question the last of -f, -i, -I and --interactive asks for; undefined after a complaint. */
function* whenToAsk(cli: Cli, options: Options): Program<'always' | 'once' | 'never' | undefined> {
  const last = options.list.findLast(({ key }) => ['f', 'i', 'I'].includes(key));
  if (last === undefined || last.key === 'f') return 'never';
  if (last.key === 'I') return 'once';
  if (last.value === '') return 'always';
  const word = yield* argmatch(cli, '--interactive', last.value, [['never', 'no', 'none'], ['once'], ['always', 'yes']]);
  return word as 'always' | 'once' | 'never' | undefined;
}

/** Counterpart: rm(1) */
export const rm = command(function* (cli) {
  const long = {
    force: 'f',
    recursive: 'r',
    verbose: 'v',
    dir: 'd',
    'interactive=?': 'i',
    'preserve-root=?': 'pr',
    'no-preserve-root': 'npr',
    'one-file-system': 'x',
  };
  const options = yield* cli.options({ busybox: 'fiRrv', gnu: 'dfirRvI', long });
  if (typeof options === 'number') return options;
  const force = options.last('f', 'i') === 'f';
  if (options.args.length === 0) return force ? 0 : yield* cli.misuse('missing operand');
  const asked = yield* whenToAsk(cli, options);
  if (asked === undefined) return 1;
  const once = asked === 'once';
  const many = options.args.length;
  const deep = options.has('r') || options.has('R');
  if (once && (deep || many > 3)) {
    const what = `remove ${many} argument${many === 1 ? '' : 's'}${deep ? ' recursively' : ''}? `;
    if (!(yield* asks(cli, what))) return 0;
  }
  const how = {
    recursive: options.has('r') || options.has('R'),
    force,
    interactive: asked === 'always',
    verbose: options.has('v'),
    dir: options.has('d'),
  };
  for (const path of options.args) {
    const base = baseName(path);
    if (base === '.' || base === '..') {
      yield* cli.error(
        cli.gnu
          ? how.recursive
            ? `refusing to remove '.' or '..' directory: skipping ${quoted(path)}`
            : `cannot remove ${quoted(path)}: ${strerror('EISDIR')}`
          : "can't remove '.' or '..'",
      );
      continue;
    }
    if (base === '/' && how.recursive && cli.gnu && !options.has('npr')) {
      yield* cli.error("it is dangerous to operate recursively on '/'");
      yield* cli.error('use --no-preserve-root to override this failsafe');
      continue;
    }
    if (!(yield* removeOne(cli, path, how))) cli.status = 1;
  }
  return yield* cli.finish();
});
