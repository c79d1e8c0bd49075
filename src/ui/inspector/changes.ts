// Which pieces of a text are new against an older one: line by line, word by word.

export interface Piece {
  readonly text: string;
  readonly changed: boolean;
}

const words = (line: string): string[] => line.match(/\s+|[A-Za-z0-9]+|[^\sA-Za-z0-9]/g) ?? [];

/** Pieces of one line. Hexadecimal masks of equal length are compared digit by digit. */
function lineChanges(before: string, after: string): Piece[] {
  if (before === after) return [{ text: after, changed: false }];
  const [a, b] = before.length === after.length ? [[...before], [...after]] : [words(before), words(after)];
  const longest: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => longest[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (longest[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pieces: Piece[] = [];
  const push = (text: string, changed: boolean): void => {
    const last = pieces.at(-1);
    if (last && last.changed === changed) pieces[pieces.length - 1] = { text: last.text + text, changed };
    else pieces.push({ text, changed });
  };
  for (let i = 0, j = 0; j < b.length; ) {
    if (i < a.length && a[i] === b[j]) {
      push(b[j] as string, false);
      i++;
      j++;
    } else if (i < a.length && at(i + 1, j) >= at(i, j + 1)) i++;
    else push(b[j++] as string, true);
  }
  return pieces;
}

/** The new text in pieces; with nothing to compare with, nothing is changed. */
export function textChanges(before: string | null, after: string): Piece[] {
  if (before === null || before === after) return [{ text: after, changed: false }];
  const old = before.split('\n');
  return after.split('\n').flatMap((line, index) => {
    const end = index > 0 ? [{ text: '\n', changed: false }] : [];
    return [...end, ...lineChanges(old[index] ?? '', line)];
  });
}
