// Warnings on create. Counterpart: kubernetes/pkg/api/pod/warnings.go, v1.36.

import { nanoOf } from '#base/quantity.ts';
import { dnsLabel, labelValue } from './names.ts';
import { templateOf } from './template.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const NODE_LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
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

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const NO_SELECTOR = 'a null labelSelector results in matching no pod';

/** Old names of node labels where a Pod chooses nodes. */
function nodeLabelWarnings(spec: Json, at: string): string[] {
  /** Values of a preference are not refused when they can be none, so they are warned about. */
  const term = (value: Json, field: string, preferred: boolean): string[] =>
    (value?.matchExpressions ?? []).flatMap((rule: Json, i: number) => {
      const old = NODE_LABELS[rule.key];
      const values: string[] = preferred ? (rule.values ?? []) : [];
      return [
        ...(old === undefined ? [] : [`${field}.matchExpressions[${i}].key: ${rule.key} is ${old}`]),
        ...values.flatMap((one, n) =>
          labelValue(one).map((text) => `${field}.matchExpressions[${i}].values[${n}]: ${one} is invalid, ${text}`),
        ),
      ];
    });
  const node = spec.affinity?.nodeAffinity;
  const base = `${at}spec.affinity.nodeAffinity`;
  return [
    ...Object.keys(spec.nodeSelector ?? {})
      .sort()
      .flatMap((key) => (NODE_LABELS[key] === undefined ? [] : [`${at}spec.nodeSelector[${key}]: ${NODE_LABELS[key]}`])),
    ...(node?.[REQUIRED]?.nodeSelectorTerms ?? []).flatMap((value: Json, i: number) =>
      term(value, `${base}.${REQUIRED}.nodeSelectorTerms[${i}]`, false),
    ),
    ...(node?.[PREFERRED] ?? []).flatMap((value: Json, i: number) => term(value.preference, `${base}.${PREFERRED}[${i}].preference`, true)),
    ...(spec.topologySpreadConstraints ?? []).flatMap((value: Json, i: number) => {
      const field = `${at}spec.topologySpreadConstraints[${i}]`;
      const old = NODE_LABELS[value.topologyKey];
      return [
        ...(old === undefined ? [] : [`${field}.topologyKey: ${value.topologyKey} is ${old}`]),
        ...(value.labelSelector === undefined ? [`${field}.labelSelector: ${NO_SELECTOR}`] : []),
      ];
    }),
  ];
}

const OLD_ANNOTATIONS: Readonly<Record<string, string>> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
};

/** Files of projected volumes that hide a token. */
function tokenPaths(spec: Json, at: string): string[] {
  const sources: [Json, number][] = (spec.volumes ?? []).flatMap((volume: Json, i: number) =>
    (volume.projected?.sources ?? []).map((source: Json) => [source, i] as const),
  );
  const tokens = new Set(sources.flatMap(([source]) => source.serviceAccountToken?.path ?? []));
  return sources.flatMap(([source, i]) =>
    (
      [
        ['configMap', 'configMap'],
        ['secret', 'secrets'],
        ['downwardAPI', 'downwardAPI'],
      ] as const
    ).flatMap(([kind, shown]) =>
      (source[kind]?.items ?? []).flatMap((item: Json, j: number) =>
        tokens.has(item.path)
          ? [`${at}spec.volumes[${i}].projected.sources.${shown}[${j}]: has duplicated path with ServiceAccountToken "${item.path}"`]
          : [],
      ),
    ),
  );
}

/** Names and addresses that stand twice in a list, and those that are empty. */
function listWarnings(spec: Json, at: string): string[] {
  const twice = (list: readonly Json[], key: string, field: string): string[] =>
    list.flatMap((item, i) =>
      list.slice(0, i).some((other) => other[key] === item[key]) ? [`${field}[${i}].${key}: duplicate ${key} "${item[key]}"`] : [],
    );
  const secrets: Json[] = spec.imagePullSecrets ?? [];
  return [
    ...twice(spec.hostAliases ?? [], 'ip', `${at}spec.hostAliases`),
    ...twice(secrets, 'name', `${at}spec.imagePullSecrets`),
    ...secrets.flatMap((secret, i) => (secret.name ? [] : [`${at}spec.imagePullSecrets[${i}].name: invalid empty name ""`])),
  ];
}

