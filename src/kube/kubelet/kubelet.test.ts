import { expect, test } from 'vitest';
import { AT_FDCWD, O_CREAT, O_WRONLY } from '#abi/flags.ts';
import { Machine } from '#kernel/machine/machine.ts';
import { type Program, type ProgramMain, sys } from '#kernel/uapi/index.ts';
import type { ContainerConfig, ContainerStatus, RuntimeService } from '#runtime/cri.ts';
import { kubectl } from '#userland/kubectl/kubectl.ts';
import { ApiServer } from '../apiserver/server.ts';
import { CsiNode } from './csi.ts';
import { execInPod } from './exec.ts';
import { Kubelet } from './kubelet.ts';
import { podLog } from './logs.ts';

const START = BigInt(Date.UTC(2026, 10, 23, 7, 45)) * 1_000_000n;

/** A runtime without processes: containers run until they are stopped; exec prints the command. */
function fakeRuntime(now: () => bigint, configs: ContainerConfig[]): RuntimeService {
  const containers = new Map<string, ContainerStatus>();
  const ok = <T>(value: T) => ({ ok: true, value }) as const;
  let count = 0;
  const image = { id: 'sha256:1', repo_tags: [], repo_digests: [], size: 1, uid: null, username: '' };
  return {
    ImageStatus: () => ok(image),
    *PullImage() {
      return ok(image);
    },
    *RunPodSandbox() {
      return ok({ id: 's', ip: '10.244.0.12' });
    },
    *Attach() {
      return ok(undefined);
    },
    *StopPodSandbox() {
      return ok(undefined);
    },
    *RemovePodSandbox() {
      return ok(undefined);
    },
    *CreateContainer(_sandbox, config) {
      configs.push(config.value);
      const id = String(++count).padStart(64, '0');
      const c = config.value.linux.security_context;
      containers.set(id, {
        id,
        name: config.value.metadata.name,
        state: 'CONTAINER_CREATED',
        createdAt: now(),
        startedAt: 0n,
        finishedAt: 0n,
        exitCode: 0,
        reason: '',
        message: '',
        image: 'docker.io/library/busybox:1.28',
        image_ref: 'docker.io/library/busybox@sha256:70',
        user: {
          linux: {
            uid: c.run_as_user ?? 0,
            gid: c.run_as_group ?? 0,
            supplemental_groups: [...c.supplemental_groups, c.run_as_group ?? 0].sort((a, b) => a - b),
          },
        },
        mounts: [],
        taskId: null,
      });
      return ok({ id });
    },
    *StartContainer(id) {
      containers.set(id, { ...(containers.get(id) as ContainerStatus), state: 'CONTAINER_RUNNING', startedAt: now() });
      return ok(undefined);
    },
    *StopContainer(id) {
      containers.set(id, {
        ...(containers.get(id) as ContainerStatus),
        state: 'CONTAINER_EXITED',
        exitCode: 137,
        reason: 'Error',
        finishedAt: now(),
      });
      return ok(undefined);
    },
    *RemoveContainer() {
      return ok(undefined);
    },
    ContainerStatus: (id) => ok(containers.get(id) as ContainerStatus),
    *Exec(request) {
      if (request.stdout !== null) yield* sys.write(request.stdout, new TextEncoder().encode(`${request.cmd.join(' ')}\n`));
      return ok({ exitCode: 3 });
    },
    Log: () => [{ stream: 'stdout', time: START, data: new TextEncoder().encode('a log\n') }],
    *WaitForChange() {
      yield* sys.nanosleep(100_000_000n);
    },
    *ContainerStats() {
      return ok({ writable_layer: { used_bytes: 0 } });
    },
    Spec: () => undefined,
  };
}

const MANIFEST = `apiVersion: v1
kind: Pod
metadata:
  name: security-context-demo
spec:
  securityContext:
    runAsUser: 1000
    runAsGroup: 3000
    fsGroup: 2000
    supplementalGroups: [4000]
  volumes:
  - name: sec-ctx-vol
    emptyDir: {}
  containers:
  - name: sec-ctx-demo
    image: busybox:1.28
    command: [ "sh", "-c", "sleep 1h" ]
    volumeMounts:
    - name: sec-ctx-vol
      mountPath: /data/demo
    securityContext:
      allowPrivilegeEscalation: false
`;

