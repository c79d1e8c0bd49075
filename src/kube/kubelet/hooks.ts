// Commands the kubelet runs in a container: postStart and preStop hooks, exec probes.

import { POLLIN } from '#abi/flags.ts';
import { SIGKILL } from '#abi/signal.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { RuntimeService } from '#runtime/cri.ts';
import type { Json } from './effective.ts';
import type { Live } from './live.ts';

/** How a command in a container ended; exitCode null: it did not end in time. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly output: string;
  /** Why it could not be run at all. */
  readonly error?: string;
}

const MOST_OUTPUT = 10 * 1024;

/** Runs a command in a container and reads what it prints, for at most `seconds`. */
export function* runInContainer(runtime: RuntimeService, id: string, command: readonly string[], seconds: number): Program<CommandResult> {
  const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
  if (!pipe.ok) return { exitCode: 1, output: pipe.errno };
  const [readEnd, writeEnd] = pipe.value;
  let failure = '';
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    main: function* exec(): Program<number> {
      yield* sys.close(readEnd);
      const ran = yield* runtime.Exec({
        container_id: id,
        cmd: command,
        tty: false,
        stdin: null,
        stdout: writeEnd,
        stderr: writeEnd,
      });
      if (!ran.ok) failure = `rpc error: code = ${ran.code} desc = ${ran.message}`;
      return ran.ok ? ran.value.exitCode : 1;
    },
  });
  yield* sys.close(writeEnd);
  let output = '';
  let late = false;
  const decoder = new TextDecoder();
  const begin: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
  for (;;) {
    const now: SysResult<bigint> = yield* sys.clock_gettime('CLOCK_MONOTONIC');
    const left = seconds * 1000 - Number(((now.ok ? now.value : 0n) - (begin.ok ? begin.value : 0n)) / 1_000_000n);
    const ready = yield* sys.poll([{ fd: readEnd, events: POLLIN }], Math.max(0, left));
    // A look that found nothing has waited until there was no time left.
    if (left <= 0 || !ready.ok || ready.value.length === 0) {
      late = true;
      break;
    }
    const data: SysResult<Uint8Array> = yield* sys.read(readEnd, 4096);
    if (!data.ok || data.value.length === 0) break;
    if (output.length < MOST_OUTPUT) output += decoder.decode(data.value, { stream: true });
  }
  yield* sys.close(readEnd);
  if (!child.ok) return { exitCode: 1, output: child.errno };
  if (late) yield* sys.kill(child.value, SIGKILL);
  const reaped = yield* sys.wait4(child.value, 0);
  if (late) return { exitCode: null, output };
  const code = reaped.ok && reaped.value.status?.kind === 'exited' ? reaped.value.status.code : 137;
  return failure === '' ? { exitCode: code, output } : { exitCode: code, output, error: failure };
}

/** Runs a lifecycle handler; true: it failed. */
function* handler(runtime: RuntimeService, record: Live, hook: Json, seconds: number): Program<boolean> {
  if (!hook || !record.current) return false;
  if (hook.sleep) {
    yield* sys.nanosleep(BigInt(hook.sleep.seconds) * 1_000_000_000n);
    return false;
  }
  if (hook.exec) return (yield* runInContainer(runtime, record.current.id, hook.exec.command ?? [], seconds)).exitCode !== 0;
  // Nothing listens on a port in this world: a hook that connects to one fails, as it would with nobody there.
  return true;
}

const NO_LIMIT = 86_400;

/** The postStart hook; a text: it failed. Counterpart: handlerRunner.Run, pkg/kubelet/lifecycle/handlers.go, Kubernetes 1.36 */
export function* postStart(runtime: RuntimeService, record: Live): Program<'failed' | undefined> {
  return (yield* handler(runtime, record, record.spec.lifecycle?.postStart, NO_LIMIT)) ? 'failed' : undefined;
}

/** The preStop hook, within the grace period; true: it failed. Counterpart: executePreStopHook, kuberuntime_container.go */
export function* preStop(runtime: RuntimeService, record: Live, grace: number): Program<boolean> {
  return yield* handler(runtime, record, record.spec.lifecycle?.preStop, Math.max(grace, 1));
}
