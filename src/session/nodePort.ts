// What the programs of the node are answered: the records of the runtime, the kubelet's journal, and a shell for ssh.

import { CAPABILITIES } from '#abi/capability.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { type ContainerRecord, type SandboxRecord, statusOf } from '#runtime/containerd/records.ts';
import { execShim, SOCKET } from '#runtime/containerd/shims.ts';
import { imageStatus } from '#runtime/containerd/store.ts';
import { SANDBOX_IMAGE } from '#runtime/images/index.ts';
import type { OciProcess } from '#runtime/oci.ts';
import { Failure } from '#runtime/runc/failure.ts';
import type { ContainerView, NodePort, Outcome, SandboxView } from '#userland/node/port.ts';
import { onNode } from './onNode.ts';
import type { World } from './world.ts';

const LOST: Outcome = { error: 'the connection to the node was lost' };

const bundleOf = (record: { readonly rootfs: string }): string => record.rootfs.replace(/\/rootfs$/, '');

function sandboxView(record: SandboxRecord): SandboxView {
  const { name, namespace, uid, attempt } = record.config.value.metadata;
  return {
    id: record.id,
    name,
    namespace,
    uid,
    attempt,
    createdAt: record.createdAt,
    pid: record.pid,
    ip: record.ip,
    image: SANDBOX_IMAGE,
    bundle: bundleOf(record),
    config: record.config.value,
    runtimeSpec: record.spec.value,
  };
}

function containerView(record: ContainerRecord, sandboxes: ReadonlyMap<string, SandboxRecord>): ContainerView {
  const status = statusOf(record);
  const sandbox = sandboxes.get(record.sandbox);
  const { uid = 0, gid = 0, supplemental_groups: supplementalGroups = [] } = status.user?.linux ?? {};
  const config = record.config.value;
  return {
    id: record.id,
    sandbox: sandbox && sandboxView(sandbox),
    name: status.name,
    attempt: config.metadata.attempt,
    image: status.image,
    imageId: imageStatus(record.image, status.image).id,
    imageRef: status.image_ref,
    state: status.state,
    createdAt: status.createdAt,
    startedAt: status.startedAt,
    finishedAt: status.finishedAt,
    exitCode: status.exitCode,
    reason: status.reason,
    message: status.message,
    pid: record.pid,
    logPath: `${sandbox?.config.value.log_directory ?? ''}/${config.log_path}`,
    bundle: bundleOf(record),
    user: { uid, gid, supplementalGroups },
    config,
    runtimeSpec: record.spec.value,
  };
}

/** What sshd starts for root. */
const login = (command: string | null): OciProcess => ({
  user: { uid: 0, gid: 0 },
  args: command === null ? ['bash'] : ['bash', '-c', command],
  env: [
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'HOME=/root',
    'USER=root',
    'LOGNAME=root',
    'SHELL=/bin/bash',
    'TERM=xterm',
  ],
  cwd: '/root',
  capabilities: { bounding: CAPABILITIES, effective: CAPABILITIES, permitted: CAPABILITIES },
});

/** The doors of the node's programs. */
export function nodePort(world: () => World, tools: () => Program<void>): NodePort {
  const toNode = function* (
    comm: string,
    stdio: readonly (number | null)[],
    main: (stdio: readonly (number | null)[]) => Program<Outcome>,
  ): Program<Outcome> {
    return (yield* onNode(world(), comm, stdio, main)) ?? LOST;
  };
  return {
    socket: SOCKET,
    nodeName: 'node-1',
    hosts: ['node', 'node-1', '172.18.0.2'],
    sandboxes: () => world().runtime.ListPodSandbox().map(sandboxView),
    containers() {
      const { runtime } = world();
      const sandboxes = new Map(runtime.ListPodSandbox().map((one) => [one.id, one]));
      return runtime.ListContainers().map((one) => containerView(one, sandboxes));
    },
    images: () =>
      [...world().runtime.store.list()].map(([reference, image]) => {
        const { id, repo_tags: repoTags, repo_digests: repoDigests, size } = imageStatus(image, reference);
        return { id, repoTags, repoDigests, size };
      }),
    log: (id) => world().runtime.Log(id),
    exec: (id, cmd, tty, stdin) =>
      toNode('containerd', [stdin ? 0 : null, 1, tty ? null : 2], function* ([input, output, error]) {
        const ran = yield* world().runtime.Exec({
          container_id: id,
          cmd,
          tty,
          stdin: input ?? null,
          stdout: output ?? null,
          stderr: error ?? null,
        });
        return ran.ok ? ran.value : { error: ran.message };
      }),
    journal: () => world().journal,
    shell: (command, tty) =>
      toNode('sshd', [0, 1, tty ? null : 2], function* ([stdin, stdout, stderr]) {
        yield* tools();
        // A login is a process beside init, in the namespaces of init.
        const ended = yield* execShim(
          1,
          login(command),
          { namespaces: [] },
          { tty, stdin: stdin ?? null, stdout: stdout ?? null, stderr: stderr ?? null },
        );
        return ended instanceof Failure ? { error: ended.text } : { exitCode: ended };
      }),
  };
}
