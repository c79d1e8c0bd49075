// chage, chsh, chpasswd, nologin. Counterpart: chage(1), chsh(1), chpasswd(8), nologin(8), shadow 4.13 of Debian 12

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { Answers } from '../../lib/ask.ts';
import type { Cli, Options } from '../../lib/cli.ts';
import { command } from '../../lib/command-line.ts';
import { errOut, out, readFd, textOf } from '../../lib/io.ts';
import { stat } from '../../lib/tree.ts';
import { PASSWD, rowsOf, SHADOW } from '../accountfiles.ts';
import * as shadow from './program.ts';

/** Fields of /etc/shadow by chage's letters. */
const FIELDS = { d: 2, m: 3, M: 4, W: 5, I: 6, E: 7 } as const;
/** From here on a maximum age counts as none: 10,000 days. */
const FOREVER = 10_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const field = (row: readonly string[], at: number): number => (row[at] ? Number(row[at]) : -1);
const iso = (days: number): string => (days < 0 ? '-1' : shadow.dateOf(days).toISOString().slice(0, 10));

/** Counterpart: list_fields */
function* list(row: readonly string[], asIso: boolean): Program<void> {
  const [changed, min, max, warn, inactive, expires] = [2, 3, 4, 5, 6, 7].map((at) => field(row, at)) as [
    ...[number, number, number],
    ...[number, number, number],
  ];
  const shown = (days: number): string => {
    if (days < 0) return 'never';
    const date = shadow.dateOf(days);
    const day = String(date.getUTCDate()).padStart(2, '0');
    return asIso ? iso(days) : `${MONTHS[date.getUTCMonth()]} ${day}, ${date.getUTCFullYear()}`;
  };
  const due = changed === 0 ? 'password must be changed' : undefined;
  const ages = changed >= 0 && max >= 0 && max < FOREVER;
  const lines: readonly (readonly [string, string])[] = [
    ['Last password change\t\t\t\t\t', due ?? shown(changed)],
    ['Password expires\t\t\t\t\t', due ?? (ages ? shown(changed + max) : 'never')],
    ['Password inactive\t\t\t\t\t', due ?? (ages && inactive >= 0 ? shown(changed + max + inactive) : 'never')],
    ['Account expires\t\t\t\t\t\t', shown(expires)],
    ['Minimum number of days between password change\t\t', String(min)],
    ['Maximum number of days between password change\t\t', String(max)],
    ['Number of days of warning before password expires\t', String(warn)],
  ];
  yield* out(lines.map(([label, value]) => `${label}: ${value}\n`).join(''));
}

/** A date or number as the file has it; undefined for what is neither. */
function stored(letter: keyof typeof FIELDS, text: string): string | undefined {
  const value = letter === 'd' || letter === 'E' ? shadow.daysOf(text) : shadow.wholeOf(text);
  return value === undefined || value < -1 ? undefined : value === -1 ? '' : String(value);
}

/** Asks for each field in turn; undefined for an answer that is none. Counterpart: new_fields */
function* ask(row: readonly string[]): Program<string[] | undefined> {
  const answers = new Answers();
  const questions: readonly (readonly [string, keyof typeof FIELDS])[] = [
    ['Minimum Password Age', 'm'],
    ['Maximum Password Age', 'M'],
    ['Last Password Change (YYYY-MM-DD)', 'd'],
    ['Password Expiration Warning', 'W'],
    ['Password Inactive', 'I'],
    ['Account Expiration Date (YYYY-MM-DD)', 'E'],
  ];
  const next = [...row];
  yield* out('Enter the new value, or press ENTER for the default\n\n');
  for (const [question, letter] of questions) {
    const old = field(row, FIELDS[letter]);
    const shown = letter === 'd' || letter === 'E' ? iso(old) : String(old);
    yield* out(`\t${question} [${shown}]: `);
    const answer = (yield* answers.next()) || shown;
    const value = stored(letter, answer);
    if (value === undefined) return undefined;
    next[FIELDS[letter]] = value;
  }
  return next;
}

const letters = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
const chage = shadow.shadowProgram({ least: 1, most: 1, missing: 'RP' }, function* (cli, options) {
  for (const { key, value } of options.list) {
    const letter = letters.find((one) => one === key);
    if (letter === undefined || stored(letter, value) !== undefined) continue;
    return yield* shadow.misuse(cli, `invalid ${letter === 'd' || letter === 'E' ? 'date' : 'numeric argument'} '${value}'`);
  }
  const changes = letters.some((letter) => options.has(letter));
  if (options.has('l') && changes) return yield* shadow.misuse(cli, 'do not include "l" with other flags');
  const uid = yield* shadow.realUid();
  if (uid !== 0 && !options.has('l')) return yield* cli.error('Permission denied.');
  const name = options.args[0] ?? '';
  const entry = ((yield* rowsOf(PASSWD)) ?? []).find((row) => row[0] === name);
  if (entry === undefined) return yield* cli.error(`user '${name}' does not exist in ${PASSWD}`);
  if (uid !== 0 && entry[2] !== String(uid)) return yield* cli.error('Permission denied.');
  const rows = (yield* rowsOf(SHADOW)) ?? [];
  const row = rows.find((one) => one[0] === name) ?? [name, '!', '', '', '', '', '', '', ''];
  if (options.has('l')) {
    yield* list(row, options.has('i'));
    return 0;
  }
  const next = [...row];
  for (const letter of letters) if (options.has(letter)) next[FIELDS[letter]] = stored(letter, options.get(letter) ?? '') ?? '';
  if (!changes) yield* out(`Changing the aging information for ${name}\n`);
  const answered = changes ? next : yield* ask(row);
  if (answered === undefined) return yield* cli.error('error changing fields');
  yield* shadow.save(cli, SHADOW, rows.includes(row) ? rows.map((one) => (one === row ? answered : one)) : [...rows, answered]);
  return cli.status;
});

