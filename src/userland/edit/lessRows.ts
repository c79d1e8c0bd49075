// A text in rows of the terminal.

/** One row, and the number of the line it belongs to. */
export interface Row {
  readonly text: string;
  readonly line: number;
}

/** Rows at most `width` wide; long lines are folded, or cut. After the last newline comes an empty line. Counterpart: read_lines */
export function rowsOf(text: string, width: number, cut: boolean): readonly Row[] {
  const rows: Row[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    let from = 0;
    let column = 0;
    for (let at = 0; at < line.length; at++) {
      const wide = line[at] === '\t' ? 8 - (column % 8) : 1;
      if (column + wide > width) {
        rows.push({ text: line.slice(from, at), line: index + 1 });
        [from, column] = [at, 0];
        if (cut) break;
      }
      column += line[at] === '\t' ? 8 - (column % 8) : 1;
    }
    if (!cut || from === 0) rows.push({ text: line.slice(from), line: index + 1 });
  }
  return rows;
}

/** Control characters are shown as highlighted letters. Counterpart: print_ascii */
export const visible = (text: string, hilite: (text: string) => string): string =>
  text.replace(/[\x01-\x08\x0b-\x1f\x7f\x9b]+/g, (run) =>
    hilite(run.replace(/[\s\S]/g, (c) => (c === '\x7f' ? '?' : c === '\x9b' ? '{' : String.fromCharCode(c.charCodeAt(0) + 0x40)))),
  );
