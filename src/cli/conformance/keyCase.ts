// Recordings of keys typed at real shells (e2e/real/tty/keys.json): the same keys at the shell of a container.

import type { Playground, ScenarioInput } from '#session/index.ts';
import type { Compared } from './kernelCase.ts';

export interface KeyCase {
  readonly name: string;
  readonly image: 'busybox' | 'debian';
  readonly argv: readonly string[];
  readonly keys: readonly string[];
  readonly shown: readonly string[];
}

// The recorder's Debian root is the one the oracle has for node-hello, a Debian image.
const IMAGES = { busybox: 'busybox:1.35', debian: 'gcr.io/google-samples/node-hello:1.0' } as const;
const MILLISECOND = 1_000_000n;
/** How long the recorder waited for more, by key; see record.py. */
const START = 1000n * MILLISECOND;
const PLAIN = 150n * MILLISECOND;
const OTHER = 500n * MILLISECOND;

/** A session with the pod in whose container the keys are typed. */
export const keyScenario = ({ image }: KeyCase): ScenarioInput => ({
  files: {
    'pod.yaml': JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { enableServiceLinks: false, containers: [{ name: 'c', image: IMAGES[image], command: ['sleep', 'infinity'] }] },
    }),
  },
});

/** The number of a job's process differs from run to run (README of the recordings). */
const mask = (text: string): string => text.replace(/^(\[\d+\] )\d+\r$/gm, '$1PID\r');

/** Types the keys; one comparison of everything, a line for each key. */
export function replayKeyCase(test: KeyCase, playground: Playground): readonly Compared[] {
  playground.step('kubectl apply -f pod.yaml');
  playground.step('sleep 5');
  const terminal = playground.terminal(`kubectl exec -it p -- ${test.argv.join(' ')}`);
  const shown = [terminal.shown(START)];
  for (const key of test.keys) {
    if (terminal.ended()) break;
    const size = /^SIZE (\d+)x(\d+)$/.exec(key);
    if (size) terminal.resize(Number(size[1]), Number(size[2]));
    else terminal.press(key);
    shown.push(terminal.shown(/^[^\x00-\x1f\x7f]$/.test(key) ? PLAIN : OTHER));
  }
  const text = (all: readonly string[]): string =>
    all.map((one, index) => `${index === 0 ? 'start' : JSON.stringify(test.keys[index - 1])} ${JSON.stringify(mask(one))}\n`).join('');
  // The recorder has a shell, not kubectl exec, which tells of the end.
  const last = shown.length - 1;
  shown[last] = (shown[last] as string).replace(/command terminated with exit code \d+\r\n$/, '');
  return [{ what: 'keys', expected: text(test.shown), actual: text(shown) }];
}
