// One simulated world: a kernel with a node (kubelet, container runtime), an API server and a workstation with kubectl.

import { AT_FDCWD, WNOHANG } from '#abi/flags.ts';
import { walk } from '#kernel/fs/index.ts';
import { securityfsDriver } from '#kernel/lsm/securityfs.ts';
import { selinuxfsDriver } from '#kernel/lsm/selinuxfs.ts';
import { BOOT_CONTEXT } from '#kernel/lsm/state.ts';
import { Machine } from '#kernel/machine/machine.ts';
import { cgroupDriver, procDriver, sysfsDriver } from '#kernel/proc/index.ts';
import type { Location, Task } from '#kernel/state.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import { ImageStore } from '#runtime/containerd/store.ts';
import type { ImageSettings } from '#runtime/images/index.ts';
import type { NodeSettings } from '#runtime/node.ts';
import type { Cluster } from './cluster.ts';
import type { Language } from './explain/index.ts';
import type { Late } from './late.ts';
import { bootNode, type ServicePowers, servicePowers } from './node.ts';
import { PageEdits } from './pageEditor.ts';
import type { ScenarioInput } from './protocol.ts';
import { plantTrees } from './trees.ts';
import { createPrograms } from './userland.ts';
import { bootWorkstation, WORKSTATION } from './workstation.ts';

/** CLOCK_REALTIME at boot: sessions start at the same moment, so that they can be replayed. */
const START = 1_795_420_800_000_000_000n; // 2026-11-23 08:00:00 UTC

/** Text behind a URL of the offline web; undefined: not known. */
export type Web = (url: string) => string | undefined;

const KERNEL_RELEASE = '6.18.0';
/** How long the kubelet's task sleeps while the kubelet's code is on its way. */
const PAUSE = 10_000_000n;

/** The parts of the cluster can be had as soon as its code is there; asking before that is a bug of ours. */
export interface World extends Pick<Cluster, 'api' | 'kubelet' | 'runtime' | 'journal' | 'refusals'> {
  readonly machine: Machine;
  /** undefined: its code is still on its way. */
  readonly cluster: Cluster | undefined;
  /** The first task of the workstation. */
  readonly workstation: Task;
  /** The user's home directory on it. */
  readonly home: Location;
  readonly kernelRelease: string;
  /** What the node's services, kubelet and runtime, run with. */
  readonly service: ServicePowers;
  /** Bugs of ours that programs ran into, newest last. */
  readonly bugs: string[];
  onChange(listener: () => void): void;
  /** The first processes of node and workstation take the zombies that came since the last time. */
  reap(): void;
  /** Files of the workstation that wait to be edited in the page. */
  readonly edits: PageEdits;
  /** The language of sentences; everything a real node prints stays English. */
  language: Language;
}

/** Boots a world. Claims need the cluster's code from the start. Throws only for bugs of ours. */
export function createWorld(scenario: ScenarioInput, web: Web, late: Late): World {
  const bugs: string[] = [];
  const listeners: (() => void)[] = [];
  let world: World | undefined;
  let made: Cluster | undefined;
  const settings = (scenario.node ?? {}) as NodeSettings;
  const machine = new Machine({
    loadProgram: createPrograms({ commands: () => late.commands, own: () => cluster()?.programs }),
    uname: { nodename: 'node-1', release: KERNEL_RELEASE, version: '#1 SMP PREEMPT_DYNAMIC' },
    startTime: START,
    drivers: { proc: procDriver, sysfs: sysfsDriver, cgroup2: cgroupDriver, securityfs: securityfsDriver, selinuxfs: selinuxfsDriver },
    ...(settings.appArmor?.enabled ? { lsm: 'apparmor' as const } : settings.seLinux?.enabled ? { lsm: 'selinux' as const } : {}),
    onBug: (error, task) => bugs.push(`${task.comm}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const started = machine.state.realtime;
  const images = (scenario.images ?? {}) as Readonly<Record<string, ImageSettings>>;
  const store = new ImageStore(images, settings.images);
  let kubeletPid = 0;
  const cluster = (): Cluster | undefined => {
    made ??= late.cluster?.createCluster({
      scenario,
      web,
      machine,
      store,
      kernelRelease: KERNEL_RELEASE,
      started,
      world: () => world as World,
      kubeletPid: () => kubeletPid,
      wake: () => machine.wakeHost(wake),
      changed() {
        for (const listener of listeners) listener();
      },
    });
    return made;
  };
  const settled = (): Cluster => {
    const there = cluster();
    if (there === undefined) throw new Error('the cluster was asked for before its code was there');
    return there;
  };
  const wake = machine.hostStream({ read: (count) => made?.kubelet.wakeStream.read(count), write: () => undefined });
  cluster();

  const init = machine.spawn({ comm: 'systemd', argv: ['/sbin/init'], main: waitForever });
  let workstation: Task | undefined;
  const furnish = function* (): Program<number> {
    yield* bootNode(settings);
    if (made !== undefined) yield* made.fillClaims();
    return 0;
  };
  const bootCred = settings.seLinux?.enabled ? { cred: { label: BOOT_CONTEXT } } : {};
  runToEnd(machine, machine.spawn({ comm: 'boot', main: furnish, ...bootCred }));
  const systemd = machine.state.tasks.get(init) as Task;
  plantTrees(machine, systemd, '', settings.files ?? []);
  for (const [directory, files] of made?.claimFiles ?? []) plantTrees(machine, systemd, directory, files);
  const service = servicePowers(settings);
  kubeletPid = machine.spawn({
    comm: 'kubelet',
    argv: ['/usr/bin/kubelet'],
    ...service,
    *main() {
      for (let there = cluster(); ; there = cluster()) {
        if (there !== undefined) return yield* there.kubelet.main();
        yield* sys.nanosleep(PAUSE);
      }
    },
    fds: [undefined, undefined, undefined, { kind: 'host', stream: wake }],
  });
  const boot = machine.spawn({
    comm: 'workstation',
    main: function* () {
      const lower = yield* store.unpackedNamed('debian:12');
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
    get cluster() {
      return cluster();
    },
    get api() {
      return settled().api;
    },
    get kubelet() {
      return settled().kubelet;
    },
    get runtime() {
      return settled().runtime;
    },
    get journal() {
      return settled().journal;
    },
    get refusals() {
      return settled().refusals;
    },
    workstation,
    home,
    kernelRelease: KERNEL_RELEASE,
    service,
    bugs,
    onChange: (listener) => void listeners.push(listener),
    reap() {
      for (const parent of parents)
        for (let one = machine.call(parent, 'wait4', -1, WNOHANG); one.ok === true && one.value.pid !== 0; )
          one = machine.call(parent, 'wait4', -1, WNOHANG);
    },
    edits: new PageEdits(),
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
