// pidof of Debian. Counterpart: sysvinit 3.06 pidof(8)
// Deviates: -c (same root directory) and -z (zombies) are refused.

import { type SysResult, sys } from '#kernel/uapi/index.ts';
import { getopt } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { baseName } from '../lib/tree.ts';
import { called, type ProcessInfo, processes, self } from './processes.ts';

const USAGE = `pidof usage: [options] <program-name>

 -c           Return PIDs with the same root directory
 -d <sep>     Use the provided character as output separator
 -h           Display this help text
 -n           Avoid using stat system function on network shares
 -o <pid>     Omit results with a given PID
 -q           Quiet mode. Do not display output
 -s           Only return one PID
 -x           Return PIDs of shells running scripts with a matching name
 -z           List zombie and I/O waiting processes. May cause pidof to hang.

`;

/** -x: a shell that runs a script of that name. */
const runs = ({ args }: ProcessInfo, name: string): boolean => args[1] === name || args[1]?.split('/').at(-1) === name;

export const debianPidof = command(function* (cli) {
  // An unknown letter ends it without a word.
  const options = getopt(cli.context.argv.slice(1), 'qhco:d:sxzn');
  if (typeof options === 'string') return 1;
  if (options.has('h')) {
    yield* cli.text(USAGE);
    return yield* cli.finish();
  }
  for (const letter of ['c', 'z']) if (options.has(letter)) return yield* cli.error(`-${letter} is not simulated here`);
  const parent: SysResult<number> = yield* sys.getppid();
  const omitted = [yield* self()];
  for (const { key, value } of options.list)
    if (key === 'o') for (const word of value.split(/[,;:]/)) omitted.push(word === '%PPID' && parent.ok ? parent.value : Number(word));
  const found = (yield* processes())
    .filter(
      (one) =>
        !omitted.includes(one.pid) &&
        options.args.some((name) => called(one, name) || called(one, baseName(name)) || (options.has('x') && runs(one, name))),
    )
    .map((one) => one.pid)
    .reverse();
  if (found.length === 0) return 1;
  const shown = options.has('s') ? found.slice(0, 1) : found;
  if (!options.has('q')) yield* cli.text(`${shown.join(options.get('d')?.[0] ?? ' ')}\n`);
  return yield* cli.finish();
});
