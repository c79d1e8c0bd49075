// A small line diff for terminals: common lines with two spaces, removed with "- ", added with "+ ".

/** Lines of `expected` and `actual` side by side by longest common subsequence; control characters are made visible. */
export function lineDiff(expected: string, actual: string): string {
  const a = visible(expected).split('\n');
  const b = visible(actual).split('\n');
  const width = b.length + 1;
  const best = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const lines: string[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`    ${a[i]}`);
      i++;
      j++;
    } else if (i < a.length && (j >= b.length || at(i + 1, j) >= at(i, j + 1))) lines.push(`  - ${a[i++]}`);
    else lines.push(`  + ${b[j++]}`);
  }
  return lines.join('\n');
}

const visible = (text: string): string =>
  [...text].map((c) => (c !== '\n' && c !== '\t' && c < ' ' ? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}` : c)).join('');
