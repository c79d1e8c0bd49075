// setarch and mkswap of busybox. Counterpart: busybox 1.35 util-linux/setarch.c, mkswap.c

import { strerror } from '#abi/errno.ts';
import { type SysResult, sys } from '#kernel/uapi/index.ts';
import { showUsage } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { errOut } from '../lib/io.ts';
import { execSearch } from './exec.ts';
import { openFailure } from './hardware.ts';

/** Counterpart: busybox util-linux/setarch.c. Deviates: linux32, which would change what uname says, is refused. */
const setarch: Command = function* (context) {
  const { argv, env, name } = context;
  const words = name === 'setarch' ? argv.slice(1) : argv;
  const [personality = '', ...rest] = words;
  const command = rest[0] === '-R' ? rest.slice(1) : rest;
  if (!/^linux(32|64)$/.test(personality) || command.length === 0) return yield* showUsage(context);
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
  const device = argv.slice(1).find((arg, at, all) => !arg.startsWith('-') && all[at - 1] !== '-L') ?? '';
  const missing = yield* openFailure(device);
  yield* errOut(
    `${name}: ${missing === undefined ? 'writing a swap area is not simulated here' : `can't open '${device}': ${strerror(missing)}`}\n`,
  );
  return 1;
};

export const setarchCommands = { setarch, mkswap };
