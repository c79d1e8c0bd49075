// A container's environment and the $(VAR) references in its command and arguments.

import { bytesOfBase64 } from '#base/base64.ts';
import type { Program } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import { goQuote } from '../apiserver/field-error.ts';
import type { Json } from './effective.ts';
import { fileText } from './files.ts';

export interface EnvironmentSources {
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  list(kind: string, namespace?: string): readonly KubeObject[];
}

export interface PodFacts {
  readonly podIP: string;
  readonly hostIP: string;
  readonly nodeName: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

export type Made<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** Replaces $(NAME) by known values; $$ is a literal $, an unknown reference stays. Counterpart: third_party/forked/golang/expansion */
export function expand(text: string, value: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^()]*)\))/g, (whole, form: string, name: string) => (form === '$' ? '$' : (value(name) ?? whole)));
}

/** The KUBERNETES_* variables, and those of the namespace's own services. Counterpart: FromServices, pkg/kubelet/envvars */
export function serviceVariables(pod: KubeObject, sources: EnvironmentSources): readonly (readonly [string, string])[] {
  const services = sources.list('Service').filter((s) => s.spec?.clusterIP && s.spec.clusterIP !== 'None');
  const wanted = services.filter(
    (s) =>
      (s.metadata.namespace === 'default' && s.metadata.name === 'kubernetes') ||
      (pod.spec.enableServiceLinks !== false && s.metadata.namespace === pod.metadata.namespace),
  );
  const list = wanted.some((s) => s.metadata.name === 'kubernetes')
    ? wanted
    : [
        { metadata: { name: 'kubernetes' }, spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP' }] } },
        ...wanted,
      ];
  return list.flatMap((service) => {
    const name = service.metadata.name.toUpperCase().replace(/-/g, '_');
    const ip: string = service.spec.clusterIP;
    const ports: Json[] = service.spec.ports ?? [];
    const first = ports[0];
    if (!first) return [];
    const url = (p: Json): string => `${(p.protocol ?? 'TCP').toLowerCase()}://${ip}:${p.port}`;
    return [
      [`${name}_SERVICE_HOST`, ip],
      [`${name}_SERVICE_PORT`, String(first.port)],
      ...ports.filter((p) => p.name).map((p) => [`${name}_SERVICE_PORT_${p.name.toUpperCase().replace(/-/g, '_')}`, String(p.port)]),
      [`${name}_PORT`, url(first)],
      ...ports.flatMap((p) => {
        const key = `${name}_PORT_${p.port}_${(p.protocol ?? 'TCP').toUpperCase()}`;
        return [
          [key, url(p)],
          [`${key}_PROTO`, (p.protocol ?? 'TCP').toLowerCase()],
          [`${key}_PORT`, String(p.port)],
          [`${key}_ADDR`, ip],
        ];
      }),
    ] as [string, string][];
  });
}

/** The value of a downward API field path. Counterpart: ExtractFieldPathAsString, pkg/fieldpath */
export function fieldPath(pod: KubeObject, path: string, facts: PodFacts): string {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript) return pod.metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2] as string] ?? '';
  const pairs = (map: Record<string, string> | undefined): string =>
    Object.entries(map ?? {})
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${k}=${JSON.stringify(v)}`)
      .join('\n');
  switch (path) {
    case 'metadata.labels':
      return pairs(pod.metadata.labels);
    case 'metadata.annotations':
      return pairs(pod.metadata.annotations);
    case 'spec.nodeName':
      return facts.nodeName;
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return facts.hostIP;
    case 'status.podIP':
    case 'status.podIPs':
      return facts.podIP;
    default:
      return String((pod.metadata as unknown as Record<string, unknown>)[path.slice('metadata.'.length)] ?? '');
  }
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A resource quantity as a number; 0 when it is none. Counterpart: resource.Quantity */
export function quantity(text: unknown): number {
  const parts = /^([+-]?[0-9.]+(?:[eE][+-]?\d+)?)([A-Za-z]*)$/.exec(String(text ?? ''));
  return parts ? Number(parts[1]) * (UNITS[parts[2] as string] ?? 1) : 0;
}

/** The value of a resourceFieldRef; limits that are not set are the node's capacity. */
export function resourceField(container: Json, ref: Json, facts: PodFacts): string {
  const [kind, ...rest] = String(ref.resource).split('.');
  const resource = rest.join('.');
  const given = container.resources?.[kind as string]?.[resource];
  const capacity = resource === 'cpu' ? facts.cpus : resource === 'memory' ? facts.memoryBytes : 0;
  const amount = given !== undefined ? quantity(given) : kind === 'limits' ? capacity : 0;
  return String(Math.ceil(amount / (quantity(ref.divisor ?? '1') || 1)));
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The keys and values of a ConfigMap or Secret as bytes. */
export function dataOf(object: KubeObject): ReadonlyMap<string, Uint8Array> {
  const data = new Map<string, Uint8Array>();
  const encoded = object.kind === 'Secret' ? object.data : object.binaryData;
  if (object.kind !== 'Secret')
    for (const [key, value] of Object.entries(object.data ?? {})) data.set(key, new TextEncoder().encode(String(value)));
  for (const [key, value] of Object.entries(encoded ?? {})) data.set(key, bytesOfBase64(String(value)));
  for (const [key, value] of Object.entries(object.kind === 'Secret' ? (object.stringData ?? {}) : {}))
    data.set(key, new TextEncoder().encode(String(value)));
  return data;
}

/** The value of a key in a file of a volume; empty when an optional one is not there. Counterpart: ParseEnv, pkg/kubelet/util/env */
function* fileKey(ref: Json, volume: string | undefined): Program<Made<string>> {
  if (volume === undefined) return { ok: false, message: `cannot find the volume ${goQuote(ref.volumeName)} referenced by FileKeyRef` };
  const path = `${volume}/${ref.path}`;
  const file = yield* fileText(path);
  if (file === undefined) return { ok: false, message: "couldn't parse env file" };
  for (const line of file.split('\n')) {
    const text = line.replace(/#.*/s, '');
    const [key, value] = text.split(/=(.*)/s);
    if (text.includes('=') && key === ref.key && value !== undefined) {
      if (value !== '') return { ok: true, value: value.replace(/\r$/, '') };
      break;
    }
  }
  return ref.optional
    ? { ok: true, value: '' }
    : { ok: false, message: `environment variable key ${goQuote(ref.key)} not found in file ${goQuote(path)}` };
}

/**
 * The variables of a container in order: envFrom, env, service variables.
 * Counterpart: makeEnvironmentVariables, pkg/kubelet/kubelet_pods.go, Kubernetes 1.36
 * Deviates: the service variables come in one fixed order; a real kubelet's differs from pod to pod.
 */
export function* environment(
  pod: KubeObject,
  container: Json,
  sources: EnvironmentSources,
  facts: PodFacts,
  volumes: ReadonlyMap<string, { readonly path: string }>,
): Program<Made<readonly { readonly key: string; readonly value: string }[]>> {
  const namespace = pod.metadata.namespace as string;
  const result = new Map<string, string>();
  const services = new Map(serviceVariables(pod, sources));
  for (const source of container.envFrom ?? []) {
    const ref = source.configMapRef ?? source.secretRef;
    const kind = source.configMapRef ? 'ConfigMap' : 'Secret';
    const object = sources.get(kind, namespace, ref.name);
    if (!object) {
      if (ref.optional) continue;
      return { ok: false, message: `${kind.toLowerCase()} "${ref.name}" not found` };
    }
    for (const [key, value] of [...dataOf(object)].sort(([a], [b]) => (a < b ? -1 : 1)))
      result.set((source.prefix ?? '') + key, textOf(value));
  }
  for (const entry of container.env ?? []) {
    let value = '';
    if (entry.valueFrom) {
      const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = entry.valueFrom;
      if (fieldRef) value = fieldPath(pod, fieldRef.fieldPath, facts);
      else if (resourceFieldRef)
        value = resourceField(
          resourceFieldRef.containerName
            ? (pod.spec.containers.find((c: Json) => c.name === resourceFieldRef.containerName) ?? container)
            : container,
          resourceFieldRef,
          facts,
        );
      else if (configMapKeyRef || secretKeyRef) {
        const ref = configMapKeyRef ?? secretKeyRef;
        const kind = configMapKeyRef ? 'ConfigMap' : 'Secret';
        const object = sources.get(kind, namespace, ref.name);
        const data = object && dataOf(object).get(ref.key);
        if (data === undefined) {
          if (ref.optional) continue;
          return {
            ok: false,
            message: object
              ? `couldn't find key ${ref.key} in ${kind} ${namespace}/${ref.name}`
              : `${kind.toLowerCase()} "${ref.name}" not found`,
          };
        }
        value = textOf(data);
      } else if (fileKeyRef) {
        const found = yield* fileKey(fileKeyRef, volumes.get(fileKeyRef.volumeName)?.path);
        if (!found.ok) return found;
        if (found.value === '') continue;
        value = found.value;
      }
    } else value = expand(entry.value ?? '', (name) => result.get(name) ?? services.get(name));
    result.delete(entry.name);
    result.set(entry.name, value);
  }
  for (const [key, value] of services) if (!result.has(key)) result.set(key, value);
  return { ok: true, value: [...result].map(([key, value]) => ({ key, value })) };
}
