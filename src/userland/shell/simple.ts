// Simple commands: assignments, functions, builtins, programs.

import type { Program, ProgramMain } from '#kernel/uapi/index.ts';
import type { Given } from './arrays.ts';
import { assignment } from './assign.ts';
import type { Assign, CompoundItem, Node, Redir, SimpleNode, Word } from './ast.ts';
import { assignCompound } from './builtins/compound.ts';
import { ASSIGNING, isSpecial } from './builtins/names.ts';
import { builtinFor } from './builtins/table.ts';
import type { Builtin } from './builtins/types.ts';
import { addJob, faultStatus, waitForeground } from './jobs.ts';
import { bashJobText, jobText } from './jobtext.ts';
import { findProgram, runProgram } from './lookup.ts';
import { escapeRe } from './pattern.ts';
import { ProcessRunner } from './processes.ts';
import { redirect, restore, type Saved } from './redirect.ts';
import { copyOf, type Shell, ShellFault, type Variable } from './state.ts';
import { singleQuoted, traceArgs, traceAssigns } from './trace.ts';
import { quickWord } from './values.ts';

const itemText = ({ index, append, value }: Given): string =>
  `${index === undefined ? '' : `[${index}]${append ? '+' : ''}=`}${/^[\w@%+=:,./-]+$/.test(value) ? value : singleQuoted(value, true)}`;

export abstract class SimpleRunner extends ProcessRunner {
  /** The builtin a name means to this shell. */
  builtinOf(shell: Shell, name: string): Builtin | undefined {
    return builtinFor(shell.d, name);
  }

