// cgroup2: the group a container sees, with its interface files. Counterpart: cgroups(7), Documentation/admin-guide/cgroup-v2
//
// Deviates: groups are only names of tasks (Task.cgroup); new ones cannot be made with mkdir and nothing is limited but pids.

import { err, type FsDriver, ok } from '../context.ts';
import type { Task } from '../state.ts';
import { pidIn, tasksIn } from '../task/ids.ts';
import { file, makeTree, type TreeNode, treeDriver, type View } from './view.ts';

const groupOf = ({ k, viewer }: View): string => k.state.cgroupNs.get(viewer.cgroupNs)?.sysctls.root ?? '/';
const members = (view: View): Task[] => {
  const group = groupOf(view);
  return [...tasksIn(view.k, view.viewer.pidNs)].filter((task) => task.cgroup === group || group === '/');
};
const pids = (view: View): string =>
  members(view)
    .map((task) => `${pidIn(view.k.state, task, view.viewer.pidNs)}\n`)
    .join('');

const shown = (path: string, value: string): TreeNode => file(path, () => `${value}\n`);
/** A file's value in the group the viewer sees as its root. */
const inGroup = (view: View, path: string, usual: string): string => view.k.state.cgroupFiles?.[groupOf(view)]?.[path] ?? usual;
const line = (value: string): string => (value === '' ? '' : `${value}\n`);
const settable = (path: string, value: string): TreeNode => ({
  ...file(path, (view) => line(inGroup(view, path, value)), 0o644),
  write: () => err('EINVAL'),
});

/** Weights of the nice values -20 to 19. Counterpart: sched_prio_to_weight, kernel/sched/core.c */
const NICE_WEIGHTS = [
  88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916, 9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277, 1024,
  820, 655, 526, 423, 335, 272, 215, 172, 137, 110, 87, 70, 56, 45, 36, 29, 23, 18, 15,
];

/** The nice value that comes nearest to a weight. Counterpart: cpu_weight_nice_read_s64, kernel/sched/core.c */
function niceOf(weight: number): number {
  const scaled = Math.round((weight * 1024) / 100);
  let last = Number.POSITIVE_INFINITY;
  let at = 0;
  for (; at < NICE_WEIGHTS.length; at++) {
    const delta = Math.abs((NICE_WEIGHTS[at] as number) - scaled);
    if (delta >= last) break;
    last = delta;
  }
  return at - 1 - 20;
}

const nodes: readonly TreeNode[] = [
  shown('cgroup.controllers', 'cpuset cpu io memory hugetlb pids rdma misc'),
  file('cgroup.events', () => 'populated 1\nfrozen 0\n'),
  settable('cgroup.freeze', '0'),
  { ...file('cgroup.kill', undefined, 0o200), write: () => ok(undefined) },
  settable('cgroup.max.depth', 'max'),
  settable('cgroup.max.descendants', 'max'),
  settable('cgroup.pressure', '1'),
  { ...file('cgroup.procs', pids, 0o644), write: () => ok(undefined) },
  file('cgroup.stat', () => 'nr_descendants 0\nnr_dying_descendants 0\n'),
  settable('cgroup.subtree_control', ''),
  { ...file('cgroup.threads', pids, 0o644), write: () => err('EOPNOTSUPP') },
  settable('cgroup.type', 'domain'),
  settable('cpu.idle', '0'),
  settable('cpu.max', 'max 100000'),
  settable('cpu.max.burst', '0'),
  file('cpu.stat', () => 'usage_usec 20480\nuser_usec 10240\nsystem_usec 10240\nnr_periods 0\nnr_throttled 0\nthrottled_usec 0\n'),
  settable('cpu.weight', '1'),
  { ...settable('cpu.weight.nice', '19'), text: (view) => `${niceOf(Number(inGroup(view, 'cpu.weight', '1')))}\n` },
  settable('cpuset.cpus', ''),
  shown('cpuset.cpus.effective', '0-1'),
  settable('cpuset.mems', ''),
  shown('cpuset.mems.effective', '0'),
  settable('io.max', ''),
  file('io.stat', () => ''),
  settable('io.weight', 'default 100'),
  shown('memory.current', '1630208'),
  file('memory.events', () => 'low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n'),
  settable('memory.high', 'max'),
  settable('memory.low', '0'),
  settable('memory.max', 'max'),
  settable('memory.min', '0'),
  settable('memory.oom.group', '1'),
  shown('memory.peak', '2494464'),
  file('memory.stat', () => 'anon 57344\nfile 1531904\nkernel 40960\n'),
  shown('memory.swap.current', '0'),
  settable('memory.swap.max', '0'),
  file('pids.current', (view) => `${members(view).length}\n`),
  shown('pids.events', 'max 0'),
  { ...settable('pids.max', 'max'), text: (view) => `${view.k.state.pidsMax?.[groupOf(view)] ?? 'max'}\n` },
  file('pids.peak', (view) => `${members(view).length}\n`),
];

/** The driver of file system type "cgroup2". */
export const cgroupDriver: FsDriver = treeDriver(makeTree(1, nodes, 0o755));
