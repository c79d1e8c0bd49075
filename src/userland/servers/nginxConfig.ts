// nginx.conf as far as it decides about users, files and ports. Counterpart: ngx_conf_parse; nginx.org/en/docs/ngx_core_module.html
// Deviates: where a directive may stand and what it may be given is not checked, and what serves requests has no effect.

import { errnoNumber, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import { type Dirent, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import { readFile, textOf } from '../lib/io.ts';
import { globRegex } from '../lib/regex.ts';
import { DIRECTIVES } from './nginxDirectives.ts';
import type { NginxLog } from './nginxLog.ts';

const CACHE = '/var/cache/nginx/';

export interface LogFile {
  readonly path: string;
  readonly level: string;
}

/** Who the workers are. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export interface Config {
  /** Whom workers become, where the master may do that. */
  user: Account | undefined;
  workers: number | 'auto';
  errorLog: LogFile;
  accessLogs: string[];
  pid: string;
  listens: string[]; // 0.0.0.0:80, [::]:80
  /** client, proxy, fastcgi, uwsgi, scgi, in the order nginx makes them; none without http. */
  tempPaths: Record<string, string>;
  daemon: boolean;
  master: boolean;
  userGiven: boolean;
  hasEvents: boolean;
  /** What names of logs, pid file and directories are relative to. */
  readonly prefix: string;
  /** The files read, in order. */
  readonly files: { readonly name: string; readonly text: string }[];
}

/** Reads with what it may ask: the log for warnings, and whether the master is root. */
export interface Reader {
  readonly config: Config;
  readonly log: NginxLog;
  readonly root: boolean;
  /** The directory of the main file, which included names are relative to. */
  readonly folder: string;
}

/** Counterpart: ngx_conf_full_name */
export const under = (prefix: string, path: string): string => (path.startsWith('/') ? path : prefix + path);

interface Token {
  readonly text: string;
  readonly line: number;
  readonly quoted: boolean;
}

function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  let line = 1;
  const pattern =
    /\n|#[^\n]*|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|[;{}]|(?:\\[\s\S]|\$\{[^}]*\}|[^\s;{}"'\\])(?:\\[\s\S]|\$\{[^}]*\}|[^\s;{}\\])*/g;
  for (const match of text.matchAll(pattern)) {
    const whole = match[0];
    if (whole === '\n') line++;
    else if (!whole.startsWith('#')) {
      const quoted = match[1] ?? match[2];
      found.push({ text: quoted ?? whole, line, quoted: quoted !== undefined });
      line += whole.split('\n').length - 1;
    }
  }
  return found;
}

const listenName = (word: string): string => {
  if (/^\d+$/.test(word)) return `0.0.0.0:${word}`;
  if (word.startsWith('unix:')) return word;
  const name = word.replace(/^(\*|localhost)(?=:|$)/, (host) => (host === '*' ? '0.0.0.0' : '127.0.0.1'));
  return /:\d+$/.test(name) ? name : `${name}:80`;
};

export const startConfig = (errorLog: string, prefix: string): Config => ({
  prefix,
  files: [],
  user: undefined,
  userGiven: false,
  hasEvents: false,
  workers: 1,
  errorLog: { path: errorLog, level: 'error' },
  accessLogs: [],
  pid: '/run/nginx.pid',
  listens: [],
  tempPaths: {},
  daemon: true,
  master: true,
});

/** Takes one directive; what is wrong with it, or nothing. */
function take(config: Config, words: readonly string[], path: readonly string[], where: string): string | undefined {
  const [name = '', first = '', second] = words;
  const absolute = (name: string): string => under(config.prefix, name);
  const temp = /^(client_body|proxy|fastcgi|uwsgi|scgi)_temp_path$/.exec(name)?.[1];
  if (temp !== undefined) config.tempPaths[temp] = absolute(first);
  switch (name) {
    case 'worker_processes':
      config.workers = first === 'auto' ? 'auto' : Number(first);
      if (first !== 'auto' && !/^\d+$/.test(first)) return `"worker_processes" directive invalid value ${where}`;
      break;
    case 'error_log':
      config.errorLog = { path: first === 'stderr' ? first : absolute(first), level: second ?? 'error' };
      break;
    case 'access_log':
      if (first !== 'off') config.accessLogs.push(absolute(first));
      break;
    case 'pid':
      config.pid = absolute(first);
      break;
    case 'daemon':
    case 'master_process':
      if (first !== 'on' && first !== 'off') return `invalid value "${first}" in "${name}" directive, it must be "on" or "off" ${where}`;
      config[name === 'daemon' ? 'daemon' : 'master'] = first === 'on';
      break;
    case 'listen':
      if (path.includes('server') && !config.listens.includes(listenName(first))) config.listens.push(listenName(first));
      break;
  }
  return undefined;
}

