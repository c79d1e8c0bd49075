// groupadd, groupdel, groupmod, gpasswd. Counterpart: groupadd(8), groupdel(8), groupmod(8), gpasswd(1), shadow 4.13 of Debian 12

import type { Program } from '#kernel/uapi/index.ts';
import { type Cli, isTty, type Options } from '../../lib/cli.ts';
import { out } from '../../lib/io.ts';
import { GROUP, GSHADOW, PASSWD, rowsOf } from '../accountfiles.ts';
import * as shadow from './program.ts';

const { E_BAD_ARG, E_GRP_UPDATE, E_ID_IN_USE, E_IN_USE, E_NAME_IN_USE, E_NOTFOUND } = shadow;

/** The group of a name. */
function* groupOf(name: string): Program<string[] | undefined> {
  return ((yield* rowsOf(GROUP)) ?? []).find((row) => row[0] === name);
}

/** Members of the option -U; a complaint and undefined when one is no user. */
function* membersOf(cli: Cli, options: Options): Program<readonly string[] | undefined> {
  const passwd = (yield* rowsOf(PASSWD)) ?? [];
  const members = shadow.listed(options.get('U'));
  const unknown = members.find((member) => !passwd.some((row) => row[0] === member));
  if (unknown === undefined) return members;
  yield* shadow.say(`Invalid member username ${unknown}\n`);
  cli.status = E_GRP_UPDATE;
  return undefined;
}

/** What is wrong with the number of -g, or nothing. */
function* wrongId(cli: Cli, text: string | undefined): Program<number | undefined> {
  return text === undefined || shadow.idOf(text) !== undefined ? undefined : yield* cli.error(`invalid group ID '${text}'`, E_BAD_ARG);
}

const groupadd = shadow.shadowProgram({ least: 1, most: 1 }, function* (cli, options) {
  const settings = yield* shadow.loginDefs();
  let gid = options.get('g');
  const wrong = (yield* wrongId(cli, gid)) ?? (yield* shadow.override(cli, options, settings));
  if (wrong !== undefined) return wrong;
  if (options.has('o') && gid === undefined) return yield* shadow.usage(cli);
  const name = options.args[0] ?? '';
  if (!shadow.validName(name)) return yield* cli.error(`'${name}' is not a valid group name`, E_BAD_ARG);
  const before = (yield* rowsOf(GROUP)) ?? [];
  const force = options.has('f');
  if (before.some((row) => row[0] === name)) return force ? 0 : yield* cli.error(`group '${name}' already exists`, E_NAME_IN_USE);
  if (gid !== undefined && !options.has('o') && before.some((row) => row[2] === gid)) {
    if (!force) return yield* cli.error(`GID '${gid}' already exists`, E_ID_IN_USE);
    gid = undefined;
  }
  const refused = yield* shadow.lock(cli, GROUP, E_GRP_UPDATE);
  if (refused !== undefined) return refused;
  const members = yield* membersOf(cli, options);
  if (members === undefined) return cli.status;
  const id = gid ?? String(shadow.nextId(before, settings, 'GID', options.has('r')));
  yield* shadow.edit(cli, GROUP, (rows) => [...rows, [name, 'x', id, members.join(',')]]);
  yield* shadow.edit(cli, GSHADOW, (rows) => [...rows, [name, options.get('p') ?? '!', '', members.join(',')]]);
  return cli.status;
});

const groupdel = shadow.shadowProgram({ least: 1, most: 1 }, function* (cli, options) {
  const name = options.args[0] ?? '';
  const row = yield* groupOf(name);
  if (row === undefined) return yield* cli.error(`group '${name}' does not exist`, E_NOTFOUND);
  const user = ((yield* rowsOf(PASSWD)) ?? []).find((one) => one[3] === row[2]);
  if (user !== undefined && !options.has('f')) return yield* cli.error(`cannot remove the primary group of user '${user[0]}'`, E_IN_USE);
  const refused = yield* shadow.lock(cli, GROUP, E_GRP_UPDATE);
  if (refused !== undefined) return refused;
  for (const path of [GROUP, GSHADOW]) yield* shadow.edit(cli, path, (rows) => rows.filter((one) => one[0] !== name));
  return cli.status;
});

