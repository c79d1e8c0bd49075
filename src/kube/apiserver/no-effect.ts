// Lines that are accepted but change nothing, with the reason; found from the Pod alone.

// biome-ignore lint/suspicious/noExplicitAny: the Pod has been checked against the schema tables by decode
type Json = any;

export interface NoEffect {
  readonly pointer: string;
  readonly message: string;
}

const KNOWN = new Set(
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  ),
);
/** Pod fields a container field of the same name replaces. */
const OVERRIDDEN = ['runAsUser', 'runAsGroup', 'runAsNonRoot', 'seLinuxOptions', 'seccompProfile', 'appArmorProfile'];

/** Findings for a decoded Pod. */
export function noEffect(pod: Json): NoEffect[] {
  const out: NoEffect[] = [];
  const spec = pod.spec ?? {};
  const context = spec.securityContext ?? {};
  const containers: [Json, string][] = ['initContainers', 'containers'].flatMap((list) =>
    (spec[list] ?? []).map((c: Json, i: number): [Json, string] => [c, `/spec/${list}/${i}/securityContext`]),
  );
  for (const key of OVERRIDDEN) {
    if (context[key] !== undefined && containers.length > 0 && containers.every(([c]) => c.securityContext?.[key] !== undefined)) {
      out.push({ pointer: `/spec/securityContext/${key}`, message: `no effect on any container: every container sets its own ${key}` });
    }
  }
  const mountable = (spec.volumes ?? []).some((volume: Json) => volume.hostPath === undefined && volume.nfs === undefined);
  if (context.fsGroupChangePolicy !== undefined && context.fsGroup === undefined)
    out.push({ pointer: '/spec/securityContext/fsGroupChangePolicy', message: 'no effect: fsGroup is not set' });
  else if (
    context.fsGroupChangePolicy !== undefined &&
    !(spec.volumes ?? []).some((volume: Json) => volume.persistentVolumeClaim ?? volume.csi ?? volume.ephemeral)
  ) {
    out.push({
      pointer: '/spec/securityContext/fsGroupChangePolicy',
      message:
        'no effect: no volume keeps its files from an earlier Pod (it does not apply to emptyDir, configMap, secret and projected volumes)',
    });
  }
  if (context.fsGroup !== undefined && (spec.volumes ?? []).length > 0 && !mountable)
    out.push({
      pointer: '/spec/securityContext/fsGroup',
      message: 'changes no volume: ownership of hostPath and NFS volumes is not managed; the group is still added to the processes',
    });
  for (const [container, at] of containers) out.push(...containerFindings(container.securityContext ?? {}, context, at));
  return out;
}

function containerFindings(own: Json, context: Json, at: string): NoEffect[] {
  const out: NoEffect[] = [];
  const user = own.runAsUser ?? context.runAsUser;
  const add: string[] = own.capabilities?.add ?? [];
  add.forEach((name, i) => {
    const bare = name.toUpperCase();
    if (bare === 'ALL' || KNOWN.has(bare)) return;
    const hint =
      bare.startsWith('CAP_') && KNOWN.has(bare.slice(4))
        ? `write it without the prefix: ${bare.slice(4)}`
        : 'the runtime knows no capability of this name';
    out.push({ pointer: `${at}/capabilities/add/${i}`, message: `no effect: ${hint}` });
  });
  if (own.privileged === true) {
    if (own.capabilities !== undefined)
      out.push({ pointer: `${at}/capabilities`, message: 'no effect: a privileged container has every capability' });
    if (own.seccompProfile !== undefined)
      out.push({ pointer: `${at}/seccompProfile`, message: 'no effect: a privileged container runs without seccomp' });
    if (own.appArmorProfile !== undefined)
      out.push({ pointer: `${at}/appArmorProfile`, message: 'no effect: a privileged container runs without an AppArmor profile' });
    if (own.procMount !== undefined)
      out.push({ pointer: `${at}/procMount`, message: 'no effect: a privileged container sees an unmasked /proc' });
  } else if (add.length > 0 && typeof user === 'number' && user !== 0) {
    out.push({
      pointer: `${at}/capabilities/add`,
      message: `the process runs as uid ${user}, so the added capabilities only widen its bounding set; its effective set stays empty`,
    });
  }
  return out;
}
