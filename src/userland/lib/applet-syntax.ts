// The command lines of busybox applets that read their words themselves: what getopt32 of the real ones would refuse never reaches them.

import type { Program } from '#kernel/uapi/index.ts';
import { getopt, type Options, showUsage } from './cli.ts';
import type { CommandContext } from './command.ts';
import { errOut } from './io.ts';

interface Syntax {
  /** getopt(3) letters, see OptionSpec. */
  readonly short: string;
  readonly long?: Readonly<Record<string, string>>;
  /** How many operands at least and at most. */
  readonly operands?: readonly [number, number];
  /** An option that makes operands unnecessary. */
  readonly alone?: string;
  /** Of these options exactly one has to be there. */
  readonly oneOf?: readonly string[];
}

const MANY = Number.POSITIVE_INFINITY;
const MODULES: Syntax = { short: '+bfqrsvw', operands: [1, MANY] };

/** Counterpart: the calls of getopt32 in busybox 1.35; letters as probed. */
const SYNTAX: Readonly<Record<string, Syntax>> = {
  chrt: { short: '+bfimopr' },
  dmesg: { short: 'crn:s:' },
  hwclock: {
    short: 'lrstuvwf:',
    long: { localtime: 'l', utc: 'u', show: 'r', hctosys: 's', systohc: 'w', systz: 't', 'rtc=': 'f', verbose: 'v' },
  },
  insmod: MODULES,
  ionice: { short: '+c:n:p:t' },
  losetup: { short: 'acdfrPo:' },
  lsattr: { short: 'adlpvR' },
  mkswap: { short: 'L:', operands: [1, 2] },
  mountpoint: { short: 'dnqx', operands: [1, 1] },
  nc: { short: '+beklnuvzi:o:p:s:w:' },
  passwd: { short: 'a:dlu' },
  ping: { short: '46nqvAI:W:c:i:p:s:t:w:', operands: [1, 1] },
  pivot_root: { short: '', operands: [2, 2] },
  rmmod: MODULES,
  route: { short: '+enA:' },
  setfattr: { short: 'hn:v:x:', operands: [1, MANY], oneOf: ['n', 'x'] },
  setpriv: {
    short: '+d',
    long: { dump: 'd', nnp: 'nnp', 'no-new-privs': 'nnp', 'inh-caps=': 'inh', 'ambient-caps=': 'amb' },
    operands: [1, MANY],
    alone: 'd',
  },
  su: { short: 'lmpc:s:', long: {} },
  swapoff: { short: 'ae', operands: [1, MANY], alone: 'a' },
  swapon: { short: 'aed::p:', operands: [1, MANY], alone: 'a' },
};

function fits({ operands: [least, most] = [0, MANY], alone, oneOf }: Syntax, options: Options): boolean {
  if (oneOf && oneOf.filter((key) => options.has(key)).length !== 1) return false;
  if (alone !== undefined && options.has(alone)) return true;
  return options.args.length >= least && options.args.length <= most;
}

/** The exit status of an applet whose command line is wrong, after its complaint; undefined when it may run. */
export function* wrongSyntax(context: CommandContext): Program<number | undefined> {
  const syntax = SYNTAX[context.name];
  if (syntax === undefined) return undefined;
  // An empty table of long options still makes `--foo` one.
  const options = getopt(context.argv.slice(1), syntax.short, syntax.long ?? {});
  if (typeof options !== 'string') return fits(syntax, options) ? undefined : yield* showUsage(context);
  yield* errOut(`${context.name}: ${options}\n`);
  return yield* showUsage(context);
}
