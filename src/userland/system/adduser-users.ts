// Users of Debian's adduser: system accounts and people. Counterpart: adduser 3.134

import type { Program } from '#kernel/uapi/index.ts';
import { readLine } from '../lib/ask.ts';
import { out } from '../lib/io.ts';
import { freeNumber, number } from './adduser-groups.ts';
import { createHome } from './adduser-home.ts';
import { type Ended, FIRST, FIRST_SYSTEM, groupRow, LAST, LAST_SYSTEM, membersOf, type Script, userRow } from './debianScripts.ts';

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

/** Why a number was not found, and the end. */
function* exhausted(script: Script, name: string, what: string, [low, high]: readonly [number, number], names: string): Program<Ended> {
  yield* script.warn(`No ${what} is available in the range ${low}-${high} (${names}).`);
  return yield* script.die(`The user \`${name}' was not created.`);
}

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** The primary group as useradd is told. */
  readonly group: string;
  readonly home: string;
  readonly shell: string;
  readonly system: boolean;
}

/** Writes the account and its home. */
function* makeAccount(script: Script, { name, uid, gid, group, home, shell, system }: Account): Program<Ended | undefined> {
  const text = comment(script);
  const command = ['/usr/sbin/useradd', ...(system ? ['-r'] : []), '-d', home, '-g', group, '-s', shell, '-u', String(uid)];
  const failed = yield* script.run(...command, ...(text === undefined ? [] : ['-c', gecos(text)]), name);
  return failed ?? (yield* createHome(script, { home, uid, gid, skeleton: !system }));
}

const isSystem = (uid: number): boolean => uid >= FIRST_SYSTEM && uid <= LAST_SYSTEM;

/** adduser --system. */
export function* addSystemUser(script: Script, name: string): Program<Ended> {
  const { options } = script;
  const old = yield* userRow(name);
  const asked = number(script, 'uid');
  if (old !== undefined) {
    if (asked !== undefined && Number(old[2]) !== asked)
      return yield* script.die(`The user \`${name}' already exists with a different UID. Exiting.`);
    if (!isSystem(Number(old[2]))) return yield* script.die(`The user \`${name}' already exists, but is not a system user. Exiting.`);
    yield* script.say(`The system user \`${name}' already exists. Exiting.`);
    return { status: 0 };
  }
  const ownGroup = options.has('group');
  const wrong = yield* checkAccount(script, name, ownGroup);
  if (wrong) return wrong;
  const uid = asked ?? (yield* freeNumber(number(script, 'firstuid') ?? FIRST_SYSTEM, number(script, 'lastuid') ?? LAST_SYSTEM, 'uid'));
  const what = `UID${ownGroup ? '/GID pair' : ''}`;
  if (uid === undefined) return yield* exhausted(script, name, what, [FIRST_SYSTEM, LAST_SYSTEM], 'FIRST_SYS_UID - LAST_SYS_UID');
  const existing = ownGroup
    ? undefined
    : ((yield* groupRow(options.get('ingroup') ?? '')) ?? (yield* groupRow(options.get('gid') ?? '65534', 2)));
  const gid = ownGroup ? (asked ?? (yield* freeNumber(FIRST_SYSTEM, LAST_SYSTEM, 'gid'))) : Number(existing?.[2]);
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
  return (yield* makeAccount(script, { name, uid, gid: Number(gid), group, home, shell, system: true })) ?? { status: 0 };
}

/** Asks, and whether the answer fits. */
function* ask(question: string, again: RegExp): Program<boolean> {
  yield* out(question);
  return again.test((yield* readLine()) ?? '');
}

/** Puts a new user into the groups that come with it. */
function* joinGroups(script: Script, name: string): Program<Ended | undefined> {
  const groups = script.options.has('add-extra-groups') || script.options.has('add_extra_groups') ? ['users', 'users'] : ['users'];
  yield* script.say(`Adding new user \`${name}' to supplemental / extra groups \`${groups.join(', ')}' ...`);
  for (const group of groups) {
    const row = yield* groupRow(group);
    if (row === undefined) yield* script.warn(`The group \`${group}' does not exist.`);
    else if (membersOf(row).includes(name)) {
      if (script.loud) yield* script.warn(`The user \`${name}' is already a member of \`${group}'.`);
    } else {
      yield* script.say(`Adding user \`${name}' to group \`${group}' ...`);
      const failed = yield* script.run('/usr/sbin/usermod', '-a', '-G', group, name);
      if (failed) return failed;
    }
  }
  return undefined;
}

/** adduser of a person. */
export function* addUser(script: Script, name: string): Program<Ended> {
  const { options } = script;
  const ownGroup = !options.has('ingroup') && !options.has('gid');
  const wrong = yield* checkAccount(script, name, ownGroup);
  if (wrong) return wrong;
  yield* script.say(`Adding user \`${name}' ...`);
  const range = [number(script, 'firstuid') ?? FIRST, number(script, 'lastuid') ?? LAST] as const;
  const uid = number(script, 'uid') ?? (yield* freeNumber(...range, options.has('ingroup') ? 'uid' : 'both'));
  if (uid === undefined) return yield* exhausted(script, name, 'UID/GID pair', range, 'FIRST_UID - LAST_UID');
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
  const made = yield* makeAccount(script, { name, uid, gid, group: String(gid), home, shell, system: false });
  if (made) return made;
  if (!options.has('disabled-password') && !options.has('disabled-login'))
    while ((yield* script.status(['/bin/passwd', name])) !== 0) if (!(yield* ask('Try again? [y/N] ', /^[yY]/))) break;
  if (comment(script) === undefined)
    do {
      const failed = yield* script.run('/bin/chfn', name);
      if (failed) return failed;
    } while (yield* ask('Is the information correct? [Y/n] ', /^[nN]/));
  return (yield* joinGroups(script, name)) ?? { status: 0 };
}
