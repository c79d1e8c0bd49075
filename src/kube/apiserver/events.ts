// Events: what components say about objects. Repeated ones raise a count, similar ones are combined, floods are cut off.

import type { EventInput } from '../api/object.ts';
import type { ApiServer } from './server.ts';
import { rfc3339 } from './time.ts';

const SECOND = 1_000_000_000n;
/** Events of one reason about one object that pass at once, and the time after which one more may. */
const BURST = 25;
const REFILL = 300n * SECOND;
/** From this many different messages on, events of one reason about one object are combined. */
const SIMILAR = 10;
const SIMILAR_WITHIN = 600n * SECOND;

interface Similar {
  readonly messages: Set<string>;
  last: bigint;
}

interface Seen {
  readonly namespace: string;
  readonly name: string;
  count: number;
}

/**
 * Counterpart: EventCorrelator, client-go/tools/record/events_cache.go, v0.36.
 * Deviates: the flood limit is per reason; a real one's key does not name the reason, yet a recorded pod got 25 of one reason after four others.
 */
export class EventRecorder {
  private readonly server: ApiServer;
  private readonly seen = new Map<string, Seen>();
  private readonly similar = new Map<string, Similar>();
  private readonly buckets = new Map<string, { tokens: number; since: bigint }>();
  private lastStamp = 0n;

  constructor(server: ApiServer) {
    this.server = server;
  }

  record(event: EventInput): void {
    const now = this.server.deps.now();
    const about = event.involvedObject;
    const key = [event.component, about.kind, about.namespace, about.name, about.uid, event.fieldPath, event.type, event.reason].join(' ');
    const combined = this.combine(key, event.message, now);
    const message = combined ? `(combined from similar events): ${event.message}` : event.message;
    const id = combined ? key : `${key} ${event.message}`;
    const { server } = this;
    const known = this.seen.get(id);
    const old = known && server.get('Event', known.namespace, known.name);
    if (known && old) known.count++;
    if (!this.mayPass(key, now)) return;
    if (known && old) {
      server.updateStatus('Event', known.namespace, known.name, (object) => ({
        ...object,
        message,
        count: known.count,
        lastTimestamp: rfc3339(now),
      }));
      return;
    }
    const namespace = about.namespace || 'default';
    const name = `${about.name}.${this.stamp(now).toString(16)}`;
    this.seen.set(id, { namespace, name, count: 1 });
    this.write({ ...event, message }, namespace, name, rfc3339(now));
  }

  /** The time in an event's name: no two events share one, and later ones sort behind earlier ones. */
  private stamp(now: bigint): bigint {
    this.lastStamp = now > this.lastStamp ? now : this.lastStamp + 1n;
    return this.lastStamp;
  }

  private combine(key: string, message: string, now: bigint): boolean {
    let group = this.similar.get(key);
    if (!group || now - group.last > SIMILAR_WITHIN) group = { messages: new Set(), last: now };
    this.similar.set(key, group);
    group.last = now;
    if (group.messages.has(message)) return false;
    if (group.messages.size + 1 >= SIMILAR) return true;
    group.messages.add(message);
    return false;
  }

  private mayPass(key: string, now: bigint): boolean {
    const bucket = this.buckets.get(key) ?? { tokens: BURST, since: now };
    this.buckets.set(key, bucket);
    const refilled = (now - bucket.since) / REFILL;
    if (refilled > 0n) {
      bucket.tokens = Math.min(BURST, bucket.tokens + Number(refilled));
      bucket.since += refilled * REFILL;
    }
    if (bucket.tokens === 0) return false;
    bucket.tokens--;
    return true;
  }

  private write(event: EventInput, namespace: string, name: string, now: string): void {
    const { component, fieldPath, involvedObject, message, reason, type } = event;
    const host = component === 'kubelet' ? { host: this.server.deps.nodeName } : {};
    this.server.put({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: { apiVersion: 'v1', ...involvedObject, ...(fieldPath === undefined ? {} : { fieldPath }) },
      reason,
      message,
      source: { component, ...host },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: component === 'kubelet' ? this.server.deps.nodeName : '',
    });
  }
}
