// What a shell process remembers. A fork copies it; nothing is shared between two simulated processes.

import { signalNumber } from '#abi/signal.ts';
import type { Program, ProgramMain } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import { type ArithEnv, ArithFault } from './arith/numbers.ts';
import { type Elements, type Given, nextIndex } from './arrays.ts';
import type { Node } from './ast.ts';
import type { Dialect } from './dialect.ts';
import type { Editor } from './edit/types.ts';
import { arithFault, ShellFault } from './faults.ts';

export { ShellExit, ShellFault } from './faults.ts';

export interface Variable {
  value: string | undefined;
  exported: boolean;
  readonly: boolean;
  /** bash: an array; `value` is then its element 0. */
  array?: Elements;
  /** bash: `declare -i`, -l and -u. */
  shape?: 'i' | 'l' | 'u' | undefined;
}

/** A copy that shares nothing. */
export const copyOf = (v: Variable): Variable => (v.array ? { ...v, array: { ...v.array, map: new Map(v.array.map) } } : { ...v });

const ELEMENT = /^([A-Za-z_][A-Za-z0-9_]*)\[([\s\S]*)\]$/;

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
  /** bash: names of the running functions, the outermost first. */
  funcNames: readonly string[] = [];
  /** bash: statuses of the last pipeline, true until another command has run. */
  pipeStatus: { readonly list: readonly number[]; readonly steps: number } | undefined;
  /** bash: elements of the words `name=(…)` of the command that is beginning. */
  compounds: ReadonlyMap<string, readonly Given[]> | undefined;
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
  /** How many subshells this one is in. */
  subDepth = 0;
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
    for (const [name, v] of this.vars) copy.vars.set(name, copyOf(v));
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
    copy.subDepth = this.subDepth + 1;
    copy.hashed = new Map(this.hashed);
    return copy;
  }

  get(name: string): string | undefined {
    const v = this.vars.get(name);
    if (v !== undefined) return v.value;
    const element = name.endsWith(']') ? ELEMENT.exec(name) : null;
    return element ? this.element(element[1] as string, element[2] as string) : undefined;
  }

  /** The elements of an array; a variable that is none is an array of one. */
  elements(name: string): Elements | undefined {
    const v = this.vars.get(name);
    if (v === undefined || v.array) return v?.array ?? this.dynamicArray(name);
    return { assoc: false, map: new Map(v.value === undefined ? [] : [['0', v.value]]) };
  }

  private dynamicArray(name: string): Elements | undefined {
    const list = (values: readonly (string | number)[]): Elements => ({
      assoc: false,
      map: new Map(values.map((value, at) => [String(at), String(value)])),
    });
    if (!this.d.bash) return undefined;
    if (name === 'PIPESTATUS') return list(this.pipeStatus?.steps === this.steps ? this.pipeStatus.list : [this.status]);
    if (name === 'FUNCNAME' && this.funcNames.length > 0) return list([...this.funcNames].reverse());
    return undefined;
  }

  /** The key a subscript means: its text, or for an indexed array its number. */
  keyOf(name: string, subscript: string, elements = this.elements(name)): string {
    if (elements?.assoc) return subscript;
    const index = Number(this.arithmetic(subscript));
    const key = index < 0 && elements ? nextIndex(elements) + index : index;
    if (key < 0) throw new ShellFault(`${name}[${subscript}]: bad array subscript`, 1);
    return String(key);
  }

  private element(name: string, subscript: string): string | undefined {
    const elements = this.elements(name);
    return elements?.map.get(this.keyOf(name, subscript, elements));
  }

  private arithmetic(text: string): string {
    try {
      return String(this.d.compileArith(text)(this.arith));
    } catch (fault) {
      if (!(fault instanceof ArithFault)) throw fault;
      throw arithFault(text, fault);
    }
  }

  /** Makes a variable an array, or gives the one it is. What it held becomes element 0. */
  arrayOf(name: string, assoc = false): Elements {
    let v = this.vars.get(name);
    if (v?.readonly) throw new ShellFault(this.d.readOnly(name), 1);
    if (!v) {
      v = { value: undefined, exported: false, readonly: false };
      this.vars.set(name, v);
    }
    v.array ??= { assoc, map: new Map(v.value === undefined ? [] : [['0', v.value]]) };
    return v.array;
  }

  /** Sets an element. */
  setElement(name: string, key: string, value: string, append = false): void {
    const elements = this.arrayOf(name);
    const v = this.vars.get(name) as Variable;
    const old = elements.map.get(key) ?? '';
    const next = v.shape === 'i' && append ? `${old || 0}+${value}` : append ? old + value : value;
    elements.map.set(key, this.shaped(v, next));
    v.value = elements.map.get('0');
  }

  /** Gives an array other elements. */
  setArray(name: string, values: readonly string[]): void {
    const { map } = this.arrayOf(name);
    map.clear();
    values.forEach((value, at) => {
      map.set(String(at), value);
    });
    (this.vars.get(name) as Variable).value = values[0];
  }

  private shaped(v: Variable, value: string): string {
    if (v.shape === undefined) return value;
    return v.shape === 'l' ? value.toLowerCase() : v.shape === 'u' ? value.toUpperCase() : this.arithmetic(value);
  }

  /** Sets a variable; a readonly one is an error that ends the shell. */
  set(name: string, value: string): void {
    const v = this.vars.get(name);
    if (v) {
      if (v.readonly) throw new ShellFault(this.d.readOnly(name), this.d.bash ? 1 : 2);
      v.value = v.shape === undefined ? value : this.shaped(v, value);
      if (v.array) v.array.map.set('0', v.value);
      if (this.opts.a) v.exported = true;
    } else if (this.d.bash && name.endsWith(']')) {
      const element = ELEMENT.exec(name);
      if (element) this.setElement(element[1] as string, this.keyOf(element[1] as string, element[2] as string), value);
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
    if (this.vars.delete(name) || !this.d.bash) return;
    const element = ELEMENT.exec(name);
    const array = element && this.vars.get(element[1] as string)?.array;
    if (!element || !array) return;
    const subscript = element[2] as string;
    if (subscript === '@' || subscript === '*') this.vars.delete(element[1] as string);
    else array.map.delete(this.keyOf(element[1] as string, subscript));
    (this.vars.get(element[1] as string) ?? { value: undefined }).value = array.map.get('0');
  }

  /** Exported variables as NAME=value, in the order in which the shell passes them on. */
  environment(): string[] {
    const list: string[] = [];
    for (const [name, v] of this.vars) if (v.exported && v.value !== undefined && !v.array) list.push(`${name}=${v.value}`);
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
