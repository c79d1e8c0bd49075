// The whole kernel together: programs in files, execve, a pipeline, credentials over exec, files of a user.
import { expect, test } from 'vitest';
import { AT_FDCWD, O_CREAT, O_RDONLY, O_WRONLY } from '#abi/flags.ts';
import { type Program, type ProgramMain, programImage, type SysResult, sys, type Waited } from '../uapi/index.ts';
import { Machine } from './machine.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (s: string): Uint8Array => new TextEncoder().encode(s);

function* print(s: string): Program<void> {
  yield* sys.write(1, bytes(s));
}

const PROGRAMS: Record<string, ProgramMain> = {
  *hello(argv) {
    yield* print(`${argv.join(' ')}\n`);
    return 0;
  },
  *upper() {
    for (;;) {
      const got: SysResult<Uint8Array> = yield* sys.read(0, 100);
      if (!got.ok || got.value.length === 0) return 0;
      yield* print(text(got.value).toUpperCase());
    }
  },
  *ids() {
    const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
    yield* print(`${uids.ok ? uids.value.join(' ') : uids.errno}\n`);
    return 0;
  },
};

function* writeFile(path: string, data: Uint8Array, mode: number): Program<void> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT, mode);
  if (!fd.ok) throw new Error(`${path}: ${fd.errno}`);
  yield* sys.write(fd.value, data);
  yield* sys.close(fd.value);
  yield* sys.fchmodat(AT_FDCWD, path, mode);
}

function* run(path: string, argv: readonly string[], setup?: () => Program<unknown>): Program<string> {
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      if (setup) yield* setup();
      const failed: SysResult<never> = yield* sys.execve(path, argv, ['A=b']);
      if (!failed.ok) yield* print(`${path}: ${failed.errno}\n`);
      return 126;
    },
  });
  if (!child.ok) return child.errno;
  const waited: SysResult<Waited> = yield* sys.wait4(child.value, 0);
  return waited.ok ? JSON.stringify(waited.value.status) : waited.errno;
}

test('exec, scripts, set-uid, refusals, and a pipeline of two programs', () => {
  const bugs: unknown[] = [];
  const m = new Machine({
    loadProgram: (id) => PROGRAMS[id],
    uname: { nodename: 'node', release: '6.18.5', version: '#1 SMP' },
    startTime: 0n,
    onBug: (error) => bugs.push(error),
  });
  let out = '';
  const host = {
    kind: 'host',
    stream: m.hostStream({
      read: () => null,
      write: (data) => {
        out += text(data);
      },
    }),
  } as const;
  m.spawn({
    comm: 'init',
    fds: [host, host, host],
    *main() {
      yield* sys.mkdirat(AT_FDCWD, '/bin', 0o755);
      for (const id of Object.keys(PROGRAMS)) yield* writeFile(`/bin/${id}`, programImage(id), 0o755);
      yield* writeFile('/bin/script', bytes('#!/bin/hello -x\necho\n'), 0o755);
      yield* writeFile('/bin/plain', bytes('no program\n'), 0o755);
      yield* writeFile('/bin/off', programImage('hello'), 0o644);
      yield* writeFile('/bin/suid', programImage('ids'), 0o4755);
      const user = function* (): Program<void> {
        yield* sys.setresgid(1000, 1000, 1000);
        yield* sys.setresuid(1000, 1000, 1000);
      };
      yield* run('/bin/hello', ['hello', 'world']);
      yield* run('/bin/script', ['script', 'arg']);
      yield* run('/bin/nosuch', ['x']);
      yield* run('/bin/plain', ['x']);
      yield* run('/bin/off', ['x']);
      yield* run('/bin', ['x']);
      yield* run('/bin/ids', ['ids'], user);
      yield* run('/bin/suid', ['suid'], user);
      yield* run('/bin/suid', ['suid'], function* () {
        yield* user();
        yield* sys.prctl({ option: 'PR_SET_NO_NEW_PRIVS' });
      });
      const ends: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
      if (!ends.ok) return 1;
      const [r, w] = ends.value;
      const side = (keep: number, as: number) =>
        function* (): Program<void> {
          yield* sys.dup2(keep, as);
          yield* sys.close(r);
          yield* sys.close(w);
        };
      yield* run('/bin/hello', ['through', 'pipe'], side(w, 1));
      yield* sys.close(w);
      const status = yield* run('/bin/upper', ['upper'], side(r, 0));
      yield* print(`${status}\n`);
      const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/bin/nosuch', O_RDONLY);
      return fd.ok ? 1 : 0;
    },
  });
  while (m.run(1000).status === 'busy');
  expect(bugs).toEqual([]);
  expect(out).toBe(
    [
      'hello world',
      '/bin/hello -x /bin/script arg',
      '/bin/nosuch: ENOENT',
      '/bin/plain: ENOEXEC',
      '/bin/off: EACCES',
      '/bin: EACCES',
      '1000 1000 1000',
      '1000 0 0',
      '1000 1000 1000',
      'THROUGH PIPE',
      '{"kind":"exited","code":0}',
      '',
    ].join('\n'),
  );
  expect(m.exitStatus(1)).toEqual({ kind: 'exited', code: 0 });
});
