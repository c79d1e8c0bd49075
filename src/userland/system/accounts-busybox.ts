// adduser, addgroup, deluser, delgroup of busybox. Counterpart: busybox 1.35 loginutils/

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_RDWR } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { Answers } from '../lib/ask.ts';
import { type Cli, getopt, type Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { execvp } from '../lib/exec.ts';
import { freeId, GROUP, PASSWD, replaceRows, rowsOf, SHADOW, today } from './accountfiles.ts';
import { removeTree } from './homes.ts';

/** These applets look for root before they look at their options. */
const rootOnly = (short: string, long: Readonly<Record<string, string>>, run: (cli: Cli, options: Options) => Program<number>) =>
  command(function* (cli) {
    const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
    if (uids.ok && uids.value[1] !== 0) return yield* cli.error('permission denied (are you root?)');
    const options = getopt(cli.context.argv.slice(1), short, long);
    if (typeof options !== 'string') return yield* run(cli, options);
    yield* cli.warn(options);
    return yield* cli.usage();
  });

/** Puts rows in place of a file; the exit status of a failure, or undefined. */
function* store(cli: Cli, path: string, rows: readonly (readonly string[])[]): Program<number | undefined> {
  // The old file is opened for writing first, whatever that is good for.
  const old: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDWR);
  if (!old.ok) return yield* cli.error(`${path}: ${strerror(old.errno)}`);
  yield* sys.close(old.value);
  const errno = yield* replaceRows(path, rows);
  return errno === undefined ? undefined : yield* cli.error(`can't create '${path}+': ${strerror(errno)}`);
}

/** Adds a user to the members of a group; the exit status of a failure, or undefined. */
function* join(cli: Cli, user: string, group: string): Program<number | undefined> {
  const rows = (yield* rowsOf(GROUP)) ?? [];
  const row = rows.find((one) => one[0] === group);
  if (row === undefined) return yield* cli.error(`unknown group ${group}`);
  const members = (row[3] ?? '').split(',').filter((name) => name !== '');
  if (members.includes(user)) return undefined;
  row[3] = [...members, user].join(',');
  return yield* store(cli, GROUP, rows);
}

/** Makes a group; its gid, or the exit status of a failure as a text. */
function* makeGroup(cli: Cli, name: string, wanted: number | undefined, low: number): Program<number | { readonly status: number }> {
  const rows = (yield* rowsOf(GROUP)) ?? [];
  if (rows.some((row) => row[0] === name)) return { status: yield* cli.error(`group '${name}' in use`) };
  if (wanted !== undefined && rows.some((row) => Number(row[2]) === wanted)) return { status: yield* cli.error(`gid '${wanted}' in use`) };
  const gid = wanted ?? freeId(rows, low);
  const failed = yield* store(cli, GROUP, [...rows, [name, 'x', String(gid), '']]);
  return failed === undefined ? gid : { status: failed };
}

const LOW = 1000;
const SYSTEM_LOW = 100;

const adduserLong = {
  'home=': 'h',
  'gecos=': 'g',
  'shell=': 's',
  'ingroup=': 'G',
  'disabled-password': 'D',
  'empty-password': 'D',
  system: 'S',
  'no-create-home': 'H',
  'uid=': 'u',
  'skel=': 'k',
};

const adduser = rootOnly('h:g:s:G:DSHu:k:', adduserLong, function* (cli, options) {
  const [name, group, extra] = options.args;
  if (name === undefined || extra !== undefined) return yield* cli.usage();
  // The applet hands over to addgroup, which complains under its own name.
  if (group !== undefined) return yield* addgroup({ ...cli.context, name: 'addgroup', argv: ['addgroup', name, group] });
  const passwd = (yield* rowsOf(PASSWD)) ?? [];
  const groups = (yield* rowsOf(GROUP)) ?? [];
  if (passwd.some((row) => row[0] === name)) return yield* cli.error(`user '${name}' in use`);
  const uidText = options.get('u');
  if (uidText !== undefined && !/^\d+$/.test(uidText)) return yield* cli.error(`invalid number '${uidText}'`);
  const groupOf = options.get('G') ?? (options.has('S') ? 'nogroup' : undefined);
  const named = groups.find((row) => row[0] === groupOf);
  if (groupOf !== undefined && named === undefined) return yield* cli.error(`unknown group ${groupOf}`);
  const wanted = uidText === undefined ? undefined : Number(uidText);
  // A group of the user's own has the user's number, so that one must be free as well.
  const ownGroup = groupOf === undefined;
  const taken = (id: number): boolean =>
    passwd.some((row) => Number(row[2]) === id) || (ownGroup && groups.some((row) => Number(row[2]) === id));
  if (wanted !== undefined && taken(wanted)) return yield* cli.error(`uid '${wanted}' in use`);
  const uid = wanted ?? freeId(passwd, options.has('S') ? SYSTEM_LOW : LOW, (id) => !taken(id));
  let gid = Number(named?.[2] ?? uid);
  if (ownGroup) {
    const made = yield* makeGroup(cli, name, uid, LOW);
    if (typeof made !== 'number') return made.status;
    gid = made;
  }
  const home = options.get('h') ?? `/home/${name}`;
  const shell = options.get('s') ?? (options.has('S') ? '/bin/false' : (cli.getenv('SHELL') ?? '/bin/sh'));
  const failed =
    (yield* store(cli, PASSWD, [...passwd, [name, 'x', String(uid), String(gid), options.get('g') ?? 'Linux User,,,', home, shell]])) ??
    (yield* addShadow(cli, name));
  if (failed !== undefined) return failed;
  if (!options.has('H') && !options.has('S')) {
    const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, home, 0o755);
    if (!made.ok && made.errno !== 'EEXIST') yield* cli.warn(`${home}: ${strerror(made.errno)}`);
    else {
      yield* sys.fchownat(AT_FDCWD, home, uid, gid, 0);
      yield* sys.fchmodat(AT_FDCWD, home, 0o2755);
    }
  }
  if (options.has('D') || options.has('S')) return 0;
  yield* execvp(['passwd', name], cli.context.env);
  return yield* cli.error("can't execute passwd, you must set password manually");
});

