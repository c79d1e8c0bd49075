// ctr and runc: what lies below the Container Runtime Interface. Counterpart: containerd cmd/ctr, runc list and state
//
// Deviates: they only read; everything else says that it is not simulated.

import { AT_FDCWD } from '#abi/flags.ts';
import { MAY_READ } from '#abi/mode.ts';
import { type Program, type ProgramMain, type SysResult, sys } from '#kernel/uapi/index.ts';
import { errOut, out } from '../lib/io.ts';
import type { NodePort } from './port.ts';
import { byId, parseFlags, socketProblem } from './runtimeClient.ts';
import { columns, humanSize, rfc3339 } from './text.ts';

const RUNTIME = 'io.containerd.runc.v2';
const NAMESPACE = 'k8s.io';

/** A container of containerd: those of the CRI and their sandboxes. */
interface Task {
  readonly id: string;
  readonly image: string;
  readonly pid: number | null;
  readonly started: boolean;
  readonly createdAt: bigint;
  readonly bundle: string;
}

function all(port: NodePort): readonly Task[] {
  return [
    ...port.containers().map((one) => ({ ...one, started: one.state !== 'CONTAINER_CREATED' })),
    ...port.sandboxes().map((one) => ({ ...one, started: true })),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function* denied(name: string, words: string): Program<number> {
  yield* errOut(`${name}: "${words}" is not simulated here\n`);
  return 1;
}

/** containerd's own client; its objects lie in namespaces, those of Kubernetes in k8s.io. */
export const ctr = (port: NodePort): ProgramMain =>
  function* (argv) {
    const { flags, words, unknown } = parseFlags(argv.slice(1), ['n', 'namespace'], ['q', 'quiet']);
    const [group = '', verb = ''] = words;
    if (unknown !== undefined) return yield* denied('ctr', unknown);
    const list = verb === 'ls' || verb === 'list';
    const what = {
      containers: 'containers',
      container: 'containers',
      c: 'containers',
      tasks: 'tasks',
      task: 'tasks',
      t: 'tasks',
      images: 'images',
      image: 'images',
      i: 'images',
      namespaces: 'namespaces',
      ns: 'namespaces',
    }[group];
    if (!list || what === undefined) return yield* denied('ctr', words.join(' '));
    const problem = yield* socketProblem(port);
    if (problem !== undefined) {
      yield* errOut(`ctr: failed to dial "${port.socket}": ${problem}\n`);
      return 1;
    }
    const here = (flags.get('n') ?? flags.get('namespace') ?? 'default') === NAMESPACE;
    const tasks = here ? all(port) : [];
    const print = (rows: readonly (readonly string[])[]): Program<unknown> => out(columns(rows, 4, 4, true));
    if (flags.has('q') || flags.has('quiet')) {
      const ids =
        what === 'images'
          ? here
            ? port.images().flatMap((one) => one.repoTags)
            : []
          : what === 'namespaces'
            ? [NAMESPACE]
            : tasks.map(({ id }) => id);
      yield* out(ids.map((id) => `${id}\n`).join(''));
      return 0;
    }
    if (what === 'namespaces')
      yield* print([
        ['NAME', 'LABELS'],
        [NAMESPACE, ''],
      ]);
    else if (what === 'containers') yield* print([['CONTAINER', 'IMAGE', 'RUNTIME'], ...tasks.map((one) => [one.id, one.image, RUNTIME])]);
    else if (what === 'tasks')
      yield* print([
        ['TASK', 'PID', 'STATUS'],
        ...tasks.filter(({ started, pid }) => started && pid !== null).map((one) => [one.id, String(one.pid), 'RUNNING']),
      ]);
    else {
      const rows = here
        ? port
            .images()
            .flatMap((one) =>
              one.repoTags.map((tag) => [
                tag,
                'application/vnd.oci.image.manifest.v1+json',
                one.repoDigests[0]?.split('@')[1] ?? one.id,
                humanSize(one.size),
                'linux/amd64',
                'io.cri-containerd.image=managed',
              ]),
            )
        : [];
      yield* print([['REF', 'TYPE', 'DIGEST', 'SIZE', 'PLATFORMS', 'LABELS'], ...rows]);
    }
    return 0;
  };

const ROOT = '/run/containerd/runc/k8s.io';

/** runc as an administrator calls it: containers are found below --root. */
export const runc = (port: NodePort): ProgramMain =>
  function* (argv) {
    const { flags, words, unknown } = parseFlags(argv.slice(1), ['root'], ['q', 'quiet', 'v', 'version']);
    if (flags.has('v') || flags.has('version')) {
      yield* out('runc version 1.3.6\nspec: 1.2.1\ngo: go1.24.6\nlibseccomp: 2.5.4\n');
      return 0;
    }
    const [verb = '', id = ''] = words;
    if (unknown !== undefined || !['list', 'state'].includes(verb)) return yield* denied('runc', unknown ?? words.join(' '));
    const may: SysResult<void> = yield* sys.faccessat2(AT_FDCWD, '/run/containerd', MAY_READ, 0);
    const running = may.ok && flags.get('root') === ROOT ? all(port).filter(({ pid }) => pid !== null) : [];
    if (verb === 'list') {
      const quiet = flags.has('q') || flags.has('quiet');
      const rows = running.map((one) => [one.id, String(one.pid), 'running', one.bundle, rfc3339(one.createdAt), 'root']);
      yield* out(
        quiet ? rows.map(([one]) => `${one}\n`).join('') : columns([['ID', 'PID', 'STATUS', 'BUNDLE', 'CREATED', 'OWNER'], ...rows], 12, 3),
      );
      return 0;
    }
    const found = id === '' ? undefined : byId(running, id);
    if (found === undefined || found.id !== id) {
      yield* errOut('level=error msg="container does not exist"\n');
      return 1;
    }
    const state = {
      ociVersion: '1.2.1',
      id,
      pid: found.pid,
      status: 'running',
      bundle: found.bundle,
      rootfs: `${found.bundle}/rootfs`,
      created: rfc3339(found.createdAt),
      owner: '',
    };
    yield* out(`${JSON.stringify(state, null, 2)}\n`);
    return 0;
  };