  /** Runs something with redirections in this process. False: a redirection failed; the status is set. */
  *withRedirs(shell: Shell, redirs: readonly Redir[], body: () => Program<number>): Program<boolean> {
    const saved: Saved[] = [];
    try {
      try {
        yield* redirect(shell, redirs, saved, (word) => this.expander.text(shell, word));
      } catch (reason) {
        if (!(reason instanceof ShellFault) || reason.fatal) throw reason;
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
  protected quick(shell: Shell, node: SimpleNode): number {
    if (node.redirs.length > 0 || shell.opts.x) return -1;
    const { words, assigns } = node;
    if (words.length === 0) {
      for (const assign of assigns) {
        if (assign.append || assign.index || assign.word.compound || (!assign.word.simple && assign.word.plain === null)) return -1;
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
    const builtin = builtinFor(shell.d, name);
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

  protected *simple(shell: Shell, node: SimpleNode, last: boolean): Program<number> {
    shell.line = node.line;
    shell.substStatus = 0;
    const args =
      node.words[0]?.plain === '[[' && shell.d.bash ? yield* this.testWords(shell, node.words) : yield* this.arguments(shell, node.words);
    const { assigns, redirs } = node;
    if (args.length === 0) {
      if (
        redirs.length > 0 &&
        !(yield* this.withRedirs(shell, redirs, function* () {
          return 0;
        }))
      )
        return shell.status;
      const shown: [string, string][] = [];
      for (const assign of assigns) {
        if (assign.index || assign.word.compound) {
          yield* this.assignArray(shell, assign);
          continue;
        }
        const value = yield* this.expander.text(shell, assign.word);
        shown.push([assign.name, value]);
        if (assign.append && shell.vars.get(assign.name)?.shape === 'i') shell.set(assign.name, `${shell.get(assign.name) ?? 0}+${value}`);
        else shell.set(assign.name, assign.append ? (shell.get(assign.name) ?? '') + value : value);
      }
      if (shell.opts.x && shown.length > 0) yield* traceAssigns(shell, shown);
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
    return yield* this.external(
      shell,
      args,
      values,
      redirs,
      last,
      shell.d.bash ? bashJobText(node, node.text) : shell.opts.i ? jobText(node) : node.text,
    );
  }

  /** The words of a command; those of export and its like that look like assignments are expanded like them. */
  private *arguments(shell: Shell, words: readonly Word[]): Program<string[]> {
    const name = words[0]?.plain;
    if (name === undefined || name === null || !ASSIGNING.has(name) || shell.funcs.has(name))
      return yield* this.expander.words(shell, words);
    const args = [name];
    const compounds = new Map<string, readonly Given[]>();
    shell.compounds = compounds;
    for (const word of words.slice(1)) {
      const assign = assignment(word, shell.d.bash);
      if (assign?.word.compound) {
        const items = yield* this.given(shell, assign.word.compound);
        const arg = `${assign.name}${assign.append ? '+' : ''}=(${items.map(itemText).join(' ')})`;
        compounds.set(arg, items);
        args.push(arg);
      } else if (assign) {
        const at = assign.index ? `[${yield* this.expander.text(shell, assign.index)}]` : '';
        args.push(`${assign.name}${at}${assign.append ? '+' : ''}=${yield* this.expander.text(shell, assign.word)}`);
      } else args.push(...(yield* this.expander.words(shell, [word])));
    }
    return args;
  }

  /** Expands the words of `name=(…)`. */
  private *given(shell: Shell, items: readonly CompoundItem[]): Program<Given[]> {
    const list: Given[] = [];
    for (const { index, append, word } of items) {
      if (index === undefined) {
        for (const value of yield* this.expander.words(shell, [word])) list.push({ index: undefined, append: false, value });
      } else {
        const key = yield* this.expander.text(shell, index);
        list.push({ index: key, append, value: yield* this.expander.text(shell, word) });
      }
    }
    return list;
  }

  private *assignArray(shell: Shell, assign: Assign): Program<void> {
    const { name, index, word, append } = assign;
    if (word.compound) {
      assignCompound(shell, name, yield* this.given(shell, word.compound), append);
      return;
    }
    const subscript = yield* this.expander.text(shell, index as Word);
    const value = yield* this.expander.text(shell, word);
    if (subscript === '') throw new ShellFault(`${name}[]: bad array subscript`, 1);
    shell.setElement(name, shell.keyOf(name, subscript), value, append);
  }

  /** Words of `[[`: neither split nor matched against path names; what follows a comparison is a pattern. */
  protected *testWords(shell: Shell, words: readonly Word[]): Program<string[]> {
    const args: string[] = [];
    for (const word of words) {
      const before = args[args.length - 1];
      const pattern = args.length > 1 && (before === '=' || before === '==' || before === '!=');
      if (before === '=~' && args.length > 1) args.push(yield* this.regexText(shell, word));
      else args.push(pattern ? yield* this.expander.pattern(shell, word) : yield* this.expander.text(shell, word));
    }
    return args;
  }

  /** A regular expression, in which what was quoted means itself. */
  private *regexText(shell: Shell, word: Word): Program<string> {
    let text = '';
    for (const part of word.parts) {
      const piece = yield* this.expander.text(shell, { ...word, parts: [part], plain: null, simple: false });
      text += part.q ? [...piece].map(escapeRe).join('') : piece;
    }
    return text;
  }

  protected assignTemporarily(shell: Shell, values: readonly [string, string][], exported: boolean): [string, Variable | undefined][] {
    const before: [string, Variable | undefined][] = [];
    for (const [name, value] of values) {
      const old = shell.vars.get(name);
      before.push([name, old && copyOf(old)]);
      shell.set(name, value);
      if (exported) shell.export(name);
    }
    return before;
  }

  protected putBack(shell: Shell, before: readonly [string, Variable | undefined][]): void {
    for (const [name, old] of [...before].reverse()) {
      if (old) shell.vars.set(name, old);
      else shell.vars.delete(name);
    }
  }

  *callFunction(
    shell: Shell,
    body: Node,
    args: readonly string[],
    values: readonly [string, string][],
    redirs: readonly Redir[],
  ): Program<number> {
    if (shell.funcDepth >= 1000) throw new ShellFault(`${args[0]}: maximum function nesting level exceeded (1000)`, 1);
    const before = this.assignTemporarily(shell, values, true);
    const { params, loopDepth, optind, optoff } = shell;
    shell.params = args.slice(1);
    if (shell.d.name !== 'ash') shell.loopDepth = 0; // in ash a function may end its caller's loop
    shell.funcDepth++;
    const { funcNames } = shell;
    shell.funcNames = [...funcNames, args[0] as string];
    shell.locals.push(new Map());
    try {
      const inner = (): Program<number> => this.run(shell, body);
      if (redirs.length > 0) yield* this.withRedirs(shell, redirs, inner);
      else yield* inner();
    } finally {
      for (const [name, old] of shell.locals.pop() as Map<string, Variable | undefined>) {
        if (old) shell.vars.set(name, old);
        else shell.vars.delete(name);
      }
      shell.funcDepth--;
      Object.assign(shell, { params, loopDepth, optind, optoff, funcNames });
      this.putBack(shell, before);
    }
    if ((shell.skip as string) === 'return') shell.skip = '';
    return shell.status;
  }

  protected *builtin(
    shell: Shell,
    args: readonly string[],
    values: readonly [string, string][],
    redirs: readonly Redir[],
    special: boolean,
    last: boolean,
  ): Program<number> {
    const name = args[0] as string;
    const run = this.builtinOf(shell, name) as Builtin;
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
          if (!(reason instanceof ShellFault) || keep || reason.fatal) throw reason;
          return yield* faultStatus(shell, reason);
        }
      }
      shell.commandName = name;
      try {
        return yield* run.run({ shell, executor: this, args, last, outer });
      } catch (reason) {
        // Errors of special builtins end the shell, those of others only the command.
        if (
          !(reason instanceof ShellFault) ||
          keep ||
          reason.message === undefined ||
          (name === 'eval' && shell.d.bash) ||
          name === '.' ||
          name === 'source' ||
          name === 'exec'
        )
          throw reason;
        return yield* faultStatus(shell, reason);
      }
    } catch (reason) {
      if (
        reason instanceof ShellFault &&
        reason.message !== undefined &&
        !reason.whole &&
        shell.commandName === name &&
        !(shell.d.bash && name === 'eval')
      ) {
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

  protected *external(
    shell: Shell,
    args: readonly string[],
    values: readonly [string, string][],
    redirs: readonly Redir[],
    last: boolean,
    text: string,
  ): Program<number> {
    const name = args[0] as string;
    const fixed = shell.d.bash ? undefined : values.find(([key]) => shell.vars.get(key)?.readonly);
    if (fixed) throw new ShellFault(shell.d.readOnly(fixed[0]));
    const path = values.find(([key]) => key === 'PATH')?.[1];
    const found = yield* findProgram(shell, name, path);
    const helper = !found.ok && shell.jobControl ? shell.helpers[name] : undefined;
    if (!found.ok && helper === undefined) {
      const report = function* (): Program<number> {
        yield* shell.warn(found.message);
        return found.status;
      };
      if (redirs.length > 0) {
        yield* this.withRedirs(shell, redirs, report);
        return shell.status;
      }
      return yield* report();
    }
    const executor = this;
    const inChild = function* (child: Shell, own = redirs): Program<number> {
      yield* redirect(child, own, null, (word) => executor.expander.text(child, word));
      for (const [key, value] of values) child.export(key, value);
      return yield* found.ok ? runProgram(child, found.path, args) : (helper as ProgramMain)(args, child.environment());
    };
    // A typed shell outlives the task that the program replaces: the variables of one command must not stay in it.
    if (last && shell.traps.size === 0 && !shell.opts.i && !(shell.d.name === 'dash' && !shell.isSub))
      return yield* inChild(values.length > 0 ? shell.fork() : shell);
    const run = function* (own: readonly Redir[]): Program<number> {
      const pid = yield* executor.fork(shell, false, undefined, (child) => inChild(child, own));
      return yield* waitForeground(shell, addJob(shell, [pid], text, false));
    };
    if (shell.d.bash || redirs.length === 0) return yield* run(redirs);
    // These shells redirect themselves around the command: what they say of its end goes there too.
    yield* this.withRedirs(shell, redirs, () => run([]));
    return shell.status;
  }
}
