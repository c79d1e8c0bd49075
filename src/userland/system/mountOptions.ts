// The options of mount in both userlands. Counterpart: busybox 1.35 util-linux/mount.c; util-linux 2.38 mount(8)

import {
  MS_BIND,
  MS_MOVE,
  MS_NOATIME,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_RDONLY,
  MS_REC,
  MS_RELATIME,
  MS_REMOUNT,
  MS_SHARED,
  MS_SLAVE,
  MS_STRICTATIME,
  MS_UNBINDABLE,
} from '#abi/flags.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { Cli } from '../lib/cli.ts';
import type { CommandContext } from '../lib/command.ts';

/** mount options that are flags; [bits to set, bits to clear]. */
const OPTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ro: [MS_RDONLY, 0],
  rw: [0, MS_RDONLY],
  nosuid: [MS_NOSUID, 0],
  suid: [0, MS_NOSUID],
  nodev: [MS_NODEV, 0],
  dev: [0, MS_NODEV],
  noexec: [MS_NOEXEC, 0],
  exec: [0, MS_NOEXEC],
  remount: [MS_REMOUNT, 0],
  bind: [MS_BIND, 0],
  rbind: [MS_BIND | MS_REC, 0],
  move: [MS_MOVE, 0],
  noatime: [MS_NOATIME, 0],
  relatime: [MS_RELATIME, 0],
  strictatime: [MS_STRICTATIME, 0],
  private: [MS_PRIVATE, 0],
  rprivate: [MS_PRIVATE | MS_REC, 0],
  shared: [MS_SHARED, 0],
  rshared: [MS_SHARED | MS_REC, 0],
  slave: [MS_SLAVE, 0],
  rslave: [MS_SLAVE | MS_REC, 0],
  unbindable: [MS_UNBINDABLE, 0],
  runbindable: [MS_UNBINDABLE | MS_REC, 0],
  defaults: [0, 0],
};
export const PROPAGATION = MS_PRIVATE | MS_SHARED | MS_SLAVE | MS_UNBINDABLE;

/** Options that only say who may mount and when. */
const FOR_PROGRAMS = ['auto', 'noauto', 'user', 'nouser', 'users', 'owner', 'nofail', '_netdev'];

export interface Asked {
  type: string | undefined;
  flags: number;
  cleared: number; // taken away by rw, suid, dev, exec
  propagation: number[]; // changes of it, in order
  fake: boolean; // everything but the call
  verbose: boolean;
  all: boolean; // what fstab lists
  fstab: string;
  data: string[];
  operands: readonly string[];
}

const nothing = (): Asked => ({
  type: undefined,
  flags: 0,
  cleared: 0,
  propagation: [],
  fake: false,
  verbose: false,
  all: false,
  fstab: '/etc/fstab',
  data: [],
  operands: [],
});

/** A list as after -o, on top of what was asked before. */
function add(asked: Asked, list: string): void {
  for (const name of list.split(',')) {
    const known = OPTIONS[name];
    if (known === undefined) {
      if (!FOR_PROGRAMS.includes(name)) asked.data.push(name);
    } else if (known[0] & PROPAGATION) asked.propagation.push(known[0]);
    else {
      asked.flags = (asked.flags | known[0]) & ~known[1];
      asked.cleared = (asked.cleared | known[1]) & ~known[0];
    }
  }
}

/** What a list of options asks for, and then others of the command line. */
export function fromList(list: string, ...more: readonly Asked[]): Asked {
  const asked = nothing();
  add(asked, list);
  for (const one of more) {
    asked.flags = (asked.flags & ~one.cleared) | one.flags;
    asked.propagation.push(...one.propagation);
    asked.data.push(...one.data);
  }
  return asked;
}

/** Options that are a word of -o. */
const WORDS: Readonly<Record<string, string>> = { r: 'ro', w: 'rw', B: 'bind', R: 'rbind', M: 'move' };
const MAKE = ['shared', 'slave', 'private', 'unbindable', 'rshared', 'rslave', 'rprivate', 'runbindable'];

/** The command line; a number is the status of a program that has already complained. */
export function* parse(context: CommandContext): Program<Asked | number> {
  // busybox takes every `--word` for `-o word` before it looks at the letters.
  const isWord = (arg: string): boolean => context.flavour === 'busybox' && /^--./.test(arg) && arg !== '--help';
  const cli = new Cli({ ...context, argv: context.argv.filter((arg) => !isWord(arg)) });
  const options = yield* cli.options({
    busybox: 'o:t:rwanfvsiO:T:',
    gnu: 'acfilno:rst:vwBMRO:T:',
    long: {
      all: 'a',
      'no-canonicalize': 'c',
      fake: 'f',
      'internal-only': 'i',
      'show-labels': 'l',
      'no-mtab': 'n',
      'options=': 'o',
      'read-only': 'r',
      'types=': 't',
      verbose: 'v',
      rw: 'w',
      'read-write': 'w',
      bind: 'B',
      move: 'M',
      rbind: 'R',
      'fstab=': 'T',
      ...Object.fromEntries(MAKE.map((name) => [`make-${name}`, `make-${name}`])),
    },
  });
  if (typeof options === 'number') return options;
  const asked = nothing();
  for (const { key, value } of options.list) {
    if (key === 't') asked.type = value;
    else if (key === 'o') add(asked, value);
    else if (key === 'f') asked.fake = true;
    else if (key === 'v') asked.verbose = true;
    else if (key === 'a') asked.all = true;
    else if (key === 'T') asked.fstab = value;
    else if (key === 'O') return yield* cli.error('-O is not simulated here');
    else if (key in WORDS) add(asked, WORDS[key] as string);
    else if (key.startsWith('make-')) add(asked, key.slice(5));
    // -n, -i, -c, -s, -l: there is no mtab, there are no helpers, and no labels.
  }
  for (const word of context.argv.filter(isWord)) add(asked, word.replace(/^--(make-)?/, ''));
  asked.operands = options.args;
  return asked;
}
