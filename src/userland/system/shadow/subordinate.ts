// Ranges of subordinate ids. Counterpart: subuid(5), subgid(5), shadow 4.13 lib/subordinateio.c

import type { Program } from '#kernel/uapi/index.ts';
import type { Cli } from '../../lib/cli.ts';
import { SUBGID, SUBUID } from '../accountfiles.ts';
import { edit, type Rows } from './program.ts';

/** The first gap for a range above the others that begin at `low`. Counterpart: find_free_range */
function freeRange(rows: Rows, low: number, count: number): number {
  const taken = rows.map((row) => [Number(row[1]), Number(row[2])] as const).sort((a, b) => a[0] - b[0]);
  let start = low;
  for (const [first, length] of taken) {
    if (first - start >= count) break;
    start = Math.max(start, first + length);
  }
  return start;
}

/** Gives a new user a range in each of the files that are there. */
export function* addSubordinate(cli: Cli, name: string, settings: ReadonlyMap<string, string>): Program<void> {
  const count = Number(settings.get('SUB_UID_COUNT'));
  const low = Number(settings.get('SUB_UID_MIN'));
  for (const path of [SUBUID, SUBGID])
    yield* edit(cli, path, (rows) =>
      rows.some((row) => row[0] === name) ? rows : [...rows, [name, String(freeRange(rows, low, count)), String(count)]],
    );
}

/** Takes a user's ranges away. */
export function* removeSubordinate(cli: Cli, name: string): Program<void> {
  for (const path of [SUBUID, SUBGID]) yield* edit(cli, path, (rows) => rows.filter((row) => row[0] !== name));
}
