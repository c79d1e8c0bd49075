// Where the parts of config.json come from: the CRI configuration's own origins, the image, or the runtime.

import { type Annotated, type Origin, originAt } from '#provenance/origin.ts';
import type { ContainerConfig } from '../cri.ts';
import type { RuntimeSpec } from '../oci.ts';
import type { Relabelled } from './relabel.ts';
import type { ResolvedUser } from './users.ts';

const DEFAULT_CAPS: Origin = { kind: 'default', rule: 'containerd.defaultCapabilities' };

/** Parts that do not depend on the manifest. */
const FIXED = ['/ociVersion', '/root/path', '/hostname', '/annotations', '/linux/cgroupsPath', '/linux/sysctl', '/linux/rootfsPropagation'];

/** Origins by pointer into config.json. Members of lists have their own where they have causes of their own. */
export function specOrigins(
  {
    config,
    image,
    relabelled,
  }: {
    readonly config: Annotated<ContainerConfig>;
    readonly image: { readonly name: string };
    readonly relabelled?: Relabelled;
  },
  user: ResolvedUser,
  value: RuntimeSpec,
): Record<string, Origin> {
  const of = (pointer: string): Origin => originAt(config.origins, pointer) ?? { kind: 'default', rule: 'containerd' };
  const security = '/linux/security_context';
  const rule = (name: string, from: readonly Origin[], operands?: Readonly<Record<string, unknown>>): Origin => ({
    kind: 'rule',
    rule: name,
    from,
    ...(operands && { operands }),
  });
  const file = (what: string): Origin => ({ kind: 'image', image: config.value.image.user_specified_image || image.name, what });
  const sc = config.value.linux.security_context;
  const userOrigin = sc.run_as_user === undefined ? of(`${security}/run_as_username`) : of(`${security}/run_as_user`);
  const gidOrigin =
    user.gidFrom === 'runAsGroup'
      ? of(`${security}/run_as_group`)
      : user.gidFrom === 'passwd'
        ? rule('user.gidFromPasswd', [userOrigin, file('/etc/passwd')])
        : rule('user.gidDefault', [userOrigin]);
  const command = config.value.command.length > 0 ? of('/command') : config.value.args.length > 0 ? of('/args') : file('Cmd');
  const added = sc.capabilities?.add_capabilities ?? [];
  const caps = rule(
    'containerd.capabilities',
    sc.privileged
      ? [of(`${security}/privileged`)]
      : [DEFAULT_CAPS, ...(sc.capabilities === undefined ? [] : [of(`${security}/capabilities`)])],
    {
      add: added,
      drop: sc.capabilities?.drop_capabilities ?? [],
    },
  );
  const labels = rule(
    'containerd.selinux',
    Object.entries(sc.selinux_options ?? {}).flatMap(([name, part]) => (part === '' ? [] : [of(`${security}/selinux_options/${name}`)])),
  );
  return {
    '/process/user/uid': userOrigin,
    '/process/user/gid': gidOrigin,
    ...Object.fromEntries(
      user.additionalGids.map((gid, at): [string, Origin] => {
        const listed = sc.supplemental_groups.flatMap((one, i) => (one === gid ? [of(`${security}/supplemental_groups/${i}`)] : []));
        const from = [...(gid === user.gid ? [gidOrigin] : []), ...(user.imageGids.includes(gid) ? [file('/etc/group')] : []), ...listed];
        return [`/process/user/additionalGids/${at}`, rule('containerd.additionalGids', from)];
      }),
    ),
    '/process/args': command,
    '/process/env': rule('containerd.environment', [file('Env'), of('/envs')]),
    '/process/cwd': config.value.working_dir !== '' ? of('/working_dir') : file('WorkingDir'),
    '/process/capabilities': caps,
    ...Object.fromEntries(
      Object.entries(value.process.capabilities ?? {}).flatMap(([set, names]) =>
        (names as readonly string[]).map((name, at): [string, Origin] => {
          const asked = added.findIndex((one) => `CAP_${one.toUpperCase()}` === name || one.toUpperCase() === 'ALL');
          const from = sc.privileged
            ? of(`${security}/privileged`)
            : asked === -1
              ? DEFAULT_CAPS
              : of(`${security}/capabilities/add_capabilities/${asked}`);
          return [`/process/capabilities/${set}/${at}`, from];
        }),
      ),
    ),
    '/process/noNewPrivileges': of(`${security}/no_new_privs`),
    '/process/oomScoreAdj': of('/linux/resources/oom_score_adj'),
    '/process/apparmorProfile':
      sc.apparmor === undefined
        ? { kind: 'default', rule: 'containerd.apparmor' }
        : rule('containerd.apparmor', [of(`${security}/apparmor`)]),
    '/process/selinuxLabel': labels,
    '/linux/mountLabel': labels,
    '/root/readonly': of(`${security}/readonly_rootfs`),
    ...Object.fromEntries(
      value.mounts.map((mount, at): [string, Origin] => {
        const asked = config.value.mounts.findIndex((one) => one.container_path === mount.destination);
        const cause: Origin = asked === -1 ? { kind: 'default', rule: 'containerd.mounts' } : of(`/mounts/${asked}`);
        if (relabelled === undefined) return [`/mounts/${at}`, cause];
        return [`/mounts/${at}`, rule('containerd.relabel', [cause], { relabelled: relabelled.get(mount.destination) ?? 0 })];
      }),
    ),
    '/linux/maskedPaths': of(`${security}/masked_paths`),
    '/linux/readonlyPaths': of(`${security}/readonly_paths`),
    '/linux/seccomp': rule('containerd.seccomp', [of(`${security}/seccomp`)]),
    '/linux/namespaces': of(`${security}/namespace_options`),
    '/linux/uidMappings': of(`${security}/namespace_options/userns_options`),
    '/linux/gidMappings': of(`${security}/namespace_options/userns_options`),
    '/linux/resources': rule('containerd.resources', [of('/linux/resources'), of(`${security}/privileged`)]),
    '/linux/devices': rule('containerd.devices', [of(`${security}/privileged`)]),
    ...Object.fromEntries(FIXED.map((pointer): [string, Origin] => [pointer, { kind: 'default', rule: `containerd.${pointer.slice(1)}` }])),
  };
}
