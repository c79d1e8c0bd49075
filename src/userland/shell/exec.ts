// The executor: runs a command's tree. Counterpart: eval.c of dash and the same part of busybox ash.

import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import { truth } from './arith/numbers.ts';
import type { Node } from './ast.ts';
import { bashParts } from './bashparts.ts';
import { isSpecial } from './builtins/names.ts';
import type { Builtin } from './builtins/types.ts';
import { jobText } from './jobtext.ts';
import { matches } from './pattern.ts';
import { evalLine, runText } from './run.ts';
import { SimpleRunner } from './simple.ts';
import { type Shell, ShellExit, ShellFault } from './state.ts';
import { traceText } from './trace.ts';
import { evaluate } from './values.ts';

/** Commands between two looks at the clock and at signals. */
const SLICE = 64;

export class Executor extends SimpleRunner {
  /** Runs a tree and leaves its status in `shell.status`. `last`: the process ends after it. `tested`: failure is no error. */
  *run(shell: Shell, node: Node | null, last = false, tested = false): Program<number> {
    if (node === null) return shell.finish(0);
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
        shell.status = yield* this.pipeline(shell, node.parts, shell.opts.i && !shell.d.bash ? jobText(node) : node.text);
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
        if (shell.d.bash && isSpecial(node.name) && shell.opts.p) return shell.finish(2);
        shell.funcs.set(node.name, node.body);
        return shell.finish(0);
      default:
        if (node.redirs.length === 0) yield* this.compound(shell, node, last, tested);
        else {
          const ok = yield* this.withRedirs(shell, node.redirs, () => this.compound(shell, node, false, tested));
          if (!ok) return yield* this.check(shell, tested);
        }
        return shell.status;
    }
  }

  private *compound(
    shell: Shell,
    node: Exclude<Node, { t: 'simple' | 'semi' | 'and' | 'or' | 'not' | 'pipe' | 'bg' | 'time' | 'subshell' | 'func' }>,
    last: boolean,
    tested: boolean,
  ): Program<number> {
    switch (node.t) {
      case 'subshell':
      case 'brace':
        return yield* this.run(shell, node.body, last, tested);
      case 'if':
        if (!node.cond || !this.immediate(shell, node.cond, true)) yield* this.run(shell, node.cond, false, true);
        if (shell.skip !== '') return shell.status;
        if (shell.status === 0) return yield* this.run(shell, node.then, last, tested);
        if (node.else) return yield* this.run(shell, node.else, last, tested);
        return shell.finish(0);
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
        return shell.finish((shell.skip as string) === 'return' ? shell.status : status);
      }
      case 'for': {
        shell.line = node.line;
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(node.name)) {
          yield* shell.warn(`\`${node.name}': not a valid identifier`);
          return shell.finish(1);
        }
        const words = node.words === null ? shell.params : yield* this.expander.words(shell, node.words);
        shell.loopDepth++;
        shell.status = 0;
        for (let at = 0; node.select ? words.length > 0 : at < words.length; at++) {
          const word = node.select
            ? yield* (yield* bashParts()).ask(shell, words, at > 0, () => this.readReply(shell))
            : (words[at] as string);
          if (word === undefined) {
            shell.status = 1;
            break;
          }
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
        while (node.test.trim() === '' || truth(evaluate(shell, node.test))) {
          yield* this.run(shell, node.body, false, tested);
          if (shell.skip !== '' && this.leaveLoop(shell)) break;
          if (node.step.trim() !== '') evaluate(shell, node.step);
          if (++shell.steps % SLICE === 0) yield* this.pause(shell);
        }
        shell.loopDepth--;
        return shell.status;
      }
      case 'arithcmd': {
        const text = yield* this.expander.text(shell, node.word);
        if (shell.opts.x) yield* traceText(shell, `(( ${text} ))`);
        shell.status = truth(evaluate(shell, text)) ? 0 : 1;
        return yield* this.check(shell, tested);
      }
      case 'case': {
        shell.line = node.line;
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

  private readReply(shell: Shell): Program<number> {
    return (this.builtinOf(shell, 'read') as Builtin).run({ shell, executor: this, args: ['read'], last: false, outer: undefined });
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
    if (shell.traps.size === 0 && !shell.opts.i) return;
    const taken: SysResult<readonly number[]> = yield* sys.sigtake();
    if (taken.ok) shell.signalled(taken.value);
    while (shell.pendingSignals.length > 0) {
      const number = shell.pendingSignals.shift() as number;
      const action = shell.traps.get(String(number));
      if (action !== undefined && action !== '') yield* this.trapAction(shell, action);
      else if (number === 2 && shell.opts.i) throw new ShellFault(undefined, 130);
    }
  }

  private *trapAction(shell: Shell, action: string): Program<void> {
    const { status } = shell;
    const outer = shell.trapStatus;
    shell.inTrap = true;
    shell.trapStatus = status;
    try {
      yield* runText(this, shell, action, evalLine(shell));
    } finally {
      shell.inTrap = false;
      shell.trapStatus = outer;
    }
    if (shell.skip === '') shell.status = status;
  }

  /** The EXIT trap, at the end of a shell. */
  *atExit(shell: Shell): Program<void> {
    if (shell.editor?.save && !shell.isSub) yield* shell.editor.save(shell);
    const action = shell.traps.get('EXIT');
    shell.traps.delete('EXIT');
    if (action === undefined || action === '') return;
    const { status } = shell;
    shell.skip = '';
    shell.trapStatus = status;
    yield* runText(this, shell, action, evalLine(shell));
    shell.status = status;
  }

  private *timed(shell: Shell, body: Node | null): Program<number> {
    const before: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
    yield* this.run(shell, body);
    const after: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
    const ms = before.ok && after.ok ? Number((after.value - before.value) / 1000000n) : 0;
    yield* writeAll(2, bytesOf(`\nreal\t${Math.floor(ms / 60000)}m${((ms % 60000) / 1000).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`));
    return shell.status;
  }
}
