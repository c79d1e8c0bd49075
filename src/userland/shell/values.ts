// Values of parameters and arithmetic, and the quick path: what loops do most, without any generator.

import { ArithFault, type Compiled, type Num } from './arith/numbers.ts';
import type { Part, Word } from './ast.ts';
import { arithFault } from './faults.ts';
import { type Shell, ShellFault } from './state.ts';

export const DEFAULT_IFS = ' \t\n';

/** `set -u`: an unset parameter ends the shell. */
export function unsetFault(shell: Shell, name: string): never {
  throw new ShellFault(`${name}: ${shell.d.notSet}`, shell.d.bash ? 127 : 2);
}

/** The value of a parameter, also a special one; undefined when it is unset. */
export function paramValue(shell: Shell, name: string): string | undefined {
  const c = name.charCodeAt(0);
  if ((c >= 97 && c <= 122) || c === 95 || (c >= 65 && c <= 90)) {
    const v = shell.vars.get(name);
    if (v !== undefined) return v.value;
    return dynamic(shell, name) ?? (shell.d.bash ? (name.endsWith(']') ? shell.get(name) : shell.elements(name)?.map.get('0')) : undefined);
  }
  if (c >= 48 && c <= 57) return name === '0' ? shell.arg0 : shell.params[Number(name) - 1];
  switch (name) {
    case '?':
      return String(shell.status);
    case '#':
      return String(shell.params.length);
    case '$':
      return String(shell.pid);
    case '!':
      return shell.bgPid === undefined ? undefined : String(shell.bgPid);
    case '-':
      return shell.flags();
    default:
      return shell.params.join((shell.get('IFS') ?? DEFAULT_IFS).slice(0, 1));
  }
}

function dynamic(shell: Shell, name: string): string | undefined {
  switch (name) {
    case 'LINENO':
      return shell.d.extended ? String(shell.line) : undefined; // Debian's dash is built without it
    case 'PPID':
      return String(shell.ppid);
    case 'RANDOM':
      if (!shell.d.extended) return undefined;
      shell.seed = (Math.imul(shell.seed, 1103515245) + 12345) >>> 0;
      return String((shell.seed >>> 16) & 0x7fff);
    case 'BASH_SUBSHELL':
      return shell.d.bash ? String(shell.subDepth) : undefined;
    case 'BASHPID':
      return shell.d.bash ? String(shell.pid) : undefined;
    default:
      return undefined;
  }
}

/** The value of an arithmetic expression; its errors end the shell. */
export function evaluate(shell: Shell, text: string, part?: { cache?: { text: string; code: Compiled } }): Num {
  try {
    let cached = part?.cache;
    if (cached?.text !== text) {
      cached = { text, code: shell.d.compileArith(text) };
      if (part) part.cache = cached;
    }
    return cached.code(shell.arith);
  } catch (fault) {
    if (!(fault instanceof ArithFault)) throw fault;
    throw arithFault(text, fault);
  }
}

/**
 * A word that is one literal, one plain parameter or one arithmetic expansion, expanded without system calls; undefined
 * when the long way is needed. `single`: no splitting and no path names.
 */
export function quickWord(shell: Shell, word: Word, single = false): string | undefined {
  if (word.plain !== null && (word.parts.length > 0 || word.quoted || single)) return word.plain;
  if (!word.simple) return undefined;
  const part = word.parts[0] as Part;
  let value: string | undefined;
  if (part.t === 'arith') {
    let text = part.word.plain;
    if (text === null) {
      text = '';
      for (const piece of part.word.parts) {
        if (piece.t === 'lit') text += piece.s;
        else if (piece.t === 'param' && piece.op === '' && piece.name !== '@' && piece.name !== '*') {
          const v = paramValue(shell, piece.name);
          if (v === undefined && shell.opts.u) return undefined;
          text += v ?? '';
        } else return undefined;
      }
    }
    value = String(evaluate(shell, text, part));
  } else if (part.t === 'param') {
    if (part.name === '@' || part.name === '*') return undefined;
    value = paramValue(shell, part.name);
    if (value === undefined) return undefined;
  } else return undefined;
  if (single || part.q) return value;
  // A value of letters, digits and the like can neither be split (with the usual IFS) nor match path names.
  if (value === '' || !SAFE.test(value)) return undefined;
  return shell.vars.has('IFS') && shell.get('IFS') !== DEFAULT_IFS ? undefined : value;
}
const SAFE = /^[A-Za-z0-9_./:=,+-]+$/;
