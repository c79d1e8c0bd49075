// Usage texts of this folder's busybox applets, in three files for their length.

import { USAGE as FIRST } from './usage1.ts';
import { USAGE as SECOND } from './usage2.ts';
import { USAGE as THIRD } from './usage3.ts';

export const USAGE: Readonly<Record<string, string>> = { ...FIRST, ...SECOND, ...THIRD };
