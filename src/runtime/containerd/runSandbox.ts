// Making a pod's sandbox: its namespaces, its files and the pause process that holds them.
// Counterpart: containerd internal/cri/server/sandbox_run.go, podsandbox/sandbox_run_linux.go

import { MS_NODEV, MS_NOEXEC, MS_NOSUID } from '#abi/flags.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import { type Annotated, annotated } from '#provenance/origin.ts';
import type { CriResult, PodSandboxConfig } from '../cri.ts';
import { mkdirAll } from '../runc/paths.ts';
import { RUNC } from './errorTexts.ts';
import { mountRootfs, unmountRootfs, writeSandboxFiles } from './files.ts';
import { randomId, randomUuid } from './ids.ts';
import type { SandboxRecord } from './records.ts';
import { type Pinned, pinNamespaces, unpinNamespaces } from './sandboxNamespaces.ts';
import { sandboxOrigins } from './sandboxOrigins.ts';
import { sandboxSpec } from './sandboxSpec.ts';
import { optionText } from './selinux.ts';
import { launch, now } from './shims.ts';
import { idMappings, sandboxState, shmDirectory } from './spec.ts';
import { bad, good, labelsFor, leastOomScoreAdj, type Workshop } from './workshop.ts';

/** The runtime handlers of a default configuration. */
const HANDLERS: ReadonlySet<string> = new Set(['', 'runc']);

/** A running sandbox with this address on the pod network, or containerd's error. */
export function* runSandbox(
  workshop: Workshop,
  given: Annotated<PodSandboxConfig>,
  runtime_handler: string,
  ip: string,
): Program<CriResult<SandboxRecord>> {
  const { store, node, random, changes } = workshop;
  yield* store.setUp();
  const config = given.value;
  const id = randomId(random);
  if (!HANDLERS.has(runtime_handler))
    return bad(`unable to get OCI runtime for sandbox "${id}": no runtime for ${JSON.stringify(runtime_handler)} is configured`);
  const options = config.linux.security_context.namespace_options;
  const pinned: Pinned = {
    ...(options.network !== 'NODE' && { network: `/var/run/netns/cni-${randomUuid(random)}` }),
    ...(options.userns_options?.mode === 'POD' && { user: `${sandboxState(id)}/pinned-namespaces/user` }),
  };
  const asked = config.linux.security_context.selinux_options;
  const labels = labelsFor(workshop, asked, undefined);
  if (!labels.ok) {
    return bad(
      `failed to start sandbox "${id}": failed to generate sandbox container spec: failed to init selinux options ${optionText(asked)}: ${labels.message}`,
    );
  }
  const spec = sandboxSpec(id, config, store.pause, node, pinned, labels.value, yield* leastOomScoreAdj(workshop));
  if (!spec.ok) return bad(`failed to start sandbox "${id}": ${spec.message}`);
  yield* writeSandboxFiles(id, config);
  const shm = shmDirectory(id);
  yield* mkdirAll(shm);
  yield* sys.mount('shm', shm, 'tmpfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, 'mode=1777,size=65536k');
  const rootfs: string = yield* mountRootfs(store, id, store.pause, spec.value);
  yield* pinNamespaces(pinned, idMappings(config));
  const record: SandboxRecord = {
    id,
    ip: options.network === 'NODE' ? '' : ip,
    config: given,
    spec: annotated(spec.value, () => sandboxOrigins(given, spec.value)),
    rootfs,
    pinned,
    processLabel: labels.value?.process,
    createdAt: yield* now(),
    pid: null,
  };
  let failure: string | undefined;
  yield* launch(changes, id, spec.value, rootfs, {
    started: (pid) => {
      record.pid = pid;
    },
    failed: (text) => {
      failure = text;
    },
    exited: () => {
      record.pid = null;
    },
    log: () => undefined,
  });
  if (failure !== undefined) {
    yield* unmountRootfs(rootfs);
    yield* unpinNamespaces(pinned);
    return bad(`failed to start sandbox "${id}": ${RUNC}${failure}`);
  }
  return good(record);
}
