// The three kinds of options of procps's ps: `-ef`, `aux`, `--sort=…`.

/** What a command line asks for. */
export interface Wanted {
  /** Processes chosen by a list; any of the lists that are there. */
  pids: number[] | undefined;
  parents: number[] | undefined;
  users: string[] | undefined;
  realUsers: string[] | undefined;
  groups: string[] | undefined;
  commands: string[] | undefined;
  ttys: string[] | undefined;
  sessions: number[] | undefined;
  /** -e or -A; BSD a; BSD x; -a; -d; -N. */
  every: boolean;
  bsdAll: boolean;
  bsdNoTty: boolean;
  withTty: boolean;
  noLeaders: boolean;
  inverse: boolean;
  /** Letters of output formats: f, l, j of Unix; u, l, j of BSD. */
  unixFormat: string;
  bsdFormat: string;
  spec: string[];
  bsd: boolean;
  threads: 'T' | 'L' | undefined;
  label: boolean;
  forest: 'lines' | 'indent' | undefined;
  sort: string | undefined;
  headers: boolean;
  wide: boolean;
}

const fresh = (): Wanted => ({
  pids: undefined,
  parents: undefined,
  users: undefined,
  realUsers: undefined,
  groups: undefined,
  commands: undefined,
  ttys: undefined,
  sessions: undefined,
  every: false,
  bsdAll: false,
  bsdNoTty: false,
  withTty: false,
  noLeaders: false,
  inverse: false,
  unixFormat: '',
  bsdFormat: '',
  spec: [],
  bsd: false,
  threads: undefined,
  label: false,
  forest: undefined,
  sort: undefined,
  headers: true,
  wide: false,
});

const list = (text: string): string[] => text.split(/[ ,]+/).filter((part) => part !== '');
const numbers = (text: string): number[] => list(text).map(Number);

/** Letters that take a value, and what they do with it. */
const VALUED: Readonly<Record<string, (wanted: Wanted, value: string) => void>> = {
  o: (w, v) => w.spec.push(v),
  p: (w, v) => {
    w.pids = [...(w.pids ?? []), ...numbers(v)];
  },
  q: (w, v) => {
    w.pids = [...(w.pids ?? []), ...numbers(v)];
  },
  P: (w, v) => {
    w.parents = [...(w.parents ?? []), ...numbers(v)];
  },
  u: (w, v) => {
    w.users = [...(w.users ?? []), ...list(v)];
  },
  U: (w, v) => {
    w.realUsers = [...(w.realUsers ?? []), ...list(v)];
  },
  G: (w, v) => {
    w.groups = [...(w.groups ?? []), ...list(v)];
  },
  g: (w, v) => {
    w.sessions = [...(w.sessions ?? []), ...numbers(v)];
  },
  s: (w, v) => {
    w.sessions = [...(w.sessions ?? []), ...numbers(v)];
  },
  C: (w, v) => {
    w.commands = [...(w.commands ?? []), ...list(v)];
  },
  t: (w, v) => {
    w.ttys = [...(w.ttys ?? []), ...list(v)];
  },
  k: (w, v) => {
    w.sort = v;
  },
};

const UNIX: Readonly<Record<string, (wanted: Wanted) => void>> = {
  e: (w) => {
    w.every = true;
  },
  A: (w) => {
    w.every = true;
  },
  a: (w) => {
    w.withTty = true;
  },
  d: (w) => {
    w.noLeaders = true;
  },
  N: (w) => {
    w.inverse = true;
  },
  f: (w) => {
    w.unixFormat += 'f';
  },
  F: (w) => {
    w.unixFormat += 'f';
  },
  l: (w) => {
    w.unixFormat += 'l';
  },
  j: (w) => {
    w.unixFormat += 'j';
  },
  H: (w) => {
    w.forest = 'indent';
  },
  L: (w) => {
    w.threads = 'L';
  },
  T: (w) => {
    w.threads = 'T';
  },
  Z: (w) => {
    w.label = true;
  },
  M: (w) => {
    w.label = true;
  },
  w: (w) => {
    w.wide = true;
  },
};

const BSD: Readonly<Record<string, (wanted: Wanted) => void>> = {
  a: (w) => {
    w.bsdAll = true;
  },
  x: (w) => {
    w.bsdNoTty = true;
  },
  u: (w) => {
    w.bsdFormat = 'u';
  },
  l: (w) => {
    w.bsdFormat = 'l';
  },
  j: (w) => {
    w.bsdFormat = 'j';
  },
  f: (w) => {
    w.forest = 'lines';
  },
  h: (w) => {
    w.headers = false;
  },
  w: UNIX.w as (wanted: Wanted) => void,
  Z: UNIX.Z as (wanted: Wanted) => void,
};

const LONG: Readonly<Record<string, string>> = {
  pid: 'p',
  'quick-pid': 'q',
  ppid: 'P',
  user: 'u',
  User: 'U',
  Group: 'G',
  group: 'g',
  format: 'o',
  sort: 'k',
  tty: 't',
  sid: 's',
};
const FLAGS: Readonly<Record<string, (wanted: Wanted) => void>> = {
  forest: BSD.f as (wanted: Wanted) => void,
  'no-headers': BSD.h as (wanted: Wanted) => void,
  'no-heading': BSD.h as (wanted: Wanted) => void,
  deselect: UNIX.N as (wanted: Wanted) => void,
  context: UNIX.Z as (wanted: Wanted) => void,
};

/** Reads the words; a text says what is wrong. Deviates: BSD's e, s and v, and -y, -O, -c, -m are refused. */
export function readOptions(args: readonly string[]): Wanted | string {
  const wanted = fresh();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    const next = (): string | undefined => args[++at];
    if (arg.startsWith('--')) {
      const [name = '', inline] = arg.slice(2).split(/=(.*)/s);
      const letter = LONG[name];
      if (letter !== undefined) {
        const value = inline ?? next();
        if (value === undefined) return 'garbage option';
        VALUED[letter]?.(wanted, value);
      } else if (FLAGS[name]) FLAGS[name](wanted);
      else return 'unknown gnu long option';
      continue;
    }
    if (/^\d+(,\d+)*$/.test(arg)) {
      VALUED.p?.(wanted, arg);
      wanted.bsd = true;
      continue;
    }
    const unix = arg.startsWith('-') && arg !== '-';
    if (!unix) wanted.bsd = true;
    const letters = unix ? arg.slice(1) : arg;
    for (let i = 0; i < letters.length; i++) {
      const letter = letters[i] as string;
      const valued = VALUED[letter];
      const flag = (unix ? UNIX : BSD)[letter];
      if (valued && !(flag && !unix)) {
        const value = letters.slice(i + 1) || next();
        if (value === undefined) return letter === 'o' ? 'format specification must follow -o' : 'list of process IDs must follow -p';
        valued(wanted, value);
        break;
      }
      if (flag === undefined) return unix ? 'unsupported SysV option' : 'unsupported option (BSD syntax)';
      flag(wanted);
    }
  }
  return wanted;
}
