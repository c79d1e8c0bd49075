// The lines an interactive shell remembers, and its file of them. Counterpart: busybox 1.35 libbb/lineedit.c; history(3)

import { AT_FDCWD, O_APPEND, O_CREAT, O_WRONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, readFile, textOf, writeAll } from '../../lib/io.ts';

const MAX = 1000;

export class History {
  lines: string[] = [];
  private loaded = false;

  /** Reads the file, the first time. */
  *load(file: string | undefined): Program<void> {
    if (this.loaded) return;
    this.loaded = true;
    if (file === undefined || file === '') return;
    const got: SysResult<Uint8Array> = yield* readFile(file);
    if (got.ok)
      this.lines = textOf(got.value)
        .split('\n')
        .filter((line) => line !== '')
        .slice(-MAX);
  }

  /** Remembers a line unless it is empty or, with `distinct`, the last one again; true when it was. */
  add(line: string, distinct: boolean): boolean {
    if (line === '' || (distinct && this.lines.at(-1) === line)) return false;
    this.lines.push(line);
    if (this.lines.length > MAX) this.lines.shift();
    return true;
  }
}

/** Appends lines to the file, which is made for its owner alone. */
export function* appendLines(file: string | undefined, lines: readonly string[]): Program<void> {
  if (file === undefined || file === '' || lines.length === 0) return;
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND, 0o600);
  if (!fd.ok) return;
  yield* writeAll(fd.value, bytesOf(lines.map((line) => `${line}\n`).join('')));
  yield* sys.close(fd.value);
}
