// A toy kernel for the shell's unit tests: files in a map, pipes, tasks in turn. Nothing is checked, no signals but kill.

import { O_APPEND, O_CREAT, O_TRUNC } from '#abi/flags.ts';
import type { Program, SysResult, Trap, WaitStatus } from '#kernel/uapi/index.ts';
import { bytesOf, out, readFd, textOf, writeAll } from '../lib/io.ts';
import { shellCommands } from './index.ts';

interface Pipe {
  data: number[];
  writers: number;
}
type Open = { kind: 'file'; path: string; at: number; append: boolean } | { kind: 'pipe'; pipe: Pipe; write: boolean } | { kind: 'out'; sink: string[] } | { kind: 'dir'; path: string; done: boolean };
interface Task {
  pid: number;
  ppid: number;
  program: Program<number>;
  fds: Map<number, { open: Open; cloexec: boolean }>;
  cwd: string;
  status: WaitStatus | undefined;
  waiting: Trap | undefined;
  answer: SysResult<unknown> | undefined;
  actions: Map<number, string>;
  caught: number[];
}

const ok = (value: unknown): SysResult<unknown> => ({ ok: true, value });
const err = (errno: 'ENOENT' | 'EBADF' | 'ENOTTY' | 'ECHILD' | 'ENOTDIR' | 'EACCES' | 'ENOEXEC' | 'EISDIR' | 'ENOSYS' | 'ESRCH'): SysResult<unknown> => ({ ok: false, errno });

/** What a script printed and how it ended. */
export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const programs: Readonly<Record<string, (argv: readonly string[], env: readonly string[]) => Program<number>>> = {
  *cat(argv) {
    const data = yield* readFd(0);
    void argv;
    if (data.ok) yield* writeAll(1, data.value);
    return 0;
  },
  *env(_, env) {
    yield* out(env.map((e) => `${e}\n`).join(''));
    return 0;
  },
};

