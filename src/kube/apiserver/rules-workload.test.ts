// Kinds with a pod template: rules that no recording covers. Sources: kubernetes v1.36 pkg/apis/{apps,batch}/validation/validation.go.

import { type Json, type KindRule, kindRules } from './ruleHarness.ts';

const NOT_NEGATIVE = 'must be greater than or equal to 0';
const labels = { app: 'x' };
const template = (spec: Json = {}): Json => ({ metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } });
const of = (spec: Json): Json => ({ spec: { selector: { matchLabels: labels }, template: template(), ...spec } });
const jobOf = (spec: Json, pod: Json = {}): Json => ({ spec: { template: template({ restartPolicy: 'Never', ...pod }), ...spec } });
const cron = (spec: Json, job: Json = {}): Json => ({
  spec: { schedule: '* * * * *', jobTemplate: { spec: { template: template({ restartPolicy: 'Never' }), ...job } }, ...spec },
});
const PERCENT =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
const rolling = (rollingUpdate: Json): Json => of({ strategy: { type: 'RollingUpdate', rollingUpdate } });
const AT = 'spec.strategy.rollingUpdate';

const deployments: readonly Omit<KindRule, 'kind'>[] = [
  {
    rule: 'an empty selector selects nothing anybody wants',
    source: 'apps ValidateDeploymentSpec',
    given: of({ selector: {} }),
    says: ['spec.selector: Invalid value: {}: empty selector is invalid for deployment'],
  },
  {
    rule: 'expressions select too',
    source: 'apps ValidatePodTemplateSpecForReplicaSet; metav1.LabelSelectorAsSelector',
    given: of({ selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['y'] }] } }),
    says: ['spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`'],
  },
  {
    rule: 'numbers, in their order',
    source: 'apps ValidateDeploymentSpec',
    given: of({ replicas: -1, minReadySeconds: -1, revisionHistoryLimit: -1, progressDeadlineSeconds: -2 }),
    says: [
      `spec.replicas: Invalid value: -1: ${NOT_NEGATIVE}`,
      `spec.minReadySeconds: Invalid value: -1: ${NOT_NEGATIVE}`,
      `spec.revisionHistoryLimit: Invalid value: -1: ${NOT_NEGATIVE}`,
      `spec.progressDeadlineSeconds: Invalid value: -2: ${NOT_NEGATIVE}`,
      'spec.progressDeadlineSeconds: Invalid value: -2: must be greater than minReadySeconds',
    ],
  },
  {
    rule: 'another strategy',
    source: 'apps ValidateDeploymentStrategy',
    given: of({ strategy: { type: 'Swap' } }),
    says: ['spec.strategy: Unsupported value: {"Type":"Swap","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"'],
  },
  {
    rule: 'steps belong to rolling',
    source: 'apps ValidateDeploymentStrategy',
    given: of({ strategy: { type: 'Recreate', rollingUpdate: { maxSurge: 1 } } }),
    says: [`${AT}: Forbidden: may not be specified when strategy \`type\` is 'Recreate'`],
  },
  {
    rule: 'steps: numbers and shares',
    source: 'apps ValidateRollingUpdateDeployment, ValidatePositiveIntOrPercent',
    given: rolling({ maxUnavailable: 'some', maxSurge: -1 }),
    says: [`${AT}.maxUnavailable: Invalid value: "some": ${PERCENT}`, `${AT}.maxSurge: Invalid value: -1: ${NOT_NEGATIVE}`],
  },
  {
    rule: 'no step at all',
    source: 'apps ValidateRollingUpdateDeployment',
    given: rolling({ maxUnavailable: 0, maxSurge: '0%' }),
    says: [`${AT}.maxUnavailable: Invalid value: 0: may not be 0 when \`maxSurge\` is 0`],
  },
  {
    rule: 'more than all',
    source: 'apps IsNotMoreThan100Percent',
    given: rolling({ maxUnavailable: '101%', maxSurge: '200%' }),
    says: [`${AT}.maxUnavailable: Invalid value: "101%": must not be greater than 100%`],
  },
];

