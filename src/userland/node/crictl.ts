// crictl, the client of the Container Runtime Interface. Counterpart: kubernetes-sigs/cri-tools v1.36, crictl(8)
//
// Deviates: only reading and exec; what changes pods behind the kubelet's back is not simulated and says so.

import { type Program, type ProgramMain, type SysResult, sys, type Termios } from '#kernel/uapi/index.ts';
import { errOut, out, writeAll } from '../lib/io.ts';
import { inspectContainer, inspectSandbox } from './inspect.ts';
import type { ContainerView, NodePort, SandboxView } from './port.ts';
import { byId, now, parseFlags, socketProblem } from './runtimeClient.ts';
import { columns, humanDuration, humanSize } from './text.ts';

const SHORT = 13;
const STATES = { CONTAINER_CREATED: 'Created', CONTAINER_RUNNING: 'Running', CONTAINER_EXITED: 'Exited' } as const;
const short = (id: string): string => id.replace(/^sha256:/, '').slice(0, SHORT);
const table = (rows: readonly (readonly string[])[]): string => columns(rows, 20, 3);

function* fatal(text: string): Program<number> {
  yield* errOut(`FATA[0000] ${text}\n`);
  return 1;
}

interface Call {
  readonly port: NodePort;
  readonly words: readonly string[];
  readonly flags: ReadonlyMap<string, string>;
}

function* ps({ port, words, flags }: Call): Program<number> {
  const all = flags.has('a') || flags.has('all');
  const state = flags.get('s') ?? flags.get('state');
  const name = flags.get('name');
  const pod = flags.get('p') ?? flags.get('pod');
  const list = [...port.containers()]
    .filter((one) => all || state !== undefined || one.state === 'CONTAINER_RUNNING')
    .filter((one) => state === undefined || STATES[one.state].toLowerCase() === state.toLowerCase())
    .filter((one) => name === undefined || new RegExp(name).test(one.name))
    .filter((one) => pod === undefined || one.sandbox?.id.startsWith(pod))
    .filter((one) => words[0] === undefined || one.id.startsWith(words[0]))
    .sort((a, b) => Number(b.createdAt - a.createdAt));
  if (flags.has('q') || flags.has('quiet')) {
    yield* out(list.map((one) => `${one.id}\n`).join(''));
    return 0;
  }
  const time = yield* now();
  const row = (one: ContainerView): string[] => [
    short(one.id),
    short(one.imageId),
    `${humanDuration(time - one.createdAt)} ago`,
    STATES[one.state],
    one.name,
    String(one.attempt),
    short(one.sandbox?.id ?? ''),
    one.sandbox?.name ?? 'unknown',
    one.sandbox?.namespace ?? 'unknown',
  ];
  yield* out(table([['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'], ...list.map(row)]));
  return 0;
}

function* pods({ port, flags }: Call): Program<number> {
  const name = flags.get('name');
  const namespace = flags.get('namespace');
  const list = [...port.sandboxes()]
    .filter((one) => name === undefined || new RegExp(name).test(one.name))
    .filter((one) => namespace === undefined || one.namespace === namespace)
    .sort((a, b) => Number(b.createdAt - a.createdAt));
  if (flags.has('q') || flags.has('quiet')) {
    yield* out(list.map((one) => `${one.id}\n`).join(''));
    return 0;
  }
  const time = yield* now();
  const row = (one: SandboxView): string[] => [
    short(one.id),
    `${humanDuration(time - one.createdAt)} ago`,
    one.pid === null ? 'NotReady' : 'Ready',
    one.name,
    one.namespace,
    String(one.attempt),
    '(default)',
  ];
  yield* out(table([['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'], ...list.map(row)]));
  return 0;
}

function* images({ port, flags }: Call): Program<number> {
  const list = port.images();
  if (flags.has('q') || flags.has('quiet')) {
    yield* out(list.map((one) => `${one.id}\n`).join(''));
    return 0;
  }
  const rows = list.flatMap((image) =>
    (image.repoTags.length > 0 ? image.repoTags : ['<none>:<none>']).map((tag) => {
      const colon = tag.lastIndexOf(':');
      return [tag.slice(0, colon), tag.slice(colon + 1), short(image.id), humanSize(image.size)];
    }),
  );
  yield* out(table([['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'], ...rows.sort((a, b) => (a.join() < b.join() ? -1 : 1))]));
  return 0;
}

function* inspect({ port, words }: Call): Program<number> {
  if (words.length === 0) return yield* fatal('ID cannot be empty');
  for (const id of words) {
    const found = byId(port.containers(), id);
    if (found === undefined)
      return yield* fatal(
        `getting the status of the container "${id}": rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`,
      );
    yield* out(`${JSON.stringify(inspectContainer(found), null, 2)}\n`);
  }
  return 0;
}

