// All programs there are, put together: what an executable file of an image can be.

import { type ProgramLoader, type ProgramMain, sys } from '#kernel/uapi/index.ts';
import { kubectl } from '#userland/kubectl/kubectl.ts';
import type { ClusterPort } from '#userland/kubectl/port.ts';
import type { Command, CommandTable, Flavour } from '#userland/lib/command.ts';
import { errOut, out } from '#userland/lib/io.ts';
import { creds } from '#userland/libcap/creds.ts';
import { nodePrograms } from '#userland/node/index.ts';
import type { NodePort } from '#userland/node/port.ts';
import { createLoader, type Userland } from '#userland/programs.ts';
import { shellCommands } from '#userland/shell/index.ts';

/** The tables of commands; undefined while they are on their way. */
export type CommandSource = () => readonly CommandTable[] | undefined;

function commandsOf(tables: readonly CommandTable[], flavour: Flavour): Record<string, Command> {
  return Object.fromEntries(
    tables.flatMap((table) => Object.entries(table).flatMap(([name, entry]) => (entry.in.includes(flavour) ? [[name, entry.run]] : []))),
  );
}

/** A server that waits for ever: the sample application, and the pause container. */
const waits: ProgramMain = function* () {
  for (;;) yield* sys.pause();
};

/** A program asked for before its code is there waits for it, in steps of this many simulated nanoseconds. */
const PAUSE = 10_000_000n;

/**
 * The programs of both userlands and our own, with kubectl and those of the node behind their ports. `helpers`: commands of the playground itself. The
 * shells are there at once; other commands wait until `commands` has them.
 */
export function createPrograms(
  port: ClusterPort,
  node: NodePort,
  helpers: Readonly<Record<string, ProgramMain>>,
  commands: CommandSource,
): ProgramLoader {
  const own = { ...helpers, ...nodePrograms(node), kubectl: kubectl(port), node: waits, pause: waits, creds };
  const early = loaderOf([shellCommands], own, helpers);
  const shells = new Set(Object.keys(shellCommands));
  let complete: ProgramLoader | undefined;
  const loader = (): ProgramLoader | undefined => {
    const tables = complete === undefined ? commands() : undefined;
    if (tables !== undefined) complete = loaderOf([shellCommands, ...tables], own, helpers);
    return complete;
  };
  return (id) => {
    const now = loader();
    if (now !== undefined || id.startsWith('own/')) return (now ?? early)(id);
    return function* (argv, env) {
      const name = (argv[0] ?? '').replace(/^.*\//, '').replace(/^-/, '');
      if (shells.has(name)) return yield* (early(id) as ProgramMain)(argv, env);
      for (let all = loader(); ; all = loader()) {
        if (all !== undefined) return yield* (all(id) as ProgramMain)(argv, env);
        yield* sys.nanosleep(PAUSE);
      }
    };
  };
}

function loaderOf(
  tables: readonly CommandTable[],
  own: Readonly<Record<string, ProgramMain>>,
  helpers: Readonly<Record<string, ProgramMain>>,
): ProgramLoader {
  const applets = commandsOf(tables, 'busybox');
  const busyboxSelf: Command = function* ({ argv, name }) {
    const [, applet] = argv;
    if (name.startsWith('busybox') && (applet === undefined || applet === '--list')) {
      yield* out(
        applet === undefined
          ? `BusyBox v1.35.0 (2026-11-23 06:25:37 UTC) multi-call binary.\n\nCurrently defined functions that are simulated here:\n\t${Object.keys(applets).sort().join(', ')}\n`
          : `${Object.keys(applets).sort().join('\n')}\n`,
      );
      return 0;
    }
    yield* errOut(`${name.startsWith('busybox') ? applet : name}: this busybox applet is not simulated here\n`);
    return 127;
  };
  const userland: Userland = {
    applets,
    gnu: commandsOf(tables, 'gnu'),
    own,
    helpers,
    busyboxSelf,
  };
  const load = createLoader(userland);
  // A program that an image has but that we do not simulate says so, instead of failing as a broken executable.
  return (id) =>
    load(id) ??
    (id.startsWith('gnu/')
      ? function* (argv) {
          yield* errOut(`${argv[0]?.split('/').at(-1)}: this program is not simulated here\n`);
          return 127;
        }
      : undefined);
}
