// What the programs of shadow have in common: options as their help texts name them, complaints, changing files under a lock.
// Counterpart: shadow 4.13

import { AT_FDCWD } from '#abi/flags.ts';
import { isReg } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { Cli, getopt, type Options } from '../../lib/cli.ts';
import type { Command } from '../../lib/command.ts';
import { command } from '../../lib/command-line.ts';
import { errOut, readFile, textOf } from '../../lib/io.ts';
import { optionsOf } from '../../lib/strict.ts';
import { DAY_MS, GROUP, GSHADOW, PASSWD, replaceRows, rowsOf } from '../accountfiles.ts';

export { today } from '../accountfiles.ts';

export type Rows = string[][];

/** Exit statuses of shadow's programs. */
export const E_USAGE = 2;
export const E_BAD_ARG = 3;
export const E_ID_IN_USE = 4;
export const E_NOTFOUND = 6;
export const E_IN_USE = 8;
export const E_NAME_IN_USE = 9;
export const E_GRP_UPDATE = 10;
export const E_HOMEDIR = 12;

/** The usage text to standard error; `status` unless the program's own is asked for. */
export function* usage(cli: Cli, status = E_USAGE): Program<number> {
  yield* errOut(cli.context.help?.help?.text ?? '');
  return status;
}

/** A complaint and the usage behind it. */
export function* misuse(cli: Cli, complaint: string, status?: number): Program<number> {
  yield* cli.warn(complaint);
  return yield* usage(cli, status);
}

interface Words {
  /** How many operands there may be. */
  readonly least: number;
  readonly most: number;
  /** Letters of options the program has that do nothing here but say so. */
  readonly missing?: string;
}

