// Mutating admission of Pods: service account, priority, tolerations, runtime class. Each returns why it refuses, or null.
// Counterpart: kubernetes/plugin/pkg/admission/{serviceaccount,priority,defaulttolerationseconds,runtimeclass}, v1.36.

import type { KubeObject } from '../api/object.ts';
import type { Defaulter } from './defaults.ts';

// biome-ignore lint/suspicious/noExplicitAny: the Pod has been checked against the schema tables by decode
type Json = any;

export interface AdmissionView {
  get(kind: string, namespace: string, name: string): KubeObject | undefined;
  randomSuffix(length: number): string;
}

/** Completes a Pod as the admission plugins do; a text is the reason for a Forbidden. */
export function admitPod(pod: Json, view: AdmissionView, defaulter: Defaulter): string | null {
  addTolerations(pod, defaulter);
  return priority(pod, view, defaulter) ?? serviceAccount(pod, view, defaulter) ?? runtimeClass(pod, view);
}

/** The two default tolerations; also after an update, which may have replaced the list. */
export function addTolerations(pod: Json, defaulter: Defaulter): void {
  const list: Json[] = pod.spec.tolerations ?? [];
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const tolerated = list.some((t) => (t.key === key || (!t.key && t.operator === 'Exists')) && (!t.effect || t.effect === 'NoExecute'));
    if (tolerated) continue;
    defaulter.origins[`/spec/tolerations/${list.length}`] = { kind: 'default', rule: 'admission.defaultTolerationSeconds' };
    list.push({ effect: 'NoExecute', key, operator: 'Exists', tolerationSeconds: 300 });
  }
  pod.spec.tolerations = list;
}

const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = { 'system-node-critical': 2000001000, 'system-cluster-critical': 2000000000 };

function priority(pod: Json, view: AdmissionView, defaulter: Defaulter): string | null {
  const { spec } = pod;
  let value = 0;
  let policy = 'PreemptLowerPriority';
  if (spec.priorityClassName) {
    const found = view.get('PriorityClass', '', spec.priorityClassName);
    const system = SYSTEM_PRIORITIES[spec.priorityClassName];
    if (found === undefined && system === undefined) return `no PriorityClass with name ${spec.priorityClassName} was found`;
    value = system ?? found?.value ?? 0;
    policy = found?.preemptionPolicy ?? policy;
  }
  if (spec.priority !== undefined && spec.priority !== value)
    return `the integer value of priority (${spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy)
    return `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`;
  if (spec.priority === undefined) spec.priority = value;
  defaulter.origins['/spec/priority'] = { kind: 'default', rule: 'admission.priority' };
  defaulter.set(spec, '/spec', 'preemptionPolicy', policy, 'admission.priority');
  return null;
}

/** An update that says nothing of the priority keeps it. Counterpart: priority admission plugin, on update */
export function keepPriority(spec: Json, old: Json): void {
  spec.priority ??= old.priority;
  spec.preemptionPolicy ??= old.preemptionPolicy;
}

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

function serviceAccount(pod: Json, view: AdmissionView, defaulter: Defaulter): string | null {
  const { spec } = pod;
  defaulter.set(spec, '/spec', 'serviceAccountName', 'default', 'admission.serviceAccount');
  spec.serviceAccount = spec.serviceAccountName;
  const origin = { kind: 'default', rule: 'admission.serviceAccount' } as const;
  defaulter.origins['/spec/serviceAccount'] = origin;
  const account = view.get('ServiceAccount', pod.metadata.namespace, spec.serviceAccountName);
  if (account === undefined)
    return `error looking up service account ${pod.metadata.namespace}/${spec.serviceAccountName}: serviceaccount "${spec.serviceAccountName}" not found`;
  if (account.imagePullSecrets !== undefined && spec.imagePullSecrets === undefined) spec.imagePullSecrets = account.imagePullSecrets;
  if ((spec.automountServiceAccountToken ?? account.automountServiceAccountToken) === false) return null;
  const volumes: Json[] = spec.volumes ?? [];
  let name = volumes.find((volume) => String(volume.name).startsWith('kube-api-access-'))?.name;
  const containers: [Json, string][] = ['initContainers', 'containers'].flatMap((list) =>
    (spec[list] ?? []).map((container: Json, i: number): [Json, string] => [container, `/spec/${list}/${i}`]),
  );
  const wanting = containers.filter(([container]) => !(container.volumeMounts ?? []).some((mount: Json) => mount.mountPath === TOKEN_PATH));
  if (wanting.length === 0) return null;
  if (name === undefined) {
    name = `kube-api-access-${view.randomSuffix(5)}`;
    defaulter.origins[`/spec/volumes/${volumes.length}`] = origin;
    volumes.push({ name, projected: tokenVolume() });
    spec.volumes = volumes;
  }
  for (const [container, pointer] of wanting) {
    container.volumeMounts ??= [];
    defaulter.origins[`${pointer}/volumeMounts/${container.volumeMounts.length}`] = origin;
    container.volumeMounts.push({ mountPath: TOKEN_PATH, name, readOnly: true });
  }
  return null;
}

function tokenVolume(): Json {
  return {
    defaultMode: 420,
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
      { downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }] } },
    ],
  };
}

function runtimeClass(pod: Json, view: AdmissionView): string | null {
  const name = pod.spec.runtimeClassName;
  const found = name === undefined ? undefined : view.get('RuntimeClass', '', name);
  if (name !== undefined && found === undefined) return `pod rejected: RuntimeClass "${name}" not found`;
  if (found?.overhead?.podFixed !== undefined) pod.spec.overhead = found.overhead.podFixed;
  else if (pod.spec.overhead !== undefined) return 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead';
  return null;
}

/** Counterpart: kubernetes/pkg/apis/core/v1/helper/qos GetPodQOS. */
export function qosClass(spec: Json): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers: Json[] = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  let any = false;
  let guaranteed = containers.length > 0;
  for (const { resources = {} } of containers) {
    for (const name of ['cpu', 'memory']) {
      const limit = resources.limits?.[name];
      const request = resources.requests?.[name];
      if ((limit ?? '0') !== '0' || (request ?? '0') !== '0') any = true;
      if (limit === undefined || limit === '0' || (request !== undefined && request !== limit)) guaranteed = false;
    }
  }
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable';
}
