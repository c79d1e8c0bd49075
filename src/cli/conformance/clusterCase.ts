// Recordings of a real cluster: files, setup and kubectl commands that ran one after the other.

import type { Playground, ScenarioInput } from '#session/index.ts';
import type { Compared } from './kernelCase.ts';
import { maskCluster } from './masks.ts';
import type { NodeImages } from './nodeImages.ts';

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

const SECOND = 1_000_000_000n;
const PAUSE = (5n * SECOND) / 2n;
/** The recorder's commands followed each other this fast where it did not wait. */
const NEXT = SECOND / 5n;

/** The ages that a command's output shows, by the name of the pod. */
function agesIn({ run, stdout }: ClusterCase['commands'][number]): ReadonlyMap<string, number> {
  const ages = new Map<string, number>();
  const at = (name: string, age: string): void => {
    const [, minutes = '0', seconds = '0'] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(age) ?? [];
    ages.set(name, Number(minutes) * 60 + Number(seconds));
  };
  if (/^kubectl get (?:pods?|po)\b/.test(run))
    for (const [, name = '', age = ''] of stdout.matchAll(/^(\S+) +\d+\/\d+ +\S+ +\d+(?: \(\S+ ago\))? +(\w+)(?: |$)/gm)) at(name, age);
  if (/^kubectl (?:describe|get events)/.test(run))
    for (const [, age = '', name = ''] of stdout.matchAll(
      /^ *(?:Normal +Scheduled +)?(\w+) +(?:Normal +Scheduled +pod\/\S+|default-scheduler) +Successfully assigned \S+\/(\S+) to/gm,
    ))
      at(name, age);
  return ages;
}

/**
 * How long to wait before a command so that the pods are as old as they were when it was recorded: what a pod's events and
 * restarts look like depends on nothing else. Undefined: the recording does not say.
 */
function untilRecordedAge(command: ClusterCase['commands'][number], playground: Playground): bigint | undefined {
  const { api, machine } = playground.world;
  for (const [name, age] of agesIn(command)) {
    const created = api.get('Pod', 'default', name)?.metadata.creationTimestamp;
    if (!created) continue;
    // An age is cut to whole seconds; what was caught while it started was caught early.
    const fraction = command.stdout.includes('ContainerCreating') ? 0n : SECOND / 2n;
    const moment = BigInt(Date.parse(created)) * 1_000_000n + BigInt(age) * SECOND + fraction;
    return moment > machine.state.realtime + NEXT ? moment - machine.state.realtime - NEXT : 0n;
  }
  return undefined;
}

/** Recordings that ran without a scheduler, as their README says. */
const WITHOUT_SCHEDULER = ['api-manifests', 'api-psa'];

/** The profiles below the recording node's seccomp folder, as its README describes them. */
const SECCOMP_PROFILES = {
  'profiles/audit.json': { defaultAction: 'SCMP_ACT_LOG' },
  'profiles/violation.json': { defaultAction: 'SCMP_ACT_ERRNO' },
  'profiles/nochmod.json': {
    defaultAction: 'SCMP_ACT_ALLOW',
    syscalls: [{ names: ['chmod', 'fchmod', 'fchmodat', 'mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO' }],
  },
  'bad.json': '{not json',
};

/** The node as it was before a case of a group; `images` is what `imagesBefore` says of the case. */
export const clusterScenario = (group: string, test: ClusterCase, images?: NodeImages): ScenarioInput => ({
  files: test.files ?? {},
  ...(images === undefined ? {} : { images: images.images }),
  node: {
    seccompProfiles: SECCOMP_PROFILES,
    ...(images === undefined ? {} : { images: images.disk }),
    openFiles: 20000,
    withoutCapabilities: ['CAP_SYS_RESOURCE'],
    restrictOomScoreAdj: true,
    ...(WITHOUT_SCHEDULER.includes(group) ? { scheduler: false } : {}),
  },
});

const show = (stdout: string, stderr: string, exitCode: number | null): string => `${stdout}── stderr\n${stderr}── status ${exitCode}\n`;

/** Replays a case on a fresh playground; commands that timed out when recorded are not compared. `observe` is called before each. */
export function replayClusterCase(test: ClusterCase, playground: Playground, observe: () => void = () => undefined): readonly Compared[] {
  for (const entry of test.setup ?? []) playground.step(typeof entry === 'string' ? entry : entry.run);
  let paced = false;
  return test.commands.flatMap((command) => {
    if (command.exitCode === null) return [];
    const wait = untilRecordedAge(command, playground);
    // The recorder waited for the pod's state before it looked for the first time, but for those it caught while starting.
    const first = test.states !== undefined && !paced && !command.stdout.includes('ContainerCreating') ? PAUSE : 0n;
    playground.pass(wait === undefined || wait < first ? first : wait);
    paced ||= wait !== undefined && !command.stdout.includes('ContainerCreating');
    if (/^kubectl (apply|create|run|replace|debug)/.test(command.run)) paced = false;
    observe();
    if (command.tty !== undefined) {
      const got = playground.tty(command.run, command.tty);
      return [{ what: command.run, expected: maskCluster(command.stdout), actual: maskCluster(got.output) }];
    }
    const got = playground.step(command.run, '', paced || wait !== undefined ? NEXT : undefined);
    return [
      {
        what: command.run,
        expected: maskCluster(show(command.stdout, command.stderr, command.exitCode)),
        actual: maskCluster(show(got.stdout, got.stderr, got.exitCode)),
      },
    ];
  });
}
