// `scplay doc-test PAGE.md`: the console blocks of a Markdown page, run in order in one session, held against what the page shows.

import { openPlayground, type Playground, type Web } from '#session/index.ts';
import { lineDiff } from './diff.ts';

/** A command of a page with the lines shown below it. */
export interface DocStep {
  /** Line of the page, from 1. */
  readonly line: number;
  readonly run: string;
  /** The command opens a terminal (kubectl exec -it …). */
  readonly terminal: boolean;
  /** Lines typed at the prompts of a shell the command opened (`/ $ …`, `# …`). */
  readonly typed: readonly string[];
  /** What the page shows after the command; null: nothing, so nothing is compared. */
  readonly shown: string | null;
}

export interface DocPage {
  /** Files for the home directory: blocks whose info string has file=NAME. */
  readonly files: Readonly<Record<string, string>>;
  readonly steps: readonly DocStep[];
}

const FENCE = /^(\s*)(`{3,}|~{3,})\s*(\S*)\s*(.*)$/;
const CONSOLE = ['console', 'shell-session'];
const PROMPT = /^\$ (.*)$/;
/** The prompt of a shell inside a container: a path before it, or root's. */
const INNER = /^(?:\S+ [$#]|#) (.*)$/;

/** Reads the blocks of a page. An unclosed fence ends with the page, as in CommonMark. */
export function parsePage(text: string): DocPage {
  const files: Record<string, string> = {};
  const steps: DocStep[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', fence = '', language = '', info = ''] = FENCE.exec(lines[at] as string) ?? [];
    if (fence === '') continue;
    const first = at + 1;
    const closing = (line: string): boolean => line.trim().startsWith(fence) && line.trim().replaceAll(fence[0] as string, '') === '';
    for (at = first; at < lines.length && !closing(lines[at] as string); ) at++;
    const body = lines.slice(first, at).map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line));
    const file = /\bfile=("[^"]+"|\S+)/.exec(info)?.[1]?.replaceAll('"', '');
    if (file !== undefined) files[file] = `${body.join('\n')}\n`;
    else if (CONSOLE.includes(language)) steps.push(...stepsOf(body, first + 1));
  }
  return { files, steps };
}

function stepsOf(body: readonly string[], firstLine: number): DocStep[] {
  const steps: DocStep[] = [];
  for (let at = 0; at < body.length; ) {
    const line = firstLine + at;
    const command = PROMPT.exec(body[at] as string)?.[1];
    if (command === undefined) {
      at++;
      continue;
    }
    let run = command;
    at++;
    while (run.endsWith('\\') && at < body.length) run = `${run}\n${(body[at++] as string).replace(/^> /, '')}`;
    const start = at;
    while (at < body.length && !PROMPT.test(body[at] as string)) at++;
    const below = body.slice(start, at);
    const terminal = /^kubectl .*\s(-(it|ti|t)|--tty)\s/.test(run);
    const typed = terminal ? below.flatMap((one) => INNER.exec(one)?.[1] ?? []) : [];
    const shown = below.join('\n').replace(/\n+$/, '');
    steps.push({ line, run, terminal, typed, shown: shown === '' ? null : `${shown}\n` });
  }
  return steps;
}

/** `...` or `…` alone on a line of the page stands for any number of lines. */
export function matches(shown: string, actual: string): boolean {
  const parts = shown.split('\n').map((line) => (/^\s*(\.\.\.|…)\s*$/.test(line) ? null : line.trimEnd()));
  const pattern = parts.map((line) => (line === null ? '(?:.*\\n)*?' : `${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*\\n`)).join('');
  return new RegExp(`^${pattern}$`).test(`${actual}\n`);
}

function answer(playground: Playground, { run, terminal, typed }: DocStep): string {
  if (!terminal) {
    const { stdout, stderr } = playground.step(run);
    return stdout + stderr;
  }
  // A shell's echo and prompts are part of what a page shows, but for the last prompt, where the page ends the session.
  const { output } = playground.tty(run, typed);
  return output
    .replaceAll('\x1b[6n', '')
    .replaceAll('\r', '')
    .replace(/(^|\n)(\S+ )?[$#] \n?$/, '$1');
}

/** Runs a page; what differed, one text for each step. */
export function testPage(page: DocPage, web: Web): { readonly passed: number; readonly problems: readonly string[] } {
  const playground = openPlayground({ files: page.files }, web);
  const problems: string[] = [];
  let passed = 0;
  for (const step of page.steps) {
    const actual = answer(playground, step);
    if (step.shown === null || matches(step.shown, actual)) passed++;
    else problems.push(`line ${step.line}: ${step.run}\n${lineDiff(step.shown, actual)}`);
  }
  return { passed, problems };
}
