// Defaults of the kinds that have a pod template.
// Counterpart: kubernetes/pkg/apis/{apps,batch,core}/v1/defaults.go, v1.36.

import type { Defaulter } from './defaults.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** Fills in what a workload leaves out; its template has got its own defaults before. */
export function workload(kind: string, object: Json, template: Json, defaulter: Defaulter): void {
  const { spec } = object;
  if (spec === undefined) return;
  const rule = `api.${kind.toLowerCase()}`;
  // Zero is a number somebody chose: these fields are pointers.
  const set = (key: string, value: unknown): void => {
    if (spec[key] === undefined) defaulter.set(spec, '/spec', key, value, rule);
  };
  const one = (): void => {
    if (spec.replicas === undefined) spec.replicas = 1;
  };
  switch (kind) {
    case 'ReplicationController': {
      const labels: Record<string, string> = template?.metadata?.labels ?? {};
      if (Object.keys(labels).length > 0) {
        if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels };
        if (Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels };
      }
      return one();
    }
    case 'Deployment':
      set('progressDeadlineSeconds', 600);
      one();
      set('revisionHistoryLimit', 10);
      return strategy('strategy', { maxSurge: '25%', maxUnavailable: '25%' }, object, defaulter);
    case 'ReplicaSet':
      return one();
    case 'StatefulSet':
      set('persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Retain', whenScaled: 'Retain' });
      set('podManagementPolicy', 'OrderedReady');
      one();
      set('revisionHistoryLimit', 10);
      return strategy('updateStrategy', { partition: 0 }, object, defaulter);
    case 'DaemonSet':
      set('revisionHistoryLimit', 10);
      return strategy('updateStrategy', { maxSurge: 0, maxUnavailable: 1 }, object, defaulter);
    case 'Job':
      set('backoffLimit', spec.backoffLimitPerIndex === undefined ? 6 : 2147483647);
      set('completionMode', 'NonIndexed');
      if (spec.completions === undefined && spec.parallelism === undefined) set('completions', 1);
      set('parallelism', 1);
      set('podReplacementPolicy', spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed');
      if (spec.suspend === undefined) spec.suspend = false;
      return;
    case 'CronJob':
      set('concurrencyPolicy', 'Allow');
      set('failedJobsHistoryLimit', 1);
      set('successfulJobsHistoryLimit', 3);
      if (spec.suspend === undefined) spec.suspend = false;
  }
}

/** How a workload is rolled out: rolling, with the kind's own steps. */
function strategy(key: 'strategy' | 'updateStrategy', steps: Json, { kind, spec }: Json, defaulter: Defaulter): void {
  const rule = `api.${kind.toLowerCase()}`;
  defaulter.set(spec, '/spec', key, { rollingUpdate: { ...steps }, type: 'RollingUpdate' }, rule);
  const given = spec[key];
  defaulter.set(given, `/spec/${key}`, 'type', 'RollingUpdate', rule);
  if (given.type !== 'RollingUpdate') return;
  defaulter.set(given, `/spec/${key}`, 'rollingUpdate', { ...steps }, rule);
  for (const [name, value] of Object.entries(steps))
    if (given.rollingUpdate[name] === undefined) defaulter.set(given.rollingUpdate, `/spec/${key}/rollingUpdate`, name, value, rule);
}
