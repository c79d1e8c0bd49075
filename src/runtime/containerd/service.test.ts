// A pod from sandbox to exec on the real kernel; expected values are those of the recordings.

import { expect, test } from 'vitest';
import { AT_FDCWD } from '#abi/flags.ts';
import { Machine } from '#kernel/machine/machine.ts';
import { cgroupDriver, procDriver, sysfsDriver } from '#kernel/proc/index.ts';
import { type Program, type ProgramMain, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { ContainerConfig, CriResult, PodSandboxConfig } from '../cri.ts';
import { Containerd } from './service.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function* print(text: string): Program<void> {
  yield* sys.write(1, encoder.encode(text));
}

const wait: ProgramMain = function* () {
  for (;;) yield* sys.pause();
};
const NAMESPACES = { network: 'POD', pid: 'CONTAINER', ipc: 'POD' } as const;
const PROGRAMS: Record<string, ProgramMain> = {
  'own/pause': wait,
  *busybox(argv, env) {
    const name = argv[0]?.split('/').at(-1);
    if (name === 'sleep') return yield* wait(argv, env);
    if (name === 'env') {
      for (const entry of env) yield* print(`${entry}\n`);
      return 0;
    }
    if (name === 'false') return 3;
    for (const path of argv.slice(1)) {
      const fd: SysResult<number> = path === '-' ? { ok: true, value: 0 } : yield* sys.openat(AT_FDCWD, path, 0);
      if (!fd.ok) {
        yield* print(`${path}: ${fd.errno}\n`);
        continue;
      }
      for (;;) {
        const got: SysResult<Uint8Array> = yield* sys.read(fd.value, 65536);
        if (!got.ok || got.value.length === 0) break;
        yield* sys.write(1, got.value);
      }
    }
    return 0;
  },
};

const sandboxConfig = (change: Partial<PodSandboxConfig['linux']['security_context']> = {}): PodSandboxConfig => ({
  metadata: { name: 'demo', uid: 'uid-1', namespace: 'default', attempt: 0 },
  hostname: 'demo',
  log_directory: '',
  dns_config: { servers: ['10.96.0.10'], searches: ['default.svc.cluster.local'], options: ['ndots:5'] },
  labels: {},
  annotations: {},
  linux: {
    cgroup_parent: '/kubepods/poduid-1',
    sysctls: {},
    security_context: { namespace_options: NAMESPACES, supplemental_groups: [], privileged: false, readonly_rootfs: false, ...change },
  },
});

const containerConfig = (
  change: Partial<ContainerConfig['linux']['security_context']> = {},
  command: readonly string[] = ['sleep', '1h'],
): ContainerConfig => ({
  metadata: { name: 'c', attempt: 0 },
  image: { image: 'busybox:1.36', user_specified_image: 'busybox:1.36' },
  command,
  args: [],
  working_dir: '',
  envs: [],
  mounts: [],
  devices: [],
  labels: {},
  annotations: {},
  log_path: '',
  stdin: false,
  stdin_once: false,
  tty: false,
  linux: {
    resources: { oom_score_adj: 1000 },
    security_context: {
      privileged: false,
      namespace_options: NAMESPACES,
      readonly_rootfs: false,
      supplemental_groups: [],
      no_new_privs: false,
      masked_paths: ['/proc/acpi', '/proc/keys', '/sys/firmware'],
      readonly_paths: ['/proc/bus', '/proc/sys'],
      ...change,
    },
  },
});

function must<T>(result: CriResult<T>): T {
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

/** Runs a program on a fresh node; what it returns, and the bugs programs ran into. */
function onNode<T>(main: (runtime: Containerd, machine: Machine) => Program<T>): T {
  const bugs: unknown[] = [];
  const machine = new Machine({
    loadProgram: (id) => PROGRAMS[id],
    uname: { nodename: 'node-1', release: '6.18.0', version: '#1 SMP' },
    startTime: 1_795_420_800_000_000_000n,
    drivers: { proc: procDriver, sysfs: sysfsDriver, cgroup2: cgroupDriver },
    onBug: (error) => bugs.push(error),
  });
  let seed = 7;
  const runtime = new Containerd({ random: () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) });
  let result: { value: T } | undefined;
  machine.spawn({
    comm: 'init',
    *main() {
      for (;;) {
        const r: SysResult<unknown> = yield* sys.wait4(-1, 0);
        if (!r.ok) yield* sys.nanosleep(1_000_000n);
      }
    },
  });
  const task = machine.spawn({
    comm: 'kubelet',
    *main() {
      result = { value: yield* main(runtime, machine) };
      return 0;
    },
  });
  for (let round = 0; machine.exitStatus(task) === undefined && round < 5000; round++) {
    const { status, nextDeadline } = machine.run(10_000);
    if (machine.exitStatus(task) !== undefined) break;
    if (status === 'sleeping' && nextDeadline !== null) machine.advanceTo(nextDeadline);
    if (status === 'idle') break;
  }
  expect(bugs).toEqual([]);
  if (result === undefined) throw new Error('the node stands still');
  return result.value;
}

