// The checks of the Pod Security Standards, by id and version.
// Counterpart: k8s.io/pod-security-admission v0.36 policy/check_*.go and registry.go.

import { containersText, failing, join, plural, quote, type Subject, setters, sortedSet, type Violation } from './pod-security-subject.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export type Level = 'privileged' | 'baseline' | 'restricted';

interface Check {
  readonly id: string;
  readonly since: number;
  readonly overrides?: string;
  readonly run: (subject: Subject) => Omit<Violation, 'id'> | null;
}

const LATEST = 36;
const BASELINE_CAPABILITIES = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);
const SYSCTLS: readonly (readonly [number, string])[] = [
  [0, 'kernel.shm_rmid_forced'],
  [0, 'net.ipv4.ip_local_port_range'],
  [0, 'net.ipv4.tcp_syncookies'],
  [0, 'net.ipv4.ping_group_range'],
  [0, 'net.ipv4.ip_unprivileged_port_start'],
  [27, 'net.ipv4.ip_local_reserved_ports'],
  [29, 'net.ipv4.tcp_keepalive_time'],
  [29, 'net.ipv4.tcp_fin_timeout'],
  [29, 'net.ipv4.tcp_keepalive_intvl'],
  [29, 'net.ipv4.tcp_keepalive_probes'],
  [32, 'net.ipv4.tcp_rmem'],
  [32, 'net.ipv4.tcp_wmem'],
];
const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

function appArmorProfile({ meta, spec, containers }: Subject): Omit<Violation, 'id'> | null {
  const values: string[] = [];
  const bad = (context: Json): boolean => {
    const type = context?.appArmorProfile?.type;
    if (type === undefined || type === 'RuntimeDefault' || type === 'Localhost') return false;
    values.push(quote(type));
    return true;
  };
  const pod = bad(spec.securityContext);
  const names = containers.filter((c) => bad(c.securityContext)).map((c) => c.name);
  const notes = Object.entries((meta.annotations ?? {}) as Record<string, string>).filter(
    ([key, value]) => key.startsWith(APPARMOR) && value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'),
  );
  for (const [key, value] of notes) values.push(`"${key}=${quote(value)}"`);
  if (values.length === 0) return null;
  const parts = [
    ...(pod ? ['pod'] : []),
    ...(names.length > 0 ? [containersText(names)] : []),
    ...(notes.length > 0 ? [plural('annotation', notes.length)] : []),
  ];
  const distinct = sortedSet(values);
  return {
    reason: plural('forbidden AppArmor profile', distinct.length),
    detail: `${parts.join(' and ')} must not set AppArmor profile type to ${distinct.join(', ')}`,
  };
}

function capabilities(subject: Subject, allowed: (name: string) => boolean): { names: string[]; values: string[] } {
  const values: string[] = [];
  const names = failing(subject, (_, context) => {
    const extra = (context.capabilities?.add ?? []).filter((name: string) => !allowed(name));
    values.push(...extra);
    return extra.length > 0;
  });
  return { names, values: sortedSet(values) };
}

function hostPorts(subject: Subject): Omit<Violation, 'id'> | null {
  const ports: string[] = [];
  const names = failing(subject, (container) => {
    const used = (container.ports ?? []).filter((port: Json) => port.hostPort).map((port: Json) => String(port.hostPort));
    ports.push(...used);
    return used.length > 0;
  });
  const distinct = sortedSet(ports);
  return names.length === 0
    ? null
    : {
        reason: 'hostPort',
        detail: `${containersText(names)} ${names.length === 1 ? 'uses' : 'use'} ${plural('hostPort', distinct.length)} ${distinct.join(', ')}`,
      };
}

