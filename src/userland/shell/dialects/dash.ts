// dash 0.5.12, Debian's sh.

import { compileDash } from '../arith/dash.ts';
import type { Dialect } from '../dialect.ts';

export const dash: Dialect = {
  name: 'dash',
  extended: false,
  bash: false,
  path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  compileArith: compileDash,
  newEditor: undefined,
  history: '',
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
