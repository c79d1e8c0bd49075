// For the tables of rules that no recording covers: what the server says of an object, and how a row names its source.

import { expect, it } from 'vitest';
import { ApiServer } from './server.ts';

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
export type Json = any;

/** One rule: where it is written, what is sent, and the errors of the answer; none: it is accepted. */
export interface Rule {
  readonly rule: string;
  /** File and function of Kubernetes, or section of a reference. */
  readonly source: string;
  readonly given: Json;
  readonly says: readonly string[];
}

export function ruleServer(): ApiServer {
  let seed = 1;
  return new ApiServer({
    now: () => 1_795_420_800_000_000_000n,
    random: () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0),
    nodeName: 'node-1',
  });
}

/** What creating an object is answered with. */
export function created(api: ApiServer, resource: string, body: Json, group = '', version = 'v1'): string {
  const answer = api.request({
    verb: 'create',
    group,
    version,
    resource,
    namespace: 'default',
    body,
    query: { fieldValidation: 'Strict' },
  });
  return answer.code === 201 ? 'created' : (answer.body as Json).message;
}

/** A Pod with one container; the patch replaces whole fields of the spec, `container` those of the container, `meta` those of the metadata. */
export const podOf = ({ container, meta, ...spec }: Json): Json => ({
  metadata: { name: 'x', ...meta },
  spec: { containers: [{ name: 'c', image: 'i', ...container }], ...spec },
});

/** How the server joins the errors of an object. */
export const invalidObject = (what: string, errors: readonly string[]): string =>
  errors.length === 0 ? 'created' : `${what} is invalid: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}`;

/** Every row as a test. */
export function podRules(rows: readonly Rule[]): void {
  it.each(rows.map((row) => [row.rule, row] as const))('%s', (_, { source, given, says }) => {
    expect(source).toMatch(/\S+ \S+/);
    expect(created(ruleServer(), 'pods', podOf(given))).toBe(invalidObject('Pod "x"', says));
  });
}
