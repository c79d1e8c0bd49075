// Runs the engine in slices of a few milliseconds on whichever thread it lives, and posts its events in batches.

import { createEngine } from '#session/engine.ts';
import { lateCode } from '#session/late.ts';
import type { Event, Request } from '#session/protocol.ts';

/** Page to host. `ack`: characters of output the page has shown; the host waits when too many are on their way. */
export type HostMessage = { readonly requests: readonly Request[] } | { readonly ack: number };

/** Host to page. */
export interface PageMessage {
  readonly events: readonly Event[];
}

const SLICE_MS = 8;
const TICK_MS = 50;
const TRAPS_AT_ONCE = 200;
const MAX_UNSHOWN = 64_000;

/** A host for one engine. Between two slices the thread is free, so that a Ctrl-C arrives. */
export function createHost(post: (message: PageMessage) => void): (message: HostMessage) => void {
  let events: Event[] = [];
  let unshown = 0;
  let scheduled = false;
  let more = false;

  let web: (url: string) => string | undefined = () => undefined;
  const { late, fetch } = lateCode(async () => {
    ({ web } = await import('#content/web.ts'));
  });
  let fetched = false;
  const engine = createEngine(
    (event) => {
      if (event.type === 'output') for (const fragment of event.fragments) unshown += fragment.text.length;
      events.push(event);
    },
    (url) => web(url),
    late,
  );
  // Simulated time follows the clock on the wall.
  let told = performance.now();
  setInterval(() => {
    const now = performance.now();
    engine.advance(now - told);
    told = now;
    more = true;
    schedule();
  }, TICK_MS);
  const channel = new MessageChannel();
  channel.port1.onmessage = slice;

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    channel.port2.postMessage(null);
  }

  function slice(): void {
    scheduled = false;
    const end = performance.now() + SLICE_MS;
    more = true;
    try {
      while (more && unshown < MAX_UNSHOWN && performance.now() < end) more = engine.pump(TRAPS_AT_ONCE);
    } catch (error) {
      more = false;
      events.push({ type: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    flush();
    if (!fetched) {
      // Behind the prompt, which is what the first slice is for.
      fetched = true;
      fetch((failure) => {
        if (failure !== undefined) events.push({ type: 'bug', message: failure });
        more = true;
        schedule();
      });
    }
    if (more && unshown < MAX_UNSHOWN) schedule();
  }

  function flush(): void {
    if (events.length === 0) return;
    post({ events });
    events = [];
  }

  return (message) => {
    if ('ack' in message) {
      unshown -= message.ack;
    } else {
      for (const request of message.requests) engine.send(request);
      more = true;
    }
    if (more) schedule();
  };
}
