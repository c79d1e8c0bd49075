// The executor: runs a command's tree. Counterpart: eval.c of dash and the same part of busybox ash.

import { signalNumber } from '#abi/signal.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import type { Node, Redir, SimpleNode, Word } from './ast.ts';
import { anyBuiltin, builtinFor, isSpecial } from './builtins/table.ts';
import { collect, evaluate, Expander, quickWord } from './expand.ts';
import { addJob, faultStatus, forkShell, waitForeground } from './jobs.ts';
import { findProgram, runProgram } from './lookup.ts';
import { matches } from './pattern.ts';
import { redirect, restore, type Saved } from './redirect.ts';
import { type Shell, ShellExit, ShellFault, type Variable } from './state.ts';
import { runText } from './run.ts';
import { traceArgs, traceAssign } from './trace.ts';

/** Commands between two looks at the clock and at signals. */
const SLICE = 64;

export class Executor {
  readonly expander: Expander;

  constructor() {
    this.expander = new Expander({ substitute: (shell, body) => this.substitute(shell, body), processSubstitution: (shell, body, out) => this.processSubstitution(shell, body, out) });
  }

  /** Runs a tree and leaves its status in `shell.status`. `last`: the process ends after it. `tested`: failure is no error. */
  *run(shell: Shell, node: Node | null, last = false, tested = false): Program<number> {
    if (node === null) return (shell.status = 0);
    if (shell.opts.n && !shell.opts.i) return shell.status;
    switch (node.t) {
      case 'simple': {
        const quick = this.quick(shell, node);
        if (quick >= 0) shell.status = quick;
        else {
          if (tested) shell.lenient++;
          shell.status = yield* this.simple(shell, node, last);
          if (tested) shell.lenient--;
          if (shell.traps.size > 0 || shell.opts.i) yield* this.signals(shell);
        }
        if (++shell.steps % SLICE === 0) yield* this.pause(shell);
        return shell.status === 0 || tested ? shell.status : yield* this.check(shell, tested);
      }
      case 'semi': {
        const { list } = node;
        for (let at = 0; at < list.length; at++) {
          if (this.immediate(shell, list[at] as Node, tested)) continue;
          yield* this.run(shell, list[at] as Node, last && at === list.length - 1, tested);
          if (shell.skip !== '') break;
        }
        return shell.status;
      }
      case 'and':
      case 'or': {
        if (!this.immediate(shell, node.left, true)) yield* this.run(shell, node.left, false, true);
        if (shell.skip !== '' || (shell.status === 0) !== (node.t === 'and')) return shell.status;
        return yield* this.run(shell, node.right, last, tested);
      }
      case 'not':
        yield* this.run(shell, node.body, false, true);
        if (shell.skip === '') shell.status = shell.status === 0 ? 1 : 0;
        return shell.status;
      case 'pipe':
        if (tested) shell.lenient++;
        shell.status = yield* this.pipeline(shell, node.parts, node.text);
        if (tested) shell.lenient--;
        yield* this.signals(shell);
        return yield* this.check(shell, tested);
      case 'bg':
        return yield* this.background(shell, node.body, node.text);
      case 'time':
        return yield* this.timed(shell, node.body);
      case 'subshell':
        if (tested) shell.lenient++;
        shell.status = yield* this.subshell(shell, node.body, node.redirs, node.text, last && node.redirs.length === 0);
        if (tested) shell.lenient--;
        yield* this.signals(shell);
        return yield* this.check(shell, tested);
      case 'func':
        if (shell.d.bash && isSpecial(node.name) && shell.opts.p) return (shell.status = 2);
        shell.funcs.set(node.name, node.body);
        return (shell.status = 0);
      default:
        if (node.redirs.length === 0) yield* this.compound(shell, node, last, tested);
        else {
          const ok = yield* this.withRedirs(shell, node.redirs, () => this.compound(shell, node, false, tested));
          if (!ok) return yield* this.check(shell, tested);
        }
        return shell.status;
    }
  }

