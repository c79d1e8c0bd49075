// What the registry does to a new object of a kind before it is validated.
// Counterpart: PrepareForCreate of pkg/registry/*/strategy.go, v1.36.

import { qosClass } from './admission.ts';
import { type Defaulter, labelWithName } from './defaults.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** Changes the object; what is returned are warnings for the client. */
export function prepareForCreate(kind: string, object: Json, defaulter: Defaulter): readonly string[] {
  const warnings: string[] = [];
  if (kind === 'Job') selectOwnPods(object);
  for (const key of ['resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'managedFields'])
    delete object.metadata[key];
  if (kind === 'Pod') {
    warnings.push(...syncAppArmor(object, defaulter));
    object.metadata.generation = 1;
    object.status = { ...gatedCondition(object.spec), phase: 'Pending', qosClass: qosClass(object.spec) };
  } else if (object.spec?.template !== undefined || kind === 'CronJob') object.metadata.generation = 1;
  else if (kind === 'Namespace') {
    object.status = { phase: 'Active' };
    if (object.metadata.generateName) labelWithName(object);
  } else if (kind === 'Service') object.status = { loadBalancer: {} };
  else if (kind === 'ResourceQuota' || kind === 'ReplicationController') object.status = kind === 'ResourceQuota' ? {} : { replicas: 0 };
  else if (kind === 'PersistentVolumeClaim' || kind === 'PersistentVolume') object.status = { phase: 'Pending' };
  return warnings;
}

/** What a pod that waits at gates says of itself. Counterpart: applySchedulingGatedCondition, registry/core/pod strategy.go */
const gatedCondition = (spec: Json): Json =>
  (spec.schedulingGates ?? []).length === 0
    ? {}
    : {
        conditions: [
          {
            lastProbeTime: null,
            lastTransitionTime: null,
            message: 'Scheduling is blocked due to non-empty scheduling gates',
            reason: 'SchedulingGated',
            status: 'False',
            type: 'PodScheduled',
          },
        ],
      };

/** A job's own selector, and the labels for it. Counterpart: generateSelector, pkg/registry/batch/job/strategy.go */
function selectOwnPods(job: Json): void {
  if (job.spec.manualSelector || job.spec.selector || !job.spec.template) return;
  const { name, uid } = job.metadata;
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const { metadata } = job.spec.template;
  job.spec.template = { ...job.spec.template, metadata: { ...metadata, labels: { ...metadata?.labels, ...labels } } };
  job.spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  job.metadata.labels ??= { ...job.spec.template.metadata.labels };
}

/** The AppArmor annotation of a container becomes its field. Counterpart: registry/core/pod strategy.go applyAppArmorVersionSkew. */
function syncAppArmor(pod: Json, defaulter: Defaulter): string[] {
  const warnings: string[] = [];
  const containers: [Json, string][] = ['initContainers', 'containers'].flatMap((list) =>
    (pod.spec[list] ?? []).map((container: Json, at: number): [Json, string] => [container, `/spec/${list}/${at}`]),
  );
  for (const [container, pointer] of containers) {
    const key = `container.apparmor.security.beta.kubernetes.io/${container.name}`;
    const value: string | undefined = pod.metadata.annotations?.[key];
    if (value === undefined || container.securityContext?.appArmorProfile !== undefined) continue;
    const profile =
      value === 'runtime/default'
        ? { type: 'RuntimeDefault' }
        : value === 'unconfined'
          ? { type: 'Unconfined' }
          : /^localhost\/./.test(value)
            ? { localhostProfile: value.slice(10), type: 'Localhost' }
            : undefined;
    const inherited = pod.spec.securityContext?.appArmorProfile;
    if (profile !== undefined && inherited?.type === profile.type && inherited?.localhostProfile === profile.localhostProfile) continue;
    warnings.push(`metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
    if (profile === undefined) continue;
    container.securityContext = { ...container.securityContext, appArmorProfile: profile };
    defaulter.origins[`${pointer}/securityContext/appArmorProfile`] = {
      kind: 'rule',
      rule: 'api.appArmorAnnotation',
      from: [{ kind: 'manifest', pointer: `/metadata/annotations/${key.replaceAll('/', '~1')}` }],
    };
  }
  return warnings;
}
