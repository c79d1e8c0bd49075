// which.

import { AT_FDCWD } from '#abi/flags.ts';
import { isReg } from '#abi/mode.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { getopt } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { stat } from '../lib/tree.ts';

function* executable(path: string): Program<boolean> {
  const info = yield* stat(path);
  return info.ok && isReg(info.value.mode) && (yield* sys.faccessat2(AT_FDCWD, path, 1, 0)).ok;
}

/** Counterpart: which of debianutils and of busybox */
export const which = command(function* (cli) {
  // Debian's is a script of dash, whose getopts knows only letters.
  const letters = cli.gnu ? getopt(cli.context.argv.slice(1), '+a') : yield* cli.options({ busybox: 'a', gnu: '' });
  if (typeof letters === 'number') return letters;
  if (typeof letters === 'string') {
    yield* errOut(`Illegal option -${letters.at(-2)}\n`);
    yield* cli.text('Usage: /usr/bin/which [-a] args\n');
    return yield* cli.finish(2);
  }
  const options = letters;
  if (options.args.length === 0) return cli.gnu ? 1 : yield* cli.usage();
  for (const name of options.args) {
    const places = name.includes('/')
      ? [name]
      : (cli.getenv('PATH') ?? '/sbin:/usr/sbin:/bin:/usr/bin').split(':').map((folder) => `${folder || '.'}/${name}`);
    let found = false;
    for (const path of places) {
      if (!(yield* executable(path))) continue;
      found = true;
      if (cli.gnu || !options.has('s')) yield* cli.text(`${path}\n`);
      if (!options.has('a')) break;
    }
    if (!found) cli.status = 1;
  }
  return yield* cli.finish();
});
