// Recordings of a real cluster: files, setup and kubectl commands that ran one after the other.

import type { Playground, ScenarioInput } from '#session/index.ts';
import type { Compared } from './kernelCase.ts';
import { maskCluster } from './masks.ts';

export interface ClusterCase {
  readonly id: string;
  readonly files?: Readonly<Record<string, string>>;
  /** What the recorder waited for before it went on. */
  readonly states?: Readonly<Record<string, string>>;
  readonly setup?: readonly (string | { readonly run: string })[];
  readonly commands: readonly {
    readonly run: string;
    readonly stdout: string;
    readonly stderr: string;
    readonly exitCode: number | null;
    readonly tty?: readonly string[];
  }[];
}

const PAUSE = 2_500_000_000n;

/** Recordings that ran without a scheduler, as their README says. */
const WITHOUT_SCHEDULER = ['api-manifests', 'api-psa'];

export const clusterScenario = (group: string, test: ClusterCase): ScenarioInput => ({
  files: test.files ?? {},
  ...(WITHOUT_SCHEDULER.includes(group) ? { node: { scheduler: false } } : {}),
});

const show = (stdout: string, stderr: string, exitCode: number | null): string => `${stdout}── stderr\n${stderr}── status ${exitCode}\n`;

/** Replays a case on a fresh playground; commands that timed out when recorded are not compared. `observe` is called before each. */
export function replayClusterCase(test: ClusterCase, playground: Playground, observe: () => void = () => undefined): readonly Compared[] {
  for (const entry of test.setup ?? []) playground.step(typeof entry === 'string' ? entry : entry.run);
  return test.commands.flatMap((command) => {
    if (command.exitCode === null) return [];
    // The recorder took its time between commands, but for the ones that caught a pod while it was starting.
    if (test.states && !command.stdout.includes('ContainerCreating')) playground.pass(PAUSE);
    observe();
    if (command.tty !== undefined) {
      const got = playground.tty(command.run, command.tty);
      return [{ what: command.run, expected: maskCluster(command.stdout), actual: maskCluster(got.output) }];
    }
    const got = playground.step(command.run);
    return [
      {
        what: command.run,
        expected: maskCluster(show(command.stdout, command.stderr, command.exitCode)),
        actual: maskCluster(show(got.stdout, got.stderr, got.exitCode)),
      },
    ];
  });
}
