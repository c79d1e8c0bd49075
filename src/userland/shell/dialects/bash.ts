// bash 5.2.

import { compileBash } from '../arith/bash.ts';
import type { Dialect } from '../dialect.ts';
import { BashEditor } from '../edit/bash.ts';

export const bash: Dialect = {
  name: 'bash',
  bash: true,
  path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  compileArith: compileBash,
  newEditor: () => new BashEditor(),
  history: '.bash_history',
  extended: true,
  echoEscapes: false,
  redirectStatus: 1,
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
