// time: how long a command took. Counterpart: busybox 1.35 miscutils/time.c

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_APPEND, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { bytesOf, errOut, writeAll } from '../lib/io.ts';

function* now(): Program<bigint> {
  const got: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
  return got.ok ? got.value : 0n;
}

/** Deviates: simulated programs use no processor time, so user and sys are 0; -v and -f are refused. */
export const timeCommand = command(function* (cli) {
  const options = yield* cli.options({ busybox: '+vpao:f:', gnu: '+vpao:f:' });
  if (typeof options === 'number') return options;
  const { args } = options;
  if (args.length === 0) return yield* cli.usage();
  const refused = ['v', 'f'].find((key) => options.has(key));
  if (refused !== undefined) return yield* cli.error(`-${refused}: the use of resources is not simulated here`);
  const path = options.get('o');
  let target = 2;
  if (path !== undefined) {
    const opened: SysResult<number> = yield* sys.openat(
      AT_FDCWD,
      path,
      O_WRONLY | O_CREAT | (options.has('a') ? O_APPEND : O_TRUNC),
      0o666,
    );
    if (!opened.ok) return yield* cli.fail(opened.errno, `can't open '${path}'`);
    target = opened.value;
  }
  const start = yield* now();
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    main: function* () {
      if (target !== 2) yield* sys.close(target);
      const errno = yield* execvp(args, cli.context.env);
      yield* errOut(`time: can't execute '${args[0]}': ${strerror(errno)}\n`);
      return errno === 'ENOENT' ? 127 : 126;
    },
  });
  if (!child.ok) return yield* cli.fail(child.errno, 'vfork');
  const status = yield* waitFor(child.value);
  const took = Number(((yield* now()) - start) / 10_000_000n);
  const posix = options.has('p');
  const show = (hundredths: number): string => {
    if (posix) return (hundredths / 100).toFixed(2);
    return `${Math.floor(hundredths / 6000)}m ${((hundredths % 6000) / 100).toFixed(2)}s`;
  };
  const gap = posix ? ' ' : '\t';
  const ended =
    status?.kind === 'signaled'
      ? `Command terminated by signal ${status.signal}\n`
      : status?.kind === 'exited' && status.code !== 0
        ? `Command exited with non-zero status ${status.code}\n`
        : '';
  yield* writeAll(target, bytesOf(`${ended}real${gap}${show(took)}\nuser${gap}${show(0)}\nsys${gap}${show(0)}\n`));
  return statusCode(status);
});
