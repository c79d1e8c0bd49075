// Groups of Debian's adduser: a new one, and a user for an existing one. Counterpart: adduser 3.134

import type { Program } from '#kernel/uapi/index.ts';
import { GROUP, PASSWD, rowsOf } from './accountfiles.ts';
import { type Ended, FIRST, FIRST_SYSTEM, groupRow, LAST, LAST_SYSTEM, membersOf, type Script, userRow } from './debianScripts.ts';

/** The number an option gives. */
export const number = (script: Script, option: string): number | undefined => {
  const text = script.options.get(option);
  return text === undefined ? undefined : Number(text);
};

/** The first number that is free as a uid, as a gid or as both; undefined: none is. */
export function* freeNumber(low: number, high: number, as: 'uid' | 'gid' | 'both'): Program<number | undefined> {
  const used = new Set(
    [...(as === 'gid' ? [] : ((yield* rowsOf(PASSWD)) ?? [])), ...(as === 'uid' ? [] : ((yield* rowsOf(GROUP)) ?? []))].map((row) =>
      Number(row[2]),
    ),
  );
  for (let id = low; id <= high; id++) if (!used.has(id)) return id;
  return undefined;
}

export function* addGroup(script: Script, name: string): Program<Ended> {
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

export function* addToGroup(script: Script, user: string, group: string): Program<Ended> {
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
