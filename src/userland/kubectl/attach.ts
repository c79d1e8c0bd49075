// kubectl attach, and what debug and run do after they made a container.

import type { Program } from '#kernel/uapi/index.ts';
import { chooseContainer, findPod } from './podTarget.ts';
import { type Call, errOut, fail, isSet, type Json, out, send } from './session.ts';
import { rawTerminal, restoreTerminal } from './terminal.ts';

const LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
const SECOND = 1_000_000_000n;

const specOf = (pod: Json, name: string): Json => LISTS.flatMap((list) => pod.spec[list] ?? []).find((c: Json) => c.name === name);
const isEphemeral = (pod: Json, name: string): boolean => (pod.spec.ephemeralContainers ?? []).some((c: Json) => c.name === name);

const statusOf = (pod: Json, name: string): Json =>
  ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses']
    .flatMap((list) => pod.status?.[list] ?? [])
    .find((s: Json) => s.name === name);

/** Counterpart: kubectl/pkg/cmd/attach, v1.36 */
export function* attach(call: Call): Program<number> {
  const [word, command] = call.parsed.args;
  if (word === undefined) return yield* fail('at least 1 argument is required for attach');
  if (command !== undefined && !(call.parsed.args.length === 2 && !word.includes('/')))
    return yield* fail(
      `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${call.parsed.args.length}: [${call.parsed.args.join(' ')}]`,
    );
  const pod: Json | number = yield* findPod(call, command === undefined ? word : `${word}/${command}`);
  if (typeof pod === 'number') return pod;
  const container = yield* chooseContainer(call, pod, 'cannot attach to the container: ');
  if (typeof container === 'number') return container;
  if (['Succeeded', 'Failed'].includes(pod.status?.phase))
    return yield* fail(`cannot attach a container in a completed pod; current phase is ${pod.status.phase}`);
  return yield* connect(call, pod, container);
}

function* connect(call: Call, pod: Json, container: string): Program<number> {
  const spec = specOf(pod, container);
  let wantTty = isSet(call, 'tty');
  if (wantTty && spec.tty !== true) {
    wantTty = false;
    yield* errOut(`error: Unable to use a TTY - container ${container} did not allocate one\n`);
  }
  const interactive = isSet(call, 'stdin');
  const quiet = isSet(call, 'quiet');
  if (!quiet)
    yield* errOut(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    );
  const settings = yield* rawTerminal(wantTty, interactive);
  const tty = settings !== undefined;
  const outcome = yield* call.port.attach({
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    container,
    tty,
    stdin: interactive ? 0 : null,
    stdout: 1,
    stderr: tty ? null : 2,
  });
  yield* restoreTerminal(settings);
  if ('error' in outcome) return yield* fail(outcome.error);
  if (interactive && tty && !quiet) yield* out(sessionEnded(pod, container));
  return 0;
}

/** Counterpart: AttachOptions.reattachMessage */
function sessionEnded(pod: Json, container: string): string {
  const { name, namespace } = pod.metadata;
  const again = `'kubectl attach ${name} -c ${container} -n ${namespace} -i -t'`;
  return isEphemeral(pod, container)
    ? `Session ended, the ephemeral container will not be restarted but may be reattached using ${again} if it is still running\n`
    : `Session ended, resume using ${again} command\n`;
}

const about = (call: Call, name: string) => ({ group: '', version: 'v1', resource: 'pods', namespace: call.namespace, name });

/** Waits until a container runs or has run, then attaches, or shows the log of one that has ended. Counterpart: handleAttachPod, kubectl/pkg/cmd/{debug,run} */
export function* attachTo(call: Call, name: string, container: string): Program<number> {
  const told = new Set<string>();
  for (;;) {
    const got = call.port.request({ verb: 'get', ...about(call, name) });
    if (got.code >= 400) return yield* fail(`pods "${name}" not found`);
    const pod = got.body as Json;
    const state = statusOf(pod, container)?.state ?? {};
    if (state.running) return yield* connect(call, pod, container);
    if (state.terminated || ['Succeeded', 'Failed'].includes(pod.status?.phase)) return yield* logOf(call, pod, container);
    const message: string | undefined = state.waiting?.message;
    if (message && !told.has(message)) yield* errOut(`Warning: container ${container}: ${message}\n`);
    if (message) told.add(message);
    yield* call.port.waitForChange(SECOND);
  }
}

function* logOf(call: Call, pod: Json, container: string): Program<number> {
  const log = yield* send(call, { verb: 'get', ...about(call, pod.metadata.name), subresource: 'log', query: { container } });
  if (log.ok) yield* out(String(log.body));
  return 0;
}
