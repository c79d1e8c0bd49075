// Columns of workloads. Counterpart: kubernetes/pkg/printers/internalversion/printers.go, v1.36.

import { age, ago, type Columns, humanDuration, images, parseTime, selectorText } from './cells.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects are open JSON
type Json = any;

const WIDE = ['Containers', 'Images', 'Selector'];

export const WORKLOAD_COLUMNS: Readonly<Record<string, Columns>> = {
  Deployment: {
    names: ['Name', 'Ready', 'Up-to-date', 'Available', 'Age'],
    wide: ['Containers', 'Images', 'Selector'],
    row: (o, now) => [
      o.metadata.name,
      `${o.status?.readyReplicas ?? 0}/${o.spec.replicas}`,
      o.status?.updatedReplicas ?? 0,
      o.status?.availableReplicas ?? 0,
      age(o, now),
      ...images(o.spec.template),
      selectorText(o.spec.selector),
    ],
  },
  ReplicaSet: {
    names: ['Name', 'Desired', 'Current', 'Ready', 'Age'],
    wide: ['Containers', 'Images', 'Selector'],
    row: (o, now) => [
      o.metadata.name,
      o.spec.replicas,
      o.status?.replicas ?? 0,
      o.status?.readyReplicas ?? 0,
      age(o, now),
      ...images(o.spec.template),
      selectorText(o.spec.selector),
    ],
  },
  Job: {
    names: ['Name', 'Status', 'Completions', 'Duration', 'Age'],
    wide: ['Containers', 'Images', 'Selector'],
    row: (o, now) => {
      const done = (o.status?.conditions ?? []).find((c: Json) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True');
      const duration = o.status?.startTime
        ? o.status.completionTime
          ? humanDuration(parseTime(o.status.completionTime) - parseTime(o.status.startTime))
          : ago(o.status.startTime, now)
        : '';
      return [
        o.metadata.name,
        done?.type ?? 'Running',
        `${o.status?.succeeded ?? 0}/${o.spec.completions ?? 1}`,
        duration,
        age(o, now),
        ...images(o.spec.template),
        selectorText(o.spec.selector),
      ];
    },
  },
  DaemonSet: {
    names: ['Name', 'Desired', 'Current', 'Ready', 'Up-to-date', 'Available', 'Node Selector', 'Age'],
    wide: WIDE,
    row: (o, now) => [
      o.metadata.name,
      o.status?.desiredNumberScheduled ?? 0,
      o.status?.currentNumberScheduled ?? 0,
      o.status?.numberReady ?? 0,
      o.status?.updatedNumberScheduled ?? 0,
      o.status?.numberAvailable ?? 0,
      selectorText({ matchLabels: o.spec.template.spec?.nodeSelector }),
      age(o, now),
      ...images(o.spec.template),
      selectorText(o.spec.selector),
    ],
  },
  StatefulSet: {
    names: ['Name', 'Ready', 'Age'],
    wide: ['Containers', 'Images'],
    row: (o, now) => [o.metadata.name, `${o.status?.readyReplicas ?? 0}/${o.spec.replicas}`, age(o, now), ...images(o.spec.template)],
  },
  ReplicationController: {
    names: ['Name', 'Desired', 'Current', 'Ready', 'Age'],
    wide: WIDE,
    row: (o, now) => [
      o.metadata.name,
      o.spec.replicas,
      o.status?.replicas ?? 0,
      o.status?.readyReplicas ?? 0,
      age(o, now),
      ...images(o.spec.template),
      selectorText({ matchLabels: o.spec.selector }),
    ],
  },
  CronJob: {
    names: ['Name', 'Schedule', 'Timezone', 'Suspend', 'Active', 'Last Schedule', 'Age'],
    wide: WIDE,
    row: (o, now) => [
      o.metadata.name,
      o.spec.schedule,
      o.spec.timeZone ?? '<none>',
      o.spec.suspend === true ? 'True' : 'False',
      (o.status?.active ?? []).length,
      o.status?.lastScheduleTime ? ago(o.status.lastScheduleTime, now) : '<none>',
      age(o, now),
      ...images(o.spec.jobTemplate.spec.template),
      selectorText(o.spec.jobTemplate.spec.selector),
    ],
  },
  PodTemplate: {
    names: ['Name', 'Containers', 'Images', 'Pod Labels'],
    wide: [],
    row: (o) => [o.metadata.name, ...images(o.template), selectorText({ matchLabels: o.template?.metadata?.labels })],
  },
};
