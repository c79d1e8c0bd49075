// readlink, realpath, basename, dirname.

import type { Errno } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { isDir, isLnk } from '#abi/mode.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { quotedIfNeeded } from '../lib/quote.ts';
import { baseName, dirName, lstat } from '../lib/tree.ts';

/** How much of the path must exist. */
type Must = 'all' | 'all but last' | 'none';

/** The path without links, dots and doubled slashes. Counterpart: canonicalize_filename_mode of gnulib */
export function* canonical(path: string, must: Must): Program<SysResult<string>> {
  const cwd: SysResult<string> = yield* sys.getcwd();
  const fail = (errno: Errno): SysResult<string> => ({ ok: false, errno });
  if (path === '') return fail('ENOENT');
  let done: string[] = path.startsWith('/') || !cwd.ok ? [] : cwd.value.split('/').filter(Boolean);
  const todo = path.split('/').filter((part) => part !== '' && part !== '.');
  for (let links = 0; todo.length > 0; ) {
    const part = todo.shift() as string;
    if (part === '.' || part === '') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const at = `/${[...done, part].join('/')}`;
    const info = yield* lstat(at);
    if (!info.ok) {
      if (must === 'all' || (must === 'all but last' && (todo.length > 0 || info.errno !== 'ENOENT'))) return fail(info.errno);
      done.push(part);
      continue;
    }
    if (!isLnk(info.value.mode)) {
      if (todo.length > 0 && !isDir(info.value.mode) && must !== 'none') return fail('ENOTDIR');
      done.push(part);
      continue;
    }
    if (++links > 40) return fail('ELOOP');
    const target: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, at);
    if (!target.ok) return target;
    if (target.value.startsWith('/')) done = [];
    todo.unshift(...target.value.split('/').filter((piece) => piece !== ''));
  }
  return { ok: true, value: `/${done.join('/')}` };
}

/** Counterpart: readlink(1) */
export const readlink = command(function* (cli) {
  const long = {
    canonicalize: 'f',
    'canonicalize-existing': 'e',
    'canonicalize-missing': 'm',
    'no-newline': 'n',
    verbose: 'v',
    quiet: 'q',
    silent: 'q',
    zero: 'z',
  };
  const options = yield* cli.options({ busybox: 'fnvsq', gnu: 'efmnqsvz', long });
  if (typeof options === 'number') return options;
  if (options.args.length === 0 || (!cli.gnu && options.args.length > 1)) return yield* cli.misuse('missing operand');
  const key = options.last('e', 'f', 'm');
  for (const path of options.args) {
    const got: SysResult<string> = key
      ? yield* canonical(path, key === 'e' ? 'all' : key === 'm' ? 'none' : 'all but last')
      : yield* sys.readlinkat(AT_FDCWD, path);
    if (got.ok) yield* cli.text(got.value + (options.has('n') ? '' : options.has('z') ? '\0' : '\n'));
    else if (options.has('v') && !cli.gnu && got.errno === 'EINVAL') yield* cli.error(`${path}: cannot read link: not a symlink`);
    else if (options.has('v')) yield* cli.fail(got.errno, path, quotedIfNeeded(path));
    else cli.status = 1;
  }
  return yield* cli.finish();
});

/** The path from the root without `.`, `..` and links looked at. */
function* absolute(path: string): Program<SysResult<string>> {
  const cwd: SysResult<string> = yield* sys.getcwd();
  const parts: string[] = [];
  for (const part of `${path.startsWith('/') || !cwd.ok ? '' : cwd.value}/${path}`.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  return { ok: true, value: `/${parts.join('/')}` };
}

/** Counterpart: realpath(1) */
export const realpath = command(function* (cli) {
  const long = {
    'canonicalize-existing': 'e',
    'canonicalize-missing': 'm',
    quiet: 'q',
    strip: 's',
    'no-symlinks': 's',
    zero: 'z',
    'relative-to=': 'rel',
    logical: 'L',
    physical: 'P',
  };
  const options = yield* cli.options({ busybox: false, gnu: 'emqszLP', long });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) return yield* cli.misuse('missing operand');
  const relative = options.has('rel') ? yield* canonical(options.get('rel') as string, 'none') : undefined;
  for (const path of options.args) {
    const got = options.has('s')
      ? yield* absolute(path)
      : yield* canonical(path, options.has('e') || !cli.gnu ? 'all' : options.has('m') ? 'none' : 'all but last');
    if (!got.ok) {
      if (options.has('q')) cli.status = 1;
      else yield* cli.fail(got.errno, path, quotedIfNeeded(path));
      continue;
    }
    let shown = got.value;
    if (relative?.ok) {
      const [from, to] = [relative.value.split('/').filter(Boolean), shown.split('/').filter(Boolean)];
      let same = 0;
      while (same < from.length && from[same] === to[same]) same++;
      shown = [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/') || '.';
    }
    yield* cli.text(shown + (options.has('z') ? '\0' : '\n'));
  }
  return yield* cli.finish();
});

/** Counterpart: basename(1) */
export const basename = command(function* (cli) {
  const options = yield* cli.options({ busybox: '+as:', gnu: '+as:z', long: { multiple: 'a', 'suffix=': 's', zero: 'z' } });
  if (typeof options === 'number') return options;
  const many = options.has('a') || options.has('s');
  const [first, second, extra] = options.args;
  if (first === undefined) return yield* cli.misuse('missing operand');
  if (!many && extra !== undefined) return yield* cli.misuse(`extra operand '${extra}'`);
  const suffix = many ? (options.get('s') ?? '') : (second ?? '');
  for (const path of many ? options.args : [first]) {
    const name = baseName(path);
    yield* cli.text(
      (suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name) + (options.has('z') ? '\0' : '\n'),
    );
  }
  return yield* cli.finish();
});

/** Counterpart: dirname(1) */
export const dirname = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '+z', long: { zero: 'z' } });
  if (typeof options === 'number') return options;
  if (options.args.length === 0 || (!cli.gnu && options.args.length > 1)) return yield* cli.misuse('missing operand');
  for (const path of options.args) yield* cli.text(dirName(path) + (options.has('z') ? '\0' : '\n'));
  return yield* cli.finish();
});
