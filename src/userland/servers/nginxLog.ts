// The error log of nginx. Counterpart: ngx_log_error_core, src/core/ngx_log.c

import { errnoNumber, strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_APPEND, O_CREAT, O_WRONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, errOut, writeAll } from '../lib/io.ts';

const LEVELS = ['stderr', 'emerg', 'alert', 'crit', 'error', 'warn', 'notice', 'info', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

const two = (n: number): string => String(n).padStart(2, '0');

export class NginxLog {
  level = 'notice';
  /** Warnings and worse also go to standard error, until the server runs. */
  starting = true;
  private fd: number;

  private constructor(fd: number) {
    this.fd = fd;
  }

  /** The log that is there before the configuration is read; standard error where it cannot be opened. */
  static *open(path: string): Program<NginxLog> {
    if (path === 'stderr') return new NginxLog(2);
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT, 0o644);
    if (fd.ok) return new NginxLog(fd.value);
    yield* errOut(
      `nginx: [alert] could not open error log file: open() "${path}" failed (${errnoNumber(fd.errno)}: ${strerror(fd.errno)})\n`,
    );
    return new NginxLog(2);
  }

  *moveTo(fd: number): Program<void> {
    if (this.fd !== 2) yield* sys.close(this.fd);
    this.fd = fd;
  }

  *say(level: Level, message: string): Program<void> {
    const rank = LEVELS.indexOf(level);
    if (rank > LEVELS.indexOf(this.level as Level)) return;
    const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_REALTIME');
    const at = new Date(Number((now.ok ? now.value : 0n) / 1_000_000n));
    const pid: SysResult<number> = yield* sys.getpid();
    const who = pid.ok ? pid.value : 0;
    const day = `${at.getUTCFullYear()}/${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}`;
    const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
    yield* writeAll(this.fd, bytesOf(`${day} ${time} [${level}] ${who}#${who}: ${message}\n`));
    if (this.starting && this.fd !== 2 && rank <= LEVELS.indexOf('warn')) yield* errOut(`nginx: [${level}] ${message}\n`);
  }
}
