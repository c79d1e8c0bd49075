// ps in both userlands.

import type { Command } from '../lib/command.ts';
import { busyboxPs } from './ps-busybox.ts';
import { procpsPs } from './ps-procps.ts';

/** The ps command. */
export const ps: Command = (context) => (context.flavour === 'busybox' ? busyboxPs(context) : procpsPs(context));
