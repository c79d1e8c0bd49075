// All programs there are, put together: what an executable file of an image can be.

import { type ProgramLoader, type ProgramMain, sys } from '#kernel/uapi/index.ts';
import { archiveCommands } from '#userland/archive/index.ts';
import { coreutils } from '#userland/coreutils/index.ts';
import { kubectl } from '#userland/kubectl/kubectl.ts';
import type { ClusterPort } from '#userland/kubectl/port.ts';
import type { Command, CommandTable, Flavour } from '#userland/lib/command.ts';
import { errOut, out } from '#userland/lib/io.ts';
import { creds } from '#userland/libcap/creds.ts';
import { libcapCommands } from '#userland/libcap/index.ts';
import { netCommands } from '#userland/net/index.ts';
import { procpsCommands } from '#userland/procps/index.ts';
import { createLoader, type Userland } from '#userland/programs.ts';
import { shellCommands } from '#userland/shell/index.ts';
import { systemCommands } from '#userland/system/index.ts';
import { textCommands } from '#userland/text/index.ts';

const TABLES: readonly CommandTable[] = [
  coreutils,
  textCommands,
  shellCommands,
  procpsCommands,
  libcapCommands,
  systemCommands,
  netCommands,
  archiveCommands,
];

function commandsOf(flavour: Flavour): Record<string, Command> {
  return Object.fromEntries(
    TABLES.flatMap((table) => Object.entries(table).flatMap(([name, entry]) => (entry.in.includes(flavour) ? [[name, entry.run]] : []))),
  );
}

/** A server that waits for ever: the sample application, and the pause container. */
const waits: ProgramMain = function* () {
  for (;;) yield* sys.pause();
};

/** The programs of both userlands and our own, with kubectl behind its port. `helpers`: commands of the playground itself. */
export function createPrograms(port: ClusterPort, helpers: Readonly<Record<string, ProgramMain>>): ProgramLoader {
  const applets = commandsOf('busybox');
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
    gnu: commandsOf('gnu'),
    own: { ...helpers, kubectl: kubectl(port), node: waits, pause: waits, creds },
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
