// chmod, chown, chgrp.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { isDir, isLnk, modeString } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { passwdEntries } from '../lib/accounts.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { applyMode } from '../lib/filemode.ts';
import { quoted } from '../lib/quote.ts';
import { busyboxId, gidOf, joinPath, lstat, Owners, readDir, stat, uidOf } from '../lib/tree.ts';

/** False when it could not. */
type Change = (path: string, info: Stat) => Program<boolean>;

/** Does something to a file and, with -R, to what is below it. */
function* walk(
  cli: Cli,
  path: string,
  options: Options,
  top: boolean,
  follow: boolean,
  change: Change,
  missing: (path: string) => Program<void>,
): Program<void> {
  const quiet = cli.gnu && options.has('f');
  const got: SysResult<Stat> = yield* (follow && (top || !options.has('R')) ? stat : lstat)(path);
  if (!got.ok) {
    const dangling = got.errno === 'ENOENT' && cli.context.name === 'chmod' && (yield* lstat(path)).ok;
    cli.status = 1;
    if (quiet) return;
    if (cli.gnu && dangling) yield* cli.error(`cannot operate on dangling symlink ${quoted(path)}`);
    else
      yield* cli.fail(
        got.errno,
        path,
        `${cli.context.name !== 'chmod' && follow && (yield* lstat(path)).ok ? 'cannot dereference' : 'cannot access'} ${quoted(path)}`,
      );
    if (cli.gnu && options.has('v')) yield* missing(path);
    return;
  }
  // Owners change from the leaves up, permissions from the root down.
  const after = cli.context.name !== 'chmod' && options.has('R') && isDir(got.value.mode);
  if (!after && !(yield* change(path, got.value)) && !cli.gnu && options.has('R') && isDir(got.value.mode)) return yield* again(cli, path);
  if (!options.has('R') || !isDir(got.value.mode)) return;
  const inside = yield* readDir(path);
  if (!inside.ok) {
    cli.status = 1;
    if (!quiet) yield* cli.fail(inside.errno, `can't open '${path}'`, `cannot read directory ${quoted(path)}`);
    return;
  }
  for (const { name } of inside.value) yield* walk(cli, joinPath(path, name), options, false, follow, change, missing);
  if (after && !(yield* change(path, got.value)) && !cli.gnu) yield* again(cli, path);
}

/** What busybox adds, without a look at -f, when it could not change a directory. Counterpart: libbb/recursive_action.c */
const again = (cli: Cli, path: string): Program<void> => cli.warn(`${path}: ${strerror('EPERM')}`);

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');

/** Counterpart: chmod(1) */
export const chmod = command(function* (cli) {
  // -w, -x, +x… are modes, not options.
  const argv = cli.context.argv.slice(1);
  const at = argv.findIndex((arg) => /^-[rwxXstugo,=+-]+$/.test(arg) && arg !== '--' && !/^-[Rcvf]+$/.test(arg));
  const dashed = at >= 0 && !argv.slice(0, at).includes('--') ? argv[at] : undefined;
  const context =
    dashed === undefined ? cli.context : { ...cli.context, argv: [cli.context.argv[0] as string, ...argv.filter((_, i) => i !== at)] };
  const reader = dashed === undefined ? cli : Object.assign(Object.create(cli) as Cli, { context });
  const options = yield* reader.options({
    busybox: 'Rcvf',
    gnu: 'Rcfv',
    long: {
      recursive: 'R',
      changes: 'c',
      verbose: 'v',
      silent: 'f',
      quiet: 'f',
      'reference=': 'ref',
      'preserve-root': 'P',
      'no-preserve-root': 'N',
    },
  });
  if (typeof options === 'number') return options;
  const names = [...options.args];
  const reference = options.get('ref');
  let text = dashed ?? (reference === undefined ? names.shift() : undefined);
  if (reference !== undefined) {
    const got: SysResult<Stat> = yield* stat(reference);
    if (!got.ok) return yield* cli.fail(got.errno, reference, `failed to get attributes of ${quoted(reference)}`);
    text = (got.value.mode & 0o7777).toString(8).padStart(5, '0');
  }
  if (text === undefined) return yield* cli.misuse('missing operand');
  if (names.length === 0) return yield* cli.misuse(`missing operand after '${text}'`);
  const mask: SysResult<number> = yield* sys.umask(0);
  if (mask.ok) yield* sys.umask(mask.value);
  const umask = mask.ok ? mask.value : 0;
  const wanted = text;
  const wrong = applyMode(wanted, 0, 0, cli.gnu) === undefined;
  if (wrong && cli.gnu) return yield* cli.misuse(`invalid mode: '${wanted}'`);
  const change: Change = function* (path, info) {
    if (isLnk(info.mode)) return true;
    const mode = applyMode(wanted, info.mode, umask, cli.gnu) as number;
    const set = yield* sys.fchmodat(AT_FDCWD, path, mode);
    if (!set.ok) {
      cli.status = 1;
      if (!options.has('f')) yield* cli.fail(set.errno, path, `changing permissions of ${quoted(path)}`);
    }
    const old = info.mode & 0o7777;
    if (!(options.has('v') || (options.has('c') && (mode !== old || !set.ok)))) return set.ok;
    const rwx = (bits: number): string => `${octal(bits)} (${modeString(bits).slice(1)})`;
    if (!cli.gnu) yield* cli.text(`mode of '${path}' changed to ${rwx(mode)}\n`);
    else if (!set.ok) yield* cli.text(`failed to change mode of ${quoted(path)} from ${rwx(old)} to ${rwx(mode)}\n`);
    else if (mode === old) yield* cli.text(`mode of ${quoted(path)} retained as ${rwx(mode)}\n`);
    else yield* cli.text(`mode of ${quoted(path)} changed from ${rwx(old)} to ${rwx(mode)}\n`);
    return set.ok;
  };
  const missing = (path: string): Program<void> => cli.text(`${quoted(path)} could not be accessed\n`);
  for (const name of names) {
    // busybox reads the mode when it has found a file.
    if (wrong && (yield* stat(name)).ok) return yield* cli.error(`invalid mode '${wanted}'`);
    yield* walk(cli, name, options, true, true, change, missing);
  }
  return yield* cli.finish();
});

