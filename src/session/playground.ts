// The headless playground: a world, and lines typed at the workstation's shell.

import { SIGKILL } from '#abi/signal.ts';
import type { Kgid, Kuid, Location, Task } from '#kernel/state.ts';
import type { RuntimeSpec } from '#runtime/oci.ts';
import type { Language } from './explain/index.ts';
import type { Late } from './late.ts';
import type { Explanation, ScenarioInput } from './protocol.ts';
import { createShell } from './shell.ts';
import { WORKSTATION } from './workstation.ts';
import { createWorld, type Web, type World } from './world.ts';

/** What one step printed. */
export interface StepResult {
  readonly run: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A command on a terminal, key by key. */
export interface KeyTerminal {
  press(key: string): void;
  resize(rows: number, cols: number): void;
  /** What has appeared, once nothing new has come for `quiet` nanoseconds. */
  shown(quiet: bigint): string;
  ended(): boolean;
}

const SECOND = 1_000_000_000n;
/** A step that is not over by then is ended: simulated time, and system calls. */
const PATIENCE = 24n * 3600n * SECOND;
const MAX_TRAPS = 30_000_000;
const SLICE = 20_000;
/** How often someone who waits for output looks. */
const LOOK = 10_000_000n;

/** A session without a page. State persists between steps; two playgrounds share nothing. */
export class Playground {
  readonly world: World;
  private readonly shell = createShell();
  private readonly late: Late;
  private cwd: Location | undefined;

  /** `web` answers the URLs that kubectl may be given; `late` has the code that may come later. */
  constructor(scenario: ScenarioInput, web: Web, late: Late) {
    this.late = late;
    this.world = createWorld(scenario, web, late);
  }

  get kernelRelease(): string {
    return this.world.kernelRelease;
  }