const UPDATE = 'spec.updateStrategy';
const others: readonly KindRule[] = [
  {
    kind: 'ReplicaSet',
    rule: 'its empty selector is called a deployment’s',
    source: 'apps ValidateReplicaSetSpec',
    given: of({ selector: {}, replicas: -1 }),
    says: [
      `spec.replicas: Invalid value: -1: ${NOT_NEGATIVE}`,
      'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
    ],
  },
  {
    kind: 'DaemonSet',
    rule: 'a selector that is not there matches nothing',
    source: 'apps ValidateDaemonSetSpec',
    given: of({ selector: null }),
    says: ['spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`'],
  },
  {
    kind: 'DaemonSet',
    rule: 'it runs for ever',
    source: 'apps ValidateDaemonSetSpec',
    given: of({ template: template({ activeDeadlineSeconds: 5 }) }),
    says: ['spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported'],
  },
  {
    kind: 'DaemonSet',
    rule: 'another strategy',
    source: 'apps ValidateDaemonSetUpdateStrategy',
    given: of({ updateStrategy: { type: 'Swap' } }),
    says: [`${UPDATE}: Unsupported value: {"Type":"Swap","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"`],
  },
  {
    kind: 'DaemonSet',
    rule: 'either more or fewer',
    source: 'apps ValidateRollingUpdateDaemonSet',
    given: of({ updateStrategy: { rollingUpdate: { maxSurge: 1 } } }),
    says: [`${UPDATE}.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero`],
  },
  {
    kind: 'DaemonSet',
    rule: 'neither more nor fewer',
    source: 'apps ValidateRollingUpdateDaemonSet',
    given: of({ updateStrategy: { rollingUpdate: { maxUnavailable: 0 } } }),
    says: [`${UPDATE}.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0`],
  },
  {
    kind: 'StatefulSet',
    rule: 'its name is part of names of hosts',
    source: 'apps ValidateStatefulSetName',
    given: { metadata: { name: 'a.b' }, ...of({}) },
    says: ['metadata.name: Invalid value: "a.b": must not contain dots'],
  },
  {
    kind: 'StatefulSet',
    rule: 'management, update and retention',
    source: 'apps ValidateStatefulSetSpec, ValidatePersistentVolumeClaimRetentionPolicy',
    given: of({
      podManagementPolicy: 'Chaos',
      updateStrategy: { type: 'Swap' },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Sell', whenScaled: 'Retain' },
      ordinals: { start: -1 },
    }),
    says: [
      "spec.podManagementPolicy: Invalid value: \"Chaos\": must be 'OrderedReady' or 'Parallel'",
      `${UPDATE}: Invalid value: {"Type":"Swap","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'`,
      'spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Sell": supported values: "Retain", "Delete"',
      `spec.ordinals.start: Invalid value: -1: ${NOT_NEGATIVE}`,
    ],
  },
  {
    kind: 'StatefulSet',
    rule: 'steps belong to rolling',
    source: 'apps ValidateStatefulSetSpec',
    given: of({ updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } }),
    says: [
      `${UPDATE}.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate'`,
    ],
  },
  {
    kind: 'ReplicationController',
    rule: 'it needs a selector',
    source: 'core ValidateReplicationControllerSpec, ValidateNonEmptySelector',
    given: { spec: { template: { spec: template().spec } } },
    says: [
      'spec.selector: Required value',
      'spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`',
    ],
  },
];

