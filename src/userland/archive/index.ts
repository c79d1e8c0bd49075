// Archives and compressed files: tar and gzip in both userlands.

import type { CommandTable, Flavour } from '../lib/command.ts';
import { gunzip, gzip, zcat } from './gzip.ts';
import { tar } from './tar.ts';

const BOTH: readonly Flavour[] = ['busybox', 'gnu'];

/** The commands of this package. */
export const archiveCommands: CommandTable = {
  tar: { run: tar, in: BOTH },
  gzip: { run: gzip, in: BOTH },
  gunzip: { run: gunzip, in: BOTH },
  uncompress: { run: gunzip, in: ['gnu'] },
  zcat: { run: zcat, in: BOTH },
};
