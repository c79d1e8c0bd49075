// usermod: accounts that change. Counterpart: usermod(8), shadow 4.13 of Debian 12
// Deviates: ranges of subordinate ids stay as they are, and no mail is moved

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../../lib/cli.ts';
import { out } from '../../lib/io.ts';
import { lstat, readDir } from '../../lib/tree.ts';
import { GROUP, PASSWD, rowsOf, SHADOW } from '../accountfiles.ts';
import * as shadow from './program.ts';
import { busy } from './userdel.ts';

const { E_BAD_ARG, E_ID_IN_USE, E_NAME_IN_USE, E_NOTFOUND } = shadow;

/** What getopt's loop complains about, in the order of the command line. */
function* wrongValue(cli: Cli, options: Options, groups: shadow.Rows): Program<number | undefined> {
  for (const { key, value } of options.list) {
    if ((key === 'c' || key === 'd') && /[:\n]/.test(value)) return yield* cli.error(`invalid field '${value}'`, E_BAD_ARG);
    if (key === 'd' && value !== '' && !value.startsWith('/')) return yield* cli.error('homedir must be an absolute path', E_BAD_ARG);
    if (key === 'e' && shadow.daysOf(value) === undefined) return yield* cli.error(`invalid date '${value}'`, E_BAD_ARG);
    if (key === 'f' && (shadow.wholeOf(value) ?? -2) < -1) return yield* cli.error(`invalid numeric argument '${value}'`, E_BAD_ARG);
    if (key === 'l' && !options.has('b') && !shadow.validName(value))
      return yield* cli.error(`invalid user name '${value}': use --badname to ignore`, E_BAD_ARG);
    if (key === 's') {
      const wrong = yield* shadow.wrongShell(cli, value);
      if (wrong !== undefined) return wrong;
    }
    if (key === 'u' && shadow.idOf(value) === undefined) return yield* cli.error(`invalid user ID '${value}'`, E_BAD_ARG);
    const unknown = (key === 'g' ? [value] : key === 'G' ? shadow.listed(value) : []).find((text) => !shadow.find(groups, text));
    if (unknown !== undefined) return yield* cli.error(`group '${unknown}' does not exist`, E_NOTFOUND);
  }
  return undefined;
}

/** Options that need or exclude others. */
function conflict(options: Options): string | undefined {
  const has = (key: string): boolean => options.has(key);
  if (options.list.length === 0) return 'no options';
  if (has('a') && !has('G')) return '-a flag is only allowed with the -G flag';
  if (has('r') && !has('G')) return '-r flag is only allowed with the -G flag';
  if (has('r') && has('a')) return '-r and -a are mutually exclusive flags';
  if (['L', 'p', 'U'].filter(has).length > 1) return 'the -L, -p, and -U flags are exclusive';
  if (has('o') && !has('u')) return '-o flag is only allowed with the -u flag';
  return has('m') && !has('d') ? '-m flag is only allowed with the -d flag' : undefined;
}

