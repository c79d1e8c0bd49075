// The commands of both userlands, but for the shells. The page fetches them after its prompt answers; headless they are simply there.

import { archiveCommands } from '#userland/archive/index.ts';
import { busyboxItself } from '#userland/busybox.ts';
import { coreutils } from '#userland/coreutils/index.ts';
import { editCommands } from '#userland/edit/index.ts';
import type { CommandTable } from '#userland/lib/command.ts';
import { withHelp } from '#userland/lib/help.ts';
import { libcapCommands } from '#userland/libcap/index.ts';
import { netCommands } from '#userland/net/index.ts';
import { procpsCommands } from '#userland/procps/index.ts';
import { serverCommands } from '#userland/servers/nginx.ts';
import '#userland/shell/bashlate.ts';
import { shellCommands } from '#userland/shell/shells.ts';
import { straceCommands } from '#userland/strace/index.ts';
import { systemCommands } from '#userland/system/index.ts';
import { textCommands } from '#userland/text/index.ts';

/** The shells of images, and again the programs that are also their builtins, with their help texts. */
const { bash: _, ...shells } = shellCommands;

export const COMMANDS: readonly CommandTable[] = [
  shells,
  busyboxItself,
  coreutils,
  textCommands,
  procpsCommands,
  libcapCommands,
  systemCommands,
  straceCommands,
  netCommands,
  archiveCommands,
  editCommands,
  serverCommands,
].map(withHelp);
