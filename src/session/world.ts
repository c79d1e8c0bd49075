// One simulated world: a kernel with a node (kubelet, container runtime), an API server and a workstation with kubectl.

import { AT_FDCWD, WNOHANG } from '#abi/flags.ts';
import { walk } from '#kernel/fs/index.ts';
import { securityfsDriver } from '#kernel/lsm/securityfs.ts';
import { selinuxfsDriver } from '#kernel/lsm/selinuxfs.ts';
import { BOOT_CONTEXT, RUNTIME_CONTEXT } from '#kernel/lsm/state.ts';
import { Machine } from '#kernel/machine/machine.ts';
import { cgroupDriver, procDriver, sysfsDriver } from '#kernel/proc/index.ts';
import type { Location, Task } from '#kernel/state.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import { ApiServer } from '#kube/apiserver/server.ts';
import { CsiNode } from '#kube/kubelet/csi.ts';
import { Kubelet } from '#kube/kubelet/kubelet.ts';
import { Containerd } from '#runtime/containerd/service.ts';
import type { ImageSettings } from '#runtime/images/index.ts';
import type { NodeSettings } from '#runtime/node.ts';
import type { JournalEntry } from '#userland/node/port.ts';
import { type Claims, claimDirectory, csiDrivers, fillClaims, publishClaims } from './claims.ts';
import { clusterPort } from './clusterPort.ts';
import { effectsOf, type PodLike } from './effects.ts';
import type { Language } from './explain/index.ts';
import { klog } from './klog.ts';
import { bootNode } from './node.ts';
import { nodePort } from './nodePort.ts';
import { nodeTools } from './nodeTools.ts';
import type { ScenarioInput } from './protocol.ts';
import { Refusals } from './refusals.ts';
import { plantTrees } from './trees.ts';
import { type CommandSource, createPrograms } from './userland.ts';
import { explainProgram, whyProgram } from './why.ts';
import { bootWorkstation, WORKSTATION } from './workstation.ts';

/** CLOCK_REALTIME at boot: sessions start at the same moment, so that they can be replayed. */
const START = 1_795_420_800_000_000_000n; // 2026-11-23 08:00:00 UTC

/** Text behind a URL of the offline web; undefined: not known. */
export type Web = (url: string) => string | undefined;

const KERNEL_RELEASE = '6.18.0';
const CRIO_VERSION = 'cri-o://1.36.3';

export interface World {
  readonly machine: Machine;
  readonly api: ApiServer;
  readonly kubelet: Kubelet;
  readonly runtime: Containerd;
  /** The first task of the workstation. */
  readonly workstation: Task;
  /** The user's home directory on it. */
  readonly home: Location;
  readonly kernelRelease: string;
  /** What the services of the node have logged. */
  readonly journal: readonly JournalEntry[];
  /** What was refused above the kernel. */
  readonly refusals: Refusals;
  /** Bugs of ours that programs ran into, newest last. */
  readonly bugs: string[];
  onChange(listener: () => void): void;
  /** The first processes of node and workstation take the zombies that came since the last time. */
  reap(): void;
  /** The language of sentences; everything a real node prints stays English. */
  language: Language;
}

