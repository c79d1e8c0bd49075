// Dumps by format strings such as '16/1 "%02x " "\n"': what hexdump and xxd of busybox are made of.

import { strerror } from '#abi/errno.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { busyboxUnescape } from '../lib/busybox-escapes.ts';
import type { Cli } from '../lib/cli.ts';
import { slurp } from '../lib/lines.ts';
import { CHAR, CONTROLS } from './dump-words.ts';

type Kind = 'text' | 'address' | 'char' | 'escaped' | 'printable' | 'named' | 'signed' | 'unsigned' | 'string' | 'float';

/** A conversion with the text around it. */
interface Piece {
  readonly kind: Kind;
  readonly before: string;
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  /** Conversion letter of printf(3): the base of a number. */
  readonly letter: string;
  readonly after: string;
  /** Bytes of input it shows. */
  readonly bytes: number;
}

/** `REPS/BYTES "FORMAT"`. */
interface Unit {
  readonly given: boolean;
  readonly count: number;
  readonly format: string;
  reps: number;
  bytes: number;
  pieces: Piece[];
  /** Shown once behind everything, for %_A. */
  last: boolean;
}

export class FormatError extends Error {}

/** What a format does not say of itself. */
export interface DumpOptions {
  readonly skip: number;
  readonly length: number | undefined;
  /** Show repeated blocks too. */
  readonly all: boolean;
  /** xxd: what ends an incomplete block, instead of blanks. */
  readonly end?: string;
  /** xxd -o: added to every address. */
  readonly shift?: number;
}

export interface Dumped {
  readonly status: number;
  readonly length: number;
}

/** The units of one format string. Counterpart: bb_dump_add() */
function unitsOf(format: string): Unit[] {
  const units: Unit[] = [];
  let rest = format.trimStart();
  const bad = (): never => {
    throw new FormatError(`bad format {${format}}`);
  };
  while (rest !== '') {
    const reps = /^(\d+)([\s/])\s*/.exec(rest);
    if (/^\d/.test(rest) && !reps) return bad();
    if (reps) rest = rest.slice(reps[0].length);
    rest = rest.replace(/^\/\s*/, '');
    const count = /^(\d+)\s+/.exec(rest);
    if (/^\d/.test(rest) && !count) return bad();
    if (count) rest = rest.slice(count[0].length);
    const quoted = /^"([^"]*)"\s*/.exec(rest);
    if (!quoted) return bad();
    rest = rest.slice(quoted[0].length);
    units.push({
      given: reps !== null,
      count: Number(count?.[1] ?? 0),
      format: busyboxUnescape(quoted[1] as string),
      reps: Number(reps?.[1] ?? 1),
      bytes: Number(count?.[1] ?? 0),
      pieces: [],
      last: false,
    });
  }
  return units;
}

const SIZES: readonly (readonly [RegExp, Kind, readonly number[]])[] = [
  [/^c/, 'char', [1]],
  [/^l?[di]/, 'signed', [4, 2, 1]],
  [/^l?[ouxX]/, 'unsigned', [4, 2, 1]],
  [/^[eEfgG]/, 'float', [8, 4]],
  [/^_c/, 'escaped', [1]],
  [/^_p/, 'printable', [1]],
  [/^_u/, 'named', [1]],
];

