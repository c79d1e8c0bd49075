// busybox called by its own name, or by one of an applet that is not simulated.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type SysResult, sys, type Winsize } from '#kernel/uapi/index.ts';
import { BUSYBOX_BANNER } from './lib/cli.ts';
import type { Command, CommandTable } from './lib/command.ts';
import { busyboxApplets } from './lib/help.ts';
import { errOut, out } from './lib/io.ts';

const LICENCE = `BusyBox is copyrighted by many authors between 1998-2015.
Licensed under GPLv2. See source distribution for detailed
copyright notices.

Usage: busybox [function [arguments]...]
   or: busybox --list[-full]
   or: busybox --show SCRIPT
   or: busybox --install [-s] [DIR]
   or: function [arguments]...

	BusyBox is a multi-call binary that combines many common Unix
	utilities into a single executable.  Most people will create a
	link to busybox for each function they wish to use and BusyBox
	will act like whatever it was invoked as.

Currently defined functions:
`;

/** The names, separated by commas, in lines of the terminal's width. */
function listed(names: Iterable<string>, width: number): string {
  let text = '';
  let column = 0;
  for (const name of names) {
    const length = name.length + 2;
    if (column >= width - 1 - length) {
      text += ',\n';
      column = 0;
    }
    text += column === 0 ? `\t${name}` : `, ${name}`;
    column = (column === 0 ? 6 : column) + length;
  }
  return `${text}\n`;
}

/** Makes a link to this program for every applet. Counterpart: busybox libbb/appletlib.c, install_links */
function* install(name: string, args: readonly string[]): Program<number> {
  const symbolic = args[0] === '-s';
  const [directory] = symbolic ? args.slice(1) : args;
  const self: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, '/proc/self/exe');
  const target = self.ok ? self.value : '/proc/self/exe';
  for (const [applet, { path }] of busyboxApplets()) {
    const link = directory === undefined ? `/${path}` : `${directory}/${applet}`;
    const done: SysResult<void> = yield* symbolic ? sys.symlinkat(target, AT_FDCWD, link) : sys.linkat(AT_FDCWD, target, AT_FDCWD, link, 0);
    if (!done.ok && done.errno !== 'EEXIST') yield* errOut(`${name}: ${link}: ${strerror(done.errno)}\n`);
  }
  return 0;
}

/** Counterpart: busybox libbb/appletlib.c, busybox_main and run_applet_and_exit. Deviates: an applet that is not simulated says so. */
const busybox: Command = function* ({ argv, name }) {
  const applets = busyboxApplets();
  let called = name;
  let args = argv.slice(1);
  if (name.startsWith('busybox')) {
    const [first] = args;
    if (first === undefined || (first === '--help' && args.length === 1)) {
      const size = (yield* sys.ioctl(1, { request: 'TIOCGWINSZ' })) as SysResult<Winsize>;
      yield* out(BUSYBOX_BANNER + LICENCE + listed(applets.keys(), (size.ok && size.value.cols) || 80));
      return 0;
    }
    if (first === '--list' || first === '--list-full') {
      yield* out([...applets].map(([applet, { path }]) => `${first === '--list' ? applet : path}\n`).join(''));
      return 0;
    }
    if (first === '--install') return yield* install(name, args.slice(1));
    if (first === '--show') {
      yield* errOut(args[1] === undefined ? `${name}: applet not found\n` : `${name}: script '${args[1]}' not found\n`);
      return 1;
    }
    if (first === '--help') args = [args[1] as string, '--help'];
    called = (args[0] as string).replace(/^.*\//, '');
    args = args.slice(1);
  }
  const usage = applets.get(called)?.usage;
  if (usage !== undefined && args.length === 1 && args[0] === '--help') {
    yield* errOut(BUSYBOX_BANNER + usage);
    return 0;
  }
  yield* errOut(usage === undefined ? `${called}: applet not found\n` : `${called}: this busybox applet is not simulated here\n`);
  return 127;
};

export const busyboxItself: CommandTable = { busybox: { run: busybox, in: ['busybox'] } };
