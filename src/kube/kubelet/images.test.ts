import { expect, test } from 'vitest';
import type { Program } from '#kernel/uapi/index.ts';
import type { RuntimeService } from '#runtime/cri.ts';
import { type Backoff, ensureImage } from './images.ts';

/** A runtime without images, whose registry has none either. */
const EMPTY = {
  ImageStatus: () => ({ ok: true, value: null }),
  *PullImage(): Program<{ ok: false; code: string; message: string }> {
    return { ok: false, code: 'NotFound', message: 'failed to resolve image: not found' };
  },
} as unknown as RuntimeService;

function run<T>(program: Program<T>): T {
  const step = program.next();
  if (!step.done) throw new Error('the program made a call');
  return step.value;
}

test('a pull that is held back says in the status what made the last one fail, and not in the event (node-k-more/imagepull-long)', () => {
  const backoffs = new Map<string, Backoff>();
  const events: string[] = [];
  let clock = 0n;
  const now = function* (): Program<bigint> {
    return clock;
  };
  const attempt = () =>
    run(
      ensureImage(EMPTY, { image: 'busybox:nosuch', imagePullPolicy: 'IfNotPresent' }, backoffs, now, (_, reason, message) =>
        events.push(`${reason}: ${message}`),
      ),
    );
  const failure = 'rpc error: code = NotFound desc = failed to resolve image: not found';
  expect(attempt()).toEqual({ ok: false, reason: 'ErrImagePull', message: failure });
  clock = 5_000_000_000n;
  expect(attempt()).toEqual({
    ok: false,
    reason: 'ImagePullBackOff',
    message: `Back-off pulling image "busybox:nosuch": ErrImagePull: ${failure}`,
  });
  expect(events).toEqual([
    'Pulling: Pulling image "busybox:nosuch"',
    `Failed: Failed to pull image "busybox:nosuch": ${failure}`,
    'BackOff: Back-off pulling image "busybox:nosuch"',
  ]);
});
