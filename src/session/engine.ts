// The engine as the page talks to it: requests in, events out, in slices. The host pumps it and tells it how time passes.

import type { Task } from '#kernel/state.ts';
import { bash, complete } from '#userland/shell/index.ts';
import type { Late } from './late.ts';
import { Playground, userOf } from './playground.ts';
import type { Diagnostic, Engine, Event, Fragment, Reply, Request } from './protocol.ts';
import { createShellProgram } from './shell.ts';
import { putFile, WORKSTATION } from './workstation.ts';
import { runToEnd, type Web, type World } from './world.ts';

/** Simulated time runs this much faster than the clock on the wall, so that a pod's 30 seconds of grace do not bore. */
const SPEED = 10n;
const MILLISECOND = 1_000_000n;
/** How far simulated time may lag behind while something computes without end. */
const MAX_LAG = 10_000n * MILLISECOND;

type ClusterCode = NonNullable<Late['cluster']>;

interface Terminal {
  readonly id: string;
  readonly tty: number;
  readonly shell: number;
  readonly decoder: TextDecoder;
  status: string;
}

/**
 * Starts an engine. `emit` receives its events; `web` is what the workstation's kubectl finds behind URLs; `late` has
 * the code that may come after the prompt; requests that need it are answered then.
 */
export function createEngine(emit: (event: Event) => void, web: Web, late: Late): Engine {
  let playground: Playground | undefined;
  let changed = false;
  let target = 0n; // simulated time as it ought to be
  let processes: readonly unknown[] = [];
  const terminals = new Map<string, Terminal>();
  const postponed: Request[] = [];
  const worldOf = (): World => {
    if (playground === undefined) throw new Error('a request came before "start"');
    return playground.world;
  };
  const reply = (id: number, answer: Reply): void => emit({ type: 'reply', id, reply: answer });

  function start(request: Extract<Request, { type: 'start' }>): void {
    playground = new Playground(request.scenario, web, late);
    playground.world.language = request.language;
    playground.world.edits.attended = true;
    playground.world.onChange(() => {
      changed = true;
    });
    reply(request.id, { type: 'started' });
  }

  function openTerminal(request: Extract<Request, { type: 'openTerminal' }>): void {
    const world = worldOf();
    const { rows, cols } = request;
    const { tty, target } = world.machine.createTty({ rows, cols });
    const shell = world.machine.spawn({
      ...userOf(world, undefined),
      comm: 'bash',
      argv: ['bash'],
      main: createShellProgram,
      fds: [target, target, target],
      tty,
    });
    terminals.set(request.terminal, { id: request.terminal, tty, shell, decoder: new TextDecoder(), status: '' });
  }

  /** Is the code that answers a request still on its way? */
  function waits(request: Request): boolean {
    if (postponed[0]?.type === 'start') return true;
    switch (request.type) {
      case 'start':
        return request.scenario.claims !== undefined && late.cluster === undefined;
      case 'live':
        // Live mode runs commands to their end at once, so their code must be there.
        return late.cluster === undefined || late.commands === undefined;
      case 'complete':
      case 'diagnose':
      case 'view':
      case 'explain':
        return late.cluster === undefined;
      default:
        return false;
    }
  }

  function handle(request: Request): void {
    if (waits(request)) postponed.push(request);
    else answer(request, late.cluster as ClusterCode);
  }

  function answer(request: Request, code: ClusterCode): void {
    switch (request.type) {
      case 'start':
        return start(request);
      case 'openTerminal':
        return openTerminal(request);
      case 'input': {
        const terminal = terminals.get(request.terminal);
        if (terminal) worldOf().machine.ttyInput(terminal.tty, new TextEncoder().encode(request.data));
        return;
      }
      case 'resize': {
        const terminal = terminals.get(request.terminal);
        if (terminal) worldOf().machine.ttyResize(terminal.tty, { rows: request.rows, cols: request.cols });
        return;
      }
      case 'complete':
        return reply(request.id, {
          type: 'completions',
          ...completions(worldOf(), code, terminals.get(request.terminal), request.line, request.cursor),
        });
      case 'writeFile':
        return writeFile(worldOf(), request.path, request.text);
      case 'diagnose':
        return reply(request.id, { type: 'diagnostics', diagnostics: worldOf().api.diagnose(request.text) as readonly Diagnostic[] });
      case 'live':
        return reply(request.id, { type: 'live', live: code.runLive(playground as Playground, request.text, request.watch) });
      case 'view':
        return reply(request.id, { type: 'view', view: code.clusterView(worldOf(), worldOf().language) });
      case 'edited':
        return worldOf().edits.answer(request.id, request.text);
      case 'language':
        worldOf().language = request.language;
        return;
      case 'explain':
        return reply(request.id, { type: 'explanation', explanation: code.explain(worldOf(), request.about, worldOf().language) });
    }
  }

  function drain(busy: boolean): void {
    const { machine } = worldOf();
    for (const terminal of terminals.values()) {
      const pieces = machine.ttyPieces(terminal.tty);
      if (pieces.length > 0) emit({ type: 'output', terminal: terminal.id, fragments: fragmentsOf(worldOf(), terminal, pieces) });
      const closed = machine.exitStatus(terminal.shell) !== undefined;
      const termios = machine.state.ttys.get(terminal.tty)?.termios;
      const echo = termios === undefined || termios.echo || !termios.icanon;
      const status = closed ? 'closed' : busy ? 'busy' : 'idle';
      if (terminal.status === `${status} ${echo}`) continue;
      terminal.status = `${status} ${echo}`;
      emit({ type: 'terminal', terminal: terminal.id, status, echo });
      if (closed) terminals.delete(terminal.id);
    }
    if (!busy) {
      // The inspector shows processes, which come and go without the API server.
      const now = [...machine.state.tasks.entries()].flatMap(([, task]) => (task.pids.length > 1 ? [task.id, task.comm, task.cred] : []));
      if (now.length !== processes.length || now.some((one, at) => one !== processes[at])) changed = true;
      processes = now;
    }
    const { begun, ended } = worldOf().edits.news();
    for (const edit of begun) emit({ type: 'edit', ...edit });
    for (const id of ended) emit({ type: 'editEnded', id });
    for (const bug of worldOf().bugs.splice(0)) emit({ type: 'bug', message: bug });
    if (changed) {
      changed = false;
      emit({ type: 'changed' });
    }
  }

  return {
    send: handle,
    pump(traps) {
      for (const request of postponed.splice(0)) handle(request);
      if (playground === undefined) return false;
      const { machine } = playground.world;
      const { status, nextDeadline } = machine.run(traps);
      const busy = status === 'busy';
      drain(busy);
      if (busy) return true;
      // From deadline to deadline, since programs that sleep in small steps would otherwise take one step per jump.
      const due = nextDeadline !== null && nextDeadline <= target;
      if (due) machine.advanceTo(nextDeadline);
      else if (machine.state.monotonic < target) machine.advanceTo(target);
      return due;
    },
    advance(ms) {
      if (playground === undefined) return;
      const { machine } = playground.world;
      playground.world.reap();
      const { monotonic } = machine.state;
      target = (target > monotonic ? target : monotonic) + BigInt(Math.round(ms)) * MILLISECOND * SPEED;
      if (target - monotonic > MAX_LAG) machine.advanceTo(target - MAX_LAG);
    },
  };
}

