// awk: what a running program holds: variables, the record and its fields, files and pipes.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { fromBin, toBin, unbin } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { writeAll } from '../lib/io.ts';
import { LineReader, openInput } from '../lib/lines.ts';
import { type AwkProgram, awkRegex, awkUnescape } from './awk-syntax.ts';
import { fromInput, toNumber, toText, type Value } from './awk-values.ts';

export type Cells = Map<string, Value>;
export type Slot = { value: Value; array?: Cells };

/** Control leaving a statement: next, break, exit… */
export class Jump {
  readonly kind: string;
  readonly value: Value;
  constructor(kind: string, value?: Value) {
    this.kind = kind;
    this.value = value;
  }
}

/** Where records come from. */
export interface Records {
  readonly fd: number;
  next(): Program<string | undefined>;
}

export interface Stream {
  readonly fd: number;
  readonly pid: number | undefined;
  readonly reader: Records | undefined;
  text: string;
}

export class AwkState {
  protected readonly cli: Cli;
  protected readonly program: AwkProgram;
  protected readonly globals = new Map<string, Slot>();
  protected frame: Map<string, Slot> | undefined;
  protected readonly whole: number;
  protected record = '';
  protected fields: Value[] | undefined;
  protected readonly streams = new Map<string, Stream>();
  protected input: Records | undefined;
  protected argument = 1;
  protected opened = false;
  protected regexes = new Map<string, RegExp>();

  constructor(cli: Cli, program: AwkProgram, args: readonly string[]) {
    this.cli = cli;
    this.program = program;
    this.whole = cli.gnu ? 2 ** 31 : 1e16;
    for (const [name, value] of Object.entries({
      FS: ' ',
      OFS: ' ',
      ORS: '\n',
      RS: '\n',
      NR: 0,
      FNR: 0,
      NF: 0,
      SUBSEP: '\x1c',
      CONVFMT: '%.6g',
      OFMT: '%.6g',
      RSTART: 0,
      RLENGTH: -1,
      FILENAME: '',
    }))
      this.set(name, value);
    const argv = this.array('ARGV');
    ['awk', ...args].forEach((arg, at) => void argv.set(String(at), this.fromInput(toBin(arg))));
    this.set('ARGC', args.length + 1);
    const environ = this.array('ENVIRON');
    for (const entry of cli.context.env)
      environ.set(toBin(entry.slice(0, entry.indexOf('='))), this.fromInput(toBin(entry.slice(entry.indexOf('=') + 1))));
  }

  protected slot(name: string): Slot {
    const local = this.frame?.get(name);
    if (local) return local;
    const slot = this.globals.get(name) ?? { value: undefined };
    this.globals.set(name, slot);
    return slot;
  }
  protected array(name: string): Cells {
    const slot = this.slot(name);
    slot.array ??= new Map();
    return slot.array;
  }
  set(name: string, value: Value): void {
    this.slot(name).value = value;
  }
  protected get(name: string): Value {
    if (name === 'NF') this.split();
    return this.slot(name).value;
  }
  protected text(value: Value): string {
    return typeof value === 'number' ? this.shown(value, 'CONVFMT') : toText(value);
  }
  /** A number as text, by the format in a variable. */
  protected shown(value: number, format: 'CONVFMT' | 'OFMT'): string {
    return toText(value, toText(this.get(format)), this.whole);
  }
  protected num(value: Value): number {
    return toNumber(value);
  }
  /** Text that came from outside, which may be a number. */
  protected fromInput(text: string): Value {
    return fromInput(text);
  }
  protected regexOf(source: string): RegExp {
    return awkRegex(source);
  }
  /** The keys of an array in the order of `for (key in array)`. */
  protected order(cells: Cells): string[] {
    return [...cells.keys()];
  }

