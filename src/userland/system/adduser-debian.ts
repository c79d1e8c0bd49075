// adduser and addgroup of Debian. Counterpart: adduser 3.134
// Deviates: /etc/adduser.conf is not read, its defaults count; --conf, --debug and --verbose are refused.

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { readLine } from '../lib/ask.ts';
import type { CommandContext } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { GROUP, PASSWD, rowsOf } from './accountfiles.ts';
import { createHome } from './adduser-home.ts';
import { ADDUSER_USAGE, DIGITS_ONLY, NOT_IEEE, TOO_LONG, UNSAFE, unusual } from './adduser-texts.ts';
import { type Ended, FIRST, FIRST_SYSTEM, groupRow, isRoot, LAST, LAST_SYSTEM, membersOf, Script, userRow } from './debianScripts.ts';

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

const number = (script: Script, option: string): number | undefined => {
  const text = script.options.get(option);
  return text === undefined ? undefined : Number(text);
};

/** The first number that is free as a uid, as a gid or as both; undefined: none is. */
function* freeNumber(low: number, high: number, as: 'uid' | 'gid' | 'both'): Program<number | undefined> {
  const used = new Set(
    [...(as === 'gid' ? [] : ((yield* rowsOf(PASSWD)) ?? [])), ...(as === 'uid' ? [] : ((yield* rowsOf(GROUP)) ?? []))].map((row) =>
      Number(row[2]),
    ),
  );
  for (let id = low; id <= high; id++) if (!used.has(id)) return id;
  return undefined;
}

function* addGroup(script: Script, name: string): Program<Ended> {
  const system = script.options.has('system');
  const old = yield* groupRow(name);
  let gid = number(script, 'gid');
  if (old !== undefined && system) {
    const id = Number(old[2]);
    if (id >= FIRST_SYSTEM && id <= LAST_SYSTEM) {
      if (script.loud) yield* script.warn(`The group \`${name}' already exists as a system group. Exiting.`);
      return { status: 0 };
    }
    const why = gid === undefined || gid === id ? 'and is not a system group' : 'but has a different GID';
    return yield* script.die(`The group \`${name}' already exists${why.startsWith('but') ? ',' : ''} ${why}. Exiting.`);
  }
  if (old !== undefined) return yield* script.die(`The group \`${name}' already exists.`);
  if (gid !== undefined && (yield* groupRow(String(gid), 2)) !== undefined)
    return yield* script.die(`The GID \`${gid}' is already in use.`);
  const low = number(script, 'firstgid') ?? (system ? FIRST_SYSTEM : FIRST);
  const high = number(script, 'lastgid') ?? (system ? LAST_SYSTEM : LAST);
  gid ??= yield* freeNumber(low, high, 'gid');
  if (gid === undefined) {
    yield* script.warn(
      `No GID is available in the range ${low}-${high} (${system ? 'FIRST_SYS_GID - LAST_SYS_GID' : 'FIRST_GID - LAST_GID'}).`,
    );
    return yield* script.die(`The group \`${name}' was not created.`);
  }
  yield* script.say(`Adding group \`${name}' (GID ${gid}) ...`);
  const failed = yield* script.run('/sbin/groupadd', '-g', String(gid), name);
  if (failed) return failed;
  yield* script.say('Done.');
  return { status: 0 };
}

function* addToGroup(script: Script, user: string, group: string): Program<Ended> {
  const account = yield* userRow(user);
  if (account === undefined) return yield* script.die(`The user \`${user}' does not exist.`);
  const row = yield* groupRow(group);
  if (row === undefined) return yield* script.die(`The group \`${group}' does not exist.`);
  if (membersOf(row).includes(user) || account[3] === row[2]) {
    if (script.loud) yield* script.warn(`The user \`${user}' is already a member of \`${group}'.`);
    return { status: 0 };
  }
  yield* script.say(`Adding user \`${user}' to group \`${group}' ...`);
  const failed = yield* script.run('/usr/sbin/usermod', '-a', '-G', group, user);
  if (failed) return failed;
  yield* script.say('Done.');
  return { status: 0 };
}

