// Which program an executable file is, by the id in its image (see kernel/uapi/image.ts):
//   "busybox"   the multi-call binary; argv[0] (or argv[1]) says which applet
//   "gnu/NAME"  the Debian program NAME
//   "own/NAME"  programs of ours or of the simulated node: kubectl, node, pause, …

import { type Program, type ProgramLoader, type ProgramMain, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Command } from './lib/command.ts';
import { errOut } from './lib/io.ts';

export interface Userland {
  /** busybox applets by name; `busybox` stands for the program itself and for all names that are no applet of these. */
  readonly applets: Readonly<Record<string, Command>>;
  /** Debian programs by name. */
  readonly gnu: Readonly<Record<string, Command>>;
  /** Other programs by name. */
  readonly own: Readonly<Record<string, ProgramMain>>;
  /** Commands of the playground itself for interactive shells, see CommandContext. */
  readonly helpers?: Readonly<Record<string, ProgramMain>>;
}

/** Applets that may keep set-id rights: those marked BB_SUID_MAYBE or BB_SUID_REQUIRE in BusyBox. */
const SUID_MAYBE = new Set(['busybox', 'findfs', 'mount', 'ping', 'ping6', 'traceroute', 'traceroute6']);
const SUID_REQUIRE = new Set(['crontab', 'login', 'passwd', 'su', 'vlock', 'wall']);

/**
 * Gives up the rights that a set-id bit of the busybox file gave, for applets that are not meant to have them; an exit
 * status when the applet needs them and has none. Counterpart: busybox libbb/appletlib.c, check_suid
 */
function* checkSuid(applet: string): Program<number | undefined> {
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  if (!uids.ok || !gids.ok || uids.value[0] === 0) return undefined;
  if (SUID_REQUIRE.has(applet)) {
    if (uids.value[1] === 0) return undefined;
    yield* errOut(`${applet}: must be suid to work properly\n`);
    return 1;
  }
  if (SUID_MAYBE.has(applet)) return undefined;
  // Errors do not matter: setting the real ids is always allowed.
  yield* sys.setgid(gids.value[0]);
  yield* sys.setuid(uids.value[0]);
  return undefined;
}

const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/^-/, '');

/** The program loader for a set of commands. */
export function createLoader(userland: Userland): ProgramLoader {
  const command = (
    run: Command,
    flavour: 'busybox' | 'gnu',
    name: string,
    argv: readonly string[],
    env: readonly string[],
  ): Program<number> => run({ argv, env, flavour, name, helpers: userland.helpers ?? {} });
  const busybox: ProgramMain = function* (argv, env) {
    let args = argv;
    let name = base(args[0] ?? 'busybox');
    if (name.startsWith('busybox') && userland.applets[base(args[1] ?? '')]) {
      args = args.slice(1);
      name = base(args[0] as string);
    }
    const refused = yield* checkSuid(name);
    if (refused !== undefined) return refused;
    const run = userland.applets[name] ?? userland.applets.busybox;
    return run === undefined ? 127 : yield* command(run, 'busybox', name, args, env);
  };
  return (id) => {
    if (id === 'busybox') return busybox;
    const [kind, name = ''] = id.split('/');
    if (kind === 'own') return userland.own[name];
    const run = userland.gnu[name];
    return run && ((argv, env) => command(run, 'gnu', base(argv[0] ?? name), argv, env));
  };
}
