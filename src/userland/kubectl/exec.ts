// kubectl exec.

import type { Program } from '#kernel/uapi/index.ts';
import { loadManifests } from './manifests.ts';
import { chooseContainer, findPod } from './podTarget.ts';
import { type Call, errOut, fail, flagsOf, isSet, type Json } from './session.ts';
import { rawTerminal, restoreTerminal } from './terminal.ts';

/** Counterpart: kubectl/pkg/cmd/exec, v1.36 */
export function* exec(call: Call): Program<number> {
  const { args, dash } = call.parsed;
  const files = flagsOf(call, 'filename');
  if (args.length === 0 && files.length === 0) return yield* fail('pod, type/name or --filename must be specified');
  const own = files.length > 0 ? 0 : 1;
  if (dash < 0 && args.length > own) {
    yield* errOut(
      `error: exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\nSee 'kubectl exec -h' for help and examples\n`,
    );
    return 1;
  }
  const command = dash < 0 ? [] : args.slice(dash);
  if (dash === 0 && files.length === 0) return yield* fail('pod, type/name or --filename must be specified');
  if (command.length === 0) return yield* fail('you must specify at least one command for the container');
  let word = args[0] as string;
  if (files.length > 0) {
    const loaded = yield* loadManifests(call, files);
    if (loaded.errors[0] !== undefined) return yield* fail(loaded.errors[0]);
    const info = loaded.infos[0];
    if (!info) return yield* fail('no objects passed to exec');
    word = `${info.resource.plural}/${info.name}`;
  }
  const pod: Json | number = yield* findPod(call, word);
  if (typeof pod === 'number') return pod;
  if (['Succeeded', 'Failed'].includes(pod.status?.phase))
    return yield* fail(`cannot exec into a container in a completed pod; current phase is ${pod.status.phase}`);
  const container = yield* chooseContainer(call, pod);
  if (typeof container === 'number') return container;

  const interactive = isSet(call, 'stdin');
  const settings = yield* rawTerminal(isSet(call, 'tty'), interactive);
  const tty = settings !== undefined;
  const outcome = yield* call.port.exec({
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    container,
    command,
    tty,
    stdin: interactive ? 0 : null,
    stdout: 1,
    stderr: tty ? null : 2,
  });
  yield* restoreTerminal(settings);
  if ('error' in outcome) {
    yield* errOut(outcome.error.startsWith('Error from server') ? `${outcome.error}\n` : `error: ${outcome.error}\n`);
    return 1;
  }
  if (outcome.exitCode !== 0) yield* errOut(`command terminated with exit code ${outcome.exitCode}\n`);
  return outcome.exitCode;
}
