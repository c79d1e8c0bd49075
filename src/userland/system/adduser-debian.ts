// adduser and addgroup of Debian. Counterpart: adduser 3.134
// Deviates: /etc/adduser.conf is not read, its defaults count; --conf, --debug and --verbose are refused.

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { CommandContext } from '../lib/command.ts';
import { addGroup, addToGroup } from './adduser-groups.ts';
import { ADDUSER_USAGE, DIGITS_ONLY, NOT_IEEE, TOO_LONG, UNSAFE, unusual } from './adduser-texts.ts';
import { addSystemUser, addUser } from './adduser-users.ts';
import { type Ended, Script } from './debianScripts.ts';

const OPTIONS = [
  'add-extra-groups',
  'add_extra_groups',
  'allow-all-names',
  'allow-badname',
  'allow-bad-names',
  'comment=s',
  'conf|c=s',
  'debug',
  'disabled-login',
  'disabled-password',
  'firstgid=i',
  'firstuid=i',
  'force-badname',
  'gecos=s',
  'gid=i',
  'group',
  'help|h',
  'home=s',
  'ingroup=s',
  'lastgid=i',
  'lastuid=i',
  'no-create-home',
  'quiet|q',
  'shell=s',
  'system',
  'uid=i',
  'verbose',
  'version|v',
];

/** Whether a name may be used; otherwise the script's end. */
function* checkName(script: Script, name: string): Program<Ended | undefined> {
  const has = (option: string): boolean => script.options.has(option);
  if (/^\d+$/.test(name)) return yield* script.die(DIGITS_ONLY.trimEnd());
  if (new TextEncoder().encode(name).length > 32) return yield* script.die(TOO_LONG.trimEnd());
  if (!/^[^-+~:,\s/][^:,\s/]*$/.test(name)) return yield* script.die(UNSAFE.trimEnd());
  if ((has('system') ? /^[a-z_][a-z0-9_-]*\$?$/ : /^[a-z][a-z0-9_-]*\$?$/).test(name)) return undefined;
  if (!/^[_.A-Za-z0-9][-@_.A-Za-z0-9]*\$?$/.test(name) && !has('allow-all-names')) return yield* script.die(NOT_IEEE.trimEnd());
  if (!['allow-all-names', 'allow-badname', 'allow-bad-names', 'force-badname'].some(has))
    return yield* script.die(unusual(has('system') ? 'SYS_NAME_REGEX' : 'NAME_REGEX').trimEnd());
  yield* script.say('Allowing use of questionable username.');
  return undefined;
}

/** adduser and addgroup. */
export function* debianAddUser(context: CommandContext): Program<number> {
  const script = new Script(context, OPTIONS);
  const { options, words } = script;
  const ended = yield* script.opening(ADDUSER_USAGE, 'add a user or group to');
  if (ended !== undefined) return ended;
  const [first, second] = words;
  const forGroup = script.name === 'addgroup';
  const system = options.has('system');
  if (first === undefined || first === '' || words.length > 2) return (yield* script.die('Only one or two names allowed.')).status;
  if (second !== undefined) {
    if (!forGroup && (system || options.has('group'))) return (yield* script.die('Specify only one name in this mode.')).status;
    if (forGroup) return (yield* script.die('addgroup with two arguments is an unspecified operation.')).status;
    return (yield* addToGroup(script, first, second)).status;
  }
  if (!forGroup && ['group', 'ingroup', 'gid'].filter((option) => options.has(option)).length > 1)
    return (yield* script.die('The --group, --ingroup, and --gid options are mutually exclusive.')).status;
  const home = options.get('home');
  if (home !== undefined && !home.startsWith('/')) return (yield* script.die('The home dir must be an absolute path.')).status;
  if (home !== undefined && script.loud) {
    const there: SysResult<unknown> = yield* sys.newfstatat(AT_FDCWD, home, 0);
    if (there.ok && !options.has('no-create-home')) yield* script.warn(`Warning: The home dir ${home} you specified already exists.`);
    if (!there.ok && options.has('no-create-home'))
      yield* script.warn(`Warning: The home dir ${home} you specified can't be accessed: No such file or directory`);
  }
  const wrong = yield* checkName(script, first);
  if (wrong) return wrong.status;
  if (forGroup || (options.has('group') && !system)) return (yield* addGroup(script, first)).status;
  return (yield* (system ? addSystemUser : addUser)(script, first)).status;
}
