// Members of a tar archive and their 512-byte headers. Counterpart: tar(5), the old GNU form that both tars write

import {
  isBlk,
  isChr,
  isDir,
  isFifo,
  isLnk,
  major,
  makedev,
  minor,
  S_IFBLK,
  S_IFCHR,
  S_IFDIR,
  S_IFIFO,
  S_IFLNK,
  S_IFREG,
} from '#abi/mode.ts';
import { fromBin, toBin } from '../lib/bytes.ts';

export const BLOCK = 512;
/** Names of this length and more get a member of their own before the header. */
const NAME_MAX = 100;

export interface Member {
  readonly name: string;
  /** Type and permission bits, as st_mode. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly uname: string;
  readonly gname: string;
  /** Seconds since the epoch. */
  readonly mtime: number;
  readonly rdev: number;
  /** Target of a symbolic link, or of a hard link when `hard`. */
  readonly link: string;
  readonly hard: boolean;
  readonly data: Uint8Array;
}

const put = (block: Uint8Array, at: number, bin: string): void => {
  for (let i = 0; i < bin.length; i++) block[at + i] = bin.charCodeAt(i);
};
const octal = (value: number, width: number): string => value.toString(8).padStart(width, '0');

function header(name: string, type: string, size: number, member: Member): Uint8Array {
  const block = new Uint8Array(BLOCK);
  put(block, 0, name.slice(0, NAME_MAX));
  put(block, 100, octal(member.mode & 0o7777, 7));
  put(block, 108, octal(member.uid, 7));
  put(block, 116, octal(member.gid, 7));
  put(block, 124, octal(size, 11));
  put(block, 136, octal(member.mtime, 11));
  put(block, 156, type);
  put(block, 157, toBin(member.link).slice(0, NAME_MAX));
  put(block, 257, 'ustar  ');
  put(block, 265, toBin(member.uname).slice(0, 31));
  put(block, 297, toBin(member.gname).slice(0, 31));
  if (isChr(member.mode) || isBlk(member.mode)) {
    put(block, 329, octal(major(member.rdev), 7));
    put(block, 337, octal(minor(member.rdev), 7));
  }
  put(block, 148, '        ');
  put(block, 148, `${octal(sum(block), 6)}\0 `);
  return block;
}

function sum(block: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < BLOCK; at++) total += at >= 148 && at < 156 ? 32 : (block[at] as number);
  return total;
}

function padded(data: Uint8Array): Uint8Array {
  const rest = data.length % BLOCK;
  if (rest === 0) return data;
  const all = new Uint8Array(data.length + BLOCK - rest);
  all.set(data);
  return all;
}

const EMPTY = new Uint8Array(0);
const NOBODY: Member = {
  name: '',
  mode: 0o644,
  uid: 0,
  gid: 0,
  uname: '',
  gname: '',
  mtime: 0,
  rdev: 0,
  link: '',
  hard: false,
  data: EMPTY,
};

const typeOf = (member: Member): string => {
  if (member.hard) return '1';
  if (isLnk(member.mode)) return '2';
  if (isChr(member.mode)) return '3';
  if (isBlk(member.mode)) return '4';
  if (isDir(member.mode)) return '5';
  return isFifo(member.mode) ? '6' : '0';
};

/** The blocks of one member; long names first. */
export function encode(member: Member): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  const long = (text: string, type: string): void => {
    const bin = toBin(text);
    if (bin.length < NAME_MAX) return;
    const data = new Uint8Array(bin.length + 1);
    put(data, 0, bin);
    blocks.push(header('././@LongLink', type, data.length, NOBODY), padded(data));
  };
  long(member.link, 'K');
  long(member.name, 'L');
  blocks.push(header(toBin(member.name), typeOf(member), member.data.length, member), padded(member.data));
  return blocks;
}

const TYPES: Readonly<Record<string, number>> = { '2': S_IFLNK, '3': S_IFCHR, '4': S_IFBLK, '5': S_IFDIR, '6': S_IFIFO };

/** What an archive holds; `broken` says why reading stopped before a block of zeros. */
export interface Archive {
  readonly members: readonly Member[];
  readonly broken: 'magic' | 'short' | undefined;
}

/** Reads an archive. Sizes and names beyond the old GNU form (pax records) are skipped. */
export function decode(bytes: Uint8Array): Archive {
  const members: Member[] = [];
  let longName: string | undefined;
  let longLink: string | undefined;
  for (let at = 0; ; ) {
    if (at + BLOCK > bytes.length) return { members, broken: at < bytes.length ? 'magic' : members.length > 0 ? undefined : 'short' };
    const block = bytes.subarray(at, at + BLOCK);
    if (block.every((byte) => byte === 0)) return { members, broken: undefined };
    const text = (from: number, length: number): string => {
      let bin = '';
      for (let i = from; i < from + length && block[i] !== 0; i++) bin += String.fromCharCode(block[i] as number);
      return bin;
    };
    const number = (from: number, length: number): number => Number.parseInt(text(from, length).trim() || '0', 8) || 0;
    if (number(148, 8) !== sum(block) || !text(257, 5).startsWith('ustar')) return { members, broken: 'magic' };
    const size = number(124, 12);
    const type = text(156, 1);
    at += BLOCK;
    const data = bytes.subarray(at, at + size);
    if (data.length < size) return { members, broken: 'short' };
    at += Math.ceil(size / BLOCK) * BLOCK;
    const asText = (): string => fromBin(String.fromCharCode(...data)).replace(/\0.*$/s, '');
    if (type === 'L') longName = asText();
    else if (type === 'K') longLink = asText();
    else if (type !== 'x' && type !== 'g') {
      const prefix = text(257, 6) === 'ustar' && block[262] === 0 ? text(345, 155) : '';
      const name = longName ?? fromBin((prefix === '' ? '' : `${prefix}/`) + text(0, NAME_MAX));
      members.push({
        name,
        mode: (number(100, 8) & 0o7777) | (TYPES[type] ?? (name.endsWith('/') ? S_IFDIR : S_IFREG)),
        uid: number(108, 8),
        gid: number(116, 8),
        uname: text(265, 32),
        gname: text(297, 32),
        mtime: number(136, 12),
        rdev: makedev(number(329, 8), number(337, 8)),
        link: longLink ?? fromBin(text(157, NAME_MAX)),
        hard: type === '1',
        data,
      });
      longName = undefined;
      longLink = undefined;
    }
  }
}

/** All blocks as one array, with the zeros at the end: two blocks, filled up to a whole record. */
export function assemble(blocks: readonly Uint8Array[], record: number): Uint8Array {
  const length = blocks.reduce((total, block) => total + block.length, 0) + 2 * BLOCK;
  const all = new Uint8Array(Math.ceil(length / record) * record);
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
