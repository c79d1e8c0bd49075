// Profiles from their text. Counterpart: apparmor.d(5); apparmor_parser(8)

import { expand, globPattern, type Variables } from './glob.ts';
import { INCLUDES } from './includes.ts';
import type { Profile, ProfileMode, Rule } from './profile.ts';
import { makeRule } from './rules.ts';
import { type Statement, scan } from './scan.ts';

export type Parsed =
  | { readonly ok: true; readonly profiles: readonly Profile[] }
  | { readonly ok: false; readonly line: number; readonly message: string };

class ParseError extends Error {
  readonly line: number;
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const unquote = (word: string): string => word.replace(/^"(.*)"$/s, '$1').replaceAll('\\"', '"');
const MODES: Readonly<Record<string, ProfileMode>> = {
  enforce: 'enforce',
  complain: 'complain',
  kill: 'kill',
  unconfined: 'unconfined',
};
const FLAGS = [
  'attach_disconnected',
  'no_attach_disconnected',
  'mediate_deleted',
  'delegate_deleted',
  'chroot_relative',
  'namespace_relative',
  'chroot_attach',
  'chroot_no_attach',
  'audit',
  'default_allow',
];

interface Head {
  readonly name: string;
  readonly attachment: string | null;
  readonly mode: ProfileMode;
  readonly flags: readonly string[];
}

/** `profile NAME [ATTACHMENT] [flags=(…)]`, `/path [flags=(…)]`, `hat NAME`, `^NAME`. */
function headOf({ words, line }: Statement): Head {
  const rest = [...words];
  const flags: string[] = [];
  for (let at = rest.findIndex((word) => /^(flags=)?\(/.test(word)); at >= 0; at = -1) {
    flags.push(...(rest[at] as string).replace(/^(flags=)?\(|\)$/g, '').split(/[\s,]+/));
    rest.splice(at, 1);
  }
  const named = rest[0] === 'profile' || rest[0] === 'hat';
  if (named) rest.shift();
  const name = unquote(rest.shift() ?? '').replace(/^\^/, '');
  if (name === '' || rest.length > 1 || (!named && !/^[/@^]/.test(words[0] ?? '')))
    throw new ParseError(line, `syntax error, unexpected '{' after "${words.join(' ')}"`);
  const unknown = flags.find((flag) => flag !== '' && MODES[flag] === undefined && !FLAGS.includes(flag));
  if (unknown !== undefined) throw new ParseError(line, `Invalid profile flag: ${unknown}.`);
  const mode = flags.map((flag) => MODES[flag]).find((each) => each !== undefined) ?? 'enforce';
  const attachment = rest[0] === undefined ? (/^[/@]/.test(name) ? name : null) : unquote(rest[0]);
  return { name, attachment, mode, flags };
}

class Parser {
  readonly profiles: Profile[] = [];
  private readonly variables = new Map<string, readonly string[]>();

  /** Statements of a file or an include into the rules of the block that is open (null: before any profile). */
  read(text: string, rules: Rule[] | null, name: string | null, lineOfInclude?: number): void {
    let statements: readonly Statement[];
    try {
      statements = scan(text);
    } catch (error) {
      throw new ParseError(lineOfInclude ?? text.split('\n').length, (error as Error).message);
    }
    const open: { head: Head; full: string; rules: Rule[] }[] = [];
    for (const statement of statements) {
      const line = lineOfInclude ?? statement.line;
      const top = open.at(-1);
      const into = top?.rules ?? rules;
      const own = top?.full ?? name;
      if (statement.kind === 'include') this.include(statement, into, own, line);
      else if (statement.kind === 'line') this.assign(statement, line);
      else if (statement.kind === 'open') {
        const head = headOf(statement);
        open.push({ head, full: own === null ? head.name : `${own}//${head.name}`, rules: [] });
      } else if (statement.kind === 'close') {
        if (top === undefined) throw new ParseError(line, "syntax error, unexpected '}'");
        open.pop();
        this.finish(top, line);
      } else if (into === null || own === null) this.preamble(statement, line);
      else into.push(...this.rule(statement, own, line));
    }
    if (open.length > 0) throw new ParseError(text.split('\n').length, 'syntax error, unexpected end of file');
  }

  private finish({ head, full, rules }: { head: Head; full: string; rules: Rule[] }, line: number): void {
    const { attachment, mode, flags } = head;
    this.profiles.push({ name: full, attachment: attachment === null ? null : this.glob(attachment, line), mode, flags, rules });
  }

  private glob(text: string, line: number, more: Variables = new Map()): RegExp {
    try {
      return globPattern(text, new Map([...this.variables, ...more]));
    } catch (error) {
      throw new ParseError(line, (error as Error).message);
    }
  }

  private rule(statement: Statement, own: string, line: number): readonly Rule[] {
    const more: Variables = new Map([['profile_name', [own]]]);
    try {
      return makeRule({ ...statement, line }, (text) => this.glob(unquote(text), line, more));
    } catch (error) {
      throw error instanceof ParseError ? error : new ParseError(line, (error as Error).message);
    }
  }

  private include({ text }: Statement, rules: Rule[] | null, name: string | null, line: number): void {
    const [, maybe, file] = /^#?include\s+(if\s+exists\s+)?[<"]?([^>"]+?)[>"]?$/.exec(text) ?? [];
    const known = file === undefined ? undefined : INCLUDES[file.replace(/^\/etc\/apparmor\.d\//, '')];
    if (known !== undefined) this.read(known, rules, name, line);
    else if (maybe === undefined) throw new ParseError(line, `Could not open '${file ?? ''}': this include is not simulated`);
  }

  private assign({ text }: Statement, line: number): void {
    const [, name = '', plus, value = ''] = /^@\{([^}]+)\}\s*(\+)?=\s*(.*)$/s.exec(text) ?? [];
    if (name === '') throw new ParseError(line, `"${text}" is not simulated`);
    const words = [...value.matchAll(/"[^"]*"|\S+/g)].map(([word]) => unquote(word));
    this.variables.set(name, plus === undefined ? words : [...(this.variables.get(name) ?? []), ...words]);
    for (const word of words) {
      try {
        expand(word, this.variables);
      } catch (error) {
        throw new ParseError(line, (error as Error).message);
      }
    }
  }

  private preamble({ words, text }: Statement, line: number): void {
    if (words[0] === 'abi') return; // names the features the compiler may use
    throw new ParseError(line, `"${text}" is not simulated outside of a profile`);
  }
}

/** The profiles of a file, children after their parents' rules, or the first error with its line. */
export function parseProfiles(text: string): Parsed {
  const parser = new Parser();
  try {
    parser.read(text, null, null);
  } catch (error) {
    if (error instanceof ParseError) return { ok: false, line: error.line, message: error.message };
    throw error;
  }
  return { ok: true, profiles: parser.profiles };
}