/** Cuts the format of a unit into conversions. Counterpart: rewrite() */
function pieces(unit: Unit): void {
  let text = unit.format;
  let conversions = 0;
  while (text !== '') {
    const at = text.indexOf('%');
    if (at < 0) {
      unit.pieces.push({ kind: 'text', before: text, flags: '', width: 0, precision: undefined, letter: '', after: '', bytes: 0 });
      break;
    }
    const before = text.slice(0, at);
    const [spec, flags = '', width = '', dot] = /^([-+ #0]*)(\d*)(?:\.(\d*))?/.exec(text.slice(at + 1)) as RegExpExecArray;
    const conversion = text.slice(at + 1 + spec.length);
    let kind: Kind;
    let bytes = 0;
    let taken: number;
    let letter: string;
    const address = /^_[aA][dox]/.exec(conversion);
    if (address) {
      if (conversion[1] === 'A') unit.last = true;
      [kind, taken, letter] = ['address', 3, conversion[2] as string];
    } else if (conversion.startsWith('s')) {
      bytes = unit.count || Number(dot ?? 0);
      if (bytes === 0) throw new FormatError('%s needs precision or byte count');
      [kind, taken, letter] = ['string', 1, 's'];
    } else {
      const found = SIZES.find(([pattern]) => pattern.test(conversion));
      if (!found) throw new FormatError(`bad conversion character %${conversion}`);
      const word = (found[0].exec(conversion) as RegExpExecArray)[0];
      [kind, taken, letter] = [found[1], word.length, word.at(-1) as string];
      bytes = unit.count ? (found[2].find((size) => size === unit.count) ?? 0) : (found[2][0] as number);
      if (bytes === 0) throw new FormatError(`bad byte count for conversion character ${conversion}`);
    }
    const rest = conversion.slice(taken);
    const next = rest.indexOf('%');
    const after = next < 0 ? rest : rest.slice(0, next);
    unit.pieces.push({
      kind,
      before,
      flags,
      width: Number(width || 0),
      precision: dot === undefined ? undefined : Number(dot),
      letter,
      after,
      bytes,
    });
    text = next < 0 ? '' : rest.slice(next);
    if (kind !== 'address' && unit.count && conversions++) throw new FormatError('byte count with multiple conversion characters');
  }
  if (unit.count === 0) unit.bytes = unit.pieces.reduce((sum, piece) => sum + piece.bytes, 0);
}

const view = new DataView(new ArrayBuffer(8));

/** Counterpart: display() and the conversions of printf(3) it uses */
function shown(piece: Piece, data: string, at: number, address: number): string {
  const byte = data.charCodeAt(at) || 0;
  const little = (): bigint => {
    let value = 0n;
    for (let i = piece.bytes - 1; i >= 0; i--) value = value * 256n + BigInt(data.charCodeAt(at + i) || 0);
    return value;
  };
  const number = (value: bigint): string => {
    const digits = (value < 0n ? -value : value).toString(piece.letter === 'o' ? 8 : piece.letter.toLowerCase() === 'x' ? 16 : 10);
    const padded = digits.padStart(piece.precision ?? 1, '0');
    const prefix = !piece.flags.includes('#') || value === 0n ? '' : piece.letter === 'o' ? '0' : /x/i.test(piece.letter) ? '0x' : '';
    const sign = value < 0n ? '-' : piece.letter === 'd' || piece.letter === 'i' ? (/[+ ]/.exec(piece.flags)?.[0] ?? '') : '';
    const zeros = piece.flags.includes('0') && !piece.flags.includes('-') && piece.precision === undefined;
    const body = zeros ? padded.padStart(piece.width - sign.length - prefix.length, '0') : padded;
    return piece.letter === 'X' ? (sign + prefix + body).toUpperCase() : sign + prefix + body;
  };
  let text: string;
  switch (piece.kind) {
    case 'text':
      return piece.before;
    case 'address':
      text = number(BigInt(address));
      break;
    case 'signed':
      // A single byte is not extended by its sign.
      text = number(piece.bytes === 1 ? little() : BigInt.asIntN(8 * piece.bytes, little()));
      break;
    case 'unsigned':
      text = number(little());
      break;
    case 'char':
      text = String.fromCharCode(byte);
      break;
    case 'printable':
      text = byte > 31 && byte < 127 ? String.fromCharCode(byte) : '.';
      break;
    case 'escaped':
      text = CHAR[byte] ?? (byte > 31 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, '0'));
      break;
    case 'named':
      text = CONTROLS[byte] ?? (byte === 127 ? 'del' : byte < 127 ? String.fromCharCode(byte) : byte.toString(16));
      break;
    case 'string':
      text = data.slice(at, at + (piece.precision ?? data.length)).split('\0')[0] as string;
      break;
    case 'float': {
      view.setBigUint64(0, little());
      const value = piece.bytes === 8 ? view.getFloat64(0) : view.getFloat32(4);
      text = piece.letter === 'e' ? value.toExponential(piece.precision ?? 6) : value.toFixed(piece.precision ?? 6);
    }
  }
  return piece.before + (piece.flags.includes('-') ? text.padEnd(piece.width) : text.padStart(piece.width)) + piece.after;
}

/**
 * Writes the files (or standard input) by formats; the exit status and how many bytes were shown.
 * Counterpart: busybox 1.35 libbb/dump.c, which stems from BSD's hexdump
 */
export function* dump(cli: Cli, names: readonly string[], formats: readonly string[], options: DumpOptions): Program<Dumped> {
  let sets: Unit[][];
  let block = 0;
  try {
    sets = formats.map(unitsOf);
    for (const units of sets) for (const unit of units) pieces(unit);
    const sizes = sets.map((units) => units.reduce((sum, unit) => sum + (unit.count || unit.bytes) * unit.reps, 0));
    block = Math.max(0, ...sizes);
    sets.forEach((units, at) => {
      // The last unit repeats itself up to the end of the block.
      const unit = units.at(-1);
      if (unit && !unit.given && unit.bytes > 0) unit.reps += Math.floor((block - (sizes[at] as number)) / unit.bytes);
    });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { status: yield* cli.error(error.message), length: 0 };
  }
  let input = '';
  for (const name of names.length ? names : ['-']) {
    const got = yield* slurp(name);
    if (got.ok) input += got.value;
    else yield* cli.error(`${name}: ${strerror(got.errno)}`);
  }
  const start = Math.min(options.skip, input.length);
  const data = input.slice(start, options.length === undefined ? undefined : start + options.length);
  const shift = options.shift ?? 0;
  if (block === 0) return { status: yield* cli.finish(), length: 0 };
  let previous: string | undefined;
  let starred = false;
  for (let at = 0; at < data.length; at += block) {
    const part = data.slice(at, at + block);
    if (!options.all && part === previous) {
      if (!starred) yield* cli.out('*\n');
      starred = true;
      continue;
    }
    // An incomplete block that begins as the one before it is marked, and still shown.
    if (!options.all && !starred && part.length < block && previous?.startsWith(part)) yield* cli.out('*\n');
    [previous, starred] = [part, false];
    for (const units of sets) {
      let place = 0;
      for (const unit of units) {
        if (unit.last) break;
        for (let left = unit.reps; left > 0; left--) {
          for (const [index, piece] of unit.pieces.entries()) {
            const over = place >= part.length && part.length < block;
            if (over && options.end !== undefined) {
              yield* cli.out(options.end);
              return { status: yield* cli.finish(), length: data.length };
            }
            let text =
              over && piece.kind !== 'text'
                ? piece.before + ' '.repeat(piece.width) + piece.after
                : shown(piece, part, place, start + at + place + shift);
            // No white space behind the last of several.
            if (
              unit.reps > 1 &&
              left === 1 &&
              index === unit.pieces.length - 1 &&
              /\s$/.test(piece.kind === 'text' ? piece.before : piece.after)
            )
              text = text.slice(0, -1);
            yield* cli.out(text);
            place += piece.bytes;
          }
        }
      }
    }
  }
  const last = sets.flat().findLast((unit) => unit.last);
  if (last && data.length > 0) for (const piece of last.pieces) yield* cli.out(shown(piece, '', 0, start + data.length + shift));
  return { status: yield* cli.finish(), length: data.length };
}
