// cat, head, tail, wc, tee.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_APPEND, O_CREAT, O_TRUNC, O_WRONLY, SEEK_CUR, SEEK_END, SEEK_SET } from '#abi/flags.ts';
import { isReg } from '#abi/mode.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { binOf } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { writeAll } from '../lib/io.ts';
import { closeInput, LineReader, openInput } from '../lib/lines.ts';
import { quoted, quotedIfNeeded } from '../lib/quote.ts';
import { busyboxSize, parseSize } from '../lib/size.ts';
import { WordCount } from './count.ts';

const visible = (line: string, ends: boolean, tabs: boolean, nonprinting: boolean): string => {
  let text = '';
  for (const c of line) {
    const code = c.charCodeAt(0);
    if (c === '\n') text += ends ? '$\n' : '\n';
    else if (c === '\t') text += tabs ? '^I' : c;
    else if (!nonprinting) text += c;
    else {
      const low = code & 127;
      text += (code > 127 ? 'M-' : '') + (low < 32 ? `^${String.fromCharCode(low + 64)}` : low === 127 ? '^?' : String.fromCharCode(low));
    }
  }
  return text;
};

/** Counterpart: cat(1) */
export const cat = command(function* (cli) {
  const long = {
    'show-all': 'A',
    'number-nonblank': 'b',
    'show-ends': 'E',
    number: 'n',
    'squeeze-blank': 's',
    'show-tabs': 'T',
    'show-nonprinting': 'v',
  };
  const options = yield* cli.options({ busybox: 'etvAnbu', gnu: 'benstuvAET', long });
  if (typeof options === 'number') return options;
  const nonprinting = ['v', 'e', 't', 'A'].some((key) => options.has(key));
  const ends = ['e', 'E', 'A'].some((key) => options.has(key));
  const tabs = ['t', 'T', 'A'].some((key) => options.has(key));
  const plain = !nonprinting && !ends && !tabs && !options.has('n') && !options.has('b') && !options.has('s');
  let number = 0;
  let blanks = 0;
  for (const name of options.args.length ? options.args : ['-']) {
    const fd = yield* openInput(name);
    if (!fd.ok) {
      yield* cli.fail(fd.errno, `can't open '${name}'`, quotedIfNeeded(name));
      continue;
    }
    if (plain) {
      for (;;) {
        const got: SysResult<Uint8Array> = yield* sys.read(fd.value, 65536);
        if (!got.ok) {
          if (got.errno === 'EINTR') continue;
          yield* cli.fail(got.errno, 'read error', quotedIfNeeded(name));
          break;
        }
        if (got.value.length === 0) break;
        const failed = yield* writeAll(1, got.value);
        if (failed) return yield* cli.fail(failed, 'write error');
      }
    } else {
      const reader = new LineReader(fd.value, '\n', true);
      for (let line = yield* reader.next(); line !== undefined; line = reader.ready() ?? (yield* reader.next())) {
        blanks = line === '\n' ? blanks + 1 : 0;
        if (options.has('s') && blanks > 1) continue;
        const counted = options.has('b') ? line !== '\n' : options.has('n');
        yield* cli.out((counted ? `${String(++number).padStart(6)}\t` : '') + visible(line, ends, tabs, nonprinting));
      }
      if (reader.error) yield* cli.fail(reader.error, 'read error', quotedIfNeeded(name));
    }
    yield* closeInput(fd.value);
  }
  return yield* cli.finish();
});

/** `-5` as the first argument of head and tail. */
function oldStyle(cli: Cli): Cli {
  const [self = '', first = '', ...rest] = cli.context.argv;
  if (!cli.gnu && /^-\d/.test(first)) {
    const argv = [self, '-n', first.slice(1), ...rest];
    return Object.assign(Object.create(cli) as Cli, { context: { ...cli.context, argv } });
  }
  const match = /^([-+])(\d+)([cbfql]*)$/.exec(first);
  if (!match || (match[1] === '+' && cli.context.name !== 'tail')) return cli;
  const letter = match[3]?.includes('c') ? '-c' : '-n';
  const count = match[1] === '+' ? `+${match[2]}` : (match[2] as string);
  const argv = [self, letter, count, ...(match[3]?.includes('f') ? ['-f'] : []), ...rest];
  return Object.assign(Object.create(cli) as Cli, { context: { ...cli.context, argv } });
}

