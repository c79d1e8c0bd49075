// The three kinds of options of procps's ps: `-ef`, `aux`, `--sort=…`.

/** What a command line asks for. */
export interface Wanted {
  /** Processes chosen by a list; any of the lists that are there. */
  pids?: number[];
  /** These, in this order, and nothing else is looked at. */
  quick?: number[];
  parents?: number[];
  users?: string[];
  realUsers?: string[];
  groups?: string[];
  realGroups?: string[];
  commands?: string[];
  ttys?: string[];
  sessions?: number[];
  /** -e or -A; BSD a; BSD x; -a; -d; -N; BSD r; T. */
  every?: boolean;
  bsdAll?: boolean;
  bsdNoTty?: boolean;
  withTty?: boolean;
  noLeaders?: boolean;
  inverse?: boolean;
  running?: boolean;
  thisTty?: boolean;
  /** Letters of output formats: f, F, l, j, c, y of Unix; u, l, j, s, v, X of BSD. */
  unixFormat: string;
  bsdFormat: string;
  spec: string[];
  /** Columns that -O puts behind the process id. */
  extra: string[];
  bsd: boolean;
  threads?: 'T' | 'L';
  label?: boolean;
  forest?: 'lines' | 'indent';
  sort?: string;
  headers: boolean;
  /** A header on every page. */
  pages?: boolean;
  rows: number;
  columns?: number;
  wide?: boolean;
  /** BSD c, e, n, S. */
  shortCommand?: boolean;
  environment?: boolean;
  numeric?: boolean;
  cumulative?: boolean;
  /** What is printed instead of processes. */
  shows?: 'version' | 'help' | 'columns';
}

/** A complaint without its `error: `. */
export interface Wrong {
  readonly complaint: string;
}

const HIGHEST_PID = 2 ** 31 - 1;
const list = (text: string): string[] => text.split(/[ ,\t]+/).filter((part) => part !== '');
const wrong = (complaint: string): Wrong => ({ complaint });

function processIds(text: string): number[] | Wrong {
  const ids: number[] = [];
  for (const part of list(text)) {
    if (!/^[-+]?\d+$/.test(part)) return wrong('process ID list syntax error');
    if (Number(part) < 1 || Number(part) > HIGHEST_PID) return wrong('process ID out of range');
    ids.push(Number(part));
  }
  return ids;
}

type Taker = { readonly missing: string; readonly take: (wanted: Wanted, value: string) => Wrong | undefined };
const taker = (missing: string, take: (wanted: Wanted, value: string) => Wrong | undefined | void): Taker => ({
  missing,
  take: (wanted, value) => take(wanted, value) ?? undefined,
});
const pidsInto =
  (key: 'pids' | 'quick' | 'parents' | 'sessions'): Taker['take'] =>
  (wanted, value) => {
    const ids = processIds(value);
    if ('complaint' in ids) return ids;
    wanted[key] = [...(wanted[key] ?? []), ...ids];
    return undefined;
  };
const namesInto =
  (key: 'users' | 'realUsers' | 'groups' | 'realGroups' | 'commands' | 'ttys'): Taker['take'] =>
  (wanted, value) => {
    wanted[key] = [...(wanted[key] ?? []), ...list(value)];
    return undefined;
  };

const FORMAT = 'format specification must follow -o';
/** Options with a value, by a letter of ours. */
const VALUED: Readonly<Record<string, Taker>> = {
  o: taker(FORMAT, (w, v) => {
    if (list(v).length === 0) return wrong('improper format list');
    w.spec.push(v);
  }),
  O: taker('format or sort specification must follow -O', (w, v) => {
    w.extra.push(v);
  }),
  p: { missing: 'list of process IDs must follow -p', take: pidsInto('pids') },
  q: { missing: 'list of process IDs must follow -q', take: pidsInto('quick') },
  P: { missing: 'list of process IDs must follow --ppid', take: pidsInto('parents') },
  u: { missing: 'list of users must follow -u', take: namesInto('users') },
  U: { missing: 'list of real users must follow -U', take: namesInto('realUsers') },
  G: { missing: 'list of real groups must follow -G', take: namesInto('realGroups') },
  group: { missing: 'list of effective groups must follow --group', take: namesInto('groups') },
  /** Sessions when all are numbers that can be ones, else groups. */
  g: taker('list of session leaders OR effective group IDs must follow -g', (w, v) =>
    list(v).every((part) => /^[1-9]\d*$/.test(part)) ? pidsInto('sessions')(w, v) : namesInto('groups')(w, v),
  ),
  s: { missing: 'list of session IDs must follow -s', take: pidsInto('sessions') },
  C: { missing: 'list of command names must follow -C', take: namesInto('commands') },
  t: { missing: 'list of terminals (pty, tty...) must follow -t', take: namesInto('ttys') },
  k: taker('long sort specification must follow --sort', (w, v) => {
    w.sort = v;
  }),
  cols: taker('number of columns must follow --cols, --width, or --columns', (w, v) => {
    if (!/^[1-9]\d*$/.test(v)) return wrong('number of columns must follow --cols, --width, or --columns');
    w.columns = Number(v);
  }),
  rows: taker('number of rows must follow --rows or --lines', (w, v) => {
    if (!/^[1-9]\d*$/.test(v)) return wrong('number of rows must follow --rows or --lines');
    w.rows = Number(v);
  }),
};

type Flag = Partial<Wanted> | ((wanted: Wanted) => void);
const unixFormat =
  (letters: string): Flag =>
  (w) => {
    w.unixFormat += letters;
  };
