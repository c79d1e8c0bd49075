// Reading commands and running them one by one: from a text, a file, standard input or a terminal.

import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import { NeedMore, SyntaxFault } from './faults.ts';
import { faultStatus, reap } from './jobs.ts';
import { type Parsed, Parser } from './parser.ts';
import { prompt } from './prompt.ts';
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

/** Reads a descriptor in blocks; a terminal gives one line at a time, and shows prompts. */
export function fdSource(fd: number, interactive: boolean, block: number): Source {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return {
    *more(shell, continued): Program<string | undefined> {
      for (;;) {
        if (interactive) {
          if (!continued) yield* reap(shell, true);
          yield* writeAll(2, bytesOf(yield* prompt(shell, continued)));
        }
        const got: SysResult<Uint8Array> = yield* sys.read(fd, block);
        if (got.ok) {
          if (got.value.length === 0) return undefined;
          const text = decoder.decode(got.value, { stream: true });
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
        if (taken.ok) shell.pendingSignals.push(...taken.value);
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
            if (interactive) text = text.includes('\n') ? text.slice(text.indexOf('\n') + 1) : '';
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
      if (parsed.node === 'eof') break;
      if (parsed.node !== null) {
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
        text = '';
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
