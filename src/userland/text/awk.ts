// awk: the command line.

import { strerror } from '#abi/errno.ts';
import { toBin } from '../lib/bytes.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { slurp } from '../lib/lines.ts';
import { parseAwk } from './awk-parse.ts';
import { Awk } from './awk-run.ts';
import { AwkError, awkUnescape } from './awk-syntax.ts';
import { fromInput } from './awk-values.ts';
import { MAWK_USAGE, MAWK_VERSION, mawkOptions } from './mawk-options.ts';

/** Counterpart: awk of POSIX; messages of busybox 1.35 and of mawk 1.3.4 (Debian's awk) */
export const awk = command(function* (cli) {
  const options = cli.gnu ? mawkOptions(cli.context.argv.slice(1)) : yield* cli.options({ busybox: '+F:v:f:e:W:', gnu: '' });
  if (typeof options === 'string') return yield* cli.error(options, 2);
  if (typeof options === 'number') return options;
  if (options.has('version')) yield* cli.text(MAWK_VERSION);
  if (options.has('help')) yield* errOut(MAWK_USAGE);
  if (options.has('version') || options.has('help')) return yield* cli.finish(0);
  const names = [...options.args];
  const parts: string[] = [];
  for (const { key, value } of options.list) {
    if (key === 'e') parts.push(toBin(value));
    if (key !== 'f') continue;
    const file = yield* slurp(value);
    if (!file.ok)
      return yield* cli.error(
        cli.gnu ? `cannot open ${value} (${strerror(file.errno)})` : `can't open '${value}': ${strerror(file.errno)}`,
        cli.gnu ? 2 : 1,
      );
    parts.push(file.value);
  }
  if (parts.length === 0) {
    const first = names.shift();
    if (first === undefined) {
      if (!cli.gnu) return yield* cli.usage();
      yield* errOut(MAWK_USAGE);
      return 0;
    }
    parts.push(toBin(first));
  }
  try {
    const awk_ = new Awk(cli, parseAwk(parts.join('\n'), cli.gnu), names);
    for (const { key, value } of options.list) {
      if (key === 'F') awk_.set('FS', value === 't' ? '\t' : awkUnescape(toBin(value)));
      const assign = key === 'v' ? /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(toBin(value)) : null;
      if (assign) awk_.set(assign[1] as string, fromInput(awkUnescape(assign[2] as string)));
    }
    return yield* cli.finish(yield* awk_.run());
  } catch (error) {
    if (!(error instanceof AwkError)) throw error;
    yield* cli.error(cli.gnu ? (error.mawk ?? `line 1: ${error.message}`) : `cmd. line:1: ${error.message}`, cli.gnu ? 2 : 1);
    return cli.status;
  }
});