const UNIX: Readonly<Record<string, Flag>> = {
  e: { every: true },
  A: { every: true },
  a: { withTty: true },
  d: { noLeaders: true },
  N: { inverse: true },
  f: unixFormat('f'),
  F: unixFormat('fF'),
  l: unixFormat('l'),
  j: unixFormat('j'),
  c: unixFormat('c'),
  y: unixFormat('y'),
  H: { forest: 'indent' },
  L: { threads: 'L' },
  T: { threads: 'T' },
  Z: { label: true },
  M: { label: true },
  w: { wide: true },
  V: { shows: 'version' },
  x: { bsd: true, bsdNoTty: true },
  h: { bsd: true, headers: false },
};
const BSD: Readonly<Record<string, Flag>> = {
  a: { bsdAll: true },
  x: { bsdNoTty: true },
  u: { bsdFormat: 'u' },
  l: { bsdFormat: 'l' },
  j: { bsdFormat: 'j' },
  s: { bsdFormat: 's' },
  v: { bsdFormat: 'v' },
  X: { bsdFormat: 'X' },
  f: { forest: 'lines' },
  h: { headers: false },
  r: { running: true },
  T: { thisTty: true },
  c: { shortCommand: true },
  e: { environment: true },
  n: { numeric: true },
  S: { cumulative: true },
  H: {},
  L: { shows: 'columns' },
  V: { shows: 'version' },
  w: { wide: true },
  Z: { label: true },
};
const LONG_VALUED: Readonly<Record<string, string>> = {
  pid: 'p',
  'quick-pid': 'q',
  ppid: 'P',
  user: 'u',
  User: 'U',
  Group: 'G',
  group: 'group',
  format: 'o',
  sort: 'k',
  tty: 't',
  sid: 's',
  cols: 'cols',
  columns: 'cols',
  width: 'cols',
  rows: 'rows',
  lines: 'rows',
};
const NO_HEADERS: Flag = { headers: false };
const PAGES: Flag = { pages: true };
const LONG: Readonly<Record<string, Flag>> = {
  forest: { forest: 'lines' },
  'no-headers': NO_HEADERS,
  'no-heading': NO_HEADERS,
  'no-headings': NO_HEADERS,
  noheader: NO_HEADERS,
  noheaders: NO_HEADERS,
  noheading: NO_HEADERS,
  noheadings: NO_HEADERS,
  headers: PAGES,
  headings: PAGES,
  header: PAGES,
  heading: PAGES,
  deselect: { inverse: true },
  context: { label: true },
  cumulative: { cumulative: true },
  version: { shows: 'version' },
  help: { shows: 'help' },
};

const raise = (wanted: Wanted, flag: Flag): void => {
  if (typeof flag === 'function') flag(wanted);
  else Object.assign(wanted, flag);
};

/** Reads the words. Deviates: -m, BSD's m and g, -n and --info are refused. */
export function readOptions(args: readonly string[]): Wanted | Wrong {
  const wanted: Wanted = { unixFormat: '', bsdFormat: '', spec: [], extra: [], bsd: false, headers: true, rows: 24 };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    const take = (letter: string, value: string | undefined): Wrong | undefined => {
      const { missing, take: into } = VALUED[letter] as Taker;
      return value === undefined || value === '' ? wrong(missing) : into(wanted, value);
    };
    if (arg.startsWith('--')) {
      const [name = '', inline] = arg.slice(2).split(/=(.*)/s);
      const letter = LONG_VALUED[name];
      const complaint = letter === undefined ? undefined : take(letter, inline ?? args[++at]);
      if (complaint) return complaint;
      if (letter !== undefined) continue;
      const flag = LONG[name];
      if (flag === undefined) return wrong(name === 'info' ? '--info is not simulated here' : 'unknown gnu long option');
      raise(wanted, flag);
      if (wanted.shows === 'help') return wanted;
      continue;
    }
    if (/^[-+]?\d/.test(arg)) {
      // Behind the first process id come only others.
      wanted.bsd = true;
      for (const word of args.slice(at)) {
        const complaint = take('p', word);
        if (complaint) return complaint;
      }
      return finish(wanted);
    }
    const unix = arg.startsWith('-') && arg !== '-';
    if (!unix) wanted.bsd = true;
    const letters = unix ? arg.slice(1) : arg;
    for (let i = 0; i < letters.length; i++) {
      const letter = letters[i] as string;
      const flag = (unix ? UNIX : BSD)[letter];
      if (flag !== undefined) {
        raise(wanted, flag);
        continue;
      }
      if (letter === 'm') return wrong('-m is not simulated here');
      if (!(letter in VALUED) || (letter === 'P' && unix) || (!unix && ['C', 'G', 'g', 's', 'u', 'P'].includes(letter)))
        return wrong(unix ? 'unsupported SysV option' : 'unsupported option (BSD syntax)');
      const value = letters.slice(i + 1) || args[at + 1];
      if (letter === 't' && !unix && value === undefined) wanted.thisTty = true;
      else {
        const complaint = take(letter, value);
        if (complaint) return complaint;
        if (letters.slice(i + 1) === '') at++;
      }
      break;
    }
  }
  return finish(wanted);
}

function finish(wanted: Wanted): Wanted | Wrong {
  return wanted.unixFormat.includes('y') && !wanted.unixFormat.includes('l')
    ? wrong('modifier -y without format -l makes no sense')
    : wanted;
}
