// Running a program beside a container's first process. Counterpart: containerd internal/cri/server/container_execsync.go

import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { CriResult, ExecRequest } from '../cri.ts';
import type { OciProcess } from '../oci.ts';
import { Failure } from '../runc/failure.ts';
import { randomId } from './ids.ts';
import type { ContainerRecord } from './records.ts';
import { execShim, waitFor } from './shims.ts';
import { bad, good, type Workshop } from './workshop.ts';

/** Runs the program with the container's own process configuration; how it ended, or containerd's error. */
export function* execIn(
  workshop: Workshop,
  record: ContainerRecord,
  initPid: number,
  request: ExecRequest,
): Program<CriResult<{ readonly exitCode: number }>> {
  const { process: base, linux } = record.spec.value;
  const { terminal: _terminal, ...rest } = base;
  const env = request.tty ? [...(base.env ?? []).filter((entry) => !entry.startsWith('TERM=')), 'TERM=xterm'] : base.env;
  const process: OciProcess = { ...rest, args: request.cmd, ...(env && { env }), ...(request.tty && { terminal: true }) };
  let outcome: number | Failure = new Failure('unable to start container process');
  const shim: SysResult<number> = yield* sys.clone({
    flags: 0,
    ...(linux.cgroupsPath !== undefined && { cgroup: linux.cgroupsPath }),
    *main() {
      outcome = yield* execShim(initPid, process, linux, request);
      return 0;
    },
  });
  if (!shim.ok) return bad('failed to exec in container: no task for a shim');
  yield* waitFor(shim.value, request.tty);
  const ended = outcome as number | Failure;
  if (typeof ended === 'number') return good({ exitCode: ended });
  return bad(
    `failed to exec in container: failed to start exec "${randomId(workshop.random)}": OCI runtime exec failed: exec failed: ${ended.text}`,
  );
}
