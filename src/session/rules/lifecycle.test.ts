// Starting, probing, stopping and ending of containers, where no recording covers it.

import { type Json, type PodRule, podRules } from './harness.ts';

const RUNTIME = 'pkg/kubelet/kuberuntime/kuberuntime_container.go';
const sh = (script: string, more: Json = {}): Json => ({ container: { command: ['sh', '-c', script], ...more.container }, ...more.pod });
const REASON = "kubectl get pod x -o jsonpath='{.status.phase}: {.status.reason}: {.status.message}'";
const READY = `kubectl get pod x -o jsonpath='{range .status.conditions[?(@.type=="Ready")]}{.status} {.reason} {.message}{end}'`;
const exec = (command: string, more: Json = {}): Json => ({ exec: { command: ['sh', '-c', command] }, periodSeconds: 1, ...more });

const rows: readonly PodRule[] = [
  {
    rule: 'a hook after the start that fails ends the container',
    source: `${RUNTIME} startContainer, ErrPostStartHook: the message is not told`,
    pod: { container: { lifecycle: { postStart: { exec: { command: ['sh', '-c', 'echo secret; exit 1'] } } } } },
    after: 12,
    shows: {
      events: ['FailedPostStartHook PostStartHook failed', 'BackOff Back-off restarting failed container c in pod x_default(UID)'],
      'kubectl get events -o jsonpath=\'{.items[?(@.reason=="Killing")].message}\'': 'FailedPostStartHook',
    },
  },
  {
    rule: 'a hook before the end that fails',
    source: `${RUNTIME} executePreStopHook`,
    pod: { terminationGracePeriodSeconds: 2, container: { lifecycle: { preStop: { exec: { command: ['false'] } } } } },
    shows: {
      "kubectl delete pod x >/dev/null; kubectl get events --field-selector type=Warning -o jsonpath='{.items[*].message}'":
        'PreStopHook failed',
    },
  },
  {
    rule: 'the pause before the end counts as part of the grace period',
    source: `${RUNTIME} killContainer`,
    pod: {
      terminationGracePeriodSeconds: 30,
      container: {
        command: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1; done'],
        lifecycle: { preStop: { sleep: { seconds: 4 } } },
      },
    },
    shows: {
      "s=$(date +%s); kubectl delete pod x; e=$(date +%s); [ $((e-s)) -ge 4 ] && [ $((e-s)) -le 7 ] && echo 'after the pause'":
        'pod "x" deleted from default namespace\nafter the pause\n',
    },
  },
  {
    rule: 'a pod that is on its node for too long',
    source: 'pkg/kubelet/active_deadline.go ShouldEvict',
    pod: { activeDeadlineSeconds: 3 },
    after: 10,
    shows: { [REASON]: 'Failed: DeadlineExceeded: Pod was active on the node longer than the specified deadline' },
  },
  {
    rule: 'OnFailure: a good end is the end',
    source: 'pkg/kubelet/container/helpers.go ShouldContainerBeRestarted; pkg/kubelet/kubelet_pods.go getPhase',
    pod: sh('exit 0', { pod: { restartPolicy: 'OnFailure' } }),
    shows: { phase: 'Succeeded', state: ['terminated Completed 0:'] },
  },
  {
    rule: 'Never: a bad end is the end',
    source: 'pkg/kubelet/kubelet_pods.go getPhase',
    pod: sh('exit 3', { pod: { restartPolicy: 'Never' } }),
    shows: { phase: 'Failed', state: ['terminated Error 3:'] },
  },
  {
    rule: 'ended by a signal: 128 and its number',
    source: 'containerd, exit status of a task; pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses',
    pod: sh('kill -9 $$$$', { pod: { restartPolicy: 'Never', shareProcessNamespace: true } }),
    shows: { state: ['terminated Error 137:'] },
  },
  {
    rule: 'last words from the file',
    source: 'pkg/kubelet/kuberuntime/kuberuntime_container.go getTerminationMessage',
    pod: sh('echo bye > /dev/termination-log; exit 1', { pod: { restartPolicy: 'Never' } }),
    shows: { state: ['terminated Error 1: bye\n'] },
  },
  {
    rule: 'last words from another file, whatever the exit code',
    source: 'pkg/kubelet/kuberuntime/kuberuntime_container.go getTerminationMessage',
    pod: sh('echo done > /tmp/last; exit 0', { container: { terminationMessagePath: '/tmp/last' }, pod: { restartPolicy: 'Never' } }),
    shows: { state: ['terminated Completed 0: done\n'] },
  },
  {
    rule: 'last words from the log, only after a bad end',
    source: 'pkg/kubelet/kuberuntime/kuberuntime_container.go getTerminationMessage, fallbackToLogs',
    pod: sh('echo one; echo two >&2; exit 1', {
      container: { terminationMessagePolicy: 'FallbackToLogsOnError' },
      pod: { restartPolicy: 'Never' },
    }),
    shows: { state: ['terminated Error 1: one\ntwo\n'] },
  },
  {
    rule: 'none from the log after a good end',
    source: 'pkg/kubelet/kuberuntime/kuberuntime_container.go getTerminationMessage, fallbackToLogs',
    pod: sh('echo one', { container: { terminationMessagePolicy: 'FallbackToLogsOnError' }, pod: { restartPolicy: 'Never' } }),
    shows: { state: ['terminated Completed 0:'] },
  },
  {
    rule: 'at most 4096 bytes of them, the last',
    source: 'pkg/kubelet/container/runtime.go MaxContainerTerminationMessageLength; tail.ReadAtMost',
    pod: sh('i=0; while [ $i -lt 500 ]; do echo 123456789; i=$((i+1)); done > /dev/termination-log; exit 1', {
      pod: { restartPolicy: 'Never' },
    }),
    shows: { "kubectl get pod x -o jsonpath='{.status.containerStatuses[0].state.terminated.message}' | wc -c": '4096\n' },
  },
  {
    rule: 'liveness: its output is in the event',
    source: 'pkg/kubelet/prober/prober.go probe; pkg/kubelet/prober/worker.go doProbe',
    pod: { container: { livenessProbe: exec('echo sick; exit 1', { failureThreshold: 2 }) } },
    after: 4,
    shows: {
      events: ['Unhealthy Liveness probe failed: sick\n'],
      'kubectl get events -o jsonpath=\'{.items[?(@.reason=="Killing")].message}\'': 'Container c failed liveness probe, will be restarted',
    },
  },
  {
    rule: 'a probe that takes too long',
    source: 'pkg/probe/exec/exec.go Probe, TimeoutError; cri remote runtime ExecSync',
    pod: { container: { readinessProbe: exec('sleep 9', { timeoutSeconds: 2 }) } },
    after: 6,
    shows: { events: ['Unhealthy Readiness probe failed: command timed out: "sh -c sleep 9" timed out after 2s'] },
  },
  {
    rule: 'not ready: the pod says which containers',
    source: 'pkg/kubelet/status/generate.go GeneratePodReadyCondition',
    pod: { container: { readinessProbe: exec('exit 1') } },
    shows: { [READY]: 'False ContainersNotReady containers with unready status: [c]' },
  },
  {
    rule: 'the start-up probe holds the others back',
    source: 'pkg/kubelet/prober/worker.go doProbe',
    pod: {
      container: {
        startupProbe: exec('test -e /tmp/up', { failureThreshold: 30 }),
        livenessProbe: exec('exit 1'),
        command: ['sh', '-c', 'sleep 1h'],
      },
    },
    after: 8,
    shows: {
      "kubectl get pod x -o jsonpath='{.status.containerStatuses[0].started} {.status.containerStatuses[0].restartCount}'": 'false 0',
      events: ['Unhealthy Startup probe failed: '],
    },
  },
  {
    rule: 'a gate that nobody opens',
    source: 'pkg/kubelet/status/generate.go GeneratePodReadyCondition',
    pod: { readinessGates: [{ conditionType: 'example.com/ok' }] },
    shows: { [READY]: 'False ReadinessGatesNotReady corresponding condition of pod readiness gate "example.com/ok" does not exist.' },
  },
  {
    rule: 'an image that is never pulled',
    source: 'pkg/kubelet/images/image_manager.go EnsureImageExists, imagePullPrecheck',
    pod: { container: { image: 'example.com/none:1', imagePullPolicy: 'Never' } },
    shows: {
      state: ['waiting ErrImageNeverPull Container image "example.com/none:1" is not present with pull policy of Never'],
      events: [
        'ErrImageNeverPull Container image "example.com/none:1" is not present with pull policy of Never',
        'Failed Error: ErrImageNeverPull',
      ],
    },
  },
  {
    rule: 'a name that is none',
    source: 'pkg/kubelet/images/image_manager.go EnsureImageExists: applyDefaultImageTag; distribution/reference ParseNormalizedNamed',
    pod: { container: { image: 'Bad Name' } },
    shows: {
      state: [
        'waiting InvalidImageName Failed to apply default image tag "Bad Name": couldn\'t parse image name "Bad Name": invalid reference format: repository name (library/Bad Name) must be lowercase',
      ],
      events: [
        'InspectFailed Failed to apply default image tag "Bad Name": couldn\'t parse image name "Bad Name": invalid reference format: repository name (library/Bad Name) must be lowercase',
        'Failed Error: InvalidImageName',
      ],
    },
  },
];
podRules(rows);
