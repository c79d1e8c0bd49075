// Where a pod may run, and what the controllers say, where no recording covers it.

import { type Json, type PodRule, podRules } from './harness.ts';

const HELP = 'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
const WHY = "kubectl get events --field-selector reason=FailedScheduling -o jsonpath='{.items[0].message}'";
const labels = { app: 'w' };
const template = (command: string, spec: Json = {}): Json => ({
  metadata: { labels },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'busybox:1.36', command: ['sh', '-c', command] }], ...spec },
});
const workload = (kind: string, spec: Json): Json => ({
  apiVersion: /Job/.test(kind) ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name: 'w' },
  spec,
});
const selector = { matchLabels: labels };
/** What happened to the object, without the random ends of names. */
const SAID = (kind: string): string =>
  `kubectl get events --field-selector involvedObject.kind=${kind} -o custom-columns=R:.reason,M:.message --no-headers | sed "s/  */ /; s/w-[0-9a-f]*-[a-z0-9]\\{5\\}/w-HASH-RANDOM/; s/w-[0-9a-f]\\{8,10\\}/w-HASH/; s/w-[a-z0-9]\\{5\\}\\$/w-RANDOM/" | sort`;
const CONDITIONS = (kind: string): string =>
  `kubectl get ${kind} w -o jsonpath='{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{"\\n"}{end}' | sed "s/w-[0-9a-f]\\{8,10\\}/w-HASH/" | sort`;

const scheduling: readonly PodRule[] = [
  {
    rule: 'no node has the label',
    source: 'pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go ErrReasonPod',
    pod: { nodeSelector: { disk: 'ssd' } },
    shows: { phase: 'Pending', [WHY]: `0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. ${HELP}` },
  },
  {
    rule: 'gates keep the scheduler away',
    source: 'pkg/scheduler/framework/plugins/schedulinggates/scheduling_gates.go PreEnqueue; pkg/registry/core/pod/strategy.go',
    pod: { schedulingGates: [{ name: 'example.com/g' }] },
    shows: {
      phase: 'Pending',
      "kubectl get pod x -o jsonpath='{.status.conditions[0].reason}: {.status.conditions[0].message}'":
        'SchedulingGated: Scheduling is blocked due to non-empty scheduling gates',
      'kubectl get pod x --no-headers | tr -s " " | cut -d" " -f3': 'SchedulingGated\n',
    },
  },
];

const jobs: readonly PodRule[] = [
  {
    rule: 'a job that ends well',
    source: 'pkg/controller/job/job_controller.go; batch/v1 JobReasonCompletionsReached',
    objects: [workload('Job', { template: template('exit 0', { restartPolicy: 'Never' }) })],
    shows: {
      [SAID('Job')]: 'Completed Job completed\nSuccessfulCreate Created pod: w-RANDOM\n',
      [CONDITIONS('job')]:
        'Complete=True CompletionsReached: Reached expected number of succeeded pods\nSuccessCriteriaMet=True CompletionsReached: Reached expected number of succeeded pods\n',
    },
  },
  {
    rule: 'a job with too many failures',
    source: 'pkg/controller/job/job_controller.go syncJob, JobReasonBackoffLimitExceeded',
    objects: [workload('Job', { backoffLimit: 0, template: template('exit 1', { restartPolicy: 'Never' }) })],
    shows: {
      [SAID('Job')]: 'BackoffLimitExceeded Job has reached the specified backoff limit\nSuccessfulCreate Created pod: w-RANDOM\n',
      [CONDITIONS('job')]:
        'FailureTarget=True BackoffLimitExceeded: Job has reached the specified backoff limit\nFailed=True BackoffLimitExceeded: Job has reached the specified backoff limit\n'
          .split('\n')
          .sort()
          .join('\n')
          .trim()
          .concat('\n'),
    },
  },
  {
    rule: 'a job that takes too long',
    source: 'pkg/controller/job/job_controller.go pastActiveDeadline, JobReasonDeadlineExceeded',
    objects: [workload('Job', { activeDeadlineSeconds: 3, template: template('sleep 1h', { restartPolicy: 'Never' }) })],
    after: 10,
    shows: {
      [SAID('Job')]: [
        'DeadlineExceeded Job was active longer than specified deadline',
        'SuccessfulCreate Created pod: w-RANDOM',
        'SuccessfulDelete Deleted pod: w-RANDOM',
        '',
      ].join('\n'),
    },
  },
  {
    rule: 'a job that is taken up again',
    source: 'pkg/controller/job/job_controller.go syncJob: Suspended, Resumed',
    objects: [workload('Job', { suspend: true, template: template('sleep 1h', { restartPolicy: 'Never' }) })],
    shows: {
      [CONDITIONS('job')]: 'Suspended=True JobSuspended: Job suspended\n',
      [`kubectl patch job w -p '{"spec":{"suspend":false}}' >/dev/null; sleep 3; ${CONDITIONS('job')}`]:
        'Suspended=False JobResumed: Job resumed\n',
      [SAID('Job')]: 'Resumed Job resumed\nSuccessfulCreate Created pod: w-RANDOM\nSuspended Job suspended\n',
    },
  },
  {
    rule: 'a job begins when its time has come, not while the last one runs',
    source: 'pkg/controller/cronjob/cronjob_controllerv2.go syncCronJob, JobAlreadyActive',
    objects: [
      workload('CronJob', {
        schedule: '* * * * *',
        concurrencyPolicy: 'Forbid',
        jobTemplate: { spec: { template: template('sleep 1h', { restartPolicy: 'Never' }) } },
      }),
    ],
    after: 150,
    shows: {
      [`${SAID('CronJob')} | uniq`]:
        'JobAlreadyActive Not starting job because prior execution is running and concurrency policy is Forbid\nSuccessfulCreate Created job w-HASH\n',
    },
  },
];

