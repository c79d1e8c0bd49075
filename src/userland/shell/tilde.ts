// ~ and ~user.

import type { Program } from '#kernel/uapi/index.ts';
import { passwdEntries } from '../lib/accounts.ts';

/** Home directory for `~user`, or `~` when the name is empty; undefined when there is none. */
export function* homeOf(user: string, home: string | undefined): Program<string | undefined> {
  if (user === '') return home;
  return (yield* passwdEntries()).find((entry) => entry.name === user)?.home;
}
