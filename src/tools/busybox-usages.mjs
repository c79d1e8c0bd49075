// `node src/tools/busybox-usages.mjs BUSYBOX >src/userland/lib/help/busybox.txt`: the usage text of every applet of a busybox as
// `=== PATH` (of `--list-full`) and what `BUSYBOX NAME --help` prints after the banner; empty where it has none. src/userland/lib/help.ts reads the file.

import { spawnSync } from 'node:child_process';

const [busybox] = process.argv.slice(2);
const run = (...args) => spawnSync(busybox, args, { encoding: 'utf8', input: '' });

/** Applets that take `--help` for an ordinary word. */
const DEAF = ['echo', 'test', 'true', 'false'];

for (const path of run('--list-full').stdout.trim().split('\n')) {
  const name = path.replace(/.*\//, '');
  const text = DEAF.includes(name) ? '' : run(name, '--help').stderr.replace(/^BusyBox .*\n\n/, '');
  process.stdout.write(`=== ${path}\n${text === 'No help available\n' ? '' : text}`);
}