/** Boots a world. Throws only for bugs of ours. */
export function createWorld(scenario: ScenarioInput, web: Web, commands: CommandSource): World {
  const bugs: string[] = [];
  const listeners: (() => void)[] = [];
  let world: World | undefined;
  const tools = nodeTools(() => (world as World).runtime.store);
  const language = (): Language => world?.language ?? 'en';
  const settings = (scenario.node ?? {}) as NodeSettings;
  const machine = new Machine({
    loadProgram: createPrograms(
      clusterPort(() => world as World, web),
      nodePort(() => world as World, tools),
      {
        why: whyProgram(() => world as World, language),
        explain: explainProgram(language),
      },
      commands,
    ),
    uname: { nodename: 'node-1', release: KERNEL_RELEASE, version: '#1 SMP PREEMPT_DYNAMIC' },
    startTime: START,
    drivers: { proc: procDriver, sysfs: sysfsDriver, cgroup2: cgroupDriver, securityfs: securityfsDriver, selinuxfs: selinuxfsDriver },
    ...(settings.appArmor?.enabled ? { lsm: 'apparmor' as const } : settings.seLinux?.enabled ? { lsm: 'selinux' as const } : {}),
    onBug: (error, task) => bugs.push(`${task.comm}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  let seed = 0x2545f491;
  const random = (): number => {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    return seed >>> 0;
  };
  const refusals = new Refusals();
  const api = new ApiServer({
    now: () => machine.state.realtime,
    random,
    nodeName: 'node-1',
    refused: (refusal) => refusals.add(machine.refusedElsewhere(), refusal),
    effects: (pod) => effectsOf(pod as PodLike, settings),
  });
  const images = (scenario.images ?? {}) as Readonly<Record<string, ImageSettings>>;
  const runtime = new Containerd({ images, node: settings, random, onHostRoot: tools });
  const claims = (scenario.claims ?? {}) as Claims;
  const drivers = csiDrivers(settings, claims);
  const csi = new CsiNode(drivers);
  publishClaims(api, 'node-1', drivers, claims);
  let wake = 0;
  let kubeletPid = 0;
  const journal: JournalEntry[] = [];
  const kubelet = new Kubelet({
    api,
    runtime,
    random,
    scheduler: settings.scheduler ?? true,
    csi,
    node: {
      seccompDefault: settings.seccompDefault ?? false,
      appArmorEnabled: settings.appArmor?.enabled ?? false,
      seLinuxEnabled: settings.seLinux?.enabled ?? false,
      supplementalGroupsPolicy: settings.supplementalGroupsPolicy ?? true,
      kernelVersion: KERNEL_RELEASE,
      ...(settings.runtime === 'cri-o' ? { runtimeVersion: CRIO_VERSION } : {}),
      memoryBytes: Number(machine.state.sysctls['machine/memoryKiB']) * 1024,
    },
    refused: (refusal) => refusals.addOnce(() => machine.refusedElsewhere(), refusal),
    journal: (line) => void journal.push(klog(machine.state.realtime, kubeletPid, line)),
    onNotify: () => machine.wakeHost(wake),
  });
  wake = machine.hostStream(kubelet.wakeStream);
  api.onChange(() => {
    kubelet.notify();
    for (const listener of listeners) listener();
  });

  const init = machine.spawn({ comm: 'systemd', argv: ['/sbin/init'], main: waitForever });
  let workstation: Task | undefined;
  const furnish = function* (): Program<number> {
    yield* bootNode(settings);
    yield* fillClaims(csi, claims);
    return 0;
  };
  const bootCred = settings.seLinux?.enabled ? { cred: { label: BOOT_CONTEXT } } : {};
  runToEnd(machine, machine.spawn({ comm: 'boot', main: furnish, ...bootCred }));
  const systemd = machine.state.tasks.get(init) as Task;
  plantTrees(machine, systemd, '', settings.files ?? []);
  for (const [name, claim] of Object.entries(claims)) plantTrees(machine, systemd, claimDirectory(name, claim), claim.files ?? []);
  kubeletPid = machine.spawn({
    comm: 'kubelet',
    argv: ['/usr/bin/kubelet'],
    ...(settings.seLinux?.enabled && { cred: { label: RUNTIME_CONTEXT } }),
    main: () => kubelet.main(),
    fds: [undefined, undefined, undefined, { kind: 'host', stream: wake }],
  });
  const boot = machine.spawn({
    comm: 'workstation',
    main: function* () {
      const lower = yield* runtime.unpacked('debian:12');
      return yield* bootWorkstation(lower, scenario.files, (pid) => {
        workstation = [...machine.state.tasks.entries()].map(([, one]) => one).find((one) => one.id === pid);
      });
    },
  });
  runToEnd(machine, boot);
  for (let rounds = 0; workstation === undefined && bugs.length === 0 && rounds < 1000; rounds++) machine.run(10_000);
  const home = workstation && runHome(machine, workstation);
  if (workstation === undefined || home === undefined) throw new Error(`the workstation did not start: ${bugs.join('\n')}`);
  const parents = [init, workstation.id];
  world = {
    machine,
    api,
    kubelet,
    runtime,
    workstation,
    home,
    kernelRelease: KERNEL_RELEASE,
    bugs,
    refusals,
    journal,
    onChange: (listener) => void listeners.push(listener),
    reap() {
      for (const parent of parents)
        for (let one = machine.call(parent, 'wait4', -1, WNOHANG); one.ok === true && one.value.pid !== 0; )
          one = machine.call(parent, 'wait4', -1, WNOHANG);
    },
    language: 'en',
  };
  return world;
}

/** The place of the user's home directory on the workstation. */
function runHome(machine: Machine, workstation: Task): Location | undefined {
  const init = machine.state.tasks.get(workstation.id) as Task;
  const found = walk(machine, init, AT_FDCWD, WORKSTATION.home, { follow: true });
  return found.ok ? (found.value.at ?? undefined) : undefined;
}

/** An init sleeps; its zombies are taken when the session lets time pass, so that what ended last can still be looked at. */
function* waitForever(): Program<number> {
  for (;;) yield* sys.pause();
}

/** Runs the machine until a task has ended, jumping over waits. */
export function runToEnd(machine: Machine, task: number): void {
  for (let rounds = 0; machine.exitStatus(task) === undefined && rounds < 100_000; rounds++) {
    const { status, nextDeadline } = machine.run(10_000);
    if (machine.exitStatus(task) !== undefined || status === 'idle') return;
    if (status === 'sleeping' && nextDeadline !== null) machine.advanceTo(nextDeadline);
  }
}