/** Runs a shell with a script in the toy kernel. Files: path → text; a text beginning with `#x ` is executable. */
export function runShell(flavour: 'busybox' | 'gnu', argv: readonly string[], files: Readonly<Record<string, string>> = {}, stdin = '', tty = false): Ran {
  const disk = new Map<string, string>(Object.entries({ '/dev/null': '', '/bin/cat': '#x ', '/bin/env': '#x ', '/bin/sh': '#x ', '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n', ...files }));
  const dirs = new Set(['/', '/bin', '/etc', '/tmp', '/dev']);
  const stdout: string[] = [];
  const stderr: string[] = [];
  const tasks: Task[] = [];
  let nextPid = 1;
  let steps = 0;
  const start = (argvOf: readonly string[], env: readonly string[]): Program<number> => {
    const name = (argvOf[0] as string).replace(/.*\//, '');
    const command = shellCommands[name];
    if (command) return command.run({ argv: argvOf, env, flavour, name });
    return (programs[name] as (typeof programs)['cat'])?.(argvOf, env) as Program<number>;
  };
  const add = (program: Program<number>, parent?: Task): Task => {
    const fds = new Map([...(parent?.fds ?? [])].map(([fd, f]) => [fd, { ...f }]));
    for (const { open } of fds.values()) if (open.kind === 'pipe' && open.write) open.pipe.writers++;
    const task: Task = { pid: nextPid++, ppid: parent?.pid ?? 0, program, fds, cwd: parent?.cwd ?? '/', status: undefined, waiting: undefined, answer: undefined, actions: new Map(parent?.actions), caught: [] };
    tasks.push(task);
    return task;
  };
  const drop = (task: Task, fd: number): boolean => {
    const f = task.fds.get(fd);
    if (f?.open.kind === 'pipe' && f.open.write) f.open.pipe.writers--;
    return task.fds.delete(fd);
  };
  const put = (task: Task, open: Open, min = 0, cloexec = false): number => {
    let fd = min;
    while (task.fds.has(fd)) fd++;
    task.fds.set(fd, { open, cloexec });
    if (open.kind === 'pipe' && open.write) open.pipe.writers++;
    return fd;
  };
  const abs = (task: Task, path: string): string => `/${`${path.startsWith('/') ? '' : `${task.cwd}/`}${path}`.split('/').filter((p) => p !== '' && p !== '.').join('/')}`;
  const finish = (task: Task, status: WaitStatus): void => {
    task.status = status;
    for (const fd of [...task.fds.keys()]) drop(task, fd);
  };
  const call = (task: Task, { call: name, args }: Trap): SysResult<unknown> | 'block' => {
    const a = args as unknown as readonly any[];
    switch (name) {
      case 'openat': {
        const path = abs(task, a[1]);
        const flags = a[2] as number;
        if (dirs.has(path)) return flags & O_CREAT ? err('EISDIR') : ok(put(task, { kind: 'dir', path, done: false }));
        if (!disk.has(path)) {
          if (!(flags & O_CREAT) || !dirs.has(path.slice(0, path.lastIndexOf('/')) || '/')) return err('ENOENT');
          disk.set(path, '');
        }
        if (flags & O_TRUNC) disk.set(path, '');
        return ok(put(task, { kind: 'file', path, at: 0, append: (flags & O_APPEND) !== 0 }));
      }
      case 'close': return drop(task, a[0]) ? ok(undefined) : err('EBADF');
      case 'read': {
        const open = task.fds.get(a[0])?.open;
        if (!open) return err('EBADF');
        if (open.kind === 'pipe') {
          if (open.pipe.data.length === 0) return open.pipe.writers > 0 ? 'block' : ok(new Uint8Array());
          return ok(new Uint8Array(open.pipe.data.splice(0, a[1])));
        }
        if (open.kind !== 'file') return ok(new Uint8Array());
        const rest = bytesOf(disk.get(open.path) as string).subarray(open.at, open.at + (a[1] as number));
        const data = tty && open.path === '/dev/stdin' ? rest.subarray(0, rest.indexOf(10) + 1) : rest;
        open.at += data.length;
        return ok(data);
      }
      case 'write': {
        const open = task.fds.get(a[0])?.open;
        if (!open) return err('EBADF');
        const data = a[1] as Uint8Array;
        if (open.kind === 'out') open.sink.push(textOf(data));
        else if (open.kind === 'pipe') open.pipe.data.push(...data);
        else if (open.kind === 'file' && open.path !== '/dev/null') {
          disk.set(open.path, (open.append ? (disk.get(open.path) as string) : (disk.get(open.path) as string).slice(0, open.at)) + textOf(data));
          open.at += data.length;
        }
        return ok(data.length);
      }
      case 'pipe2': {
        const pipe: Pipe = { data: [], writers: 0 };
        return ok([put(task, { kind: 'pipe', pipe, write: false }), put(task, { kind: 'pipe', pipe, write: true })]);
      }
      case 'dup2': {
        const f = task.fds.get(a[0]);
        if (!f) return err('EBADF');
        if (a[0] === a[1]) return ok(a[1]);
        drop(task, a[1]);
        return ok(put(task, f.open, a[1]));
      }
      case 'fcntl': {
        const f = task.fds.get(a[0]);
        if (!f) return err('EBADF');
        const op = a[1] as { cmd: string; min: number; cloexec?: boolean };
        return ok(op.cmd === 'F_DUPFD' ? put(task, f.open, op.min, op.cloexec) : 0);
      }
      case 'ioctl': return tty ? ok(0) : err('ENOTTY');
      case 'setpgid':
      case 'getpgid': return ok(task.pid);
      case 'newfstatat': {
        const path = abs(task, a[1]);
        if (dirs.has(path)) return ok({ mode: 0o40755, ino: path.length, dev: 1, size: 0, uid: 0, gid: 0, mtime: 0n });
        const text = disk.get(path);
        return text === undefined ? err('ENOENT') : ok({ mode: 0o100000 | (text.startsWith('#x ') ? 0o755 : 0o644), ino: 1000, dev: 1, size: text.length, uid: 0, gid: 0, mtime: 0n });
      }
      case 'faccessat2': {
        const path = abs(task, a[1]);
        return dirs.has(path) || (disk.has(path) && ((a[2] as number) !== 1 || disk.get(path)?.startsWith('#x '))) ? ok(undefined) : err(disk.has(path) ? 'EACCES' : 'ENOENT');
      }
      case 'getdents64': {
        const open = task.fds.get(a[0])?.open;
        if (open?.kind !== 'dir' || open.done) return ok([]);
        open.done = true;
        const base = open.path === '/' ? '/' : `${open.path}/`;
        return ok(['.', '..', ...[...disk.keys(), ...dirs].filter((p) => p.startsWith(base) && p !== base && !p.slice(base.length).includes('/')).map((p) => p.slice(base.length))].map((n) => ({ name: n, ino: 1, type: 0 })));
      }
      case 'chdir': {
        const path = abs(task, a[0]);
        if (!dirs.has(path)) return err(disk.has(path) ? 'ENOTDIR' : 'ENOENT');
        task.cwd = path;
        return ok(undefined);
      }
      case 'getcwd': return ok(task.cwd);
      case 'clone': return ok(add((a[0] as { main: () => Program<number> }).main(), task).pid);
      case 'execve': {
        const path = abs(task, a[0]);
        const text = disk.get(path);
        if (text === undefined) return err(dirs.has(path) ? 'EACCES' : 'ENOENT');
        if (!text.startsWith('#x ')) return err('EACCES');
        if (text !== '#x ') return err('ENOEXEC');
        for (const [fd, f] of [...task.fds]) if (f.cloexec) drop(task, fd);
        task.program = start(a[1], a[2]);
        return ok(undefined);
      }
      case 'wait4': {
        const mine = tasks.filter((t) => t.ppid === task.pid);
        if (mine.length === 0) return err('ECHILD');
        const dead = mine.find((t) => t.status);
        if (!dead) return (a[1] as number) & 1 ? ok({ pid: 0, status: null }) : 'block';
        tasks.splice(tasks.indexOf(dead), 1);
        return ok({ pid: dead.pid, status: dead.status });
      }
      case 'kill': {
        const target = tasks.find((t) => t.pid === a[0] && !t.status);
        if (!target) return err('ESRCH');
        const action = target.actions.get(a[1]);
        if (action === 'handle') target.caught.push(a[1]);
        else if (action !== 'ignore' && (a[1] as number) > 0) finish(target, { kind: 'signaled', signal: a[1], core: false });
        return ok(undefined);
      }
      case 'rt_sigaction': task.actions.set(a[0], a[1]); return ok('default');
      case 'sigtake': return ok(task.caught.splice(0));
      case 'getpid': return ok(task.pid);
      case 'getppid': return ok(task.ppid);
      case 'getresuid':
      case 'getresgid': return ok([0, 0, 0]);
      case 'uname': return ok({ nodename: 'pod' });
      case 'umask': return ok(0o22);
      case 'clock_gettime': return ok(0n);
      case 'sched_yield': return ok(undefined);
      default: return err('ENOSYS');
    }
  };
  disk.set('/dev/stdin', stdin);
  const first = add(start(argv, ['PATH=/bin']));
  first.fds.set(0, { open: { kind: 'file', path: '/dev/stdin', at: 0, append: false }, cloexec: false });
  first.fds.set(1, { open: { kind: 'out', sink: stdout }, cloexec: false });
  first.fds.set(2, { open: { kind: 'out', sink: tty ? stdout : stderr }, cloexec: false });
  while (!first.status && steps++ < 1_000_000) {
    for (const task of [...tasks]) {
      if (task.status) continue;
      let trap = task.waiting;
      if (!trap) {
        const step = task.program.next(task.answer as SysResult<unknown>);
        if (step.done) {
          finish(task, { kind: 'exited', code: step.value & 255 });
          continue;
        }
        trap = step.value;
      }
      const before = task.program;
      const answer = call(task, trap);
      task.waiting = answer === 'block' ? trap : undefined;
      task.answer = answer === 'block' || task.program !== before ? undefined : answer;
    }
  }
  const end = first.status as WaitStatus | undefined;
  return { stdout: stdout.join(''), stderr: stderr.join(''), status: end?.kind === 'exited' ? end.code : end?.kind === 'signaled' ? 128 + end.signal : -1 };
}