  private *compound(shell: Shell, node: Exclude<Node, { t: 'simple' | 'semi' | 'and' | 'or' | 'not' | 'pipe' | 'bg' | 'time' | 'subshell' | 'func' }>, last: boolean, tested: boolean): Program<number> {
    switch (node.t) {
      case 'subshell':
      case 'brace':
        return yield* this.run(shell, node.body, last, tested);
      case 'if':
        if (!node.cond || !this.immediate(shell, node.cond, true)) yield* this.run(shell, node.cond, false, true);
        if (shell.skip !== '') return shell.status;
        if (shell.status === 0) return yield* this.run(shell, node.then, last, tested);
        if (node.else) return yield* this.run(shell, node.else, last, tested);
        return (shell.status = 0);
      case 'while': {
        let status = 0;
        shell.loopDepth++;
        for (;;) {
          if (!node.cond || !this.immediate(shell, node.cond, true)) yield* this.run(shell, node.cond, false, true);
          if (shell.skip !== '') {
            if (this.leaveLoop(shell)) break;
            continue;
          }
          if ((shell.status === 0) === node.until) break;
          status = node.body && this.immediate(shell, node.body, tested) ? shell.status : yield* this.run(shell, node.body, false, tested);
          if (shell.skip !== '' && this.leaveLoop(shell)) {
            status = shell.status;
            break;
          }
        }
        shell.loopDepth--;
        return (shell.status = (shell.skip as string) === 'return' ? shell.status : status);
      }
      case 'for': {
        shell.line = node.line;
        const words = node.words === null ? shell.params : yield* this.expander.words(shell, node.words);
        shell.loopDepth++;
        shell.status = 0;
        for (const word of words) {
          shell.set(node.name, word);
          if (!node.body || !this.immediate(shell, node.body, tested)) yield* this.run(shell, node.body, false, tested);
          if (shell.skip !== '' && this.leaveLoop(shell)) break;
        }
        shell.loopDepth--;
        return shell.status;
      }
      case 'arithfor': {
        if (node.init.trim() !== '') evaluate(shell, node.init);
        shell.loopDepth++;
        shell.status = 0;
        while (node.test.trim() === '' || evaluate(shell, node.test) != 0) {
          yield* this.run(shell, node.body, false, tested);
          if (shell.skip !== '' && this.leaveLoop(shell)) break;
          if (node.step.trim() !== '') evaluate(shell, node.step);
          if (++shell.steps % SLICE === 0) yield* this.pause(shell);
        }
        shell.loopDepth--;
        return shell.status;
      }
      case 'arithcmd':
        shell.status = evaluate(shell, yield* this.expander.text(shell, node.word)) != 0 ? 0 : 1;
        return yield* this.check(shell, tested);
      case 'case': {
        const value = yield* this.expander.text(shell, node.word);
        shell.status = 0;
        let fall = false;
        for (const item of node.items) {
          let hit = fall;
          for (const pattern of item.patterns) {
            if (hit) break;
            hit = matches(yield* this.expander.pattern(shell, pattern), value);
          }
          if (!hit) continue;
          yield* this.run(shell, item.body, last && item.end === ';;', tested);
          if (item.end === ';;' || shell.skip !== '') break;
          fall = item.end === ';&';
        }
        return shell.status;
      }
    }
  }

  /** After break or continue: true if this loop ends. */
  private leaveLoop(shell: Shell): boolean {
    if (shell.skip === 'return') return true;
    if (--shell.skipCount > 0) return true;
    const ends = shell.skip === 'break';
    shell.skip = '';
    return ends;
  }

  /** `set -e` and the ERR trap. */
  private *check(shell: Shell, tested: boolean): Program<number> {
    const { status } = shell;
    if (status === 0 || tested || shell.lenient > 0) return status;
    const action = shell.traps.get('ERR');
    if (action !== undefined && !shell.inTrap) yield* this.trapAction(shell, action);
    if (shell.opts.e) throw new ShellExit(status);
    return status;
  }