const HEAD_LONG = { 'bytes=': 'c', 'lines=': 'n', quiet: 'q', silent: 'q', verbose: 'v' };

/** Counterpart: head(1) */
export const head = command(function* (cli) {
  const options = yield* oldStyle(cli).options({ busybox: 'n:c:qv', gnu: 'c:n:qvz', long: HEAD_LONG, plain: true });
  if (typeof options === 'number') return options;
  const unit = options.last('c', 'n') ?? 'n';
  const text = options.get(unit) ?? '10';
  const count = (cli.gnu ? parseSize : busyboxSize)(text.replace(/^[-+]/, ''));
  if (count === undefined)
    return yield* cli.error(cli.gnu ? `invalid number of ${unit === 'c' ? 'bytes' : 'lines'}: '${text}'` : `invalid number '${text}'`);
  const butLast = text.startsWith('-');
  const names = options.args.length ? options.args : ['-'];
  const headers = options.last('q', 'v') === 'v' || (names.length > 1 && !options.has('q'));
  let first = true;
  for (const name of names) {
    const fd = yield* openInput(name);
    if (!fd.ok) {
      yield* cli.fail(fd.errno, name, `cannot open ${quoted(name)} for reading`);
      continue;
    }
    if (headers) yield* cli.text(`${first ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`);
    first = false;
    const reader = new LineReader(fd.value);
    if (unit === 'n' && !butLast) {
      for (let n = 0; n < count; n++) {
        const line = yield* reader.next();
        if (line === undefined) break;
        yield* cli.out(line);
      }
    } else if (unit === 'c' && !butLast) {
      for (let left = count; left > 0; ) {
        const got: SysResult<Uint8Array> = yield* sys.read(fd.value, Math.min(left, 65536));
        if (!got.ok) reader.error = got.errno;
        if (!got.ok || got.value.length === 0) break;
        left -= got.value.length;
        yield* cli.out(binOf(got.value));
      }
    } else {
      const lines: string[] = [];
      for (let line = yield* reader.next(); line !== undefined; line = yield* reader.next()) lines.push(line);
      const all = lines.join('');
      yield* cli.out(
        unit === 'c' ? all.slice(0, Math.max(0, all.length - count)) : lines.slice(0, Math.max(0, lines.length - count)).join(''),
      );
    }
    if (reader.error) {
      if (cli.gnu) yield* cli.error(`error reading ${quoted(name)}: ${strerror(reader.error)}`);
      else yield* cli.error(`${name}: ${strerror('EIO')}`);
    }
    yield* closeInput(fd.value);
  }
  return yield* cli.finish();
});

