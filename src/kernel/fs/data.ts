// Contents of regular files: persistent, in chunks of 64 KiB, with holes.

import { PVec } from '#base/pvec.ts';
import type { FileData } from '../state.ts';
import { isProgramImage } from '../uapi/index.ts';

const CHUNK = 65536;

/** Shared by all whole chunks of zeros, so that `dd if=/dev/zero` needs no memory. */
const ZEROS = new Uint8Array(CHUNK);

function isZeros(part: Uint8Array): boolean {
  if (part.length !== CHUNK) return false;
  if (part[0] !== 0 || part.byteOffset % 4 !== 0) return false;
  return new Int32Array(part.buffer, part.byteOffset, CHUNK / 4).every((word) => word === 0);
}

export const EMPTY_FILE: FileData = { size: 0, chunks: PVec.empty() };

/**
 * How much of a buffer is taken by the newest version of the chunk in it. Appending to that version writes behind it in
 * the same buffer: older versions end earlier and never see it. So a file written in small pieces is not copied each time.
 */
const taken = new WeakMap<ArrayBufferLike, number>();

function fresh(length: number): Uint8Array {
  const capacity = Math.min(CHUNK, Math.max(64, length * 2));
  const buffer = new ArrayBuffer(capacity);
  taken.set(buffer, length);
  return new Uint8Array(buffer, 0, length);
}

/** Up to `count` bytes from `offset`; empty at the end. Holes read as zeros. */
export function readData(file: FileData, offset: number, count: number): Uint8Array {
  const end = Math.min(file.size, offset + count);
  if (end <= offset) return new Uint8Array(0);
  const first = Math.floor(offset / CHUNK);
  if (first === Math.floor((end - 1) / CHUNK)) {
    const chunk = file.chunks.get(first);
    const from = offset - first * CHUNK;
    const to = end - first * CHUNK;
    if (chunk !== undefined && chunk.length >= to) return chunk.slice(from, to);
  }
  const out = new Uint8Array(end - offset);
  for (let at = offset; at < end; ) {
    const index = Math.floor(at / CHUNK);
    const base = index * CHUNK;
    const stop = Math.min(end, base + CHUNK);
    const chunk = file.chunks.get(index);
    if (chunk !== undefined && chunk.length > at - base)
      out.set(chunk.subarray(at - base, Math.min(chunk.length, stop - base)), at - offset);
    at = stop;
  }
  return out;
}

/** The file with `data` written at `offset`. */
export function writeData(file: FileData, offset: number, data: Uint8Array): FileData {
  let { chunks } = file;
  for (let done = 0; done < data.length; ) {
    const at = offset + done;
    const index = Math.floor(at / CHUNK);
    const from = at - index * CHUNK;
    const part = data.subarray(done, done + Math.min(CHUNK - from, data.length - done));
    chunks = chunks.set(index, writeChunk(chunks.get(index), from, part));
    done += part.length;
  }
  return { size: Math.max(file.size, offset + data.length), chunks };
}

function writeChunk(old: Uint8Array | undefined, from: number, part: Uint8Array): Uint8Array {
  if (from === 0 && isZeros(part)) return ZEROS;
  const length = Math.max(old?.length ?? 0, from + part.length);
  if (
    old !== undefined &&
    from === old.length &&
    taken.get(old.buffer) === old.length &&
    old.byteOffset === 0 &&
    length <= old.buffer.byteLength
  ) {
    const longer = new Uint8Array(old.buffer, 0, length);
    longer.set(part, from);
    taken.set(old.buffer, length);
    return longer;
  }
  const copy = fresh(length);
  if (old !== undefined) copy.set(old);
  copy.set(part, from);
  return copy;
}

/** The file cut or extended (with a hole) to a size. */
export function truncateData(file: FileData, size: number): FileData {
  if (size === 0) return EMPTY_FILE;
  if (size >= file.size) return { size, chunks: file.chunks };
  let { chunks } = file;
  const last = Math.floor((size - 1) / CHUNK);
  for (let index = chunks.length - 1; index > last; index--) if (chunks.get(index) !== undefined) chunks = chunks.set(index, undefined);
  const chunk = chunks.get(last);
  if (chunk !== undefined && chunk.length > size - last * CHUNK) chunks = chunks.set(last, chunk.slice(0, size - last * CHUNK));
  return { size, chunks };
}

/** Bytes that are not holes, in units of 512, as st_blocks counts on a file system with 4 KiB blocks. */
export function blocksOf(file: FileData): number {
  // Only the header of an executable is kept; the real one has no holes.
  const head = file.chunks.get(0);
  if (head !== undefined && isProgramImage(head)) return Math.ceil(file.size / 4096) * 8;
  if (head !== undefined && file.chunks.length === 1) return Math.ceil(head.length / 4096) * 8;
  let blocks = 0;
  for (const [, chunk] of file.chunks.entries()) blocks += Math.ceil(chunk.length / 4096) * 8;
  return blocks;
}

const PAGE = 4096;

/**
 * Where from an offset on the next data (or the next hole) begins; undefined: no more data. The end of a file counts as a hole.
 * Counterpart: lseek(2), SEEK_DATA and SEEK_HOLE. Deviates: a hole before data in the same 64 KiB counts as data.
 */
export function seekPiece(file: FileData, offset: number, data: boolean): number | undefined {
  const head = file.chunks.get(0);
  if (head !== undefined && isProgramImage(head)) return data ? offset : file.size;
  for (let index = Math.floor(offset / CHUNK); index * CHUNK < file.size; index++) {
    const base = index * CHUNK;
    const end = base + Math.ceil((file.chunks.get(index)?.length ?? 0) / PAGE) * PAGE;
    const at = Math.max(offset, base);
    if (at < end) {
      if (data) return at;
      if (end < base + CHUNK) return Math.min(end, file.size);
    } else if (!data) return at;
  }
  return data ? undefined : file.size;
}
