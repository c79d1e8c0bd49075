// awk: the command line.

import { strerror } from '#abi/errno.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { toBin } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { slurp } from '../lib/lines.ts';
import { BusyboxAwk } from './awk-busybox.ts';
import { unescapeString } from './awk-busybox-lexer.ts';
import { parseBusyboxAwk } from './awk-busybox-parse.ts';
import { parseAwk } from './awk-parse.ts';
import { AwkError, type AwkProgram, awkUnescape } from './awk-syntax.ts';
import { fromInput } from './awk-values.ts';
import { Mawk } from './mawk.ts';
import { MAWK_USAGE, MAWK_VERSION, mawkOptions } from './mawk-options.ts';

/** Counterpart: busybox 1.35 editors/awk.c, awk_main() */
function* busybox(cli: Cli): Program<number> {
  const options = yield* cli.options({ busybox: '+F:v:f:e:W:', gnu: '' });
  if (typeof options === 'number') return options;
  if (options.has('W')) yield* cli.warn('warning: option -W is ignored');
  const names = [...options.args];
  const program: AwkProgram = { rules: [], functions: new Map() };
  const values = (wanted: string): string[] => options.list.filter(({ key }) => key === wanted).map(({ value }) => value);
  try {
    for (const name of values('f')) {
      const file = yield* slurp(name);
      if (!file.ok) return yield* cli.error(`can't open '${name}': ${strerror(file.errno)}`);
      parseBusyboxAwk(file.value, name, program);
    }
    for (const text of values('e')) parseBusyboxAwk(toBin(text), 'cmd. line', program);
    if (!options.has('f') && !options.has('e')) {
      const text = names.shift();
      if (text === undefined) return yield* cli.usage();
      parseBusyboxAwk(toBin(text), 'cmd. line', program);
    }
    const run = new BusyboxAwk(cli, program, names);
    const separator = options.get('F');
    if (separator !== undefined) run.set('FS', unescapeString(toBin(separator)));
    for (const text of values('v')) if (!run.assignment(toBin(text))) return yield* cli.usage();
    return yield* cli.finish(yield* run.run());
  } catch (error) {
    if (!(error instanceof AwkError)) throw error;
    return yield* cli.error(`${error.place ?? 'cmd. line:1: '}${error.message}`);
  }
}

/** Counterpart: mawk 1.3.4, which is Debian's awk */
export const awk = command(function* (cli) {
  if (!cli.gnu) return yield* busybox(cli);
  const options = mawkOptions(cli.context.argv.slice(1));
  if (typeof options === 'string') return yield* cli.error(options, 2);
  if (options.has('version')) yield* cli.text(MAWK_VERSION);
  if (options.has('help')) yield* errOut(MAWK_USAGE);
  if (options.has('version') || options.has('help')) return yield* cli.finish(0);
  const names = [...options.args];
  const parts: string[] = [];
  for (const { key, value } of options.list) {
    if (key === 'e') parts.push(toBin(value));
    if (key !== 'f') continue;
    const file = yield* slurp(value);
    if (!file.ok) return yield* cli.error(`cannot open ${value} (${strerror(file.errno)})`, 2);
    parts.push(file.value);
  }
  if (parts.length === 0) {
    const first = names.shift();
    if (first === undefined) {
      yield* errOut(MAWK_USAGE);
      return 0;
    }
    parts.push(toBin(first));
  }
  try {
    const awk_ = new Mawk(cli, parseAwk(parts.join('\n')), names);
    for (const { key, value } of options.list) {
      if (key === 'F') awk_.set('FS', value === 't' ? '\t' : awkUnescape(toBin(value)));
      const assign = key === 'v' ? /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(toBin(value)) : null;
      if (assign) awk_.set(assign[1] as string, fromInput(awkUnescape(assign[2] as string)));
    }
    return yield* cli.finish(yield* awk_.run());
  } catch (error) {
    if (!(error instanceof AwkError)) throw error;
    yield* cli.error(error.mawk ?? `line 1: ${error.message}`, 2);
    return cli.status;
  }
});
