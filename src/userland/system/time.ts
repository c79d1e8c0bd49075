// time: how long a command took. Counterpart: busybox 1.35 miscutils/time.c

import { strerror } from '#abi/errno.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Command } from '../lib/command.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { errOut } from '../lib/io.ts';

function* now(): Program<bigint> {
  const got: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
  return got.ok ? got.value : 0n;
}

/** Deviates: simulated programs use no processor time, so user and sys are 0; no -f, -v, -o. */
export const timeCommand: Command = function* ({ argv, env }) {
  const posix = argv[1] === '-p';
  const command = argv.slice(posix ? 2 : 1);
  const start = yield* now();
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    main: function* () {
      const errno = yield* execvp(command, env);
      yield* errOut(`time: can't execute '${command[0]}': ${strerror(errno)}\n`);
      return errno === 'ENOENT' ? 127 : 126;
    },
  });
  if (!child.ok) {
    yield* errOut(`time: fork: ${strerror(child.errno)}\n`);
    return 1;
  }
  const status = yield* waitFor(child.value);
  const took = Number(((yield* now()) - start) / 10_000_000n);
  const show = (hundredths: number): string => {
    const seconds = (hundredths / 100).toFixed(2);
    if (posix) return seconds;
    const minutes = Math.floor(hundredths / 6000);
    return `${minutes}m ${((hundredths % 6000) / 100).toFixed(2)}s`;
  };
  const gap = posix ? ' ' : '\t';
  yield* errOut(`real${gap}${show(took)}\nuser${gap}${show(0)}\nsys${gap}${show(0)}\n`);
  return statusCode(status);
};
