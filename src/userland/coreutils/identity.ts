// Who am I: id, whoami, groups, logname, users, who.

import { strerror } from '#abi/errno.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { groupEntries, type PasswdEntry, passwdEntries } from '../lib/accounts.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { ownContext, selinuxEnabled } from '../lib/context.ts';
import { Owners } from '../lib/tree.ts';

interface Ids {
  readonly ruid: number;
  readonly euid: number;
  readonly rgid: number;
  readonly egid: number;
}

/** The caller's ids. busybox has dropped what a set-id bit gave it before an applet begins. */
function* ownIds(): Program<Ids> {
  const u: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const g: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  const [ruid, euid] = u.ok ? u.value : [0, 0];
  const [rgid, egid] = g.ok ? g.value : [0, 0];
  return { ruid, euid, rgid, egid };
}

/** Groups of a user by /etc/group, the login group first. Counterpart: getgrouplist(3) */
function* groupsOf(user: PasswdEntry): Program<number[]> {
  const list = [user.gid];
  for (const group of yield* groupEntries()) if (group.members.includes(user.name) && !list.includes(group.gid)) list.push(group.gid);
  return list;
}

function* findUser(cli: Cli, text: string): Program<PasswdEntry | undefined> {
  const all = yield* passwdEntries();
  return all.find((e) => e.name === text) ?? (cli.gnu && /^\+?\d+$/.test(text) ? all.find((e) => e.uid === Number(text)) : undefined);
}

function* noSuchUser(cli: Cli, text: string): Program<number> {
  return yield* cli.error(cli.gnu ? `'${text}': no such user` : `unknown user ${text}`);
}

/** The name, or the number after a complaint. */
function* nameOr(
  cli: Cli,
  owners: Owners,
  kind: 'user' | 'group',
  id: number,
): Program<{ readonly text: string; readonly complaint?: string }> {
  const name = yield* owners[kind](id);
  if (name !== undefined) return { text: name };
  return { text: String(id), complaint: cli.gnu ? `cannot find name for ${kind} ID ${id}` : `unknown ID ${id}` };
}

/** Prints ids or their names. GNU complains before the line, both flavours print the number then. */
function* printIds(
  cli: Cli,
  owners: Owners,
  kind: 'user' | 'group',
  ids: readonly number[],
  names: boolean,
  separator = ' ',
  end = '\n',
): Program<void> {
  const words: string[] = [];
  for (const id of ids) {
    const shown = names ? yield* nameOr(cli, owners, kind, id) : { text: String(id), complaint: undefined };
    words.push(shown.text);
    if (shown.complaint) yield* cli.error(shown.complaint);
  }
  yield* cli.text(words.join(separator) + end);
}

function* supplementary(): Program<readonly number[]> {
  const got: SysResult<readonly number[]> = yield* sys.getgroups();
  return got.ok ? got.value : [];
}

/** The process's groups as `id` lists them: real gid, effective gid, then the others. */
function* processGroups(ids: Ids): Program<number[]> {
  return [...new Set([ids.rgid, ids.egid, ...(yield* supplementary())])];
}

