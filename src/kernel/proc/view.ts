// What every node of a virtual file system sees, and the shape of static trees of such nodes.

import { S_IFDIR, S_IFLNK, S_IFMT, S_IFREG } from '#abi/mode.ts';
import { PVec } from '#base/pvec.ts';
import type { FsDriver, Kernel, Res } from '../context.ts';
import { ok } from '../context.ts';
import type { Inode, Kgid, Kuid, Task } from '../state.ts';

/** Who looks at which instance. */
export interface View {
  readonly k: Kernel;
  readonly sb: number;
  readonly viewer: Task;
}

/** One node of a tree. The type is in `mode`; directories above it come into being by themselves. */
export interface TreeNode {
  readonly path: string; // without leading slash
  readonly mode: number;
  readonly size?: number;
  readonly nlink?: number;
  readonly text?: (view: View) => string | Res<string>;
  readonly write?: (view: View, text: string) => Res<void>;
  readonly target?: (view: View) => string;
  readonly owner?: (view: View) => { readonly uid: Kuid; readonly gid: Kgid };
  readonly permission?: (view: View, want: number) => Res<void> | undefined;
  /** It is there only when this holds. */
  readonly when?: (k: Kernel) => boolean;
}

export const ROOT_OWNER: { readonly uid: Kuid; readonly gid: Kgid } = { uid: 0 as Kuid, gid: 0 as Kgid };

export const file = (path: string, text: TreeNode['text'], mode = 0o444, size = 0): TreeNode => ({
  path,
  mode: S_IFREG | mode,
  size,
  ...(text && { text }),
});
export const dir = (path: string, mode = 0o555, nlink?: number): TreeNode => ({
  path,
  mode: S_IFDIR | mode,
  ...(nlink !== undefined && { nlink }),
});
export const link = (path: string, target: (view: View) => string, size = 0): TreeNode => ({ path, mode: S_IFLNK | 0o777, target, size });

/** An inode of a virtual file system: times are now, there is nothing stored. */
export function virtualInode(
  view: View,
  ino: number,
  mode: number,
  owner: { readonly uid: Kuid; readonly gid: Kgid },
  nlink = 1,
  size = 0,
): Inode {
  const now = view.k.state.realtime;
  // The size of a virtual file is what stat shows, not how much can be read.
  const shown = size === 0 ? {} : { file: { size, chunks: EMPTY_CHUNKS } };
  return {
    ino,
    mode,
    uid: owner.uid,
    gid: owner.gid,
    nlink,
    atime: now,
    mtime: now,
    ctime: now,
    btime: now,
    rdev: 0,
    ...shown,
  };
}

const EMPTY_CHUNKS = PVec.empty<Uint8Array>();

/** A fixed tree whose contents are computed when they are read. */
export interface Tree {
  readonly nodes: readonly TreeNode[];
  inode(view: View, ino: number): Inode | undefined;
  node(ino: number): TreeNode | undefined;
  find(path: string): number | undefined;
  parent(ino: number): number | undefined;
  children(ino: number): readonly { readonly name: string; readonly ino: number; readonly type: number }[];
}

/** Makes a tree; the node with index i has the inode number base + i, the first one is its root. */
export function makeTree(base: number, list: readonly TreeNode[], dirMode: number): Tree {
  const nodes: TreeNode[] = [dir('', dirMode)];
  const at = new Map<string, number>([['', 0]]);
  const below = new Map<number, { name: string; ino: number; type: number }[]>([[0, []]]);
  const add = (node: TreeNode): void => {
    if (at.has(node.path)) {
      nodes[at.get(node.path) as number] = node;
      return;
    }
    const slash = node.path.lastIndexOf('/');
    const parent = slash < 0 ? '' : node.path.slice(0, slash);
    if (!at.has(parent)) add(dir(parent, dirMode));
    const index = nodes.length;
    nodes.push(node);
    at.set(node.path, index);
    below.set(index, []);
    below.get(at.get(parent) as number)?.push({ name: node.path.slice(slash + 1), ino: base + index, type: node.mode & S_IFMT });
  };
  for (const node of list) add(node);
  const children = (ino: number): readonly { name: string; ino: number; type: number }[] => below.get(ino - base) ?? [];
  return {
    nodes,
    node: (ino) => nodes[ino - base],
    find: (path) => {
      const index = at.get(path);
      return index === undefined ? undefined : base + index;
    },
    children,
    parent: (ino) => {
      const path = nodes[ino - base]?.path;
      if (path === undefined || path === '') return undefined;
      const up = at.get(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
      return up === undefined ? undefined : base + up;
    },
    inode(view, ino) {
      const node = nodes[ino - base];
      if (node === undefined) return undefined;
      const isDirectory = (node.mode & S_IFMT) === S_IFDIR;
      const nlink = node.nlink ?? (isDirectory ? 2 + children(ino).filter((c) => c.type === S_IFDIR).length : 1);
      return virtualInode(view, ino, node.mode, node.owner?.(view) ?? ROOT_OWNER, nlink, node.size ?? 0);
    },
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const bytesOf = (text: string | Res<string>): Res<Uint8Array> =>
  typeof text === 'string' ? ok(encoder.encode(text)) : text.ok ? ok(encoder.encode(text.value)) : text;
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** The driver of a file system that is nothing but a tree. */
export function treeDriver(tree: Tree): FsDriver {
  const there = (k: Kernel, ino: number): boolean => tree.node(ino)?.when?.(k) ?? true;
  return {
    inode: (k, sb, ino, viewer) => tree.inode({ k, sb, viewer }, ino),
    lookup: (k, _sb, parent, name) => tree.children(parent).find((child) => child.name === name && there(k, child.ino))?.ino,
    parent: (_k, _sb, ino) => tree.parent(ino),
    list: (k, _sb, parent) => tree.children(parent).filter((child) => there(k, child.ino)),
    readlink: (k, sb, ino, viewer) => ok(tree.node(ino)?.target?.({ k, sb, viewer }) ?? ''),
    content: (k, sb, ino, viewer) => bytesOf(tree.node(ino)?.text?.({ k, sb, viewer }) ?? ''),
    write: (k, sb, ino, viewer, data) => writeNode(tree.node(ino), { k, sb, viewer }, data),
    permission: (k, sb, ino, viewer, want) => tree.node(ino)?.permission?.({ k, sb, viewer }, want),
  };
}

/** A write to a node: EINVAL where the real file takes none. */
export function writeNode(node: TreeNode | undefined, view: View, data: Uint8Array): Res<number> {
  if (node?.write === undefined) return { ok: false, errno: 'EIO' };
  const done = node.write(view, textOf(data));
  return done.ok ? ok(data.length) : done;
}
