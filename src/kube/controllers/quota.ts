// What is used of every quota. Counterpart: pkg/controller/resourcequota, Kubernetes 1.36

import { quotaUsage } from '../apiserver/quota.ts';
import { type Pass, writeStatus } from './workload.ts';

export function syncQuotas(pass: Pass): void {
  for (const quota of pass.api.list('ResourceQuota')) {
    const hard: Readonly<Record<string, string>> = quota.spec?.hard ?? {};
    const used = Object.keys(hard).map(
      (resource) => [resource, quotaUsage(pass.api, quota.metadata.namespace as string, resource)] as const,
    );
    writeStatus(pass, quota, { hard, used: Object.fromEntries(used.filter(([, amount]) => amount !== undefined)) });
  }
}
