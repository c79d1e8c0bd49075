// What differs between the three shells: texts, arithmetic, line editing. Everything that is the same in all of them is in the engine.

import type { Compiled } from './arith/numbers.ts';
import type { Editor } from './edit/types.ts';

export type DialectName = 'ash' | 'dash' | 'bash';

export interface Dialect {
  readonly name: DialectName;
  /** bash extensions that busybox ash has too: function, $'..', ${x:0:1}, ${x/a/b}, let, source, [[. */
  readonly extended: boolean;
  readonly bash: boolean;
  /** PATH where the environment has none. */
  readonly path: string;
  /** Makes a function of an arithmetic expression; throws ArithFault for a syntax error. */
  readonly compileArith: (text: string) => Compiled;
  /** Line editing on a terminal; undefined: the terminal's own. */
  readonly newEditor: (() => Editor) | undefined;
  /** The history file in the home directory. */
  readonly history: string;
  /** `echo` expands backslashes without -e. */
  readonly echoEscapes: boolean;
  /** `sh -c` runs its last command in place of itself. */
  readonly execLast: boolean;
  readonly firstLine: number;
  /** Status after a redirection of a builtin or command fails. */
  readonly redirectStatus: number;
  readonly unexpected: (what: string, expecting?: string) => string;
  readonly syntaxError: (text: string) => string;
  readonly unterminatedQuote: string;
  readonly badFor: string;
  readonly badFunction: string;
  readonly missingBrace: string;
  readonly eofBackquote: string;
  readonly missingParens: string;
  readonly badSubstitution: string;
  readonly notFound: string;
  readonly readOnly: (name: string) => string;
  readonly notSet: string;
  readonly notSetOrNull: string;
  readonly illegalNumber: (text: string) => string;
  readonly cantFork: string;
  readonly cannotOpen: (file: string, why: string) => string;
  readonly cannotCreate: (file: string, why: string) => string;
  readonly noFileOpen: string;
  readonly noFileCreate: string;
  readonly badFd: (fd: string, why: string) => string;
}
