// Pods by chance: every field of a securityContext, the kinds of images and of volumes, in combinations nobody would write down.

import { stringify } from 'yaml';
import type { Random } from '../shelltest/random.ts';

type Json = Readonly<Record<string, unknown>>;

/** A pod with what a script needs to know about it. */
export interface FuzzPod {
  readonly manifest: string;
  readonly image: string;
  readonly image_config?: Json;
  readonly image_files: readonly Json[];
  readonly host_files?: readonly Json[];
  readonly pv?: Readonly<Record<string, readonly Json[]>>;
  readonly containers: readonly string[];
  readonly gnu: boolean;
  /** Directories and files a script may name. */
  readonly directories: readonly string[];
  readonly files: readonly string[];
}

const UIDS = [0, 0, 1, 33, 1000, 1000, 1000, 1001, 65534, 999999];
const GIDS = [0, 10, 33, 1000, 2000, 3000, 65534];
const MODES = [0o400, 0o440, 0o444, 0o600, 0o640, 0o644, 0o755, 0o777];
/** Those that change the test machine or need hardware are left out. */
const ADDABLE =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_ADMIN NET_RAW IPC_LOCK SYS_PTRACE SYS_ADMIN SYS_NICE SYS_CHROOT MKNOD SETFCAP SYSLOG AUDIT_CONTROL'.split(
    ' ',
  );
const DEFAULTS =
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'.split(' ');

/** The entry with some chance: `some(r, 30, 'a', 1)` is `{ a: 1 }` three times in ten. */
const some = (r: Random, percent: number, key: string, value: () => unknown): Json => (r.chance(percent) ? { [key]: value() } : {});

function capabilities(r: Random): Json {
  const style = r.below(6);
  if (style === 0) return { drop: ['ALL'] };
  if (style === 1) return { drop: ['ALL'], add: r.many(1, 3, () => r.pick(DEFAULTS)) };
  if (style === 2) return { drop: r.many(1, 4, () => r.pick(DEFAULTS)) };
  if (style === 3) return { add: r.many(1, 3, () => r.pick(ADDABLE)) };
  if (style === 4) return { add: r.many(1, 2, () => r.pick(ADDABLE)), drop: r.many(1, 3, () => r.pick(DEFAULTS)) };
  return { add: [r.pick(['net_admin', 'Sys_Ptrace', 'NOT_A_CAPABILITY', 'PERFMON'])], drop: [r.pick(['all', 'chown', 'KILL'])] };
}

const seccomp = (r: Random): Json => ({ type: r.pick(['RuntimeDefault', 'Unconfined']) });

function containerContext(r: Random): Json {
  const privileged = r.chance(6);
  return {
    ...some(r, 25, 'runAsUser', () => r.pick(UIDS)),
    ...some(r, 15, 'runAsGroup', () => r.pick(GIDS)),
    ...some(r, 45, 'capabilities', () => capabilities(r)),
    ...(privileged ? { privileged } : some(r, 35, 'allowPrivilegeEscalation', () => r.chance(40))),
    ...some(r, 20, 'readOnlyRootFilesystem', () => r.chance(85)),
    ...some(r, 12, 'seccompProfile', () => seccomp(r)),
  };
}

/** A pod's runAsGroup without runAsUser stops the sandbox, which the oracle does not have. */
function podContext(r: Random): Json {
  const user = some(r, 60, 'runAsUser', () => r.pick(UIDS));
  return {
    ...user,
    ...('runAsUser' in user ? some(r, 45, 'runAsGroup', () => r.pick(GIDS)) : {}),
    ...some(r, 30, 'supplementalGroups', () => r.many(1, 3, () => r.pick([...GIDS, 4000, 5000]))),
    ...some(r, 35, 'fsGroup', () => r.pick([0, 33, 2000, 3000, 65534])),
    ...some(r, 12, 'supplementalGroupsPolicy', () => r.pick(['Merge', 'Strict'])),
    ...some(r, 8, 'fsGroupChangePolicy', () => r.pick(['Always', 'OnRootMismatch'])),
    ...some(r, 6, 'runAsNonRoot', () => r.chance(60)),
    ...some(r, 10, 'seccompProfile', () => seccomp(r)),
    ...some(r, 8, 'sysctls', () => [
      r.pick([
        { name: 'net.ipv4.ip_unprivileged_port_start', value: '1024' },
        { name: 'net.ipv4.ping_group_range', value: '1 0' },
        { name: 'net.ipv4.ping_group_range', value: '0 1000' },
        { name: 'kernel.shm_rmid_forced', value: '1' },
      ]),
    ]),
  };
}