/** Counterpart: id(1) */
export const id = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'ugGnr',
    gnu: 'agnruzGZ',
    long: { group: 'g', groups: 'G', name: 'n', real: 'r', user: 'u', zero: 'z', context: 'Z' },
  });
  if (typeof options === 'number') return options;
  const only = ['u', 'g', 'G'].filter((key) => options.has(key));
  if (only.length > 1) return cli.gnu ? yield* cli.error('cannot print "only" of more than one choice') : yield* cli.usage();
  if (only.length === 0 && (options.has('n') || options.has('r')))
    return cli.gnu ? yield* cli.error('cannot print only names or real IDs in default format') : yield* cli.usage();
  if (only.length === 0 && options.has('z') && !options.has('Z')) return yield* cli.error('option --zero not permitted in default format');
  const context = cli.gnu && options.args.length === 0 && (yield* selinuxEnabled()) ? yield* ownContext() : undefined;
  if (options.has('Z')) {
    if (options.args.length > 0) return yield* cli.error('cannot print security context when user specified');
    if (context === undefined) return yield* cli.error('--context (-Z) works only on an SELinux-enabled kernel');
    yield* cli.text(`${context}${options.has('z') ? '\0' : '\n'}`);
    return yield* cli.finish();
  }
  if (!cli.gnu && options.args.length > 1) return yield* cli.usage();
  const owners = new Owners();
  for (const who of options.args.length ? options.args : [undefined]) {
    let ids: Ids;
    let groups: number[];
    if (who === undefined) {
      ids = yield* ownIds();
      groups = yield* processGroups(ids);
    } else {
      const user = yield* findUser(cli, who);
      if (!user) {
        yield* noSuchUser(cli, who);
        continue;
      }
      ids = { ruid: user.uid, euid: user.uid, rgid: user.gid, egid: user.gid };
      // The group id prints is that of whoever has this number first.
      const first = cli.gnu ? (yield* passwdEntries()).find((one) => one.uid === user.uid) : undefined;
      groups = yield* groupsOf({ ...user, gid: first?.gid ?? user.gid });
    }
    const names = options.has('n');
    const end = options.has('z') ? '\0' : '\n';
    if (only[0] === 'u') yield* printIds(cli, owners, 'user', [options.has('r') ? ids.ruid : ids.euid], names, ' ', end);
    else if (only[0] === 'g') yield* printIds(cli, owners, 'group', [options.has('r') ? ids.rgid : ids.egid], names, ' ', end);
    else if (only[0] === 'G') yield* printIds(cli, owners, 'group', groups, names, options.has('z') ? '\0' : ' ', end);
    else {
      const part = function* (label: string, kind: 'user' | 'group', value: number): Program<string> {
        const name = yield* owners[kind](value);
        return `${label}${value}${name === undefined ? '' : `(${name})`}`;
      };
      let line = yield* part('uid=', 'user', ids.ruid);
      line += yield* part(' gid=', 'group', ids.rgid);
      if (ids.euid !== ids.ruid) line += yield* part(' euid=', 'user', ids.euid);
      if (ids.egid !== ids.rgid) line += yield* part(' egid=', 'group', ids.egid);
      // GNU's default format starts with the effective group when it differs.
      // busybox shows what getgroups says, nothing added.
      const own = who === undefined ? yield* supplementary() : groups;
      const listed = who !== undefined ? groups : !cli.gnu ? own : ids.egid !== ids.rgid ? [...new Set([ids.egid, ...own])] : groups;
      let separator = ' groups=';
      for (const group of listed) {
        line += yield* part(separator, 'group', group);
        separator = ',';
      }
      if (context !== undefined) line += ` context=${context}`;
      yield* cli.text(`${line}\n`);
    }
  }
  return yield* cli.finish();
});

/** Counterpart: whoami(1) */
export const whoami = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '' });
  if (typeof options === 'number') return options;
  if (options.args.length) return yield* cli.misuse(`extra operand '${options.args[0]}'`);
  const { euid } = yield* ownIds();
  const name = yield* new Owners().user(euid);
  if (name === undefined) return yield* cli.error(cli.gnu ? `cannot find name for user ID ${euid}` : `unknown uid ${euid}`);
  yield* cli.text(`${name}\n`);
  return yield* cli.finish();
});

/** Counterpart: groups(1) */
export const groups = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  const owners = new Owners();
  if (options.args.length === 0) {
    const ids = yield* ownIds();
    yield* printIds(cli, owners, 'group', yield* processGroups(ids), true);
  }
  // busybox looks at the first name only.
  for (const name of cli.gnu ? options.args : options.args.slice(0, 1)) {
    const user = yield* findUser(cli, name);
    if (!user) {
      yield* noSuchUser(cli, name);
      continue;
    }
    if (cli.gnu) yield* cli.text(`${name} : `);
    yield* printIds(cli, owners, 'group', yield* groupsOf(user), true);
  }
  return yield* cli.finish();
});

/** Counterpart: logname(1); nobody has logged in inside a container. */
export const logname = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '' });
  if (typeof options === 'number') return options;
  if (!cli.gnu && options.args.length > 0) return yield* cli.usage();
  return yield* cli.error(cli.gnu ? 'no login name' : `getlogin: ${strerror('ENXIO')}`);
});

/** users and who: there is no utmp file in a container. */
export const users = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  if (!cli.gnu) yield* cli.text('\n');
  return yield* cli.finish();
});

/** Counterpart: who(1) */
export const who = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'aH', gnu: 'abdlmpqrstuwHT', long: { all: 'a', heading: 'H', count: 'q' } });
  if (typeof options === 'number') return options;
  if (!cli.gnu && options.has('H')) yield* cli.text('USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n');
  else if (options.has('H')) yield* cli.text('NAME     LINE         TIME             COMMENT\n');
  return yield* cli.finish();
});
