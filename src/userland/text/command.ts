// How the commands of this folder are made.

import { commandsWith } from '../lib/command-line.ts';
import { USAGE } from './usage.ts';

/** A command of this folder. */
export const command = commandsWith(USAGE);