/** A program with the options its help text names. The programs call themselves by the last part of their path. */
export const shadowProgram = ({ least, most, missing = 'RPZ' }: Words, run: (cli: Cli, options: Options) => Program<number>): Command =>
  command(function* (given) {
    const [called = '', ...words] = given.context.argv;
    const cli = new Cli({ ...given.context, argv: [called.replace(/^.*\//, ''), ...words] });
    const { short, long } = optionsOf(cli.context.help);
    const options = getopt(words, short, long);
    if (typeof options === 'string') return yield* misuse(cli, options, cli.context.help?.hint?.status);
    if (options.has('h') && cli.context.help?.help) return yield* cli.show(cli.context.help.help);
    const unknown = options.list.find(({ key }) => missing.includes(key));
    if (unknown !== undefined) return yield* cli.error(`-${unknown.key} is not simulated here`);
    if (options.args.length < least || options.args.length > most) return yield* usage(cli);
    return yield* run(cli, options);
  });

export function* realUid(): Program<number> {
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  return uids.ok ? uids.value[0] : 0;
}

/** The name of who called; a program that finds none says so and ends. Counterpart: get_my_pwent */
export function* ownName(): Program<string | undefined> {
  const uid = yield* realUid();
  return ((yield* rowsOf(PASSWD)) ?? []).find((row) => Number(row[2]) === uid)?.[0];
}

/** May the caller change the files? A complaint about the lock otherwise, and the exit status. Counterpart: pw_lock, commonio_lock */
export function* lock(cli: Cli, path: string, status: number): Program<number | undefined> {
  const probe: SysResult<void> = yield* sys.faccessat2(AT_FDCWD, '/etc', 2, 0);
  if ((yield* realUid()) === 0 && probe.ok) return undefined;
  yield* cli.warn('Permission denied.');
  return yield* cli.error(`cannot lock ${path}; try again later.`, status);
}

/** Puts rows in place of a file, the old ones beside it. */
export function* save(cli: Cli, path: string, rows: Rows): Program<void> {
  // After a failure nothing more is written.
  if (cli.status !== 0) return;
  const errno = yield* replaceRows(path, rows, true);
  if (errno !== undefined)
    yield* cli.error(`failure while writing changes to ${path}`, path === GROUP || path === GSHADOW ? E_GRP_UPDATE : 1);
}

/** Changes a file's rows; a file that is not there is left alone. */
export function* edit(cli: Cli, path: string, change: (rows: Rows) => Rows): Program<void> {
  const rows = yield* rowsOf(path);
  if (rows !== undefined) yield* save(cli, path, change(rows));
}

/** The row with a name or number. */
export const find = (rows: Rows, text: string): string[] | undefined => rows.find((row) => row[0] === text || row[2] === text);
/** The items of a list with commas. */
export const listed = (text: string | undefined): string[] => (text ?? '').split(',').filter((item) => item !== '');

/** A row of /etc/group or /etc/gshadow with another list of members. */
export const withMembers = (row: string[], members: readonly string[]): string[] => [...row.slice(0, 3), members.join(',')];
export const enlist = (row: string[], user: string): string[] =>
  withMembers(row, [...listed(row[3]).filter((member) => member !== user), user]);
export const dismiss = (row: string[], user: string): string[] =>
  withMembers(
    row,
    listed(row[3]).filter((member) => member !== user),
  );

/** Changes members in both files of groups. */
export function* editGroups(cli: Cli, change: (row: string[]) => string[]): Program<void> {
  yield* edit(cli, GROUP, (rows) => rows.map(change));
  yield* edit(cli, GSHADOW, (rows) => rows.map(change));
}

const LONGEST_NAME = 32;
/** Counterpart: is_valid_name as Debian has it: almost everything that a line of the file can hold */
export const validName = (name: string): boolean =>
  name !== '' && new TextEncoder().encode(name).length <= LONGEST_NAME && !/^[-+~]|[:,\s]/.test(name);

const ID_MAX = 4_294_967_294;
/** A number for a user or group; undefined for anything else. Counterpart: get_uid */
export const idOf = (text: string): number | undefined => (/^\d+$/.test(text) && Number(text) <= ID_MAX ? Number(text) : undefined);
/** A number that may be negative. */
export const wholeOf = (text: string): number | undefined => (/^-?\d+$/.test(text) ? Number(text) : undefined);

/**
 * Days since 1970 of a date; -1 for none, undefined for what is no date.
 * Counterpart: strtoday. Deviates: dates in other forms than a number or YYYY-MM-DD are none
 */
export function daysOf(text: string): number | undefined {
  if (text === '') return -1;
  const whole = wholeOf(text);
  if (whole !== undefined) return whole;
  const [, year, month, day] = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(text) ?? [];
  return year === undefined ? undefined : Math.floor(Date.UTC(Number(year), Number(month) - 1, Number(day)) / DAY_MS);
}
export const dateOf = (days: number): Date => new Date(days * DAY_MS);

/** The settings of /etc/login.defs, or of a distribution that comes without the file. Counterpart: login.defs(5) of Debian */
export function* loginDefs(): Program<Map<string, string>> {
  const settings = new Map(
    Object.entries({
      ...{ UID_MIN: '1000', UID_MAX: '60000', SYS_UID_MIN: '101', SYS_UID_MAX: '999', UMASK: '022' },
      ...{ GID_MIN: '1000', GID_MAX: '60000', SYS_GID_MIN: '101', SYS_GID_MAX: '999' },
      ...{ PASS_MIN_DAYS: '0', PASS_MAX_DAYS: '99999', PASS_WARN_AGE: '7' },
      ...{ SUB_UID_MIN: '100000', SUB_UID_COUNT: '65536', MAIL_DIR: '/var/mail', USERGROUPS_ENAB: 'yes' },
    }),
  );
  const file = yield* readFile('/etc/login.defs');
  for (const [, key = '', value = ''] of (file.ok ? textOf(file.value) : '').matchAll(/^([A-Z_]+)\s+"?([^\s"]+)/gm))
    settings.set(key, value);
  return settings;
}

/** Takes `KEY=VALUE` words into the settings; the exit status of a complaint. */
export function* override(cli: Cli, options: Options, settings: Map<string, string>): Program<number | undefined> {
  for (const { value } of options.list.filter(({ key }) => key === 'K')) {
    const [, key, text = ''] = /^([^=]*)=(.*)$/.exec(value) ?? [];
    if (key === undefined) return yield* cli.error('-K requires KEY=VALUE', E_BAD_ARG);
    if (!settings.has(key)) {
      yield* errOut(`configuration error - unknown item '${key}' (notify administrator)\n`);
      return E_BAD_ARG;
    }
    settings.set(key, text);
  }
  return undefined;
}

/**
 * A number for a new user or group: the one above all of its kind, or below all system ones; `wished` where that is free.
 * Counterpart: find_new_uid, find_new_gid
 */
export function nextId(rows: Rows, settings: ReadonlyMap<string, string>, kind: 'UID' | 'GID', system: boolean, wished?: number): number {
  const bound = (name: string): number => Number(settings.get(`${system ? 'SYS_' : ''}${kind}_${name}`));
  const [low, high] = [bound('MIN'), bound('MAX')];
  const used = new Set(rows.map((row) => Number(row[2])).filter((id) => id >= low && id <= high));
  if (wished !== undefined && wished >= low && wished <= high && !used.has(wished)) return wished;
  if (system) {
    for (let id = high; id >= low; id--) if (!used.has(id)) return id;
  } else {
    const above = Math.max(low - 1, ...used) + 1;
    if (above <= high) return above;
  }
  for (let id = low; id <= high; id++) if (!used.has(id)) return id;
  return high;
}

/** A line to standard error as it is. */
export const say = (text: string): Program<unknown> => errOut(text);

/** A shell's path must be one; a shell that cannot be run is only warned about. Counterpart: the option -s of useradd and usermod */
export function* wrongShell(cli: Cli, path: string): Program<number | undefined> {
  if (path !== '' && path !== '*' && (!path.startsWith('/') || /[:\n]/.test(path)))
    return yield* cli.error(`invalid shell '${path}'`, E_BAD_ARG);
  const info: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
  const runs: SysResult<void> = yield* sys.faccessat2(AT_FDCWD, path, 1, 0);
  if (path !== '' && path !== '*' && path !== '/sbin/nologin' && !(info.ok && isReg(info.value.mode) && runs.ok))
    yield* cli.warn(`Warning: missing or non-executable shell '${path}'`);
  return undefined;
}