const jobs: readonly KindRule[] = [
  {
    kind: 'Job',
    rule: 'numbers',
    source: 'batch validateJobSpec',
    given: jobOf({ parallelism: -1, completions: -1, backoffLimit: -1, activeDeadlineSeconds: -1, ttlSecondsAfterFinished: -1 }),
    says: ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished'].map(
      (field) => `spec.${field}: Invalid value: -1: ${NOT_NEGATIVE}`,
    ),
  },
  {
    kind: 'Job',
    rule: 'a limit of retries of none is none',
    source: 'batch SetDefaults_Job: backoffLimit is a pointer',
    given: jobOf({ backoffLimit: 0 }),
    says: [],
  },
  {
    kind: 'Job',
    rule: 'indexes need a number of completions',
    source: 'batch validateJobSpec',
    given: jobOf({ completionMode: 'Indexed', parallelism: 2 }),
    says: ['spec.completions: Required value: when completion mode is Indexed'],
  },
  {
    kind: 'Job',
    rule: 'what only jobs with indexes have',
    source: 'batch validateJobSpec',
    given: jobOf({ backoffLimitPerIndex: 1, maxFailedIndexes: 1 }),
    says: ['backoffLimitPerIndex', 'maxFailedIndexes'].map((field) => `spec.${field}: Invalid value: 1: requires indexed completion mode`),
  },
  {
    kind: 'Job',
    rule: 'another mode and policy',
    source: 'batch validateJobSpec, validatePodReplacementPolicy',
    given: jobOf({ completionMode: 'Sorted', podReplacementPolicy: 'Never' }),
    says: [
      'spec.completionMode: Unsupported value: "Sorted": supported values: "NonIndexed", "Indexed"',
      'spec.podReplacementPolicy: Unsupported value: "Never": supported values: "Failed", "TerminatingOrFailed"',
    ],
  },
  {
    kind: 'Job',
    rule: 'a failure policy wants pods that do not restart',
    source: 'batch validateJobSpec',
    given: jobOf({ podFailurePolicy: { rules: [] } }, { restartPolicy: 'OnFailure' }),
    says: ['spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified'],
  },
  {
    kind: 'CronJob',
    rule: 'schedule, deadline, zone, concurrency, history',
    source: 'batch validateCronJobSpec, validateTimeZone',
    given: cron({
      schedule: 'TZ=UTC * * * * *',
      startingDeadlineSeconds: -1,
      timeZone: 'Mars/Phobos',
      concurrencyPolicy: 'Maybe',
      successfulJobsHistoryLimit: -1,
      failedJobsHistoryLimit: -1,
    }),
    says: [
      'spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      `spec.startingDeadlineSeconds: Invalid value: -1: ${NOT_NEGATIVE}`,
      'spec.timeZone: Invalid value: "Mars/Phobos": unknown time zone Mars/Phobos',
      'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
      `spec.successfulJobsHistoryLimit: Invalid value: -1: ${NOT_NEGATIVE}`,
      `spec.failedJobsHistoryLimit: Invalid value: -1: ${NOT_NEGATIVE}`,
    ],
  },
  ...(
    [
      ['', 'timeZone must be nil or non-empty string'],
      ['Local', 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'],
      ['../etc', 'unknown time zone ../etc'],
    ] as const
  ).map(([zone, text]) => ({
    kind: 'CronJob',
    rule: `time zone ${JSON.stringify(zone)}`,
    source: 'batch validateTimeZone',
    given: cron({ timeZone: zone }),
    says: [`spec.timeZone: Invalid value: "${zone}": ${text}`],
  })),
  {
    kind: 'CronJob',
    rule: 'its jobs choose their own pods',
    source: 'batch ValidateJobTemplateSpec',
    given: cron({}, { manualSelector: true, selector: { matchLabels: labels } }),
    says: [
      'spec.jobTemplate.spec.selector: Invalid value: {"matchLabels":{"app":"x"}}: `selector` will be auto-generated',
      'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", "false"',
    ],
  },
  {
    kind: 'CronJob',
    rule: 'room for the time in the names of its jobs',
    source: 'batch ValidateCronJobCreate',
    given: { metadata: { name: 'n'.repeat(53) }, ...cron({}) },
    says: [`metadata.name: Invalid value: "${'n'.repeat(53)}": must be no more than 52 characters`],
  },
];

kindRules([...deployments.map((row) => ({ kind: 'Deployment', ...row })), ...others, ...jobs]);
