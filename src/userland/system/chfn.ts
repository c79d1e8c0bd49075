// chfn of Debian: the comment of an account. Counterpart: chfn(1), shadow 4.13. Deviates: only root changes anything, and -R is refused

import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { Answers } from '../lib/ask.ts';
import { getopt } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { errOut, out } from '../lib/io.ts';
import { PASSWD, replaceRows, rowsOf } from './accountfiles.ts';

const USAGE = `Usage: chfn [options] [LOGIN]

Options:
  -f, --full-name FULL_NAME     change user's full name
  -h, --home-phone HOME_PHONE   change user's home phone number
  -o, --other OTHER_INFO        change user's other GECOS information
  -r, --room ROOM_NUMBER        change user's room number
  -R, --root CHROOT_DIR         directory to chroot into
  -u, --help                    display this help message and exit
  -w, --work-phone WORK_PHONE   change user's office phone number

`;
const E_USAGE = 2;
/** Option, question, what a complaint says before the value; in the order of the fields. The last one may hold commas. */
const FIELDS = [
  ['f', 'Full Name', 'invalid name:'],
  ['r', 'Room Number', 'invalid room number:'],
  ['w', 'Work Phone', 'invalid work phone:'],
  ['h', 'Home Phone', 'invalid home phone:'],
  ['o', 'Other', ''],
] as const;
const LONG = { 'full-name=': 'f', 'home-phone=': 'h', 'other=': 'o', 'room=': 'r', 'root=': 'R', help: 'u', 'work-phone=': 'w' };

function* asked(fields: readonly string[], name: string): Program<string[]> {
  const answers = new Answers();
  const given: string[] = [];
  yield* out(`Changing the user information for ${name}\nEnter the new value, or press ENTER for the default\n`);
  for (const [at, [, question]] of FIELDS.entries()) {
    yield* out(`\t${question} [${fields[at]}]: `);
    const answer = (yield* answers.next()) ?? '';
    given.push(answer === '' ? (fields[at] as string) : answer.trim());
  }
  return given;
}

export const chfn = command(function* (cli) {
  const options = getopt(cli.context.argv.slice(1), 'f:h:o:r:R:uw:', LONG);
  if (typeof options === 'string' || options.has('u')) {
    if (typeof options === 'string') yield* cli.warn(options);
    yield* (typeof options === 'string' ? errOut : out)(USAGE);
    return typeof options === 'string' ? E_USAGE : 0;
  }
  if (options.has('R')) return yield* cli.error('-R is not simulated here');
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const rows = (yield* rowsOf(PASSWD)) ?? [];
  const ruid = uids.ok ? uids.value[0] : 0;
  const name = options.args[0] ?? rows.find((row) => Number(row[2]) === ruid)?.[0] ?? '';
  // Ordinary users may not change these fields. Counterpart: CHFN_RESTRICT of login.defs
  if (ruid !== 0 && (options.has('f') || options.has('o'))) return yield* cli.error('Permission denied.');
  const row = rows.find((one) => one[0] === name);
  if (row === undefined) return yield* cli.error(`user '${name}' does not exist`);
  if (ruid !== 0) return yield* cli.error('Permission denied.');
  const [full = '', room = '', work = '', home = '', ...other] = (row[4] ?? '').split(',');
  const old = [full, room, work, home, other.join(',')];
  const fields = options.list.length > 0 ? FIELDS.map(([key], at) => options.get(key) ?? (old[at] as string)) : yield* asked(old, name);
  for (const [at, [, , complaint]] of FIELDS.entries()) {
    const value = fields[at] as string;
    if (/[:\n]/.test(value) || (complaint !== '' && /[,=]/.test(value)))
      return yield* cli.error(complaint === '' ? `'${value}' contains illegal characters` : `${complaint} '${value}'`);
  }
  row[4] = [...fields.slice(0, 4), ...(fields[4] === '' ? [] : [fields[4]])].join(',');
  const errno = yield* replaceRows(PASSWD, rows);
  return errno === undefined ? 0 : yield* cli.error(`failure while writing changes to ${PASSWD}`);
});
