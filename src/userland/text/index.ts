// The commands of this folder by name, and which userlands have them.

import type { Command, CommandTable, Flavour } from '../lib/command.ts';
import { awk } from './awk.ts';
import { base32, base64, basenc } from './basenc.ts';
import { diff } from './diff.ts';
import { b2sum, cksum, md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum } from './digest.ts';
import { cmp, od } from './dump.ts';
import { find } from './find.ts';
import { grep } from './grep.ts';
import { hexdump, xxd } from './hexdump.ts';
import { expand, fold, nl, paste, rev, shuf, strings, tac, unexpand } from './lines.ts';
import { cal, crc32, dos2unix, factor, sum } from './numbers.ts';
import { numfmt } from './numfmt.ts';
import { sed } from './sed.ts';
import { comm, join } from './sorted.ts';
import { split } from './split.ts';
import { tsort } from './tsort.ts';
import { which } from './which.ts';
import { xargs } from './xargs.ts';

const BOTH: readonly Flavour[] = ['busybox', 'gnu'];
const BUSYBOX: readonly Flavour[] = ['busybox'];
const GNU: readonly Flavour[] = ['gnu'];

const make = (commands: Readonly<Record<string, Command>>, flavours: readonly Flavour[]): CommandTable =>
  Object.fromEntries(Object.entries(commands).map(([name, run]) => [name, { run, in: flavours }]));

/** Searching and text processing. A Debian image has neither xxd nor hexdump nor less; busybox's default has no join. */
export const textCommands: CommandTable = {
  ...make(
    {
      awk,
      base32,
      base64,
      factor,
      sum,
      cksum,
      cmp,
      comm,
      diff,
      egrep: grep,
      expand,
      fgrep: grep,
      find,
      fold,
      grep,
      md5sum,
      nl,
      od,
      paste,
      rev,
      sed,
      sha1sum,
      sha256sum,
      sha512sum,
      shuf,
      split,
      tac,
      unexpand,
      xargs,
    },
    BOTH,
  ),
  ...make({ hd: hexdump, hexdump, less: strings, xxd, cal, crc32, dos2unix, unix2dos: dos2unix, which }, BUSYBOX),
  ...make({ 'which.debianutils': which, b2sum, basenc, join, mawk: awk, numfmt, sha224sum, sha384sum, tsort }, GNU),
};
