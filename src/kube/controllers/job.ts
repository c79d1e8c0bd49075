// Jobs: pods until enough of them have succeeded. Counterpart: pkg/controller/job, Kubernetes 1.36

import type { KubeObject } from '../api/object.ts';
import { create, isActive, type Json, ownedBy, type Pass, podFrom, readySince, remove, say, timestamp, writeStatus } from './workload.ts';

const COMPONENT = 'job-controller';
const SECOND = 1_000_000_000n;
const LONGEST_WAIT = 600n * SECOND;
const POD_FAILURE_WAIT = 10n * SECOND;

export const finishedCondition = (job: KubeObject): Json | undefined =>
  (job.status?.conditions ?? []).find((one: Json) => (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True');

const at = (time: string): bigint => BigInt(Date.parse(time)) * 1_000_000n;

function endConditions(pass: Pass, kind: 'Complete' | 'Failed', reason: string, message: string): Json[] {
  const now = timestamp(pass);
  const one = (type: string): Json => ({ lastProbeTime: now, lastTransitionTime: now, message, reason, status: 'True', type });
  return [one(kind === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'), one(kind)];
}

/** Why the job is over without success, if it is. */
function failureOf(pass: Pass, job: KubeObject, failed: number, restarts: number): readonly [string, string] | undefined {
  const { backoffLimit = 6, activeDeadlineSeconds } = job.spec;
  if (failed > backoffLimit || (job.spec.template.spec.restartPolicy === 'OnFailure' && restarts > 0 && restarts >= backoffLimit))
    return ['BackoffLimitExceeded', 'Job has reached the specified backoff limit'];
  if (activeDeadlineSeconds === undefined || !job.status?.startTime) return undefined;
  const end = at(job.status.startTime) + BigInt(activeDeadlineSeconds) * SECOND;
  if (end <= pass.now) return ['DeadlineExceeded', 'Job was active longer than specified deadline'];
  pass.again(end);
  return undefined;
}

/** When the next pod may follow failed ones. Counterpart: podFailureBackoff, backoff_utils.go */
function afterFailures(pods: readonly KubeObject[]): bigint {
  const ends = pods
    .filter((pod) => pod.status?.phase === 'Failed')
    .map((pod) => at(pod.status.containerStatuses?.[0]?.state?.terminated?.finishedAt ?? pod.metadata.creationTimestamp));
  if (ends.length === 0) return 0n;
  const wait = POD_FAILURE_WAIT << BigInt(Math.min(ends.length - 1, 6));
  return ends.reduce((a, b) => (a > b ? a : b)) + (wait > LONGEST_WAIT ? LONGEST_WAIT : wait);
}

function grow(pass: Pass, job: KubeObject, count: number, taken: ReadonlySet<string>): void {
  const indexed = job.spec.completionMode === 'Indexed';
  let index = 0;
  for (let made = 0; made < count; made++) {
    while (taken.has(String(index))) index++;
    const number = String(index++);
    const pod = create(
      pass,
      '',
      'pods',
      podFrom(job, job.spec.template, {
        name: { generateName: indexed ? `${job.metadata.name}-${number}-` : `${job.metadata.name}-` },
        ...(indexed
          ? {
              labels: { 'batch.kubernetes.io/job-completion-index': number },
              annotations: { 'batch.kubernetes.io/job-completion-index': number },
              spec: { hostname: `${job.metadata.name}-${number}` },
            }
          : {}),
      }),
    );
    if (typeof pod === 'string') {
      say(pass, job, 'Warning', 'FailedCreate', `Error creating: ${pod}`, COMPONENT);
      pass.again(pass.failures.failed(job, pass.now, SECOND, LONGEST_WAIT));
      return;
    }
    pass.failures.forget(job);
    say(pass, job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`, COMPONENT);
  }
}

/** Counterpart: deleteActivePods */
function stop(pass: Pass, job: KubeObject, pods: readonly KubeObject[]): void {
  for (const pod of pods) {
    remove(pass, '', 'pods', pod);
    say(pass, job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`, COMPONENT);
  }
}

/** The condition of a job that is, or was, suspended. Counterpart: ensureJobConditionStatus in syncJob */
function suspension(pass: Pass, job: KubeObject, conditions: readonly Json[]): readonly Json[] {
  const before = conditions.find(({ type }) => type === 'Suspended');
  const wanted: boolean = job.spec.suspend === true;
  if (before === undefined ? !wanted : (before.status === 'True') === wanted) return conditions;
  const [reason, message, status, said] = wanted
    ? ['JobSuspended', 'Job suspended', 'True', 'Suspended']
    : ['JobResumed', 'Job resumed', 'False', 'Resumed'];
  say(pass, job, 'Normal', said as string, message as string, COMPONENT);
  const now = timestamp(pass);
  const condition = { lastProbeTime: now, lastTransitionTime: now, message, reason, status, type: 'Suspended' };
  return [...conditions.filter((one) => one !== before), condition];
}

const indexOf = (pod: KubeObject): string => pod.metadata.annotations?.['batch.kubernetes.io/job-completion-index'] ?? '';

function syncJob(pass: Pass, job: KubeObject): void {
  const { parallelism = 1, completions, suspend } = job.spec;
  const pods = ownedBy(pass.api, 'Pod', job);
  const succeeded = pods.filter((pod) => pod.status?.phase === 'Succeeded');
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed').length;
  const active = pods.filter(isActive);
  const restarts = active.reduce((sum, pod) => sum + (pod.status?.containerStatuses?.[0]?.restartCount ?? 0), 0);
  const done = succeeded.length;
  const failure = failureOf(pass, job, failed, restarts);
  const complete = completions === undefined ? done > 0 && active.length === 0 : done >= completions;
  let conditions: Json[] | undefined = job.status?.conditions;
  let completionTime: string | undefined;
  const resumed = conditions?.some(({ type, status }) => type === 'Suspended' && status === 'True') === true && !suspend;
  const suspended = suspension(pass, job, conditions ?? []);
  if (failure) {
    stop(pass, job, active);
    conditions = [...suspended, ...endConditions(pass, 'Failed', failure[0], failure[1])];
    say(pass, job, 'Warning', failure[0], failure[1], COMPONENT);
  } else if (complete) {
    stop(pass, job, active);
    conditions = [...suspended, ...endConditions(pass, 'Complete', 'CompletionsReached', 'Reached expected number of succeeded pods')];
    completionTime = timestamp(pass);
    say(pass, job, 'Normal', 'Completed', 'Job completed', COMPONENT);
  } else if (suspend) {
    stop(pass, job, active);
    conditions = [...suspended];
  } else {
    if (suspended.length > 0) conditions = [...suspended];
    const left = completions === undefined ? (done > 0 ? 0 : parallelism) : Math.min(parallelism, completions - done);
    const [refused, crashed] = [pass.failures.until(job), afterFailures(pods)];
    const until = refused > crashed ? refused : crashed;
    if (left > active.length && until > pass.now) pass.again(until);
    else if (left > active.length) grow(pass, job, left - active.length, new Set([...active, ...succeeded].map(indexOf)));
  }
  const now = ownedBy(pass.api, 'Pod', job).filter(isActive);
  const ready = now.filter((pod) => readySince(pod) !== undefined).length;
  writeStatus(pass, job, {
    ...(now.length > 0 ? { active: now.length } : {}),
    ...(completionTime ? { completionTime } : {}),
    ...(conditions ? { conditions } : {}),
    ...(failed > 0 ? { failed } : {}),
    ready,
    ...(suspend ? {} : { startTime: resumed ? timestamp(pass) : (job.status?.startTime ?? timestamp(pass)) }),
    ...(done > 0 ? { succeeded: done } : {}),
    terminating: 0,
    uncountedTerminatedPods: {},
  });
}

/** A finished job goes after its time to live. Counterpart: pkg/controller/ttlafterfinished */
function expire(pass: Pass, job: KubeObject, finished: Json): void {
  const seconds: number | undefined = job.spec.ttlSecondsAfterFinished;
  if (seconds === undefined) return;
  const end = at(finished.lastTransitionTime) + BigInt(seconds) * SECOND;
  if (end > pass.now) pass.again(end);
  else remove(pass, 'batch', 'jobs', job);
}

export function syncJobs(pass: Pass): void {
  for (const job of pass.api.list('Job')) {
    if (job.metadata.deletionTimestamp) continue;
    const finished = finishedCondition(job);
    if (finished) expire(pass, job, finished);
    else syncJob(pass, job);
  }
}
