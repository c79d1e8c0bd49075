// runuser: su for root, without questions. Counterpart: runuser(1), util-linux 2.38

import { strerror } from '#abi/errno.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import { type Cli, getopt, type Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { execvp } from '../lib/exec.ts';
import { environmentOf, startShell } from './users.ts';

const LONG = {
  'command=': 'c',
  'session-command=': 'c',
  fast: 'f',
  login: 'l',
  'preserve-environment': 'm',
  pty: 'P',
  'shell=': 's',
  'group=': 'g',
  'supp-group=': 'G',
  'user=': 'u',
  'whitelist-environment=': 'w',
  help: 'h',
  version: 'V',
};

interface Groups {
  readonly primary: number | undefined;
  /** In the order given; those of the account when there is none. */
  readonly list: readonly number[];
}

/** The groups of -g and -G; undefined after a complaint. */
function* groupsOf(cli: Cli, options: Options): Program<Groups | undefined> {
  const known = yield* groupEntries();
  const list: number[] = [];
  let primary: number | undefined;
  for (const { key, value } of options.list) {
    if (key !== 'g' && key !== 'G') continue;
    const gid = known.find((one) => one.name === value)?.gid;
    if (gid === undefined) {
      yield* cli.error(`group ${value} does not exist`);
      return undefined;
    }
    list.push(gid);
    if (key === 'g') primary = gid;
  }
  return { primary: primary ?? list[0], list };
}

export const runuser = command(function* (cli) {
  const { argv, env, help } = cli.context;
  const options = getopt(argv.slice(1), 'c:fg:G:lmpPs:u:hVw:', LONG);
  if (typeof options === 'string') {
    yield* cli.warn(options);
    return yield* cli.usage();
  }
  const shown = options.has('h') ? help?.help : options.has('V') ? help?.version : undefined;
  if (shown !== undefined) return yield* cli.show(shown);
  for (const key of ['P', 'w']) if (options.has(key)) return yield* cli.error(`-${key} is not simulated here`);
  const groups = yield* groupsOf(cli, options);
  if (groups === undefined) return 1;
  const words = [...options.args];
  const dash = words[0] === '-' && !options.has('u');
  if (dash) words.shift();
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const asUser = options.get('u');
  if (asUser !== undefined && ['c', 'f', 'l', 's'].some((key) => options.has(key)))
    return yield* cli.error('options --{shell,fast,command,session-command,login} and --user are mutually exclusive');
  if (asUser !== undefined && words.length === 0) return yield* cli.error('no command was specified');
  const name = asUser ?? words.shift() ?? 'root';
  const entry = (yield* passwdEntries()).find((one) => one.name === name);
  if (entry === undefined)
    return yield* cli.error(`user ${name} does not exist or the user entry does not contain all the required fields`);
  if (!uids.ok || uids.value[0] !== 0) return yield* cli.error('may not be used by non-root users');
  const gid = groups.primary ?? entry.gid;
  const joined = (yield* groupEntries()).filter((one) => one.members.includes(name)).map((one) => one.gid);
  const list = groups.list.length > 0 ? groups.list : [...new Set([gid, ...joined])];
  for (const [what, step] of [
    ['groups', () => sys.setgroups([...list])],
    ['group id', () => sys.setgid(gid)],
    ['user id', () => sys.setuid(entry.uid)],
  ] as const) {
    const done: SysResult<void> = yield* step();
    if (!done.ok) return yield* cli.error(`cannot set ${what}: ${strerror(done.errno)}`);
  }
  if (asUser !== undefined) {
    const errno = yield* execvp(words, options.has('m') || options.has('p') ? env : environmentOf(entry, entry.shell, env, false));
    return yield* cli.error(`failed to execute ${words[0]}: ${strerror(errno)}`);
  }
  const keep = options.has('m') || options.has('p');
  const login = dash || options.has('l');
  return yield* startShell({
    name: cli.prog,
    busybox: false,
    entry,
    login,
    keep,
    shell: options.get('s'),
    command: options.get('c'),
    words,
    env,
  });
});
