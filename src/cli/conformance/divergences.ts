// e2e/divergences/GROUP.yaml: every recorded command we answer differently, with the reason. A line that is no longer true fails.

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface Divergence {
  readonly case: string;
  /** The command as the recording has it, or its beginning followed by `…`; missing: the whole case. */
  readonly command?: string;
  readonly reason: string;
}

const render = (line: Divergence): string =>
  `- case: ${JSON.stringify(line.case)}\n${line.command === undefined ? '' : `  command: ${JSON.stringify(line.command)}\n`}  reason: ${JSON.stringify(line.reason)}\n`;

/** The listed differences of a folder: one file a group of recordings, so that two people rarely edit the same one. */
export class Divergences {
  private readonly files = new Map<string, readonly Divergence[]>();
  private readonly used = new Set<Divergence>();
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    if (!existsSync(folder)) return;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.yaml')))
      this.files.set(file, (parse(readFileSync(join(folder, file), 'utf8')) ?? []) as Divergence[]);
  }

  private get lines(): readonly Divergence[] {
    return [...this.files.values()].flat();
  }

  /** The line that allows this command to differ, if any. */
  find(name: string, command: string): Divergence | undefined {
    return this.lines.find((line) => {
      if (line.case !== name) return false;
      const wanted = line.command;
      return wanted === undefined || (wanted.endsWith('…') ? command.startsWith(wanted.slice(0, -1)) : command === wanted);
    });
  }

  use(line: Divergence): void {
    this.used.add(line);
  }

  /** Lines about replayed cases that no difference needed. */
  stale(replayed: ReadonlySet<string>): readonly Divergence[] {
    return this.lines.filter((line) => replayed.has(line.case) && !this.used.has(line));
  }

  /** Takes the lines out of their files. */
  remove(gone: readonly Divergence[]): void {
    for (const [file, lines] of this.files) {
      const left = lines.filter((line) => !gone.includes(line));
      if (left.length === lines.length) continue;
      this.files.set(file, left);
      if (left.length === 0) rmSync(join(this.folder, file));
      else writeFileSync(join(this.folder, file), left.map(render).join(''));
    }
  }
}
