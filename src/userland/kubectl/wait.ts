// kubectl wait.

import type { Program } from '#kernel/uapi/index.ts';
import { monotonic } from './clock.ts';
import { clientFailure, type Failure, finish } from './failures.ts';
import { jsonPath } from './jsonpath.ts';
import { type Found, findObjects, placeOf } from './objects.ts';
import { printObject } from './output.ts';
import { shownName, shownPlural } from './resources.ts';
import { type Call, fail, flagOf, flagsOf, type Json, out } from './session.ts';

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
  if (condition.toLowerCase() === 'delete') return (object) => object === undefined;
  if (condition.toLowerCase() === 'create') return (object) => object !== undefined;
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

const WEEK = 168n * UNITS.h;

/** The objects meant, once there are any where `--for=create` waits for them first; a number is an exit status. */
function* lookUp(call: Call, conditions: readonly string[], failures: Failure[], end: bigint): Program<readonly Found[] | number> {
  for (;;) {
    const missing: Failure[] = [];
    const found = yield* findObjects(call, call.parsed.args, missing);
    if (typeof found === 'number') return found;
    if (conditions.includes('create') && found.length === 0) {
      const left = end - (yield* monotonic());
      if (left <= 0n) return yield* fail('timed out waiting for the condition');
      yield* call.port.waitForChange(left);
      continue;
    }
    if (!conditions.includes('delete')) failures.push(...missing);
    if (found.length === 0 && failures.length === 0 && !conditions.includes('delete')) return yield* fail('no matching resources found');
    return found;
  }
}

/** Waits for one condition of one object: the object it was met by, or why it was not. */
function* meet(
  call: Call,
  one: Found,
  test: Test,
  timeout: bigint,
  end: bigint,
): Program<{ readonly object: Json } | { readonly failure: Failure }> {
  const name = `${shownPlural(one.resource)}/${one.object.metadata.name}`;
  for (;;) {
    const answer = call.port.request({ verb: 'get', ...placeOf(one) });
    const live = answer.code < 400 ? (answer.body as Json) : undefined;
    const object = live?.metadata.uid === one.object.metadata.uid ? live : undefined;
    if (test(object)) return { object: object ?? one.object };
    if (timeout === 0n) return { failure: clientFailure(`condition not met for ${name}`) };
    const left = end - (yield* monotonic());
    if (left <= 0n) return { failure: clientFailure(`timed out waiting for the condition on ${name}`) };
    yield* call.port.waitForChange(left);
  }
}

/** Counterpart: kubectl/pkg/cmd/wait, v1.36 */
export function* waitFor(call: Call): Program<number> {
  const conditions = flagsOf(call, 'for');
  if (conditions.length === 0) return yield* fail('unrecognized condition: []');
  const tests: Test[] = [];
  for (const condition of conditions) {
    const test = testOf(condition);
    if (!test) return yield* fail(`unrecognized condition: ${JSON.stringify(condition)}`);
    tests.push(test);
  }
  const text = flagOf(call, 'timeout') ?? '30s';
  const given = duration(text);
  if (given === undefined) return yield* fail(`invalid argument "${text}" for "--timeout" flag: time: invalid duration "${text}"`);
  const timeout = given < 0n ? WEEK : given;
  const end = (yield* monotonic()) + timeout;
  const failures: Failure[] = [];
  const found = yield* lookUp(call, conditions, failures, end);
  if (typeof found === 'number') return found;
  const output = flagOf(call, 'output');
  for (const one of found)
    for (const test of tests) {
      const met = yield* meet(call, one, test, timeout, end);
      if ('failure' in met) {
        failures.push(met.failure);
        break;
      }
      if (output) yield* printObject(call, output, met.object, one.resource);
      else yield* out(`${shownName(one.resource, one.object.metadata.name)} condition met\n`);
    }
  return yield* finish(failures);
}
