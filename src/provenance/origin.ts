// Where a value in a document came from. Documents stay plain JSON; origins travel beside them, keyed by JSON Pointer.

/** A range in a text: offsets in UTF-16 units, end exclusive; line and column from 1. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

export type Origin =
  | { readonly kind: 'manifest'; readonly pointer: string; readonly range?: TextRange } // a line the user wrote
  | { readonly kind: 'default'; readonly rule: string } // a default of the API, kubelet or runtime
  | { readonly kind: 'image'; readonly image: string; readonly what: string } // image config or a file in it, e.g. "/etc/passwd"
  | { readonly kind: 'node'; readonly what: string } // a setting or fact of the node
  | {
      readonly kind: 'rule';
      readonly rule: string;
      readonly from: readonly Origin[];
      readonly operands?: Readonly<Record<string, unknown>>;
    };

/** A plain JSON value with the origin of its leaves (and of objects, where one is the cause of the whole). */
export interface Annotated<T> {
  readonly value: T;
  readonly origins: Readonly<Record<string, Origin>>;
}

/** A value whose origins are worked out when somebody asks for them: few do. Neither may change afterwards. */
export function annotated<T>(value: T, origins: () => Annotated<T>['origins']): Annotated<T> {
  let known: Annotated<T>['origins'] | undefined;
  return {
    value,
    get origins() {
      known ??= origins();
      return known;
    },
  };
}

/** The origin of a pointer, or of its nearest ancestor that has one. */
export function originAt(origins: Readonly<Record<string, Origin>>, pointer: string): Origin | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const origin = origins[at];
    if (origin !== undefined || at === '') return origin;
  }
}

/** Where a map or list comes from that the user wrote: itself, or the text from the first to the last of its leaves. */
export function branchOrigin(origins: Readonly<Record<string, Origin>>, pointer: string): Origin {
  const own = originAt(origins, pointer);
  if (own !== undefined) return own;
  const ranges = Object.entries(origins).flatMap(([at, origin]) =>
    at.startsWith(`${pointer}/`) && origin.kind === 'manifest' && origin.range !== undefined ? [origin.range] : [],
  );
  const [first] = ranges.sort((a, b) => a.start - b.start);
  if (first === undefined) return { kind: 'manifest', pointer };
  return { kind: 'manifest', pointer, range: { ...first, end: Math.max(...ranges.map(({ end }) => end)) } };
}
