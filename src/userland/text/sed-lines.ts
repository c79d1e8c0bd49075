// The lines sed reads and writes: one line ahead, over several files, in place if asked.

import { type Errno, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { unbin } from '../lib/bytes.ts';
import type { Cli } from '../lib/cli.ts';
import { writeAll } from '../lib/io.ts';
import { LineReader, openInput } from '../lib/lines.ts';
import { baseName, dirName, joinPath, stat } from '../lib/tree.ts';
import type { SedCommand } from './sed-script.ts';

export interface Sed {
  readonly cli: Cli;
  readonly commands: SedCommand[];
  readonly quiet: boolean;
  readonly inPlace: boolean;
  /** What -i adds to the old file's name; with a star, the whole name. */
  readonly backup: string;
  /** Does every file have lines and an end of its own? */
  readonly separate: boolean;
  readonly files: Map<string, number>;
  readonly queue: string[]; // files still to read
  reader: LineReader | undefined;
  current: string;
  ahead: string | undefined;
  newline: boolean;
  /** Did the last line written end without the newline that the next one will need? */
  lacksNewline: boolean;
  number: number;
  /** Output of -i, kept until the file is complete. */
  held: string;
  lastRegex: RegExp;
}

export function* emit(sed: Sed, text: string): Program<void> {
  const whole = sed.lacksNewline ? `\n${text}` : text;
  sed.lacksNewline = false;
  if (sed.inPlace) sed.held += whole;
  else yield* sed.cli.out(whole);
}

export function* emitLine(sed: Sed, line: string): Program<void> {
  yield* emit(sed, line + (sed.newline ? '\n' : ''));
  // To busybox nothing at all has not lacked anything.
  sed.lacksNewline = !sed.newline && (sed.cli.gnu || line !== '');
}

/** Replaces the file that was edited in place. */
export function* closeFile(sed: Sed): Program<void> {
  const { reader, cli } = sed;
  sed.reader = undefined;
  if (!reader) return;
  if (sed.inPlace) sed.lacksNewline = false;
  if (reader.fd !== 0) yield* sys.close(reader.fd);
  if (!sed.inPlace) return;
  const info = yield* stat(sed.current);
  const temporary = joinPath(dirName(sed.current), 'sedXXXXXX'.replace('XXXXXX', String(sed.number).padStart(6, '0')));
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
  if (!fd.ok) {
    yield* cli.error(
      cli.gnu
        ? `couldn't open temporary file ${temporary}: ${strerror(fd.errno)}`
        : `can't create temp file '${sed.current}XXXXXX': ${strerror(fd.errno)}`,
      cli.gnu ? 4 : 1,
    );
    sed.held = '';
    return;
  }
  yield* writeAll(fd.value, unbin(sed.held));
  sed.held = '';
  if (info.ok) {
    yield* sys.fchmod(fd.value, info.value.mode & 0o7777);
    yield* sys.fchown(fd.value, info.value.uid, info.value.gid);
  }
  yield* sys.close(fd.value);
  if (sed.backup !== '') {
    const name = sed.backup.includes('*')
      ? joinPath(dirName(sed.current), sed.backup.replaceAll('*', baseName(sed.current)))
      : sed.current + sed.backup;
    yield* sys.renameat2(AT_FDCWD, sed.current, AT_FDCWD, name, 0);
  }
  const moved = yield* sys.renameat2(AT_FDCWD, temporary, AT_FDCWD, sed.current, 0);
  if (!moved.ok) yield* cli.error(`cannot rename ${temporary}: ${strerror(moved.errno)}`, 4);
}

/** Looks one line ahead, opening the next files as needed. */
export function* lookAhead(sed: Sed): Program<boolean> {
  while (sed.ahead === undefined) {
    if (!sed.reader) {
      const name = sed.queue.shift();
      if (name === undefined) return false;
      sed.current = name;
      const fd: SysResult<number> = yield* openInput(name);
      if (!fd.ok) {
        yield* sed.cli.error(
          sed.cli.gnu ? `can't read ${name}: ${strerror(fd.errno)}` : `${name}: ${strerror(fd.errno)}`,
          sed.cli.gnu ? 2 : 1,
        );
        continue;
      }
      sed.reader = new LineReader(fd.value);
      if (sed.inPlace || sed.separate) sed.number = 0;
    }
    sed.ahead = yield* sed.reader.next();
    if (sed.ahead !== undefined) break;
    const errno: Errno | undefined = sed.reader.error;
    if (errno)
      yield* sed.cli.error(
        sed.cli.gnu && errno === 'EISDIR'
          ? `couldn't edit ${sed.current}: not a regular file`
          : `read error on ${sed.current}: ${strerror(errno)}`,
        sed.cli.gnu ? 2 : 1,
      );
    if (sed.inPlace || sed.separate) return false;
    yield* closeFile(sed);
  }
  return true;
}
