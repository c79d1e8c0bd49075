// One rule of a profile from its words. Counterpart: apparmor.d(5), the sections of the rule kinds

import { CAPABILITIES } from '#abi/capability.ts';
import type { Rlimit } from '../../uapi/index.ts';
import { AA_APPEND, AA_EXEC, AA_LINK, AA_LOCK, AA_MMAP, AA_READ, type ExecMode, type Rule, WRITES } from './profile.ts';
import type { Statement } from './scan.ts';

type Glob = (text: string) => RegExp;

const OTHER = ['dbus', 'mqueue', 'io_uring'];
const PATH = /^["/@]/;
const PERMS = /^[rwalkmxipcuPCUdt]+$/;

const EXEC: Readonly<Record<string, ExecMode>> = {
  ix: { to: 'inherit' },
  px: { to: 'profile' },
  cx: { to: 'child' },
  ux: { to: 'unconfined' },
  pix: { to: 'profile', fallback: 'inherit' },
  cix: { to: 'child', fallback: 'inherit' },
  pux: { to: 'profile', fallback: 'unconfined' },
  cux: { to: 'child', fallback: 'unconfined' },
};

/** `rwix` → bits and the way to enter a program. */
function permissions(word: string, deny: boolean, target: string | undefined): { readonly perms: number; readonly exec?: ExecMode } {
  if (!PERMS.test(word)) throw new Error(`syntax error, unexpected "${word}"`);
  let perms = 0;
  for (const char of word) {
    if (char === 'r') perms |= AA_READ;
    else if (char === 'w') perms |= WRITES;
    else if (char === 'a') perms |= AA_APPEND;
    else if (char === 'l') perms |= AA_LINK;
    else if (char === 'k') perms |= AA_LOCK;
    else if (char === 'm') perms |= AA_MMAP;
    else if (char === 'x') perms |= AA_EXEC;
  }
  const how = word.replace(/[rwalkm]/g, '');
  if (how === '') return { perms };
  if (deny) {
    if (how !== 'x') throw new Error("Invalid mode, in deny rules 'x' must not be preceded by exec qualifier 'i', 'p', or 'u'");
    return { perms };
  }
  const mode = EXEC[how.toLowerCase()];
  if (mode === undefined) throw new Error("Invalid mode, 'x' must be preceded by exec qualifier 'i', 'p', or 'u'");
  return { perms, exec: target === undefined ? mode : { ...mode, target } };
}

/** `(a, b)` or `a` → a, b. */
const listOf = (word: string): readonly string[] =>
  word
    .replace(/^\(|\)$/g, '')
    .split(/[\s,]+/)
    .filter((each) => each !== '')
    .map((each) => each.replace(/^"|"$/g, ''));

const ACCESS: Readonly<Record<string, readonly string[]>> = {
  r: ['receive'],
  w: ['send'],
  rw: ['send', 'receive'],
  wr: ['send', 'receive'],
  read: ['read', 'receive'],
  write: ['send'],
};

function peerRule(kind: 'ptrace' | 'signal', words: readonly string[], glob: Glob) {
  const access: string[] = [];
  const signals: string[] = [];
  let peer: RegExp | null = null;
  for (const word of words) {
    const [, key, value = ''] = /^(set|peer)=(.*)$/s.exec(word) ?? [];
    if (key === 'peer') peer = glob(value);
    else if (key === 'set') signals.push(...listOf(value));
    else access.push(...listOf(word).flatMap((each) => (kind === 'signal' ? (ACCESS[each] ?? [each]) : [each])));
  }
  return { kind, access, signals, peer } as const;
}

function mountRule(what: 'mount' | 'remount' | 'umount' | 'pivot_root', words: readonly string[], glob: Glob) {
  const fstypes: RegExp[] = [];
  let options: readonly string[] | null = null;
  let exact = true;
  const paths: string[] = [];
  let arrow = false;
  let source: RegExp | null = null;
  // `options in (…)` is three words.
  const text = words.join(' ').replace(/\b(options|fstype|vfstype)\s*(=|\bin\b)\s*/g, '$1$2');
  for (const word of text.match(/(?:"[^"]*"|\([^)]*\)|[^\s"(])+/g) ?? []) {
    const [, key, op, value = ''] = /^(options|fstype|vfstype|oldroot)(=|in)(.*)$/s.exec(word) ?? [];
    if (key === 'options') {
      options = listOf(value);
      exact = op === '=';
    } else if (key === 'oldroot') source = glob(value);
    else if (key !== undefined) fstypes.push(...listOf(value).map(glob));
    else if (word === '->') arrow = true;
    else if (arrow || what === 'umount' || what === 'remount' || what === 'pivot_root') paths.push(word);
    else source = glob(word);
  }
  const point = paths[0] === undefined ? null : glob(paths[0]);
  return { kind: 'mount', what, fstypes, options, exact, source, point } as const;
}

