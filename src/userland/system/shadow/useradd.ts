// useradd: new accounts. Counterpart: useradd(8), shadow 4.13 of Debian 12
// Deviates: without SELinux users, quotas, mail spools, logs of logins, and no other root directory

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../../lib/cli.ts';
import { readFile, textOf } from '../../lib/io.ts';
import { stat } from '../../lib/tree.ts';
import { GROUP, GSHADOW, PASSWD, replaceRows, rowsOf, SHADOW } from '../accountfiles.ts';
import { copyTree } from '../homes.ts';
import * as shadow from './program.ts';
import { addSubordinate } from './subordinate.ts';

const { E_BAD_ARG, E_ID_IN_USE, E_NAME_IN_USE, E_NOTFOUND } = shadow;
const DEFAULTS = '/etc/default/useradd';
/** In the order -D prints them; /etc/default/useradd of Debian names only the shell. */
const BUILT_IN = {
  GROUP: '100',
  HOME: '/home',
  INACTIVE: '-1',
  EXPIRE: '',
  SHELL: '/bin/sh',
  SKEL: '/etc/skel',
  CREATE_MAIL_SPOOL: 'no',
  LOG_INIT: 'yes',
};
/** Which option changes which default. */
const DEFAULT_OF = { g: 'GROUP', b: 'HOME', f: 'INACTIVE', e: 'EXPIRE', s: 'SHELL' } as const;

function* defaults(): Program<Map<string, string>> {
  const values = new Map<string, string>(Object.entries(BUILT_IN));
  const file = yield* readFile(DEFAULTS);
  for (const [, key = '', value = ''] of (file.ok ? textOf(file.value) : '').matchAll(/^([A-Z_]+)=(.*)$/gm)) values.set(key, value);
  return values;
}

/** `useradd -D`: shows the defaults, or changes those an option names. */
function* showDefaults(cli: Cli, options: Options): Program<number> {
  const values = yield* defaults();
  const changed = Object.entries(DEFAULT_OF).filter(([letter]) => options.has(letter));
  if (changed.length === 0) {
    for (const [key, value] of values) yield* cli.text(`${key}=${value}\n`);
    return yield* cli.finish();
  }
  for (const [letter, key] of changed) values.set(key, options.get(letter) ?? '');
  const errno = yield* replaceRows(
    DEFAULTS,
    [...values].map(([key, value]) => [`${key}=${value}`]),
  );
  return errno === undefined ? 0 : yield* cli.error('cannot open new defaults file', 1);
}

/** What getopt's loop complains about, in the order of the command line. */
function* wrongValue(cli: Cli, options: Options, groups: shadow.Rows): Program<number | undefined> {
  for (const { key, value } of options.list) {
    const absolute = value.startsWith('/') && !/[:\n]/.test(value);
    if (key === 'b' && !absolute) return yield* cli.error(`invalid base directory '${value}'`, E_BAD_ARG);
    if (key === 'c' && /[:\n]/.test(value)) return yield* cli.error(`invalid comment '${value}'`, E_BAD_ARG);
    if (key === 'd' && !absolute) return yield* cli.error(`invalid home directory '${value}'`, E_BAD_ARG);
    if (key === 'e' && shadow.daysOf(value) === undefined) return yield* cli.error(`invalid date '${value}'`, E_BAD_ARG);
    if (key === 'f' && (shadow.wholeOf(value) ?? -2) < -1) return yield* cli.error(`invalid numeric argument '${value}'`, E_BAD_ARG);
    if (key === 'g' && !shadow.find(groups, value)) return yield* cli.error(`group '${value}' does not exist`, E_NOTFOUND);
    if (key === 'G') {
      const unknown = shadow.listed(value).find((text) => !shadow.find(groups, text));
      if (unknown !== undefined) return yield* cli.error(`group '${unknown}' does not exist`, E_NOTFOUND);
    }
    if (key === 's') {
      const wrong = yield* shadow.wrongShell(cli, value);
      if (wrong !== undefined) return wrong;
    }
    if (key === 'u' && shadow.idOf(value) === undefined) return yield* cli.error(`invalid user ID '${value}'`, E_BAD_ARG);
  }
  return undefined;
}

/** Options that do not go together. */
function conflict(options: Options): string | undefined {
  const both = (a: string, b: string): boolean => options.has(a) && options.has(b);
  if (options.has('o') && !options.has('u')) return '-o flag is only allowed with the -u flag';
  if (options.has('k') && !options.has('m')) return '-k flag is only allowed with the -m flag';
  if (both('U', 'g')) return 'options -U and -g conflict';
  if (both('U', 'N')) return 'options -U and -N conflict';
  return both('m', 'M') ? 'options -m and -M conflict' : undefined;
}

interface Home {
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  readonly umask: number;
  readonly skeleton: string;
}

/** Makes the home directory with all above it, and fills it. Counterpart: create_home, copy_tree */
function* makeHome(cli: Cli, { path, uid, gid, umask, skeleton }: Home): Program<number> {
  const old: SysResult<Stat> = yield* stat(path);
  if (old.ok) {
    yield* cli.warn(`warning: the home directory ${path} already exists.`);
    yield* cli.warn('Not copying any file from skel directory into it.');
    return cli.status;
  }
  const parts = path.split('/').filter((part) => part !== '');
  for (let n = 1; n <= parts.length; n++) {
    const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, `/${parts.slice(0, n).join('/')}`, 0o755);
    if (!made.ok && made.errno !== 'EEXIST') return yield* cli.error(`cannot create directory ${path}`, shadow.E_HOMEDIR);
  }
  yield* sys.fchownat(AT_FDCWD, path, uid, gid, 0);
  yield* sys.fchmodat(AT_FDCWD, path, 0o777 & ~umask);
  yield* copyTree(skeleton, path, uid, gid);
  return cli.status;
}

