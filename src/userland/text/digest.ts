// Checksums: md5sum, sha1sum, sha256sum, sha512sum, cksum.

import type { Program } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { unbin } from '../lib/bytes.ts';
import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { slurp, splitLines } from '../lib/lines.ts';
import { quotedIfNeeded } from '../lib/quote.ts';

type Digest = (data: Uint8Array) => Program<string>;

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n));
const hex32 = (words: readonly number[]): string => words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');

/** The message with 0x80, zeros and its length in bits. */
function padded(data: Uint8Array, block: number, little: boolean): Uint8Array {
  const size = Math.ceil((data.length + 1 + block / 8) / block) * block;
  const result = new Uint8Array(size);
  result.set(data);
  result[data.length] = 0x80;
  let bits = BigInt(data.length) * 8n;
  for (let at = 0; at < 8; at++) {
    result[little ? size - 8 + at : size - 1 - at] = Number(bits & 255n);
    bits >>= 8n;
  }
  return result;
}

const md5: Digest = function* (data) {
  const input = padded(data, 64, true);
  const view = new DataView(input.buffer);
  const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let chunk = 0; chunk < input.length; chunk += 64) {
    if (chunk % 65536 === 65472) yield* sys.sched_yield();
    let [a, b, c, d] = [a0, b0, c0, d0];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f = round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d);
      const g = round === 0 ? i : round === 1 ? (5 * i + 1) % 16 : round === 2 ? (3 * i + 5) % 16 : (7 * i) % 16;
      const sum = (a + f + Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296) + view.getUint32(chunk + 4 * g, true)) | 0;
      [a, d, c, b] = [d, c, b, (b + rotl(sum, shifts[round * 4 + (i % 4)] as number)) | 0];
    }
    [a0, b0, c0, d0] = [(a0 + a) | 0, (b0 + b) | 0, (c0 + c) | 0, (d0 + d) | 0];
  }
  return [a0, b0, c0, d0]
    .map((word) => [0, 8, 16, 24].map((shift) => ((word >>> shift) & 255).toString(16).padStart(2, '0')).join(''))
    .join('');
};

const sha1: Digest = function* (data) {
  const input = padded(data, 64, false);
  const view = new DataView(input.buffer);
  let h = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const w = new Int32Array(80);
  for (let chunk = 0; chunk < input.length; chunk += 64) {
    if (chunk % 65536 === 65472) yield* sys.sched_yield();
    for (let i = 0; i < 80; i++)
      w[i] =
        i < 16
          ? view.getInt32(chunk + 4 * i)
          : rotl((w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number), 1);
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = h;
    for (let i = 0; i < 80; i++) {
      const [f, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const t = (rotl(a, 5) + f + e + k + (w[i] as number)) | 0;
      [e, d, c, b, a] = [d, c, rotl(b, 30), a, t];
    }
    h = [a, b, c, d, e].map((word, at) => ((h[at] as number) + word) | 0);
  }
  return hex32(h);
};

/** The first primes, from whose roots SHA-2 takes its constants. */
function primes(count: number): number[] {
  const list: number[] = [];
  for (let n = 2; list.length < count; n++) if (list.every((p) => n % p !== 0)) list.push(n);
  return list;
}

/** Fractional bits of the n-th root, exactly. */
function rootBits(prime: number, root: 2n | 3n, bits: bigint): bigint {
  const target = BigInt(prime) << (bits * root);
  let [low, high] = [0n, 1n << (bits + 6n)];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** root <= target) low = middle;
    else high = middle - 1n;
  }
  return low & ((1n << bits) - 1n);
}