/** The directive user: an ordinary master is warned, root looks the names up. Counterpart: ngx_set_user, ngx_core_module_init_conf */
export function* takeUser({ config, log, root }: Reader, words: readonly string[], where: string): Program<string | undefined> {
  const [, name = '', group = name] = words;
  if (config.userGiven) return `"user" directive is duplicate ${where}`;
  config.userGiven = true;
  if (!root) {
    yield* log.say('warn', `the "user" directive makes sense only if the master process runs with super-user privileges, ignored ${where}`);
    return undefined;
  }
  const at = where === '' ? '' : ` ${where}`;
  const user = (yield* passwdEntries()).find((one) => one.name === name);
  if (user === undefined) return `getpwnam("${name}") failed${at}`;
  const groups = yield* groupEntries();
  const gid = groups.find((one) => one.name === group)?.gid;
  if (gid === undefined) return `getgrnam("${group}") failed${at}`;
  const more = groups.filter(({ members }) => members.includes(name)).map((one) => one.gid);
  config.user = { name, uid: user.uid, gid, groups: [...new Set([gid, ...more])] };
  return undefined;
}

/** Reads a text into a configuration; the complaint without its level, or nothing. `where` names a place by its line. */
export function* readText(
  reader: Reader,
  text: string,
  where: (line: number) => string,
  outer: readonly string[] = [],
): Program<string | undefined> {
  const { config } = reader;
  const path = [...outer];
  const listening: boolean[] = [];
  let words: string[] = [];
  for (const { text: word, line, quoted } of tokens(text)) {
    if (quoted || !/^[;{}]$/.test(word)) {
      words.push(word);
      continue;
    }
    const name = words[0];
    if (word === '}') {
      if (words.length > 0 || path.length === outer.length) return `unexpected "}" ${where(line)}`;
      // A server without a port of its own has one that an ordinary user may take.
      if (path.pop() === 'server' && listening.pop() === false) {
        const uid: SysResult<readonly number[]> = yield* sys.getresuid();
        config.listens.push(`0.0.0.0:${uid.ok && uid.value[0] === 0 ? 80 : 8000}`);
      }
      continue;
    }
    if (name === undefined) return `unexpected "${word}" ${where(line)}`;
    const inside = path.at(-1);
    // Lines of these blocks are data, not directives.
    const data = inside !== undefined && /^(types|map|geo|split_clients|charset_map)$/.test(inside);
    if (!data && !DIRECTIVES.has(name)) return `unknown directive "${name}" ${where(line)}`;
    if (word === '{') {
      path.push(name);
      if (name === 'http')
        for (const one of ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'])
          config.tempPaths[one] ??= `${CACHE}${one.replace('client_body', 'client')}_temp`;
      if (name === 'server') listening.push(false);
      if (name === 'events') config.hasEvents = true;
    } else if (name === 'include' && !data) {
      const wrong = yield* include(reader, under(reader.folder, words[1] ?? ''), path, where(line));
      if (wrong !== undefined) return wrong;
    } else if (!data) {
      if (name === 'listen') listening[listening.length - 1] = true;
      const wrong = name === 'user' ? yield* takeUser(reader, words, where(line)) : take(config, words, path, where(line));
      if (wrong !== undefined) return wrong;
    }
    words = [];
  }
  const last = text.split('\n').length;
  if (words.length > 0) return `unexpected end of file, expecting ";" or "}" ${where(last)}`;
  return path.length > outer.length ? `unexpected end of file, expecting "}" ${where(last)}` : undefined;
}

/** Reads one configuration file. */
export function* readConfig(reader: Reader, file: string, outer: readonly string[] = [], asked = ''): Program<string | undefined> {
  const contents = yield* readFile(file);
  if (!contents.ok)
    return `open() "${file}" failed (${errnoNumber(contents.errno)}: ${strerror(contents.errno)})${asked === '' ? '' : ` ${asked}`}`;
  const text = textOf(contents.value);
  reader.config.files.push({ name: file, text });
  return yield* readText(reader, text, (line) => `in ${file}:${line}`, outer);
}

function* include(reader: Reader, pattern: string, path: readonly string[], asked: string): Program<string | undefined> {
  const slash = pattern.lastIndexOf('/');
  const folder = pattern.slice(0, slash);
  let files = [pattern];
  if (/[*?[]/.test(pattern)) {
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, folder, O_RDONLY);
    const entries: SysResult<readonly Dirent[]> = fd.ok ? yield* sys.getdents64(fd.value) : { ok: true, value: [] };
    if (fd.ok) yield* sys.close(fd.value);
    const matches = globRegex(pattern.slice(slash + 1));
    files = (entries.ok ? entries.value : [])
      .flatMap(({ name }) => (!name.startsWith('.') && matches.test(name) ? [`${folder}/${name}`] : []))
      .sort();
  }
  for (const file of files) {
    const wrong = yield* readConfig(reader, file, path, asked);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
