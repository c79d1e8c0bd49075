// mv: renames, or copies and removes where a name cannot move to another file system.

import { AT_FDCWD } from '#abi/flags.ts';
import { isDir, isLnk, modeString } from '#abi/mode.ts';
import type { Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { quoted } from '../lib/quote.ts';
import { lstat } from '../lib/tree.ts';
import { keepOld } from './backup.ts';
import { type Copying, copyOne, pairs } from './copy.ts';
import { asks, removeOne } from './remove.ts';

/** Counterpart: mv(1) */
export const mv = command(function* (cli) {
  const long = {
    force: 'f',
    interactive: 'i',
    'no-clobber': 'n',
    verbose: 'v',
    'target-directory=': 't',
    'no-target-directory': 'T',
    update: 'u',
    'backup=?': 'b',
    'suffix=': 'S',
  };
  const options = yield* cli.options({
    busybox: 'finTt:v',
    gnu: 'bfint:uvS:TZ',
    long,
    busyboxLong: 'force interactive no-clobber no-target-directory target-directory verbose',
  });
  if (typeof options === 'number') return options;
  const list = yield* pairs(cli, options);
  if (typeof list === 'number') return list;
  for (const [from, to] of list) {
    const source: SysResult<Stat> = yield* lstat(from);
    if (cli.gnu && !source.ok) {
      yield* cli.fail(source.errno, '', `cannot stat ${quoted(from)}`);
      continue;
    }
    const target: SysResult<Stat> = yield* lstat(to);
    if (target.ok && source.ok) {
      if (options.has('n')) continue;
      if (options.has('u') && target.value.mtime >= source.value.mtime) continue;
      if (cli.gnu && target.value.ino === source.value.ino && target.value.dev === source.value.dev) {
        yield* cli.error(`${quoted(from)} and ${quoted(to)} are the same file`);
        continue;
      }
      let ask = options.last('f', 'i') === 'i';
      let words = cli.gnu ? `overwrite ${quoted(to)}? ` : `overwrite '${to}'? `;
      if (!ask && !options.has('f') && !isLnk(target.value.mode)) {
        const may = yield* sys.faccessat2(AT_FDCWD, to, 2, 0);
        const tty = yield* sys.ioctl(0, { request: 'TCGETS' });
        ask = !may.ok && tty.ok;
        if (ask && cli.gnu)
          words = `replace ${quoted(to)}, overriding mode ${(target.value.mode & 0o7777).toString(8).padStart(4, '0')} (${modeString(target.value.mode).slice(1)})? `;
      }
      if (ask && !(yield* asks(cli, words))) continue;
      if (cli.gnu && isDir(target.value.mode) !== isDir(source.value.mode)) {
        yield* cli.error(
          isDir(target.value.mode)
            ? `cannot overwrite directory ${quoted(to)} with non-directory`
            : `cannot overwrite non-directory ${quoted(to)} with directory ${quoted(from)}`,
        );
        continue;
      }
    }
    if (!cli.gnu && options.has('T') && target.ok && isDir(target.value.mode)) {
      yield* cli.error(`'${to}' is a directory`);
      continue;
    }
    if (cli.gnu) yield* keepOld(cli, options, to);
    const moved = yield* sys.renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
    if (!moved.ok && moved.errno === 'EXDEV') {
      const how: Copying = {
        recursive: true,
        preserve: true,
        xattrs: cli.gnu,
        dereference: 'never',
        force: true,
        interactive: false,
        noClobber: false,
        verbose: false,
        link: undefined,
        update: false,
      };
      if (target.ok && !isDir(target.value.mode)) {
        const gone = yield* sys.unlinkat(AT_FDCWD, to, 0);
        if (!gone.ok) {
          yield* cli.fail(gone.errno, `can't remove '${to}'`, `cannot remove ${quoted(to)}`);
          continue;
        }
      }
      const copied = yield* copyOne(cli, from, to, how, false);
      if (copied && cli.gnu && options.has('v')) yield* cli.text(`copied ${quoted(from)} -> ${quoted(to)}\n`);
      if (copied)
        yield* removeOne(cli, from, { recursive: true, force: true, interactive: false, verbose: cli.gnu && options.has('v'), dir: false });
      if (!copied || cli.gnu) continue;
    } else if (!moved.ok) {
      if (cli.gnu && moved.errno === 'EINVAL') yield* cli.error(`cannot move ${quoted(from)} to a subdirectory of itself, ${quoted(to)}`);
      else yield* cli.fail(moved.errno, `can't rename '${from}'`, `cannot move ${quoted(from)} to ${quoted(to)}`);
      continue;
    }
    if (options.has('v')) yield* cli.text(cli.gnu ? `renamed ${quoted(from)} -> ${quoted(to)}\n` : `'${from}' -> '${to}'\n`);
  }
  return yield* cli.finish();
});
