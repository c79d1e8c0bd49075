// kubectl wait.

import type { Program } from '#kernel/uapi/index.ts';
import { monotonic } from './clock.ts';
import { jsonPath } from './jsonpath.ts';
import { shownName, shownPlural } from './resources.ts';
import { about, type Call, errOut, fail, flagOf, isSet, type Json, out, statusText } from './session.ts';
import { parseTargets, type Target } from './targets.ts';

const UNITS = { ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n } as const;

/** A Go duration such as 1m30s in nanoseconds; undefined when it is none. */
export function duration(text: string): bigint | undefined {
  if (text === '0') return 0n;
  if (!/^-?(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0n;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total += BigInt(Math.round(Number(amount) * 1000)) * (UNITS[unit as 's'] / 1000n);
  return text.startsWith('-') ? -total : total;
}

type Test = (object: Json | undefined) => boolean;

function testOf(condition: string): Test | undefined {
  if (condition === 'delete') return (object) => object === undefined;
  if (condition === 'create') return (object) => object !== undefined;
  const named = /^condition=([^=]+)(?:=(.*))?$/.exec(condition);
  if (named)
    return (object) =>
      (object?.status?.conditions ?? []).some(
        (c: Json) => c.type.toLowerCase() === named[1]?.toLowerCase() && c.status.toLowerCase() === (named[2] ?? 'true').toLowerCase(),
      );
  const path = /^jsonpath=(.*)$/.exec(condition)?.[1];
  if (path === undefined) return undefined;
  const at = path.lastIndexOf('}=');
  const [template, wanted] = at < 0 ? [path, undefined] : [path.slice(0, at + 1), path.slice(at + 2).replace(/^["']|["']$/g, '')];
  return (object) => {
    if (object === undefined) return false;
    const value = jsonPath(template.startsWith('{') ? template : `{${template}}`, object);
    return value.ok && (wanted === undefined ? value.text !== '' : value.text === wanted);
  };
}

/** Counterpart: kubectl/pkg/cmd/wait, v1.36 */
export function* waitFor(call: Call): Program<number> {
  const condition = flagOf(call, 'for') ?? '';
  const test = testOf(condition);
  if (!test) return yield* fail(`unrecognized condition: ${condition === '' ? '[]' : JSON.stringify(condition)}`);
  const parsed = parseTargets(call.port.resources(), call.parsed.args);
  if (!parsed.ok) return yield* fail(parsed.error);
  const timeout = duration(flagOf(call, 'timeout') ?? '30s');
  if (timeout === undefined)
    return yield* fail(
      `invalid argument "${flagOf(call, 'timeout')}" for "--timeout" flag: time: invalid duration "${flagOf(call, 'timeout')}"`,
    );
  const targets: Target[] = [];
  for (const target of parsed.targets) {
    if (target.name !== undefined) {
      targets.push(target);
      continue;
    }
    const selector = flagOf(call, 'selector');
    if (!isSet(call, 'all') && selector === undefined) return yield* fail('resource(s) were provided, but no name was specified');
    const listed = call.port.request({
      verb: 'list',
      ...about(target.resource, call.namespace),
      query: selector === undefined ? {} : { labelSelector: selector },
    });
    for (const item of (listed.body as Json).items ?? []) targets.push({ resource: target.resource, name: item.metadata.name });
  }
  if (targets.length === 0) return yield* fail('no matching resources found');
  const end = (yield* monotonic()) + timeout;
  let status = 0;
  for (const { resource, name = '' } of targets)
    for (let first = true; ; first = false) {
      const answer = call.port.request({ verb: 'get', ...about(resource, call.namespace), name });
      const object = answer.code < 400 ? (answer.body as Json) : undefined;
      if (object === undefined && first && condition !== 'delete' && condition !== 'create') {
        yield* errOut(statusText(answer.body));
        return 1;
      }
      if (test(object)) {
        if (condition === 'delete') {
          if (!first) yield* out(`${shownName(resource, name)} deleted\n`);
        } else yield* out(`${shownName(resource, name)} condition met\n`);
        break;
      }
      const left = end - (yield* monotonic());
      if (left <= 0n) {
        yield* errOut(`error: timed out waiting for the condition on ${shownPlural(resource)}/${name}\n`);
        status = 1;
        break;
      }
      yield* call.port.waitForChange(left);
    }
  return status;
}
