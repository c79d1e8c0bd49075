// Prompts.

import { type Program, type SysResult, sys, type Utsname } from '#kernel/uapi/index.ts';
import { passwdEntries } from '../lib/accounts.ts';
import type { Shell } from './state.ts';

/** Text of PS1 or PS2 with the dialect's escapes resolved. */
export function* prompt(shell: Shell, continued: boolean): Program<string> {
  const text = shell.get(continued ? 'PS2' : 'PS1') ?? '';
  if (shell.d.name === 'dash' || !text.includes('\\')) return text;
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
        return '\n';
      case '[':
      case ']':
        return '';
      case 'e':
        return '\x1b';
      case '\\':
        return '\\';
      default:
        return `\\${c}`;
    }
  });
}