/** Whether user and group of the options can be what is asked. Counterpart: check_user_group */
function* checkAccount(script: Script, name: string, ownGroup: boolean): Program<Ended | undefined> {
  const uid = script.options.get('uid');
  if ((yield* userRow(name)) !== undefined) return yield* script.die(`The user \`${name}' already exists.`);
  if (uid !== undefined && (yield* userRow(uid, 2)) !== undefined) return yield* script.die(`The UID ${uid} is already in use.`);
  if (ownGroup) {
    if (!script.options.has('system') && (yield* groupRow(name)) !== undefined)
      return yield* script.die(`The group \`${name}' already exists.`);
    return uid !== undefined && (yield* groupRow(uid, 2)) !== undefined
      ? yield* script.die(`The GID ${uid} is already in use.`)
      : undefined;
  }
  const [group, gid] = [script.options.get('ingroup'), script.options.get('gid')];
  if (group !== undefined && (yield* groupRow(group)) === undefined) return yield* script.die(`The group \`${group}' does not exist.`);
  return gid !== undefined && (yield* groupRow(gid, 2)) === undefined ? yield* script.die(`The GID ${gid} does not exist.`) : undefined;
}

const comment = (script: Script): string | undefined => script.options.get('comment') ?? script.options.get('gecos');
/** GECOS as chfn writes it: four fields at least. */
const gecos = (text: string): string => [...text.split(','), '', '', ''].slice(0, Math.max(4, text.split(',').length)).join(',');

function* addSystemUser(script: Script, name: string): Program<Ended> {
  const { options } = script;
  const old = yield* userRow(name);
  let uid = number(script, 'uid');
  if (old !== undefined) {
    if (uid !== undefined && Number(old[2]) !== uid)
      return yield* script.die(`The user \`${name}' already exists with a different UID. Exiting.`);
    const system = Number(old[2]) >= FIRST_SYSTEM && Number(old[2]) <= LAST_SYSTEM;
    if (!system) return yield* script.die(`The user \`${name}' already exists, but is not a system user. Exiting.`);
    yield* script.say(`The system user \`${name}' already exists. Exiting.`);
    return { status: 0 };
  }
  const ownGroup = options.has('group');
  const wrong = yield* checkAccount(script, name, ownGroup);
  if (wrong) return wrong;
  const low = number(script, 'firstuid') ?? FIRST_SYSTEM;
  const high = number(script, 'lastuid') ?? LAST_SYSTEM;
  const given = uid !== undefined;
  uid ??= yield* freeNumber(low, high, 'uid');
  if (uid === undefined) {
    yield* script.warn(
      `No UID${ownGroup ? '/GID pair' : ''} is available in the range ${FIRST_SYSTEM}-${LAST_SYSTEM} (FIRST_SYS_UID - LAST_SYS_UID).`,
    );
    return yield* script.die(`The user \`${name}' was not created.`);
  }
  const existing = ownGroup
    ? undefined
    : ((yield* groupRow(options.get('ingroup') ?? '')) ?? (yield* groupRow(options.get('gid') ?? '65534', 2)));
  const gid = ownGroup ? (given ? uid : yield* freeNumber(FIRST_SYSTEM, LAST_SYSTEM, 'gid')) : Number(existing?.[2]);
  yield* script.say(`Adding system user \`${name}' (UID ${uid}) ...`);
  if (ownGroup && (yield* groupRow(name)) === undefined) {
    yield* script.say(`Adding new group \`${name}' (GID ${gid}) ...`);
    const failed = yield* script.run('/sbin/groupadd', '-g', String(gid), name);
    if (failed) return failed;
  }
  const group = ownGroup ? name : (existing?.[0] ?? 'nogroup');
  yield* script.say(`Adding new user \`${name}' (UID ${uid}) with group \`${group}' ...`);
  const home = options.get('home') ?? '/nonexistent';
  const shell = options.get('shell') ?? '/usr/sbin/nologin';
  const failed = yield* script.run(
    '/usr/sbin/useradd',
    '-r',
    '-d',
    home,
    '-g',
    group,
    '-s',
    shell,
    '-u',
    String(uid),
    ...commented(script),
    name,
  );
  if (failed) return failed;
  return (yield* createHome(script, { home, uid, gid: Number(gid), skeleton: false })) ?? { status: 0 };
}