  /** Lets others run, and Ctrl-C in. */
  private *pause(shell: Shell): Program<void> {
    yield* sys.sched_yield();
    if (shell.traps.size > 0 || shell.opts.i) yield* this.signals(shell);
  }

  /** Runs a simple command that needs no system call, without a generator; false if it is not one or a pause is due. */
  private immediate(shell: Shell, node: Node, tested: boolean): boolean {
    if (node.t !== 'simple' || (shell.steps + 1) % SLICE === 0 || shell.opts.n) return false;
    if (!tested && (shell.opts.e || shell.traps.size > 0)) return false;
    const status = this.quick(shell, node);
    if (status < 0) return false;
    shell.steps++;
    shell.status = status;
    return true;
  }

  /** Runs the traps of signals that arrived; Ctrl-C brings an interactive shell back to its prompt. */
  *signals(shell: Shell): Program<void> {
    if ((shell.traps.size === 0 && !shell.opts.i) || shell.inTrap) return;
    const taken: SysResult<readonly number[]> = yield* sys.sigtake();
    if (taken.ok) shell.pendingSignals.push(...taken.value);
    while (shell.pendingSignals.length > 0) {
      const number = shell.pendingSignals.shift() as number;
      const action = shell.traps.get(String(number));
      if (action !== undefined && action !== '') yield* this.trapAction(shell, action);
      else if (number === 2 && shell.opts.i) throw new ShellFault(undefined, 130);
    }
  }

  private *trapAction(shell: Shell, action: string): Program<void> {
    const { status } = shell;
    shell.inTrap = true;
    try {
      yield* runText(this, shell, action, shell.line);
    } finally {
      shell.inTrap = false;
    }
    if (shell.skip === '') shell.status = status;
  }

  /** The EXIT trap, at the end of a shell. */
  *atExit(shell: Shell): Program<void> {
    const action = shell.traps.get('EXIT');
    shell.traps.delete('EXIT');
    if (action === undefined || action === '') return;
    const { status } = shell;
    shell.skip = '';
    yield* runText(this, shell, action, shell.line);
    shell.status = status;
  }

  fork(shell: Shell, background: boolean, pgid: number | undefined, body: (child: Shell) => Program<number>): Program<number> {
    return forkShell(shell, { background, ...(shell.jobControl ? { pgid: pgid ?? 0 } : {}) }, body, (child) => this.atExit(child));
  }

  private *substitute(shell: Shell, body: Node | null): Program<string> {
    const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
    if (!pipe.ok) throw new ShellFault('Pipe call failed');
    const [reader, writer] = pipe.value;
    const { jobControl } = shell;
    shell.jobControl = false;
    const executor = this;
    let pid: number;
    try {
      pid = yield* this.fork(shell, false, undefined, function* (child): Program<number> {
        yield* sys.close(reader);
        yield* sys.dup2(writer, 1);
        if (writer !== 1) yield* sys.close(writer);
        const only = body?.t === 'simple' && shell.d.extended && body.words.length === 0 && body.assigns.length === 0 && body.redirs.length === 1 ? body.redirs[0] : undefined;
        if (only?.op === '<') {
          yield* redirect(child, [only], null, (word) => executor.expander.text(child, word));
          for (;;) {
            const got: SysResult<Uint8Array> = yield* sys.read(0, 65536);
            if (!got.ok || got.value.length === 0) return 0;
            yield* writeAll(1, got.value);
          }
        }
        return yield* executor.run(child, body, true);
      });
    } finally {
      shell.jobControl = jobControl;
    }
    yield* sys.close(writer);
    const text = yield* collect(reader);
    yield* sys.close(reader);
    shell.substStatus = yield* waitForeground(shell, addJob(shell, [pid], '', false));
    shell.status = shell.substStatus;
    return text;
  }

