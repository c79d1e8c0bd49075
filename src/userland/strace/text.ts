// How strace 6.1 writes values: strings, flag words, structures. Counterpart: strace util.c, print_fields.h

import { CAPABILITIES } from '#abi/capability.ts';
import * as flags from '#abi/flags.ts';
import { isBlk, isChr, isDir, isFifo, isLnk, isReg, isSock } from '#abi/mode.ts';
import { SIGNALS } from '#abi/signal.ts';
import type { Stat, WaitStatus } from '#kernel/uapi/index.ts';

const ESCAPES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r', 34: '\\"', 92: '\\\\' };

/** A quoted string of at most `max` bytes; more is shown by three dots. Counterpart: string_quote, print_quoted_string_ex */
export function quoted(data: Uint8Array | string, max = Infinity): string {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  let text = '';
  const end = Math.min(bytes.length, max);
  for (let at = 0; at < end; at++) {
    const byte = bytes[at] as number;
    const next = bytes[at + 1] ?? 0;
    if (ESCAPES[byte] !== undefined) text += ESCAPES[byte];
    else if (byte >= 32 && byte < 127) text += String.fromCharCode(byte);
    else text += `\\${at + 1 < end && next >= 48 && next <= 55 ? byte.toString(8).padStart(3, '0') : byte.toString(8)}`;
  }
  return `"${text}"${bytes.length > max ? '...' : ''}`;
}

const NUMBERS = flags as unknown as Readonly<Record<string, number>>;

/** A word of flags by name, in the order given; what has no name in hexadecimal. */
export function flagNames(value: number, names: readonly string[], none = '0'): string {
  let left = value;
  const found: string[] = [];
  for (const name of names) {
    const bit = NUMBERS[name] as number;
    if (bit !== 0 && (left & bit) === bit) {
      found.push(name);
      left &= ~bit;
    }
  }
  if (left !== 0) found.push(`0x${(left >>> 0).toString(16)}`);
  return found.length === 0 ? none : found.join('|');
}

const OPEN = 'O_CREAT O_EXCL O_NOCTTY O_TRUNC O_APPEND O_NONBLOCK O_NOATIME O_CLOEXEC O_PATH O_TMPFILE O_DIRECTORY O_NOFOLLOW'.split(' ');
export const openFlags = (value: number): string => {
  const mode = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE'][value & 3] as string;
  const rest = value & ~3;
  return rest === 0 ? mode : `${mode}|${flagNames(rest, OPEN)}`;
};

/** st_mode as type and octal bits. */
export function fileMode(mode: number): string {
  const type = (
    [
      [isReg, 'S_IFREG'],
      [isDir, 'S_IFDIR'],
      [isLnk, 'S_IFLNK'],
      [isChr, 'S_IFCHR'],
      [isBlk, 'S_IFBLK'],
      [isFifo, 'S_IFIFO'],
      [isSock, 'S_IFSOCK'],
    ] as const
  ).find(([is]) => is(mode))?.[1];
  const special = ['S_ISUID', 'S_ISGID', 'S_ISVTX'].filter((_, at) => (mode & (0o4000 >> at)) !== 0);
  return [type, ...special, octal(mode & 0o777)].join('|');
}

export const octal = (mode: number): string => `0${mode.toString(8).padStart(3, '0')}`;

const device = (rdev: number): string => `makedev(0x${Math.floor(rdev / 0x100000).toString(16)}, 0x${(rdev % 0x100000).toString(16)})`;

/** The abbreviated form, or with -v every field. Times stay numbers. */
export function statText(stat: Stat, verbose: boolean): string {
  const size = isChr(stat.mode) || isBlk(stat.mode) ? `st_rdev=${device(stat.rdev)}` : `st_size=${stat.size}`;
  if (!verbose) return `{st_mode=${fileMode(stat.mode)}, ${size}, ...}`;
  const time = (name: string, ns: bigint): string => `st_${name}=${ns / 1_000_000_000n}, st_${name}_nsec=${ns % 1_000_000_000n}`;
  return `{st_dev=${device(stat.dev)}, st_ino=${stat.ino}, st_mode=${fileMode(stat.mode)}, st_nlink=${stat.nlink}, st_uid=${stat.uid}, st_gid=${stat.gid}, st_blksize=${stat.blksize}, st_blocks=${stat.blocks}, ${size}, ${time('atime', stat.atime)}, ${time('mtime', stat.mtime)}, ${time('ctime', stat.ctime)}}`;
}

export const signalName = (signal: number): string =>
  signal === 0 ? '0' : SIGNALS[signal] ? `SIG${SIGNALS[signal]}` : `SIGRT_${signal - 32}`;
export const signalSet = (signals: readonly number[]): string => `[${signals.map((one) => signalName(one).slice(3)).join(' ')}]`;

export function waitText(status: WaitStatus): string {
  switch (status.kind) {
    case 'exited':
      return `[{WIFEXITED(s) && WEXITSTATUS(s) == ${status.code}}]`;
    case 'signaled':
      return `[{WIFSIGNALED(s) && WTERMSIG(s) == ${signalName(status.signal)}${status.core ? ' && WCOREDUMP(s)' : ''}}]`;
    case 'stopped':
      return `[{WIFSTOPPED(s) && WSTOPSIG(s) == ${signalName(status.signal)}}]`;
    case 'continued':
      return '[{WIFCONTINUED(s)}]';
  }
}

/** What siginfo says of a child: how and with what it ended. */
export function childInfo(status: WaitStatus | null): readonly [string, string] {
  switch (status?.kind) {
    case 'exited':
      return ['CLD_EXITED', String(status.code)];
    case 'signaled':
      return [status.core ? 'CLD_DUMPED' : 'CLD_KILLED', signalName(status.signal)];
    case 'stopped':
      return ['CLD_STOPPED', signalName(status.signal)];
    case 'continued':
    case undefined:
      return ['CLD_CONTINUED', 'SIGCONT'];
  }
}

export const capName = (cap: number): string => CAPABILITIES[cap] ?? `0x${cap.toString(16)} /* CAP_??? */`;
export function capsText(set: bigint): string {
  const names = CAPABILITIES.filter((_, at) => (set & (1n << BigInt(at))) !== 0n).map((name) => `1<<${name}`);
  return names.length === 0 ? '0' : names.join('|');
}

export const timespec = (ns: bigint): string => `{tv_sec=${ns / 1_000_000_000n}, tv_nsec=${ns % 1_000_000_000n}}`;

const FAMILIES: Readonly<Record<number, string>> = {
  1: 'AF_UNIX',
  2: 'AF_INET',
  10: 'AF_INET6',
  16: 'AF_NETLINK',
  17: 'AF_PACKET',
  38: 'AF_ALG',
  40: 'AF_VSOCK',
};
const TYPES: Readonly<Record<number, string>> = { 1: 'SOCK_STREAM', 2: 'SOCK_DGRAM', 3: 'SOCK_RAW', 5: 'SOCK_SEQPACKET' };
const PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'IPPROTO_IP',
  1: 'IPPROTO_ICMP',
  6: 'IPPROTO_TCP',
  17: 'IPPROTO_UDP',
  58: 'IPPROTO_ICMPV6',
};

/** The arguments of socket(2). */
export function socketText([family = 0, type = 0, protocol = 0]: readonly unknown[]): string {
  const inet = family === 2 || family === 10;
  const named = [
    FAMILIES[Number(family)] ?? family,
    TYPES[Number(type)] ?? type,
    inet ? (PROTOCOLS[Number(protocol)] ?? protocol) : protocol,
  ];
  return named.join(', ');
}
