// A persistent map from text to values that iterates in insertion order: old versions stay valid and share untouched nodes.
// A hash trie finds the slot of a key; a persistent vector keeps the slots in order. Deleted slots are squeezed out when
// they outnumber the live ones.
// Counterpart: Clojure's PersistentHashMap (Bagwell's hash array mapped trie).

import { PVec } from './pvec.ts';

const BITS = 5;
const LOW = 31;

interface Leaf {
  readonly hash: number;
  readonly key: string;
  readonly slot: number;
  readonly next: Leaf | undefined; // only for colliding hashes
}
interface Branch {
  readonly bitmap: number;
  readonly children: readonly (Branch | Leaf)[];
}
type Node = Branch | Leaf;

interface Slot<V> {
  readonly key: string;
  readonly value: V;
}

/** An immutable map from string to V. */
export class PMap<V> {
  private readonly trie: Node | undefined;
  private readonly slots: PVec<Slot<V>>;
  /** Number of keys. */
  readonly size: number;

  private constructor(trie: Node | undefined, slots: PVec<Slot<V>>, size: number) {
    this.trie = trie;
    this.slots = slots;
    this.size = size;
  }

  private static readonly EMPTY: PMap<never> = new PMap<never>(undefined, PVec.empty(), 0);

  /** The empty map. */
  static empty<V>(): PMap<V> {
    return PMap.EMPTY as unknown as PMap<V>;
  }

  /** A map with the given entries, later ones winning. */
  static from<V>(entries: Iterable<readonly [string, V]>): PMap<V> {
    let map = PMap.empty<V>();
    for (const [key, value] of entries) map = map.set(key, value);
    return map;
  }

  /** The value of a key, or undefined. */
  get(key: string): V | undefined {
    const slot = find(this.trie, key);
    return slot === undefined ? undefined : this.slots.get(slot)?.value;
  }

  has(key: string): boolean {
    return find(this.trie, key) !== undefined;
  }

  /** A map where the key has this value; an existing key keeps its place in the order. */
  set(key: string, value: V): PMap<V> {
    const slot = find(this.trie, key);
    if (slot !== undefined) return new PMap(this.trie, this.slots.set(slot, { key, value }), this.size);
    const trie = insert(this.trie, key, hashOf(key), this.slots.length, 0);
    return new PMap(trie, this.slots.push({ key, value }), this.size + 1);
  }

  /** A map without the key. */
  delete(key: string): PMap<V> {
    const slot = find(this.trie, key);
    if (slot === undefined) return this;
    if (this.size === 1) return PMap.empty();
    const next = new PMap(remove(this.trie as Node, key, hashOf(key), 0), this.slots.set(slot, undefined), this.size - 1);
    return next.slots.length > 2 * next.size + 32 ? PMap.from(next) : next;
  }

  /** A map with the same keys and other values, given in insertion order; shares everything that depends on the keys only. */
  withValues<W>(values: readonly W[]): PMap<W> {
    let at = 0;
    const slots = PVec.empty<Slot<W>>().edit((set) => {
      for (const [slot, { key }] of this.slots.entries()) set(slot, { key, value: values[at++] as W });
    });
    return new PMap(this.trie, slots, this.size);
  }

  /** Up to `count` entries from a place in insertion order on; `next` is where to go on, null at the end. */
  range(from: number, count: number): { readonly entries: readonly (readonly [string, V])[]; readonly next: number | null } {
    const entries: (readonly [string, V])[] = [];
    let at = from;
    for (; at < this.slots.length && entries.length < count; at++) {
      const slot = this.slots.get(at);
      if (slot !== undefined) entries.push([slot.key, slot.value]);
    }
    return { entries, next: at < this.slots.length ? at : null };
  }

  /** The entries in insertion order. */
  *[Symbol.iterator](): Generator<readonly [string, V]> {
    for (const [, slot] of this.slots.entries()) yield [slot.key, slot.value];
  }

  /** The keys in insertion order. */
  *keys(): Generator<string> {
    for (const [key] of this) yield key;
  }
}

function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

const isLeaf = (node: Node): node is Leaf => 'key' in node;

function popcount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

function find(trie: Node | undefined, key: string): number | undefined {
  if (trie === undefined) return undefined;
  const hash = hashOf(key);
  let node: Node = trie;
  for (let shift = 0; !isLeaf(node); shift += BITS) {
    const bit = 1 << ((hash >>> shift) & LOW);
    if ((node.bitmap & bit) === 0) return undefined;
    node = node.children[popcount(node.bitmap & (bit - 1))] as Node;
  }
  if (node.hash !== hash) return undefined;
  for (let leaf: Leaf | undefined = node; leaf !== undefined; leaf = leaf.next) if (leaf.key === key) return leaf.slot;
  return undefined;
}

function insert(node: Node | undefined, key: string, hash: number, slot: number, shift: number): Node {
  if (node === undefined) return { hash, key, slot, next: undefined };
  if (isLeaf(node)) {
    if (node.hash === hash) return { hash, key, slot, next: node };
    const own = 1 << ((node.hash >>> shift) & LOW);
    return insert({ bitmap: own, children: [node] }, key, hash, slot, shift);
  }
  const bit = 1 << ((hash >>> shift) & LOW);
  const at = popcount(node.bitmap & (bit - 1));
  const children = node.children.slice();
  if (node.bitmap & bit) children[at] = insert(node.children[at], key, hash, slot, shift + BITS);
  else children.splice(at, 0, { hash, key, slot, next: undefined });
  return { bitmap: node.bitmap | bit, children };
}

function without(leaf: Leaf, key: string): Leaf | undefined {
  if (leaf.key === key) return leaf.next;
  return { ...leaf, next: leaf.next && without(leaf.next, key) };
}

function remove(node: Node, key: string, hash: number, shift: number): Node | undefined {
  if (isLeaf(node)) return without(node, key);
  const bit = 1 << ((hash >>> shift) & LOW);
  const at = popcount(node.bitmap & (bit - 1));
  const child = remove(node.children[at] as Node, key, hash, shift + BITS);
  const children = node.children.slice();
  if (child !== undefined) {
    children[at] = child;
    return { bitmap: node.bitmap, children };
  }
  children.splice(at, 1);
  return children.length === 0 ? undefined : { bitmap: node.bitmap & ~bit, children };
}
