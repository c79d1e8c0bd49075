// Redirections: opening, saving what was there, putting it back.

import { type Errno, errnoNumber, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { isReg } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import type { Redir, Word } from './ast.ts';
import { type Shell, ShellExit, ShellFault } from './state.ts';

/** What lay on a descriptor before; -1: it was closed. */
export interface Saved {
  readonly fd: number;
  readonly copy: number;
}

const HIGH = 10;
const PIPE_ROOM = 60000;

/** Text of an errno in a message about a file: open and create have words of their own. */
export const fileError = (shell: Shell, e: Errno, create: boolean): string =>
  errnoNumber(e) === 2 || e === 'ENOTDIR'
    ? shell.d.bash && e === 'ENOTDIR'
      ? strerror(e)
      : create
        ? shell.d.noFileCreate
        : shell.d.noFileOpen
    : strerror(e);

const fail = (shell: Shell, message: string): ShellFault => new ShellFault(message, shell.d.redirectStatus);

function* openFor(shell: Shell, redir: Redir, path: string): Program<number> {
  const { op } = redir;
  const write = op !== '<';
  let flags = O_RDONLY;
  if (op === '>' || op === '>|' || op === '&>') flags = O_WRONLY | O_CREAT | O_TRUNC;
  else if (op === '>>' || op === '&>>') flags = O_WRONLY | O_CREAT | O_APPEND;
  else if (op === '<>') flags = O_RDWR | O_CREAT;
  if (op === '>' && shell.opts.C) {
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
    if (stat.ok && isReg(stat.value.mode)) {
      throw fail(shell, shell.d.bash ? `${path}: cannot overwrite existing file` : shell.d.cannotCreate(path, strerror('EEXIST')));
    }
    if (!stat.ok) flags = O_WRONLY | O_CREAT | O_EXCL;
  }
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, flags, 0o666);
  if (fd.ok) return fd.value;
  throw fail(
    shell,
    write ? shell.d.cannotCreate(path, fileError(shell, fd.errno, true)) : shell.d.cannotOpen(path, fileError(shell, fd.errno, false)),
  );
}

function* hereDoc(text: string): Program<number> {
  const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
  if (!pipe.ok) return -1;
  const [reader, writer] = pipe.value;
  const data = bytesOf(text);
  if (data.length <= PIPE_ROOM) yield* writeAll(writer, data);
  else {
    yield* sys.clone({
      flags: 0,
      *main(): Program<number> {
        yield* sys.close(reader);
        yield* writeAll(writer, data);
        return 0;
      },
    });
  }
  yield* sys.close(writer);
  return reader;
}

function* move(from: number, to: number): Program<void> {
  if (from === to) return;
  yield* sys.dup2(from, to);
  yield* sys.close(from);
}

function* save(shell: Shell, saved: Saved[] | null, fd: number): Program<void> {
  if (!saved || saved.some((s) => s.fd === fd)) return;
  const copy: SysResult<number> = yield* sys.fcntl(fd, { cmd: 'F_DUPFD', min: HIGH, cloexec: true });
  // busybox dies without a word where a limit on open files leaves no room for the copy.
  if (!copy.ok && copy.errno !== 'EBADF' && shell.d.name === 'ash') throw new ShellExit(1);
  saved.push({ fd, copy: copy.ok ? copy.value : -1 });
}

/**
 * Does redirections in order; a failure is thrown as ShellFault with the dialect's status.
 * `saved` collects what to undo with `restore`; null keeps the effect (children, `exec`).
 */
export function* redirect(
  shell: Shell,
  redirs: readonly Redir[],
  saved: Saved[] | null,
  expandWord: (word: Word) => Program<string>,
): Program<void> {
  for (const redir of redirs) {
    const { fd, op } = redir;
    const expand = function* (word: Word): Program<string> {
      try {
        return yield* expandWord(word);
      } catch (reason) {
        if (reason instanceof ShellFault && !shell.d.bash) reason.fatal = true;
        throw reason;
      }
    };
    if (op === '<<' || op === '<<-' || op === '<<<') {
      const text = op === '<<<' ? `${yield* expand(redir.word)}\n` : redir.body ? yield* expand(redir.body) : '';
      const reader = yield* hereDoc(text);
      yield* save(shell, saved, fd);
      if (reader >= 0) yield* move(reader, fd);
      continue;
    }
    const target = yield* expand(redir.word);
    if (op === '<&' || op === '>&') {
      if (target === '-') {
        yield* save(shell, saved, fd);
        yield* sys.close(fd);
        continue;
      }
      if (/^\d+-?$/.test(target)) {
        const from = Number.parseInt(target, 10);
        const flags: SysResult<number> = yield* sys.fcntl(from, { cmd: 'F_GETFD' });
        if (!flags.ok || saved?.some((s) => s.copy === from)) throw fail(shell, shell.d.badFd(target, strerror('EBADF')));
        if (from !== fd) {
          yield* save(shell, saved, fd);
          yield* sys.dup2(from, fd);
        }
        continue;
      }
      if (!shell.d.extended) {
        const fault = new ShellFault(shell.d.syntaxError('Bad fd number'), 2);
        fault.fatal = true;
        throw fault;
      }
      if (op === '<&') throw fail(shell, shell.d.bash ? `${target}: ambiguous redirect` : shell.d.syntaxError('bad fd number'));
    }
    const both = op === '&>' || op === '&>>' || op === '>&';
    const opened = yield* openFor(shell, op === '>&' ? { ...redir, op: '&>' } : redir, target);
    yield* save(shell, saved, fd);
    yield* move(opened, fd);
    if (both) {
      yield* save(shell, saved, 2);
      yield* sys.dup2(fd, 2);
    }
  }
}

/** Undoes redirections, the last first. */
export function* restore(saved: readonly Saved[]): Program<void> {
  for (const { fd, copy } of [...saved].reverse()) {
    if (copy < 0) yield* sys.close(fd);
    else yield* move(copy, fd);
  }
}