interface Volume {
  readonly source: Json;
  readonly at: string;
  readonly files: readonly string[];
  /** Can be listed with `-a` and searched: no names made from the time. */
  readonly plain: boolean;
}

const HOST_TREE: readonly Json[] = [
  { path: '/srv/share', type: 'dir', mode: '755' },
  { path: '/srv/share/root-only', content: 'root\n', mode: '600' },
  { path: '/srv/share/for-1000', content: 'thousand\n', uid: 1000, gid: 1000, mode: '640' },
  { path: '/srv/share/group-2000', content: 'group\n', gid: 2000, mode: '664' },
  { path: '/srv/share/drop', type: 'dir', mode: '1777' },
  { path: '/srv/share/drop/other', content: 'other\n', uid: 33, gid: 33, mode: '666' },
  { path: '/srv/share/team', type: 'dir', gid: 2000, mode: '2770' },
];
const PV_TREE: readonly Json[] = [
  { path: '/', type: 'dir', mode: '755' },
  { path: '/db', content: 'rows\n', uid: 33, gid: 33, mode: '640' },
  { path: '/run.sh', content: '#!/bin/sh\nid -u\n', uid: 1000, gid: 1000, mode: '755' },
  { path: '/sub', type: 'dir', uid: 1000, gid: 1000, mode: '700' },
  { path: '/sub/x', content: 'x\n', uid: 1000, gid: 1000, mode: '400' },
];

