// ash of busybox 1.35.

import { compileAsh } from '../arith/ash.ts';
import type { Dialect } from '../dialect.ts';
import { AshEditor } from '../edit/ash.ts';

export const ash: Dialect = {
  name: 'ash',
  extended: true,
  bash: false,
  path: '/sbin:/usr/sbin:/bin:/usr/bin',
  compileArith: compileAsh,
  newEditor: () => new AshEditor(),
  history: '.ash_history',
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
