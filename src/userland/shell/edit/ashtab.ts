// Completion in busybox's line editor. Counterpart: busybox 1.35 libbb/lineedit.c, input_tab
// Deviates: only names of builtins, commands in PATH, users and files, as there.

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { passwdEntries } from '../../lib/accounts.ts';
import { builtinNames } from '../builtins/names.ts';
import { namesIn } from '../glob.ts';
import type { Shell } from '../state.ts';
import type { AshLine } from './ashline.ts';

type Wanted = 'command' | 'directory' | 'file';
const SPECIAL = /[ `"#$%^&*()=+{}[\]:;'|\\<>]/g;
const quoted = (name: string): string => name.replace(SPECIAL, '\\$&');

const MARK = 0xe000;
const mark = (c: string): string => (c < '\x80' ? String.fromCharCode(c.charCodeAt(0) + MARK) : c);

/** The word before the cursor without its quotes, and what may stand there. */
export function wordBefore(text: string): { readonly word: string; readonly wanted: Wanted } {
  // A quoted character is no delimiter: it is moved to where no delimiter is.
  let marked = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (c === '\\' && at + 1 < text.length) marked += mark(text[++at] as string);
    else if ((c === "'" || c === '"') && (quote === '' || quote === c)) quote = quote === '' ? c : '';
    else marked += quote === '' ? c : mark(c);
  }
  let rest = marked;
  for (let at = 0; at < rest.length; at++) {
    const c = rest[at] as string;
    if (!';&|'.includes(c)) continue;
    const before = at === 0 ? '' : (rest[at - 1] as string);
    if ((c === '&' && '<>'.includes(before) && before !== '') || (c === '|' && before === '>')) continue;
    rest = rest.slice(at + (rest[at + 1] === c ? 2 : 1));
    at = -1;
  }
  rest = rest.replace(/`[^`]*`/g, '.').replace(/^[^`]*`/, '');
  rest = rest.slice(Math.max(rest.lastIndexOf('('), rest.lastIndexOf('{')) + 1).replace(/^ +/, '');
  const gap = rest.search(/[ <>]/);
  const directory = /^cd [^ <>]*$/.test(rest);
  const wanted = gap < 0 ? 'command' : directory ? 'directory' : 'file';
  const word = /[^ <>|&]*$/.exec(rest)?.[0] ?? '';
  return { word: word.replace(/[\ue000-\ue07f]/g, (c) => String.fromCharCode(c.charCodeAt(0) - MARK)), wanted };
}

export class AshCompletion {
  /** The key before was a tab that left several names. */
  again = false;
  private names: string[] = [];
  private readonly line: AshLine;

  constructor(line: AshLine) {
    this.line = line;
  }

  forget(): void {
    this.again = false;
    this.names = [];
  }

  /** Completes, or lists what fits when it is pressed again. */
  *tab(shell: Shell): Program<void> {
    const { line } = this;
    if (this.again) {
      if (this.names.length === 0) return;
      const behind = line.text.length - line.cursor;
      line.leave();
      this.list();
      line.redraw(behind, 0);
      return;
    }
    this.again = true;
    const { word, wanted } = wordBefore(line.text.slice(0, line.cursor));
    const { names, part } = yield* find(shell, word, wanted);
    this.names = [...new Set(names)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const typed = quoted(part).length;
    let chosen: string;
    if (this.names.length === 1) {
      this.again = false;
      const name = this.names[0] as string;
      chosen = name.endsWith('/') ? quoted(name) : `${quoted(name)} `;
    } else {
      line.beep();
      let common = this.names[0] ?? '';
      for (const name of this.names) while (!name.startsWith(common)) common = common.slice(0, -1);
      if (common === '') return;
      chosen = quoted(common);
    }
    const added = chosen.slice(typed);
    const at = line.cursor;
    line.text = line.text.slice(0, at) + added + line.text.slice(at);
    line.redraw(line.text.length - at - added.length);
  }

  private list(): void {
    const { line, names } = this;
    const width = Math.max(...names.map((name) => name.length)) + 2;
    const columns = Math.max(1, Math.floor(line.width / width));
    const rows = Math.ceil(names.length / columns);
    for (let row = 0; row < rows; row++) {
      const cells = names.filter((_, index) => index % rows === row);
      line.out += `${cells.map((name, index) => (index === cells.length - 1 ? name : name.padEnd(width))).join('')}\n`;
    }
  }
}

/** Names that fit, directories with a slash, and the part of the word they replace. */
function* find(shell: Shell, word: string, wanted: Wanted): Program<{ readonly names: readonly string[]; readonly part: string }> {
  if (/^~[^/]*$/.test(word)) {
    const users = (yield* passwdEntries()).map((entry) => `~${entry.name}/`).filter((name) => name.startsWith(word));
    if (users.length > 0) return { names: users, part: word };
  }
  const slash = word.lastIndexOf('/') + 1;
  const part = word.slice(slash);
  const names: string[] = [];
  const inPath = wanted === 'command' && slash === 0;
  if (inPath) names.push(...builtinNames(shell.d).filter((name) => name.startsWith(part)));
  const folders = inPath ? (shell.get('PATH') ?? '').split(':') : [yield* folderOf(shell, word.slice(0, slash))];
  for (const folder of folders) {
    const path = folder === '' ? '.' : folder;
    for (const name of yield* namesIn(path)) {
      if (!name.startsWith(part) || (part === '' && (name === '.' || name === '..'))) continue;
      const full = `${path.replace(/\/*$/, '/')}${name}`;
      const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, full, 0);
      if (!stat.ok && !(yield* sys.newfstatat(AT_FDCWD, full, AT_SYMLINK_NOFOLLOW)).ok) continue;
      const directory = stat.ok && isDir(stat.value.mode);
      if (directory) names.push(`${name}/`);
      else if (wanted !== 'directory') names.push(name);
    }
  }
  return { names, part };
}

/** The folder before the last slash, with `~` and `~user` resolved. */
function* folderOf(shell: Shell, text: string): Program<string> {
  const user = /^~([^/]*)/.exec(text)?.[1];
  if (user === undefined) return text;
  const home = user === '' ? shell.get('HOME') : (yield* passwdEntries()).find((entry) => entry.name === user)?.home;
  return home === undefined ? text : home + text.slice(user.length + 1);
}
