// The three shells as one table: texts and differences. Everything that is the same in all of them is in the engine.

export type DialectName = 'ash' | 'dash' | 'bash';

export interface Dialect {
  readonly name: DialectName;
  /** bash extensions that busybox ash has too: function, $'..', ${x:0:1}, ${x/a/b}, let, source, [[. */
  readonly extended: boolean;
  readonly bash: boolean;
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

const ash: Dialect = {
  name: 'ash',
  extended: true,
  bash: false,
  echoEscapes: false,
  execLast: true,
  firstLine: 0,
  redirectStatus: 1,
  unexpected: (what, expecting) => `unexpected ${what}${expecting === undefined ? '' : ` (expecting ${expecting})`}`,
  syntaxError: (text) => `syntax error: ${text}`,
  unterminatedQuote: 'unterminated quoted string',
  badFor: 'bad for loop variable',
  badFunction: 'bad function name',
  missingBrace: "missing '}'",
  eofBackquote: 'EOF in backquote substitution',
  missingParens: "missing '))'",
  badSubstitution: 'syntax error: bad substitution',
  notFound: 'not found',
  readOnly: (name) => `${name}: is read only`,
  notSet: 'parameter not set',
  notSetOrNull: 'parameter not set or null',
  illegalNumber: (text) => `Illegal number: ${text}`,
  cantFork: "can't fork",
  cannotOpen: (file, why) => `can't open ${file}: ${why}`,
  cannotCreate: (file, why) => `can't create ${file}: ${why}`,
  noFileOpen: 'no such file',
  noFileCreate: 'nonexistent directory',
  badFd: (fd, why) => `${fd}: ${why}`,
};

const dash: Dialect = {
  name: 'dash',
  extended: false,
  bash: false,
  echoEscapes: true,
  execLast: false,
  firstLine: 1,
  redirectStatus: 2,
  unexpected: (what, expecting) => `${what} unexpected${expecting === undefined ? '' : ` (expecting ${expecting})`}`,
  syntaxError: (text) => `Syntax error: ${text}`,
  unterminatedQuote: 'Unterminated quoted string',
  badFor: 'Bad for loop variable',
  badFunction: 'Bad function name',
  missingBrace: "Missing '}'",
  eofBackquote: 'EOF in backquote substitution',
  missingParens: "Missing '))'",
  badSubstitution: 'Bad substitution',
  notFound: 'not found',
  readOnly: (name) => `${name}: is read only`,
  notSet: 'parameter not set',
  notSetOrNull: 'parameter not set or null',
  illegalNumber: (text) => `Illegal number: ${text}`,
  cantFork: 'Cannot fork',
  cannotOpen: (file, why) => `cannot open ${file}: ${why}`,
  cannotCreate: (file, why) => `cannot create ${file}: ${why}`,
  noFileOpen: 'No such file',
  noFileCreate: 'Directory nonexistent',
  badFd: (fd, why) => `${fd}: ${why}`,
};

const bash: Dialect = {
  ...ash,
  name: 'bash',
  bash: true,
  execLast: true,
  firstLine: 1,
  unexpected: (what) => (what === 'end of file' ? 'syntax error: unexpected end of file' : `syntax error near unexpected token \`${what}'`),
  syntaxError: (text) => text,
  unterminatedQuote: 'unexpected EOF while looking for matching `"\'',
  badFor: 'syntax error near unexpected token',
  badFunction: 'not a valid identifier',
  missingBrace: "unexpected EOF while looking for matching `}'",
  eofBackquote: "unexpected EOF while looking for matching ``'",
  missingParens: "unexpected EOF while looking for matching `)'",
  badSubstitution: 'bad substitution',
  notFound: 'command not found',
  readOnly: (name) => `${name}: readonly variable`,
  notSet: 'unbound variable',
  notSetOrNull: 'parameter null or not set',
  illegalNumber: (text) => `${text}: numeric argument required`,
  cantFork: 'fork: retry',
  cannotOpen: (file, why) => `${file}: ${why}`,
  cannotCreate: (file, why) => `${file}: ${why}`,
  noFileOpen: 'No such file or directory',
  noFileCreate: 'No such file or directory',
  badFd: (fd, why) => `${fd}: ${why}`,
};

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = { ash, dash, bash };
