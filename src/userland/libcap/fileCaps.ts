// The security.capability attribute. Counterpart: struct vfs_cap_data (revision 2 and 3), capabilities(7)

import type { CapSet } from '#abi/capability.ts';
import type { CapSets } from '#kernel/uapi/index.ts';

const REVISION_2 = 0x02000000;
const EFFECTIVE = 1;

/** Bytes of a revision 2 attribute: the effective flag is one bit for all. */
export function encodeFileCaps(sets: CapSets): Uint8Array {
  const view = new DataView(new ArrayBuffer(20));
  const low = (set: CapSet): number => Number(set & 0xffffffffn);
  const high = (set: CapSet): number => Number(set >> 32n);
  view.setUint32(0, REVISION_2 | (sets.effective !== 0n ? EFFECTIVE : 0), true);
  view.setUint32(4, low(sets.permitted), true);
  view.setUint32(8, low(sets.inheritable), true);
  view.setUint32(12, high(sets.permitted), true);
  view.setUint32(16, high(sets.inheritable), true);
  return new Uint8Array(view.buffer);
}

/** The sets in an attribute; effective is all of permitted and inheritable when the flag is set. */
export function decodeFileCaps(bytes: Uint8Array): CapSets | undefined {
  if (bytes.length < 20) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const set = (lowAt: number, highAt: number): CapSet =>
    (BigInt(view.getUint32(highAt, true)) << 32n) | BigInt(view.getUint32(lowAt, true));
  const permitted = set(4, 12);
  const inheritable = set(8, 16);
  return { permitted, inheritable, effective: view.getUint32(0, true) & EFFECTIVE ? permitted | inheritable : 0n };
}