/** Exec with pipes: exit code and what was printed. */
function* exec(
  runtime: Containerd,
  id: string,
  cmd: readonly string[],
  stdin?: string,
  tty = false,
): Program<{ out: string; code: number | string }> {
  const ends: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
  const input: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
  if (!ends.ok || !input.ok) throw new Error('pipe');
  if (stdin !== undefined) yield* sys.write(input.value[1], encoder.encode(stdin));
  yield* sys.close(input.value[1]);
  const ran = yield* runtime.Exec({
    container_id: id,
    cmd,
    tty,
    stdin: stdin === undefined ? null : input.value[0],
    stdout: ends.value[1],
    stderr: ends.value[1],
  });
  yield* sys.close(ends.value[1]);
  let out = '';
  for (;;) {
    const got: SysResult<Uint8Array> = yield* sys.read(ends.value[0], 65536);
    if (!got.ok || got.value.length === 0) break;
    out += decoder.decode(got.value);
  }
  yield* sys.close(ends.value[0]);
  yield* sys.close(input.value[0]);
  return { out, code: ran.ok ? ran.value.exitCode : ran.message };
}

function* start(runtime: Containerd, config: ContainerConfig, sandbox = sandboxConfig()): Program<string> {
  const pod = must(yield* runtime.RunPodSandbox({ value: sandbox, origins: {} }));
  const { id } = must(yield* runtime.CreateContainer(pod.id, { value: config, origins: {} }, sandbox));
  must(yield* runtime.StartContainer(id));
  return id;
}

const credentials = (status: string): string =>
  status
    .split('\n')
    .filter((line) => /^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:)/.test(line))
    .join('\n');

test('a default pod: credentials, mounts, hostname, environment and exit codes', () => {
  const seen = onNode(function* (runtime) {
    const id = yield* start(runtime, containerConfig());
    const status = yield* exec(runtime, id, ['cat', '/proc/1/status']);
    const mounts = yield* exec(runtime, id, ['cat', '/proc/mounts']);
    return {
      status: credentials(status.out),
      mounts: mounts.out.split('\n').map((line) => line.replace(/lowerdir=\S*/, 'DIRS')),
      files: (yield* exec(runtime, id, [
        'cat',
        '/etc/hostname',
        '/etc/resolv.conf',
        '/proc/sys/kernel/hostname',
        '/proc/keys',
        '/proc/sys/net/ipv4/ip_unprivileged_port_start',
      ])).out,
      env: (yield* exec(runtime, id, ['env'])).out,
      piped: yield* exec(runtime, id, ['cat', '-'], 'through\n'),
      failing: (yield* exec(runtime, id, ['false'])).code,
      missing: (yield* exec(runtime, id, ['nosuch'])).code,
      directory: (yield* exec(runtime, id, ['/etc'])).code,
      tty: (yield* exec(runtime, id, ['cat', '/proc/self/cmdline'], undefined, true)).out,
    };
  });
  expect(seen.status).toBe(
    'Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nGroups:\t0 10 \nCapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000000\nNoNewPrivs:\t0\nSeccomp:\t0',
  );
  expect(seen.mounts).toEqual([
    'overlay / overlay rw,relatime,DIRS 0 0',
    'proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0',
    'tmpfs /dev tmpfs rw,nosuid,size=65536k,mode=755 0 0',
    'devpts /dev/pts devpts rw,nosuid,noexec,relatime,gid=5,mode=620,ptmxmode=666 0 0',
    'mqueue /dev/mqueue mqueue rw,nosuid,nodev,noexec,relatime 0 0',
    'sysfs /sys sysfs ro,nosuid,nodev,noexec,relatime 0 0',
    'cgroup /sys/fs/cgroup cgroup2 ro,nosuid,nodev,noexec,relatime 0 0',
    '/dev/sda1 /etc/hostname ext4 rw,relatime 0 0',
    '/dev/sda1 /etc/resolv.conf ext4 rw,relatime 0 0',
    'shm /dev/shm tmpfs rw,relatime,size=65536k 0 0',
    'proc /proc/bus proc ro,nosuid,nodev,noexec,relatime 0 0',
    'proc /proc/sys proc ro,nosuid,nodev,noexec,relatime 0 0',
    'tmpfs /proc/acpi tmpfs ro,relatime,size=4k,nr_inodes=1 0 0',
    'tmpfs /proc/keys tmpfs rw,nosuid,size=65536k,mode=755 0 0',
    'tmpfs /sys/firmware tmpfs ro,relatime,size=4k,nr_inodes=1 0 0',
    '',
  ]);
  expect(seen.files).toBe('demo\nsearch default.svc.cluster.local\nnameserver 10.96.0.10\noptions ndots:5\ndemo\n0\n');
  expect(seen.env).toBe('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nHOSTNAME=demo\nHOME=/root\n');
  expect(seen.piped).toEqual({ out: 'through\n', code: 0 });
  expect(seen.failing).toBe(3);
  expect(String(seen.missing)).toMatch(
    /^failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in \$PATH$/,
  );
  expect(String(seen.directory)).toMatch(/exec: "\/etc": is a directory$/);
  expect(seen.tty).toBe('cat\0/proc/self/cmdline\0');
});

