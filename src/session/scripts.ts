// Scripts run straight in a container, without kubectl between: what the differential test of the shells needs, thousands of
// times. Every script finds an empty /tmp/w and nothing that an earlier one left running.

import { SIGKILL } from '#abi/signal.ts';
import type { Task } from '#kernel/state.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import { openPlayground } from './open.ts';
import type { Playground } from './playground.ts';
import type { Web } from './world.ts';

/** What a script printed, and its status as a shell shows it. */
export interface ScriptResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const SECOND = 1_000_000_000n;
const SLICE = 50_000;
/** A script that is not over by then is ended. */
const MAX_TRAPS = 3_000_000;
const PATIENCE = 100n * SECOND;

/** One container in which scripts run one after the other as root. */
export class ScriptRunner {
  private readonly playground: Playground;
  private readonly init: Task;

  constructor(image: string, web: Web) {
    const pod = `{apiVersion: v1, kind: Pod, metadata: {name: scripts}, spec: {containers: [{name: c, image: "${image}", command: [sh, -c, "while :; do sleep infinity; done"]}]}}`; // a shell collects orphans
    this.playground = openPlayground({ files: { 'pod.yaml': pod } }, web);
    this.playground.step('kubectl apply -f pod.yaml');
    this.playground.step('sleep 5');
    const { tasks } = this.playground.world.machine.state;
    const init = [...tasks.entries()].map(([, task]) => task).find((task) => task.comm === 'sh' && task.pids[0] === 1);
    if (init === undefined) throw new Error(`no container of ${image}`);
    this.init = init;
  }

  /** Runs a program with these arguments in the empty directory /tmp/w, which holds `files`. */
  run(argv: readonly string[], env: readonly string[], stdin: string, files: Readonly<Record<string, string>> = {}): ScriptResult {
    const { machine, bugs } = this.playground.world;
    const collected: Uint8Array[][] = [[], []];
    const output = (at: number): { readonly kind: 'host'; readonly stream: number } => ({
      kind: 'host',
      stream: machine.hostStream({ read: () => null, write: (data) => void collected[at]?.push(data.slice()) }),
    });
    let rest: Uint8Array = new TextEncoder().encode(stdin);
    const input = machine.hostStream({
      read(count) {
        const part = rest.subarray(0, count);
        rest = rest.subarray(count);
        return part.length === 0 ? null : part;
      },
      write: () => undefined,
    });
    const { pidNs, mountNs, utsNs, ipcNs, netNs, cgroupNs } = this.init;
    const place = {
      namespaces: { pidNs, mountNs, utsNs, ipcNs, netNs, cgroupNs },
      root: this.init.root,
      cwd: this.init.root,
      parent: this.init.id,
    };
    const known = bugs.length;
    this.finish(machine.spawn({ ...place, comm: 'prepare', main: () => prepare(files) }));
    const id = machine.spawn({
      ...place,
      comm: 'start',
      fds: [{ kind: 'host', stream: input }, output(0), output(1)],
      *main() {
        yield* sys.chdir('/tmp/w');
        yield* sys.execve(argv[0] as string, [(argv[0] as string).replace(/.*\//, ''), ...argv.slice(1)], env);
        return 126;
      },
    });
    this.finish(id);
    const end = machine.exitStatus(id);
    const status = end?.kind === 'exited' ? end.code : end?.kind === 'signaled' ? 128 + end.signal : -1;
    const text = (at: number): string => new TextDecoder().decode(concat(collected[at] as Uint8Array[]));
    return { stdout: text(0), stderr: text(1) + bugs.slice(known).join('\n'), status };
  }

  private finish(task: number): void {
    const { machine } = this.playground.world;
    const end = machine.state.monotonic + PATIENCE;
    for (let traps = 0; traps < MAX_TRAPS; ) {
      const result = machine.run(SLICE);
      traps += result.traps;
      // Without its readers a real recording ends when the last writer of the pipes is gone.
      if (machine.exitStatus(task) !== undefined && result.status === 'idle') return;
      if (result.status === 'busy') continue;
      if (result.nextDeadline === null || result.nextDeadline > end) break;
      if (machine.exitStatus(task) !== undefined) return;
      machine.advanceTo(result.nextDeadline);
    }
    if (machine.exitStatus(task) === undefined) machine.signal(task, SIGKILL);
    machine.run(SLICE);
  }
}

const MNT_DETACH = 2;

/** Ends what is left of the script before and makes a new /tmp. */
function* prepare(files: Readonly<Record<string, string>>): Program<number> {
  yield* sys.kill(-1, SIGKILL);
  yield* sys.umount2('/tmp', MNT_DETACH);
  yield* sys.mount('tmpfs', '/tmp', 'tmpfs', 0, '');
  yield* sys.mkdirat(-100, '/tmp/w', 0o755);
  for (const [name, text] of Object.entries(files)) {
    const fd = yield* sys.openat(-100, `/tmp/w/${name}`, 0o101, 0o644);
    if (fd.ok) yield* sys.write(fd.value, new TextEncoder().encode(text));
    if (fd.ok) yield* sys.close(fd.value);
  }
  return 0;
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