function cluster() {
  const bugs: unknown[] = [];
  const configs: ContainerConfig[] = [];
  const machine = new Machine({
    loadProgram: () => undefined,
    uname: { nodename: 'node-1', release: '6.18.0', version: '#1' },
    startTime: START,
    onBug: (error) => bugs.push(error),
  });
  let clock = START;
  // Different numbers: the names of events of one instant differ in nothing else.
  let random = 0;
  const api = new ApiServer({ now: () => clock, random: () => (random += 0x01010101) >>> 0, nodeName: 'node-1' });
  let wake = 0;
  const kubelet: Kubelet = new Kubelet({
    api,
    runtime: fakeRuntime(() => clock, configs),
    csi: new CsiNode(),
    random: () => 123456789,
    onNotify: () => machine.wakeHost(wake),
  });
  wake = machine.hostStream(kubelet.wakeStream);
  api.onChange(() => kubelet.notify());
  let output = '';
  const sink = machine.hostStream({
    read: () => null,
    write: (data) => {
      output += new TextDecoder().decode(data);
    },
  });
  machine.spawn({ comm: 'kubelet', main: () => kubelet.main(), fds: [undefined, undefined, undefined, { kind: 'host', stream: wake }] });
  const main: ProgramMain = kubectl({
    resources: () => api.resources(),
    schema: { fields: () => undefined, text: () => undefined },
    attach: () => {
      throw new Error('nothing is attached here');
    },
    request: (request) => {
      if (request.subresource !== 'log') return api.request(request);
      const answer = podLog(kubelet.options.runtime, api.get('Pod', request.namespace as string, request.name as string)!, {
        container: request.query?.container ?? '',
      });
      return answer.ok
        ? { code: 200, body: answer.text, warnings: [] }
        : { code: 400, body: { reason: 'BadRequest', message: answer.message }, warnings: [] };
    },
    exec: (options) => execInPod(kubelet, options),
    *waitForChange() {
      yield* sys.nanosleep(100_000_000n);
    },
    fetch: () => undefined,
  });
  const step = (until: () => boolean, limit: bigint): void => {
    for (let i = 0; i < 10000 && !until(); i++) {
      const result = machine.run(10000);
      if (result.status === 'busy') continue;
      if (until()) return;
      if (result.nextDeadline === null) return;
      const before = machine.state.monotonic;
      if (clock + result.nextDeadline - before > limit) return;
      clock += result.nextDeadline - before;
      machine.advanceTo(result.nextDeadline);
    }
  };
  return {
    bugs,
    configs,
    run(...argv: string[]): string {
      output = '';
      const host = { kind: 'host', stream: sink } as const;
      const task = machine.spawn({ comm: 'kubectl', main: () => main(['kubectl', ...argv], []), fds: [undefined, host, host] });
      step(() => machine.exitStatus(task) !== undefined, clock + 120_000_000_000n);
      return output;
    },
    write(path: string, text: string): void {
      const task = machine.spawn({
        comm: 'w',
        main: function* (): Program<number> {
          const fd = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT, 0o644);
          if (fd.ok) yield* sys.write(fd.value, new TextEncoder().encode(text));
          return 0;
        },
      });
      step(() => machine.exitStatus(task) !== undefined, clock);
    },
    pass(ns: bigint): void {
      const end = clock + ns;
      step(() => false, end);
      machine.advanceTo(machine.state.monotonic + (end - clock));
      clock = end;
      step(() => false, end);
    },
  };
}

test('the first pod of the tutorial: applied, pulled up, asked, entered and deleted', () => {
  const c = cluster();
  c.write('/pod.yaml', MANIFEST);
  expect(c.run('apply', '-f', '/pod.yaml')).toBe('pod/security-context-demo created\n');
  c.pass(1_000_000_000n);
  expect(c.bugs).toEqual([]);
  expect(c.run('get', 'pod', 'security-context-demo')).toBe(
    'NAME                    READY   STATUS              RESTARTS   AGE\nsecurity-context-demo   0/1     ContainerCreating   0          1s\n',
  );
  c.pass(1_000_000_000n);
  expect(c.run('get', 'pod', 'security-context-demo', '-o', 'wide')).toBe(
    'NAME                    READY   STATUS    RESTARTS   AGE   IP            NODE     NOMINATED NODE   READINESS GATES\nsecurity-context-demo   1/1     Running   0          2s    10.244.0.12   node-1   <none>           <none>\n',
  );
  expect(c.run('exec', 'security-context-demo', '--', 'id')).toBe('id\ncommand terminated with exit code 3\n');
  expect(c.run('logs', 'security-context-demo')).toBe('a log\n');
  expect(c.run('get', 'pod', 'security-context-demo', '-o', 'jsonpath={.status.containerStatuses[0].user}')).toBe(
    '{"linux":{"gid":3000,"supplementalGroups":[2000,3000,4000],"uid":1000}}',
  );
  // Event times are whole seconds: what happened after 1.2 s counts as one second old after 2.0 s.
  expect(
    c.run('describe', 'pod', 'security-context-demo').split('\nEvents:\n')[1],
  ).toBe(`  Type    Reason     Age   From               Message
  ----    ------     ----  ----               -------
  Normal  Scheduled  2s    default-scheduler  Successfully assigned default/security-context-demo to node-1
  Normal  Pulled     1s    kubelet            spec.containers{sec-ctx-demo}: Container image "busybox:1.28" already present on machine and can be accessed by the pod
  Normal  Created    1s    kubelet            spec.containers{sec-ctx-demo}: Container created
  Normal  Started    1s    kubelet            spec.containers{sec-ctx-demo}: Container started
`);
  expect(c.run('apply', '-f', '/pod.yaml')).toBe('pod/security-context-demo configured\n');
  expect(c.configs[0]?.mounts.map((m) => `${m.container_path} ${m.readonly}`)).toEqual([
    '/data/demo false',
    '/var/run/secrets/kubernetes.io/serviceaccount true',
    '/etc/hosts false',
    '/dev/termination-log false',
  ]);
  expect(c.run('delete', 'pod', 'security-context-demo', '--grace-period=1')).toBe(
    'pod "security-context-demo" deleted from default namespace\n',
  );
  expect(c.run('get', 'pod', 'security-context-demo')).toBe('Error from server (NotFound): pods "security-context-demo" not found\n');
  expect(c.bugs).toEqual([]);
});
