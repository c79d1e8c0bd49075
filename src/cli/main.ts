// The command line: `scplay run|test|oci|explain FILE…`. Contract: design §4; usage: README.md.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { web } from '#content/web.ts';
import {
  openPlayground,
  type ParsedSession,
  type Playground,
  parseSessionFile,
  type SessionFile,
  type StepResult,
} from '#session/index.ts';
import { lineDiff } from './diff.ts';
import { parsePage, testPage } from './docTest.ts';

export { TUTORIAL_PODS } from '#content/pods.ts';
export { openPlayground } from '#session/index.ts';
export { conformance } from './conformance/index.ts';
export { fuzzCase } from './fuzz/index.ts';
export { web };

const USAGE = `Usage: scplay run FILE… [--json|--jsonl] [--out FILE]
       scplay test FILE|DIR… [--summary FILE]
       scplay oci FILE…
       scplay doc-test PAGE.md…
       scplay explain FILE [--step N] [--about WHAT [--pod POD] [--container NAME]] [--language en|ja]

run      runs session files (YAML or JSON, several sessions per file) and prints what every step printed
test     runs session files and compares with their "expect"
oci      prints the OCI config.json of the container after the last step; of several, a list of { session, pod, container, config }
doc-test runs the console blocks of Markdown pages ("$ command", then what it prints; "..." for lines that may differ) and compares;
         a block with file=NAME in its info string is a file in the home directory
explain  prints, for the last refusal up to step N, every check that was made, what would have helped and which line decided it;
         with --about the chain behind a credential (uid, groups, CapEff …), a value (2000), a capability (CAP_NET_RAW) or a mount (/data)
`;

/** Runs one command line; the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === 'run') return runCommand(rest);
  if (command === 'test') return testCommand(rest);
  if (command === 'oci') return ociCommand(rest);
  if (command === 'explain') return explainCommand(rest);
  if (command === 'doc-test') return docTestCommand(rest);
  const help = command === undefined || command === 'help' || command === '--help' || command === '-h';
  (help ? process.stdout : process.stderr).write(help ? USAGE : `scplay: unknown command "${command}"\n${USAGE}`);
  return help ? 0 : 2;
}

const WITH_VALUE = ['--out', '--summary', '--step', '--about', '--pod', '--container', '--language'];

function options(
  args: readonly string[],
  known: readonly string[],
): { files: string[]; flags: Map<string, string>; bad: string | undefined } {
  const files: string[] = [];
  const flags = new Map<string, string>();
  let bad: string | undefined;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    const [name = '', inline] = arg.split(/=(.*)/s);
    if (!arg.startsWith('--')) files.push(arg);
    else if (!known.includes(name)) bad ??= `unknown option ${name}`;
    else if (!WITH_VALUE.includes(name)) flags.set(name, '');
    else {
      const value = inline ?? args[++at];
      if (value === undefined) bad ??= `${name} needs a value`;
      else flags.set(name, value);
    }
  }
  if (files.length === 0) bad ??= 'no file given';
  return { files, flags, bad };
}

function refuse(message: string): number {
  process.stderr.write(`scplay: ${message}\n${USAGE}`);
  return 2;
}

function load(file: string): readonly ParsedSession[] {
  try {
    return parseSessionFile(file, readFileSync(file, 'utf8'));
  } catch (error) {
    return [{ ok: false, name: file, errors: [`${file}: ${(error as Error).message}`] }];
  }
}

interface Ran {
  readonly name: string;
  readonly steps: readonly StepResult[];
  readonly error?: string;
}

function execute(session: SessionFile): { readonly ran: Ran; readonly playground: Playground | undefined } {
  const steps: StepResult[] = [];
  try {
    const playground = openPlayground(session, web);
    for (const step of session.steps) steps.push(playground.step(step.run, step.stdin));
    return { ran: { name: session.name, steps }, playground };
  } catch (error) {
    return { ran: { name: session.name, steps, error: error instanceof Error ? error.message : String(error) }, playground: undefined };
  }
}

/** Names must be unique in a run: the second of two equal ones is an error, not a silent overwrite. */
function sessionsOf(files: readonly string[]): readonly ParsedSession[] {
  const seen = new Set<string>();
  return files.flatMap((file) =>
    load(file).map((parsed): ParsedSession => {
      const name = parsed.ok ? parsed.session.name : parsed.name;
      if (parsed.ok && seen.has(name))
        return { ok: false, name, errors: [`${file}: name: "${name}" is used by another session of this run`] };
      seen.add(name);
      return parsed;
    }),
  );
}

function runCommand(args: readonly string[]): number {
  const { files, flags, bad } = options(args, ['--json', '--jsonl', '--out']);
  if (bad) return refuse(bad);
  const results: Ran[] = [];
  const lines: string[] = [];
  const stream = flags.has('--jsonl') && !flags.has('--out');
  let status = 0;
  for (const parsed of sessionsOf(files)) {
    const ran = parsed.ok ? execute(parsed.session).ran : { name: parsed.name, steps: [], error: parsed.errors.join('\n') };
    if (!parsed.ok) {
      status = 2;
      process.stderr.write(parsed.errors.map((line) => `scplay: ${line}\n`).join(''));
    } else if (ran.error !== undefined) status = Math.max(status, 1);
    results.push(ran);
    if (stream) process.stdout.write(`${JSON.stringify(ran)}\n`);
    else if (flags.has('--jsonl')) lines.push(JSON.stringify(ran));
  }
  if (stream) return status;
  const text = flags.has('--jsonl')
    ? lines.map((line) => `${line}\n`).join('')
    : flags.has('--json')
      ? `${JSON.stringify(results.length === 1 ? results[0] : results, null, 2)}\n`
      : results.map(readable).join('\n');
  const out = flags.get('--out');
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
  return status;
}

