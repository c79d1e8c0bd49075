// What adduser and deluser of Debian have in common: their voice, the account files, the programs they run.

import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { CommandContext } from '../lib/command.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { errOut, out } from '../lib/io.ts';
import { GROUP, PASSWD, rowsOf } from './accountfiles.ts';
import { perlOptions } from './perlOptions.ts';

/** Thrown nowhere: a step that ends the script gives its exit status. */
export interface Ended {
  readonly status: number;
}

/** The ranges of adduser.conf as it comes. */
export const FIRST_SYSTEM = 100;
export const LAST_SYSTEM = 999;
export const FIRST = 1000;
export const LAST = 59999;

export class Script {
  readonly name: string;
  readonly options: ReadonlyMap<string, string>;
  readonly words: readonly string[];
  readonly errors: readonly string[];
  private readonly env: readonly string[];

  constructor({ argv, env }: CommandContext, specs: readonly string[]) {
    this.name = (argv[0] ?? '').replace(/^.*\//, '');
    this.env = [...env.filter((entry) => !entry.startsWith('PATH=')), 'PATH=/bin:/usr/bin:/sbin:/usr/sbin'];
    const parsed = perlOptions(argv.slice(1), specs, ['help', 'version']);
    this.options = parsed.values;
    this.words = parsed.args;
    this.errors = parsed.errors;
  }

  get loud(): boolean {
    return !this.options.has('quiet');
  }

  /** A line of progress, unless --quiet. */
  *say(text: string): Program<void> {
    if (this.loud) yield* out(`${text}\n`);
  }

  *warn(text: string): Program<void> {
    yield* errOut(`${this.name}: ${text}\n`);
  }

  *die(text: string, status = 1): Program<Ended> {
    yield* this.warn(text);
    return { status };
  }

  /** What both scripts do first: complaints of options, the help, what is not simulated, and that only root may; a status ends it. */
  *opening(usage: string, purpose: string): Program<number | undefined> {
    for (const error of this.errors) yield* errOut(`${error}\n`);
    if (this.options.has('help') || this.errors.length > 0) {
      yield* out(usage);
      return this.options.has('help') ? 0 : 1;
    }
    for (const option of ['version', 'conf', 'debug', 'verbose'])
      if (this.options.has(option)) return (yield* this.die(`--${option} is not simulated here`)).status;
    return (yield* isRoot()) ? undefined : (yield* this.die(`Only root may ${purpose} the system.`)).status;
  }

  /** Runs a program by its path; anything but success ends the script. Counterpart: systemcall, Debian::AdduserCommon */
  *run(...argv: readonly string[]): Program<Ended | undefined> {
    const status = yield* this.status(argv);
    return status === 0 ? undefined : yield* this.die(`\`${argv.join(' ')}' returned error code ${status}. Exiting.`);
  }

  *status(argv: readonly string[]): Program<number> {
    const { env } = this;
    const child: SysResult<number> = yield* sys.clone({
      flags: 0,
      *main() {
        yield* execvp(argv, env);
        return 127;
      },
    });
    return child.ok ? statusCode(yield* waitFor(child.value)) : 1;
  }
}

function* isRoot(): Program<boolean> {
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  return uids.ok && uids.value[1] === 0;
}

const rowOf = (path: string) =>
  function* (key: string, column: 0 | 2 = 0): Program<string[] | undefined> {
    return ((yield* rowsOf(path)) ?? []).find((row) => row[column] === key);
  };
export const userRow = rowOf(PASSWD);
export const groupRow = rowOf(GROUP);
export const membersOf = (row: readonly string[]): string[] => (row[3] ?? '').split(',').filter((name) => name !== '');
