// userdel: accounts that go. Counterpart: userdel(8), shadow 4.13 of Debian 12

import { AT_FDCWD } from '#abi/flags.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../../lib/cli.ts';
import { readFile, textOf } from '../../lib/io.ts';
import { readDir, stat } from '../../lib/tree.ts';
import { GROUP, GSHADOW, PASSWD, rowsOf, SHADOW } from '../accountfiles.ts';
import { removeTree } from '../homes.ts';
import * as shadow from './program.ts';
import { removeSubordinate } from './subordinate.ts';

/** Does a process run as this user? Says which; true then. Counterpart: user_busy_processes, lib/user_busy.c */
export function* busy(cli: Cli, name: string, uid: string): Program<boolean> {
  const listed = yield* readDir('/proc');
  const pids = (listed.ok ? listed.value : []).map((entry) => Number(entry.name)).filter((pid) => pid > 0);
  for (const pid of pids.sort((a, b) => a - b)) {
    const status = yield* readFile(`/proc/${pid}/status`);
    const ids = /^Uid:\t(\d+)\t(\d+)\t(\d+)/m.exec(status.ok ? textOf(status.value) : '') ?? [];
    if (!ids.slice(1).includes(uid)) continue;
    yield* cli.error(`user ${name} is currently used by process ${pid}`, shadow.E_IN_USE);
    return true;
  }
  return false;
}

/** The user's own group when it has nobody else, and why it stays otherwise. Counterpart: remove_usergroup */
function* ownGroup(cli: Cli, [name = '', , , gid]: readonly string[], others: shadow.Rows, force: boolean): Program<boolean> {
  const row = ((yield* rowsOf(GROUP)) ?? []).find((one) => one[0] === name);
  if (row === undefined) return false;
  const stays = (why: string): Program<void> => cli.warn(`group ${name} not removed because ${why}.`);
  if (row[2] !== gid) yield* stays(`it is not the primary group of user ${name}`);
  else if (shadow.listed(row[3]).some((member) => member !== name)) yield* stays('it has other members');
  else {
    const user = force ? undefined : others.find((one) => one[3] === gid);
    if (user === undefined) return true;
    yield* cli.warn(`group ${name} is the primary group of another user and is not removed.`);
  }
  return false;
}

/** Takes mail and home; the exit status of what could not be. */
function* removeHome(cli: Cli, row: readonly string[], force: boolean): Program<number> {
  const [name, , uid, , , home = ''] = row;
  const mail = `/var/mail/${name}`;
  const spool: SysResult<void> = yield* sys.unlinkat(AT_FDCWD, mail, 0);
  if (!spool.ok && spool.errno === 'ENOENT') yield* cli.warn(`${name} mail spool (${mail}) not found`);
  const info: SysResult<Stat> = yield* stat(home);
  if (!info.ok) {
    yield* cli.warn(`${name} home directory (${home}) not found`);
    return 0;
  }
  if (info.value.uid !== Number(uid) && !force) return yield* cli.error(`${home} not owned by ${name}, not removing`, shadow.E_HOMEDIR);
  return (yield* removeTree(home)) ? 0 : yield* cli.error(`error removing directory ${home}`, shadow.E_HOMEDIR);
}

export const userdel = shadow.shadowProgram({ least: 1, most: 1 }, function* (cli, options) {
  const name = options.args[0] ?? '';
  const force = options.has('f');
  const row = ((yield* rowsOf(PASSWD)) ?? []).find((one) => one[0] === name);
  if (row === undefined) return yield* cli.error(`user '${name}' does not exist`, shadow.E_NOTFOUND);
  if ((yield* busy(cli, name, row[2] ?? '')) && !force) return cli.status;
  const refused = yield* shadow.lock(cli, PASSWD, 1);
  if (refused !== undefined) return refused;
  cli.status = 0;
  const others = ((yield* rowsOf(PASSWD)) ?? []).filter((one) => one[0] !== name);
  const alone = yield* ownGroup(cli, row, others, force);
  yield* shadow.save(cli, PASSWD, others);
  yield* shadow.edit(cli, SHADOW, (rows) => rows.filter((one) => one[0] !== name));
  const without = (rows: shadow.Rows): shadow.Rows =>
    rows.filter((one) => !(alone && one[0] === name)).map((one) => shadow.dismiss(one, name));
  yield* shadow.edit(cli, GROUP, without);
  yield* shadow.edit(cli, GSHADOW, (rows) =>
    without(rows).map(([group = '', secret = '', admins, members = '']) => [
      ...[group, secret],
      shadow
        .listed(admins)
        .filter((admin) => admin !== name)
        .join(','),
      members,
    ]),
  );
  yield* removeSubordinate(cli, name);
  return options.has('r') ? yield* removeHome(cli, row, force) : cli.status;
});
