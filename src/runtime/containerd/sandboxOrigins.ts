// Where the parts of a sandbox's config.json come from: the CRI configuration's own origins, the pause image, or the runtime.

import { type Annotated, type Origin, originAt } from '#provenance/origin.ts';
import type { PodSandboxConfig } from '../cri.ts';
import { SANDBOX_IMAGE } from '../images/index.ts';
import type { RuntimeSpec } from '../oci.ts';

/** Parts that are the same for every sandbox. */
const FIXED = [
  '/ociVersion',
  '/process/env',
  '/process/cwd',
  '/process/capabilities',
  '/process/noNewPrivileges',
  '/process/oomScoreAdj',
  '/root',
  '/linux/resources',
  '/linux/maskedPaths',
  '/linux/readonlyPaths',
];

/** Origins by pointer into a sandbox's config.json. */
export function sandboxOrigins(config: Annotated<PodSandboxConfig>, value: RuntimeSpec): Record<string, Origin> {
  const of = (pointer: string): Origin => originAt(config.origins, pointer) ?? { kind: 'default', rule: 'containerd.sandbox' };
  const byDefault = (pointer: string): Origin => ({ kind: 'default', rule: `containerd.sandbox${pointer}` });
  const rule = (name: string, ...from: Origin[]): Origin => ({ kind: 'rule', rule: name, from });
  const security = '/linux/security_context';
  const { run_as_user: user, run_as_group: group, privileged } = config.value.linux.security_context;
  const uid: Origin = user === undefined ? { kind: 'image', image: SANDBOX_IMAGE, what: 'USER' } : of(`${security}/run_as_user`);
  const gid = group === undefined ? rule('user.gidDefault', uid) : of(`${security}/run_as_group`);
  const labels = rule(
    'containerd.selinux',
    ...Object.entries(config.value.linux.security_context.selinux_options ?? {}).flatMap(([name, part]) =>
      part === '' ? [] : [of(`${security}/selinux_options/${name}`)],
    ),
  );
  const namespaces: Readonly<Record<string, string>> = {
    pid: 'pid',
    ipc: 'ipc',
    uts: 'network',
    network: 'network',
    user: 'userns_options',
  };
  return {
    ...Object.fromEntries(FIXED.map((pointer) => [pointer, byDefault(pointer)])),
    '/process/user/uid': uid,
    '/process/user/gid': gid,
    '/process/user/additionalGids': rule('containerd.additionalGids', gid),
    '/process/args': { kind: 'image', image: SANDBOX_IMAGE, what: 'Entrypoint' },
    '/process/selinuxLabel': labels,
    '/linux/mountLabel': labels,
    '/hostname': of('/hostname'),
    ...Object.fromEntries(
      value.mounts.map(({ destination }, at): [string, Origin] => {
        if (destination === '/dev/shm') return [`/mounts/${at}`, of(`${security}/namespace_options/ipc`)];
        if (destination === '/etc/resolv.conf') return [`/mounts/${at}`, of('/dns_config')];
        return [`/mounts/${at}`, privileged ? of(`${security}/privileged`) : byDefault('/mounts')];
      }),
    ),
    '/annotations': rule('containerd.sandbox/annotations', of('/metadata'), of('/linux/resources')),
    '/annotations/io.kubernetes.cri.sandbox-name': of('/metadata/name'),
    '/annotations/io.kubernetes.cri.sandbox-namespace': of('/metadata/namespace'),
    '/annotations/io.kubernetes.cri.sandbox-uid': of('/metadata/uid'),
    '/linux/uidMappings': of(`${security}/namespace_options/userns_options`),
    '/linux/gidMappings': of(`${security}/namespace_options/userns_options`),
    '/linux/sysctl': rule('containerd.sandbox/linux/sysctl', of(`${security}/namespace_options/network`)),
    ...Object.fromEntries(Object.keys(config.value.linux.sysctls).map((name) => [`/linux/sysctl/${name}`, of(`/linux/sysctls/${name}`)])),
    '/linux/cgroupsPath': of('/linux/cgroup_parent'),
    ...Object.fromEntries(
      (value.linux.namespaces ?? []).map(({ type }, at): [string, Origin] => {
        const option = namespaces[type];
        return [
          `/linux/namespaces/${at}`,
          option === undefined ? byDefault('/linux/namespaces') : of(`${security}/namespace_options/${option}`),
        ];
      }),
    ),
    '/linux/seccomp': rule('containerd.seccomp', of(`${security}/seccomp`), of(`${security}/privileged`)),
  };
}
