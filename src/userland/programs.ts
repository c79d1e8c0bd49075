// Which program an executable file is, by the id in its image (see kernel/uapi/image.ts):
//   "busybox"   the multi-call binary; argv[0] (or argv[1]) says which applet
//   "gnu/NAME"  the Debian program NAME
//   "own/NAME"  programs of ours or of the simulated node: kubectl, node, pause, …

import type { Program, ProgramLoader, ProgramMain } from '#kernel/uapi/index.ts';
import type { Command } from './lib/command.ts';

export interface Userland {
  /** busybox applets by name. */
  readonly applets: Readonly<Record<string, Command>>;
  /** Debian programs by name. */
  readonly gnu: Readonly<Record<string, Command>>;
  /** Other programs by name. */
  readonly own: Readonly<Record<string, ProgramMain>>;
  /** What `busybox` itself does: `busybox`, `busybox --list`, `busybox --help`. */
  readonly busyboxSelf: Command;
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
  ): Program<number> => run({ argv, env, flavour, name });
  const busybox: ProgramMain = (argv, env) => {
    let args = argv;
    let name = base(args[0] ?? 'busybox');
    if (name.startsWith('busybox') && userland.applets[base(args[1] ?? '')]) {
      args = args.slice(1);
      name = base(args[0] as string);
    }
    return command(userland.applets[name] ?? userland.busyboxSelf, 'busybox', name, args, env);
  };
  return (id) => {
    if (id === 'busybox') return busybox;
    const [kind, name = ''] = id.split('/');
    if (kind === 'own') return userland.own[name];
    const run = userland.gnu[name];
    return run && ((argv, env) => command(run, 'gnu', base(argv[0] ?? name), argv, env));
  };
}
