import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PMap } from './pmap.ts';
import { PVec } from './pvec.ts';

test('a PMap behaves like a Map under any sequence of set and delete, and old versions stay as they were', () => {
  // Two pairs of keys with one hash each.
  const key = fc.oneof(fc.stringMatching(/^[a-d]{0,3}$/), fc.constantFrom('k4uzx', 'kf2ad', 'k4uzy', 'kf2ae'));
  const op = fc.tuple(fc.constantFrom('set', 'delete'), key, fc.nat());
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
      const seen: (readonly [number, number])[] = [];
      expect(vec.some((value, index) => seen.push([index, value]) === 3)).toBe(
        Object.values(model).filter((v) => v !== undefined).length >= 3,
      );
      expect(seen).toEqual([...vec.entries()].slice(0, 3));
      expect([...vec.entries()]).toEqual(Object.entries(model).flatMap(([i, v]) => (v === undefined ? [] : [[Number(i), v]])));
    }),
  );
});

test('PVec.edit is many sets at once and leaves the old vector alone; PMap.withValues keeps keys and order; range pages', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(5000), fc.nat())),
      fc.array(fc.tuple(fc.nat(5000), fc.nat())),
      fc.uniqueArray(fc.string({ maxLength: 3 })),
      fc.integer({ min: 1, max: 7 }),
      (first, then, keys, page) => {
        const before = first.reduce((vec, [at, value]) => vec.set(at, value), PVec.empty<number>());
        const was = [...before.entries()];
        const after = before.edit((set) => {
          for (const [at, value] of then) set(at, value);
        });
        const expected = then.reduce((vec, [at, value]) => vec.set(at, value), before);
        expect([...after.entries()]).toEqual([...expected.entries()]);
        expect(after.length).toBe(expected.length);
        expect([...before.entries()]).toEqual(was);

        const map = PMap.from(keys.map((key, at) => [key, at] as const)).delete(keys[0] ?? '');
        const doubled = map.withValues([...map].map(([, value]) => value * 2));
        expect([...doubled]).toEqual([...map].map(([key, value]) => [key, value * 2]));
        for (const [key, value] of doubled) expect(doubled.get(key)).toBe(value);
        const paged: (readonly [string, number])[] = [];
        for (let from: number | null = 0; from !== null; ) {
          const { entries, next } = map.range(from, page);
          paged.push(...entries);
          from = next;
        }
        expect(paged).toEqual([...map]);
      },
    ),
  );
});