  protected setRecord(text: string): void {
    this.record = text;
    this.fields = undefined;
  }
  protected splitText(text: string, separator: string | RegExp): string[] {
    if (text === '') return [];
    if (separator instanceof RegExp) return text.split(new RegExp(separator.source.replace(/\((?!\?)/g, '(?:')));
    if (separator === ' ') return text.trim() === '' ? [] : text.replace(/^[ \t\n]+|[ \t\n]+$/g, '').split(/[ \t\n]+/);
    if (separator === '') return [...text];
    return separator.length === 1 && separator !== '\\' ? text.split(separator) : this.splitText(text, this.regex(separator));
  }
  protected split(): Value[] {
    if (this.fields) return this.fields;
    const separator = toText(this.slot('FS').value);
    const list = this.splitText(this.record, toText(this.slot('RS').value) === '' && separator === ' ' ? ' ' : separator);
    this.fields = list.map((part) => this.fromInput(part));
    this.slot('NF').value = list.length;
    return this.fields;
  }
  protected rebuild(): void {
    this.record = (this.fields ?? []).map((field) => this.text(field)).join(toText(this.get('OFS')));
  }
  protected setField(at: number, value: Value): void {
    if (at === 0) {
      this.setRecord(this.text(value));
      return;
    }
    const fields = this.split();
    while (fields.length < at) fields.push('');
    fields[at - 1] = value;
    this.slot('NF').value = fields.length;
    this.rebuild();
  }
  protected regex(source: string): RegExp {
    const compiled = this.regexes.get(source) ?? this.regexOf(source);
    this.regexes.set(source, compiled);
    return compiled;
  }

  /** The next record of the main input, also in $0 unless `raw`. */
  protected *nextRecord(raw = false): Program<string | undefined> {
    for (;;) {
      if (!this.input) {
        let name: string | undefined;
        while (name === undefined && this.argument < this.num(this.get('ARGC'))) {
          const arg = toText(this.array('ARGV').get(String(this.argument++)));
          const assign = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(arg);
          if (assign) this.set(assign[1] as string, this.fromInput(awkUnescape(assign[2] as string)));
          else if (arg !== '') name = arg;
        }
        if (name === undefined && this.opened) return undefined;
        this.opened = true;
        const fd: SysResult<number> = yield* openInput(fromBin(name ?? '-'));
        if (!fd.ok) {
          yield* this.cli.error(
            this.cli.gnu ? `cannot open ${fromBin(name ?? '')} (${strerror(fd.errno)})` : `${fromBin(name ?? '')}: ${strerror(fd.errno)}`,
            this.cli.gnu ? 2 : 1,
          );
          continue;
        }
        this.set('FILENAME', name === undefined ? '' : name);
        this.set('FNR', 0);
        this.input = this.records(fd.value);
      }
      const line = yield* this.input.next();
      if (line === undefined) {
        if (this.input.fd !== 0) yield* sys.close(this.input.fd);
        this.input = undefined;
        continue;
      }
      this.set('NR', this.num(this.get('NR')) + 1);
      this.set('FNR', this.num(this.get('FNR')) + 1);
      if (!raw) this.setRecord(line);
      return line;
    }
  }

  protected records(fd: number): Records {
    const reader = new LineReader(fd, this.separator());
    return { fd, next: () => this.readFrom(reader) };
  }

  private separator(): string {
    const text = toText(this.get('RS'));
    return text === '' ? '\n' : (text[0] as string);
  }

  private *readFrom(reader: LineReader): Program<string | undefined> {
    const separator = this.separator();
    const paragraph = toText(this.get('RS')) === '';
    let text = '';
    for (;;) {
      const line = yield* reader.next();
      if (line === undefined) return text === '' ? undefined : text.replace(/\n$/, '');
      if (!paragraph) return line.endsWith(separator) ? line.slice(0, -1) : line;
      if (line === '\n' && text === '') continue;
      if (line === '\n') return text.replace(/\n$/, '');
      text += line;
    }
  }

  protected *flush(stream: Stream): Program<void> {
    const { text } = stream;
    stream.text = '';
    if (text !== '') yield* writeAll(stream.fd, unbin(text));
  }

  protected *file(name: string, op: string): Program<Stream> {
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, fromBin(name), O_WRONLY | O_CREAT | (op === '>' ? O_TRUNC : O_APPEND), 0o666);
    if (!fd.ok) {
      yield* this.cli.error(
        this.cli.gnu ? `cannot open ${fromBin(name)} (${strerror(fd.errno)})` : `can't open '${fromBin(name)}': ${strerror(fd.errno)}`,
        this.cli.gnu ? 2 : 1,
      );
      throw new Jump(this.cli.gnu ? 'exit' : 'abort', this.cli.gnu ? 2 : 1);
    }
    return { fd: fd.value, pid: undefined, reader: undefined, text: '' };
  }

  protected *pipe(line: string, writes: boolean): Program<Stream> {
    const ends: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
    if (!ends.ok) throw new Jump('exit', 2);
    const [r, w] = ends.value;
    const { env } = this.cli.context;
    const child: SysResult<number> = yield* sys.clone({
      flags: 0,
      *main() {
        yield* sys.dup2(writes ? r : w, writes ? 0 : 1);
        yield* sys.close(r);
        yield* sys.close(w);
        yield* execvp(['/bin/sh', '-c', fromBin(line)], env);
        return 127;
      },
    });
    yield* sys.close(writes ? r : w);
    const fd = writes ? w : r;
    return { fd, pid: child.ok ? child.value : undefined, reader: writes ? undefined : this.records(fd), text: '' };
  }

  protected *close(name: string): Program<number> {
    const stream = this.streams.get(name);
    if (!stream) return -1;
    yield* this.cli.flush();
    yield* this.flush(stream);
    yield* sys.close(stream.fd);
    this.streams.delete(name);
    return stream.pid === undefined ? 0 : statusCode(yield* waitFor(stream.pid));
  }
}