const sha2 = (short: boolean): Digest =>
  function* (data) {
    const k = primes(64).map((p) => Number(rootBits(p, 3n, 32n)) | 0);
    // SHA-224 begins with other words and keeps seven of eight.
    let h = short
      ? primes(16)
          .slice(8)
          .map((p) => Number(rootBits(p, 2n, 64n) & 0xffffffffn) | 0)
      : primes(8).map((p) => Number(rootBits(p, 2n, 32n)) | 0);
    const input = padded(data, 64, false);
    const view = new DataView(input.buffer);
    const w = new Int32Array(64);
    const rotr = (x: number, n: number): number => rotl(x, 32 - n);
    for (let chunk = 0; chunk < input.length; chunk += 64) {
      if (chunk % 65536 === 65472) yield* sys.sched_yield();
      for (let i = 0; i < 64; i++) {
        if (i < 16) w[i] = view.getInt32(chunk + 4 * i);
        else {
          const [x, y] = [w[i - 15] as number, w[i - 2] as number];
          w[i] =
            (w[i - 16] as number) +
            (rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3)) +
            (w[i - 7] as number) +
            (rotr(y, 17) ^ rotr(y, 19) ^ (y >>> 10));
        }
      }
      let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, l = 0] = h;
      for (let i = 0; i < 64; i++) {
        const t1 = (l + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + (k[i] as number) + (w[i] as number)) | 0;
        const t2 = ((rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [l, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
      }
      h = [a, b, c, d, e, f, g, l].map((word, at) => ((h[at] as number) + word) | 0);
    }
    return hex32(short ? h.slice(0, 7) : h);
  };

const sha2long = (short: boolean): Digest =>
  function* (data) {
    const M = (1n << 64n) - 1n;
    const rotr = (x: bigint, n: bigint): bigint => ((x >> n) | (x << (64n - n))) & M;
    const k = primes(80).map((p) => rootBits(p, 3n, 64n));
    // SHA-384 begins with other words and keeps six of eight.
    let h = (short ? primes(16).slice(8) : primes(8)).map((p) => rootBits(p, 2n, 64n));
    const input = padded(data, 128, false);
    const view = new DataView(input.buffer);
    for (let chunk = 0; chunk < input.length; chunk += 128) {
      if (chunk % 8192 === 8064) yield* sys.sched_yield();
      const w: bigint[] = [];
      for (let i = 0; i < 80; i++) {
        if (i < 16) w.push(view.getBigUint64(chunk + 8 * i));
        else {
          const [x, y] = [w[i - 15] as bigint, w[i - 2] as bigint];
          w.push(
            ((w[i - 16] as bigint) +
              (rotr(x, 1n) ^ rotr(x, 8n) ^ (x >> 7n)) +
              (w[i - 7] as bigint) +
              (rotr(y, 19n) ^ rotr(y, 61n) ^ (y >> 6n))) &
              M,
          );
        }
      }
      let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, l = 0n] = h;
      for (let i = 0; i < 80; i++) {
        const t1 = (l + (rotr(e, 14n) ^ rotr(e, 18n) ^ rotr(e, 41n)) + ((e & f) ^ (~e & M & g)) + (k[i] as bigint) + (w[i] as bigint)) & M;
        const t2 = ((rotr(a, 28n) ^ rotr(a, 34n) ^ rotr(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c))) & M;
        [l, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & M, c, b, a, (t1 + t2) & M];
      }
      h = [a, b, c, d, e, f, g, l].map((word, at) => ((h[at] as bigint) + word) & M);
    }
    return (short ? h.slice(0, 6) : h).map((word) => word.toString(16).padStart(16, '0')).join('');
  };

const summing = (digest: Digest, tag: string) =>
  command(function* (cli) {
    const options = yield* cli.options({
      busybox: 'scwbt',
      gnu: 'bctwz',
      long: { check: 'c', status: 's', warn: 'w', binary: 'b', text: 't', quiet: 'q', tag: 'tag' },
    });
    if (typeof options === 'number') return options;
    for (const name of options.args.length ? options.args : ['-']) {
      const got = yield* slurp(name);
      if (!got.ok) {
        yield* cli.fail(
          got.errno,
          options.has('c') ? name : got.opening ? `can't open '${name}'` : `can't read '${name}'`,
          quotedIfNeeded(name),
        );
        continue;
      }
      if (!options.has('c')) {
        const sum = yield* digest(unbin(got.value));
        const end = options.has('z') ? '\0' : '\n';
        const mark = cli.gnu && options.last('b', 't') === 'b' ? '*' : ' ';
        yield* cli.text(options.has('tag') ? `${tag} (${name}) = ${sum}${end}` : `${sum} ${mark}${name}${end}`);
        continue;
      }
      let bad = 0;
      let wrong = 0;
      let missing = 0;
      for (const line of splitLines(got.value)) {
        const [, sum, file = ''] = /^([0-9a-f]+) [ *](.*)$/.exec(line) ?? [];
        if (sum === undefined) {
          wrong++;
          continue;
        }
        const data = yield* slurp(file);
        if (!data.ok) {
          missing++;
          yield* cli.fail(data.errno, `can't open '${file}'`, file);
          if (!options.has('s')) yield* cli.text(cli.gnu ? `${file}: FAILED open or read\n` : `${file}: FAILED\n`);
          continue;
        }
        const good = (yield* digest(unbin(data.value))) === sum;
        if (!good) bad++;
        if (!options.has('s') && !(good && options.has('q'))) yield* cli.text(`${file}: ${good ? 'OK' : 'FAILED'}\n`);
      }
      // busybox counts a line it cannot read among the failures.
      if (bad + missing + (cli.gnu ? 0 : wrong) === 0) {
        if (!cli.gnu || wrong === 0) continue;
        yield* cli.error(`${quotedIfNeeded(name)}: no properly formatted checksum lines found`);
        continue;
      }
      cli.status = 1;
      yield* cli.flush();
      if (!cli.gnu && !options.has('s'))
        yield* errOut(
          `${cli.prog}: WARNING: ${bad + missing + wrong} of ${splitLines(got.value).length} computed checksums did NOT match\n`,
        );
      if (cli.gnu && missing && !options.has('s'))
        yield* errOut(`${cli.prog}: WARNING: ${missing} listed file${missing === 1 ? '' : 's'} could not be read\n`);
      if (cli.gnu && bad && !options.has('s'))
        yield* errOut(`${cli.prog}: WARNING: ${bad} computed checksum${bad === 1 ? '' : 's'} did NOT match\n`);
    }
    return yield* cli.finish();
  });