function readable(ran: Ran): string {
  const steps = ran.steps.map(
    (step) => `$ ${step.run}\n${step.stdout}${step.stderr}${step.exitCode === 0 ? '' : `(status ${step.exitCode})\n`}`,
  );
  return `# ${ran.name}\n${steps.join('')}${ran.error === undefined ? '' : `error: ${ran.error}\n`}`;
}

function expand(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch {
    return [path];
  }
  return readdirSync(path)
    .sort()
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .map((name) => join(path, name));
}

function testCommand(args: readonly string[]): number {
  const { files, flags, bad } = options(args, ['--summary']);
  if (bad) return refuse(bad);
  let passed = 0;
  let failed = 0;
  let status = 0;
  for (const parsed of sessionsOf(files.flatMap(expand))) {
    if (!parsed.ok) {
      status = 2;
      failed++;
      process.stderr.write(parsed.errors.map((line) => `scplay: ${line}\n`).join(''));
      continue;
    }
    const { ran } = execute(parsed.session);
    const wrong = parsed.session.steps.flatMap((step, at) => mismatches(step.expect, ran.steps[at], at + 1));
    if (ran.error !== undefined) wrong.push(`the engine failed: ${ran.error}`);
    if (wrong.length === 0) passed++;
    else {
      failed++;
      console.log(`✗ ${ran.name}\n${wrong.join('\n')}`);
    }
  }
  console.log(`sessions: ${passed} passed, ${failed} failed`);
  const summary = flags.get('--summary');
  if (summary !== undefined) writeFileSync(summary, JSON.stringify({ passed, failed }));
  return status || (failed === 0 ? 0 : 1);
}

function mismatches(expected: SessionFile['steps'][number]['expect'], got: StepResult | undefined, number: number): string[] {
  if (expected === undefined || got === undefined) return [];
  return (['stdout', 'stderr', 'exitCode'] as const).flatMap((field) => {
    const want = expected[field];
    if (want === undefined || want === got[field]) return [];
    return [`  step ${number} (${got.run}): ${field}\n${lineDiff(String(want), String(got[field]))}`];
  });
}

function ociCommand(args: readonly string[]): number {
  const { files, bad } = options(args, []);
  if (bad) return refuse(bad);
  let status = 0;
  const configs: unknown[] = [];
  for (const parsed of sessionsOf(files)) {
    if (!parsed.ok) {
      status = 2;
      process.stderr.write(parsed.errors.map((line) => `scplay: ${line}\n`).join(''));
      continue;
    }
    const { ran, playground } = execute(parsed.session);
    if (playground === undefined) {
      status = Math.max(status, 1);
      process.stderr.write(`scplay: ${ran.name}: ${ran.error}\n`);
    } else
      configs.push(
        ...playground
          .ociConfigs()
          .filter(({ container }) => container !== '(sandbox)')
          .map((container) => ({ session: ran.name, ...container })),
      );
  }
  const [only] = configs as readonly { readonly config: unknown }[];
  process.stdout.write(`${JSON.stringify(configs.length === 1 ? only?.config : configs, null, 2)}\n`);
  return status;
}

function explainCommand(args: readonly string[]): number {
  const { files, flags, bad } = options(args, ['--step', '--about', '--pod', '--container', '--language']);
  if (bad) return refuse(bad);
  const given = (flag: string, option: string): string[] => (flags.has(flag) ? [option, flags.get(flag) as string] : []);
  const where = [...given('--pod', '-p'), ...given('--container', '-c')];
  const what = flags.has('--about') ? [flags.get('--about') as string] : [];
  let status = 0;
  for (const parsed of sessionsOf(files)) {
    if (!parsed.ok) {
      status = 2;
      process.stderr.write(parsed.errors.map((line) => `scplay: ${line}\n`).join(''));
      continue;
    }
    const upTo = flags.has('--step') ? Number(flags.get('--step')) : parsed.session.steps.length;
    if (!Number.isInteger(upTo) || upTo < 1 || upTo > parsed.session.steps.length)
      return refuse(`--step must be 1 to ${parsed.session.steps.length}`);
    const { ran, playground } = execute({ ...parsed.session, steps: parsed.session.steps.slice(0, upTo) });
    if (playground === undefined) {
      process.stdout.write(`# ${ran.name}\nerror: ${ran.error}\n`);
      status = Math.max(status, 1);
      continue;
    }
    playground.world.language = flags.get('--language') === 'ja' ? 'ja' : 'en';
    const answer = playground.step(['why', ...where, ...what].map(quote).join(' '));
    const silent = what.length === 0 && answer.exitCode === 1;
    process.stdout.write(`# ${ran.name}\n${silent ? 'Nothing was refused.\n' : answer.stdout + answer.stderr}`);
    if (!silent) status = Math.max(status, answer.exitCode);
  }
  return status;
}

function docTestCommand(args: readonly string[]): number {
  const { files, bad } = options(args, []);
  if (bad) return refuse(bad);
  let passed = 0;
  let failed = 0;
  for (const file of files) {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      return refuse(`${file}: ${(error as Error).message}`);
    }
    const result = testPage(parsePage(text), web);
    passed += result.passed;
    failed += result.problems.length;
    for (const problem of result.problems) console.log(`✗ ${file}, ${problem}`);
  }
  console.log(`console commands: ${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
