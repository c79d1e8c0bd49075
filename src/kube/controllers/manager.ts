// The controllers of workloads, one pass after the other until nothing changes. Counterpart: kube-controller-manager 1.36

import type { KubeObject } from '../api/object.ts';
import { syncCronJobs } from './cronJob.ts';
import { syncDeployments } from './deployment.ts';
import { syncJobs } from './job.ts';
import { syncDaemonSets, syncStatefulSets } from './ordered.ts';
import { syncQuotas } from './quota.ts';
import { syncReplicaSets } from './replicaSet.ts';
import { controllerOf, Failures, type Pass, remove, type WorkloadApi } from './workload.ts';

const DEPENDENTS: readonly (readonly [string, string, string])[] = [
  ['ReplicaSet', 'apps', 'replicasets'],
  ['Job', 'batch', 'jobs'],
  ['Pod', '', 'pods'],
];

/** Removes what belongs to owners that are gone. Counterpart: pkg/controller/garbagecollector */
function collectGarbage(pass: Pass): void {
  const alive = (object: KubeObject): boolean => {
    const owner = controllerOf(object);
    if (!owner) return true;
    return pass.api.get(owner.kind, object.metadata.namespace as string, owner.name)?.metadata.uid === owner.uid;
  };
  for (const [kind, group, plural] of DEPENDENTS)
    for (const object of pass.api.list(kind)) if (!object.metadata.deletionTimestamp && !alive(object)) remove(pass, group, plural, object);
}

/** Keeps the memory of the controllers between passes. */
export class ControllerManager {
  private readonly api: WorkloadApi;
  private readonly nodeName: string;
  private readonly failures = new Failures();

  constructor(api: WorkloadApi, nodeName: string) {
    this.api = api;
    this.nodeName = nodeName;
  }

  /** One pass of all controllers; when the next one is due, if no change comes before. */
  sync(now: bigint): bigint | undefined {
    let due: bigint | undefined;
    const again = (at: bigint): void => {
      if (due === undefined || at < due) due = at;
    };
    const pass: Pass = { api: this.api, nodeName: this.nodeName, now, again, failures: this.failures };
    collectGarbage(pass);
    syncCronJobs(pass);
    syncDeployments(pass);
    syncReplicaSets(pass);
    syncStatefulSets(pass);
    syncDaemonSets(pass);
    syncJobs(pass);
    syncQuotas(pass);
    return due;
  }
}
