import { AT_FDCWD } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { quoted } from '../lib/quote.ts';
import { dirName, gidOf, lstat, stat, uidOf } from '../lib/tree.ts';
import { type Copying, copyOne, pairs } from './copy.ts';
import { modeOf, modeOption } from './make.ts';

/** Counterpart: install(1) */
export const install = command(function* (cli) {
  const long = {
    directory: 'd',
    'owner=': 'o',
    'group=': 'g',
    'mode=': 'm',
    'preserve-timestamps': 'p',
    strip: 's',
    'target-directory=': 't',
    verbose: 'v',
    'no-target-directory': 'T',
    compare: 'C',
  };
  const options = yield* cli.options({ busybox: 'bcdDspo:g:m:t:v', gnu: 'bcdDg:m:o:pst:vCS:TZ', long, busyboxLong: '*' });
  if (typeof options === 'number') return options;
  const text = options.get('m');
  // busybox does not look whether the text is a mode: what is none sets every bit.
  const mode = text === undefined ? 0o755 : cli.gnu ? yield* modeOption(cli, text, 0) : ((yield* modeOf(text, 0o755, false)) ?? 0o7777);
  if (mode === undefined) return 1;
  const [user, group] = [options.get('o'), options.get('g')];
  const uid = user === undefined ? -1 : yield* uidOf(user);
  if (uid === undefined) return yield* cli.error(cli.gnu ? `invalid user '${user}'` : `unknown user ${user}`);
  const gid = group === undefined ? -1 : yield* gidOf(group);
  if (gid === undefined) return yield* cli.error(cli.gnu ? `invalid group '${group}'` : `unknown group ${group}`);
  const own = function* (path: string): Program<void> {
    if (uid === -1 && gid === -1) return;
    const owned = yield* sys.fchownat(AT_FDCWD, path, uid, gid, 0);
    if (!owned.ok) yield* cli.fail(owned.errno, `can't change ownership of ${path}`, `cannot change ownership of ${quoted(path)}`);
  };
  // busybox gives the file away last, which then needs no CAP_FOWNER for the mode.
  const finish = function* (path: string): Program<void> {
    if (cli.gnu) yield* own(path);
    const set = yield* sys.fchmodat(AT_FDCWD, path, mode);
    if (!set.ok) yield* cli.fail(set.errno, `can't change permissions of ${path}`, `cannot change permissions of ${quoted(path)}`);
    if (!cli.gnu) yield* own(path);
  };
  const makeParents = function* (path: string): Program<void> {
    const parts = path.split('/');
    for (let at = 1; at <= parts.length; at++)
      if (parts.slice(0, at).join('/')) yield* sys.mkdirat(AT_FDCWD, parts.slice(0, at).join('/'), 0o755);
  };
  if (options.has('d')) {
    if (options.args.length === 0) return yield* cli.misuse('missing file operand');
    for (const path of options.args) {
      yield* makeParents(path);
      const there = yield* stat(path);
      if (there.ok && isDir(there.value.mode)) yield* finish(path);
      else
        yield* cli.fail(
          there.ok ? 'EEXIST' : there.errno === 'ENOENT' ? 'EACCES' : there.errno,
          `can't create directory '${path}'`,
          `cannot create directory ${quoted(path)}`,
        );
    }
    return yield* cli.finish();
  }
  if (options.has('D') && options.args.length === 2) yield* makeParents(dirName(options.args[1] as string));
  const list = yield* pairs(cli, options);
  if (typeof list === 'number') return list;
  const how: Copying = {
    recursive: false,
    preserve: false,
    dereference: 'all',
    force: true,
    interactive: false,
    noClobber: false,
    verbose: options.has('v'),
    link: undefined,
    update: false,
  };
  for (const [from, to] of list) {
    const old = yield* lstat(to);
    if (old.ok && !isDir(old.value.mode)) yield* sys.unlinkat(AT_FDCWD, to, 0);
    if (!(yield* copyOne(cli, from, to, how, true))) continue;
    yield* finish(to);
    if (options.has('s') && !cli.gnu) {
      const child: SysResult<number> = yield* sys.clone({
        flags: 0,
        main: function* (): Program<number> {
          return yield* cli.fail(yield* execvp(['strip', '-p', to], cli.context.env), 'strip');
        },
      });
      if (!child.ok || statusCode(yield* waitFor(child.value)) !== 0) cli.status = 1;
    }
    const info = options.has('p') ? yield* stat(from) : undefined;
    if (info?.ok) yield* sys.utimensat(AT_FDCWD, to, info.value.atime, info.value.mtime, 0);
  }
  return yield* cli.finish();
});
