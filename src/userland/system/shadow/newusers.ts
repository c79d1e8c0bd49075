// newusers: many accounts at once. Counterpart: newusers(8), shadow 4.13 of Debian 12 with PAM
// Deviates: accounts that exist are not changed, and passwords are not stored, which it says

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../../lib/cli.ts';
import { readFd, textOf } from '../../lib/io.ts';
import { GROUP, GSHADOW, PASSWD, rowsOf, SHADOW } from '../accountfiles.ts';
import * as shadow from './program.ts';
import { addSubordinate } from './subordinate.ts';

const FIELDS = 7;

/** One line's account in the files; what is wrong with it otherwise. */
function* addLine(cli: Cli, fields: readonly string[], settings: Map<string, string>): Program<string | undefined> {
  const [name = '', , uidText = '', gidText = '', comment = '', home = '', shell = ''] = fields;
  const passwd = (yield* rowsOf(PASSWD)) ?? [];
  const groups = (yield* rowsOf(GROUP)) ?? [];
  if (passwd.some((row) => row[0] === name)) return `changing user '${name}' is not simulated here`;
  if (!shadow.validName(name)) {
    yield* cli.warn(`invalid user name '${name}': use --badname to ignore`);
    return "can't create user";
  }
  const uid = uidText === '' ? shadow.nextId(passwd, settings, 'UID', false) : shadow.idOf(uidText);
  if (uid === undefined) {
    yield* cli.warn(`invalid user ID '${uidText}'`);
    return "can't create user";
  }
  const old = shadow.find(groups, gidText === '' ? name : gidText);
  const gid = old ? Number(old[2]) : (shadow.idOf(gidText) ?? shadow.nextId(groups, settings, 'GID', false, uid));
  if (old === undefined) {
    const group = gidText === '' || shadow.idOf(gidText) !== undefined ? name : gidText;
    yield* shadow.edit(cli, GROUP, (rows) => [...rows, [group, 'x', String(gid), '']]);
    yield* shadow.edit(cli, GSHADOW, (rows) => [...rows, [group, '*', '', '']]);
  }
  yield* shadow.save(cli, PASSWD, [...passwd, [name, 'x', String(uid), String(gid), comment, home, shell]]);
  const ages = ['PASS_MIN_DAYS', 'PASS_MAX_DAYS', 'PASS_WARN_AGE'].map((key) => settings.get(key) ?? '');
  const day = String(yield* shadow.today());
  yield* shadow.edit(cli, SHADOW, (rows) => [...rows, [name, '*', day, ...ages, '', '', '']]);
  yield* addSubordinate(cli, name, settings);
  if (home === '') return undefined;
  if (!home.startsWith('/')) return 'homedir must be an absolute path';
  const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, home, 0o777 & ~Number.parseInt(settings.get('UMASK') ?? '022', 8));
  if (made.ok) yield* sys.fchownat(AT_FDCWD, home, uid, gid, 0);
  else if (made.errno !== 'EEXIST') return `mkdir ${home} failed: ${strerror(made.errno)}`;
  return undefined;
}

/** Passwords go through PAM after the accounts are there. */
function* setPassword(cli: Cli, line: number, name: string, secret: string): Program<void> {
  if (secret === '') {
    for (let tries = 0; tries < 3; tries++) yield* shadow.say('No password has been supplied.\n');
    yield* cli.warn(`(user ${name}) pam_chauthtok() failed, error:`);
    yield* shadow.say('Authentication token manipulation error\n');
    yield* cli.error(`(line ${line}, user ${name}) password not changed`);
  } else yield* cli.error(`(line ${line}, user ${name}) encrypting a password is not simulated here`);
}

export const newusers = shadow.shadowProgram({ least: 0, most: 1, missing: 'Rrb' }, function* (cli, options) {
  const [path] = options.args;
  const file: SysResult<number> = path === undefined ? { ok: true, value: 0 } : yield* sys.openat(AT_FDCWD, path, 0);
  if (!file.ok) return yield* cli.error(`${path}: ${strerror(file.errno)}`);
  const refused = yield* shadow.lock(cli, PASSWD, 1);
  if (refused !== undefined) return refused;
  const input = yield* readFd(file.value);
  const settings = yield* shadow.loginDefs();
  const lines = (input.ok ? textOf(input.value) : '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const accounts = lines.map((text, at) => ({ line: at + 1, fields: text.split(':') }));
  for (const { line, fields } of accounts) if (fields.length !== FIELDS) yield* cli.error(`line ${line}: invalid line`);
  if (cli.status !== 0) return yield* cli.error('error detected, changes ignored');
  for (const { line, fields } of accounts) {
    const wrong = yield* addLine(cli, fields, settings);
    if (wrong !== undefined) return yield* cli.error(`line ${line}: ${wrong}`);
  }
  for (const { line, fields } of accounts) yield* setPassword(cli, line, fields[0] ?? '', fields[1] ?? '');
  return cli.status;
});
