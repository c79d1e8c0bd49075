// useradd, userdel, usermod, groupadd, groupdel, groupmod. Counterpart: shadow 4.13
// Deviates: what is changed is /etc/passwd, /etc/group and /etc/shadow; there are no subids, skeletons or quotas. Options beyond
// those listed are refused as not simulated.

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { Cli, getopt, type Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { freeId, GROUP, PASSWD, replaceRows, rowsOf, SHADOW } from './accountfiles.ts';

type Rows = string[][];

const LOW = 1000;
const SYSTEM_HIGH = 999;
/** Exit statuses of shadow's programs. */
const E_USAGE = 2;
const E_BAD_ARG = 3;
const E_ID_IN_USE = 4;
const E_NOTFOUND = 6;
const E_IN_USE = 8;
const E_NAME_IN_USE = 9;
const E_GRP_UPDATE = 10;

/** Reads a file's rows; those who may not change it get shadow's complaint about the lock, as an exit status. */
function* locked(cli: Cli, path: string, status: number): Program<Rows | number> {
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const probe: SysResult<void> = yield* sys.faccessat2(AT_FDCWD, '/etc', 2, 0);
  if (!(uids.ok && probe.ok)) {
    yield* cli.warn('Permission denied.');
    return yield* cli.error(`cannot lock ${path}; try again later.`, status);
  }
  return (yield* rowsOf(path)) ?? [];
}

const shadow = (
  short: string,
  long: Readonly<Record<string, string>>,
  run: (cli: Cli, options: Options, name: string) => Program<number>,
) =>
  command(function* (given) {
    // These programs call themselves by the last part of their path.
    const [called = '', ...words] = given.context.argv;
    const cli = new Cli({ ...given.context, argv: [called.replace(/^.*\//, ''), ...words] });
    const options = getopt(words, short, long);
    const name = typeof options === 'string' ? undefined : options.args[0];
    if (typeof options !== 'string' && name !== undefined && options.args.length === 1) return yield* run(cli, options, name);
    if (typeof options === 'string') yield* cli.warn(options);
    yield* errOut(
      `Usage: ${cli.context.name} [options] ${cli.context.name.startsWith('group') ? 'GROUP' : 'LOGIN'}\n(the list of options is not simulated here)\n`,
    );
    return E_USAGE;
  });

const find = (rows: Rows, text: string): string[] | undefined => rows.find((row) => row[0] === text || row[2] === text);

function* save(cli: Cli, path: string, rows: Rows): Program<void> {
  const errno = yield* replaceRows(path, rows);
  if (errno !== undefined) yield* cli.error(`failure while writing changes to ${path}`, 1);
}

const freeBelow = (rows: Rows): number => {
  const used = new Set(rows.map((row) => Number(row[2])));
  for (let id = SYSTEM_HIGH; id > 100; id--) if (!used.has(id)) return id;
  return 100;
};

const useradd = shadow(
  'u:g:G:d:s:c:mMNrUob:p:',
  {
    'uid=': 'u',
    'gid=': 'g',
    'groups=': 'G',
    'home-dir=': 'd',
    'shell=': 's',
    'comment=': 'c',
    'create-home': 'm',
    'no-create-home': 'M',
    'no-user-group': 'N',
    system: 'r',
    'user-group': 'U',
    'non-unique': 'o',
    'base-dir=': 'b',
    'password=': 'p',
  },
  function* (cli, options, name) {
    const passwd = yield* locked(cli, PASSWD, 1);
    if (typeof passwd === 'number') return passwd;
    const groups = (yield* rowsOf(GROUP)) ?? [];
    if (!/^[a-z_][a-z0-9_-]*\$?$/.test(name)) return yield* cli.error(`invalid user name '${name}': use --badname to ignore`, E_BAD_ARG);
    if (passwd.some((row) => row[0] === name)) return yield* cli.error(`user '${name}' already exists`, E_NAME_IN_USE);
    const ownGroup = !options.has('g') && !options.has('N');
    if (ownGroup && find(groups, name))
      return yield* cli.error(`group ${name} exists - if you want to add this user to that group, use -g.`, E_NAME_IN_USE);
    const uidText = options.get('u');
    if (uidText !== undefined && !/^\d+$/.test(uidText)) return yield* cli.error(`invalid user ID '${uidText}'`, E_BAD_ARG);
    if (uidText !== undefined && !options.has('o') && passwd.some((row) => row[2] === uidText))
      return yield* cli.error(`UID ${uidText} is not unique`, E_ID_IN_USE);
    const uid = uidText === undefined ? (options.has('r') ? freeBelow(passwd) : freeId(passwd, highest(passwd))) : Number(uidText);
    const primary = options.get('g') ?? (options.has('N') ? '100' : undefined);
    const named = primary === undefined ? undefined : find(groups, primary);
    if (primary !== undefined && named === undefined) return yield* cli.error(`group '${primary}' does not exist`, E_NOTFOUND);
    const extra = (options.get('G') ?? '').split(',').filter((text) => text !== '');
    const unknown = extra.find((text) => !find(groups, text));
    if (unknown !== undefined) return yield* cli.error(`group '${unknown}' does not exist`, E_NOTFOUND);
    const gid = named ? Number(named[2]) : groups.some((row) => Number(row[2]) === uid) ? freeId(groups, highest(groups)) : uid;
    if (ownGroup) groups.push([name, 'x', String(gid), '']);
    for (const text of extra) enlist(find(groups, text) as string[], name);
    const home = options.get('d') ?? `${options.get('b') ?? '/home'}/${name}`;
    const shell = options.get('s') ?? '/bin/sh';
    yield* save(cli, PASSWD, [...passwd, [name, 'x', String(uid), String(gid), options.get('c') ?? '', home, shell]]);
    yield* save(cli, GROUP, groups);
    const secrets = yield* rowsOf(SHADOW);
    if (secrets)
      yield* save(cli, SHADOW, [...secrets, [name, options.get('p') ?? '!', String(yield* today()), '0', '99999', '7', '', '', '']]);
    if (options.has('m')) {
      yield* sys.mkdirat(AT_FDCWD, home, 0o755);
      yield* sys.fchownat(AT_FDCWD, home, uid, gid, 0);
    }
    return cli.status;
  },
);

function* today(): Program<bigint> {
  const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
  return now.ok ? now.value / 86_400_000_000_000n : 0n;
}

/** Where ordinary ids go on: one above the highest in use. Counterpart: find_new_uid of shadow */
const highest = (rows: Rows): number =>
  Math.max(LOW - 1, ...rows.map((row) => Number(row[2])).filter((id) => id >= LOW && id <= 60000)) + 1;

function enlist(row: string[], user: string): void {
  const members = (row[3] ?? '').split(',').filter((member) => member !== '' && member !== user);
  row[3] = [...members, user].join(',');
}

const dismiss = (row: string[], user: string): string[] => [
  ...row.slice(0, 3),
  (row[3] ?? '')
    .split(',')
    .filter((member) => member !== user)
    .join(','),
];

/** Takes a user out of a group's members. Counterpart: gpasswd -M with the others */
export function* removeMember(group: string, user: string): Program<void> {
  const groups = (yield* rowsOf(GROUP)) ?? [];
  yield* replaceRows(
    GROUP,
    groups.map((row) => (row[0] === group ? dismiss(row, user) : row)),
  );
}

const userdel = shadow('f', { force: 'f' }, function* (cli, _options, name) {
  const before = (yield* rowsOf(PASSWD)) ?? [];
  if (!before.some((row) => row[0] === name)) return yield* cli.error(`user '${name}' does not exist`, E_NOTFOUND);
  const passwd = yield* locked(cli, PASSWD, 1);
  if (typeof passwd === 'number') return passwd;
  yield* save(
    cli,
    PASSWD,
    passwd.filter((row) => row[0] !== name),
  );
  const groups = (yield* rowsOf(GROUP)) ?? [];
  yield* save(
    cli,
    GROUP,
    groups.filter((row) => row[0] !== name || (row[3] ?? '') !== '').map((row) => dismiss(row, name)),
  );
  const secrets = yield* rowsOf(SHADOW);
  if (secrets)
    yield* save(
      cli,
      SHADOW,
      secrets.filter((row) => row[0] !== name),
    );
  return cli.status;
});

const usermod = shadow(
  'aG:g:u:s:d:c:l:o',
  { append: 'a', 'groups=': 'G', 'gid=': 'g', 'uid=': 'u', 'shell=': 's', 'home=': 'd', 'comment=': 'c', 'login=': 'l', 'non-unique': 'o' },
  function* (cli, options, name) {
    const groups = (yield* rowsOf(GROUP)) ?? [];
    const wanted = options
      .get('G')
      ?.split(',')
      .filter((text) => text !== '');
    const unknown = wanted?.find((text) => !find(groups, text));
    if (unknown !== undefined) return yield* cli.error(`group '${unknown}' does not exist`, E_NOTFOUND);
    const before = (yield* rowsOf(PASSWD)) ?? [];
    if (!before.some((row) => row[0] === name)) return yield* cli.error(`user '${name}' does not exist`, E_NOTFOUND);
    const passwd = yield* locked(cli, PASSWD, 1);
    if (typeof passwd === 'number') return passwd;
    const row = passwd.find((one) => one[0] === name) as string[];
    const uid = options.get('u');
    if (uid !== undefined && !options.has('o') && passwd.some((one) => one !== row && one[2] === uid))
      return yield* cli.error(`UID '${uid}' already exists`, E_ID_IN_USE);
    const primary = options.get('g');
    const group = primary === undefined ? undefined : find(groups, primary);
    if (primary !== undefined && group === undefined) return yield* cli.error(`group '${primary}' does not exist`, E_NOTFOUND);
    if (uid !== undefined) row[2] = uid;
    if (group !== undefined) row[3] = group[2] as string;
    for (const [key, at] of [
      ['c', 4],
      ['d', 5],
      ['s', 6],
      ['l', 0],
    ] as const)
      row[at] = options.get(key) ?? (row[at] as string);
    yield* save(cli, PASSWD, passwd);
    if (wanted === undefined) return cli.status;
    const chosen = new Set(wanted.map((text) => find(groups, text)));
    const changed = groups.map((one) => {
      if (!chosen.has(one)) return options.has('a') ? one : dismiss(one, name);
      enlist(one, name);
      return one;
    });
    yield* save(cli, GROUP, changed);
    return cli.status;
  },
);

const groupadd = shadow('fg:or', { force: 'f', 'gid=': 'g', 'non-unique': 'o', system: 'r' }, function* (cli, options, name) {
  const before = (yield* rowsOf(GROUP)) ?? [];
  if (before.some((row) => row[0] === name)) {
    if (options.has('f')) return 0;
    const allowed = yield* locked(cli, GROUP, E_GRP_UPDATE);
    return typeof allowed === 'number' ? allowed : yield* cli.error(`group '${name}' already exists`, E_NAME_IN_USE);
  }
  const gid = options.get('g');
  if (gid !== undefined && !/^\d+$/.test(gid)) return yield* cli.error(`invalid group ID '${gid}'`, E_BAD_ARG);
  const groups = yield* locked(cli, GROUP, E_GRP_UPDATE);
  if (typeof groups === 'number') return groups;
  if (gid !== undefined && !options.has('o') && groups.some((row) => row[2] === gid))
    return yield* cli.error(`GID '${gid}' already exists`, E_ID_IN_USE);
  const id = gid ?? String(options.has('r') ? freeBelow(groups) : freeId(groups, highest(groups)));
  yield* save(cli, GROUP, [...groups, [name, 'x', id, '']]);
  return cli.status;
});

const groupdel = shadow('f', { force: 'f' }, function* (cli, _options, name) {
  const before = (yield* rowsOf(GROUP)) ?? [];
  const row = before.find((one) => one[0] === name);
  if (row === undefined) return yield* cli.error(`group '${name}' does not exist`, E_NOTFOUND);
  const user = ((yield* rowsOf(PASSWD)) ?? []).find((one) => one[3] === row[2]);
  if (user !== undefined) return yield* cli.error(`cannot remove the primary group of user '${user[0]}'`, E_IN_USE);
  const groups = yield* locked(cli, GROUP, E_GRP_UPDATE);
  if (typeof groups === 'number') return groups;
  yield* save(
    cli,
    GROUP,
    groups.filter((one) => one[0] !== name),
  );
  return cli.status;
});

const groupmod = shadow('g:n:o', { 'gid=': 'g', 'new-name=': 'n', 'non-unique': 'o' }, function* (cli, options, name) {
  const before = (yield* rowsOf(GROUP)) ?? [];
  if (!before.some((row) => row[0] === name)) return yield* cli.error(`group '${name}' does not exist`, E_NOTFOUND);
  const groups = yield* locked(cli, GROUP, E_GRP_UPDATE);
  if (typeof groups === 'number') return groups;
  const row = groups.find((one) => one[0] === name) as string[];
  row[0] = options.get('n') ?? name;
  row[2] = options.get('g') ?? (row[2] as string);
  yield* save(cli, GROUP, groups);
  return cli.status;
});

export const shadowAccounts = { useradd, userdel, usermod, groupadd, groupdel, groupmod };
