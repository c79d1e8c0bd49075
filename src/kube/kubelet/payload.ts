// What stands in configMap, secret, downwardAPI and projected volumes: names, bytes, modes and owners.

import type { KubeObject } from '../api/object.ts';
import type { ProjectedFile } from './atomicWriter.ts';
import { containersOf, effectiveContext, type Json } from './effective.ts';
import { dataOf, type EnvironmentSources, fieldPath, type Made, type PodFacts, resourceField } from './environment.ts';
import { needsRefresh, tokenText } from './token.ts';

export interface PayloadContext {
  readonly pod: KubeObject;
  readonly sources: EnvironmentSources;
  readonly facts: PodFacts;
  readonly nowSeconds: number;
  readonly fsGroup: number | undefined;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The one explicit user of all containers, if there is one. Counterpart: FsUserFrom, pkg/volume/util/util.go */
export function fsUserOf(pod: KubeObject): number | undefined {
  let user: number | undefined;
  for (const { container } of containersOf(pod)) {
    const own = effectiveContext(pod, {}, container, '').value.runAsUser;
    if (own === undefined || (user !== undefined && user !== own)) return undefined;
    user = own;
  }
  return user;
}

type Files = Map<string, ProjectedFile>;

function fromObject(
  context: PayloadContext,
  kind: 'ConfigMap' | 'Secret',
  name: string,
  source: Json,
  defaultMode: number,
  files: Files,
): string | undefined {
  const object = context.sources.get(kind, context.pod.metadata.namespace as string, name);
  if (!object) return source.optional ? undefined : `${kind.toLowerCase()} "${name}" not found`;
  const data = dataOf(object);
  if (!source.items) {
    for (const [key, bytes] of [...data].sort(([a], [b]) => (a < b ? -1 : 1))) files.set(key, { data: bytes, mode: defaultMode });
    return undefined;
  }
  for (const item of source.items) {
    const bytes = data.get(item.key);
    if (bytes) files.set(item.path, { data: bytes, mode: item.mode ?? defaultMode });
    else if (!source.optional)
      return kind === 'ConfigMap'
        ? `configmap references non-existent config key: ${item.key}`
        : `references non-existent secret key: ${item.key}`;
  }
  return undefined;
}

function fromDownward(context: PayloadContext, items: readonly Json[], defaultMode: number, files: Files): void {
  for (const item of items) {
    const container = context.pod.spec.containers.find((c: Json) => c.name === item.resourceFieldRef?.containerName) ?? {};
    const text = item.fieldRef
      ? fieldPath(context.pod, item.fieldRef.fieldPath, context.facts)
      : resourceField(container, item.resourceFieldRef ?? {}, context.facts);
    files.set(item.path, { data: encode(text), mode: item.mode ?? defaultMode });
  }
}

/** The volume's sources as they are now: a text that changes with them. Times, and what a container has of resources, are no part of it. */
export function sourcesVersion(pod: KubeObject, sources: EnvironmentSources, volume: Json): string {
  const object = (kind: string, name: string): string =>
    `${kind}/${name}@${sources.get(kind, pod.metadata.namespace as string, name)?.metadata.resourceVersion ?? ''}`;
  const { configMap, secret, downwardAPI, projected } = volume;
  return [
    ...(configMap ? [object('ConfigMap', configMap.name)] : []),
    ...(secret ? [object('Secret', secret.secretName ?? secret.name)] : []),
    ...(downwardAPI ? [JSON.stringify([pod.metadata.labels, pod.metadata.annotations])] : []),
    ...(projected?.sources ?? []).map((source: Json) => sourcesVersion(pod, sources, source)),
  ].join(' ');
}

/**
 * The files of a volume, or the message of MountVolume.SetUp. A token that was there `before` and has enough of its life left stays.
 * Counterpart: MakePayload of pkg/volume/{configmap,secret}, collectData of pkg/volume/{downwardapi,projected}; Kubernetes 1.36
 */
export function payload(
  context: PayloadContext,
  volume: Json,
  before?: ReadonlyMap<string, ProjectedFile>,
): Made<ReadonlyMap<string, ProjectedFile>> {
  const files: Files = new Map();
  let message: string | undefined;
  if (volume.configMap)
    message = fromObject(context, 'ConfigMap', volume.configMap.name, volume.configMap, volume.configMap.defaultMode ?? 0o644, files);
  else if (volume.secret)
    message = fromObject(context, 'Secret', volume.secret.secretName, volume.secret, volume.secret.defaultMode ?? 0o644, files);
  else if (volume.downwardAPI) fromDownward(context, volume.downwardAPI.items ?? [], volume.downwardAPI.defaultMode ?? 0o644, files);
  else {
    const mode = volume.projected.defaultMode ?? 0o644;
    const user = fsUserOf(context.pod);
    for (const source of volume.projected.sources ?? []) {
      if (source.configMap) message ??= fromObject(context, 'ConfigMap', source.configMap.name, source.configMap, mode, files);
      if (source.secret) message ??= fromObject(context, 'Secret', source.secret.name, source.secret, mode, files);
      if (source.downwardAPI) fromDownward(context, source.downwardAPI.items ?? [], mode, files);
      if (source.serviceAccountToken) {
        const secret = context.fsGroup !== undefined || user !== undefined ? 0o600 : mode;
        const old = before?.get(source.serviceAccountToken.path);
        const fresh = old?.issued !== undefined && !needsRefresh(source.serviceAccountToken, context.nowSeconds - old.issued);
        files.set(source.serviceAccountToken.path, {
          data: fresh ? old.data : encode(tokenText(context, source.serviceAccountToken)),
          issued: fresh ? old.issued : context.nowSeconds,
          mode: secret,
          ...(user === undefined ? {} : { uid: user }),
        });
      }
    }
  }
  return message === undefined ? { ok: true, value: files } : { ok: false, message };
}