const commented = (script: Script): string[] => {
  const text = comment(script);
  return text === undefined ? [] : ['-c', gecos(text)];
};

/** Asks, and whether the answer is one of the letters. */
function* ask(question: string, again: RegExp): Program<boolean> {
  yield* out(question);
  return again.test((yield* readLine()) ?? '');
}

function* addUser(script: Script, name: string): Program<Ended> {
  const { options } = script;
  const ownGroup = !options.has('ingroup') && !options.has('gid');
  const wrong = yield* checkAccount(script, name, ownGroup);
  if (wrong) return wrong;
  yield* script.say(`Adding user \`${name}' ...`);
  const low = number(script, 'firstuid') ?? FIRST;
  const high = number(script, 'lastuid') ?? LAST;
  const uid = number(script, 'uid') ?? (yield* freeNumber(low, high, options.has('ingroup') ? 'uid' : 'both'));
  if (uid === undefined) {
    yield* script.warn(`No UID/GID pair is available in the range ${low}-${high} (FIRST_UID - LAST_UID).`);
    return yield* script.die(`The user \`${name}' was not created.`);
  }
  const existing = (yield* groupRow(options.get('ingroup') ?? '')) ?? (yield* groupRow(options.get('gid') ?? '', 2));
  const gid = ownGroup ? uid : Number(existing?.[2]);
  if (ownGroup) {
    yield* script.say(`Adding new group \`${name}' (${gid}) ...`);
    const failed = yield* script.run('/sbin/groupadd', '-g', String(gid), name);
    if (failed) return failed;
  }
  yield* script.say(`Adding new user \`${name}' (${uid}) with group \`${ownGroup ? name : existing?.[0]} (${gid})' ...`);
  const home = options.get('home') ?? `/home/${name}`;
  const shell = options.get('shell') ?? (options.has('disabled-login') ? '/usr/sbin/nologin' : '/bin/bash');
  const made = yield* script.run(
    '/sbin/useradd',
    '-d',
    home,
    '-g',
    String(gid),
    '-s',
    shell,
    '-u',
    String(uid),
    ...commented(script),
    name,
  );
  if (made) return made;
  const homeless = yield* createHome(script, { home, uid, gid, skeleton: true });
  if (homeless) return homeless;
  if (!options.has('disabled-password') && !options.has('disabled-login'))
    while ((yield* script.status(['/bin/passwd', name])) !== 0) if (!(yield* ask('Try again? [y/N] ', /^[yY]/))) break;
  if (comment(script) === undefined)
    do {
      const failed = yield* script.run('/bin/chfn', name);
      if (failed) return failed;
    } while (yield* ask('Is the information correct? [Y/n] ', /^[nN]/));
  yield* script.say(`Adding new user \`${name}' to supplemental / extra groups \`users' ...`);
  yield* script.say(`Adding user \`${name}' to group \`users' ...`);
  return (yield* script.run('/usr/sbin/usermod', '-a', '-G', 'users', name)) ?? { status: 0 };
}

/** adduser and addgroup. */
export function* debianAddUser(context: CommandContext): Program<number> {
  const script = new Script(context, OPTIONS);
  const { options, words } = script;
  for (const error of script.errors) yield* errOut(`${error}\n`);
  if (options.has('help') || script.errors.length > 0) {
    yield* out(ADDUSER_USAGE);
    return options.has('help') ? 0 : 1;
  }
  for (const option of ['version', 'conf', 'debug', 'verbose'])
    if (options.has(option)) return (yield* script.die(`--${option} is not simulated here`)).status;
  if (!(yield* isRoot())) return (yield* script.die('Only root may add a user or group to the system.')).status;
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
