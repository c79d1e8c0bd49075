// The tree of a shell command. Counterpart: nodetypes of dash and busybox ash; POSIX.1 XCU 2.10.2.

import type { Compiled } from './arith/numbers.ts';

/** Operators of `${name OP word}`; `bad` fails when it is expanded. */
export type ParamOp =
  | ''
  | '-'
  | '='
  | '?'
  | '+'
  | '%'
  | '%%'
  | '#'
  | '##'
  | 'length'
  | 'substring'
  | '/'
  | '//'
  | '^'
  | '^^'
  | ','
  | ',,'
  | 'keys'
  | 'names*'
  | 'names@'
  | '@Q'
  | '@U'
  | '@u'
  | '@L'
  | '@E'
  | '@P'
  | '@A'
  | '@K'
  | '@k'
  | '@a'
  | 'bad';

export interface ParamPart {
  readonly t: 'param';
  readonly name: string;
  readonly op: ParamOp;
  /** `:-` and friends: null counts as unset. */
  readonly colon: boolean;
  readonly word: Word | null;
  /** Second operand: replacement of `/`, length of `substring`. */
  readonly word2: Word | null;
  readonly q: boolean;
  readonly text: string;
  /** bash `name[…]`: one element, or all of them. */
  readonly index?: Word | '@' | '*';
  /** bash `${!name…}`: the value is the name of the parameter that is meant. */
  readonly indirect?: boolean;
}

export type Part =
  | { readonly t: 'lit'; readonly s: string; readonly q: boolean }
  | ParamPart
  | { readonly t: 'cmd'; readonly body: Node | null; readonly text: string; readonly q: boolean }
  | { readonly t: 'arith'; readonly word: Word; readonly q: boolean; cache?: { text: string; code: Compiled } }
  | { readonly t: 'proc'; readonly out: boolean; readonly body: Node | null; readonly q: boolean };

export interface Word {
  readonly parts: readonly Part[];
  /** The source text. */
  readonly text: string;
  /** The value, when the word needs no expansion of any kind. */
  readonly plain: string | null;
  readonly quoted: boolean;
  /** One part that the quick path expands. */
  readonly simple: boolean;
  /** bash `name=(…)`: what stands between the parentheses. */
  readonly compound?: readonly CompoundItem[];
}

/** A word of `name=(…)`, with the subscript it may begin with. */
export interface CompoundItem {
  readonly index: Word | undefined;
  readonly append: boolean;
  readonly word: Word;
}

export type RedirOp = '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '<<' | '<<-' | '<<<' | '&>' | '&>>';

export interface Redir {
  readonly op: RedirOp;
  readonly fd: number;
  word: Word;
  /** Here-document: its contents. */
  body: Word | null;
}

export interface Assign {
  readonly name: string;
  readonly index?: Word;
  readonly word: Word;
  readonly append: boolean;
}

export interface SimpleNode {
  readonly t: 'simple';
  readonly assigns: readonly Assign[];
  readonly words: readonly Word[];
  readonly redirs: readonly Redir[];
  readonly line: number;
  readonly text: string;
}

export interface CaseItem {
  readonly patterns: readonly Word[];
  readonly body: Node | null;
  readonly end: ';;' | ';&' | ';;&';
}

export type Node =
  | SimpleNode
  | { readonly t: 'pipe'; readonly parts: readonly Node[]; readonly text: string }
  | { readonly t: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly t: 'semi'; readonly list: readonly Node[] }
  | { readonly t: 'bg'; readonly body: Node; readonly text: string }
  | { readonly t: 'not'; readonly body: Node }
  | { readonly t: 'time'; readonly body: Node | null }
  | { readonly t: 'subshell' | 'brace'; readonly body: Node | null; readonly redirs: readonly Redir[]; readonly text: string }
  | {
      readonly t: 'if';
      readonly cond: Node | null;
      readonly then: Node | null;
      readonly else: Node | null;
      readonly redirs: readonly Redir[];
    }
  | {
      readonly t: 'while';
      readonly until: boolean;
      readonly cond: Node | null;
      readonly body: Node | null;
      readonly redirs: readonly Redir[];
    }
  | {
      readonly t: 'for';
      /** bash's `select`. */
      readonly select: boolean;
      readonly name: string;
      readonly words: readonly Word[] | null;
      readonly body: Node | null;
      readonly redirs: readonly Redir[];
      readonly line: number;
    }
  | {
      readonly t: 'arithfor';
      readonly init: string;
      readonly test: string;
      readonly step: string;
      readonly body: Node | null;
      readonly redirs: readonly Redir[];
    }
  | { readonly t: 'arithcmd'; readonly word: Word; readonly redirs: readonly Redir[] }
  | {
      readonly t: 'case';
      readonly word: Word;
      readonly items: readonly CaseItem[];
      readonly redirs: readonly Redir[];
      readonly line: number;
    }
  | { readonly t: 'func'; readonly name: string; readonly body: Node };

/** A word of literal text. */
export const literalWord = (s: string): Word => ({ parts: [{ t: 'lit', s, q: true }], text: s, plain: s, quoted: true, simple: true });