const chsh = shadow.shadowProgram({ least: 0, most: 1 }, function* (cli, options) {
  const uid = yield* shadow.realUid();
  const rows = (yield* rowsOf(PASSWD)) ?? [];
  const name = options.args[0] ?? (yield* shadow.ownName());
  if (name === undefined) return yield* cli.error('Cannot determine your user name.');
  const row = rows.find((one) => one[0] === name);
  if (row === undefined) return yield* cli.error(`user '${name}' does not exist`);
  if (uid !== 0 && row[2] !== String(uid)) {
    yield* errOut(`You may not change the shell for '${name}'.\n`);
    return 1;
  }
  if (uid !== 0) {
    // There is no password that would be right: the images' accounts are locked.
    yield* errOut('Password: ');
    yield* new Answers().next();
    return yield* cli.error('PAM: Authentication failure');
  }
  let shell = options.get('s');
  if (shell === undefined) {
    yield* out(
      `Changing the login shell for ${name}\nEnter the new value, or press ENTER for the default\n\tLogin Shell [${row[6] ?? ''}]: `,
    );
    shell = (yield* new Answers().next()) || (row[6] ?? '');
  }
  if (/[:,=\n]/.test(shell)) return yield* cli.error(`Invalid entry: ${shell}`);
  const runs: SysResult<void> = yield* sys.faccessat2(AT_FDCWD, shell, 1, 0);
  if (!(yield* stat(shell)).ok) yield* cli.warn(`Warning: ${shell} does not exist`);
  else if (!runs.ok) yield* cli.warn(`Warning: ${shell} is not executable`);
  row[6] = shell;
  yield* shadow.save(cli, PASSWD, rows);
  return cli.status;
});

/** The lines of standard input as names and passwords; complaints about others. */
function* pairs(cli: Cli): Program<{ readonly line: number; readonly name: string; readonly secret: string }[]> {
  const input = yield* readFd(0);
  const found: { line: number; name: string; secret: string }[] = [];
  const lines = (input.ok ? textOf(input.value) : '').split('\n');
  if (lines.at(-1) === '') lines.pop();
  for (const [at, text] of lines.entries()) {
    const [, name, secret] = /^([^:]*):(.*)$/.exec(text) ?? [];
    if (name === undefined || secret === undefined) yield* cli.error(`line ${at + 1}: missing new password`);
    else found.push({ line: at + 1, name, secret });
  }
  return found;
}

const METHODS = ['NONE', 'DES', 'MD5', 'SHA256', 'SHA512', 'YESCRYPT'];
function wrongMethod(options: Options): string | undefined {
  if (['c', 'e', 'm'].filter((key) => options.has(key)).length > 1) return 'the -c, -e, and -m flags are exclusive';
  const method = options.get('c');
  return method === undefined || METHODS.includes(method) ? undefined : `unsupported crypt method: ${method}`;
}

/** Deviates: only passwords that are encrypted already (-e) are stored. */
const chpasswd = shadow.shadowProgram({ least: 0, most: Number.MAX_SAFE_INTEGER, missing: 'Rs' }, function* (cli, options) {
  const wrong = wrongMethod(options);
  if (wrong !== undefined) return yield* shadow.misuse(cli, wrong);
  const encrypted = options.has('e');
  const refused = encrypted ? yield* shadow.lock(cli, PASSWD, 1) : undefined;
  if (refused !== undefined) return refused;
  const given = yield* pairs(cli);
  const passwd = (yield* rowsOf(PASSWD)) ?? [];
  const root = (yield* shadow.realUid()) === 0;
  for (const { line, name } of given) {
    const known = passwd.some((row) => row[0] === name);
    if (encrypted && !known) yield* cli.error(`line ${line}: user '${name}' does not exist`);
    if (encrypted) continue;
    if (known && root) return yield* cli.error(`(line ${line}, user ${name}) encrypting a password is not simulated here: only -e is`);
    yield* cli.warn(`(user ${name}) pam_chauthtok() failed, error:`);
    yield* errOut('Authentication token manipulation error\n');
    yield* cli.error(`(line ${line}, user ${name}) password not changed`);
  }
  if (!encrypted) return cli.status;
  if (cli.status !== 0) return yield* cli.error('error detected, changes ignored');
  const day = String(yield* shadow.today());
  yield* shadow.edit(cli, SHADOW, (rows) =>
    rows.map((row) => {
      const secret = given.findLast(({ name }) => name === row[0])?.secret;
      return secret === undefined ? row : [row[0] ?? '', secret, day, ...row.slice(3)];
    }),
  );
  return cli.status;
});

const nologin = command(function* () {
  yield* out('This account is currently not available.\n');
  return 1;
});

export const ageCommands = { chage, chsh, chpasswd, nologin };
