// e2e/divergences.yaml: every recorded command we answer differently, with the reason. A line that is no longer true fails.

import { parse } from 'yaml';

export interface Divergence {
  readonly case: string;
  /** The command as the recording has it, or its beginning followed by `…`; missing: the whole case. */
  readonly command?: string;
  readonly reason: string;
}

export class Divergences {
  private readonly lines: readonly Divergence[];
  private readonly used = new Set<Divergence>();

  constructor(text: string) {
    this.lines = (parse(text) ?? []) as Divergence[];
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
}