const sets: readonly PodRule[] = [
  {
    rule: 'a deployment',
    source: 'pkg/controller/deployment/util/deployment_util.go reasons; sync.go scaleReplicaSet',
    objects: [workload('Deployment', { replicas: 2, selector, template: template('sleep 1h') })],
    shows: {
      [SAID('Deployment')]: 'ScalingReplicaSet Scaled up replica set w-HASH from 0 to 2\n',
      [CONDITIONS('deploy')]:
        'Available=True MinimumReplicasAvailable: Deployment has minimum availability.\nProgressing=True NewReplicaSetAvailable: ReplicaSet "w-HASH" has successfully progressed.\n',
    },
  },
  {
    rule: 'a deployment whose pods do not come up',
    source: 'pkg/controller/deployment/progress.go syncRolloutStatus',
    objects: [workload('Deployment', { replicas: 1, progressDeadlineSeconds: 5, selector, template: template('exit 1') })],
    after: 12,
    shows: {
      [CONDITIONS('deploy')]:
        'Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.\nProgressing=False ProgressDeadlineExceeded: ReplicaSet "w-HASH" has timed out progressing.\n',
    },
  },
  {
    rule: 'a deployment that may not make its pods',
    source: 'pkg/controller/deployment/sync.go; pkg/controller/replicaset FailedCreate',
    objects: [workload('Deployment', { replicas: 1, selector, template: template('sleep 1h', { serviceAccountName: 'none' }) })],
    shows: {
      [CONDITIONS('deploy')]: [
        'Available=False MinimumReplicasUnavailable: Deployment does not have minimum availability.',
        'Progressing=True NewReplicaSetCreated: Created new replica set "w-HASH"',
        'ReplicaFailure=True FailedCreate: pods "w-HASH-" is forbidden: error looking up service account default/none: serviceaccount "none" not found',
        '',
      ].join('\n'),
    },
  },
  {
    rule: 'a stateful set: one after the other',
    source: 'pkg/controller/statefulset/stateful_pod_control.go recordPodEvent',
    objects: [workload('StatefulSet', { replicas: 2, selector, serviceName: 's', template: template('sleep 1h') })],
    after: 8,
    shows: {
      [SAID('StatefulSet')]:
        'SuccessfulCreate create Pod w-0 in StatefulSet w successful\nSuccessfulCreate create Pod w-1 in StatefulSet w successful\n',
    },
  },
  {
    rule: 'a daemon set',
    source: 'pkg/controller/daemon/daemon_controller.go; RealPodControl.createPods',
    objects: [workload('DaemonSet', { selector, template: template('sleep 1h') })],
    shows: { [SAID('DaemonSet')]: 'SuccessfulCreate Created pod: w-RANDOM\n' },
  },
];
podRules([...scheduling, ...jobs, ...sets]);
