// `why` and `explain`, the playground's own commands: what the engine recorded, as text in a terminal.

import { CAPABILITIES, isCapability } from '#abi/capability.ts';
import { fromKgid, fromKuid } from '#kernel/cred/ids.ts';
import type { Task } from '#kernel/state.ts';
import type { ProgramMain } from '#kernel/uapi/index.ts';
import { CLUSTER_RULES, RULES, type RuleId, type RuleLayer, ruleOf } from '#provenance/rules.ts';
import { errOut, out } from '#userland/lib/io.ts';
import {
  CREDENTIAL_FIELDS,
  explainCredential,
  explainDenial,
  explainMount,
  explainNewest,
  type Language,
  lastDenial,
  newestRefusal,
  ruleText,
} from './explain/index.ts';
import type { Explanation } from './protocol.ts';
import type { World } from './world.ts';

const USAGE = `Usage: why [-p POD [-c CONTAINER]] [WHAT]

Without WHAT: what was refused last, by the kernel or on the way to it, check by check. WHAT is
  a credential  ${CREDENTIAL_FIELDS.join(' ')}
  a value       1000, 2000: the ids that have it
  a capability  CAP_NET_RAW or NET_RAW
  a mount       /data: a path that config.json mounts
  a Pod         pod/NAME: what was refused last about it
of the calling process, or of the first process of the named container.
This command belongs to the playground; a real node does not have it.
`;

/** Title, the answer in a sentence, then one numbered cause a paragraph. */
export function explanationText({ title, answer, causes }: Explanation): string {
  const lines = causes.map((cause, at) => {
    const source = cause.citation === undefined ? '' : ` [${cause.citation}]`;
    return `${String(at + 1).padStart(3)}. ${cause.title}${source}\n     ${cause.detail}\n`;
  });
  return `${title}\n${answer === '' ? '' : `${answer}\n`}${lines.join('')}`;
}

interface Query {
  readonly pod: string | undefined;
  readonly container: string | undefined;
  readonly what: string | undefined;
}

function parse(argv: readonly string[]): Query | string {
  let pod: string | undefined;
  let container: string | undefined;
  let what: string | undefined;
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '-p') pod = argv[++at];
    else if (arg === '-c') container = argv[++at];
    else if (arg.startsWith('-') || what !== undefined) return arg;
    else what = arg;
  }
  return { pod, container, what };
}

