// page-editor FILE: the workstation's $EDITOR. It asks the page to show the file and waits until the reader is done with it.

import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { type ProgramMain, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, errOut, readFile, textOf, writeAll } from '#userland/lib/io.ts';
import type { World } from './world.ts';

/** A file that a program wants edited. */
export interface Edit {
  readonly id: number;
  readonly file: string;
  readonly text: string;
}

/** The files under the page's eyes. */
export class PageEdits {
  private readonly open = new Map<number, { readonly edit: Edit; alive: () => boolean; answer?: string }>();
  private told = new Set<number>();
  private next = 1;
  /** Is there somebody to edit? */
  attended = false;

  begin(file: string, text: string, alive: () => boolean): number {
    const id = this.next++;
    this.open.set(id, { edit: { id, file, text }, alive });
    return id;
  }

  answer(id: number, text: string): void {
    const one = this.open.get(id);
    if (one !== undefined) one.answer = text;
  }

  /** The edited text, once: the file is closed then. */
  take(id: number): string | undefined {
    const text = this.open.get(id)?.answer;
    if (text !== undefined) this.open.delete(id);
    return text;
  }

  /** What began and what is over since the last time; a program that was ended takes its file along. */
  news(): { readonly begun: readonly Edit[]; readonly ended: readonly number[] } {
    for (const [id, { alive }] of this.open) if (!alive()) this.open.delete(id);
    const begun = [...this.open.values()].flatMap(({ edit }) => (this.told.has(edit.id) ? [] : [edit]));
    const ended = [...this.told].filter((id) => !this.open.has(id));
    this.told = new Set(this.open.keys());
    return { begun, ended };
  }
}

const HEADLESS = `page-editor: there is no page to edit in; an editor that is a command works: EDITOR='sed -i s/old/new/' kubectl edit …\n`;
const PAUSE = 20_000_000n;

/** The program. `world` is asked for when it runs. */
export const pageEditor = (world: () => World): ProgramMain =>
  function* (argv) {
    const { machine, edits } = world();
    const me = machine.current;
    const [, file] = argv;
    if (file === undefined || argv.length > 2) {
      yield* errOut('Usage: page-editor FILE\n');
      return 2;
    }
    if (!edits.attended) {
      yield* errOut(HEADLESS);
      return 1;
    }
    const before = yield* readFile(file);
    const id = edits.begin(file, before.ok ? textOf(before.value) : '', () => machine.exitStatus(me) === undefined);
    let text = edits.take(id);
    for (; text === undefined; text = edits.take(id)) yield* sys.nanosleep(PAUSE);
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0o666);
    if (!fd.ok) {
      yield* errOut(`page-editor: ${file}: cannot be written\n`);
      return 1;
    }
    yield* writeAll(fd.value, bytesOf(text));
    return 0;
  };
