// strace's command line. Counterpart: strace 6.1 strace.c init()

import { type Program, sys } from '#kernel/uapi/index.ts';
import { getopt } from '../lib/cli.ts';
import { errOut } from '../lib/io.ts';
import { chosen } from './select.ts';
import { signalName } from './text.ts';

export interface Settings {
  readonly command: readonly string[];
  readonly pids: readonly number[];
  readonly env: readonly string[];
  readonly follow: boolean;
  readonly file: string | undefined;
  readonly append: boolean;
  readonly max: number;
  readonly column: number;
  readonly verbose: boolean;
  readonly paths: boolean;
  readonly quiet: { readonly attach: boolean; readonly exit: boolean };
  /** no: lines; only: a table instead (-c); both: a table after the lines (-C). */
  readonly count: 'no' | 'only' | 'both';
  readonly stamp: 'none' | 'clock' | 'micro' | 'epoch' | 'relative';
  readonly spent: boolean;
  readonly status: 'all' | 'successful' | 'failed';
  readonly calls: (name: string) => boolean;
  readonly signals: (name: string) => boolean;
}

const SHORT = '+a:Ab:cCdDe:E:fFhiI:ko:O:p:P:qrs:S:tTu:U:vVwxX:yYzZ';
const LONG = {
  'attach=': 'p',
  'follow-forks': 'f',
  'output=': 'o',
  'trace=': 'trace',
  'signal=': 'signal',
  'status=': 'status',
  'string-limit=': 's',
  'columns=': 'a',
  'env=': 'E',
  'summary-only': 'c',
  summary: 'C',
  'decode-fds': 'y',
  'no-abbrev': 'v',
  'successful-only': 'z',
  'failed-only': 'Z',
  'syscall-times': 'T',
  'relative-timestamps': 'r',
  'output-append-mode': 'A',
  version: 'V',
  help: 'h',
};
/** Known, but what they do is not simulated. */
const UNSIMULATED = 'bdDhiIkOPSuUwxXY';
const HINT = "Try 'strace -h' for more information.\n";

function signalTest(text: string): ((name: string) => boolean) | undefined {
  const negated = text.startsWith('!');
  const words = (negated ? text.slice(1) : text).split(',').map((word) => word.toUpperCase());
  const names = words.map((word) =>
    word.startsWith('SIG') || /^(ALL|NONE)$/.test(word) ? word : /^\d+$/.test(word) ? signalName(Number(word)) : `SIG${word}`,
  );
  if (names.some((name) => !/^(ALL|NONE)$/.test(name) && !/^SIG[A-Z0-9_]+$/.test(name))) return undefined;
  return (name) => (names.includes('ALL') || names.includes(name)) !== negated;
}

/** The settings, or the exit status after a complaint. */
export function* settings(argv: readonly string[], env: readonly string[]): Program<Settings | number> {
  const complain = function* (text: string, hint = true): Program<number> {
    yield* errOut(`strace: ${text}\n${hint ? HINT : ''}`);
    return 1;
  };
  const found = getopt(argv.slice(1), SHORT, LONG);
  if (typeof found === 'string') return yield* complain(found);
  const count = (key: string): number => found.list.filter((one) => one.key === key).length;
  if (count('V') > 0) {
    yield* sys.write(
      1,
      new TextEncoder().encode(
        'strace -- version 6.1\nCopyright (c) 1991-2022 The strace developers <https://strace.io>.\nThis is free software; see the source for copying conditions.  There is NO\nwarranty; not even for MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.\n\nOptional features enabled: no-m32-mpers no-mx32-mpers\n',
      ),
    );
    return 0;
  }
  for (const letter of UNSIMULATED) if (count(letter) > 0) return yield* complain(`-${letter} is not simulated here`, false);
  if (count('f') > 1) return yield* complain('-ff is not simulated here', false);
  let calls: Settings['calls'] = () => true;
  let signals: Settings['signals'] = () => true;
  let status: Settings['status'] = 'all';
  const quiet = { attach: count('q') > 0, exit: count('q') > 1 };
  const pids: number[] = [];
  let vars = [...env];
  let max = 32;
  let column = 40;
  for (const { key, value } of found.list) {
    const [given, text] = key === 'e' ? (/^(\w[\w-]*)=([\s\S]*)$/.exec(value)?.slice(1) ?? ['trace', value]) : [key, value];
    const kind = key === 'e' && given === 't' ? 'trace' : key === 'e' && given === 'q' ? 'quiet' : given;
    switch (kind) {
      case 'trace': {
        const test = chosen(text as string);
        if (typeof test !== 'function') return yield* complain(`invalid system call '${test.unknown}'`, false);
        calls = test;
        break;
      }
      case 'signal':
      case 'signals': {
        const test = signalTest(text as string);
        if (test === undefined) return yield* complain(`invalid signal '${text}'`, false);
        signals = test;
        break;
      }
      case 'status':
        if (text !== 'all' && text !== 'successful' && text !== 'failed')
          return yield* complain(`-e status=${text} is not simulated here`, false);
        status = text;
        break;
      case 'quiet':
        for (const word of (text as string).split(',')) {
          if (word === 'attach' || word === 'all') quiet.attach = true;
          if (word === 'exit' || word === 'exits' || word === 'all') quiet.exit = true;
        }
        break;
      case 'z':
        status = 'successful';
        break;
      case 'Z':
        status = 'failed';
        break;
      case 's':
      case 'a':
        if (!/^\d+$/.test(text as string)) return yield* complain(`invalid -${kind} argument: '${text}'`);
        if (kind === 's') max = Number(text);
        else column = Number(text);
        break;
      case 'p':
        for (const word of (text as string).split(/[\s,]+/)) {
          if (!/^[1-9]\d*$/.test(word)) return yield* complain(`Invalid process id: '${word}'`, false);
          pids.push(Number(word));
        }
        break;
      case 'E': {
        const name = (text as string).split('=')[0] as string;
        vars = vars.filter((one) => !one.startsWith(`${name}=`));
        if (value.includes('=')) vars.push(value);
        break;
      }
      default:
        if (key === 'e') return yield* complain(`-e ${kind}= is not simulated here`, false);
    }
  }
  const file = found.get('o');
  if (file !== undefined && /^[|!]/.test(file)) return yield* complain('-o into a command is not simulated here', false);
  if (found.args.length === 0 && pids.length === 0) return yield* complain('must have PROG [ARGS] or -p PID');
  return {
    command: found.args,
    pids,
    env: vars,
    follow: count('f') + count('F') > 0,
    file,
    append: count('A') > 0,
    max,
    column,
    verbose: count('v') > 0,
    paths: count('y') > 0,
    quiet,
    count: count('c') > 0 ? 'only' : count('C') > 0 ? 'both' : 'no',
    stamp: count('r') > 0 ? 'relative' : count('t') > 2 ? 'epoch' : count('t') === 2 ? 'micro' : count('t') === 1 ? 'clock' : 'none',
    spent: count('T') > 0,
    status,
    calls,
    signals,
  };
}