test('a restricted pod, failures, logs and the end of a container', () => {
  const seen = onNode(function* (runtime) {
    const id = yield* start(
      runtime,
      containerConfig({
        run_as_user: 1000,
        run_as_group: 3000,
        supplemental_groups: [2000, 4000],
        no_new_privs: true,
        seccomp: { profile_type: 'RuntimeDefault', localhost_ref: '' },
        capabilities: { add_capabilities: [], drop_capabilities: ['ALL'] },
      }),
    );
    const status = yield* exec(runtime, id, ['cat', '/proc/self/status']);
    const other = sandboxConfig();
    const pod = must(yield* runtime.RunPodSandbox({ value: other, origins: {} }));
    const create = function* (config: ContainerConfig) {
      return yield* runtime.CreateContainer(pod.id, { value: config, origins: {} }, other);
    };
    const missing = must(yield* create(containerConfig({}, ['nosuch'])));
    const failed = yield* runtime.StartContainer(missing.id);
    const ghost = yield* create(containerConfig({ run_as_username: 'ghost' }));
    const short = must(yield* create(containerConfig({}, ['cat', '/etc/hostname'])));
    must(yield* runtime.StartContainer(short.id));
    yield* sys.nanosleep(1_000_000_000n);
    yield* runtime.StopContainer(id, 30);
    return {
      status: credentials(status.out),
      failed,
      ghost,
      log: runtime.Log(short.id).map(({ data }) => decoder.decode(data)),
      short: must(runtime.ContainerStatus(short.id)),
      stopped: must(runtime.ContainerStatus(id)),
      failedStatus: must(runtime.ContainerStatus(missing.id)),
    };
  });
  expect(seen.status).toBe(
    'Uid:\t1000\t1000\t1000\t1000\nGid:\t3000\t3000\t3000\t3000\nGroups:\t2000 3000 4000 \nCapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2',
  );
  expect(seen.failed).toMatchObject({
    message:
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: "nosuch": executable file not found in $PATH',
  });
  expect(seen.failedStatus).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 128, reason: 'StartError' });
  expect(String((seen.ghost as { message?: string }).message)).toMatch(
    /^failed to create containerd container: mount callback failed on \/var\/lib\/containerd\/tmpmounts\/containerd-mount\d+: no users found$/,
  );
  expect(seen.log).toEqual(['demo\n']);
  expect(seen.short).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 0, reason: 'Completed' });
  expect(seen.stopped).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 137, reason: 'Error', taskId: null });
});

test('a user namespace: the image belongs to the container, the node does not', () => {
  const map = [{ host_id: 65536, container_id: 0, length: 65536 }];
  const options = { ...NAMESPACES, userns_options: { mode: 'POD', uids: map, gids: map } } as const;
  const seen = onNode(function* (runtime) {
    yield* sys.mkdirat(AT_FDCWD, '/sys', 0o555);
    yield* sys.mount('sysfs', '/sys', 'sysfs', 0, '');
    const id = yield* start(runtime, containerConfig({ namespace_options: options }), sandboxConfig({ namespace_options: options }));
    const status = yield* exec(runtime, id, ['cat', '/proc/self/status']);
    return {
      status: credentials(status.out),
      maps: (yield* exec(runtime, id, ['cat', '/proc/self/uid_map', '/proc/self/setgroups', '/etc/shadow'])).out.split('\n').slice(0, 3),
    };
  });
  expect(seen.status.split('\n').slice(0, 5)).toEqual([
    'Uid:\t0\t0\t0\t0',
    'Gid:\t0\t0\t0\t0',
    'Groups:\t0 10 ',
    'CapInh:\t0000000000000000',
    'CapPrm:\t00000000a80425fb',
  ]);
  expect(seen.maps).toEqual(['         0      65536      65536', 'allow', 'root:*:10933:0:99999:7:::']);
});
