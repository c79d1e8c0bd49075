// kubectl describe node.

import { podResources } from '#base/podResources.ts';
import { nanoOf, sumOf } from '#base/quantity.ts';
import { eventLines } from './describePod.ts';
import { annotationLines, humanDuration, Lines, mapLines, rfc1123 } from './describeText.ts';
import type { Json } from './session.ts';

const ROLE = 'node-role.kubernetes.io/';

const sorted = (amounts: Readonly<Record<string, string>> = {}): [string, string][] =>
  Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1));

/** `250m (12%)`: a sum of quantities and its whole percentage of what the node gives. */
function share(amounts: readonly string[], whole: string | undefined): string {
  const sum = amounts.length === 0 ? '0' : sumOf(amounts);
  const of = nanoOf(whole ?? '0');
  return `${sum} (${of === 0n ? 0 : (nanoOf(sum) * 100n) / of}%)`;
}

function resourceLines(lines: Lines, pods: readonly Json[], allocatable: Readonly<Record<string, string>>, now: number): void {
  const ask = pods.map((pod) => ({ pod, requests: podResources(pod.spec, 'requests'), limits: podResources(pod.spec, 'limits') }));
  const sum = (one: readonly (typeof ask)[number][], field: 'requests' | 'limits', name: string): string =>
    share(
      one.flatMap((entry) => entry[field][name] ?? []),
      allocatable[name],
    );
  lines.add(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  lines.add(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  lines.add(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  for (const entry of ask) {
    const { metadata } = entry.pod;
    const cells = ['cpu', 'memory'].flatMap((name) => [sum([entry], 'requests', name), sum([entry], 'limits', name)]);
    const age = humanDuration(now - new Date(metadata.creationTimestamp).getTime() / 1000);
    lines.add(1, `${metadata.namespace}\t${metadata.name}\t\t${cells.join('\t')}\t${age}`);
  }
  lines.add(0, 'Allocated resources:');
  lines.add(0, '  (Total limits may be over 100 percent, i.e., overcommitted.)');
  lines.add(1, 'Resource\tRequests\tLimits');
  lines.add(1, '--------\t--------\t------');
  const names = Object.keys(allocatable).sort();
  for (const name of ['cpu', 'memory', 'ephemeral-storage', ...names.filter((n) => n.startsWith('hugepages-'))])
    lines.add(1, `${name}\t${sum(ask, 'requests', name)}\t${sum(ask, 'limits', name)}`);
}

/**
 * Counterpart: describeNode, kubectl/pkg/describe/describe.go, v1.36.
 * Deviates: the kubelet keeps no Lease here, so the line says what kubectl says when it finds none.
 */
export function describeNode(node: Json, pods: readonly Json[], events: readonly Json[], now: number): string {
  const lines = new Lines();
  const { metadata, spec = {}, status = {} } = node;
  const roles = Object.keys(metadata.labels ?? {}).flatMap((key) => (key.startsWith(ROLE) && key !== ROLE ? [key.slice(ROLE.length)] : []));
  lines.add(0, `Name:\t${metadata.name}`);
  lines.add(0, `Roles:\t${roles.sort().join(',') || '<none>'}`);
  mapLines(lines, 0, 'Labels', metadata.labels);
  annotationLines(lines, metadata.annotations);
  if (metadata.creationTimestamp) lines.add(0, `CreationTimestamp:\t${rfc1123(metadata.creationTimestamp)}`);
  const taints: Json[] = spec.taints ?? [];
  if (taints.length === 0) lines.add(0, 'Taints:\t<none>');
  for (const [i, t] of taints.entries()) lines.add(0, `${i === 0 ? 'Taints:' : ''}\t${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}`);
  lines.add(0, `Unschedulable:\t${spec.unschedulable ?? false}`);
  lines.add(0, `Lease:\tFailed to get lease: leases.coordination.k8s.io "${metadata.name}" not found`);
  lines.add(0, 'Conditions:');
  lines.add(1, 'Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
  lines.add(1, '----\t------\t-----------------\t------------------\t------\t-------');
  for (const c of status.conditions ?? [])
    lines.add(
      1,
      `${c.type} \t${c.status} \t${rfc1123(c.lastHeartbeatTime)} \t${rfc1123(c.lastTransitionTime)} \t${c.reason} \t${c.message}`,
    );
  lines.add(0, 'Addresses:');
  for (const a of status.addresses ?? []) lines.add(1, `${a.type}:\t${a.address}`);
  for (const [field, label] of [
    ['capacity', 'Capacity'],
    ['allocatable', 'Allocatable'],
  ] as const) {
    lines.add(0, `${label}:`);
    for (const [name, amount] of sorted(status[field])) lines.add(0, `  ${name}:\t${amount}`);
  }
  const info = status.nodeInfo ?? {};
  lines.add(0, 'System Info:');
  for (const [label, field] of [
    ['Machine ID', 'machineID'],
    ['System UUID', 'systemUUID'],
    ['Boot ID', 'bootID'],
    ['Kernel Version', 'kernelVersion'],
    ['OS Image', 'osImage'],
    ['Operating System', 'operatingSystem'],
    ['Architecture', 'architecture'],
    ['Container Runtime Version', 'containerRuntimeVersion'],
    ['Kubelet Version', 'kubeletVersion'],
  ] as const)
    lines.add(0, `  ${label}:\t${info[field] ?? ''}`);
  if (spec.podCIDR) lines.add(0, `PodCIDR:\t${spec.podCIDR}`);
  if (spec.podCIDRs) lines.add(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}`);
  resourceLines(lines, pods, status.allocatable ?? status.capacity ?? {}, now);
  eventLines(lines, events, now);
  return lines.render();
}
