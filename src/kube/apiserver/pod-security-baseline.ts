// The checks of the Baseline level, by id and version.
// Counterpart: k8s.io/pod-security-admission v0.36 policy/check_*.go and registry.go.

import { escapePointer } from '#yaml/nodes.ts';
import {
  at,
  type Check,
  containersText,
  type Finding,
  failing,
  join,
  plural,
  quote,
  type Subject,
  setters,
  sortedSet,
} from './pod-security-subject.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

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

function appArmorProfile({ meta, spec, containers }: Subject): Finding | null {
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
    pointers: [
      ...at({ spec }, 'securityContext/appArmorProfile/type', names, pod),
      ...notes.map(([key]) => `/metadata/annotations/${escapePointer(key)}`),
    ],
  };
}

export function capabilities(subject: Subject, allowed: (name: string) => boolean): { names: string[]; values: string[] } {
  const values: string[] = [];
  const names = failing(subject, (_, context) => {
    const extra = (context.capabilities?.add ?? []).filter((name: string) => !allowed(name));
    values.push(...extra);
    return extra.length > 0;
  });
  return { names, values: sortedSet(values) };
}

function hostPorts(subject: Subject): Finding | null {
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
        pointers: at(subject, 'ports', names),
      };
}

function hostProbes(subject: Subject): Finding | null {
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
        pointers: at(subject, '', names),
      };
}

export function procMount(subject: Subject, relaxed: boolean): Finding | null {
  if (relaxed && subject.version >= 35 && subject.spec.hostUsers === false) return null;
  const values: string[] = [];
  const names = failing(subject, (_, context) => {
    const bad = context.procMount !== undefined && context.procMount !== 'Default';
    if (bad) values.push(context.procMount);
    return bad;
  });
  return names.length === 0
    ? null
    : {
        reason: 'procMount',
        detail: `${containersText(names)} must not set securityContext.procMount to ${join(sortedSet(values))}`,
        pointers: at(subject, 'securityContext/procMount', names),
      };
}

function seLinux(subject: Subject): Finding | null {
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
  return {
    reason: 'seLinuxOptions',
    detail: `${setters(pod, names)} set forbidden securityContext.seLinuxOptions: ${what.join('; ')}`,
    pointers: at(subject, 'securityContext/seLinuxOptions', names, pod),
  };
}

export function badSeccomp(subject: Subject): Finding | null {
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
  return {
    reason: 'seccompProfile',
    detail: `${setters(pod, names)} must not set securityContext.seccompProfile.type to ${join(sortedSet(values))}`,
    pointers: at(subject, 'securityContext/seccompProfile/type', names, pod),
  };
}

const SECCOMP_NOTE = /^(seccomp\.security\.alpha\.kubernetes\.io\/pod|container\.seccomp\.security\.alpha\.kubernetes\.io\/.*)$/;

function seccompBaseline(subject: Subject): Finding | null {
  if (subject.version >= 19) return badSeccomp(subject);
  const notes = Object.entries((subject.meta.annotations ?? {}) as Record<string, string>).filter(
    ([key, value]) =>
      SECCOMP_NOTE.test(key) && value !== 'runtime/default' && value !== 'docker/default' && !value.startsWith('localhost/'),
  );
  const shown = notes.map(([key, value]) => `${key}=${quote(value)}`).sort();
  return notes.length === 0
    ? null
    : {
        reason: 'seccompProfile',
        detail: `forbidden ${plural('annotation', notes.length)} ${shown.join(', ')}`,
        pointers: notes.map(([key]) => `/metadata/annotations/${escapePointer(key)}`),
      };
}

function windowsHostProcess(subject: Subject): Finding | null {
  const pod = subject.spec.securityContext?.windowsOptions?.hostProcess === true;
  const names = failing(subject, (_, context) => context.windowsOptions?.hostProcess === true);
  return pod || names.length > 0
    ? {
        reason: 'hostProcess',
        detail: `${setters(pod, names)} must not set securityContext.windowsOptions.hostProcess=true`,
        pointers: at(subject, 'securityContext/windowsOptions/hostProcess', names, pod),
      }
    : null;
}

export const BASELINE: readonly Check[] = [
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
            pointers: at(s, 'securityContext/capabilities/add', names),
          };
    },
  },
  {
    id: 'hostNamespaces',
    since: 0,
    run: ({ spec }) => {
      const set = ['hostNetwork', 'hostPID', 'hostIPC'].filter((key) => spec[key]);
      return set.length === 0
        ? null
        : { reason: 'host namespaces', detail: set.map((key) => `${key}=true`).join(', '), pointers: set.map((key) => `/spec/${key}`) };
    },
  },
  {
    id: 'hostPathVolumes',
    since: 0,
    run: ({ spec }) => {
      const bad = (spec.volumes ?? []).flatMap((volume: Json, i: number) => (volume.hostPath === undefined ? [] : [i]));
      const names: string[] = bad.map((i: number) => spec.volumes[i].name);
      return names.length === 0
        ? null
        : {
            reason: 'hostPath volumes',
            detail: `${plural('volume', names.length)} ${join(names)}`,
            pointers: bad.map((i: number) => `/spec/volumes/${i}/hostPath`),
          };
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
        : {
            reason: 'privileged',
            detail: `${containersText(names)} must not set securityContext.privileged=true`,
            pointers: at(s, 'securityContext/privileged', names),
          };
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
      const sysctls: readonly Json[] = spec.securityContext?.sysctls ?? [];
      const bad = sysctls.flatMap(({ name }, i) => (allowed.has(name) ? [] : [i]));
      return bad.length === 0
        ? null
        : {
            reason: 'forbidden sysctls',
            detail: bad.map((i) => sysctls[i].name).join(', '),
            pointers: bad.map((i) => `/spec/securityContext/sysctls/${i}`),
          };
    },
  },
  { id: 'windowsHostProcess', since: 0, run: windowsHostProcess },
];