function volumes(r: Random): readonly Volume[] {
  const mode = (): Json => some(r, 60, 'defaultMode', () => r.pick(MODES));
  const item = (key: string): Json => ({ key, path: key, ...some(r, 50, 'mode', () => r.pick(MODES)) });
  const kinds: readonly (() => Volume)[] = [
    () => ({ source: { emptyDir: {} }, at: '/data', files: [], plain: true }),
    () => ({ source: { emptyDir: {} }, at: '/tmp', files: [], plain: true }),
    () => ({ source: { emptyDir: { medium: 'Memory' } }, at: '/mem', files: [], plain: true }),
    () => ({
      source: { configMap: { name: 'cm', ...mode(), ...some(r, 40, 'items', () => [item('app.conf')]) } },
      at: '/cfg',
      files: ['/cfg/app.conf'],
      plain: false,
    }),
    () => ({ source: { secret: { secretName: 'sec', ...mode() } }, at: '/sec', files: ['/sec/token', '/sec/password'], plain: false }),
    () => ({
      source: { hostPath: { path: '/srv/share' } },
      at: '/host',
      files: HOST_TREE.slice(1).map((one) => String(one.path).replace('/srv/share', '/host')),
      plain: true,
    }),
    () => ({
      source: { persistentVolumeClaim: { claimName: 'claim' } },
      at: '/pv',
      files: PV_TREE.slice(1).map((one) => `/pv${one.path}`),
      plain: true,
    }),
    () => ({
      source: { downwardAPI: { ...mode(), items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
      at: '/info',
      files: ['/info/name'],
      plain: false,
    }),
    () => ({
      source: { projected: { ...mode(), sources: [{ secret: { name: 'sec', items: [item('token')] } }, { configMap: { name: 'cm' } }] } },
      at: '/all',
      files: ['/all/token', '/all/app.conf'],
      plain: false,
    }),
  ];
  const chosen = new Set(r.many(0, 3, () => r.pick(kinds)));
  return [...chosen].map((make) => make());
}

/** Programs and files of an extra image layer: set-id bits, file capabilities, modes. */
function extraFiles(r: Random, gnu: boolean): readonly Json[] {
  const from = gnu ? '/usr/bin/id' : '/bin/busybox';
  const name = gnu ? 'id' : 'busybox';
  const all: readonly Json[] = [
    { path: `/opt/suid/${name}`, type: 'copy', from, mode: '4755' },
    { path: `/opt/sgid/${name}`, type: 'copy', from, mode: '2755', gid: 33 },
    { path: `/opt/suid33/${name}`, type: 'copy', from, mode: '4755', uid: 33, gid: 33 },
    ...(gnu
      ? []
      : [
          {
            path: '/opt/fcap/busybox',
            type: 'copy',
            from,
            mode: '755',
            cap: r.pick(['cap_net_raw+ep', 'cap_chown,cap_fowner+ep', 'cap_dac_override+p', 'cap_kill=eip']),
          },
        ]),
    ...(gnu
      ? [
          {
            path: '/opt/fcap/cat',
            type: 'copy',
            from: '/usr/bin/cat',
            mode: '755',
            cap: r.pick(['cap_dac_read_search+ep', 'cap_net_admin+p', 'cap_sys_time+ep']),
          },
        ]
      : []),
    { path: '/opt/script', content: '#!/bin/sh\nid\n', mode: '4755' },
    { path: '/app', type: 'dir', uid: 1000, gid: 1000, mode: '750' },
    { path: '/app/conf', content: 'key=value\n', uid: 1000, gid: 2000, mode: '640' },
    { path: '/app/link', type: 'symlink', target: 'conf' },
    { path: '/app/noexec.sh', content: 'echo hi\n', mode: '644' },
    { path: '/pub', type: 'dir', mode: '1777' },
    { path: '/pub/33', content: '33\n', uid: 33, gid: 33, mode: '644' },
  ];
  return r.chance(60) ? all : [];
}

const OBJECTS: readonly Json[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cm' }, data: { 'app.conf': 'a=1\n', 'run.sh': '#!/bin/sh\nid\n' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'sec' }, stringData: { token: 's3cret\n', password: 'pw\n' } },
];

/** A pod from a source of chance. */
export function fuzzPod(r: Random): FuzzPod {
  const image = r.pick(['busybox', 'busybox', 'busybox', 'agnhost-like', 'node-hello-like', 'node-hello-like']);
  const gnu = image === 'node-hello-like';
  const mounted = volumes(r);
  const share = r.chance(8);
  const files = share ? [] : extraFiles(r, gnu); // the oracle would put them into its pause image, too
  const names = r.chance(12) ? ['main', 'side'] : ['main'];
  const mounts = mounted.map(({ at }) => ({ name: at.slice(1), mountPath: at, ...some(r, 12, 'readOnly', () => true) }));
  const spec = {
    ...some(r, 8, 'hostUsers', () => false),
    ...(share ? { shareProcessNamespace: true } : {}),
    ...some(r, 85, 'securityContext', () => podContext(r)),
    containers: names.map((name) => ({
      name,
      image: 'image',
      ...(gnu ? { command: ['sleep', '1h'] } : {}),
      ...some(r, 8, 'workingDir', () => r.pick(['/tmp', '/work', ...mounted.map(({ at }) => at)])),
      ...some(r, 85, 'securityContext', () => containerContext(r)),
      ...(mounts.length > 0 ? { volumeMounts: mounts } : {}),
    })),
    ...(mounts.length > 0 ? { volumes: mounted.map(({ at, source }) => ({ name: at.slice(1), ...source })) } : {}),
  };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'pod' }, spec };
  const claims = mounted.some(({ at }) => at === '/pv');
  const objects = mounted.some(({ plain }) => !plain) ? OBJECTS : [];
  const layer = files.length > 0 ? ['/opt', '/app', '/pub'] : [];
  return {
    manifest: [pod, ...objects].map((one) => stringify(one)).join('---\n'),
    image,
    ...(r.chance(15) ? { image_config: { User: r.pick(['1000', '1000:2000', 'nobody', 'www-data', '33:33', 'daemon']) } } : {}),
    image_files: files,
    ...(mounted.some(({ at }) => at === '/host') ? { host_files: HOST_TREE } : {}),
    ...(claims ? { pv: { claim: PV_TREE } } : {}),
    containers: names,
    gnu,
    directories: [
      '/tmp',
      '/',
      '/etc',
      '/root',
      '/home',
      '/var',
      '/dev',
      ...layer,
      ...mounted.filter(({ plain }) => plain).map(({ at }) => at),
    ],
    files: [
      '/etc/passwd',
      gnu ? '/etc/gshadow' : '/etc/shadow', // Debian's shadow has the day it was made
      '/etc/group',
      '/etc/hostname',
      ...files.filter((one) => one.type !== 'dir' && one.type !== 'copy').map((one) => String(one.path)),
      ...mounted.flatMap((one) => one.files),
    ],
  };
}
