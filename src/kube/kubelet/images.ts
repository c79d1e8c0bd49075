// Getting a container's image: pull policy, pulling, back-off, and the events on the way.

import type { Program } from '#kernel/uapi/index.ts';
import type { ImageStatus, RuntimeService } from '#runtime/cri.ts';
import type { Json } from './effective.ts';

export interface Backoff {
  duration: bigint;
  since: bigint;
  /** What made the last pull fail. */
  because?: string;
}

export type ImageAnswer =
  | { readonly ok: true; readonly image: ImageStatus }
  | { readonly ok: false; readonly reason: string; readonly message: string };

export type Emit = (type: 'Normal' | 'Warning', reason: string, message: string) => void;

const FIRST_BACKOFF = 10_000_000_000n;
const LONGEST_BACKOFF = 300_000_000_000n;

/** The next, doubled back-off. */
export const nextBackoff = (old: Backoff | undefined, now: bigint): Backoff => {
  const doubled = old ? old.duration * 2n : FIRST_BACKOFF;
  return { duration: doubled > LONGEST_BACKOFF ? LONGEST_BACKOFF : doubled, since: now };
};

/** What is wrong with an image reference, in the words of the reference parser; undefined if nothing. Counterpart: distribution/reference */
export function referenceProblem(image: string): string | undefined {
  const at = image.indexOf('@');
  const named = at < 0 ? image : image.slice(0, at);
  const match = /^((?:[A-Za-z0-9.-]+(?::\d+)?\/)?)([^:]+)(?::([\w][\w.-]{0,127}))?$/.exec(named);
  const repository = match?.[2] ?? named.replace(/:.*$/, '');
  if (/[A-Z]/.test(repository)) {
    const full = repository.includes('/') || match?.[1] ? repository : `library/${repository}`;
    return `couldn't parse image name "${image}": invalid reference format: repository name (${full}) must be lowercase`;
  }
  if (!match || !/^[a-z0-9]+(?:(?:\.|_|__|-+|\/)[a-z0-9]+)*$/.test(repository))
    return `couldn't parse image name "${image}": invalid reference format`;
  return undefined;
}

const seconds = (ns: bigint): string => {
  const ms = ns / 1_000_000n;
  return ms < 1000n ? `${ms}ms` : `${Number(ms) / 1000}s`;
};

/**
 * Makes sure the image is there. Backs off after a failed pull.
 * Counterpart: EnsureImageExists, pkg/kubelet/images/image_manager.go, Kubernetes 1.36
 */
export function* ensureImage(
  runtime: RuntimeService,
  container: Json,
  backoffs: Map<string, Backoff>,
  now: () => Program<bigint>,
  emit: Emit,
): Program<ImageAnswer> {
  const image: string = container.image;
  const problem = referenceProblem(image);
  if (problem !== undefined) {
    const message = `Failed to apply default image tag "${image}": ${problem}`;
    emit('Warning', 'InspectFailed', message);
    return { ok: false, reason: 'InvalidImageName', message };
  }
  const status = runtime.ImageStatus(image);
  if (!status.ok) {
    const message = `Failed to inspect image "${image}": rpc error: code = ${status.code} desc = ${status.message}`;
    emit('Warning', 'InspectFailed', message);
    return { ok: false, reason: 'ImageInspectError', message };
  }
  if (status.value && container.imagePullPolicy !== 'Always') {
    emit('Normal', 'Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`);
    return { ok: true, image: status.value };
  }
  if (container.imagePullPolicy === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    emit('Warning', 'ErrImageNeverPull', message);
    return { ok: false, reason: 'ErrImageNeverPull', message };
  }
  const begin = yield* now();
  const backoff = backoffs.get(image);
  if (backoff && begin < backoff.since + backoff.duration) {
    const message = `Back-off pulling image "${image}"`;
    emit('Normal', 'BackOff', message);
    return { ok: false, reason: 'ImagePullBackOff', message: `${message}: ${backoff.because}` };
  }
  emit('Normal', 'Pulling', `Pulling image "${image}"`);
  const pulled = yield* runtime.PullImage(image);
  const end = yield* now();
  if (!pulled.ok) {
    const message = `rpc error: code = ${pulled.code} desc = ${pulled.message}`;
    backoffs.set(image, { ...nextBackoff(backoff, end), because: `ErrImagePull: ${message}` });
    emit('Warning', 'Failed', `Failed to pull image "${image}": ${message}`);
    return { ok: false, reason: 'ErrImagePull', message };
  }
  backoffs.delete(image);
  const took = seconds(end - begin);
  emit(
    'Normal',
    'Pulled',
    `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${pulled.value.size} bytes.`,
  );
  return { ok: true, image: pulled.value };
}
