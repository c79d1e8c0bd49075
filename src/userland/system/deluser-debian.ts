// deluser and delgroup of Debian. Counterpart: deluser of adduser 3.134
// Deviates: /etc/deluser.conf is not read, its defaults count; removing files needs a package that Debian's image has not either.

import type { Program } from '#kernel/uapi/index.ts';
import { readLine } from '../lib/ask.ts';
import type { CommandContext } from '../lib/command.ts';
import { out } from '../lib/io.ts';
import { DELUSER_USAGE } from './adduser-texts.ts';
import { type Ended, FIRST_SYSTEM, groupRow, LAST_SYSTEM, membersOf, Script, userRow } from './debianScripts.ts';

const OPTIONS = [
  'quiet|q',
  'debug',
  'verbose',
  'version|v',
  'help|h',
  'group',
  'conf|c=s',
  'system',
  'only-if-empty',
  'remove-home',
  'remove-all-files',
  'backup',
  'backup-to=s',
  'backup-suffix=s',
  'no-preserve-root',
];
const NO_USER = 2;
const NO_GROUP = 3;
const NOT_EMPTY = 5;
const NO_MEMBER = 6;
const PRIMARY = 7;
const NO_PERL = 8;
const IS_ROOT = 9;
const NEEDS_PERL = `In order to use the --remove-home, --remove-all-files, and --backup features,
you need to install the \`perl' package. To accomplish that, run
apt-get install perl.`;
const SPARED = `WARNING: You are just about to delete the root account (uid 0)
Usually this is never required as it may render the whole system unusable
If you really want this, call deluser with parameter --no-preserve-root
Stopping now without having performed any action
`;

const isSystem = (id: string | undefined): boolean => Number(id) >= FIRST_SYSTEM && Number(id) <= LAST_SYSTEM;

function* removeUser(script: Script, name: string): Program<Ended> {
  const { options } = script;
  const row = yield* userRow(name);
  if (options.has('system') && !(row !== undefined && isSystem(row[2]))) {
    if (script.loud)
      yield* script.warn(
        row === undefined
          ? `The user \`${name}' does not exist, but --system was given. Exiting.`
          : `The user \`${name}' is not a system user. Exiting.`,
      );
    return { status: row === undefined ? 0 : 1 };
  }
  if (row === undefined) return yield* script.die(`The user \`${name}' does not exist.`, NO_USER);
  if (row[2] === '0' && !options.has('no-preserve-root')) {
    yield* out(SPARED);
    return { status: IS_ROOT };
  }
  yield* script.warn("`/usr/bin/crontab' not executed. Skipping crontab removal. Package `cron' required.");
  yield* script.say(`Removing user \`${name}' ...`);
  const failed = yield* script.run('/usr/sbin/userdel', name);
  if (failed) return failed;
  yield* script.say('Done.');
  return { status: 0 };
}

function* removeGroup(script: Script, name: string): Program<Ended> {
  const { options } = script;
  const row = yield* groupRow(name);
  if (row === undefined) {
    if (script.loud) yield* script.warn(`The group \`${name}' does not exist.`);
    return { status: options.has('system') ? 0 : NO_GROUP };
  }
  if (options.has('system') && !isSystem(row[2])) {
    if (script.loud) yield* script.warn(`The group \`${name}' is not a system group. Exiting.`);
    return { status: NO_GROUP };
  }
  if (options.has('only-if-empty') && membersOf(row).length > 0) return yield* script.die(`The group \`${name}' is not empty!`, NOT_EMPTY);
  yield* script.say(`Removing group \`${name}' ...`);
  const failed = yield* script.run('/sbin/groupdel', name);
  if (failed) return failed;
  yield* script.say('Done.');
  return { status: 0 };
}

function* removeFromGroup(script: Script, user: string, group: string): Program<Ended> {
  const account = yield* userRow(user);
  if (account === undefined) return yield* script.die(`The user \`${user}' does not exist.`, NO_USER);
  const row = yield* groupRow(group);
  if (row === undefined) return yield* script.die(`The group \`${group}' does not exist.`, NO_GROUP);
  if (account[3] === row[2]) return yield* script.die('You may not remove the user from their primary group.', PRIMARY);
  if (!membersOf(row).includes(user)) return yield* script.die(`The user \`${user}' is not a member of group \`${group}'.`, NO_MEMBER);
  yield* script.say(`Removing user \`${user}' from group \`${group}' ...`);
  const others = membersOf(row).filter((member) => member !== user);
  const failed = yield* script.run('/usr/bin/gpasswd', '-M', others.join(','), group);
  if (failed) return failed;
  yield* script.say('Done.');
  return { status: 0 };
}

/** deluser and delgroup. */
export function* debianDelUser(context: CommandContext): Program<number> {
  const script = new Script(context, OPTIONS);
  const { options, words } = script;
  const ended = yield* script.opening(DELUSER_USAGE, 'remove a user or group from');
  if (ended !== undefined) return ended;
  const ofGroup = script.name === 'delgroup' || options.has('group');
  let [first = ''] = words;
  const [, second] = words;
  if (words.length === 0) {
    yield* out(ofGroup ? 'Enter a group name to remove: ' : 'Enter a user name to remove: ');
    first = (yield* readLine()) ?? '';
  }
  if (first === '' || words.length > 2) return (yield* script.die('Only one or two names allowed.')).status;
  if (['remove-home', 'remove-all-files', 'backup', 'backup-to'].some((option) => options.has(option)))
    return (yield* script.die(NEEDS_PERL, NO_PERL)).status;
  if (second !== undefined) return (yield* removeFromGroup(script, first, second)).status;
  return (yield* (ofGroup ? removeGroup : removeUser)(script, first)).status;
}
