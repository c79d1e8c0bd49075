// The positioned tree: JSON values with the place in the text each came from.

export interface TextSpan {
  readonly start: number; // offsets in UTF-16 units, end exclusive
  readonly end: number;
  readonly line: number; // from 1
  readonly column: number;
}

export interface MapEntry {
  readonly key: string;
  readonly keyRange: TextSpan;
  readonly value: PositionedNode;
}

export type PositionedNode =
  | {
      readonly kind: 'map';
      readonly entries: readonly MapEntry[];
      /** Keys that the text has more than once; the last one counts. */
      readonly repeated?: readonly string[];
      readonly range: TextSpan;
    }
  | { readonly kind: 'seq'; readonly items: readonly PositionedNode[]; readonly range: TextSpan }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly range: TextSpan };

export interface YamlDiagnostic {
  readonly severity: 'error' | 'warning';
  /** For errors: the text kubectl prints after "error converting YAML to JSON: ", line number counted from the document's start. */
  readonly message: string;
  readonly range: TextSpan;
}

export interface YamlDocument {
  /** null: an empty document, or one with an error. */
  readonly root: PositionedNode | null;
  readonly error: YamlDiagnostic | null;
}

/** The node at a JSON Pointer, or undefined. */
export function nodeAt(root: PositionedNode, pointer: string): PositionedNode | undefined {
  let node: PositionedNode | undefined = root;
  for (const part of pointer.split('/').slice(1)) node = node === undefined ? undefined : child(node, unescapePointer(part));
  return node;
}

/** The range of the key of a pointer's last member where it has one, else of the value; falls back to the nearest ancestor. */
export function rangeAt(root: PositionedNode, pointer: string, key = false): TextSpan {
  let node = root;
  let range = root.range;
  for (const part of pointer.split('/').slice(1)) {
    const name = unescapePointer(part);
    const next = child(node, name);
    if (next === undefined) return range;
    const entry = node.kind === 'map' ? node.entries.findLast((e) => e.key === name) : undefined;
    range = entry !== undefined && (key || next.kind !== 'scalar' || next.value === null) ? entry.keyRange : next.range;
    node = next;
  }
  return range;
}

export const escapePointer = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');
export const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

function child(node: PositionedNode, name: string): PositionedNode | undefined {
  if (node.kind === 'map') return node.entries.findLast((entry) => entry.key === name)?.value;
  if (node.kind === 'seq' && /^\d+$/.test(name)) return node.items[Number(name)];
  return undefined;
}
