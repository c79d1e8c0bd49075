// kubectl describe pod. Counterpart: describePod, k8s.io/kubectl/pkg/describe/describe.go, v1.36

import { annotationLines, humanDuration, Lines, mapLines, rfc1123 } from './describeText.ts';
import { describeVolumes } from './describeVolumes.ts';
import type { Json } from './session.ts';

function profileLines(lines: Lines, level: number, profile: Json): void {
  if (!profile) return;
  lines.add(level, `SeccompProfile:\t${profile.type}`);
  if (profile.type === 'Localhost') lines.add(level === 0 ? 0 : level + 1, `LocalhostProfile:\t${profile.localhostProfile}`);
}

function stateLines(lines: Lines, label: string, state: Json): void {
  if (state.running) {
    lines.add(2, `${label}:\tRunning`);
    lines.add(3, `Started:\t${rfc1123(state.running.startedAt)}`);
  } else if (state.waiting) {
    lines.add(2, `${label}:\tWaiting`);
    if (state.waiting.reason) lines.add(3, `Reason:\t${state.waiting.reason}`);
  } else if (state.terminated) {
    const t = state.terminated;
    lines.add(2, `${label}:\tTerminated`);
    if (t.reason) lines.add(3, `Reason:\t${t.reason}`);
    if (t.message) lines.add(3, `Message:\t${t.message}`);
    lines.add(3, `Exit Code:\t${t.exitCode}`);
    if (t.signal > 0) lines.add(3, `Signal:\t${t.signal}`);
    lines.add(3, `Started:\t${rfc1123(t.startedAt)}`);
    lines.add(3, `Finished:\t${rfc1123(t.finishedAt)}`);
  } else lines.add(2, `${label}:\tWaiting`);
}

