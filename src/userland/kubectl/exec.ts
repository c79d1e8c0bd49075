// kubectl exec and attach.

import { type Program, type SysResult, sys, type Termios } from '#kernel/uapi/index.ts';
import { loadManifests } from './manifests.ts';
import { chooseContainer, findPod } from './podTarget.ts';
import { type Call, errOut, fail, flagOf, flagsOf, isSet, type Json } from './session.ts';

const NO_TTY = 'Unable to use a TTY - input is not a terminal or the right kind of file\n';

/** The terminal settings of standard input; undefined when it is none. */
function* terminal(): Program<Termios | undefined> {
  const settings: SysResult<unknown> = yield* sys.ioctl(0, { request: 'TCGETS' });
  return settings.ok ? (settings.value as Termios) : undefined;
}

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
  let tty = isSet(call, 'tty');
  const settings = tty ? yield* terminal() : undefined;
  if (tty && (settings === undefined || !interactive)) {
    if (interactive) yield* errOut(NO_TTY);
    tty = false;
  }
  // With a terminal, keys go to the far side unchanged; it has the line discipline then.
  if (tty && settings)
    yield* sys.ioctl(0, {
      request: 'TCSETS',
      termios: { ...settings, icanon: false, echo: false, isig: false, icrnl: false, opost: false },
    });
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
  if (tty && settings) yield* sys.ioctl(0, { request: 'TCSETS', termios: settings });
  if ('error' in outcome) {
    yield* errOut(outcome.error.startsWith('Error from server') ? `${outcome.error}\n` : `error: ${outcome.error}\n`);
    return 1;
  }
  if (outcome.exitCode !== 0) yield* errOut(`command terminated with exit code ${outcome.exitCode}\n`);
  return outcome.exitCode;
}

/** kubectl attach: the checks are real, the attaching itself is not simulated. Deviates: ends with a plain statement. */
export function* attach(call: Call): Program<number> {
  const word = call.parsed.args[0];
  if (word === undefined) return yield* fail('pod, type/name or --filename must be specified');
  const pod: Json | number = yield* findPod(call, word);
  if (typeof pod === 'number') return pod;
  const container = yield* chooseContainer(call, pod, 'cannot attach to the container: ');
  if (typeof container === 'number') return container;
  if (['Succeeded', 'Failed'].includes(pod.status?.phase))
    return yield* fail(`cannot attach a container in a completed pod; current phase is ${pod.status.phase}`);
  if (flagOf(call, 'quiet') === undefined)
    yield* errOut(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    );
  if (!pod.spec.nodeName) return yield* fail(`unable to upgrade connection: pod ${pod.metadata.name} does not have a host assigned`);
  return yield* fail('attaching to a container is not simulated here; use "kubectl exec" or "kubectl logs"');
}