function* inspectp({ port, words }: Call): Program<number> {
  if (words.length === 0) return yield* fatal('ID cannot be empty');
  for (const id of words) {
    const found = byId(port.sandboxes(), id);
    if (found === undefined)
      return yield* fatal(
        `getting the status of pod sandbox "${id}": rpc error: code = NotFound desc = an error occurred when try to find sandbox: not found`,
      );
    yield* out(`${JSON.stringify(inspectSandbox(found), null, 2)}\n`);
  }
  return 0;
}

function* logs({ port, words, flags }: Call): Program<number> {
  const [id] = words;
  if (id === undefined) return yield* fatal('ID cannot be empty');
  const found = byId(port.containers(), id);
  if (found === undefined)
    return yield* fatal(`rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`);
  let entries = port.log(found.id);
  if (flags.has('tail')) entries = entries.slice(-Number(flags.get('tail')));
  for (const { stream, data } of entries) yield* writeAll(stream === 'stderr' ? 2 : 1, data);
  return 0;
}

function* exec({ port, words, flags }: Call): Program<number> {
  const [id, ...command] = words;
  if (id === undefined) return yield* fatal('ID cannot be empty');
  const found = byId(port.containers(), id);
  if (found === undefined)
    return yield* fatal(
      `execing command in container: rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`,
    );
  if (command.length === 0) return yield* fatal('execing command in container: rpc error: code = Unknown desc = exec command is empty');
  const wanted = flags.has('t') || flags.has('tty');
  const settings: SysResult<unknown> | undefined = wanted ? yield* sys.ioctl(0, { request: 'TCGETS' }) : undefined;
  const tty = settings?.ok === true;
  if (tty) {
    const raw = { ...(settings.value as Termios), icanon: false, echo: false, isig: false, icrnl: false, opost: false };
    yield* sys.ioctl(0, { request: 'TCSETS', termios: raw });
  }
  const outcome = yield* port.exec(found.id, command, tty, flags.has('i') || flags.has('interactive'));
  if (tty) yield* sys.ioctl(0, { request: 'TCSETS', termios: settings.value as Termios });
  if ('error' in outcome) return yield* fatal(`execing command in container: rpc error: code = Unknown desc = ${outcome.error}`);
  if (outcome.exitCode !== 0) return yield* fatal(`execing command in container: command terminated with exit code ${outcome.exitCode}`);
  return 0;
}

interface Sub {
  readonly run: (call: Call) => Program<number>;
  readonly withValue?: readonly string[];
  readonly without?: readonly string[];
  readonly stopAtWord?: boolean;
}

const SUBCOMMANDS: Readonly<Record<string, Sub>> = {
  ps: { run: ps, withValue: ['name', 'p', 'pod', 's', 'state'], without: ['a', 'all', 'q', 'quiet'] },
  pods: { run: pods, withValue: ['name', 'namespace'], without: ['q', 'quiet'] },
  images: { run: images, without: ['q', 'quiet'] },
  inspect: { run: inspect },
  inspectp: { run: inspectp },
  logs: { run: logs, withValue: ['tail'] },
  exec: { run: exec, without: ['i', 'interactive', 't', 'tty'], stopAtWord: true },
};
const ALIASES: Readonly<Record<string, string>> = { container: 'ps', img: 'images', image: 'images', i: 'images' };

/** Lists and looks into what the runtime runs. */
export const crictl = (port: NodePort): ProgramMain =>
  function* (argv) {
    const [typed, ...rest] = argv.slice(1);
    if (typed === undefined || typed === 'help' || typed === '--help') {
      yield* out(`crictl - client for CRI\n\nUsage: crictl COMMAND\n\nSimulated here: ${Object.keys(SUBCOMMANDS).join(', ')}\n`);
      return 0;
    }
    const sub = SUBCOMMANDS[ALIASES[typed] ?? typed];
    if (sub === undefined) {
      yield* errOut(`crictl: "${typed}" is not simulated here\n`);
      return 1;
    }
    const { flags, words, unknown } = parseFlags(rest, sub.withValue ?? [], sub.without ?? [], sub.stopAtWord);
    if (unknown !== undefined) {
      yield* errOut(`crictl: "${typed} ${unknown}" is not simulated here\n`);
      return 1;
    }
    const problem = yield* socketProblem(port);
    if (problem !== undefined)
      return yield* fatal(
        `validate service connection: validate CRI v1 runtime API for endpoint "unix://${port.socket}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: ${problem}"`,
      );
    return yield* sub.run({ port, words, flags });
  };