function probeText(probe: Json): string {
  const tail = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 1}s period=${probe.periodSeconds ?? 10}s #success=${probe.successThreshold ?? 1} #failure=${probe.failureThreshold ?? 3}`;
  if (probe.exec) return `exec [${(probe.exec.command ?? []).join(' ')}] ${tail}`;
  if (probe.httpGet)
    return `http-get ${(probe.httpGet.scheme ?? 'HTTP').toLowerCase()}://${probe.httpGet.host ?? ''}:${probe.httpGet.port}${probe.httpGet.path ?? '/'} ${tail}`;
  if (probe.tcpSocket) return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${tail}`;
  return `unknown ${tail}`;
}

function environmentLines(lines: Lines, container: Json, pod: Json): void {
  if (container.envFrom?.length) {
    lines.add(2, 'Environment Variables from:');
    for (const source of container.envFrom) {
      const ref = source.configMapRef ?? source.secretRef;
      lines.add(
        3,
        `${ref.name}\t${source.configMapRef ? 'ConfigMap' : 'Secret'}${source.prefix ? ` with prefix '${source.prefix}'` : ''}\tOptional: ${ref.optional ?? false}`,
      );
    }
  }
  if (!container.env?.length) {
    lines.add(2, 'Environment:\t<none>');
    return;
  }
  lines.add(2, 'Environment:');
  for (const e of container.env) {
    const from = e.valueFrom;
    if (!from) {
      const [first = '', ...rest] = String(e.value ?? '').split('\n');
      lines.add(3, `${e.name}:\t${first}`);
      for (const line of rest) lines.add(3, `\t${line}`);
    } else if (from.fieldRef)
      lines.add(
        3,
        `${e.name}:\t${fieldValue(pod, from.fieldRef.fieldPath)} (${from.fieldRef.apiVersion ?? 'v1'}:${from.fieldRef.fieldPath})`,
      );
    else if (from.resourceFieldRef)
      lines.add(
        3,
        `${e.name}:\t${container.resources?.limits?.[String(from.resourceFieldRef.resource).split('.')[1] ?? ''] ?? 'node allocatable'} (${from.resourceFieldRef.resource})`,
      );
    else if (from.secretKeyRef)
      lines.add(
        3,
        `${e.name}:\t<set to the key '${from.secretKeyRef.key}' in secret '${from.secretKeyRef.name}'>\tOptional: ${from.secretKeyRef.optional ?? false}`,
      );
    else if (from.configMapKeyRef)
      lines.add(
        3,
        `${e.name}:\t<set to the key '${from.configMapKeyRef.key}' of config map '${from.configMapKeyRef.name}'>\tOptional: ${from.configMapKeyRef.optional ?? false}`,
      );
  }
}

const fieldValue = (pod: Json, path: string): string =>
  /^(metadata\.(name|namespace|uid)|spec\.\w+)$/.test(path) ? String(path.split('.').reduce((at: Json, key) => at?.[key], pod) ?? '') : '';

/** One container; `space` stands before its name in a template. */
export function containerLines(lines: Lines, container: Json, status: Json, pod: Json, space = ''): void {
  lines.add(1, `${space}${container.name}:`);
  if (status) lines.add(2, `Container ID:\t${status.containerID ?? ''}`);
  lines.add(2, `Image:\t${container.image}`);
  if (status) lines.add(2, `Image ID:\t${status.imageID ?? ''}`);
  const ports: Json[] = container.ports ?? [];
  const shown = (of: (p: Json) => string): string => (ports.length === 0 ? '<none>' : ports.map(of).join(', '));
  const plural = ports.length > 1 ? 's' : '';
  lines.add(2, `Port${plural}:\t${shown((p) => `${p.containerPort}/${p.protocol ?? 'TCP'}${p.name ? ` (${p.name})` : ''}`)}`);
  lines.add(2, `Host Port${plural}:\t${shown((p) => `${p.hostPort ?? 0}/${p.protocol ?? 'TCP'}${p.name ? ` (${p.name})` : ''}`)}`);
  profileLines(lines, 2, container.securityContext?.seccompProfile);
  for (const [field, label] of [
    ['command', 'Command'],
    ['args', 'Args'],
  ] as const)
    if (container[field]?.length) {
      lines.add(2, `${label}:`);
      for (const word of container[field]) for (const part of String(word).replace(/\n$/, '').split('\n')) lines.add(3, part);
    }
  if (status) {
    stateLines(lines, 'State', status.state ?? {});
    if (status.lastState?.terminated) stateLines(lines, 'Last State', status.lastState);
    lines.add(2, `Ready:\t${status.ready ? 'True' : 'False'}`);
    lines.add(2, `Restart Count:\t${status.restartCount}`);
  }
  for (const [field, label] of [
    ['limits', 'Limits'],
    ['requests', 'Requests'],
  ] as const) {
    const amounts = Object.entries(container.resources?.[field] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    if (amounts.length === 0) continue;
    lines.add(2, `${label}:`);
    for (const [name, amount] of amounts) lines.add(3, `${name}:\t${amount}`);
  }
  for (const [field, label] of [
    ['livenessProbe', 'Liveness'],
    ['readinessProbe', 'Readiness'],
    ['startupProbe', 'Startup'],
  ] as const)
    if (container[field]) lines.add(2, `${label}:\t${probeText(container[field])}`);
  environmentLines(lines, container, pod);
  const mounts: Json[] = [...(container.volumeMounts ?? [])].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1));
  if (mounts.length === 0) lines.add(2, 'Mounts:\t<none>');
  else lines.add(2, 'Mounts:');
  for (const m of mounts)
    lines.add(3, `${m.mountPath} from ${m.name} (${m.readOnly ? 'ro' : 'rw'}${m.subPath ? `,path="${m.subPath}"` : ''})`);
}

function tolerationText(t: Json): string {
  return `${t.key ?? ''}${t.value ? `=${t.value}` : ''}${t.effect ? `:${t.effect}` : ''}${t.operator === 'Exists' ? (t.key || t.effect ? ' op=Exists' : 'op=Exists') : ''}${t.tolerationSeconds !== undefined ? ` for ${t.tolerationSeconds}s` : ''}`;
}

export function tolerationLines(lines: Lines, level: number, list: readonly Json[] | undefined): void {
  const tolerations: string[] = [...(list ?? [])].map(tolerationText).sort();
  if (tolerations.length === 0) lines.add(level, 'Tolerations:\t<none>');
  for (const [i, text] of tolerations.entries()) lines.add(level, `${i === 0 ? 'Tolerations:' : ''}\t${text}`);
}

/** The events table at the end of a description; `now` in seconds. Counterpart: DescribeEvents */
export function eventLines(lines: Lines, events: readonly Json[], now: number): void {
  if (events.length === 0) {
    lines.add(0, 'Events:\t<none>');
    return;
  }
  const seconds = (text: string): number => new Date(text).getTime() / 1000;
  lines.add(0, 'Events:');
  lines.add(1, 'Type\tReason\tAge\tFrom\tMessage');
  lines.add(1, '----\t------\t----\t----\t-------');
  for (const e of [...events].sort((a, b) => seconds(a.lastTimestamp ?? a.eventTime) - seconds(b.lastTimestamp ?? b.eventTime))) {
    const last = humanDuration(now - seconds(e.lastTimestamp ?? e.eventTime));
    const age =
      (e.count ?? 1) > 1
        ? `${last} (x${e.count} over ${humanDuration(now - seconds(e.firstTimestamp ?? e.eventTime))})`
        : humanDuration(now - seconds(e.firstTimestamp ?? e.eventTime));
    const field = e.involvedObject?.fieldPath ? `${e.involvedObject.fieldPath}: ` : '';
    lines.add(
      1,
      `${e.type}\t${e.reason}\t${age}\t${e.source?.component || e.reportingComponent || ''}\t${field}${String(e.message).trim()}`,
    );
  }
}

/** The whole description of a stored pod. */
export function describePod(pod: Json, events: readonly Json[], now: number): string {
  const lines = new Lines();
  const { metadata, spec } = pod;
  const status = pod.status ?? {};
  lines.add(0, `Name:\t${metadata.name}`);
  lines.add(0, `Namespace:\t${metadata.namespace}`);
  if (spec.priority !== undefined) lines.add(0, `Priority:\t${spec.priority}`);
  if (spec.priorityClassName) lines.add(0, `Priority Class Name:\t${spec.priorityClassName}`);
  if (spec.runtimeClassName) lines.add(0, `Runtime Class Name:\t${spec.runtimeClassName}`);
  if (spec.serviceAccountName) lines.add(0, `Service Account:\t${spec.serviceAccountName}`);
  lines.add(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>'}`);
  if (status.startTime) lines.add(0, `Start Time:\t${rfc1123(status.startTime)}`);
  mapLines(lines, 0, 'Labels', metadata.labels);
  annotationLines(lines, metadata.annotations);
  if (metadata.deletionTimestamp && !['Failed', 'Succeeded'].includes(status.phase)) {
    lines.add(0, `Status:\tTerminating (lasts ${humanDuration(now - new Date(metadata.deletionTimestamp).getTime() / 1000)})`);
    lines.add(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds}s`);
  } else lines.add(0, `Status:\t${status.phase ?? ''}`);
  if (status.reason) lines.add(0, `Reason:\t${status.reason}`);
  if (status.message) lines.add(0, `Message:\t${status.message}`);
  profileLines(lines, 0, spec.securityContext?.seccompProfile);
  lines.add(0, `IP:\t${status.podIP ?? ''}`);
  if (status.podIPs?.length) {
    lines.add(0, 'IPs:');
    for (const { ip } of status.podIPs) lines.add(1, `IP:\t${ip}`);
  } else lines.add(0, 'IPs:\t<none>');
  const owner = (metadata.ownerReferences ?? []).find((o: Json) => o.controller);
  if (owner) lines.add(0, `Controlled By:\t${owner.kind}/${owner.name}`);
  for (const [list, states, label] of [
    ['initContainers', 'initContainerStatuses', 'Init Containers'],
    ['containers', 'containerStatuses', 'Containers'],
    ['ephemeralContainers', 'ephemeralContainerStatuses', 'Ephemeral Containers'],
  ] as const) {
    if (!spec[list]?.length) continue;
    lines.add(0, `${label}:`);
    for (const container of spec[list])
      containerLines(
        lines,
        container,
        (status[states] ?? []).find((s: Json) => s.name === container.name),
        pod,
      );
  }
  if (status.conditions?.length) {
    lines.add(0, 'Conditions:');
    lines.add(1, 'Type\tStatus');
    for (const c of status.conditions) lines.add(1, `${c.type} \t${c.status} `);
  }
  describeVolumes(lines, spec.volumes ?? []);
  if (status.qosClass) lines.add(0, `QoS Class:\t${status.qosClass}`);
  mapLines(lines, 0, 'Node-Selectors', spec.nodeSelector);
  tolerationLines(lines, 0, spec.tolerations);
  eventLines(lines, events, now);
  return lines.render();
}