function hostProbes(subject: Subject): Omit<Violation, 'id'> | null {
  const hosts: string[] = [];
  const names = failing(subject, (container) => {
    const handlers = [
      container.livenessProbe,
      container.readinessProbe,
      container.startupProbe,
      container.lifecycle?.postStart,
      container.lifecycle?.preStop,
    ];
    const used = handlers
      .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
      .filter((host): host is string => Boolean(host));
    hosts.push(...used);
    return used.length > 0;
  });
  const distinct = sortedSet(hosts);
  return names.length === 0
    ? null
    : {
        reason: 'probe or lifecycle host',
        detail: `${containersText(names)} ${names.length === 1 ? 'uses' : 'use'} probe or lifecycle ${plural('host', distinct.length)} ${join(distinct)}`,
      };
}

function procMount(subject: Subject, relaxed: boolean): Omit<Violation, 'id'> | null {
  if (relaxed && subject.version >= 35 && subject.spec.hostUsers === false) return null;
  const values: string[] = [];
  const names = failing(subject, (_, context) => {
    const bad = context.procMount !== undefined && context.procMount !== 'Default';
    if (bad) values.push(context.procMount);
    return bad;
  });
  return names.length === 0
    ? null
    : { reason: 'procMount', detail: `${containersText(names)} must not set securityContext.procMount to ${join(sortedSet(values))}` };
}

function seLinux(subject: Subject): Omit<Violation, 'id'> | null {
  const allowed = ['', 'container_t', 'container_init_t', 'container_kvm_t', ...(subject.version >= 31 ? ['container_engine_t'] : [])];
  const types: string[] = [];
  let user = false;
  let role = false;
  const bad = (context: Json): boolean => {
    const options = context?.seLinuxOptions;
    if (options === undefined) return false;
    const wrong = !allowed.includes(options.type ?? '');
    if (wrong) types.push(options.type);
    user ||= Boolean(options.user);
    role ||= Boolean(options.role);
    return wrong || Boolean(options.user) || Boolean(options.role);
  };
  const pod = bad(subject.spec.securityContext);
  const names = failing(subject, (_, context) => bad(context));
  if (!pod && names.length === 0) return null;
  const distinct = sortedSet(types);
  const what = [
    ...(distinct.length > 0 ? [`${plural('type', distinct.length)} ${join(distinct)}`] : []),
    ...(user ? ['user may not be set'] : []),
    ...(role ? ['role may not be set'] : []),
  ];
  return { reason: 'seLinuxOptions', detail: `${setters(pod, names)} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}` };
}

function badSeccomp(subject: Subject): { pod: boolean; names: string[]; detail: string } | null {
  const values: string[] = [];
  const bad = (context: Json): boolean => {
    const type = context?.seccompProfile?.type;
    if (type === undefined || type === 'RuntimeDefault' || type === 'Localhost') return false;
    values.push(type);
    return true;
  };
  const pod = bad(subject.spec.securityContext);
  const names = failing(subject, (_, context) => bad(context));
  if (!pod && names.length === 0) return null;
  return { pod, names, detail: `${setters(pod, names)} must not set securityContext.seccompProfile.type to ${join(sortedSet(values))}` };
}

const SECCOMP_NOTE = /^(seccomp\.security\.alpha\.kubernetes\.io\/pod|container\.seccomp\.security\.alpha\.kubernetes\.io\/.*)$/;

function seccompBaseline(subject: Subject): Omit<Violation, 'id'> | null {
  if (subject.version >= 19) {
    const bad = badSeccomp(subject);
    return bad === null ? null : { reason: 'seccompProfile', detail: bad.detail };
  }
  const notes = Object.entries((subject.meta.annotations ?? {}) as Record<string, string>).filter(
    ([key, value]) =>
      SECCOMP_NOTE.test(key) && value !== 'runtime/default' && value !== 'docker/default' && !value.startsWith('localhost/'),
  );
  const shown = notes.map(([key, value]) => `${key}=${quote(value)}`).sort();
  return notes.length === 0
    ? null
    : { reason: 'seccompProfile', detail: `forbidden ${plural('annotation', notes.length)} ${shown.join(', ')}` };
}

