import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FieldType, fieldsOf } from '../api/schema.ts';
import { isServed, RESOURCES } from './resources.ts';
import { ApiServer } from './server.ts';

function server(): ApiServer {
  let seed = 7;
  const random = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return seed;
  };
  return new ApiServer({ now: () => 1_795_420_800_000_000_000n, random, nodeName: 'node-1' });
}

const WORDS = ['', 'x', 'A_b', 'always', 'Always', 'Localhost', 'RuntimeDefault', '/x', '../x', '1Gi', '-1', '80', 'TCP', 'latest'];
const wrong = fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 'text', [], {}, [1], [{}], { a: 1 });

/** Mostly what the type says, sometimes something else. */
function arbitraryOf(type: FieldType, depth: number): fc.Arbitrary<unknown> {
  const right = (): fc.Arbitrary<unknown> => {
    switch (type.kind) {
      case 'struct':
        return depth > 5 ? fc.constant({}) : structOf(type.name, depth + 1);
      case 'list':
        return fc.array(arbitraryOf(type.of, depth + 1), { maxLength: 2 });
      case 'map':
        return fc.dictionary(fc.constantFrom('a', 'cpu', 'memory', 'app', 'B/c'), arbitraryOf(type.of, depth + 1), { maxKeys: 2 });
      case 'bool':
        return fc.boolean();
      case 'int':
        return fc.constantFrom(-1, 0, 1, 80, 1000, 65536, 2147483648);
      default:
        return fc.constantFrom(...WORDS);
    }
  };
  return fc.oneof({ weight: 12, arbitrary: right() }, { weight: 1, arbitrary: wrong });
}

function structOf(name: string, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const fields = fieldsOf(name) ?? [];
  return fc
    .subarray([...fields], { maxLength: Math.min(fields.length, depth > 2 ? 3 : 6) })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((field) => [field.json, arbitraryOf(field.type, depth)]))));
}

test('no manifest makes the server fail: it stores the object or answers with a Status that has a message', () => {
  for (const resource of RESOURCES.filter(isServed)) {
    const { group, version, plural, kind, namespaced } = resource;
    const body = structOf(kind, 0).map((object) => ({ ...object, apiVersion: group === '' ? version : `${group}/${version}`, kind }));
    fc.assert(
      fc.property(body, fc.constantFrom('Strict', 'Warn', 'Ignore'), (object, fieldValidation) => {
        const api = server();
        const where = { group, version, resource: plural, ...(namespaced ? { namespace: 'default' } : {}) };
        const created = api.request({ verb: 'create', ...where, body: object, query: { fieldValidation } });
        const answer = created.body as { kind: string; message?: string; metadata: { name: string } };
        if (created.code >= 400) expect([answer.kind, typeof answer.message]).toEqual(['Status', 'string']);
        else {
          // What was stored can be shown, patched with nothing, and deleted.
          const name = answer.metadata.name;
          expect(api.request({ verb: 'list', ...where, asTable: true }).code).toBe(200);
          expect(api.request({ verb: 'patch', patchType: 'merge', ...where, name, body: {} }).code).toBe(200);
          expect(api.request({ verb: 'delete', ...where, name }).code).toBe(200);
        }
      }),
      { numRuns: kind === 'Pod' ? 150 : 25 },
    );
  }
});