/** Counterpart: tail(1); -f polls once a second as without inotify. */
export const tail = command(function* (cli) {
  const [, old = '', , another] = cli.context.argv;
  // The old form is read only with one file after it.
  if (cli.gnu && /^-\d+$/.test(old) && another !== undefined) return yield* cli.error(`option used in invalid context -- ${old[1]}`);
  const options = yield* oldStyle(cli).options({
    busybox: 'fc:n:qs:vF',
    gnu: 'c:fFn:qs:vz',
    long: { ...HEAD_LONG, 'follow=?': 'f', retry: 'retry', 'sleep-interval=': 's', 'pid=': 'pid' },
  });
  if (typeof options === 'number') return options;
  const unit = options.last('c', 'n') ?? 'n';
  const text = options.get(unit) ?? '10';
  const count = (cli.gnu ? parseSize : busyboxSize)(text.replace(/^[-+]/, ''));
  if (count === undefined)
    return yield* cli.error(cli.gnu ? `invalid number of ${unit === 'c' ? 'bytes' : 'lines'}: '${text}'` : `invalid number '${text}'`);
  const names = options.args.length ? options.args : ['-'];
  const wantsHeaders = (files: number): boolean => options.last('q', 'v') === 'v' || (files > 1 && !options.has('q'));
  let headers = wantsHeaders(names.length);
  const open: { readonly name: string; readonly fd: number }[] = [];
  let first = true;
  const header = function* (name: string): Program<void> {
    if (headers) yield* cli.text(`${first ? '' : '\n'}==> ${name === '-' ? 'standard input' : name} <==\n`);
    first = false;
  };
  for (const name of names) {
    const fd = yield* openInput(name);
    if (!fd.ok) {
      yield* cli.fail(fd.errno, `can't open '${name}'`, `cannot open ${quoted(name)} for reading`);
      continue;
    }
    open.push({ name, fd: fd.value });
  }
  if (open.length === 0 && !cli.gnu) {
    yield* cli.error('no files');
    return 1;
  }
  // busybox counts the files that it could open.
  if (!cli.gnu) headers = wantsHeaders(open.length);
  for (const { name, fd } of open) {
    yield* header(name);
    if (text.startsWith('+')) {
      const skip = Math.max(0, count - 1);
      const reader = new LineReader(fd, '\n', true);
      let all = '';
      for (let line = yield* reader.next(), n = 0; line !== undefined; line = reader.ready() ?? (yield* reader.next()), n++) {
        if (unit === 'c') all += line;
        else if (n >= skip) yield* cli.out(line);
      }
      if (unit === 'c') yield* cli.out(all.slice(skip));
      continue;
    }
    const info = yield* sys.fstat(fd);
    if (unit === 'c' && info.ok && isReg(info.value.mode) && info.value.size > count)
      yield* sys.lseek(fd, info.value.size - count, SEEK_SET);
    const reader = new LineReader(fd, '\n', true);
    let kept: string[] = [];
    for (let line = yield* reader.next(); line !== undefined; line = reader.ready() ?? (yield* reader.next())) {
      kept.push(line);
      if (unit === 'n' && kept.length > 2 * count + 1000) kept = kept.slice(kept.length - count);
    }
    if (reader.error) {
      if (cli.gnu) yield* cli.error(`error reading ${quoted(name)}: ${strerror(reader.error)}`);
      else yield* cli.error(`read error: ${strerror(reader.error)}`);
    }
    const all = kept.join('');
    yield* cli.out(unit === 'c' ? all.slice(Math.max(0, all.length - count)) : kept.slice(Math.max(0, kept.length - count)).join(''));
  }
  if (!options.has('f') && !options.has('F')) return yield* cli.finish();
  yield* cli.flush();
  let last = open.at(-1);
  const pause = BigInt(Math.round(Number(options.get('s') ?? 1) * 1e9));
  while (!cli.broken) {
    yield* sys.nanosleep(pause);
    for (const file of open) {
      const [at, end]: SysResult<number>[] = [yield* sys.lseek(file.fd, 0, SEEK_CUR), yield* sys.lseek(file.fd, 0, SEEK_END)];
      if (at?.ok && end?.ok) yield* sys.lseek(file.fd, Math.min(at.value, end.value) < at.value ? 0 : at.value, SEEK_SET);
      for (;;) {
        const got: SysResult<Uint8Array> = yield* sys.read(file.fd, 65536);
        if (!got.ok || got.value.length === 0) break;
        if (last !== file) yield* header(file.name);
        last = file;
        yield* cli.out(binOf(got.value));
      }
    }
    yield* cli.flush();
  }
  return yield* cli.finish();
});

