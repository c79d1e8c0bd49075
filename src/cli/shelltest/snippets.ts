// The snippets of the differential test: hand-written ones of e2e/shell/TOPIC.yaml and generated ones.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { generated } from './generate.ts';

export const SHELLS = ['ash', 'dash', 'bash'] as const;
export type ShellName = (typeof SHELLS)[number];

/** c: `sh -c TEXT`; stdin: the text on standard input; file: `sh ./script one "two words"`. */
export type How = 'c' | 'stdin' | 'file';

export interface Snippet {
  readonly run: string;
  readonly how: How;
  readonly shells: readonly ShellName[];
}

/** Standard output, standard error, status. */
export type Answer = readonly [string, string, number];
export type Recorded = { readonly run: string; readonly how: How } & { readonly [shell in ShellName]?: Answer };

const FOLDER = 'e2e/shell';
const POSIX: readonly ShellName[] = ['ash', 'dash'];

/** Topics with their snippets. A YAML item is a text, or { run, how, shells }. */
export function topics(): ReadonlyMap<string, readonly Snippet[]> {
  const map = new Map<string, readonly Snippet[]>();
  for (const file of readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .sort()) {
    const items = parse(readFileSync(join(FOLDER, file), 'utf8')) as (string | Partial<Snippet>)[];
    map.set(
      file.replace('.yaml', ''),
      items.map((item) => ({ how: 'c', shells: POSIX, ...(typeof item === 'string' ? { run: item } : item) }) as Snippet),
    );
  }
  map.set(
    'generated',
    generated().map((run, at) => ({ run, how: at % 10 === 3 ? 'stdin' : at % 10 === 7 ? 'file' : 'c', shells: POSIX })),
  );
  return map;
}

export const recordingOf = (topic: string): string => join(FOLDER, 'recorded', `${topic}.jsonl`);

/** The answers of the real shells; empty when a topic has not been recorded. */
export function recorded(topic: string): readonly Recorded[] {
  if (!existsSync(recordingOf(topic))) return [];
  return readFileSync(recordingOf(topic), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Recorded);
}

export const ENV = ['PATH=/bin', 'HOME=/root'];
const SCRIPT = 'script';

/** How a snippet is run: arguments, standard input and files in the directory. */
export function invocation(
  shell: ShellName,
  { run, how }: Pick<Snippet, 'run' | 'how'>,
): { argv: string[]; stdin: string; files: Record<string, string> } {
  const program = `/bin/${shell === 'bash' ? 'bash' : 'sh'}`;
  if (how === 'c') return { argv: [program, '-c', run], stdin: '', files: {} };
  if (how === 'stdin') return { argv: [program], stdin: run, files: {} };
  return { argv: [program, `./${SCRIPT}`, 'one', 'two words'], stdin: '', files: { [SCRIPT]: run } };
}
