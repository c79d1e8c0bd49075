// The command line of mawk, which getopt(3) does not read.

import { Options } from '../lib/cli.ts';

/** Counterpart: mawk 1.3.4, usage() of version.c */
export const MAWK_USAGE = `Usage: mawk [Options] [Program] [file ...]

Program:
    The -f option value is the name of a file containing program text.
    If no -f option is given, a "--" ends option processing; the following
    parameters are the program text.

Options:
    -f program-file  Program  text is read from file instead of from the
                     command-line.  Multiple -f options are accepted.
    -F value         sets the field separator, FS, to value.
    -v var=value     assigns value to program variable var.
    --               unambiguous end of options.

    Implementation-specific options are prefixed with "-W".  They can be
    abbreviated:

    -W version       show version information and exit.
    -W dump          show assembler-like listing of program and exit.
    -W help          show this message and exit.
    -W interactive   set unbuffered output, line-buffered input.
    -W exec file     use file as program as well as last option.
    -W random=number set initial random seed.
    -W sprintf=number adjust size of sprintf buffer.
    -W posix_space   do not consider "\\n" a space.
    -W usage         show this message and exit.
`;

/** Counterpart: mawk 1.3.4, print_version() */
export const MAWK_VERSION = `mawk 1.3.4 20200120
Copyright 2008-2019,2020, Thomas E. Dickey
Copyright 1991-1996,2014, Michael D. Brennan

`;

/**
 * Options up to the first operand; a text is the complaint.
 * Counterpart: mawk 1.3.4, process_cmdline() of init.c
 */
export function mawkOptions(args: readonly string[]): Options | string {
  const found = new Options();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === '--' || arg.length < 2 || arg[0] !== '-') {
      found.args.push(...args.slice(arg === '--' ? at + 1 : at));
      break;
    }
    const key = arg[1] as string;
    if (!'fFvW'.includes(key)) return `not an option: ${arg}`;
    const value = arg.length > 2 ? arg.slice(2) : args[++at];
    if (value === undefined) return `option -${key} lacks argument`;
    if (key === 'v' && !/^[A-Za-z_]\w*=/.test(value)) return `improper assignment: -v ${value}`;
    if (key !== 'W') {
      found.list.push({ key, value });
      continue;
    }
    const word = ['version', 'help', 'usage', 'dump', 'interactive', 'exec', 'random', 'sprintf', 'posix_space'].find((name) =>
      name.startsWith(value.replace(/=.*$/, '')),
    );
    if (word === undefined) return `vacuous option: -W ${value}`;
    if (word === 'dump' || word === 'exec' || word === 'random') return `-W ${word} is not simulated here`;
    found.list.push({ key: word === 'usage' ? 'help' : word, value });
  }
  return found;
}
