import { expect, test } from 'vitest';
import { ApiServer } from './server.ts';

const SECOND = 1_000_000_000n;

function recorder() {
  let now = BigInt(Date.UTC(2026, 10, 23)) * 1_000_000n;
  const api = new ApiServer({ now: () => now, random: () => 1, nodeName: 'node-1' });
  return {
    say(reason: string, message: string, wait = 0n): void {
      now += wait;
      const involvedObject = { kind: 'Pod', namespace: 'default', name: 'x', uid: 'u' };
      api.recordEvent({ involvedObject, type: 'Warning', reason, message, component: 'kubelet' });
    },
    shown: () => api.list('Event', 'default').map((event) => `${event.reason} x${event.count} ${event.message}`),
  };
}

test('events of one instant are listed in their order, repeated ones once with a count', () => {
  const events = recorder();
  for (const message of ['c', 'a', 'b', 'a']) events.say('Failed', message);
  expect(events.shown()).toEqual(['Failed x1 c', 'Failed x2 a', 'Failed x1 b']);
});

// Recording node-b-fail/fail-probe: after 61 probes a second apart the event still says x25.
test('of one reason 25 events pass, then one in five minutes', () => {
  const events = recorder();
  events.say('Started', 'Container started');
  for (let i = 0; i < 60; i++) events.say('Unhealthy', 'Readiness probe failed', SECOND);
  expect(events.shown()).toEqual(['Started x1 Container started', 'Unhealthy x25 Readiness probe failed']);
  events.say('Unhealthy', 'Readiness probe failed', 300n * SECOND);
  expect(events.shown()[1]).toBe('Unhealthy x61 Readiness probe failed');
});

// Recording node-e-exec/psa-deploy-restricted-plain: nine events of their own, then one for all others.
test('from the tenth different message on, events of one reason are combined', () => {
  const events = recorder();
  for (let i = 1; i <= 12; i++) events.say('FailedCreate', `pod ${i}`);
  expect(events.shown()).toEqual([
    ...Array.from({ length: 9 }, (_, i) => `FailedCreate x1 pod ${i + 1}`),
    'FailedCreate x3 (combined from similar events): pod 12',
  ]);
});
