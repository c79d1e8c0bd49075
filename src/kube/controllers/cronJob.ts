// CronJobs: a job at every moment of a schedule. Counterpart: pkg/controller/cronjob, Kubernetes 1.36; robfig/cron v3

import type { KubeObject } from '../api/object.ts';
import { finishedCondition } from './job.ts';
import { create, type Json, ownedBy, ownerReference, type Pass, remove, say, timestamp, writeStatus } from './workload.ts';

const COMPONENT = 'cronjob-controller';
const MINUTE = 60_000;
const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const RANGES: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
];
const WORDS = ['SUN MON TUE WED THU FRI SAT', 'x JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'].map((list) => list.split(' '));

function field(text: string, [low, high]: readonly [number, number]): ReadonlySet<number> {
  const set = new Set<number>();
  const number = (word: string): number => {
    const named = WORDS.map((list) => list.indexOf(word.toUpperCase())).find((at) => at >= 0);
    return named ?? (high === 6 && word === '7' ? 0 : Number(word));
  };
  for (const part of text.split(',')) {
    const [range = '*', step = '1'] = part.split('/');
    const [from = '*', to] = range.split('-');
    const begin = from === '*' || from === '?' ? low : number(from);
    const end = from === '*' || from === '?' ? high : to === undefined ? (part.includes('/') ? high : begin) : number(to);
    for (let value = begin; value <= end; value += Math.max(1, Number(step))) set.add(value);
  }
  return set;
}

/** The first moment of a schedule after another, in milliseconds; undefined: none within five years. */
export function nextTime(schedule: string, after: number): number | undefined {
  const every = /^@every (\d+)([smh])$/.exec(schedule);
  if (every) return after + Number(every[1]) * { s: 1000, m: MINUTE, h: 60 * MINUTE }[every[2] as 's' | 'm' | 'h'];
  const words = (NAMED[schedule] ?? schedule).trim().split(/\s+/);
  if (words.length !== 5) return undefined;
  const [minutes, hours, days, months, weekdays] = words.map((word, i) => field(word, RANGES[i] as readonly [number, number])) as [
    ReadonlySet<number>,
    ReadonlySet<number>,
    ReadonlySet<number>,
    ReadonlySet<number>,
    ReadonlySet<number>,
  ];
  // A day counts by its number or by its weekday when both are given.
  const either = !/^[*?]/.test(words[2] as string) && !/^[*?]/.test(words[4] as string);
  const last = after + 5 * 366 * 24 * 60 * MINUTE;
  for (let at = Math.floor(after / MINUTE) * MINUTE + MINUTE; at < last; ) {
    const time = new Date(at);
    const [byDay, byWeekday] = [days.has(time.getUTCDate()), weekdays.has(time.getUTCDay())];
    const dayFits = months.has(time.getUTCMonth() + 1) && (either ? byDay || byWeekday : byDay && byWeekday);
    if (!dayFits) at = Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate() + 1);
    else if (!hours.has(time.getUTCHours())) at = Math.floor(at / (60 * MINUTE)) * 60 * MINUTE + 60 * MINUTE;
    else if (!minutes.has(time.getUTCMinutes())) at += MINUTE;
    else return at;
  }
  return undefined;
}

