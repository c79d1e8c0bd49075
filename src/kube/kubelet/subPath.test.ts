import { expect, test } from 'vitest';
import { AT_FDCWD, O_CREAT, O_WRONLY } from '#abi/flags.ts';
import { Machine } from '#kernel/machine/machine.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import { makeDirs, statOf, writeFile } from './files.ts';
import { cleanSubPaths, prepareSubPath, subPathTarget } from './subPath.ts';

/** What a task of a node saw. */
function onNode<T>(main: () => Program<T>): T {
  const bugs: unknown[] = [];
  const machine = new Machine({
    loadProgram: () => undefined,
    uname: { nodename: 'node-1', release: '6.18.0', version: '#1' },
    startTime: 0n,
    onBug: (error) => bugs.push(error),
  });
  let seen: T | undefined;
  machine.spawn({
    comm: 'kubelet',
    main: function* (): Program<number> {
      seen = yield* main();
      return 0;
    },
  });
  machine.run(100_000);
  expect(bugs).toEqual([]);
  return seen as T;
}

const HOME = '/pods/u';
const VOLUME = '/pods/u/volumes/v';
const at = (index: number): string => subPathTarget(HOME, 'v', 'c', index);
const ask = (subPath: string, index: number) => prepareSubPath({ root: VOLUME, subPath, target: at(index) });

// Source: the recorded vol-fsgroup and fail-mount-file-over-dir (where it is pinned); subpath_linux.go v1.36.2 (links, escapes).
test('a subPath is pinned below the pod, made with the mode of the volume, and may not lead out of it', () => {
  const seen = onNode(function* () {
    yield* makeDirs(VOLUME, 0o2777);
    yield* makeDirs(`${VOLUME}/ok`, 0o755);
    yield* writeFile(`${VOLUME}/ok/f`, new Uint8Array(3), 0o600);
    yield* sys.symlinkat('ok', AT_FDCWD, `${VOLUME}/link`);
    yield* sys.symlinkat('/', AT_FDCWD, `${VOLUME}/out`);
    const answers = [];
    for (const [index, path] of ['new/below', 'link', 'ok/f', 'out', 'out/new'].entries()) answers.push(yield* ask(path, index));
    const modes = [];
    for (const path of [`${VOLUME}/new`, at(0), at(1), at(2)]) modes.push(((yield* statOf(path))?.mode ?? 0).toString(8));
    return { answers, modes };
  });
  expect(seen).toEqual({
    answers: [
      { ok: true, path: '/pods/u/volume-subpaths/v/c/0' },
      { ok: true, path: '/pods/u/volume-subpaths/v/c/1' },
      { ok: true, path: '/pods/u/volume-subpaths/v/c/2' },
      { ok: false, failed: 'prepare subPath' },
      { ok: false, failed: 'create subPath directory' },
    ],
    modes: ['42777', '42777', '40755', '100600'],
  });
});

// Source: prepareSubpathTarget, subpath_linux.go v1.36.2.
test('a restarted container keeps its pin unless the path has become another file; the end of the pod takes pins away', () => {
  const sizes = onNode(function* () {
    yield* makeDirs(VOLUME, 0o777);
    yield* writeFile(`${VOLUME}/f`, new Uint8Array(1), 0o644);
    const size = function* (): Program<number | undefined> {
      return (yield* statOf(at(0)))?.size;
    };
    const seen: (number | undefined)[] = [];
    yield* ask('f', 0);
    yield* ask('f', 0);
    seen.push(yield* size());
    yield* sys.unlinkat(AT_FDCWD, `${VOLUME}/f`, 0);
    const fd = yield* sys.openat(AT_FDCWD, `${VOLUME}/f`, O_CREAT | O_WRONLY, 0o644);
    if (fd.ok) yield* sys.write(fd.value, new Uint8Array(5));
    seen.push(yield* size());
    yield* ask('f', 0);
    seen.push(yield* size());
    yield* cleanSubPaths(HOME);
    seen.push(yield* size());
    return seen;
  });
  expect(sizes).toEqual([1, 1, 5, 0]);
});