/** The same for busybox. Counterpart: busybox libpwdgrp/uidgid_get.c, parse_chown_usergroup_or_die */
function* busyboxOwner(text: string): Program<{ readonly uid: number; readonly gid: number } | string> {
  const spec = text.replace('.', ':');
  const at = text.includes('.') ? text.indexOf('.') : spec.indexOf(':');
  if (at < 0) {
    const uid = yield* busyboxId(text, uidOf);
    return uid === undefined ? `unknown user ${text}` : { uid: uid | 0, gid: -1 };
  }
  if (at === 0) {
    const gid = yield* busyboxId(spec.slice(1), gidOf);
    return gid === undefined ? `unknown group ${spec.slice(1)}` : { uid: -1, gid: gid | 0 };
  }
  const both = at === spec.length - 1 ? spec.slice(0, -1) : spec;
  const colon = both.indexOf(':');
  const [user, group] = colon < 0 ? [both, undefined] : [both.slice(0, colon), both.slice(colon + 1)];
  const uid = yield* uidOf(user);
  const login = uid === undefined ? undefined : (yield* passwdEntries()).find((entry) => entry.uid === uid);
  const gid = group === undefined ? (login?.gid ?? uid) : yield* gidOf(group);
  return uid === undefined || gid === undefined ? `unknown user/group ${both}` : { uid, gid };
}

/** USER, USER:GROUP, USER:, :GROUP (and with a dot, as old scripts write it); -1 keeps. A text is the complaint. */
function* ownerSpec(cli: Cli, text: string): Program<{ readonly uid: number; readonly gid: number } | string> {
  if (!cli.gnu) return yield* busyboxOwner(text);
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  const group = colon < 0 ? undefined : text.slice(colon + 1);
  // `USER:` means that user's login group, and then it has to be a name.
  const entry = group === '' && user !== '' ? (yield* passwdEntries()).find(({ name }) => name === user) : undefined;
  if (group === '' && user !== '' && entry === undefined) return `invalid spec: '${text}'`;
  let uid = -1;
  let gid = entry?.gid ?? -1;
  if (user !== '') {
    const found = yield* uidOf(user.replace(/^\+/, ''));
    if (found === undefined) {
      const dot = colon < 0 ? user.indexOf('.') : -1;
      if (dot >= 0) {
        const split = yield* ownerSpec(cli, `${user.slice(0, dot)}:${user.slice(dot + 1)}`);
        if (typeof split !== 'string') {
          yield* cli.warn(`warning: '.' should be ':': ${quoted(text)}`);
          return split;
        }
      }
      return `invalid user: '${text}'`;
    }
    uid = found;
  }
  if (group !== undefined && group !== '') {
    const found = yield* gidOf(group.replace(/^\+/, ''));
    if (found === undefined) return `invalid group: '${text}'`;
    gid = found;
  }
  return { uid, gid };
}

const OWN_LONG = {
  recursive: 'R',
  'no-dereference': 'h',
  dereference: 'D',
  changes: 'c',
  verbose: 'v',
  silent: 'f',
  quiet: 'f',
  'reference=': 'ref',
  'from=': 'from',
  'preserve-root': 'pr',
  'no-preserve-root': 'npr',
};