/** Counterpart: md5sum(1) */
export const md5sum = summing(md5, 'MD5');
/** Counterpart: sha1sum(1) */
export const sha1sum = summing(sha1, 'SHA1');
/** Counterpart: sha256sum(1) */
export const sha256sum = summing(sha2(false), 'SHA256');
/** Counterpart: sha224sum(1) */
export const sha224sum = summing(sha2(true), 'SHA224');
/** Counterpart: sha384sum(1) */
export const sha384sum = summing(sha2long(true), 'SHA384');
/** Counterpart: sha512sum(1) */
export const sha512sum = summing(sha2long(false), 'SHA512');

const SIGMA = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
  [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
  [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
  [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
  [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
  [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
  [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
  [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
  [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
] as const;

/** BLAKE2b with 64 bytes of result. Counterpart: RFC 7693 */
const blake2b: Digest = function* (data) {
  const M = (1n << 64n) - 1n;
  const turn = (x: bigint, n: bigint): bigint => ((x >> n) | (x << (64n - n))) & M;
  const start = primes(8).map((p) => rootBits(p, 2n, 64n));
  const h = start.map((word, at) => (at === 0 ? word ^ 0x01010040n : word));
  const chunks = Math.max(1, Math.ceil(data.length / 128));
  for (let chunk = 0; chunk < chunks; chunk++) {
    if (chunk % 256 === 255) yield* sys.sched_yield();
    const block = new Uint8Array(128);
    block.set(data.subarray(chunk * 128, chunk * 128 + 128));
    const view = new DataView(block.buffer);
    const m = Array.from({ length: 16 }, (_, at) => view.getBigUint64(at * 8, true));
    const last = chunk === chunks - 1;
    const v = [...h, ...start];
    v[12] = (v[12] as bigint) ^ BigInt(last ? data.length : (chunk + 1) * 128);
    if (last) v[14] = (v[14] as bigint) ^ M;
    const mix = (a: number, b: number, c: number, d: number, x: bigint, y: bigint): void => {
      const at = (n: number): bigint => v[n] as bigint;
      v[a] = (at(a) + at(b) + x) & M;
      v[d] = turn(at(d) ^ at(a), 32n);
      v[c] = (at(c) + at(d)) & M;
      v[b] = turn(at(b) ^ at(c), 24n);
      v[a] = (at(a) + at(b) + y) & M;
      v[d] = turn(at(d) ^ at(a), 16n);
      v[c] = (at(c) + at(d)) & M;
      v[b] = turn(at(b) ^ at(c), 63n);
    };
    for (let round = 0; round < 12; round++) {
      const s = SIGMA[round % 10] as readonly number[];
      const word = (n: number): bigint => m[s[n] as number] as bigint;
      for (let i = 0; i < 4; i++) mix(i, i + 4, i + 8, i + 12, word(2 * i), word(2 * i + 1));
      for (let i = 0; i < 4; i++) mix(i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4), word(8 + 2 * i), word(9 + 2 * i));
    }
    for (let at = 0; at < 8; at++) h[at] = (h[at] as bigint) ^ (v[at] as bigint) ^ (v[at + 8] as bigint);
  }
  const bytes = h.flatMap((word) => Array.from({ length: 8 }, (_, at) => Number((word >> BigInt(8 * at)) & 255n)));
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** Counterpart: b2sum(1) */
export const b2sum = summing(blake2b, 'BLAKE2b');

/** Counterpart: cksum(1) */
export const cksum = command(function* (cli) {
  const options = yield* cli.options({ busybox: '', gnu: '' });
  if (typeof options === 'number') return options;
  const table = Array.from({ length: 256 }, (_, n) => {
    let c = n << 24;
    for (let bit = 0; bit < 8; bit++) c = c & 0x80000000 ? (c << 1) ^ 0x04c11db7 : c << 1;
    return c;
  });
  for (const name of options.args.length ? options.args : ['-']) {
    const got = yield* slurp(name);
    if (!got.ok) {
      yield* cli.fail(got.errno, `can't open '${name}'`, quotedIfNeeded(name));
      continue;
    }
    let crc = 0;
    const add = (byte: number): void => {
      crc = (crc << 8) ^ (table[((crc >>> 24) ^ byte) & 255] as number);
    };
    for (let at = 0; at < got.value.length; at++) add(got.value.charCodeAt(at));
    for (let length = got.value.length; length > 0; length = Math.floor(length / 256)) add(length & 255);
    yield* cli.text(`${~crc >>> 0} ${got.value.length}${options.args.length ? ` ${name}` : ''}\n`);
  }
  return yield* cli.finish();
});
