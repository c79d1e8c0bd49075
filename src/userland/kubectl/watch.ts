// kubectl get --watch.

import type { Program } from '#kernel/uapi/index.ts';
import { finish, serverFailure } from './failures.ts';
import { isObjectFormat, printObject } from './output.ts';
import { type Row, request, rowsOf, tableLines } from './rows.ts';
import { type Call, fail, isSet, type Json, out } from './session.ts';
import { renderTable } from './table.ts';
import type { Target } from './targets.ts';

const HOUR = 3_600_000_000_000n;

interface Seen {
  readonly version: string;
  readonly shown: Json;
}

/**
 * Prints what is there and then every change as it comes; never returns by itself.
 * Counterpart: kubectl/pkg/cmd/get watch, v1.36: columns never become narrower again (RememberWidths).
 * Deviates: looks at the list after each change, so two changes at one moment are one line; of what was deleted the line seen last.
 */
export function* watch(call: Call, target: Target, output: string | undefined): Program<number> {
  const withEvents = isSet(call, 'output-watch-events');
  const objects = isObjectFormat(output);
  if (withEvents && objects) return yield* fail(`--output-watch-events with the output format ${output} is not simulated here`);
  const widths: number[] = [];
  let seen = new Map<string, Seen>();
  let headed = isSet(call, 'no-headers');
  for (let first = true; ; first = false) {
    const answer = yield* request(call, target, !objects);
    if (!answer.ok && first) return yield* finish([serverFailure(answer.status, '')]);
    const table = answer.ok && !objects ? rowsOf(answer.body, output === 'wide') : { titles: [], rows: [] };
    const items: readonly Json[] = !answer.ok ? [] : !objects ? table.rows : target.name === undefined ? answer.body.items : [answer.body];
    const now = new Map<string, Seen>();
    const events: { readonly type: string; readonly shown: Json }[] = [];
    for (const shown of items) {
      const { uid, resourceVersion } = (objects ? shown : shown.object).metadata;
      now.set(uid, { version: resourceVersion, shown });
      const old = seen.get(uid);
      if (old?.version !== resourceVersion) events.push({ type: old === undefined ? 'ADDED' : 'MODIFIED', shown });
    }
    for (const [uid, { shown }] of seen) if (!now.has(uid)) events.push({ type: 'DELETED', shown });
    seen = now;
    const news = first && isSet(call, 'watch-only') ? [] : events;
    if (objects)
      for (const { shown } of news) {
        const status = yield* printObject(call, output as string, shown, target.resource);
        if (status !== 0) return status;
      }
    else if (news.length > 0) {
      const lines = tableLines(
        call,
        target.resource,
        table.titles,
        news.map(({ shown }) => shown as Row),
        isSet(call, 'show-kind'),
        !headed,
      );
      const types = [...(headed ? [] : ['EVENT']), ...news.map(({ type }) => type)];
      yield* out(renderTable(withEvents ? lines.map((line, i) => [types[i] as string, ...line]) : lines, 3, widths));
      headed = true;
    }
    yield* call.port.waitForChange(HOUR);
  }
}
