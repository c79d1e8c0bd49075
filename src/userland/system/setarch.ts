// setarch and mkswap of busybox. Counterpart: busybox 1.35 util-linux/setarch.c, mkswap.c

import { strerror } from '#abi/errno.ts';
import { type SysResult, sys } from '#kernel/uapi/index.ts';
import { BUSYBOX_BANNER } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { errOut } from '../lib/io.ts';
import { execSearch } from './exec.ts';
import { openFailure } from './hardware.ts';

const SETARCH_USAGE = `
Usage: setarch PERSONALITY [-R] PROG ARGS

PERSONALITY may be:
	linux32	Set 32bit uname emulation
	linux64	Set 64bit uname emulation

	-R	Disable address space randomization
`;

/** Counterpart: busybox util-linux/setarch.c. Deviates: linux32, which would change what uname says, is refused. */
const setarch: Command = function* ({ argv, env, name }) {
  const words = name === 'setarch' ? argv.slice(1) : argv;
  const [personality = '', ...rest] = words;
  const command = rest[0] === '-R' ? rest.slice(1) : rest;
  if (!/^linux(32|64)$/.test(personality) || command.length === 0) {
    yield* errOut(BUSYBOX_BANNER + SETARCH_USAGE);
    return 1;
  }
  if (personality === 'linux32') {
    yield* errOut(`${name}: linux32 is not simulated here\n`);
    return 1;
  }
  const set: SysResult<number> = yield* sys.syscall('personality', rest[0] === '-R' ? 0x40000 : 0);
  const errno = set.ok ? yield* execSearch(command, env) : set.errno;
  yield* errOut(`${name}: ${set.ok ? `can't execute '${command[0]}'` : `personality 0x0`}: ${strerror(errno)}\n`);
  return errno === 'ENOENT' ? 127 : 126;
};

/** Counterpart: busybox util-linux/mkswap.c. Deviates: writes nothing. */
const mkswap: Command = function* ({ argv, name }) {
  const device = argv.slice(1).find((arg, at, all) => !arg.startsWith('-') && all[at - 1] !== '-L');
  if (device === undefined) {
    yield* errOut(
      `${BUSYBOX_BANNER}\nUsage: mkswap [-L LBL] BLOCKDEV [KBYTES]\n\nPrepare BLOCKDEV to be used as swap partition\n\n\t-L LBL\tLabel\n`,
    );
    return 1;
  }
  const missing = yield* openFailure(device);
  yield* errOut(
    `${name}: ${missing === undefined ? 'writing a swap area is not simulated here' : `can't open '${device}': ${strerror(missing)}`}\n`,
  );
  return 1;
};

export const setarchCommands = { setarch, mkswap };
