// What a shell process remembers. A fork copies it; nothing is shared between two simulated processes.

import { signalNumber } from '#abi/signal.ts';
import type { Program, ProgramMain } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import type { ArithEnv } from './arith/index.ts';
import type { Node } from './ast.ts';
import type { Dialect } from './dialect.ts';
import type { Editor } from './edit/types.ts';

export interface Variable {
  value: string | undefined;
  exported: boolean;
  readonly: boolean;
}

/** An error that ends a non-interactive shell and sends an interactive one back to its prompt (EXERROR of dash). */
export class ShellFault {
  readonly message: string | undefined;
  readonly status: number;
  /** The message is complete: no prefix belongs before it. */
  readonly whole: boolean;
  /** Ends the shell even where a failed redirection would not. */
  fatal = false;
  constructor(message: string | undefined, status = 2, whole = false) {
    this.message = message;
    this.status = status;
    this.whole = whole;
  }
}

/** Leaves the shell (`exit`, `set -e`, end of a child). */
export class ShellExit {
  readonly status: number;
  /** Traps have run or must not run. */
  constructor(status: number) {
    this.status = status;
  }
}

export interface Proc {
  readonly pid: number;
  state: 'running' | 'stopped' | 'done';
  status: number; // as $? shows it
  signal: number; // 0: exited
}

export interface Job {
  readonly id: number;
  readonly procs: Proc[];
  readonly text: string;
  readonly pgid: number;
  background: boolean;
  /** Its change of state has been reported. */
  told: boolean;
  /** `wait` has given its status. */
  waited: boolean;
}

export const OPTION_LETTERS = {
  e: 'errexit',
  f: 'noglob',
  I: 'ignoreeof',
  i: 'interactive',
  m: 'monitor',
  n: 'noexec',
  s: 'stdin',
  x: 'xtrace',
  v: 'verbose',
  V: 'vi',
  E: 'emacs',
  C: 'noclobber',
  a: 'allexport',
  b: 'notify',
  u: 'nounset',
  p: 'privileged',
  l: 'nolog',
  d: 'debug',
  P: 'pipefail',
  T: 'errtrace',
  c: 'command',
  h: 'hashall',
  B: 'braceexpand',
  H: 'histexpand',
} as const;

export type OptionLetter = keyof typeof OPTION_LETTERS;

export class Shell {
  d: Dialect;
  arg0: string;
  /** The name it was started by, which busybox puts before some messages. */
  readonly applet: string;
  params: readonly string[] = [];
  vars = new Map<string, Variable>();
  funcs = new Map<string, Node>();
  aliases = new Map<string, string>();
  opts: Partial<Record<OptionLetter, boolean>> = {};
  /** What `shopt` changed. */
  shopts = new Map<string, boolean>();
  status = 0;
  /** Status of the last command substitution, for a command that is only assignments. */
  substStatus = 0;
  line = 1;
  pid = 0;
  ppid = 0;
  bgPid: number | undefined;
  traps = new Map<string, string>();
  pendingSignals: number[] = [];
  inTrap = false;
  /** $? when the running trap began; `exit` without a status uses it. */
  trapStatus: number | undefined;
  /** The directory as `pwd` shows it, whatever was done to PWD. */
  cwd = '';
  skip: '' | 'break' | 'continue' | 'return' = '';
  skipCount = 0;
  loopDepth = 0;
  /** Above 0: inside a condition, where failures do not count for `set -e`. */
  lenient = 0;
  funcDepth = 0;
  dotDepth = 0;
  locals: Map<string, Variable | undefined>[] = [];
  jobs: Job[] = [];
  /** The jobs, the current one first. */
  recent: Job[] = [];
  /** Above 0: it has just been said that there are stopped jobs, and a second `exit` leaves. */
  warned = 0;
  jobControl = false;
  ttyFd = -1;
  /** How an interactive shell reads lines from its terminal, where it has an editor. */
  editor: Editor | undefined;
  isSub = false;
  /** Name of the running builtin, or of the script (ash), for messages. */
  commandName: string | undefined;
  optind = 1;
  optoff = 0;
  steps = 0;
  /** The `kill` builtin has just been used. */
  killed = false;
  /** Random state of $RANDOM. */
  seed = 1;
  hashed = new Map<string, string>();
  /** Commands of the playground itself; a terminal's shell offers them where PATH has nothing of that name. */
  helpers: Readonly<Record<string, ProgramMain>> = {};
  readonly arith: ArithEnv;

  constructor(d: Dialect, arg0: string) {
    this.d = d;
    this.arg0 = arg0;
    this.applet = arg0.slice(arg0.lastIndexOf('/') + 1);
    this.arith = { get: (name) => this.get(name), set: (name, value) => this.set(name, value), recursive: d.extended };
  }

  /** Signals have come; one that is still to be dealt with counts once. */
  signalled(numbers: readonly number[]): void {
    for (const number of numbers) if (!this.pendingSignals.includes(number)) this.pendingSignals.push(number);
  }

