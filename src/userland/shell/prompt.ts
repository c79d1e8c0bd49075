// Prompts.

import { type Program, type SysResult, sys, type Utsname } from '#kernel/uapi/index.ts';
import { passwdEntries } from '../lib/accounts.ts';
import { NeedMore, SyntaxFault } from './faults.ts';
import { Parser } from './parser.ts';
import type { SimpleRunner } from './simple.ts';
import { type Shell, ShellFault } from './state.ts';

/** A prompt as it is printed, without the marks around what takes no column. */
export const unmarked = (text: string): string => text.replace(/[\x01\x02]/g, '');

/**
 * Text of PS1 or PS2, expanded, with the dialect's escapes resolved; `\x01` and `\x02` enclose what takes no column.
 * Counterpart: expandstr and setprompt of dash and ash; decode_prompt_string of bash
 */
export function* prompt(executor: SimpleRunner, shell: Shell, continued: boolean): Program<string> {
  const text = shell.get(continued ? 'PS2' : 'PS1') ?? '';
  if (shell.d.bash) return yield* expanded(executor, shell, yield* escapes(shell, text));
  const resolved = yield* expanded(executor, shell, text);
  return shell.d.name === 'dash' ? resolved : yield* escapes(shell, resolved);
}

/** What `$` and backquotes stand for, as in a here-document; the exit status stays. */
function* expanded(executor: SimpleRunner, shell: Shell, text: string): Program<string> {
  if (!/[$`]/.test(text)) return text;
  const { status } = shell;
  try {
    // A backslash is itself here, not the quote it is in a here-document.
    const word = new Parser(text.replace(/\\/g, '\\\\'), shell.line, true, shell.d, shell.aliases).word({ dq: true, end: undefined });
    return yield* executor.expander.text(shell, word);
  } catch (reason) {
    if (!(reason instanceof NeedMore || reason instanceof SyntaxFault || reason instanceof ShellFault)) throw reason;
    return text;
  } finally {
    shell.status = status;
  }
}

function* escapes(shell: Shell, text: string): Program<string> {
  if (!text.includes('\\')) return text;
  const uid: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const euid = uid.ok ? uid.value[1] : 0;
  const uts: SysResult<Utsname> = yield* sys.uname();
  const host = uts.ok ? uts.value.nodename : '';
  const cwd = shell.get('PWD') ?? '';
  const home = shell.get('HOME');
  const short = home && home !== '/' && (cwd === home || cwd.startsWith(`${home}/`)) ? `~${cwd.slice(home.length)}` : cwd;
  const user = text.includes('\\u') ? ((yield* passwdEntries()).find((e) => e.uid === euid)?.name ?? 'I have no name!') : '';
  return text.replace(/\\([\s\S])/g, (_, c: string) => {
    switch (c) {
      case 'w':
        return short;
      case 'W':
        return short.slice(short.lastIndexOf('/') + 1) || '/';
      case 'h':
        return host.split('.')[0] as string;
      case 'H':
        return host;
      case 'u':
        return user;
      case '$':
        return euid === 0 ? '#' : '$';
      case 's':
        return shell.arg0;
      case 'n':
        return shell.d.bash && shell.editor ? '\r\n' : '\n';
      case '[':
        return '\x01';
      case ']':
        return '\x02';
      case 'e':
        return '\x1b';
      case '\\':
        return '\\';
      default:
        return `\\${c}`;
    }
  });
}
