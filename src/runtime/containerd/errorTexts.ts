// What the runtime's calls fail with, around the text of the step that failed.

import { STOPPED_PROCESS } from '../runc/container.ts';

export const RUNC = 'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ';

/** Why a container cannot be created. Counterpart: containerd internal/cri/server/container_create.go; CRI-O adds nothing */
export function createErrorText(message: string, crio: boolean, random: () => number): string {
  if (crio) return message;
  if (message === 'no users found')
    return `failed to create containerd container: mount callback failed on /var/lib/containerd/tmpmounts/containerd-mount${random()}: ${message}`;
  return message.includes('seccomp profile') ? `failed to create containerd container: ${message}` : message;
}

/** Why a container did not start. Deviates: a CRI-O node has crun, whose own words differ from runc's. */
export function startErrorText(id: string, failure: string, crio: boolean): string {
  if (crio) return `container create failed: ${failure}`;
  return failure === STOPPED_PROCESS ? `failed to start containerd task "${id}": ${failure}` : `${RUNC}${failure}`;
}
