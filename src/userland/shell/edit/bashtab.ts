// Completion in bash's line editor. Counterpart: readline 8.2 complete.c, bash 5.2 bashline.c without programmable completion

import { AT_FDCWD } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { passwdEntries } from '../../lib/accounts.ts';
import { builtinNames } from '../builtins/names.ts';
import { namesIn } from '../glob.ts';
import type { Shell } from '../state.ts';
import type { BashEditor } from './bash.ts';

const MANY = 100;
const KEYWORDS = 'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(' ');

/** A name that fits. `directory` decides what is put behind it. */
interface Match {
  readonly text: string;
  readonly directory: boolean;
}

/** The word before the cursor: where it begins, its text without quotes, and the open quote. */
export function wordAt(text: string): { readonly start: number; readonly word: string; readonly quote: string; readonly command: boolean } {
  let [start, word, quote] = [0, '', ''];
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && /["\\$`]/.test(text[at + 1] ?? '')) word += text[++at];
      else word += c;
    } else if (c === '\\' && at + 1 < text.length) word += text[++at];
    else if (c === '"' || c === "'") {
      quote = c;
      start = at + 1;
      word = '';
    } else if (/[\s@><=;|&(:]/.test(c)) {
      start = at + 1;
      word = '';
    } else word += c;
  }
  const before = text.slice(0, quote === '' ? start : start - 1);
  return { start, word, quote, command: /(?:^|[;|&({`])\s*$/.test(before) };
}

const byName = (a: Match, b: Match): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
const quoted = (text: string, quote: string): string =>
  quote === "'"
    ? text.replaceAll("'", "'\\''")
    : quote === '"'
      ? text.replace(/["\\$`]/g, '\\$&')
      : text.replace(/[\s\\'"`$&;|()<>*?[\]{}!#]/g, '\\$&').replace(/^~/, '\\~');

export class BashCompletion {
  /** The key before was a tab that changed nothing. */
  again = false;
  private readonly editor: BashEditor;

  constructor(editor: BashEditor) {
    this.editor = editor;
  }

  /** Completes as far as it is clear; pressed again, lists what fits. */
  *tab(shell: Shell): Program<void> {
    const { editor } = this;
    const { line } = editor;
    const { start, word, quote, command } = wordAt(line.text.slice(0, line.point));
    const variable = quote !== "'" ? /\$\{?([A-Za-z_]\w*|)$/.exec(word) : null;
    const { matches, head } = variable ? variables(shell, word, variable) : yield* find(shell, word, command && quote === '');
    const all = [...new Map(matches.map((match) => [match.text, match])).values()].sort(byName);
    if (all.length === 0) {
      editor.beep();
      return;
    }
    if (this.again && all.length > 1) {
      yield* this.list(shell, all);
      return;
    }
    let common = (all[0] as Match).text;
    for (const { text } of all) while (!text.startsWith(common)) common = common.slice(0, -1);
    const keep = variable || word.startsWith('~');
    let text = keep ? head + common : quoted(head + common, quote);
    if (all.length > 1) editor.beep();
    else {
      const only = all[0] as Match;
      if (only.directory) text += line.text[line.point] === '/' || variable?.[0].includes('{') ? '' : '/';
      else {
        if (quote !== '' && line.text[line.point] !== quote) text += quote;
        if (line.text[line.point] !== ' ') text += ' ';
      }
    }
    this.again = text === line.text.slice(start, line.point);
    if (this.again || (all.length > 1 && common === '')) {
      this.again = true;
      return;
    }
    const old = line.text.slice(start, line.point);
    if (text.startsWith(old)) line.insert(text.slice(old.length), false);
    else {
      line.remove(start, line.point);
      line.insert(text, false);
    }
  }

  private *list(shell: Shell, all: readonly Match[]): Program<void> {
    const { display, line } = this.editor;
    display.leave();
    if (all.length > MANY) {
      display.out += `Display all ${all.length} possibilities? (y or n)`;
      for (;;) {
        const key = yield* this.editor.key(shell);
        if (key === undefined || /^[nN\x07\x7f]$/.test(key)) {
          display.out += '\n';
          display.fresh(line.text, line.point);
          return;
        }
        if (/^[yY ]$/.test(key)) break;
        display.out += '\x07';
      }
      display.out += '\n';
    }
    const width = Math.max(...all.map(({ text }) => text.length)) + 2;
    let columns = Math.max(1, Math.floor(display.width / width));
    if (columns > 1 && columns * width === display.width) columns--;
    const rows = Math.ceil(all.length / columns);
    for (let row = 0; row < rows; row++) {
      const cells = all
        .filter((_, index) => index % rows === row)
        .map(({ text, directory }) => text + (directory && !text.startsWith('$') ? '/' : ''));
      display.out += `${cells.map((cell) => (columns === 1 ? cell : cell.padEnd(width))).join('')}\n`;
    }
    display.fresh(line.text, line.point);
  }
}

interface Found {
  readonly matches: readonly Match[];
  /** What stands before them in the word. */
  readonly head: string;
}

function variables(shell: Shell, word: string, found: RegExpExecArray): Found {
  const sign = found[0].slice(0, found[0].length - (found[1] as string).length);
  const names = [...shell.vars.keys()].filter((name) => name.startsWith(found[1] as string));
  const close = sign === '${' ? '}' : '';
  const matches = names.map((name) => ({
    text: `${sign}${name}${close}`,
    directory: close === '' && (shell.get(name) ?? '').startsWith('/'),
  }));
  return { matches, head: word.slice(0, word.length - found[0].length) };
}

function* find(shell: Shell, word: string, command: boolean): Program<Found> {
  if (/^~[^/]*$/.test(word)) {
    const users = (yield* passwdEntries()).map(({ name }) => ({ text: `~${name}`, directory: true }));
    return { matches: users.filter(({ text }) => text.startsWith(word)), head: '' };
  }
  const slash = word.lastIndexOf('/') + 1;
  const [head, part] = [word.slice(0, slash), word.slice(slash)];
  const matches: Match[] = [];
  if (command && slash === 0) {
    const names = [...builtinNames(shell.d), ...KEYWORDS, ...shell.funcs.keys(), ...shell.aliases.keys(), ...Object.keys(shell.helpers)];
    for (const text of names) if (text.startsWith(part)) matches.push({ text, directory: false });
    for (const folder of (shell.get('PATH') ?? '').split(':'))
      for (const text of yield* namesIn(folder === '' ? '.' : folder)) {
        if (!text.startsWith(part) || text === '.' || text === '..') continue;
        const path = `${folder}/${text}`;
        const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
        if (stat.ok && !isDir(stat.value.mode) && (yield* sys.faccessat2(AT_FDCWD, path, 1, 0)).ok)
          matches.push({ text, directory: false });
      }
    return { matches, head };
  }
  const folder = head.startsWith('~/') ? `${shell.get('HOME') ?? ''}${head.slice(1)}` : head === '' ? '.' : head;
  for (const text of yield* namesIn(folder)) {
    if (!text.startsWith(part) || text === '.' || text === '..') continue;
    const path = folder === '.' ? text : `${folder}${text}`;
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
    const directory = stat.ok && isDir(stat.value.mode);
    if (command && !directory && !(yield* sys.faccessat2(AT_FDCWD, path, 1, 0)).ok) continue;
    matches.push({ text, directory });
  }
  return { matches, head };
}