/** First processes of containers: of the named one, or of every one. */
function firstProcesses(world: World, pod: string | undefined, container: string | undefined): readonly Task[] {
  return world.api.list('Pod').flatMap((one) => {
    if (pod !== undefined && one.metadata.name !== pod) return [];
    const statuses = (one.status as { containerStatuses?: { name: string; containerID?: string }[] } | undefined)?.containerStatuses ?? [];
    return statuses.flatMap(({ name, containerID }) => {
      if (containerID === undefined || (container !== undefined && name !== container)) return [];
      const status = world.runtime.ContainerStatus(containerID.replace(/^[^/]*\/\//, ''));
      const task = status.ok && status.value.taskId !== null ? world.machine.state.tasks.get(status.value.taskId) : undefined;
      return task === undefined ? [] : [task];
    });
  });
}

/** The fields of a process that hold a number. */
function fieldsWith(world: World, task: Task, id: number): readonly (readonly [field: string, value?: string])[] {
  const { state } = world.machine;
  const { cred } = task;
  const found: (readonly [string, string?])[] = [];
  for (const field of ['ruid', 'euid', 'suid', 'fsuid'] as const) if (fromKuid(state, cred.userNs, cred[field]) === id) found.push([field]);
  for (const field of ['rgid', 'egid', 'sgid', 'fsgid'] as const) if (fromKgid(state, cred.userNs, cred[field]) === id) found.push([field]);
  if (cred.groups.some((gid) => fromKgid(state, cred.userNs, gid) === id)) found.push(['groups', String(id)]);
  // Four equal ids have one reason.
  const uids = found.filter(([field]) => field.endsWith('uid'));
  const gids = found.filter(([field]) => field.endsWith('gid'));
  return [
    ...(uids.length === 4 ? [['uid'] as const] : uids),
    ...(gids.length === 4 ? [['gid'] as const] : gids),
    ...found.filter(([field]) => field === 'groups'),
  ];
}

/** Which questions a word stands for. */
function questions(world: World, task: Task, what: string): readonly (readonly [field: string, value?: string])[] {
  const field = CREDENTIAL_FIELDS.find((one) => one.toLowerCase() === what.toLowerCase());
  if (field !== undefined) return [[field]];
  if (/^\d+$/.test(what)) return fieldsWith(world, task, Number(what));
  const upper = what.toUpperCase();
  const name = isCapability(upper) ? upper : CAPABILITIES.find((one) => one === `CAP_${upper}`);
  return name === undefined ? [] : [['CapEff', name]];
}

/** What `why` must know of the last run of kubectl. */
export interface LastRun {
  refusedBefore: number; // id of the newest refusal when it began
}

/** kubectl, noting when it begins, so that `why` does not give the refusal of an earlier command for that of the last one. */
export const notedKubectl = (world: () => World, last: LastRun, kubectl: ProgramMain): ProgramMain =>
  function* (argv, env) {
    last.refusedBefore = newestRefusal(world());
    return yield* kubectl(argv, env);
  };

const EARLIER = {
  en: 'The last kubectl command was refused nothing, neither by the cluster nor by the kernel. What was refused before it:\n',
  ja: '最後の kubectl コマンドは、クラスターにもカーネルにも何も拒否されていない。それより前に拒否されたもの:\n',
} as const;

/** The program `why`. `world` is asked for when it runs. */
export const whyProgram = (world: () => World, last: LastRun, language: () => Language): ProgramMain =>
  function* (argv) {
    const query = parse(argv);
    if (typeof query === 'string' || query.what === 'help') {
      yield* (typeof query === 'string' ? errOut : out)(USAGE);
      return typeof query === 'string' ? 2 : 0;
    }
    const w = world();
    const caller = w.machine.task(w.machine.current) as Task;
    const onWorkstation = caller.mountNs === w.workstation.mountNs;
    const tasks = query.pod === undefined && !onWorkstation ? [caller] : firstProcesses(w, query.pod, query.container);
    if (query.what === undefined || query.what.startsWith('pod/')) {
      const pod = query.what?.slice('pod/'.length) ?? query.pod;
      const record = onWorkstation ? undefined : lastDenial(w, (one) => one.caller.mountNs === caller.mountNs);
      const found = record ? explainDenial(w, record, language()) : onWorkstation ? explainNewest(w, pod, language()) : null;
      const about = pod === undefined ? '' : ` of pod ${pod}`;
      const earlier = found !== null && onWorkstation && pod === undefined && newestRefusal(w) <= last.refusedBefore;
      yield* found === null
        ? errOut(`why: nothing${about} was refused yet\n`)
        : out(`${earlier ? EARLIER[language()] : ''}${explanationText(found)}`);
      return found === null ? 1 : 0;
    }
    const task = tasks.at(-1);
    if (task === undefined) {
      yield* errOut('why: no such container is running\n');
      return 1;
    }
    const { what } = query;
    const answers = what.startsWith('/')
      ? [explainMount(w, task, what, language()) ?? []].flat()
      : questions(w, task, what).flatMap(([field, value]) => explainCredential(w, task.id, field, value, language()) ?? []);
    yield* answers.length === 0
      ? errOut(`why: nothing known about "${what}" in ${task.comm}[${task.pids[0]}]; see "why help"\n`)
      : out(answers.map(explanationText).join('\n'));
    return answers.length === 0 ? 1 : 0;
  };

/** The program `explain`: the pages of the catalogue of rules. */
export const explainProgram = (language: () => Language): ProgramMain =>
  function* (argv) {
    const [, word] = argv;
    const ids: RuleId[] = [
      ...(Object.keys({ ...CLUSTER_RULES, ...RULES }) as RuleId[]),
      ...CAPABILITIES.map((name): RuleId => `cap.${name.slice('CAP_'.length)}`),
    ];
    const page = (id: RuleId): string => {
      const { title, citation } = ruleText(id, language());
      return `${id}  (${ruleOf(id).layer})\n    ${title}\n    ${citation}\n`;
    };
    if (word === undefined) {
      const layers = [...new Set(ids.map((id) => ruleOf(id).layer))];
      const count = (layer: RuleLayer): number => ids.filter((id) => ruleOf(id).layer === layer).length;
      yield* out(`Usage: explain RULE|LAYER|WORD\n\nLayers of rules:\n${layers.map((layer) => `  ${layer} (${count(layer)})\n`).join('')}`);
      return 0;
    }
    const lower = argv.slice(1).join(' ').toLowerCase();
    const exact = ids.filter((id) => id.toLowerCase() === lower || ruleOf(id).layer.toLowerCase() === lower);
    const found = exact.length > 0 ? exact : ids.filter((id) => id.toLowerCase().includes(lower.replace(/^cap_/, 'cap.')));
    yield* found.length === 0 ? errOut(`explain: no rule has "${lower}" in its name\n`) : out(found.map(page).join('\n'));
    return found.length === 0 ? 1 : 0;
  };