function networkRule(words: readonly string[]) {
  const types = ['stream', 'dgram', 'seqpacket', 'rdm', 'raw', 'packet'];
  const byProtocol: Readonly<Record<string, string>> = { tcp: 'stream', udp: 'dgram', icmp: 'raw' };
  const plain = words.filter((word) => !/[=(]/.test(word));
  const type = plain.find((word) => types.includes(word) || word in byProtocol) ?? null;
  const family = plain.find((word) => !types.includes(word) && !(word in byProtocol)) ?? null;
  return { kind: 'network', family, type: type === null ? null : (byProtocol[type] ?? type) } as const;
}

const SECONDS: Readonly<Record<string, number>> = {
  '': 1,
  s: 1,
  sec: 1,
  seconds: 1,
  min: 60,
  minutes: 60,
  hour: 3600,
  hours: 3600,
  day: 86400,
  days: 86400,
};
const BYTES: Readonly<Record<string, number>> = { '': 1, k: 1024, kb: 1024, m: 1 << 20, mb: 1 << 20, g: 1 << 30, gb: 1 << 30 };
const IN_BYTES = ['fsize', 'data', 'stack', 'core', 'rss', 'as', 'memlock', 'msgqueue'];
const COUNTED = ['nofile', 'locks', 'sigpending', 'nproc', 'rtprio', 'nice', 'cpu'];

/** `set rlimit NAME <= VALUE`. */
function rlimitRule(words: readonly string[]) {
  const [, name = '', op, ...rest] = words;
  const value = rest.join('').toLowerCase();
  if (words[0] !== 'rlimit' || op !== '<=') throw new Error(`syntax error, unexpected "set ${words.join(' ')}"`);
  if (!IN_BYTES.includes(name) && !COUNTED.includes(name)) throw new Error(`Invalid rlimit ${name}`);
  const resource = `RLIMIT_${name.toUpperCase()}` as Rlimit;
  if (value === 'infinity') return { kind: 'rlimit', resource, max: Infinity } as const;
  const [, number = '', unit = ''] = /^(-?\d+)([a-z]*)$/.exec(value) ?? [];
  const factor = (IN_BYTES.includes(name) ? BYTES : name === 'cpu' ? SECONDS : { '': 1 })[unit];
  if (number === '' || factor === undefined) throw new Error(`RLIMIT '${name}' invalid value ${rest.join(' ')}`);
  return { kind: 'rlimit', resource, max: name === 'nice' ? 20 - Number(number) : Number(number) * factor } as const;
}

/** `unix …`: the sockets of the family, by type; peers and addresses belong to calls that are not simulated. */
function unixRule(words: readonly string[]) {
  const type = words.map((word) => /^type=\(?(\w+)/.exec(word)?.[1]).find((each) => each !== undefined) ?? null;
  return { kind: 'network', family: 'unix', type } as const;
}

const CAPABILITY_NAMES: readonly string[] = CAPABILITIES.map((name) => name.slice('CAP_'.length).toLowerCase());

/** The rules a statement stands for. Throws what is wrong with it. */
export function makeRule({ words: all, text, line }: Statement, glob: Glob): readonly Rule[] {
  const words = [...all];
  let deny = false;
  let audit = false;
  let owner = false;
  while (['deny', 'allow', 'audit', 'owner', 'other'].includes(words[0] ?? '')) {
    const word = words.shift();
    if (word === 'deny') deny = true;
    if (word === 'audit') audit = true;
    if (word === 'owner') owner = true;
    if (word === 'other') throw new Error('"other" is not simulated');
  }
  const common = { text, line, deny, audit };
  const [first = '', ...rest] = words;
  switch (first) {
    case 'capability': {
      const unknown = rest.find((name) => !CAPABILITY_NAMES.includes(name));
      if (unknown !== undefined) throw new Error(`Invalid capability ${unknown}.`);
      return [{ ...common, kind: 'capability', names: rest }];
    }
    case 'network':
      return [{ ...common, ...networkRule(rest) }];
    case 'ptrace':
    case 'signal':
      return [{ ...common, ...peerRule(first, rest, glob) }];
    case 'mount':
    case 'remount':
    case 'umount':
    case 'unmount':
    case 'pivot_root':
      return [{ ...common, ...mountRule(first === 'unmount' ? 'umount' : first, rest, glob) }];
    case 'change_profile':
      return [{ ...common, kind: 'change_profile', target: rest[0] === '->' && rest[1] !== undefined ? glob(rest[1]) : null }];
    case 'userns':
      return [{ ...common, kind: 'userns' }];
    case 'unix':
      return [{ ...common, ...unixRule(rest) }];
    case 'set':
      return [{ ...common, ...rlimitRule(rest) }];
    case 'link': {
      const [from = '', arrow, to = ''] = rest;
      if (from === 'subset') throw new Error('"link subset" is not simulated');
      if (!PATH.test(from) || arrow !== '->' || !PATH.test(to)) throw new Error(`syntax error, unexpected "${text}"`);
      return [{ ...common, kind: 'file', path: glob(from), owner, perms: AA_LINK, target: glob(to) }];
    }
    case 'all':
      return allRules(common);
    case 'file':
      if (rest.length === 0) return [{ ...common, kind: 'file', path: null, owner, ...everyFile(deny) }];
      words.shift();
      break;
    default:
      if (OTHER.includes(first)) return [{ ...common, kind: 'other' }];
  }
  const arrow = words.indexOf('->');
  const target = arrow < 0 ? undefined : words[arrow + 1];
  const [a = '', b = '', extra] = arrow < 0 ? words : words.slice(0, arrow);
  const [path, perms] = PATH.test(a) ? [a, b] : [b, a];
  if (!PATH.test(path) || extra !== undefined) throw new Error(`syntax error, unexpected "${text}"`);
  return [{ ...common, kind: 'file', path: glob(path), owner, ...permissions(perms, deny, target) }];
}

const everyFile = (deny: boolean) => permissions(deny ? 'rwlkmx' : 'rwlkmix', deny, undefined);

type Flags = Pick<Rule, 'text' | 'line' | 'deny' | 'audit'>;

/** `all,`: one rule of each kind. */
function allRules(common: Flags): readonly Rule[] {
  const none: Glob = () => /^/;
  return [
    { ...common, kind: 'file', path: null, owner: false, ...everyFile(common.deny) },
    { ...common, kind: 'capability', names: [] },
    { ...common, ...networkRule([]) },
    ...(['mount', 'remount', 'umount', 'pivot_root'] as const).map((what) => ({ ...common, ...mountRule(what, [], none) })),
    ...(['ptrace', 'signal'] as const).map((kind) => ({ ...common, ...peerRule(kind, [], none) })),
    { ...common, kind: 'userns' },
  ];
}
