// Making a container: what its configuration depends on is looked up, then its root is mounted. Counterpart: containerd
// internal/cri/server/container_create.go

import type { Program } from '#kernel/uapi/index.ts';
import type { Annotated } from '#provenance/origin.ts';
import type { ContainerConfig, CriResult, Mount, PodSandboxConfig } from '../cri.ts';
import { accountMounts } from '../crio/accounts.ts';
import { readFile, secureJoin } from '../runc/paths.ts';
import { type ApparmorResult, apparmorFor } from './apparmor.ts';
import { createErrorText } from './errorTexts.ts';
import { imageVolumes, makeBindSources, mountRootfs } from './files.ts';
import { hostDevices } from './hostDevices.ts';
import { randomId } from './ids.ts';
import { withImageVolumes } from './imageVolumes.ts';
import type { ContainerRecord, SandboxRecord } from './records.ts';
import { type Relabelled, relabelMounts } from './relabel.ts';
import { type ProfileFile, readProfile } from './seccompProfile.ts';
import { now } from './shims.ts';
import { buildSpec, criMounts } from './spec.ts';
import { bad, good, labelsFor, leastOomScoreAdj, ownCapabilities, type Workshop } from './workshop.ts';

/** Where containerd keeps the named pipes of containers. */
export const IO_ROOT = '/run/containerd/io.containerd.grpc.v1.cri/containers';

/** A container that has not been started, or containerd's error. `targetPid`: of the container whose processes it is to see. */
export function* createContainer(
  workshop: Workshop,
  pod: SandboxRecord,
  sandboxPid: number,
  given: Annotated<ContainerConfig>,
  sandbox: PodSandboxConfig,
  targetPid: number | undefined,
): Program<CriResult<ContainerRecord>> {
  const { store, node, random, onHostRoot } = workshop;
  const crio = node.runtime === 'cri-o';
  const reference = given.value.image.user_specified_image || given.value.image.image;
  const image = store.find(reference);
  if (image === undefined) return bad(`failed to resolve image "${reference}": not found`);
  const config = yield* withImageVolumes(store, pod.id, given);
  if ('failure' in config) return bad(config.failure);
  if (onHostRoot && given.value.mounts.some(({ host_path }) => host_path === '/')) yield* onHostRoot();
  const id = randomId(random);
  const lower: string = yield* store.unpacked(image);
  const passwd: string = yield* readFile(yield* secureJoin(lower, '/etc/passwd'));
  const group: string = yield* readFile(yield* secureJoin(lower, '/etc/group'));
  const volumes: readonly Mount[] = yield* imageVolumes(id, image, lower);
  const apparmor: ApparmorResult = yield* apparmorFor(given.value.linux.security_context);
  if (!apparmor.ok) return bad(apparmor.message);
  const labels = labelsFor(workshop, given.value.linux.security_context.selinux_options, pod.processLabel);
  if (!labels.ok) return bad(`failed to generate container "${id}" spec: failed to generate spec opts: ${labels.message}`);
  const relabelled: Relabelled = yield* relabelMounts(criMounts({ config, sandbox, sandboxId: pod.id, volumes }), labels.value?.mount);
  const seccompFile: ProfileFile | undefined = yield* readProfile(given.value.linux.security_context.seccomp);
  const spec = buildSpec({
    ...(seccompFile !== undefined && { seccompFile }),
    ...(labels.value !== undefined && { labels: labels.value, relabelled }),
    config,
    sandbox,
    image,
    passwd,
    group,
    sandboxId: pod.id,
    containerId: id,
    ownCapabilities: yield* ownCapabilities(),
    leastOomScoreAdj: yield* leastOomScoreAdj(workshop),
    sandboxPid,
    volumes,
    ...(crio && { crio: true, accounts: yield* accountMounts(id, lower, image, config.value) }),
    ...(given.value.linux.security_context.privileged && { hostDevices: yield* hostDevices() }),
    ...(targetPid !== undefined && { targetPid }),
    ...(apparmor.value !== undefined && { apparmorProfile: apparmor.value }),
  });
  if (!spec.ok) return bad(createErrorText(spec.message, crio, random));
  yield* makeBindSources(spec.value.value);
  const rootfs: string = yield* mountRootfs(store, id, image, spec.value.value);
  return good({
    id,
    sandbox: pod.id,
    config,
    spec: spec.value,
    image,
    rootfs,
    createdAt: yield* now(),
    log: [],
    io: { stdin: config.value.stdin ? `${IO_ROOT}/${id}/io/${id}-stdin` : undefined, clients: new Set(), attached: 0 },
    state: 'CONTAINER_CREATED',
    startedAt: 0n,
    finishedAt: 0n,
    exitCode: 0,
    reason: '',
    message: '',
    pid: null,
  });
}