/** Removes finished jobs beyond the limits, oldest first. */
function prune(pass: Pass, cron: KubeObject, jobs: readonly KubeObject[]): void {
  const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec;
  for (const [type, limit] of [
    ['Complete', successfulJobsHistoryLimit],
    ['Failed', failedJobsHistoryLimit],
  ] as const) {
    const ended = jobs.filter((job) => finishedCondition(job)?.type === type);
    ended.sort((a, b) => ((a.status.startTime ?? '') < (b.status.startTime ?? '') ? 1 : -1));
    for (const job of ended.slice(limit)) {
      remove(pass, 'batch', 'jobs', job);
      say(pass, cron, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`, COMPONENT);
    }
  }
}

function start(pass: Pass, cron: KubeObject, moment: number): KubeObject | undefined {
  const { metadata = {}, spec } = cron.spec.jobTemplate;
  const name = `${cron.metadata.name}-${Math.floor(moment / MINUTE)}`;
  const scheduled = new Date(moment).toISOString().replace('.000Z', 'Z');
  const made = create(pass, 'batch', 'jobs', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      annotations: { ...metadata.annotations, 'batch.kubernetes.io/cronjob-scheduled-timestamp': scheduled },
      ...(metadata.labels ? { labels: metadata.labels } : {}),
      name,
      namespace: cron.metadata.namespace,
      ownerReferences: [ownerReference(cron)],
    },
    spec: structuredClone(spec),
  });
  if (typeof made === 'string') {
    say(pass, cron, 'Warning', 'FailedCreate', `Error creating job: ${made}`, COMPONENT);
    return undefined;
  }
  say(pass, cron, 'Normal', 'SuccessfulCreate', `Created job ${name}`, COMPONENT);
  return made;
}

function syncCronJob(pass: Pass, cron: KubeObject): void {
  const jobs = ownedBy(pass.api, 'Job', cron);
  const known: Json[] = cron.status?.active ?? [];
  const running = jobs.filter((job) => !finishedCondition(job));
  for (const one of known) {
    const finished = jobs.find((job) => job.metadata.uid === one.uid && finishedCondition(job));
    if (finished)
      say(
        pass,
        cron,
        'Normal',
        'SawCompletedJob',
        `Saw completed job: ${one.name}, condition: ${finishedCondition(finished)?.type}`,
        COMPONENT,
      );
  }
  prune(pass, cron, jobs);
  let { lastScheduleTime } = cron.status ?? {};
  const completed = jobs.map((job) => job.status?.completionTime as string | undefined).filter((time) => time !== undefined);
  const lastSuccessfulTime = [cron.status?.lastSuccessfulTime, ...completed].filter(Boolean).sort().at(-1);
  const now = Number(pass.now / 1_000_000n);
  if (!cron.spec.suspend) {
    const since = Date.parse(lastScheduleTime ?? cron.metadata.creationTimestamp);
    let due: number | undefined;
    let next = nextTime(cron.spec.schedule, since);
    for (let missed = 0; next !== undefined && next <= now && missed < 100; missed++) {
      due = next;
      next = nextTime(cron.spec.schedule, next);
    }
    if (next !== undefined) pass.again(BigInt(next) * 1_000_000n);
    const tooLate =
      due !== undefined && cron.spec.startingDeadlineSeconds !== undefined && now - due > cron.spec.startingDeadlineSeconds * 1000;
    if (due !== undefined && running.length > 0 && cron.spec.concurrencyPolicy === 'Forbid')
      say(
        pass,
        cron,
        'Normal',
        'JobAlreadyActive',
        'Not starting job because prior execution is running and concurrency policy is Forbid',
        COMPONENT,
      );
    else if (due !== undefined && !tooLate) {
      if (cron.spec.concurrencyPolicy === 'Replace') for (const job of running.splice(0)) remove(pass, 'batch', 'jobs', job);
      const made = start(pass, cron, due);
      if (made) running.push(made);
      lastScheduleTime = made ? new Date(due).toISOString().replace('.000Z', 'Z') : timestamp(pass);
    }
  }
  const active = running.map((job) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    name: job.metadata.name,
    namespace: job.metadata.namespace,
    resourceVersion: job.metadata.resourceVersion,
    uid: job.metadata.uid,
  }));
  // The version of a job changes with its own status; the reference keeps the one it was made with.
  const kept = active.map((one) => known.find((had) => had.uid === one.uid) ?? one);
  writeStatus(pass, cron, {
    ...(kept.length > 0 ? { active: kept } : {}),
    ...(lastScheduleTime ? { lastScheduleTime } : {}),
    ...(lastSuccessfulTime ? { lastSuccessfulTime } : {}),
  });
}

export function syncCronJobs(pass: Pass): void {
  for (const cron of pass.api.list('CronJob')) if (!cron.metadata.deletionTimestamp) syncCronJob(pass, cron);
}
