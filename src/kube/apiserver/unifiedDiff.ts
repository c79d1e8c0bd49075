// How an update's refusal shows what changed.

/** A unified difference without file names, three lines of context. Counterpart: github.com/pmezard/go-difflib as Kubernetes' diff package uses it. */
export function unifiedDiff(a: readonly string[], b: readonly string[]): string {
  const ops = editScript(a, b);
  const out: string[] = [];
  const changed = ops.flatMap((op, i) => (op.sign === ' ' ? [] : [i]));
  for (let i = 0; i < changed.length; ) {
    let j = i;
    while (j + 1 < changed.length && (changed[j + 1] as number) - (changed[j] as number) <= 6) j += 1;
    const hunk = ops.slice(Math.max(0, (changed[i] as number) - 3), (changed[j] as number) + 4);
    const first = hunk[0] as Op;
    const span = (start: number, count: number): string =>
      count === 1 ? String(start + 1) : `${count === 0 ? start : start + 1},${count}`;
    const oldCount = hunk.filter((op) => op.sign !== '+').length;
    const newCount = hunk.filter((op) => op.sign !== '-').length;
    out.push(`@@ -${span(first.a, oldCount)} +${span(first.b, newCount)} @@`, ...hunk.map((op) => op.sign + op.text));
    i = j + 1;
  }
  return `${out.join('\n')}\n`;
}

interface Op {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
  readonly a: number;
  readonly b: number;
}

/** Removals before additions in each changed place, from a longest common subsequence of what differs. */
function editScript(a: readonly string[], b: readonly string[]): Op[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const n = a.length - head - tail;
  const m = b.length - head - tail;
  const lengths: number[][] = Array.from({ length: n + 1 }, () => new Array<number>(m + 1).fill(0));
  const at = (i: number, j: number): number => (lengths[i] as number[])[j] as number;
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--)
      (lengths[i] as number[])[j] = a[head + i] === b[head + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const ops: Op[] = [];
  for (let k = 0; k < head; k++) ops.push({ sign: ' ', text: a[k] as string, a: k, b: k });
  let i = 0;
  let j = 0;
  while (i < n || j < m) {
    const place = { a: head + i, b: head + j };
    if (i < n && j < m && a[head + i] === b[head + j]) {
      ops.push({ sign: ' ', text: a[head + i] as string, ...place });
      i += 1;
      j += 1;
    } else if (i < n && (j === m || at(i + 1, j) >= at(i, j + 1))) {
      ops.push({ sign: '-', text: a[head + i] as string, ...place });
      i += 1;
    } else {
      ops.push({ sign: '+', text: b[head + j] as string, ...place });
      j += 1;
    }
  }
  for (let k = 0; k < tail; k++)
    ops.push({ sign: ' ', text: a[a.length - tail + k] as string, a: a.length - tail + k, b: b.length - tail + k });
  return ops;
}