function* addShadow(cli: Cli, name: string): Program<number | undefined> {
  const rows = yield* rowsOf(SHADOW);
  if (rows === undefined) return undefined;
  return yield* store(cli, SHADOW, [...rows, [name, '!', String(yield* today()), '0', '99999', '7', '', '', '']]);
}

const addgroup = rootOnly('g:S', { 'gid=': 'g', system: 'S' }, function* (cli, options) {
  const [first, second, extra] = options.args;
  if (first === undefined || extra !== undefined || (second !== undefined && options.has('g'))) return yield* cli.usage();
  if (second !== undefined) {
    const passwd = (yield* rowsOf(PASSWD)) ?? [];
    if (!passwd.some((row) => row[0] === first)) return yield* cli.error(`unknown user ${first}`);
    return (yield* join(cli, first, second)) ?? 0;
  }
  const gid = options.get('g');
  if (gid !== undefined && !/^\d+$/.test(gid)) return yield* cli.error(`invalid number '${gid}'`);
  const made = yield* makeGroup(cli, first, gid === undefined ? undefined : Number(gid), options.has('S') ? SYSTEM_LOW : LOW);
  return typeof made === 'number' ? 0 : made.status;
});

const deluser = rootOnly('', { 'remove-home': 'remove-home' }, function* (cli, options) {
  const [name, extra] = options.args;
  if (name === undefined || extra !== undefined) return yield* cli.usage();
  const passwd = (yield* rowsOf(PASSWD)) ?? [];
  if (!passwd.some((row) => row[0] === name)) return yield* cli.error(`unknown user ${name}`);
  const others = passwd.filter((row) => row[0] !== name);
  const shadow = yield* rowsOf(SHADOW);
  const groups = (yield* rowsOf(GROUP)) ?? [];
  // The user's own group goes too, and so does the name wherever it is a member.
  const rest = groups.filter((row) => row[0] !== name).map((row) => without(row, name));
  const failed =
    (yield* store(cli, PASSWD, others)) ??
    (shadow &&
      (yield* store(
        cli,
        SHADOW,
        shadow.filter((row) => row[0] !== name),
      ))) ??
    (yield* store(cli, GROUP, rest));
  if (failed === undefined && options.has('remove-home')) yield* removeTree(passwd.find((row) => row[0] === name)?.[5] ?? '');
  return failed ?? 0;
});

const without = (row: readonly string[], member: string): string[] => [
  ...row.slice(0, 3),
  (row[3] ?? '')
    .split(',')
    .filter((name) => name !== member)
    .join(','),
];

const delgroup = rootOnly('', {}, function* (cli, options) {
  const [first, second, extra] = options.args;
  if (first === undefined || extra !== undefined) return yield* cli.usage();
  const groups = (yield* rowsOf(GROUP)) ?? [];
  const passwd = (yield* rowsOf(PASSWD)) ?? [];
  const name = second ?? first;
  if (second !== undefined && !passwd.some((row) => row[0] === first)) return yield* cli.error(`unknown user ${first}`);
  const group = groups.find((row) => row[0] === name);
  if (group === undefined) return yield* cli.error(`unknown group ${name}`);
  if (second !== undefined)
    return (
      (yield* store(
        cli,
        GROUP,
        groups.map((row) => (row === group ? without(row, first) : row)),
      )) ?? 0
    );
  const primary = passwd.find((row) => row[3] === group[2]);
  if (primary !== undefined) return yield* cli.error(`'${primary[0]}' still has '${name}' as their primary group!`);
  return (
    (yield* store(
      cli,
      GROUP,
      groups.filter((row) => row !== group),
    )) ?? 0
  );
});

/** Deviates: only passwords that are encrypted already (-e) are stored. */
const chpasswd = rootOnly('ec:m', { encrypted: 'e', md5: 'm', 'crypt-method=': 'c' }, function* (cli, options) {
  const answers = new Answers();
  for (let line = yield* answers.next(); line !== undefined; line = yield* answers.next()) {
    const [, name, secret] = /^([^:]*):(.*)$/.exec(line) ?? [];
    if (name === undefined || secret === undefined) return yield* cli.error('missing new password');
    if (!((yield* rowsOf(PASSWD)) ?? []).some((row) => row[0] === name)) return yield* cli.error(`unknown user ${name}`);
    if (!options.has('e')) return yield* cli.error('encrypting a password is not simulated here: only -e is');
    const rows = (yield* rowsOf(SHADOW)) ?? [];
    const day = String(yield* today());
    const failed = yield* store(
      cli,
      SHADOW,
      rows.map((row) => (row[0] === name ? [name, secret, day, ...row.slice(3)] : row)),
    );
    if (failed !== undefined) return failed;
    yield* cli.warn(`password for '${name}' changed`);
  }
  return 0;
});

export const busyboxAccounts = { adduser, addgroup, deluser, delgroup, chpasswd };