/** Gives what the user has below a directory to the new numbers. Counterpart: chown_tree */
function* chownTree(path: string, from: readonly [number, number], to: readonly [number, number]): Program<void> {
  const info: SysResult<Stat> = yield* lstat(path);
  if (!info.ok) return;
  if (isDir(info.value.mode)) {
    const listed = yield* readDir(path);
    for (const { name } of listed.ok ? listed.value : []) yield* chownTree(`${path}/${name}`, from, to);
  }
  const uid = info.value.uid === from[0] ? to[0] : info.value.uid;
  const gid = info.value.gid === from[1] ? to[1] : info.value.gid;
  if (uid !== info.value.uid || gid !== info.value.gid) yield* sys.fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

/** Moves the home directory. Counterpart: move_home. Deviates: not to another file system */
function* moveHome(cli: Cli, from: string, to: string): Program<number> {
  const old: SysResult<Stat> = yield* lstat(from);
  if (!old.ok) {
    yield* cli.warn(`The previous home directory (${from}) does not exist or is inaccessible. Move cannot be completed.`);
    return 0;
  }
  if ((yield* lstat(to)).ok) return yield* cli.error(`directory ${to} exists`, shadow.E_HOMEDIR);
  const moved: SysResult<void> = yield* sys.renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
  return moved.ok ? 0 : yield* cli.error(`cannot rename directory ${from} to ${to}`, shadow.E_HOMEDIR);
}

/** Name, password and ages in /etc/shadow. Counterpart: new_spent */
function* changeSecret(cli: Cli, options: Options, name: string, renamed: string): Program<void> {
  if (!['l', 'p', 'e', 'f', 'L', 'U'].some((key) => options.has(key))) return;
  const rows = yield* rowsOf(SHADOW);
  const row = rows?.find((one) => one[0] === name);
  if (rows === undefined || row === undefined) return;
  const old = row[1] ?? '';
  if (options.has('U') && old === '!')
    yield* shadow.say(
      `${cli.prog}: unlocking the user's password would result in a passwordless account.\nYou should set a password with usermod -p to unlock this user's password.\n`,
    );
  else if (options.has('U')) row[1] = old.replace(/^!/, '');
  if (options.has('L') && !old.startsWith('!')) row[1] = `!${old}`;
  row[0] = renamed;
  if (options.has('p')) {
    row[1] = options.get('p') ?? '';
    row[2] = String(yield* shadow.today());
  }
  const expires = shadow.daysOf(options.get('e') ?? '') ?? -1;
  if (options.has('f')) row[6] = options.get('f') === '-1' ? '' : (options.get('f') ?? '');
  if (options.has('e')) row[7] = expires === -1 ? '' : String(expires);
  yield* shadow.save(cli, SHADOW, rows);
}

/** Who is in which groups, under the new name. Counterpart: update_group, update_gshadow */
function* changeGroups(cli: Cli, options: Options, name: string, renamed: string): Program<void> {
  if (!options.has('G') && name === renamed) return;
  const groups = (yield* rowsOf(GROUP)) ?? [];
  const chosen = shadow.listed(options.get('G')).map((text) => shadow.find(groups, text)?.[0]);
  yield* shadow.editGroups(cli, (row) => {
    const was = shadow.listed(row[3]).includes(name);
    const named = chosen.includes(row[0]);
    const stays = !options.has('G') || (options.has('a') ? was || named : options.has('r') ? was && !named : named);
    if (!stays) return was ? shadow.dismiss(row, name) : row;
    return was && name === renamed ? row : was || named ? shadow.enlist(shadow.dismiss(row, name), renamed) : row;
  });
}

export const usermod = shadow.shadowProgram({ least: 1, most: 1, missing: 'RPZvVwW' }, function* (cli, options) {
  const wrong = yield* wrongValue(cli, options, (yield* rowsOf(GROUP)) ?? []);
  if (wrong !== undefined) return wrong;
  const name = options.args[0] ?? '';
  const passwd = (yield* rowsOf(PASSWD)) ?? [];
  const row = passwd.find((one) => one[0] === name);
  if (row === undefined) return yield* cli.error(`user '${name}' does not exist`, E_NOTFOUND);
  const clash = conflict(options);
  if (clash !== undefined) return yield* shadow.misuse(cli, clash);
  const primary = shadow.find((yield* rowsOf(GROUP)) ?? [], options.get('g') ?? '')?.[2];
  const FIELDS = [options.get('l'), undefined, options.get('u'), primary, options.get('c'), options.get('d'), options.get('s')];
  const next = row.map((old, at) => FIELDS[at] ?? old);
  const changed = next.map((value, at) => value !== row[at]);
  if (!changed.includes(true) && !['G', 'L', 'U', 'p', 'e', 'f'].some((key) => options.has(key))) {
    yield* out(`${cli.prog}: no changes\n`);
    return 0;
  }
  const renamed = next[0] ?? name;
  if (changed[0] && passwd.some((one) => one[0] === renamed)) return yield* cli.error(`user '${renamed}' already exists`, E_NAME_IN_USE);
  if (changed[2] && !options.has('o') && passwd.some((one) => one[2] === next[2]))
    return yield* cli.error(`UID '${next[2]}' already exists`, E_ID_IN_USE);
  if ((changed[0] || changed[2] || changed[5]) && (yield* busy(cli, name, row[2] ?? ''))) return cli.status;
  const refused = yield* shadow.lock(cli, PASSWD, 1);
  if (refused !== undefined) return refused;
  if (changed.includes(true))
    yield* shadow.save(
      cli,
      PASSWD,
      passwd.map((one) => (one === row ? next : one)),
    );
  yield* changeSecret(cli, options, name, renamed);
  yield* changeGroups(cli, options, name, renamed);
  const failed = options.has('m') && changed[5] ? yield* moveHome(cli, row[5] ?? '', next[5] ?? '') : 0;
  if (failed !== 0) return failed;
  if (changed[2] || changed[3]) yield* chownTree(next[5] ?? '', [Number(row[2]), Number(row[3])], [Number(next[2]), Number(next[3])]);
  return cli.status;
});
