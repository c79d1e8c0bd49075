// Warnings on create. Counterpart: kubernetes/pkg/api/pod/warnings.go, v1.36.

import { dnsLabel } from './names.ts';
import { templateOf } from './template.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};
const VOLUMES: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
};

/** Texts of the warnings for a new object. */
export function warningsFor(kind: string, object: Json): string[] {
  if (kind === 'Pod') return [...nameWarnings(object), ...podWarnings(object.spec, object.metadata, '')];
  const found = templateOf(kind, object);
  return found?.template.spec === undefined ? [] : podWarnings(found.template.spec, found.template.metadata ?? {}, `${found.at}.`);
}

function nameWarnings(pod: Json): string[] {
  const bad = pod.metadata.name ? dnsLabel(pod.metadata.name) : [];
  return bad.length === 0
    ? []
    : [
        `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${bad.join(' ')}]`,
      ];
}

function podWarnings(spec: Json, meta: Json, at: string): string[] {
  const out: string[] = [];
  for (const key of Object.keys(spec.nodeSelector ?? {}).sort())
    if (NODE_LABELS[key] !== undefined) out.push(`${at}spec.nodeSelector[${key}]: ${NODE_LABELS[key]}`);
  const notes: Record<string, string> = meta.annotations ?? {};
  for (const old of ['sysctls', 'unsafe-sysctls'])
    if (notes[`security.alpha.kubernetes.io/${old}`] !== undefined)
      out.push(`${at}metadata.annotations[security.alpha.kubernetes.io/${old}]: non-functional in v1.11+; use the "sysctls" field instead`);
  (spec.imagePullSecrets ?? []).forEach((secret: Json, i: number, all: Json[]) => {
    if (!secret.name) out.push(`${at}spec.imagePullSecrets[${i}].name: invalid empty name ""`);
    else if (all.slice(0, i).some((other) => other.name === secret.name))
      out.push(`${at}spec.imagePullSecrets[${i}].name: duplicate name "${secret.name}"`);
  });
  (spec.hostAliases ?? []).forEach((alias: Json, i: number, all: Json[]) => {
    if (all.slice(0, i).some((other) => other.ip === alias.ip)) out.push(`${at}spec.hostAliases[${i}].ip: duplicate ip "${alias.ip}"`);
  });
  (spec.volumes ?? []).forEach((volume: Json, i: number) => {
    for (const [name, text] of Object.entries(VOLUMES))
      if (volume[name] !== undefined) out.push(`${at}spec.volumes[${i}].${name}: ${text}`);
    if (volume.projected !== undefined && (volume.projected.sources ?? []).some((source: Json) => Object.keys(source).length === 0))
      out.push(`volume "${volume.name}" (Projected) has no sources provided`);
    out.push(...overlaps(volume));
  });
  if (notes['seccomp.security.alpha.kubernetes.io/pod'] !== undefined && spec.securityContext?.seccompProfile === undefined)
    out.push(
      `${at}metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead`,
    );
  for (const list of ['initContainers', 'containers'])
    for (const [i, container] of (spec[list] ?? []).entries())
      out.push(...containerWarnings(container, `${at}spec.${list}[${i}]`, notes, spec, at));
  return out;
}

function containerWarnings(container: Json, field: string, notes: Record<string, string>, spec: Json, at: string): string[] {
  const out: string[] = [];
  const seccomp = `container.seccomp.security.alpha.kubernetes.io/${container.name}`;
  if (notes[seccomp] !== undefined && container.securityContext?.seccompProfile === undefined)
    out.push(`${at}metadata.annotations[${seccomp}]: non-functional in v1.27+; use the "seccompProfile" field instead`);
  const appArmor = `container.apparmor.security.beta.kubernetes.io/${container.name}`;
  const value = notes[appArmor];
  if (value !== undefined && at !== '' && container.securityContext?.appArmorProfile === undefined) {
    const pod = spec.securityContext?.appArmorProfile;
    const text =
      pod === undefined
        ? undefined
        : pod.type === 'RuntimeDefault'
          ? 'runtime/default'
          : pod.type === 'Unconfined'
            ? 'unconfined'
            : `localhost/${pod.localhostProfile}`;
    if (text !== value) out.push(`${at}metadata.annotations[${appArmor}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
  }
  for (const list of ['limits', 'requests']) {
    for (const name of ['memory', 'ephemeral-storage']) {
      const amount: string | undefined = container.resources?.[list]?.[name];
      if (amount?.endsWith('m'))
        out.push(`${field}.resources.${list}[${name}]: fractional byte value "${amount}" is invalid, must be an integer`);
    }
  }
  const seen = new Set<string>();
  (container.env ?? []).forEach((variable: Json, i: number) => {
    if (seen.has(variable.name))
      out.push(`${field}.env[${i}]: hides previous definition of "${variable.name}", which may be dropped when using apply`);
    seen.add(variable.name);
  });
  (container.ports ?? []).forEach((port: Json, i: number, all: Json[]) => {
    const key = (p: Json): string => `${p.containerPort}/${p.protocol}/${p.hostPort ?? 0}/${p.hostIP ?? ''}`;
    const twin = all.findIndex((other) => key(other) === key(port));
    if (twin < i) out.push(`${field}.ports[${i}]: duplicate port definition with ${field}.ports[${twin}]`);
  });
  return out;
}

/** Items of one volume that would be written to the same or to nested paths. */
function overlaps(volume: Json): string[] {
  const [kind, source] = volume.configMap ? ['ConfigMap', volume.configMap] : volume.secret ? ['Secret', volume.secret] : ['', undefined];
  if (source === undefined) return [];
  const paths: string[] = (source.items ?? []).map((item: Json) => item.path);
  return paths.flatMap((path, i) =>
    paths.slice(0, i).flatMap((other) => {
      const [long, short] = path.length > other.length ? [path, other] : [other, path];
      return long === short || long.startsWith(`${short}/`)
        ? [`volume "${volume.name}" (${kind} "${source.name ?? source.secretName}"): overlapping paths: "${long}" with "${short}"`]
        : [];
    }),
  );
}
