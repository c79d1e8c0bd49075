// Reading commands and running them one by one: from a text, a file, standard input or a terminal.

import { SIGINT } from '#abi/signal.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import { NeedMore, SyntaxFault } from './faults.ts';
import { faultStatus, reap, stoppedJobs } from './jobs.ts';
import { type Parsed, Parser } from './parser.ts';
import { prompt, unmarked } from './prompt.ts';
import type { SimpleRunner } from './simple.ts';
import { type Shell, ShellFault } from './state.ts';

/** Where the text of a shell comes from; `more` gives undefined at the end. */
export interface Source {
  more(shell: Shell, continued: boolean): Program<string | undefined>;
}

const NO_ALIASES: ReadonlyMap<string, string> = new Map(); // bash has aliases at the prompt only

const nothing: Source = {
  *more() {
    return undefined;
  },
};

/** Shows a prompt and lets the editor read a line: its text, undefined at the end; false when there is no editor. */
function* ask(executor: SimpleRunner, shell: Shell, continued: boolean): Program<string | undefined | false> {
  if (!continued) yield* reap(shell, true);
  const text = yield* prompt(executor, shell, continued);
  const got = shell.editor && (yield* shell.editor.read(shell, text, continued));
  if (got === undefined) {
    yield* writeAll(2, bytesOf(unmarked(text)));
    return false;
  }
  if (got === 'end') return undefined;
  if (got !== 'interrupt') return `${got.line}\n`;
  if (!shell.traps.has(String(SIGINT))) throw new ShellFault(undefined, 130);
  shell.signalled([SIGINT]);
  if (!shell.d.bash) return '\n';
  yield* executor.signals(shell);
  throw new ShellFault(undefined, 130);
}

/** Reads a descriptor in blocks; a terminal gives one line at a time, and shows prompts. */
export function fdSource(executor: SimpleRunner, fd: number, interactive: boolean, block: number): Source {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    *more(shell, continued): Program<string | undefined> {
      let asked = false;
      let begun = '';
      for (;;) {
        if (interactive && !asked) {
          const edited = yield* ask(executor, shell, continued);
          if (edited !== false) return edited;
          asked = true;
        }
        const got: SysResult<Uint8Array> = yield* sys.read(fd, block);
        if (got.ok) {
          if (got.value.length === 0) return begun === '' ? undefined : begun;
          const text = decoder.decode(got.value, { stream: true });
          if (interactive && text !== '' && !text.endsWith('\n')) {
            // ^D passes on what is typed so far; the line goes on.
            begun += text;
            continue;
          }
          if (begun !== '') return begun + text;
          if (text === '' || (!interactive && block === 1 && !text.endsWith('\n'))) {
            // bash reads byte by byte so that its commands find the rest of the input.
            let line = text;
            while (!line.endsWith('\n')) {
              const byte: SysResult<Uint8Array> = yield* sys.read(fd, 1);
              if (!byte.ok || byte.value.length === 0) break;
              line += decoder.decode(byte.value, { stream: true });
            }
            return line;
          }
          return text;
        }
        if (got.errno !== 'EINTR') return undefined;
        const taken: SysResult<readonly number[]> = yield* sys.sigtake();
        if (taken.ok) shell.signalled(taken.value);
        if (interactive && shell.pendingSignals.includes(2) && !shell.traps.has('2')) {
          shell.pendingSignals = shell.pendingSignals.filter((n) => n !== 2);
          throw new ShellFault(undefined, 130);
        }
      }
    },
  };
}

function syntaxFault(shell: Shell, fault: SyntaxFault, text: string): ShellFault {
  shell.line = fault.line;
  if (!shell.d.bash) return new ShellFault(fault.message, 2);
  const dashC = shell.opts.c && !shell.opts.i ? '-c: ' : '';
  const head = shell.opts.i ? '' : `${dashC}line ${fault.line}: `;
  const message = `${shell.arg0}: ${head}${fault.message}\n`;
  const source = text.split('\n')[0] ?? '';
  return new ShellFault(`${message}${fault.near && !shell.opts.i ? `${shell.arg0}: ${head}\`${source}'\n` : ''}`, 2, true);
}

/** Runs everything a source gives. Errors are thrown, except in an interactive shell. */
export function* runSource(
  executor: SimpleRunner,
  shell: Shell,
  source: Source,
  first: string,
  firstLine: number,
  last: boolean,
): Program<number> {
  let text = first;
  let line = firstLine;
  let eof = source === nothing;
  const interactive = shell.opts.i === true && source !== nothing;
  let errors = 0;
  for (;;) {
    let parsed: Parsed | undefined;
    try {
      if (text === '' && !eof) {
        const more = yield* source.more(shell, false);
        if (more === undefined) eof = true;
        else text = more;
      }
      for (;;) {
        try {
          parsed = new Parser(text, line, eof, shell.d, shell.d.bash && !shell.opts.i ? NO_ALIASES : shell.aliases).command();
          break;
        } catch (reason) {
          if (reason instanceof SyntaxFault) {
            if (interactive) {
              line = reason.line;
              text = '';
            }
            throw syntaxFault(shell, reason, text);
          }
          if (!(reason instanceof NeedMore)) throw reason;
          const more = yield* source.more(shell, true);
          if (more === undefined) eof = true;
          else text += more;
        }
      }
      const used = shell.opts.v && (source !== nothing || shell.d.bash) ? text.slice(0, text.length - parsed.rest.length) : '';
      text = parsed.rest;
      line = parsed.line;
      if (used !== '') yield* writeAll(2, bytesOf(used));
      if (parsed.node === 'eof') {
        if (!interactive || !(yield* stoppedJobs(shell, 'exit\n'))) break;
        eof = false;
        continue;
      }
      if (parsed.node !== null) {
        if (shell.warned > 0) shell.warned--;
        if (interactive && shell.traps.size > 0) yield* executor.signals(shell);
        yield* executor.run(shell, parsed.node, last && parsed.atEof);
        errors = 0;
        if (shell.skip !== '') break;
      }
      if (shell.traps.size > 0) yield* executor.signals(shell);
    } catch (reason) {
      if (!interactive || !(reason instanceof ShellFault)) throw reason;
      shell.status = yield* faultStatus(shell, reason);
      shell.commandName = undefined;
      shell.loopDepth = 0;
      shell.lenient = 0;
      shell.skip = '';
      if (reason.status === 130 && reason.message === undefined) {
        line += text.split('\n').length - 1;
        text = '';
        // The shell may have got the signal as well as its child.
        yield* sys.sigtake();
        shell.pendingSignals = [];
        yield* writeAll(2, bytesOf('\n'));
      }
      if (++errors > 100) throw reason;
    }
  }
  return shell.status;
}

/** The number of the first line of a text that eval or a trap runs: dash counts anew. */
export const evalLine = (shell: Shell): number => (shell.d.name === 'dash' ? 1 : shell.line);

/** Runs a text (eval, traps, -c). */
export function* runText(executor: SimpleRunner, shell: Shell, text: string, line: number, last = false): Program<number> {
  return yield* runSource(executor, shell, nothing, text, line, last);
}
