// A persistent vector with holes: get and set in O(log32 n), old versions stay valid and share all untouched nodes.
// Counterpart: Clojure's PersistentVector without the tail.

const BITS = 5;
const WIDTH = 1 << BITS;
const LOW = WIDTH - 1;

type Node<T> = readonly (Node<T> | T | undefined)[];

/** An immutable vector of T by index; indices that were never set, or were deleted, read as undefined. */
export class PVec<T> {
  private readonly root: Node<T>;
  private readonly shift: number;
  /** One more than the highest index ever set. */
  readonly length: number;

  private constructor(root: Node<T>, shift: number, length: number) {
    this.root = root;
    this.shift = shift;
    this.length = length;
  }

  private static readonly EMPTY: PVec<never> = new PVec<never>([], 0, 0);

  /** The empty vector. */
  static empty<T>(): PVec<T> {
    return PVec.EMPTY as unknown as PVec<T>;
  }

  /** The element at an index ≥ 0, or undefined. */
  get(index: number): T | undefined {
    if (index >= this.length || index < 0) return undefined;
    let node: Node<T> | undefined = this.root;
    for (let shift = this.shift; shift > 0 && node !== undefined; shift -= BITS)
      node = node[(index >>> shift) & LOW] as Node<T> | undefined;
    return node?.[index & LOW] as T | undefined;
  }

  /** A vector that differs at one index ≥ 0; undefined deletes. */
  set(index: number, value: T | undefined): PVec<T> {
    let { root, shift } = this;
    while (index >>> shift >= WIDTH) {
      root = [root];
      shift += BITS;
    }
    return new PVec(put(root, shift, index, value), shift, Math.max(this.length, index + 1));
  }

  /** A vector with one more element at the end; its index is the old length. */
  push(value: T): PVec<T> {
    return this.set(this.length, value);
  }

  /** A vector with many changes at once: nodes are copied once, however many of their elements change. */
  edit(change: (set: (index: number, value: T) => void) => void): PVec<T> {
    const owned = new Set<object>();
    const own = (node: Node<T> | undefined): (Node<T> | T | undefined)[] => {
      if (node !== undefined && owned.has(node)) return node as (Node<T> | T | undefined)[];
      const copy = node === undefined ? [] : node.slice();
      owned.add(copy);
      return copy;
    };
    let { root, shift, length } = this;
    let leaf: (Node<T> | T | undefined)[] = [];
    let leafAt = -1;
    change((index, value) => {
      if (index >>> BITS !== leafAt) {
        while (index >>> shift >= WIDTH) {
          root = own([root]);
          shift += BITS;
        }
        let node = own(root);
        root = node;
        for (let down = shift; down > 0; down -= BITS) {
          const at = (index >>> down) & LOW;
          node = node[at] = own(node[at] as Node<T> | undefined);
        }
        leaf = node;
        leafAt = index >>> BITS;
      }
      leaf[index & LOW] = value;
      if (index >= length) length = index + 1;
    });
    return new PVec(root, shift, length);
  }

  /** Does the test hold for one of the elements? Asked in ascending order of index; makes no list of them. */
  some(test: (value: T, index: number) => boolean): boolean {
    return someIn(this.root, this.shift, 0, test);
  }

  /** The elements that are there, in ascending order of index. Empty branches are not walked. */
  entries(): IterableIterator<readonly [number, T]> {
    const found: (readonly [number, T])[] = [];
    collect(this.root, this.shift, 0, found);
    return found[Symbol.iterator]();
  }
}

function collect<T>(node: Node<T>, shift: number, base: number, into: (readonly [number, T])[]): void {
  for (let at = 0; at < node.length; at++) {
    const child = node[at];
    if (child === undefined) continue;
    const index = base + (at << shift);
    if (shift === 0) into.push([index, child as T]);
    else collect(child as Node<T>, shift - BITS, index, into);
  }
}

function someIn<T>(node: Node<T>, shift: number, base: number, test: (value: T, index: number) => boolean): boolean {
  for (let at = 0; at < node.length; at++) {
    const child = node[at];
    if (child === undefined) continue;
    const index = base + (at << shift);
    if (shift === 0 ? test(child as T, index) : someIn(child as Node<T>, shift - BITS, index, test)) return true;
  }
  return false;
}

function put<T>(node: Node<T> | undefined, shift: number, index: number, value: T | undefined): Node<T> {
  const copy = node === undefined ? [] : node.slice();
  const at = (index >>> shift) & LOW;
  const child = shift === 0 ? value : put(copy[at] as Node<T> | undefined, shift - BITS, index, value);
  // A branch without elements goes, so that a long-lived vector of short-lived things stays small.
  copy[at] = value === undefined && shift > 0 && isEmpty(child as Node<T>) ? undefined : child;
  return copy;
}

function isEmpty<T>(node: Node<T>): boolean {
  for (const child of node) if (child !== undefined) return false;
  return true;
}