const groupmod = shadow.shadowProgram({ least: 1, most: 1 }, function* (cli, options) {
  const gid = options.get('g');
  const wrong = yield* wrongId(cli, gid);
  if (wrong !== undefined) return wrong;
  if (options.has('o') && gid === undefined) return yield* shadow.usage(cli);
  const name = options.args[0] ?? '';
  const groups = (yield* rowsOf(GROUP)) ?? [];
  const row = groups.find((one) => one[0] === name);
  if (row === undefined) return yield* cli.error(`group '${name}' does not exist`, E_NOTFOUND);
  const renamed = options.get('n') ?? name;
  if (renamed !== name && !shadow.validName(renamed)) return yield* cli.error(`invalid group name '${renamed}'`, E_BAD_ARG);
  if (renamed !== name && groups.some((one) => one[0] === renamed))
    return yield* cli.error(`group '${renamed}' already exists`, E_NAME_IN_USE);
  if (gid !== undefined && gid !== row[2] && !options.has('o') && groups.some((one) => one[2] === gid))
    return yield* cli.error(`GID '${gid}' already exists`, E_ID_IN_USE);
  const refused = yield* shadow.lock(cli, GROUP, E_GRP_UPDATE);
  if (refused !== undefined) return refused;
  const added = yield* membersOf(cli, options);
  if (added === undefined) return cli.status;
  const kept = (one: string[]): string => [...new Set([...(options.has('a') ? shadow.listed(one[3]) : []), ...added])].join(',');
  const members = (one: string[]): string => (options.has('U') ? kept(one) : (one[3] ?? ''));
  const change = (next: (one: string[]) => string[]) => (rows: shadow.Rows) => rows.map((one) => (one[0] === name ? next(one) : one));
  if (renamed !== name || (gid ?? row[2]) !== row[2] || options.has('U'))
    yield* shadow.edit(
      cli,
      GROUP,
      change((one) => [renamed, one[1] ?? '', gid ?? one[2] ?? '', members(one)]),
    );
  if (renamed !== name || options.has('p') || options.has('U'))
    yield* shadow.edit(
      cli,
      GSHADOW,
      change((one) => [renamed, options.get('p') ?? one[1] ?? '', one[2] ?? '', members(one)]),
    );
  if (gid !== undefined && gid !== row[2] && groups.filter((one) => one[2] === row[2]).length === 1)
    yield* shadow.edit(cli, PASSWD, (rows) =>
      rows.map((one) => (one[3] === row[2] ? one.map((field, at) => (at === 3 ? gid : field)) : one)),
    );
  return cli.status;
});

/** What changes members, administrators or the password; without one of them gpasswd asks for a password. */
const GPASSWD = ['a', 'd', 'r', 'R', 'M', 'A'];

const gpasswd = shadow.shadowProgram({ least: 1, most: 1, missing: 'Q' }, function* (cli, options) {
  const caller = yield* shadow.ownName();
  if (caller === undefined) return yield* cli.error('Cannot determine your user name.', 1);
  const given = GPASSWD.filter((key) => options.has(key));
  if (given.length > 1 && given.join('') !== 'MA') return yield* shadow.usage(cli);
  const [name = ''] = options.args;
  const passwd = (yield* rowsOf(PASSWD)) ?? [];
  const lists = ['M', 'A'].flatMap((key) => shadow.listed(options.get(key)));
  const unknown = [...(options.has('a') ? [options.get('a') ?? ''] : []), ...lists].find((user) => !passwd.some((row) => row[0] === user));
  if (unknown !== undefined) return yield* cli.error(`user '${unknown}' does not exist`, E_BAD_ARG);
  const group = yield* groupOf(name);
  if (group === undefined) return yield* cli.error(`group '${name}' does not exist in ${GROUP}`, E_BAD_ARG);
  const secrets = ((yield* rowsOf(GSHADOW)) ?? []).find((row) => row[0] === name);
  const root = (yield* shadow.realUid()) === 0;
  if (!root && (lists.length > 0 || !shadow.listed(secrets?.[2]).includes(caller))) return yield* cli.error('Permission denied.', 1);
  if (given.length === 0) return yield* cli.error((yield* isTty(0)) ? 'the password of a group is not simulated here' : 'Not a tty', 1);
  const [user, gone] = [options.get('a'), options.get('d')];
  if (user !== undefined) yield* out(`Adding user ${user} to group ${name}\n`);
  if (gone !== undefined) yield* out(`Removing user ${gone} from group ${name}\n`);
  if (gone !== undefined && !shadow.listed(group[3]).includes(gone))
    return yield* cli.error(`user '${gone}' is not a member of '${name}'`, E_BAD_ARG);
  if (user !== undefined || gone !== undefined || options.has('M'))
    yield* shadow.editGroups(cli, (row) => {
      if (row[0] !== name) return row;
      if (options.has('M')) return shadow.withMembers(row, shadow.listed(options.get('M')));
      return user === undefined ? shadow.dismiss(row, gone ?? '') : shadow.enlist(row, user);
    });
  const secret = options.has('r') ? '' : options.has('R') ? '!' : undefined;
  if (secret !== undefined || options.has('A'))
    yield* shadow.edit(cli, GSHADOW, (rows) =>
      rows.map((row) => (row[0] === name ? [name, secret ?? row[1] ?? '', options.get('A') ?? row[2] ?? '', row[3] ?? ''] : row)),
    );
  return cli.status;
});

export const groupCommands = { groupadd, groupdel, groupmod, gpasswd };
