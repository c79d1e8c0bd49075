// Entries of type tree: very many files on a disk of the node, put there at once.

import { AT_FDCWD } from '#abi/flags.ts';
import { populateTree, walk } from '#kernel/fs/index.ts';
import type { Machine } from '#kernel/machine/machine.ts';
import type { Task } from '#kernel/state.ts';
import type { ImageEntry } from '#runtime/image.ts';

const PER_DIRECTORY = 1000;

/** Fills the trees among the entries below `base`, whose directories exist. */
export function plantTrees(machine: Machine, init: Task, base: string, entries: readonly ImageEntry[]): void {
  for (const entry of entries) {
    if (entry.type !== 'tree') continue;
    const found = walk(machine, init, AT_FDCWD, `${base}${entry.path.startsWith('/') ? '' : '/'}${entry.path}`, { follow: true });
    if (!found.ok || found.value.at === null) continue;
    const mode = Number.parseInt(entry.mode ?? '644', 8);
    // Who may read a file of the tree may enter its directories.
    const directoryMode = mode | ((mode & 0o444) >> 2);
    populateTree(machine, found.value.at, {
      count: entry.count ?? 0,
      perDirectory: entry.perDirectory ?? PER_DIRECTORY,
      mode,
      directoryMode,
      uid: entry.uid ?? 0,
      gid: entry.gid ?? 0,
    });
  }
}
