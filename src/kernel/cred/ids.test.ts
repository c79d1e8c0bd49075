// Ids of nested user namespaces go out and come back unchanged.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Machine } from '../machine/machine.ts';
import type { KernelState, UserNs } from '../state.ts';
import { fromKgid, fromKuid, kuidMapped, makeKgid, makeKuid } from './ids.ts';

const { state } = new Machine({ loadProgram: () => undefined, uname: { nodename: 'n', release: 'r', version: 'v' }, startTime: 0n });
const extent = fc.record({ inside: fc.nat(50), outside: fc.nat(50), count: fc.integer({ min: 1, max: 30 }) });
/** Extents that do not overlap on either side, as the kernel demands of a map. */
const map = fc
  .array(extent, { minLength: 1, maxLength: 3 })
  .map((extents) => extents.map(({ inside, outside, count }, at) => ({ inside: inside + 100 * at, outside: outside + 100 * at, count })));

function nested(maps: readonly (readonly UserNs['uidMap'][number][])[]): KernelState {
  let { userNs } = state;
  for (const one of maps) {
    const parent = userNs.length - 1;
    userNs = userNs.push({ ...(userNs.get(0) as UserNs), parent, uidMap: one, gidMap: one, level: parent + 1 });
  }
  return { ...state, userNs };
}

test('an id that is mapped comes back; one that is not shows as 65534', () => {
  fc.assert(
    fc.property(fc.array(map, { minLength: 1, maxLength: 3 }), fc.nat(400), (maps, id) => {
      const now = nested(maps);
      const ns = maps.length;
      const kuid = makeKuid(now, ns, id);
      const kgid = makeKgid(now, ns, id);
      expect(kuid).toBe(kgid);
      if (kuid === undefined || kgid === undefined) return;
      expect([fromKuid(now, ns, kuid), fromKgid(now, ns, kgid), kuidMapped(now, ns, kuid)]).toEqual([id, id, true]);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(map, fc.nat(400), (one, kuid) => {
      const now = nested([one]);
      const shown = fromKuid(now, 1, kuid as never);
      if (kuidMapped(now, 1, kuid as never)) expect(makeKuid(now, 1, shown)).toBe(kuid);
      else expect(shown).toBe(65534);
    }),
    { numRuns: 2000 },
  );
});
