// Flags as pflag reads them: --name value, --name=value, -x value, -xvalue, -abc for booleans, -- ends them.

export type FlagKind = 'bool' | 'string' | 'list' | 'int' | 'optional';

export interface FlagSpec {
  readonly name: string;
  readonly short?: string;
  readonly kind: FlagKind;
  /** What a flag given without value means (kind "optional"). */
  readonly implied?: string;
  /** Known, but not simulated: saying so beats pretending. */
  readonly refused?: true;
}

export interface Parsed {
  readonly args: readonly string[];
  /** How many of the arguments stood before --; -1 without one. */
  readonly dash: number;
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** `b:force`, `s:output,o`, `l:filename,f`, `i:tail`, `o:dry-run=unchanged`: kind letter, name, short form, implied value; `!` before it: refused. */
export function flag(text: string): FlagSpec {
  const refused = text.startsWith('!');
  const [letter = '', rest = ''] = refused ? [text[1], text.slice(3)] : [text[0], text.slice(2)];
  const [left = '', implied] = rest.split('=');
  const [name = '', short] = left.split(',');
  const kind = ({ b: 'bool', s: 'string', l: 'list', i: 'int', o: 'optional' } as const)[letter as 'b'] ?? 'string';
  return {
    name,
    kind,
    ...(short === undefined ? {} : { short }),
    ...(implied === undefined ? {} : { implied }),
    ...(refused ? { refused } : {}),
  };
}

export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  's:namespace,n',
  's:context',
  '!s:cluster',
  's:kubeconfig',
  's:user',
  's:as',
  'l:as-group',
  '!s:server,s',
  '!s:token',
  's:request-timeout',
  'i:v,v',
  'b:warnings-as-errors',
  'b:help,h',
  's:cache-dir',
  'b:insecure-skip-tls-verify',
  's:as-uid',
  'b:match-server-version',
  's:log-flush-frequency',
  'b:disable-compression',
  's:tls-server-name',
  's:certificate-authority',
  's:client-certificate',
  's:client-key',
].map(flag);

export type ParseResult = { readonly ok: true; readonly parsed: Parsed } | { readonly ok: false; readonly error: string };

const isBool = (text: string): boolean => /^(1|0|t|f|T|F|true|false|TRUE|FALSE|True|False)$/.test(text);

/** Sorts words into flags and arguments. Error texts without "error: ". Counterpart: spf13/pflag parseArgs */
export function parseFlags(words: readonly string[], specs: readonly FlagSpec[]): ParseResult {
  const values = new Map<string, string[]>();
  const args: string[] = [];
  let dash = -1;
  const put = (spec: FlagSpec, value: string, shown: string): string | undefined => {
    if (spec.kind === 'bool' && !isBool(value))
      return `invalid argument "${value}" for "${shown}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`;
    if (spec.kind === 'int' && !/^[+-]?\d+$/.test(value))
      return `invalid argument "${value}" for "${shown}" flag: strconv.ParseInt: parsing "${value}": invalid syntax`;
    const old = values.get(spec.name) ?? [];
    values.set(spec.name, spec.kind === 'list' ? [...old, value] : [value]);
    return undefined;
  };
  const label = (spec: FlagSpec): string => (spec.short ? `-${spec.short}, --${spec.name}` : `--${spec.name}`);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') {
      dash = args.length;
      args.push(...words.slice(i + 1));
      break;
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
      const spec = specs.find((s) => s.name === name);
      if (!spec) return { ok: false, error: `unknown flag: --${name}` };
      let value = equals < 0 ? undefined : word.slice(equals + 1);
      if (value === undefined) {
        if (spec.kind === 'bool') value = 'true';
        else if (spec.kind === 'optional') value = spec.implied ?? '';
        else if (i + 1 < words.length) value = words[++i] as string;
        else return { ok: false, error: `flag needs an argument: --${name}` };
      }
      const problem = put(spec, value, label(spec));
      if (problem !== undefined) return { ok: false, error: problem };
      continue;
    }
    if (!word.startsWith('-') || word === '-') {
      args.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] as string;
      const spec = specs.find((s) => s.short === letter);
      if (!spec) return { ok: false, error: `unknown shorthand flag: '${letter}' in ${word}` };
      let value: string;
      const rest = word.slice(at + 1);
      if (rest.startsWith('=')) value = rest.slice(1);
      else if (spec.kind === 'bool') {
        const problem = put(spec, 'true', label(spec));
        if (problem !== undefined) return { ok: false, error: problem };
        continue;
      } else if (spec.kind === 'optional') value = spec.implied ?? '';
      else if (rest !== '') value = rest;
      else if (i + 1 < words.length) value = words[++i] as string;
      else return { ok: false, error: `flag needs an argument: '${letter}' in ${word}` };
      const problem = put(spec, value, label(spec));
      if (problem !== undefined) return { ok: false, error: problem };
      break;
    }
  }
  return { ok: true, parsed: { args, dash, values } };
}