  /** The copy a fork makes. */
  fork(): Shell {
    const copy = new Shell(this.d, this.arg0);
    Object.assign(copy, this, { arith: copy.arith });
    copy.vars = new Map();
    for (const [name, v] of this.vars) copy.vars.set(name, { ...v });
    copy.funcs = new Map(this.funcs);
    copy.aliases = new Map(this.aliases);
    copy.opts = { ...this.opts };
    copy.shopts = new Map(this.shopts);
    copy.traps = new Map();
    for (const [name, action] of this.traps) if (action === '') copy.traps.set(name, action);
    copy.pendingSignals = [];
    copy.locals = this.locals.map((scope) => new Map(scope));
    copy.jobs = [];
    copy.recent = [];
    copy.jobControl = false;
    copy.isSub = true;
    copy.hashed = new Map(this.hashed);
    return copy;
  }

  get(name: string): string | undefined {
    const v = this.vars.get(name);
    if (v !== undefined) return v.value;
    return undefined;
  }

  /** Sets a variable; a readonly one is an error that ends the shell. */
  set(name: string, value: string): void {
    const v = this.vars.get(name);
    if (v) {
      if (v.readonly) throw new ShellFault(this.d.readOnly(name), this.d.bash ? 1 : 2);
      v.value = value;
      if (this.opts.a) v.exported = true;
    } else this.vars.set(name, { value, exported: this.opts.a === true, readonly: false });
    if (name === 'OPTIND') this.optoff = 0;
    if (name === 'PATH') this.hashed.clear();
  }

  export(name: string, value?: string): void {
    if (value !== undefined) this.set(name, value);
    const v = this.vars.get(name);
    if (v) v.exported = true;
    else this.vars.set(name, { value: undefined, exported: true, readonly: false });
  }

  unset(name: string): void {
    const v = this.vars.get(name);
    if (v?.readonly)
      throw new ShellFault(this.d.bash ? `${name}: cannot unset: readonly variable` : this.d.readOnly(name), this.d.bash ? 1 : 2);
    this.vars.delete(name);
  }

  /** Exported variables as NAME=value, in the order in which the shell passes them on. */
  environment(): string[] {
    const list: string[] = [];
    for (const [name, v] of this.vars) if (v.exported && v.value !== undefined) list.push(`${name}=${v.value}`);
    return this.d.bash ? list : list.sort((a, b) => bucket(a) - bucket(b));
  }

  /** Sets $? and gives it back. */
  finish(status: number): number {
    this.status = status;
    return status;
  }

  /** $- */
  flags(): string {
    const order = this.d.bash ? 'aefhimnuvxBCHsc' : this.d.name === 'ash' ? 'ubaCvxcsnmiIfe' : 'ubaCEVvxsnmiIfe';
    return [...order].filter((letter) => this.opts[letter as OptionLetter]).join('');
  }

  /** The beginning of a message, e.g. `sh: 1: cd: `; an empty command leaves the builtin's name out. */
  prefix(command = this.commandName): string {
    const { d, line } = this;
    const name = command && command !== this.arg0 ? `${command}: ` : '';
    if (d.name === 'dash') return `${this.arg0}: ${line}: ${name}`;
    if (d.bash) return this.opts.i ? `${this.arg0}: ${name}` : `${this.arg0}: line ${line}: ${name}`;
    return `${this.arg0}: ${name}${command && !this.opts.i ? `line ${line}: ` : ''}`;
  }

  *warn(message: string, command = this.commandName): Program<void> {
    yield* writeAll(2, bytesOf(`${this.prefix(command)}${message}\n`));
  }
}

/** The error of dash and ash for an option a builtin does not have. */
export const illegalOption = (shell: Shell, c: string): ShellFault =>
  new ShellFault(shell.d.name === 'dash' ? `Illegal option -${c}` : `illegal option -${c}`, 2);

/** Steps over the options of a builtin of dash or ash, which knows those in `known`. Gives their letters and the first operand. */
export function letters(shell: Shell, args: readonly string[], known: string): { given: string; at: number } {
  let given = '';
  let at = 1;
  for (; at < args.length; at++) {
    const arg = args[at] as string;
    if (!arg.startsWith('-') || arg === '-') break;
    if (arg === '--') {
      at++;
      break;
    }
    for (const c of arg.slice(1)) {
      if (!known.includes(c)) throw illegalOption(shell, c);
      given += c;
    }
  }
  return { given, at };
}

/** Key of a trap in `traps`: the signal's number as text, EXIT or ERR. */
export const trapKey = (text: string): string | undefined => {
  if (text === '0' || text.toUpperCase() === 'EXIT') return 'EXIT';
  const number = signalNumber(text);
  return number === undefined ? undefined : String(number);
};

const VTABSIZE = 39;

/** The bucket of ash's and dash's table of variables; they export bucket by bucket. Counterpart: hashvar, ash.c */
function bucket(entry: string): number {
  const name = entry.slice(0, entry.indexOf('='));
  let hash = name.charCodeAt(0) << 4;
  for (let at = 0; at < name.length; at++) hash += name.charCodeAt(at);
  return hash % VTABSIZE;
}