function seccompRestricted(subject: Subject): Omit<Violation, 'id'> | null {
  if (subject.version >= 25 && subject.windows) return null;
  const bad = badSeccomp(subject);
  if (bad !== null) return { reason: 'seccompProfile', detail: bad.detail };
  if (subject.spec.securityContext?.seccompProfile?.type !== undefined) return null;
  const names = failing(subject, (_, context) => context.seccompProfile?.type === undefined);
  return names.length === 0
    ? null
    : {
        reason: 'seccompProfile',
        detail: `pod or ${containersText(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
      };
}

function windowsHostProcess(subject: Subject): Omit<Violation, 'id'> | null {
  const pod = subject.spec.securityContext?.windowsOptions?.hostProcess === true;
  const names = failing(subject, (_, context) => context.windowsOptions?.hostProcess === true);
  return pod || names.length > 0
    ? { reason: 'hostProcess', detail: `${setters(pod, names)} must not set securityContext.windowsOptions.hostProcess=true` }
    : null;
}

function runAsNonRoot(subject: Subject): Omit<Violation, 'id'> | null {
  if (subject.version >= 35 && subject.spec.hostUsers === false) return null;
  const own = subject.spec.securityContext?.runAsNonRoot;
  const pod = own === false;
  const explicit = failing(subject, (_, context) => context.runAsNonRoot === false);
  // A pod-level false counts only where it is the cause: with all containers true it is still named.
  if (pod || explicit.length > 0)
    return { reason: 'runAsNonRoot != true', detail: `${setters(pod, explicit)} must not set securityContext.runAsNonRoot=false` };
  if (own === true) return null;
  const implicit = failing(subject, (_, context) => context.runAsNonRoot === undefined);
  return implicit.length === 0
    ? null
    : { reason: 'runAsNonRoot != true', detail: `pod or ${containersText(implicit)} must set securityContext.runAsNonRoot=true` };
}

function runAsUser(subject: Subject): Omit<Violation, 'id'> | null {
  if (subject.version >= 35 && subject.spec.hostUsers === false) return null;
  const pod = subject.spec.securityContext?.runAsUser === 0;
  const names = failing(subject, (_, context) => context.runAsUser === 0);
  return pod || names.length > 0 ? { reason: 'runAsUser=0', detail: `${setters(pod, names)} must not set runAsUser=0` } : null;
}

const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

function restrictedVolumes({ spec }: Subject): Omit<Violation, 'id'> | null {
  const bad = ((spec.volumes ?? []) as Json[])
    .map((volume) => ({ name: volume.name as string, type: Object.keys(volume).find((key) => key !== 'name') ?? 'unknown' }))
    .filter(({ type }) => !VOLUMES.has(type));
  const types = sortedSet(bad.map(({ type }) => type));
  const names = bad.map(({ name }) => name);
  return bad.length === 0
    ? null
    : {
        reason: 'restricted volume types',
        detail: `${plural('volume', names.length)} ${join(names)} ${names.length === 1 ? 'uses' : 'use'} restricted volume ${plural('type', types.length)} ${join(types)}`,
      };
}

function restrictedCapabilities(subject: Subject): Omit<Violation, 'id'> | null {
  if (subject.version >= 25 && subject.windows) return null;
  const missing = failing(subject, (_, context) => !(context.capabilities?.drop ?? []).includes('ALL'));
  const { names, values } = capabilities(subject, (name) => name === 'NET_BIND_SERVICE');
  const details = [
    ...(missing.length > 0 ? [`${containersText(missing)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(names.length > 0 ? [`${containersText(names)} must not include ${join(values)} in securityContext.capabilities.add`] : []),
  ];
  return details.length === 0 ? null : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

const BASELINE: readonly Check[] = [
  { id: 'appArmorProfile', since: 0, run: appArmorProfile },
  {
    id: 'capabilities_baseline',
    since: 0,
    run: (s) => {
      const { names, values } = capabilities(s, (name) => BASELINE_CAPABILITIES.has(name));
      return names.length === 0
        ? null
        : {
            reason: 'non-default capabilities',
            detail: `${containersText(names)} must not include ${join(values)} in securityContext.capabilities.add`,
          };
    },
  },
  {
    id: 'hostNamespaces',
    since: 0,
    run: ({ spec }) => {
      const set = ['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => spec[key]).map((key) => `${key}=true`);
      return set.length === 0 ? null : { reason: 'host namespaces', detail: set.join(', ') };
    },
  },
  {
    id: 'hostPathVolumes',
    since: 0,
    run: ({ spec }) => {
      const names = ((spec.volumes ?? []) as Json[])
        .filter((volume) => volume.hostPath !== undefined)
        .map((volume) => volume.name as string);
      return names.length === 0 ? null : { reason: 'hostPath volumes', detail: `${plural('volume', names.length)} ${join(names)}` };
    },
  },
  { id: 'hostPorts', since: 0, run: hostPorts },
  { id: 'hostProbesAndHostLifecycle', since: 34, run: hostProbes },
  {
    id: 'privileged',
    since: 0,
    run: (s) => {
      const names = failing(s, (_, context) => context.privileged === true);
      return names.length === 0
        ? null
        : { reason: 'privileged', detail: `${containersText(names)} must not set securityContext.privileged=true` };
    },
  },
  { id: 'procMount', since: 0, run: (s) => procMount(s, true) },
  { id: 'seLinuxOptions', since: 0, run: seLinux },
  { id: 'seccompProfile_baseline', since: 0, run: seccompBaseline },
  {
    id: 'sysctls',
    since: 0,
    run: ({ spec, version }) => {
      const allowed = new Set(SYSCTLS.filter(([since]) => version >= since).map(([, name]) => name));
      const bad = ((spec.securityContext?.sysctls ?? []) as Json[])
        .map((sysctl) => sysctl.name as string)
        .filter((name) => !allowed.has(name));
      return bad.length === 0 ? null : { reason: 'forbidden sysctls', detail: bad.join(', ') };
    },
  },
  { id: 'windowsHostProcess', since: 0, run: windowsHostProcess },
];

const RESTRICTED: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    since: 8,
    run: (s) => {
      if (s.version >= 25 && s.windows) return null;
      const names = failing(s, (_, context) => context.allowPrivilegeEscalation !== false);
      return names.length === 0
        ? null
        : {
            reason: 'allowPrivilegeEscalation != false',
            detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`,
          };
    },
  },
  { id: 'capabilities_restricted', since: 22, overrides: 'capabilities_baseline', run: restrictedCapabilities },
  { id: 'procMount_restricted', since: 35, overrides: 'procMount', run: (s) => procMount(s, false) },
  { id: 'restrictedVolumes', since: 0, overrides: 'hostPathVolumes', run: restrictedVolumes },
  { id: 'runAsNonRoot', since: 0, run: runAsNonRoot },
  { id: 'runAsUser', since: 23, run: runAsUser },
  { id: 'seccompProfile_restricted', since: 19, overrides: 'seccompProfile_baseline', run: seccompRestricted },
];

/** The violations of a level at a version ("latest" or "v1.N"), in the order messages list them. */
export function evaluate(level: Level, version: string, meta: Json, spec: Json): readonly Violation[] {
  if (level === 'privileged') return [];
  const number = version === 'latest' ? LATEST : Math.min(Number(version.slice(3)), LATEST);
  const restricted = level === 'restricted' ? RESTRICTED.filter((check) => check.since <= number) : [];
  const overridden = new Set(restricted.map((check) => check.overrides));
  const checks = [...BASELINE.filter((check) => check.since <= number && !overridden.has(check.id)), ...restricted];
  const containers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => (spec[list] ?? []) as Json[]);
  const subject: Subject = { meta, spec, containers, version: number, windows: spec.os?.name === 'windows' };
  return checks.flatMap((check) => {
    const result = check.run(subject);
    return result === null ? [] : [{ id: check.id, ...result }];
  });
}
