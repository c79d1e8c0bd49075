import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PMap } from './pmap.ts';
import { PVec } from './pvec.ts';

test('a PMap behaves like a Map under any sequence of set and delete, and old versions stay as they were', () => {
  const op = fc.tuple(fc.constantFrom('set', 'delete'), fc.stringMatching(/^[a-d]{0,3}$/), fc.nat());
  fc.assert(
    fc.property(fc.array(op, { maxLength: 200 }), (ops) => {
      let map = PMap.empty<number>();
      const model = new Map<string, number>();
      for (const [what, key, value] of ops) {
        const before = [...map];
        const old = map;
        map = what === 'set' ? map.set(key, value) : map.delete(key);
        if (what === 'set') model.set(key, value);
        else model.delete(key);
        expect([...old]).toEqual(before);
      }
      expect([...map]).toEqual([...model]);
      expect(map.size).toBe(model.size);
    }),
  );
});

test('a PVec behaves like a sparse array, also across 32 and 1024', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40_000), fc.option(fc.nat(), { nil: undefined })), { maxLength: 100 }), (sets) => {
      let vec = PVec.empty<number>();
      const model: (number | undefined)[] = [];
      for (const [index, value] of sets) {
        vec = vec.set(index, value);
        model[index] = value;
      }
      for (const [index] of sets) expect(vec.get(index)).toBe(model[index]);
      expect([...vec.entries()]).toEqual(Object.entries(model).flatMap(([i, v]) => (v === undefined ? [] : [[Number(i), v]])));
    }),
  );
});