/** Pieces of output as text; one that a refused call led to carries its record, so that the page can offer an explanation. */
function fragmentsOf(world: World, terminal: Terminal, pieces: ReturnType<World['machine']['ttyPieces']>): readonly Fragment[] {
  return pieces.map(({ bytes, cause }) => {
    const text = terminal.decoder.decode(bytes, { stream: true });
    const explained = cause !== undefined && (world.cluster?.refusals.get(cause) ?? world.machine.record(cause)?.verdict) !== undefined;
    return explained ? { text, cause } : { text };
  });
}

function writeFile(world: World, path: string, text: string): void {
  const full = path.startsWith('/') ? path : `${WORKSTATION.home}/${path}`;
  const task = world.machine.spawn({
    ...userOf(world, undefined),
    comm: 'editor',
    main: function* () {
      yield* putFile(full, new TextEncoder().encode(text), 0o644, WORKSTATION.uid);
      return 0;
    },
  });
  runToEnd(world.machine, task);
}

/** The shell that waits for input in a terminal: its own, or one in a container that kubectl exec is connected to. */
function waitingShell(world: World, terminal: Terminal | undefined): Task | undefined {
  const { state } = world.machine;
  const own = terminal && state.tasks.get(terminal.shell);
  const foreground = terminal && state.ttys.get(terminal.tty)?.foreground;
  if (own === undefined || foreground === own.pgrp) return own;
  const waiting = [...state.tasks.entries()]
    .map(([, task]) => task)
    .filter((task) => task.wait !== null && task.tty !== null && task.tty !== terminal?.tty);
  return waiting.filter((task) => /^(sh|ash|dash|bash)$/.test(task.comm)).at(-1) ?? own;
}

/** The workstation's kubectl completes its own arguments; undefined: this is not its line, or a file name belongs there. */
function kubectlCompletions(
  world: World,
  code: ClusterCode,
  shell: Task,
  line: string,
  cursor: number,
): { readonly start: number; readonly candidates: readonly string[] } | undefined {
  const before = line.slice(0, cursor);
  const command = /(?:^|[;&|(]\s*)(?:kubectl|k)\s+([^;&|<>()'"]*)$/.exec(before)?.[1];
  if (command === undefined || shell.pidNs !== world.workstation.pidNs) return undefined;
  const words = command.split(/\s+/);
  const word = words.at(-1) as string;
  const found = code.completeKubectl(
    { resources: () => world.api.resources(), request: (request) => world.api.request(request) },
    words.slice(0, -1),
    word,
  );
  return found && { start: cursor - word.length, candidates: found.map((one) => (/[=/]$/.test(one) ? one : `${one} `)) };
}

function completions(
  world: World,
  code: ClusterCode,
  terminal: Terminal | undefined,
  line: string,
  cursor: number,
): { readonly start: number; readonly candidates: readonly string[] } {
  const shell = waitingShell(world, terminal);
  let result: { readonly start: number; readonly candidates: readonly string[] } = { start: cursor, candidates: [] };
  if (shell === undefined) return result;
  const task = world.machine.spawn({
    comm: 'complete',
    env: shell.envp,
    cred: shell.cred,
    root: shell.root,
    cwd: shell.cwd,
    namespaces: { userNs: shell.cred.userNs, pidNs: shell.pidNs, mountNs: shell.mountNs },
    parent: shell.id,
    main: function* () {
      result = kubectlCompletions(world, code, shell, line, cursor) ?? (yield* complete(line, cursor, bash));
      return 0;
    },
  });
  runToEnd(world.machine, task);
  return result;
}