function podWarnings(spec: Json, meta: Json, at: string): string[] {
  const notes: Record<string, string> = meta.annotations ?? {};
  const out: string[] = nodeLabelWarnings(spec, at);
  for (const [key, text] of Object.entries(OLD_ANNOTATIONS))
    if (notes[key] !== undefined) out.push(`${at}metadata.annotations[${key}]: ${text}`);
  (spec.volumes ?? []).forEach((volume: Json, i: number) => {
    for (const [name, text] of Object.entries(VOLUMES))
      if (volume[name] !== undefined) out.push(`${at}spec.volumes[${i}].${name === 'storageos' ? 'storageOS' : name}: ${text}`);
    if (volume.projected !== undefined && (volume.projected.sources ?? []).some((source: Json) => Object.keys(source).length === 0))
      out.push(`volume "${volume.name}" (Projected) has no sources provided`);
    out.push(...overlaps(volume));
  });
  out.push(...tokenPaths(spec, at), ...listWarnings(spec, at));
  if (notes['seccomp.security.alpha.kubernetes.io/pod'] !== undefined && spec.securityContext?.seccompProfile === undefined)
    out.push(
      `${at}metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead`,
    );
  const all: [Json, string][] = ['initContainers', 'containers'].flatMap((list) =>
    (spec[list] ?? []).map((container: Json, i: number): [Json, string] => [container, `${at}spec.${list}[${i}]`]),
  );
  for (const [container, field] of all) out.push(...containerWarnings(container, field, notes, spec, at));
  out.push(...portWarnings(all));
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const terms = spec.affinity?.[kind];
    for (const [i, term] of (terms?.[REQUIRED] ?? []).entries())
      if (term.labelSelector === undefined) out.push(`${at}spec.affinity.${kind}.${REQUIRED}[${i}].labelSelector: ${NO_SELECTOR}`);
    for (const [i, { podAffinityTerm: term }] of (terms?.[PREFERRED] ?? []).entries())
      if (term?.labelSelector === undefined)
        out.push(`${at}spec.affinity.${kind}.${PREFERRED}[${i}].podAffinityTerm.labelSelector: ${NO_SELECTOR}`);
  }
  return out;
}

/** Ports that say the same, over all containers. */
function portWarnings(all: readonly (readonly [Json, string])[]): string[] {
  const seen = new Map<string, { readonly field: string; readonly port: Json }[]>();
  const out: string[] = [];
  for (const [container, at] of all)
    for (const [i, port] of (container.ports ?? []).entries()) {
      const field = `${at}.ports[${i}]`;
      const key = `${port.containerPort}/${port.protocol}`;
      const others = seen.get(key) ?? [];
      for (const other of others) {
        const [hostIP, hostPort] = [port.hostIP ?? '', port.hostPort ?? 0];
        const [otherIP, otherPort] = [other.port.hostIP ?? '', other.port.hostPort ?? 0];
        const how =
          hostIP === otherIP && hostPort === otherPort
            ? 'duplicate'
            : hostPort === 0 || otherPort === 0
              ? 'overlapping'
              : hostPort === otherPort && (hostIP === '') !== (otherIP === '')
                ? 'dangerously ambiguous'
                : undefined;
        if (how !== undefined) out.push(`${field}: ${how} port definition with ${other.field}`);
      }
      seen.set(key, [...others, { field, port }]);
    }
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
      if (amount !== undefined && nanoOf(amount) % 1_000_000_000n !== 0n)
        out.push(`${field}.resources.${list}[${name}]: fractional byte value "${amount}" is invalid, must be an integer`);
    }
  }
  const seen = new Set<string>();
  (container.env ?? []).forEach((variable: Json, i: number) => {
    const { name, value = '', valueFrom } = variable;
    const reference = `$(${name})`;
    // One that continues the value before it is meant so.
    if (seen.has(name) && (valueFrom !== undefined || value === reference || !value.includes(reference)))
      out.push(`${field}.env[${i}]: hides previous definition of "${name}", which may be dropped when using apply`);
    seen.add(name);
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
