// which.

import { AT_FDCWD } from '#abi/flags.ts';
import { isReg } from '#abi/mode.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { stat } from '../lib/tree.ts';

function* executable(path: string): Program<boolean> {
  const info = yield* stat(path);
  return info.ok && isReg(info.value.mode) && (yield* sys.faccessat2(AT_FDCWD, path, 1, 0)).ok;
}

/** Counterpart: which of debianutils and of busybox */
export const which = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'a', gnu: 'as' });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) return cli.gnu ? 1 : yield* cli.usage();
  for (const name of options.args) {
    const places = name.includes('/')
      ? [name]
      : (cli.getenv('PATH') ?? '/sbin:/usr/sbin:/bin:/usr/bin').split(':').map((folder) => `${folder || '.'}/${name}`);
    let found = false;
    for (const path of places) {
      if (!(yield* executable(path))) continue;
      found = true;
      if (!options.has('s')) yield* cli.text(`${path}\n`);
      if (!options.has('a')) break;
    }
    if (!found) cli.status = 1;
  }
  return yield* cli.finish();
});
