// Columns of text. Counterpart: k8s.io/cli-runtime/pkg/printers tabwriter settings (minimal width 6, padding 3)

const MIN_WIDTH = 6;

/**
 * Rows as kubectl prints them: columns of at least six, three spaces between them, the last one not padded.
 * `widths` are remembered from table to table of one watch.
 */
export function renderTable(rows: readonly (readonly string[])[], padding = 3, widths: number[] = []): string {
  for (const cells of rows)
    for (const [i, cell] of cells.slice(0, -1).entries()) widths[i] = Math.max(widths[i] ?? MIN_WIDTH, [...cell].length + padding);
  return rows
    .map(
      (cells) =>
        `${cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd((widths[i] ?? 0) + cell.length - [...cell].length))).join('')}\n`,
    )
    .join('');
}