/** Counterpart: wc(1) */
export const wc = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'lwcmL',
    gnu: 'clLmw',
    long: { bytes: 'c', chars: 'm', lines: 'l', words: 'w', 'max-line-length': 'L' },
  });
  if (typeof options === 'number') return options;
  const keys = ['l', 'w', 'm', 'c', 'L'].filter((key) => options.has(key));
  const shown = keys.length ? keys : ['l', 'w', 'c'];
  const totals: Record<string, number> = { l: 0, w: 0, c: 0, m: 0, L: 0 };
  const names = options.args.length ? options.args : ['-'];
  const rows: { readonly counts: Record<string, number> | undefined; readonly label: string; readonly errors: string | undefined }[] = [];
  let regularSize = 0;
  let irregular = false;
  for (const name of names) {
    const fd: SysResult<number> = yield* openInput(name);
    if (!fd.ok) {
      const told =
        cli.gnu && name === '' ? 'invalid zero-length file name' : `${cli.gnu ? quotedIfNeeded(name) : name}: ${strerror(fd.errno)}`;
      rows.push({ counts: undefined, label: name, errors: told });
      continue;
    }
    const count = new WordCount();
    let got: SysResult<Uint8Array>;
    do {
      got = yield* sys.read(fd.value, 65536);
      if (got.ok) count.add(got.value);
    } while (got.ok ? got.value.length > 0 : got.errno === 'EINTR');
    yield* closeInput(fd.value);
    const info = name === '-' ? yield* sys.fstat(0) : yield* sys.newfstatat(AT_FDCWD, name, 0);
    if (info.ok && isReg(info.value.mode)) regularSize += info.value.size;
    else irregular = true;
    const counts: Record<string, number> = { l: count.lines, w: count.words, c: count.bytes, m: count.bytes, L: count.longest };
    for (const key of ['l', 'w', 'c', 'm']) totals[key] = (totals[key] as number) + (counts[key] as number);
    totals.L = Math.max(totals.L as number, counts.L as number);
    rows.push({
      counts,
      label: name === '-' && options.args.length === 0 ? '' : name,
      errors: got.ok ? undefined : `${quotedIfNeeded(name)}: ${strerror(got.errno)}`,
    });
  }
  // GNU: numbers as wide as the size of all files together; at least 7 where a size is unknown. busybox: 9.
  const width = !cli.gnu
    ? shown.length === 1 && names.length === 1
      ? 0
      : 9
    : names.length === 1 && shown.length === 1
      ? 0
      : Math.max(irregular ? 7 : 1, String(regularSize).length);
  const line = (counts: Record<string, number>, label: string): string =>
    `${shown.map((key) => String(counts[key]).padStart(width)).join(' ')}${label ? ` ${label}` : ''}\n`;
  for (const row of rows) {
    if (row.errors) yield* cli.error(row.errors);
    if (row.counts) yield* cli.text(line(row.counts, row.label));
  }
  if (names.length > 1) yield* cli.text(line(totals, 'total'));
  return yield* cli.finish();
});

/** Counterpart: tee(1) */
export const tee = command(function* (cli) {
  const options = yield* cli.options({ busybox: 'ai', gnu: 'aip', long: { append: 'a', 'ignore-interrupts': 'i' } });
  if (typeof options === 'number') return options;
  if (options.has('i')) yield* sys.rt_sigaction(2, 'ignore');
  const outputs: { readonly name: string; readonly fd: number }[] = [{ name: 'standard output', fd: 1 }];
  for (const name of options.args) {
    if (name === '-' && !cli.gnu) {
      outputs.push({ name, fd: 1 });
      continue;
    }
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, name, O_WRONLY | O_CREAT | (options.has('a') ? O_APPEND : O_TRUNC), 0o666);
    if (fd.ok) outputs.push({ name, fd: fd.value });
    else yield* cli.fail(fd.errno, name, quotedIfNeeded(name));
  }
  for (let live = outputs; live.length > 0; ) {
    const got: SysResult<Uint8Array> = yield* sys.read(0, 65536);
    if (!got.ok && got.errno === 'EINTR') continue;
    if (!got.ok || got.value.length === 0) break;
    for (const output of live) {
      const failed = yield* writeAll(output.fd, got.value);
      if (!failed) continue;
      yield* cli.fail(failed, output.name, output.fd === 1 ? "'standard output'" : quotedIfNeeded(output.name));
      live = live.filter((other) => other !== output);
    }
  }
  return yield* cli.finish();
});
