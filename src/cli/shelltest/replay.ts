// Runs the snippets in the simulated shells and compares with what the real ones answered.

import { ScriptRunner, type Web } from '#session/index.ts';
import type { Compared } from '../conformance/kernelCase.ts';
import { type Answer, ENV, invocation, recorded, type ShellName, type Snippet, topics } from './snippets.ts';

const IMAGES: Readonly<Record<ShellName, string>> = {
  ash: 'busybox:1.35',
  dash: 'gcr.io/google-samples/node-hello:1.0',
  bash: 'gcr.io/google-samples/node-hello:1.0',
};
const show = ([stdout, stderr, status]: Answer): string => `${stdout}── stderr\n${stderr}── status ${status}\n`;

/** One case per topic and shell. */
export function shellJobs(web: Web): { group: string; name: string; run(): readonly Compared[] }[] {
  const runners = new Map<string, ScriptRunner>();
  const runnerOf = (shell: ShellName): ScriptRunner => {
    const image = IMAGES[shell];
    const runner = runners.get(image) ?? new ScriptRunner(image, web);
    runners.set(image, runner);
    return runner;
  };
  const compare = (topic: string, shell: ShellName, snippets: readonly Snippet[]): readonly Compared[] => {
    const answers = new Map(recorded(topic).map((one) => [`${one.how}\0${one.run}`, one[shell]]));
    return snippets.map((snippet) => {
      const { run, how } = snippet;
      const expected = answers.get(`${how}\0${run}`);
      if (expected === undefined) return { what: run, expected: 'an answer of the real shell', actual: 'not recorded' };
      const { argv, stdin, files } = invocation(shell, snippet);
      const got = runnerOf(shell).run(argv, ENV, stdin, files);
      return { what: run, expected: show(expected), actual: show([got.stdout, got.stderr, got.status]) };
    });
  };
  return [...topics()].flatMap(([topic, snippets]) =>
    [...new Set(snippets.flatMap((snippet) => snippet.shells))].map((shell) => ({
      group: `shell-${shell}`,
      name: `shell-${shell}/${topic}`,
      run: () =>
        compare(
          topic,
          shell,
          snippets.filter((snippet) => snippet.shells.includes(shell)),
        ),
    })),
  );
}