  private *processSubstitution(shell: Shell, body: Node | null, out: boolean): Program<string> {
    const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
    if (!pipe.ok) throw new ShellFault('Pipe call failed');
    const [mine, its] = out ? [pipe.value[1], pipe.value[0]] : pipe.value;
    const executor = this;
    yield* this.fork(shell, false, undefined, function* (child): Program<number> {
      yield* sys.close(mine);
      yield* sys.dup2(its, out ? 0 : 1);
      yield* sys.close(its);
      return yield* executor.run(child, body, true);
    });
    yield* sys.close(its);
    return `/dev/fd/${mine}`;
  }

  private *subshell(shell: Shell, body: Node | null, redirs: readonly Redir[], text: string, last: boolean): Program<number> {
    const executor = this;
    if (last && shell.isSub && shell.traps.size === 0) return yield* this.run(shell, body, true);
    const pid = yield* this.fork(shell, false, undefined, function* (child): Program<number> {
      child.loopDepth = 0;
      yield* redirect(child, redirs, null, (word) => executor.expander.text(child, word));
      return yield* executor.run(child, body, true);
    });
    return yield* waitForeground(shell, addJob(shell, [pid], text, false));
  }

  private *forkPipeline(shell: Shell, parts: readonly Node[], background: boolean): Program<number[]> {
    const executor = this;
    const pids: number[] = [];
    let input = -1;
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] as Node;
      let next: readonly [number, number] | undefined;
      if (at < parts.length - 1) {
        const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
        if (!pipe.ok) throw new ShellFault('Pipe call failed');
        next = pipe.value;
      }
      const from = input;
      const pid = yield* this.fork(shell, background && at === 0, pids[0], function* (child): Program<number> {
        if (from >= 0) {
          yield* sys.dup2(from, 0);
          yield* sys.close(from);
        }
        if (next) {
          yield* sys.close(next[0]);
          yield* sys.dup2(next[1], 1);
          if (next[1] !== 1) yield* sys.close(next[1]);
        }
        return yield* executor.run(child, part, true);
      });
      pids.push(pid);
      if (from >= 0) yield* sys.close(from);
      if (next) yield* sys.close(next[1]);
      input = next ? next[0] : -1;
    }
    return pids;
  }

  private *pipeline(shell: Shell, parts: readonly Node[], text: string): Program<number> {
    return yield* waitForeground(shell, addJob(shell, yield* this.forkPipeline(shell, parts, false), text, false));
  }

  private *background(shell: Shell, body: Node, text: string): Program<number> {
    const pids = yield* this.forkPipeline(shell, body.t === 'pipe' ? body.parts : [body], true);
    const job = addJob(shell, pids, text, true);
    shell.bgPid = pids[pids.length - 1];
    if (shell.d.bash && shell.opts.i) yield* writeAll(2, bytesOf(`[${job.id}] ${shell.bgPid}\n`));
    return (shell.status = 0);
  }

  private *timed(shell: Shell, body: Node | null): Program<number> {
    const before: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
    yield* this.run(shell, body);
    const after: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
    const ms = before.ok && after.ok ? Number((after.value - before.value) / 1000000n) : 0;
    yield* writeAll(2, bytesOf(`\nreal\t${Math.floor(ms / 60000)}m${((ms % 60000) / 1000).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`));
    return shell.status;
  }

  /** Runs something with redirections in this process. False: a redirection failed; the status is set. */
  *withRedirs(shell: Shell, redirs: readonly Redir[], body: () => Program<number>): Program<boolean> {
    const saved: Saved[] = [];
    try {
      try {
        yield* redirect(shell, redirs, saved, (word) => this.expander.text(shell, word));
      } catch (reason) {
        if (!(reason instanceof ShellFault)) throw reason;
        yield* restore(saved.splice(0));
        shell.status = yield* faultStatus(shell, reason);
        return false;
      }
      shell.status = yield* body();
      return true;
    } finally {
      yield* restore(saved);
    }
  }

  /** A command that needs no system call: its status, or -1 when the long way is needed. */
  private quick(shell: Shell, node: SimpleNode): number {
    if (node.redirs.length > 0 || shell.opts.x) return -1;
    const { words, assigns } = node;
    if (words.length === 0) {
      for (const assign of assigns) {
        if (assign.append || (!assign.word.simple && assign.word.plain === null)) return -1;
      }
      shell.line = node.line;
      for (const assign of assigns) {
        const value = quickWord(shell, assign.word, true);
        if (value === undefined) return -1;
        shell.set(assign.name, value);
      }
      return 0;
    }
    const name = (words[0] as { plain: string | null }).plain;
    if (name === null || assigns.length > 0 || shell.funcs.has(name)) return -1;
    const builtin = anyBuiltin(name);
    if (!builtin?.quick) return -1;
    shell.line = node.line;
    const args: string[] = [];
    for (const word of words) {
      const value = quickWord(shell, word);
      if (value === undefined) return -1;
      args.push(value);
    }
    return builtin.quick(shell, args) ?? -1;
  }

  private *simple(shell: Shell, node: SimpleNode, last: boolean): Program<number> {
    shell.line = node.line;
    shell.substStatus = 0;
    const args = node.words[0]?.plain === '[[' && shell.d.extended ? yield* this.testWords(shell, node.words) : yield* this.expander.words(shell, node.words);
    const { assigns, redirs } = node;
    if (args.length === 0) {
      if (redirs.length > 0 && !(yield* this.withRedirs(shell, redirs, function* () { return 0; }))) return shell.status;
      for (const assign of assigns) {
        const value = yield* this.expander.text(shell, assign.word);
        if (shell.opts.x) yield* traceAssign(shell, assign.name, value);
        shell.set(assign.name, assign.append ? (shell.get(assign.name) ?? '') + value : value);
      }
      return shell.substStatus;
    }
    const name = args[0] as string;
    const values: [string, string][] = [];
    for (const assign of assigns) values.push([assign.name, yield* this.expander.text(shell, assign.word)]);
    if (shell.opts.x) yield* traceArgs(shell, values, args);
    const special = isSpecial(name);
    const func = special && !shell.d.bash ? undefined : shell.funcs.get(name);
    if (func) return yield* this.callFunction(shell, func, args, values, redirs);
    const builtin = builtinFor(shell.d, name);
    if (builtin) return yield* this.builtin(shell, args, values, redirs, special, last);
    return yield* this.external(shell, args, values, redirs, last, node.text);
  }

  /** Words of `[[`: neither split nor matched against path names; what follows a comparison is a pattern. */
  private *testWords(shell: Shell, words: readonly Word[]): Program<string[]> {
    const args: string[] = [];
    for (const word of words) {
      const before = args[args.length - 1];
      const pattern = args.length > 1 && (before === '=' || before === '==' || before === '!=');
      args.push(pattern ? yield* this.expander.pattern(shell, word) : yield* this.expander.text(shell, word));
    }
    return args;
  }

  private assignTemporarily(shell: Shell, values: readonly [string, string][], exported: boolean): [string, Variable | undefined][] {
    const before: [string, Variable | undefined][] = [];
    for (const [name, value] of values) {
      const old = shell.vars.get(name);
      before.push([name, old && { ...old }]);
      shell.set(name, value);
      if (exported) shell.export(name);
    }
    return before;
  }

  private putBack(shell: Shell, before: readonly [string, Variable | undefined][]): void {
    for (const [name, old] of [...before].reverse()) {
      if (old) shell.vars.set(name, old);
      else shell.vars.delete(name);
    }
  }

  *callFunction(shell: Shell, body: Node, args: readonly string[], values: readonly [string, string][], redirs: readonly Redir[]): Program<number> {
    if (shell.funcDepth >= 1000) throw new ShellFault(`${args[0]}: maximum function nesting level exceeded (1000)`, 1);
    const before = this.assignTemporarily(shell, values, true);
    const { params, loopDepth, optind, optoff } = shell;
    shell.params = args.slice(1);
    shell.loopDepth = 0;
    shell.funcDepth++;
    shell.locals.push(new Map());
    const executor = this;
    try {
      const inner = (): Program<number> => executor.run(shell, body);
      if (redirs.length > 0) yield* this.withRedirs(shell, redirs, inner);
      else yield* inner();
    } finally {
      for (const [name, old] of shell.locals.pop() as Map<string, Variable | undefined>) {
        if (old) shell.vars.set(name, old);
        else shell.vars.delete(name);
      }
      shell.funcDepth--;
      Object.assign(shell, { params, loopDepth, optind, optoff });
      this.putBack(shell, before);
    }
    if ((shell.skip as string) === 'return') shell.skip = '';
    return shell.status;
  }

  private *builtin(shell: Shell, args: readonly string[], values: readonly [string, string][], redirs: readonly Redir[], special: boolean, last: boolean): Program<number> {
    const name = args[0] as string;
    const run = builtinFor(shell.d, name) as NonNullable<ReturnType<typeof builtinFor>>;
    if (name === 'exec') {
      for (const [key, value] of values) shell.set(key, value);
      yield* redirect(shell, redirs, null, (word) => this.expander.text(shell, word));
      if (args.length === 1) return 0;
      for (const [key] of values) shell.export(key);
    }
    const keep = special && !shell.d.bash;
    const before = this.assignTemporarily(shell, values, false);
    const saved: Saved[] = [];
    const outer = shell.commandName;
    try {
      if (name !== 'exec' && redirs.length > 0) {
        try {
          yield* redirect(shell, redirs, saved, (word) => this.expander.text(shell, word));
        } catch (reason) {
          if (!(reason instanceof ShellFault) || keep) throw reason;
          return yield* faultStatus(shell, reason);
        }
      }
      shell.commandName = name;
      try {
        return yield* run.run({ shell, executor: this, args, last });
      } catch (reason) {
        // Errors of special builtins end the shell, those of others only the command.
        if (!(reason instanceof ShellFault) || keep || reason.message === undefined || name === 'eval' || name === '.' || name === 'source' || name === 'exec') throw reason;
        return yield* faultStatus(shell, reason);
      }
    } catch (reason) {
      if (reason instanceof ShellFault && reason.message !== undefined && !reason.whole && shell.commandName === name && name !== 'eval') {
        yield* shell.warn(reason.message);
        throw new ShellFault(undefined, reason.status);
      }
      throw reason;
    } finally {
      shell.commandName = outer;
      if (!keep) this.putBack(shell, before);
      yield* restore(saved);
    }
  }

  private *external(shell: Shell, args: readonly string[], values: readonly [string, string][], redirs: readonly Redir[], last: boolean, text: string): Program<number> {
    const name = args[0] as string;
    const path = values.find(([key]) => key === 'PATH')?.[1];
    const found = yield* findProgram(shell, name, path);
    if (!found.ok) {
      const report = function* (): Program<number> {
        yield* shell.warn(found.message, undefined === shell.commandName ? undefined : shell.commandName);
        return found.status;
      };
      if (redirs.length > 0) {
        yield* this.withRedirs(shell, redirs, report);
        return shell.status;
      }
      return yield* report();
    }
    const executor = this;
    const inChild = function* (child: Shell): Program<number> {
      yield* redirect(child, redirs, null, (word) => executor.expander.text(child, word));
      for (const [key, value] of values) child.export(key, value);
      return yield* runProgram(child, found.path, args);
    };
    if (last && shell.traps.size === 0 && !shell.opts.i && !(shell.d.name === 'dash' && !shell.isSub)) return yield* inChild(shell);
    const pid = yield* this.fork(shell, false, undefined, inChild);
    return yield* waitForeground(shell, addJob(shell, [pid], text, false));
  }
}

/** Key of a trap in `traps`: the signal's number as text, EXIT or ERR. */
export const trapKey = (text: string): string | undefined => {
  if (text === '0' || text.toUpperCase() === 'EXIT') return 'EXIT';
  const number = signalNumber(text);
  return number === undefined ? undefined : String(number);
};
