// linux-credentials.md §4.7, observed on a real kernel: what a program ends up with, by caller and file.
import { expect, test } from 'vitest';
import { CAP_ALL, CAP_NONE, capSet } from '#abi/capability.ts';
import type { Credentials, Kgid, Kuid } from '../state.ts';
import { type ExecSubject, execCredentials } from './exec.ts';

const DEFAULT = 0x00000000a80425fbn;
const NET_RAW = capSet('CAP_NET_RAW');
const SYS_ADMIN = capSet('CAP_SYS_ADMIN');

function caller(uid: number, bounding: bigint, more: Partial<Credentials> = {}): Credentials {
  const root = uid === 0;
  const k = uid as Kuid;
  const g = 0 as Kgid;
  return {
    ruid: k,
    euid: k,
    suid: k,
    fsuid: k,
    rgid: g,
    egid: g,
    sgid: g,
    fsgid: g,
    groups: [g],
    permitted: root ? bounding : CAP_NONE,
    inheritable: CAP_NONE,
    effective: root ? bounding : CAP_NONE,
    bounding,
    ambient: CAP_NONE,
    securebits: 0,
    userNs: 0,
    steps: [],
    ...more,
  };
}
const file = (mode: number, more: Partial<ExecSubject> = {}): ExecSubject => ({
  mode,
  uid: 0 as Kuid,
  gid: 8 as Kgid,
  nosuid: false,
  caps: undefined,
  ...more,
});
const fcap = (permitted: bigint, effective = true): ExecSubject =>
  file(0o755, { caps: { permitted, inheritable: CAP_NONE, effective, rootid: null } });

const hex = (set: bigint): string => set.toString(16);
function run(old: Credentials, subject: ExecSubject, nnp = false, traced: { readonly maySetuid: boolean } | null = null): string {
  const result = execCredentials(old, subject, nnp, 0 as Kuid, traced);
  if (!result.ok) return result.errno;
  const { cred } = result.value;
  return `${cred.ruid} ${cred.euid} ${cred.suid} ${cred.fsuid} / ${cred.rgid} ${cred.egid} ${cred.sgid} / ${hex(cred.permitted)} ${hex(cred.effective)} ${hex(cred.bounding)} ${hex(cred.ambient)}`;
}

const NR_AMBIENT: Partial<Credentials> = { permitted: NET_RAW, effective: NET_RAW, inheritable: NET_RAW, ambient: NET_RAW };

test.each<[string, string, string]>([
  ['non-root, plain file', run(caller(1000, DEFAULT), file(0o755)), '1000 1000 1000 1000 / 0 0 0 / 0 0 a80425fb 0'],
  [
    'under a tracer, setuid root',
    run(caller(1000, DEFAULT), file(0o4755), false, { maySetuid: false }),
    '1000 1000 1000 1000 / 0 0 0 / 0 0 a80425fb 0',
  ],
  ['root, plain file', run(caller(0, DEFAULT), file(0o755)), '0 0 0 0 / 0 0 0 / a80425fb a80425fb a80425fb 0'],
  ['root with drop ALL', run(caller(0, CAP_NONE), file(0o755)), '0 0 0 0 / 0 0 0 / 0 0 0 0'],
  ['setuid root by 1000', run(caller(1000, DEFAULT), file(0o4755)), '1000 0 0 0 / 0 0 0 / a80425fb a80425fb a80425fb 0'],
  ['setuid root by 1000, drop ALL', run(caller(1000, CAP_NONE), file(0o4755)), '1000 0 0 0 / 0 0 0 / 0 0 0 0'],
  ['setuid root by 1000, no_new_privs', run(caller(1000, DEFAULT), file(0o4755), true), '1000 1000 1000 1000 / 0 0 0 / 0 0 a80425fb 0'],
  ['setuid root on nosuid', run(caller(1000, DEFAULT), file(0o4755, { nosuid: true })), '1000 1000 1000 1000 / 0 0 0 / 0 0 a80425fb 0'],
  [
    'setuid, owner not mapped',
    run(caller(1000, DEFAULT), file(0o4755, { uid: undefined })),
    '1000 1000 1000 1000 / 0 0 0 / 0 0 a80425fb 0',
  ],
  ['setgid mail', run(caller(1000, DEFAULT), file(0o2755)), '1000 1000 1000 1000 / 0 8 8 / 0 0 a80425fb 0'],
  ['setgid without g+x', run(caller(1000, DEFAULT), file(0o2745)), '1000 1000 1000 1000 / 0 0 0 / 0 0 a80425fb 0'],
  ['net_raw+ep', run(caller(1000, DEFAULT), fcap(NET_RAW)), '1000 1000 1000 1000 / 0 0 0 / 2000 2000 a80425fb 0'],
  ['net_raw+p', run(caller(1000, DEFAULT), fcap(NET_RAW, false)), '1000 1000 1000 1000 / 0 0 0 / 2000 0 a80425fb 0'],
  ['net_raw+ep, no_new_privs', run(caller(1000, DEFAULT), fcap(NET_RAW), true), '1000 1000 1000 1000 / 0 0 0 / 0 0 a80425fb 0'],
  ['sys_admin+ep outside the bounding set', run(caller(1000, DEFAULT), fcap(SYS_ADMIN)), 'EPERM'],
  ['the same by root', run(caller(0, DEFAULT), fcap(SYS_ADMIN)), 'EPERM'],
  ['the same with no_new_privs', run(caller(1000, DEFAULT), fcap(SYS_ADMIN), true), 'EPERM'],
  [
    'sys_admin+p outside the bounding set',
    run(caller(1000, DEFAULT), fcap(SYS_ADMIN, false)),
    '1000 1000 1000 1000 / 0 0 0 / 0 0 a80425fb 0',
  ],
  ['ambient, plain file', run(caller(1000, CAP_ALL, NR_AMBIENT), file(0o755)), '1000 1000 1000 1000 / 0 0 0 / 2000 2000 1ffffffffff 2000'],
  [
    'ambient, setuid root',
    run(caller(1000, CAP_ALL, NR_AMBIENT), file(0o4755)),
    '1000 0 0 0 / 0 0 0 / 1ffffffffff 1ffffffffff 1ffffffffff 0',
  ],
  [
    'ambient, file capabilities',
    run(caller(1000, CAP_ALL, NR_AMBIENT), fcap(SYS_ADMIN)),
    '1000 1000 1000 1000 / 0 0 0 / 200000 200000 1ffffffffff 0',
  ],
])('%s', (_name, got, want) => expect(got).toBe(want));
