import { expect, test } from 'vitest';
import { decodeFileCaps, encodeFileCaps } from './fileCaps.ts';
import { capFromText, capToText, iabToText } from './text.ts';

const DEFAULT = 0xa80425fbn;
const NAMES =
  'cap_chown,cap_dac_override,cap_fowner,cap_fsetid,cap_kill,cap_setgid,cap_setuid,cap_setpcap,cap_net_bind_service,cap_net_raw,cap_sys_chroot,cap_mknod,cap_audit_write,cap_setfcap';

test('sets are written as libcap 2.66 writes them', () => {
  expect(capToText({ effective: DEFAULT, permitted: DEFAULT, inheritable: 0n })).toBe(`${NAMES}=ep`);
  expect(capToText({ effective: 0n, permitted: 0n, inheritable: 0n })).toBe('=');
  const all = (1n << 41n) - 1n;
  expect(capToText({ effective: all, permitted: all, inheritable: 0n })).toBe('=ep');
  const but = all & ~(1n << 24n);
  expect(capToText({ effective: but, permitted: but, inheritable: 0n })).toBe('=ep cap_sys_resource-ep');
  expect(iabToText(0n, 0n, all & ~2n)).toBe('!cap_dac_override');
});

test('text and attribute round-trip', () => {
  const sets = capFromText('cap_net_raw,cap_chown+ep cap_kill=i');
  expect(sets && capToText(sets)).toBe('cap_chown,cap_net_raw=ep cap_kill=i');
  const file = capFromText('cap_sys_admin+ep');
  expect(file && decodeFileCaps(encodeFileCaps(file))).toEqual(file);
});
