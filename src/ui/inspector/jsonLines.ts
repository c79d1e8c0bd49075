// A JSON value as lines of text, each knowing the JSON Pointer it stands for.

export interface JsonLine {
  readonly pointer: string;
  readonly depth: number;
  readonly text: string;
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Counterpart: JSON.stringify with an indent; short arrays of plain values stay on one line. */
export function jsonLines(value: unknown, pointer = '', depth = 0, label = '', comma = ''): JsonLine[] {
  if (value === null || typeof value !== 'object') return [{ pointer, depth, text: `${label}${JSON.stringify(value)}${comma}` }];
  const isList = Array.isArray(value);
  const entries = Object.entries(value as object).filter(([, entry]) => entry !== undefined);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (entries.length === 0) return [{ pointer, depth, text: `${label}${open}${close}${comma}` }];
  const flat = JSON.stringify(value);
  if (isList && flat.length < 40 && value.every((entry) => entry === null || typeof entry !== 'object')) {
    return [{ pointer, depth, text: `${label}${flat.replaceAll(',', ', ')}${comma}` }];
  }
  return [
    { pointer, depth, text: `${label}${open}` },
    ...entries.flatMap(([key, entry], index) =>
      jsonLines(
        entry,
        `${pointer}/${escaped(key)}`,
        depth + 1,
        isList ? '' : `${JSON.stringify(key)}: `,
        index < entries.length - 1 ? ',' : '',
      ),
    ),
    { pointer, depth, text: `${close}${comma}` },
  ];
}

/** The origin of a pointer, or of its nearest ancestor that has one. */
export function originOf(origins: Readonly<Record<string, string>>, pointer: string): string | null {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const origin = origins[at];
    if (origin !== undefined) return origin;
    if (at === '') return null;
  }
}
