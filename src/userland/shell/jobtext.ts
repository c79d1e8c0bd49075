// The text of a command as the shells show it in their lists of jobs. Counterpart: cmdtxt() of dash's jobs.c, bash's print_cmd.c

import type { Node, Part, Redir, Word } from './ast.ts';

const partText = (part: Part): string => {
  switch (part.t) {
    case 'lit':
      return part.q && /[^A-Za-z0-9_./=+:,%@-]/.test(part.s) ? `"${part.s}"` : part.s;
    case 'param':
      return part.op === '' ? `\${${part.name}}` : part.text;
    case 'cmd':
      return '$(...)';
    case 'arith':
      return `$((${part.word.text}))`;
    case 'proc':
      return part.out ? '>(...)' : '<(...)';
  }
};
const wordText = (word: Word): string => word.parts.map(partText).join('');
const redirText = ({ op, fd, word }: Redir): string => (op.startsWith('<<') ? `${fd}<<...` : `${fd}${op}${wordText(word)}`);
const bashRedir = ({ op, fd, word }: Redir): string => {
  const usual = op.startsWith('&') || fd === (op.startsWith('<') ? 0 : 1);
  return `${usual ? '' : fd}${op}${op === '>&' || op === '<&' ? '' : ' '}${word.text}`;
};
const join = (words: readonly string[]): string => words.filter((w) => w !== '').join(' ');
const withRedirs = (text: string, redirs: readonly Redir[]): string => join([text, ...redirs.map(redirText)]);

/** bash: simple commands with their words as written; everything else as it stands in the source. */
export const bashJobText = (node: Node, source: string): string =>
  node.t === 'simple'
    ? join([...node.assigns.map((a) => `${a.name}=${a.word.text}`), ...node.words.map((w) => w.text), ...node.redirs.map(bashRedir)])
    : source;

/** dash, ash: one line that describes a command. */
export function jobText(node: Node | null): string {
  if (node === null) return '';
  switch (node.t) {
    case 'simple':
      return join([
        ...node.assigns.map((a) => `${a.name}=${wordText(a.word)}`),
        ...node.words.map(wordText),
        ...node.redirs.map(redirText),
      ]);
    case 'pipe':
      return node.parts.map(jobText).join(' | ');
    case 'and':
      return `${jobText(node.left)} && ${jobText(node.right)}`;
    case 'or':
      return `${jobText(node.left)} || ${jobText(node.right)}`;
    case 'semi':
      return node.list.map(jobText).join('; ');
    case 'bg':
      return `${jobText(node.body)} &`;
    case 'not':
      return `! ${jobText(node.body)}`;
    case 'time':
      return `time ${jobText(node.body)}`;
    case 'subshell':
      return withRedirs(`(${jobText(node.body)})`, node.redirs);
    case 'brace':
      return withRedirs(`{ ${jobText(node.body)}; }`, node.redirs);
    case 'if':
      return `if ${jobText(node.cond)}; then ${jobText(node.then)}; ${node.else ? `else ${jobText(node.else)}; ` : ''}fi`;
    case 'while':
      return `${node.until ? 'until' : 'while'} ${jobText(node.cond)}; do ${jobText(node.body)}; done`;
    case 'for':
      return `${node.select ? 'select' : 'for'} ${node.name} in ${(node.words ?? []).map(wordText).join(' ')}; do ${jobText(node.body)}; done`;
    case 'arithfor':
      return `for ((${node.init};${node.test};${node.step})); do ${jobText(node.body)}; done`;
    case 'arithcmd':
      return `((${node.word.text}))`;
    case 'case':
      return `case ${wordText(node.word)} in ${node.items.map((i) => `${i.patterns.map(wordText).join('|')}) ${jobText(i.body)};;`).join(' ')} esac`;
    case 'func':
      return `${node.name}() { ... }`;
  }
}
