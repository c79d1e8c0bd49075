// Properties of the discretionary check, for every caller and inode.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAP_ALL, CAP_NONE, capSet } from '#abi/capability.ts';
import { S_IFDIR, S_IFREG } from '#abi/mode.ts';
import { ROOT_CRED } from '../machine/boot.ts';
import { Machine } from '../machine/machine.ts';
import type { Credentials, Inode, Kgid, Kuid } from '../state.ts';
import { inodeAt } from './inodes.ts';
import { genericPermission } from './permission.ts';

const m = new Machine({ loadProgram: () => undefined, uname: { nodename: 'n', release: 'r', version: 'v' }, startTime: 0n });
const at = { mount: 1, ino: 2 };
const root = inodeAt(m, at, undefined as never) as Inode;
const id = fc.integer({ min: 0, max: 3 });
const mode = fc.integer({ min: 0, max: 0o777 });
const type = fc.constantFrom(S_IFREG, S_IFDIR);
const want = fc.integer({ min: 1, max: 7 });
const caps = fc.subarray(['CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH', 'CAP_FOWNER', 'CAP_CHOWN'] as const).map((names) => capSet(...names));

const credOf = (uid: number, groups: readonly number[], effective: bigint): Credentials =>
  ({ ...ROOT_CRED, fsuid: uid as Kuid, fsgid: (groups[0] ?? 9) as Kgid, groups: groups as readonly Kgid[], effective }) as Credentials;
const allows = (cred: Credentials, uid: number, gid: number, bits: number, asked: number): boolean =>
  genericPermission(m, cred, at, { ...root, uid: uid as Kuid, gid: gid as Kgid, mode: bits }, asked).ok;

test('exactly one class of the mode is consulted: owner, else group, else other', () => {
  fc.assert(
    fc.property(id, fc.array(id, { maxLength: 3 }), id, id, mode, want, type, (uid, groups, owner, group, bits, asked, kind) => {
      const cred = credOf(uid, groups, CAP_NONE);
      const shift = uid === owner ? 6 : groups.includes(group) ? 3 : 0;
      expect(allows(cred, owner, group, kind | bits, asked)).toBe((asked & ~((bits >> shift) & 7)) === 0);
    }),
    { numRuns: 2000 },
  );
});

test('more bits of the deciding class, and more effective capabilities, never give less', () => {
  fc.assert(
    fc.property(id, fc.array(id, { maxLength: 3 }), id, id, mode, fc.integer({ min: 0, max: 7 }), want, type, caps, caps, (...args) => {
      const [uid, groups, owner, group, bits, extra, asked, kind, some, other] = args;
      const shift = uid === owner ? 6 : groups.includes(group) ? 3 : 0;
      const before = allows(credOf(uid, groups, some), owner, group, kind | bits, asked);
      if (!before) return;
      expect(allows(credOf(uid, groups, some), owner, group, kind | bits | (extra << shift), asked)).toBe(true);
      expect(allows(credOf(uid, groups, some | other), owner, group, kind | bits, asked)).toBe(true);
      expect(allows(credOf(uid, groups, CAP_ALL), owner, group, kind | bits, asked)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('a refusal names the class that decided and both capabilities that might have helped', () => {
  const refused = genericPermission(m, credOf(1, [5], CAP_NONE), at, { ...root, uid: 2 as Kuid, gid: 5 as Kgid, mode: S_IFREG | 0o604 }, 4);
  expect(refused.ok).toBe(false);
  expect(refused.ok ? [] : refused.verdict?.checks.map(({ rule, outcome }) => `${rule} ${outcome}`)).toEqual([
    'dac.owner skip',
    'dac.group deny',
    'cap.DAC_READ_SEARCH deny',
    'cap.DAC_OVERRIDE deny',
  ]);
});
