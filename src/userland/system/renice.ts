// renice. Counterpart: util-linux 2.38 sys-utils/renice.c, busybox 1.35 util-linux/renice.c

import { strerror } from '#abi/errno.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { showUsage } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { uidOf } from '../lib/tree.ts';

const KINDS = {
  p: { which: 'PRIO_PROCESS', name: 'process ID' },
  g: { which: 'PRIO_PGRP', name: 'process group ID' },
  u: { which: 'PRIO_USER', name: 'user ID' },
} as const;
type Kind = (typeof KINDS)[keyof typeof KINDS];
const LONG: Readonly<Record<string, keyof typeof KINDS>> = { '--pid': 'p', '--pgrp': 'g', '--user': 'u' };

const bounded = (nice: number): number => Math.max(-20, Math.min(19, nice));

function* complain(text: string, hint = false): Program<number> {
  yield* errOut(`renice: ${text}\n${hint ? "Try 'renice --help' for more information.\n" : ''}`);
  return 1;
}

/** busybox reads its words without getopt; a priority alone is enough, and changes nobody. */
const busyboxRenice: Command = function* (context) {
  let words = context.argv.slice(1);
  const relative = words[0]?.startsWith('-n') ?? false;
  if (relative) words = [(words[0] as string).slice(2), ...words.slice(1)].filter((word, at) => at > 0 || word !== '');
  const [priority, ...rest] = words;
  if (priority === undefined) return yield* showUsage(context);
  if (!/^[-+]?\d+$/.test(priority)) return yield* complain(`invalid number '${priority.replace(/^-/, '')}'`);
  let kind: Kind = KINDS.p;
  let status = 0;
  for (const word of rest) {
    const mode = /^-([pgu])$/.exec(word)?.[1] as keyof typeof KINDS | undefined;
    if (mode !== undefined) {
      kind = KINDS[mode];
      continue;
    }
    const named = kind === KINDS.u;
    // A user is a name here, never a number.
    const who = named ? (/^\d+$/.test(word) ? undefined : yield* uidOf(word)) : /^\d+$/.test(word) ? Number(word) : undefined;
    if (who === undefined && !named) return yield* complain(`invalid number '${word}'`);
    if (who === undefined) {
      status = yield* complain(`unknown user ${word}`);
      continue;
    }
    const old: SysResult<number> = relative ? yield* sys.getpriority(kind.which, who) : { ok: true, value: 0 };
    const done: SysResult<void> = old.ok ? yield* sys.setpriority(kind.which, who, bounded(old.value + Number(priority))) : old;
    if (!done.ok) status = yield* complain(`${old.ok ? 'setpriority' : 'getpriority'}: ${strerror(done.errno)}`);
  }
  return status;
};

const gnuRenice: Command = function* ({ argv }) {
  const words = argv.slice(1);
  if (words[0] === '-n' || words[0] === '--priority') words.shift();
  const [priority, ...rest] = words;
  if (rest.length === 0 && (priority === undefined || /^[-+]?\d+$/.test(priority))) return yield* complain('not enough arguments', true);
  if (priority === undefined || !/^[-+]?\d+$/.test(priority)) return yield* complain(`invalid priority '${priority}'`, true);
  const wanted = bounded(Number(priority));
  let kind: Kind = KINDS.p;
  let status = 0;
  for (const word of rest) {
    const mode = LONG[word] ?? (/^-([pgu])$/.exec(word)?.[1] as keyof typeof KINDS | undefined);
    if (mode !== undefined) {
      kind = KINDS[mode];
      continue;
    }
    const who = kind === KINDS.u ? yield* uidOf(word) : /^\d+$/.test(word) ? Number(word) : undefined;
    if (who === undefined) {
      status = yield* complain(kind === KINDS.u ? `unknown user ${word}` : `bad ${kind.name} value: ${word}`);
      continue;
    }
    const old: SysResult<number> = yield* sys.getpriority(kind.which, who);
    const done: SysResult<void> = old.ok ? yield* sys.setpriority(kind.which, who, wanted) : old;
    if (!done.ok)
      status = yield* complain(`failed to ${old.ok ? 'set' : 'get'} priority for ${who} (${kind.name}): ${strerror(done.errno)}`);
    else yield* out(`${who} (${kind.name}) old priority ${old.ok ? old.value : 0}, new priority ${wanted}\n`);
  }
  return status;
};

export const renice: Command = (context) => (context.flavour === 'gnu' ? gnuRenice : busyboxRenice)(context);
