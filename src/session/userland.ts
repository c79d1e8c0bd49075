// All programs there are, put together: what an executable file of an image can be.

import { type ProgramLoader, type ProgramMain, sys } from '#kernel/uapi/index.ts';
import type { Command, CommandTable, Flavour } from '#userland/lib/command.ts';
import { errOut } from '#userland/lib/io.ts';
import { createLoader, type Userland } from '#userland/programs.ts';
import { bashCommands } from '#userland/shell/index.ts';

/** Our own programs: those behind "own/NAME", and the commands of the playground itself. */
export interface OwnPrograms {
  readonly own: Readonly<Record<string, ProgramMain>>;
  readonly helpers: Readonly<Record<string, ProgramMain>>;
}

/** What comes after the shells; undefined while it is on its way. */
export interface ProgramSource {
  readonly commands: () => readonly CommandTable[] | undefined;
  readonly own: () => OwnPrograms | undefined;
}

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
const NONE: OwnPrograms = { own: {}, helpers: {} };

/** All programs. The shells are there at once; another that is asked for before its code is there waits for it. */
export function createPrograms(late: ProgramSource): ProgramLoader {
  const shells = new Set(Object.keys(bashCommands));
  let tables: readonly CommandTable[] | undefined;
  let own: OwnPrograms | undefined;
  let load = loaderOf([bashCommands], NONE);
  /** What there is now; undefined while the program of this id is on its way. */
  const find = (id: string, always = false): ProgramMain | undefined => {
    if (tables === undefined || own === undefined) {
      const [before, ownBefore] = [tables, own];
      tables = late.commands();
      own = late.own();
      if (tables !== before || own !== ownBefore) load = loaderOf([bashCommands, ...(tables ?? [])], own ?? NONE);
    }
    return always || (id.startsWith('own/') ? own : tables) !== undefined ? load(id) : undefined;
  };
  return (id) => {
    const now = find(id);
    if (now !== undefined || (tables !== undefined && own !== undefined)) return now;
    return function* (argv, env) {
      const name = (argv[0] ?? '').replace(/^.*\//, '').replace(/^-/, '');
      for (let main = find(id, shells.has(name)); ; main = find(id)) {
        if (main !== undefined) return yield* main(argv, env);
        yield* sys.nanosleep(PAUSE);
      }
    };
  };
}

function loaderOf(tables: readonly CommandTable[], { own, helpers }: OwnPrograms): ProgramLoader {
  const userland: Userland = {
    applets: commandsOf(tables, 'busybox'),
    gnu: commandsOf(tables, 'gnu'),
    own: { ...helpers, ...own, node: waits, pause: waits },
    helpers,
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
