// Events: repeated ones raise a count.

import type { EventInput } from '../api/object.ts';
import type { ApiServer } from './server.ts';
import { rfc3339 } from './time.ts';

/**
 * Records an event; one with the same source, object, type, reason and message raises count and lastTimestamp of the first.
 * Counterpart: client-go/tools/record EventCorrelator. Deviates: no spam filter and no aggregation of similar messages.
 */
export function recordEvent(server: ApiServer, event: EventInput): void {
  const namespace = event.involvedObject.namespace || 'default';
  const now = rfc3339(server.deps.now());
  const same = server.list('Event', namespace).find((old) => {
    const about = old.involvedObject;
    return (
      old.reason === event.reason &&
      old.message === event.message &&
      old.type === event.type &&
      old.source.component === event.component &&
      about.kind === event.involvedObject.kind &&
      about.name === event.involvedObject.name &&
      about.uid === event.involvedObject.uid &&
      about.fieldPath === event.fieldPath
    );
  });
  if (same !== undefined) {
    server.updateStatus('Event', namespace, same.metadata.name, (old) => ({ ...old, count: old.count + 1, lastTimestamp: now }));
    return;
  }
  const involvedObject = {
    apiVersion: 'v1',
    ...event.involvedObject,
    ...(event.fieldPath === undefined ? {} : { fieldPath: event.fieldPath }),
  };
  const host = event.component === 'kubelet' ? { host: server.deps.nodeName } : {};
  server.put({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      // Lists are sorted by name: what happens at one simulated instant keeps its order.
      name: `${event.involvedObject.name}.${(server.deps.now() + BigInt(server.list('Event').length)).toString(16)}`,
      namespace,
    },
    involvedObject,
    reason: event.reason,
    message: event.message,
    source: { component: event.component, ...host },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type: event.type,
    eventTime: null,
    reportingComponent: event.component,
    reportingInstance: event.component === 'kubelet' ? server.deps.nodeName : '',
  });
}
