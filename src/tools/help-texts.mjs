// `node src/tools/help-texts.mjs ROOT NAME… >src/userland/lib/help/texts.txt` (root): what Debian's programs in the root file system ROOT
// print for `--help`, for `--version`, and after a complaint about an unknown option. src/userland/lib/help.ts reads the file.

import { spawnSync } from 'node:child_process';

const [root, ...names] = process.argv.slice(2);
const NONE = 'zz-no-such';
const run = (name, option) => {
  const got = spawnSync('chroot', [root, name, option], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    encoding: 'utf8',
    input: '',
    timeout: 3000,
  });
  return { ...got, status: got.status ?? 255 };
};

for (const name of [...names].sort()) {
  const help = run(name, '--help');
  const version = run(name, '--version');
  const section = (title, stream, status, text) => process.stdout.write(`=== ${name} ${title} ${stream} ${status}\n${text}`);
  const shown = (got) => (got.stdout === '' ? ['err', got.stderr] : ['out', got.stdout]);
  const complaint = new RegExp(`^(?:.*/)?${name.replace(/\W/g, '\\$&')}: .*'?--${NONE}'?.*\\n`);
  const wrong = run(name, `--${NONE}`);
  const knows = (got) =>
    got.stdout + got.stderr !== '' && !/(unrecognized|invalid|unknown|bad) (option|argument|usage)|not an option/i.test(got.stderr);
  for (const [title, got] of [
    ['--help', help],
    ['--version', version],
  ]) {
    const [stream, text] = shown(got);
    if (knows(got)) section(title, stream, got.status, text.endsWith('\n') ? text : `${text}\n`);
  }
  if (!complaint.test(wrong.stderr)) continue;
  const rest = wrong.stderr.replace(complaint, '');
  if (rest === `Try '${name} --help' for more information.\n`) {
    if (wrong.status !== 1) section('hint', 'err', wrong.status, rest);
  } else if (rest === help.stdout || rest === help.stderr) section('hint=help', 'err', wrong.status, '');
  else section('hint', 'err', wrong.status, rest);
}
