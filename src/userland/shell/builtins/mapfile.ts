// mapfile and readarray.

import type { Program } from '#kernel/uapi/index.ts';
import { getopt } from '../../lib/cli.ts';
import { errOut } from '../../lib/io.ts';
import { ShellFault } from '../state.ts';
import { readLine } from './reading.ts';
import type { BuiltinCall } from './types.ts';

/** Counterpart: mapfile.def of bash 5.2; -C and -c are not simulated. */
export function* mapfile({ shell, args }: BuiltinCall): Program<number> {
  const given = getopt(args.slice(1), '+d:n:O:s:tu:C:c:');
  if (typeof given === 'string') {
    yield* shell.warn(given.replace(/^invalid option -- '(.)'/, '-$1: invalid option'));
    yield* errOut(
      `${args[0]}: usage: ${args[0]} [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]\n`,
    );
    return 2;
  }
  if (given.has('C') || given.has('c')) throw new ShellFault('-C is not simulated here', 1);
  const name = given.args[0] ?? 'MAPFILE';
  const delimiter = given.has('d') ? (given.get('d') ?? '')[0] || '\0' : '\n';
  const max = Number(given.get('n') ?? 0) || Number.POSITIVE_INFINITY;
  const lines: string[] = [];
  for (let skip = Number(given.get('s') ?? 0); lines.length < max; ) {
    const line = yield* readLine(Number(given.get('u') ?? 0), true, Number.POSITIVE_INFINITY, delimiter);
    if (line.eof && line.text === '') break;
    if (skip > 0) skip--;
    else lines.push(line.text + (given.has('t') || line.eof ? '' : delimiter));
    if (line.eof) break;
  }
  if (given.has('O')) for (const [at, line] of lines.entries()) shell.setElement(name, String(Number(given.get('O')) + at), line);
  else shell.setArray(name, lines);
  return 0;
}