function owning(isGroup: boolean) {
  return command(function* (cli) {
    const options = yield* cli.options({
      busybox: 'RhLHPcvf',
      gnu: 'HLPRcfhv',
      long: OWN_LONG,
      busyboxLong: 'recursive no-dereference dereference changes verbose silent quiet',
    });
    if (typeof options === 'number') return options;
    const names = [...options.args];
    const reference = options.get('ref');
    const text = reference === undefined ? names.shift() : '';
    if (text === undefined) return yield* cli.misuse('missing operand');
    if (names.length === 0) return yield* cli.misuse(`missing operand after '${text}'`);
    let owner: { readonly uid: number; readonly gid: number };
    if (reference !== undefined) {
      const got: SysResult<Stat> = yield* stat(reference);
      if (!got.ok) return yield* cli.fail(got.errno, reference, `failed to get attributes of ${quoted(reference)}`);
      owner = isGroup ? { uid: -1, gid: got.value.gid } : got.value;
    } else if (isGroup) {
      const gid = cli.gnu ? yield* gidOf(text) : yield* busyboxId(text, gidOf);
      if (gid === undefined) return yield* cli.error(cli.gnu ? `invalid group: '${text}'` : `unknown group ${text}`);
      owner = { uid: -1, gid };
    } else {
      const spec = yield* ownerSpec(cli, text);
      if (typeof spec === 'string') return yield* cli.error(spec);
      owner = spec;
    }
    const from = options.get('from');
    const only = from === undefined ? { uid: -1, gid: -1 } : yield* ownerSpec(cli, from);
    if (typeof only === 'string') return yield* cli.error(only);
    const follow = !options.has('h') && (!options.has('R') || options.has('H') || options.has('L'));
    const names_ = new Owners();
    const described = function* (uid: number, gid: number): Program<string> {
      const user = uid === -1 ? '' : ((yield* names_.user(uid)) ?? String(uid));
      const group = gid === -1 ? '' : ((yield* names_.group(gid)) ?? String(gid));
      return isGroup ? group : owner.gid === -1 ? user : `${user}:${group}`;
    };
    const change: Change = function* (path, info) {
      if ((only.uid !== -1 && only.uid !== info.uid) || (only.gid !== -1 && only.gid !== info.gid)) return true;
      const set = yield* sys.fchownat(AT_FDCWD, path, owner.uid, owner.gid, follow ? 0 : AT_SYMLINK_NOFOLLOW);
      const what = cli.gnu && !isGroup && owner.uid === -1 && owner.gid !== -1 ? 'group' : isGroup ? 'group' : 'ownership';
      // GNU shows the new owner as it was written.
      const wanted =
        reference === undefined ? text.replace(/[.:]$/, '').replace(/^:/, '').replace('.', ':') : yield* described(owner.uid, owner.gid);
      if (!set.ok) {
        cli.status = 1;
        if (!options.has('f') || !cli.gnu)
          yield* cli.error(cli.gnu ? `changing ${what} of ${quoted(path)}: ${strerror(set.errno)}` : `${path}: ${strerror(set.errno)}`);
        if (cli.gnu && options.has('v')) {
          const now = `from ${yield* described(info.uid, info.gid)} to ${wanted}`;
          yield* cli.text(`failed to change ${what} of ${quoted(path)} ${now}\n`);
        }
        return false;
      }
      const changed = (owner.uid !== -1 && owner.uid !== info.uid) || (owner.gid !== -1 && owner.gid !== info.gid);
      if (!(options.has('v') || (options.has('c') && changed))) return true;
      const [uid, gid] = [owner.uid === -1 ? info.uid : owner.uid >>> 0, owner.gid === -1 ? info.gid : owner.gid >>> 0];
      if (!cli.gnu) yield* cli.text(`changed ownership of '${path}' to ${uid}:${gid}\n`);
      else if (changed) yield* cli.text(`changed ${what} of ${quoted(path)} from ${yield* described(info.uid, info.gid)} to ${wanted}\n`);
      else yield* cli.text(`${what} of ${quoted(path)} retained as ${wanted}\n`);
      return true;
    };
    const missing = function* (path: string): Program<void> {
      const what = isGroup || (owner.uid === -1 && owner.gid !== -1) ? 'group' : 'ownership';
      yield* cli.text(
        `failed to change ${what} of ${quoted(path)} to ${reference === undefined ? text.replace(/^:/, '') : yield* described(owner.uid, owner.gid)}\n`,
      );
    };
    for (const name of names) yield* walk(cli, name, options, true, follow, change, missing);
    return yield* cli.finish();
  });
}

/** Counterpart: chown(1) */
export const chown = owning(false);
/** Counterpart: chgrp(1) */
export const chgrp = owning(true);
