// kubectl events.

import type { Program } from '#kernel/uapi/index.ts';
import { nowSeconds } from './clock.ts';
import { humanDuration } from './describeText.ts';
import { isObjectFormat, printObject } from './output.ts';
import { findResource } from './resources.ts';
import { type Call, errOut, fail, flagOf, flagsOf, isSet, type Json, out, send, statusText } from './session.ts';
import { renderTable } from './table.ts';

const lastSeen = (e: Json): string => e.series?.lastObservedTime ?? e.lastTimestamp ?? e.eventTime ?? e.metadata.creationTimestamp;

/** Counterpart: kubectl/pkg/cmd/events, v1.36. Deviates: --watch is refused */
export function* events(call: Call): Program<number> {
  const about = flagOf(call, 'for');
  const everywhere = isSet(call, 'all-namespaces');
  const listed = yield* send(call, {
    verb: 'list',
    group: '',
    version: 'v1',
    resource: 'events',
    ...(everywhere ? {} : { namespace: call.namespace }),
  });
  if (!listed.ok) {
    yield* errOut(statusText(listed.status));
    return 1;
  }
  let items: Json[] = listed.body.items;
  if (about !== undefined) {
    const [type = '', name = ''] = about.split('/');
    const resource = findResource(call.port.resources(), type);
    if (!about.includes('/') || name === '') return yield* fail('--for must be in resource/name form');
    if (!resource) return yield* fail(`the server doesn't have a resource type "${type}"`);
    items = items.filter((e) => e.involvedObject.kind === resource.kind && e.involvedObject.name === name);
  }
  const types = flagsOf(call, 'types').flatMap((v) => v.split(','));
  for (const type of types)
    if (!['normal', 'warning'].includes(type.toLowerCase())) return yield* fail(`valid --types are Normal or Warning`);
  if (types.length > 0) items = items.filter((e) => types.some((type) => type.toLowerCase() === String(e.type).toLowerCase()));
  items = [...items].sort((a, b) => (lastSeen(a) < lastSeen(b) ? -1 : lastSeen(a) > lastSeen(b) ? 1 : 0));
  const output = flagOf(call, 'output');
  if (isObjectFormat(output))
    return yield* printObject(call, output as string, { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } });
  if (items.length === 0) {
    yield* errOut(everywhere ? 'No events found.\n' : `No events found in ${call.namespace} namespace.\n`);
    return 0;
  }
  const now = yield* nowSeconds();
  const ago = (time: string): string => humanDuration(now - new Date(time).getTime() / 1000);
  const row = (e: Json): string[] => [
    ...(everywhere ? [e.metadata.namespace] : []),
    (e.count ?? 1) > 1 ? `${ago(lastSeen(e))} (x${e.count} over ${ago(e.firstTimestamp)})` : ago(e.firstTimestamp ?? lastSeen(e)),
    e.type,
    e.reason,
    `${e.involvedObject.kind}/${e.involvedObject.name}`,
    String(e.message).trim(),
  ];
  const head = [...(everywhere ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
  yield* out(renderTable([...(isSet(call, 'no-headers') ? [] : [head]), ...items.map(row)]));
  return 0;
}