/** The user's number; the exit status of a complaint as an object. Counterpart: the part of main that finds user_id */
function* chooseUid(cli: Cli, options: Options, passwd: shadow.Rows, settings: Map<string, string>, name: string) {
  const asked = shadow.idOf(options.get('u') ?? '');
  const system = options.has('r');
  if (asked === undefined) return shadow.nextId(passwd, settings, 'UID', system);
  if (!options.has('o') && passwd.some((row) => Number(row[2]) === asked))
    return { status: yield* cli.error(`UID ${asked} is not unique`, E_ID_IN_USE) };
  const [low, high] = [Number(settings.get('UID_MIN')), Number(settings.get('UID_MAX'))];
  const most = Number(settings.get('SYS_UID_MAX'));
  const says = (text: string): Program<unknown> => shadow.say(`${cli.prog} warning: ${name}'s uid ${asked} ${text}\n`);
  if (system && asked > most) yield* says(`is greater than SYS_UID_MAX ${most}`);
  if (!system && asked !== 0 && (asked < low || asked > high)) yield* says(`outside of the UID_MIN ${low} and UID_MAX ${high} range.`);
  return asked;
}

export const useradd = shadow.shadowProgram({ least: 0, most: 1 }, function* (cli, options) {
  const settings = yield* shadow.loginDefs();
  const before = (yield* rowsOf(GROUP)) ?? [];
  const wrong = (yield* wrongValue(cli, options, before)) ?? (yield* shadow.override(cli, options, settings));
  if (wrong !== undefined) return wrong;
  const clash = conflict(options);
  if (clash !== undefined) return yield* shadow.misuse(cli, clash);
  if (options.has('D')) return options.args.length > 0 ? yield* shadow.usage(cli) : yield* showDefaults(cli, options);
  const [name] = options.args;
  if (name === undefined) return yield* shadow.usage(cli);
  if (!options.has('badname') && !shadow.validName(name))
    return yield* cli.error(`invalid user name '${name}': use --badname to ignore`, E_BAD_ARG);
  const given = yield* defaults();
  const refused = yield* shadow.lock(cli, PASSWD, 1);
  if (refused !== undefined) return refused;
  const passwd = (yield* rowsOf(PASSWD)) ?? [];
  const groups = (yield* rowsOf(GROUP)) ?? [];
  if (passwd.some((row) => row[0] === name)) return yield* cli.error(`user '${name}' already exists`, E_NAME_IN_USE);
  const ownGroup = options.has('U') || (!options.has('g') && !options.has('N') && settings.get('USERGROUPS_ENAB') === 'yes');
  if (ownGroup && groups.some((row) => row[0] === name))
    return yield* cli.error(`group ${name} exists - if you want to add this user to that group, use -g.`, E_NAME_IN_USE);
  const uid = yield* chooseUid(cli, options, passwd, settings, name);
  if (typeof uid !== 'number') return uid.status;
  const primary = shadow.find(groups, options.get('g') ?? given.get('GROUP') ?? '');
  const gid = ownGroup ? shadow.nextId(groups, settings, 'GID', options.has('r'), uid) : Number(primary?.[2] ?? 0);
  const chosen = shadow.listed(options.get('G')).map((text) => shadow.find(groups, text)?.[0]);
  const joined = (rows: shadow.Rows): shadow.Rows => rows.map((row) => (chosen.includes(row[0]) ? shadow.enlist(row, name) : row));
  const home = options.get('d') ?? `${options.get('b') ?? given.get('HOME')}/${name}`;
  const shell = options.get('s') ?? given.get('SHELL') ?? '';
  yield* shadow.save(cli, PASSWD, [...passwd, [name, 'x', String(uid), String(gid), options.get('c') ?? '', home, shell]]);
  const inactive = options.get('f') ?? given.get('INACTIVE') ?? '-1';
  const expires = shadow.daysOf(options.get('e') ?? given.get('EXPIRE') ?? '') ?? -1;
  const ages = options.has('r') ? ['', '', ''] : ['PASS_MIN_DAYS', 'PASS_MAX_DAYS', 'PASS_WARN_AGE'].map((key) => settings.get(key) ?? '');
  const secret = [
    ...[name, options.get('p') ?? '!', String(yield* shadow.today()), ...ages],
    ...[inactive === '-1' ? '' : inactive, expires === -1 ? '' : String(expires), ''],
  ];
  yield* shadow.edit(cli, SHADOW, (rows) => [...rows, secret]);
  const withOwn = (rows: shadow.Rows, own: string[]): shadow.Rows => (ownGroup ? [...joined(rows), own] : joined(rows));
  if (ownGroup || chosen.length > 0) {
    yield* shadow.edit(cli, GROUP, (rows) => withOwn(rows, [name, 'x', String(gid), '']));
    yield* shadow.edit(cli, GSHADOW, (rows) => withOwn(rows, [name, '!', '', '']));
  }
  if (options.has('F') || !options.has('r')) yield* addSubordinate(cli, name, settings);
  if (!options.has('m')) return cli.status;
  const umask = Number.parseInt(settings.get('UMASK') ?? '022', 8);
  return yield* makeHome(cli, { path: home, uid, gid, umask, skeleton: options.get('k') ?? given.get('SKEL') ?? '' });
});