  /** Types a line at the workstation's shell, which takes `typing`, with `stdin` behind it, and waits for its end. */
  step(line: string, stdin = '', typing = SECOND): StepResult {
    this.pass(typing);
    const { machine } = this.world;
    let stdout = new Uint8Array(0);
    let stderr = new Uint8Array(0);
    let input: Uint8Array = new TextEncoder().encode(stdin);
    const join = (a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> => {
      const both = new Uint8Array(a.length + b.length);
      both.set(a);
      both.set(b, a.length);
      return both;
    };
    const source = machine.hostStream({
      read(count) {
        if (input.length === 0) return null;
        const part = input.subarray(0, count);
        input = input.subarray(count);
        return part;
      },
      write: () => undefined,
    });
    const out = machine.hostStream({ read: () => null, write: (data) => void (stdout = join(stdout, data)) });
    const err = machine.hostStream({ read: () => null, write: (data) => void (stderr = join(stderr, data)) });
    const host = (stream: number): { readonly kind: 'host'; readonly stream: number } => ({ kind: 'host', stream });
    const task = machine.spawn({
      ...this.user(),
      comm: 'bash',
      argv: ['bash', '-c', line],
      main: () => this.shell.run(line),
      fds: [host(source), host(out), host(err)],
    });
    let cwd: Location | undefined;
    const overrun = this.finish(task, () => {
      cwd = machine.state.tasks.get(task)?.cwd ?? cwd;
    });
    this.cwd = cwd ?? this.cwd;
    const status = machine.exitStatus(task);
    const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
    const note = overrun ? 'scplay: the command did not end and was stopped\n' : '';
    const exitCode = status?.kind === 'exited' ? status.code : status?.kind === 'signaled' ? 128 + status.signal : 1;
    return { run: line, stdout: decode(stdout), stderr: decode(stderr) + note, exitCode };
  }

  /** Runs a command on an 80×24 terminal and types lines into it, one whenever it waits for input; all it showed. */
  tty(command: string, lines: readonly string[]): { readonly output: string; readonly exitCode: number } {
    const { machine } = this.world;
    const { task, tty } = this.onTerminal(command);
    let output = '';
    const drain = (): void => {
      output += new TextDecoder().decode(machine.ttyOutput(tty));
    };
    this.settle(task, drain);
    for (const line of lines) {
      if (machine.exitStatus(task) !== undefined) break;
      machine.ttyInput(tty, new TextEncoder().encode(/^[\x00-\x1f]$/.test(line) ? line : `${line}\n`));
      this.settle(task, drain);
    }
    if (machine.exitStatus(task) === undefined) {
      machine.ttyInput(tty, new Uint8Array([4]));
      this.finish(task, drain);
    }
    drain();
    const status = machine.exitStatus(task);
    return { output, exitCode: status?.kind === 'exited' ? status.code : status?.kind === 'signaled' ? 128 + status.signal : 1 };
  }

  /** Runs a command on an 80×24 terminal for someone who types key by key and looks at what appears. */
  terminal(command: string): KeyTerminal {
    const { machine } = this.world;
    const { task, tty } = this.onTerminal(command);
    const decoder = new TextDecoder();
    return {
      press: (key) => machine.ttyInput(tty, new TextEncoder().encode(key)),
      resize: (rows, cols) => machine.ttyResize(tty, { rows, cols }),
      shown: (quiet) => {
        let all = '';
        for (let left = quiet; left > 0n; left -= LOOK) {
          this.pass(LOOK);
          const piece = decoder.decode(machine.ttyOutput(tty), { stream: true });
          all += piece;
          if (piece !== '') left = quiet;
        }
        return all;
      },
      ended: () => machine.exitStatus(task) !== undefined,
    };
  }

  private onTerminal(command: string): { readonly task: number; readonly tty: number } {
    this.pass(SECOND);
    const { machine } = this.world;
    const { tty, target } = machine.createTty({ rows: 24, cols: 80 });
    const task = machine.spawn({
      ...this.user(),
      comm: 'bash',
      argv: ['bash', '-c', command],
      main: () => this.shell.run(command),
      fds: [target, target, target],
      tty,
    });
    return { task, tty };
  }

  /** OCI configurations of the containers and sandboxes that exist, by pod and container; a sandbox is called "(sandbox)". */
  ociConfigs(): readonly { readonly pod: string; readonly container: string; readonly config: RuntimeSpec }[] {
    const { runtime } = this.world;
    const pods = new Map(runtime.ListPodSandbox().map((sandbox) => [sandbox.id, sandbox.config.value.metadata.name]));
    const containers = runtime.ListContainers().map(({ sandbox, config, spec }) => ({
      pod: pods.get(sandbox) ?? '',
      container: config.value.metadata.name,
      config: spec.value,
    }));
    const sandboxes = runtime.ListPodSandbox().map(({ config, spec }) => ({
      pod: config.value.metadata.name,
      container: '(sandbox)',
      config: spec.value,
    }));
    return [...containers, ...sandboxes];
  }

  /** The newest refusal, explained; undefined when nothing was refused. */
  explainLastDenial(language: Language = 'en'): Explanation | undefined {
    return this.late.cluster?.explainNewest(this.world, undefined, language) ?? undefined;
  }

  /** Lets simulated time pass. */
  pass(ns: bigint): void {
    const { machine } = this.world;
    this.world.reap();
    const end = machine.state.monotonic + ns;
    for (let traps = 0; traps < MAX_TRAPS; ) {
      const result = machine.run(SLICE);
      traps += result.traps;
      if (result.status === 'busy') continue;
      if (result.nextDeadline === null || result.nextDeadline > end) break;
      machine.advanceTo(result.nextDeadline);
    }
    if (machine.state.monotonic < end) machine.advanceTo(end);
  }

  /** Who a command of the workstation runs as, and where. */
  private user(): Pick<Parameters<World['machine']['spawn']>[0], 'cred' | 'namespaces' | 'root' | 'cwd' | 'env' | 'parent'> {
    return userOf(this.world, this.cwd);
  }

  /** Runs until a task has ended; true: it had to be killed. */
  private finish(task: number, observe: () => void): boolean {
    const { machine } = this.world;
    const end = machine.state.monotonic + PATIENCE;
    for (let traps = 0; traps < MAX_TRAPS; ) {
      const result = machine.run(SLICE);
      traps += result.traps;
      observe();
      if (machine.exitStatus(task) !== undefined) return false;
      if (result.status === 'busy') continue;
      if (result.nextDeadline === null || result.nextDeadline > end) break;
      machine.advanceTo(result.nextDeadline);
    }
    machine.signal(task, SIGKILL);
    machine.run(SLICE);
    return true;
  }

  /** Runs until the task has ended or everything waits for input or for more than a second. */
  private settle(task: number, observe: () => void): void {
    const { machine } = this.world;
    const end = machine.state.monotonic + 3n * SECOND;
    for (let traps = 0; traps < MAX_TRAPS; ) {
      const result = machine.run(SLICE);
      traps += result.traps;
      observe();
      if (machine.exitStatus(task) !== undefined) return;
      if (result.status === 'busy') continue;
      if (result.nextDeadline === null || result.nextDeadline > end) return;
      machine.advanceTo(result.nextDeadline);
    }
  }
}

/** Credentials, namespaces and directory of the workstation's user. */
export function userOf(
  world: World,
  cwd: Location | undefined,
): Pick<Parameters<World['machine']['spawn']>[0], 'cred' | 'namespaces' | 'root' | 'cwd' | 'env' | 'parent'> {
  const init = world.machine.state.tasks.get(world.workstation.id) as Task;
  const uid = WORKSTATION.uid as Kuid;
  const gid = WORKSTATION.uid as Kgid;
  const none = 0n;
  return {
    cred: {
      ruid: uid,
      euid: uid,
      suid: uid,
      fsuid: uid,
      rgid: gid,
      egid: gid,
      sgid: gid,
      fsgid: gid,
      groups: [gid],
      permitted: none,
      effective: none,
      inheritable: none,
    },
    namespaces: {
      pidNs: init.pidNs,
      mountNs: init.mountNs,
      utsNs: init.utsNs,
      ipcNs: init.ipcNs,
      netNs: init.netNs,
      cgroupNs: init.cgroupNs,
    },
    root: init.root,
    cwd: cwd ?? world.home,
    env: WORKSTATION.env,
    parent: init.id,
  };
}
