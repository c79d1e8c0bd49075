// passwd of Debian: the state and ages of passwords. Counterpart: passwd(1), shadow 4.13 of Debian 12 with PAM
// Deviates: no new password is ever stored, which it says

import type { Program } from '#kernel/uapi/index.ts';
import { Answers } from '../../lib/ask.ts';
import type { Cli, Options } from '../../lib/cli.ts';
import { errOut, out } from '../../lib/io.ts';
import { PASSWD, rowsOf, SHADOW } from '../accountfiles.ts';
import * as shadow from './program.ts';

const E_NOPERM = 1;
const E_FAILURE = 3;
const E_BAD_ARG = 6;
const E_PAM = 10;
/** Options that change a line of /etc/shadow; those with a number also say which field. */
const CHANGES = ['d', 'e', 'i', 'l', 'n', 'u', 'w', 'x'];
const FIELD = { n: 3, x: 4, w: 5, i: 6 } as const;

/** `passwd -S`: name, L locked, NP none or P usable, then the ages. */
function* status(rows: shadow.Rows): Program<void> {
  for (const [name, password = '', changed = '', min, max, warn, inactive] of rows) {
    const state = password === '' ? 'NP' : /^[*!]/.test(password) ? 'L' : 'P';
    const date = changed === '' ? 'never' : shadow.dateOf(Number(changed)).toISOString().slice(0, 10);
    yield* out(`${[name, state, date, min || -1, max || -1, warn || -1, inactive || -1].join(' ')}\n`);
  }
}

/** Changes what options name in the user's line. Counterpart: update_shadow, update_crypt_pw */
function* change(cli: Cli, options: Options, rows: shadow.Rows, row: string[]): Program<number> {
  if (options.has('d')) row[1] = '';
  const old = row[1] ?? '';
  if (options.has('u') && old === '!') {
    yield* cli.error('unlocking the password would result in a passwordless account.', E_FAILURE);
    yield* errOut('You should set a password with usermod -p to unlock the password of this account.\n');
    return cli.status;
  }
  if (options.has('u')) row[1] = old.replace(/^!/, '');
  if (options.has('l') && !row[1]?.startsWith('!')) row[1] = `!${row[1]}`;
  if (options.has('e')) row[2] = '0';
  for (const [letter, at] of Object.entries(FIELD)) {
    const value = options.get(letter);
    if (value !== undefined) row[at] = value === '-1' ? '' : value;
  }
  yield* shadow.save(cli, SHADOW, rows);
  if (!options.has('q')) yield* out(`${cli.prog}: password changed.\n`);
  return cli.status;
}

/** Asks for a new password twice. Counterpart: pam_unix as Debian configures it */
function* ask(cli: Cli, name: string, root: boolean): Program<number> {
  const answers = new Answers();
  const failed = function* (): Program<number> {
    yield* cli.warn('Authentication token manipulation error');
    yield* cli.error('password unchanged', E_PAM);
    return E_PAM;
  };
  if (!root) {
    // There is no password that would be right: the images' accounts are locked.
    yield* out(`Changing password for ${name}.\n`);
    yield* errOut('Current password: ');
    yield* answers.next();
    return yield* failed();
  }
  yield* errOut('New password: ');
  const first = yield* answers.next();
  if (first === undefined) return yield* failed();
  yield* errOut('Retype new password: ');
  const second = yield* answers.next();
  if (first === '' || second === undefined) yield* errOut('Password change has been aborted.\n');
  else if (first !== second) yield* errOut('Sorry, passwords do not match.\n');
  else return yield* cli.error('storing a password is not simulated here', E_PAM);
  return yield* failed();
}

export const debianPasswd = shadow.shadowProgram({ least: 0, most: 1, missing: 'RPr' }, function* (cli, options) {
  for (const { key, value } of options.list)
    if (key in FIELD && (shadow.wholeOf(value) ?? -2) < -1)
      return yield* shadow.misuse(cli, `invalid numeric argument '${value}'`, E_BAD_ARG);
  const caller = yield* shadow.ownName();
  if (caller === undefined) return yield* cli.error('Cannot determine your user name.', E_NOPERM);
  const root = (yield* shadow.realUid()) === 0;
  const changes = CHANGES.some((key) => options.has(key));
  const all = options.has('a');
  if (all && (!options.has('S') || changes || options.args.length > 0)) return yield* shadow.usage(cli);
  if ((options.has('S') && changes) || (options.has('k') && changes)) return yield* shadow.usage(cli);
  if ((all || changes) && !root) return yield* cli.error('Permission denied.', E_NOPERM);
  const name = options.args[0] ?? caller;
  const entry = ((yield* rowsOf(PASSWD)) ?? []).find((row) => row[0] === name);
  if (entry === undefined) return yield* cli.error(`user '${name}' does not exist`, E_NOPERM);
  if (!root && entry[0] !== caller) return yield* cli.error(`You may not view or modify password information for ${name}.`, E_NOPERM);
  const rows = (yield* rowsOf(SHADOW)) ?? [];
  const row = rows.find((one) => one[0] === name) ?? [name, '*', '', '', '', '', '', '', ''];
  if (options.has('S')) {
    yield* status(all ? rows : [row]);
    return 0;
  }
  return changes ? yield* change(cli, options, rows, row) : yield* ask(cli, name, root && !options.has('k'));
});
