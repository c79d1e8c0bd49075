// Runs a shell on the simulated kernel, for unit tests: a small disk, all commands of a userland, pipes or a terminal.

import { AT_FDCWD, O_CREAT, O_WRONLY } from '#abi/flags.ts';
import { makedev, S_IFCHR } from '#abi/mode.ts';
import { Machine } from '#kernel/machine/machine.ts';
import { type Program, programImage, type SysResult, sys, type WaitStatus } from '#kernel/uapi/index.ts';
import { coreutils } from '../coreutils/index.ts';
import type { Flavour } from '../lib/command.ts';
import { bytesOf, textOf, writeAll } from '../lib/io.ts';
import { createLoader } from '../programs.ts';
import { textCommands } from '../text/index.ts';
import './bashlate.ts';
import { shellCommands } from './shells.ts';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

export interface RunOptions {
  readonly stdin?: string;
  /** Lines (or raw control characters) typed at a terminal, one when the shell is idle. */
  readonly typed?: readonly string[];
  readonly uid?: number;
  readonly env?: readonly string[];
  readonly maxTasks?: number;
}

const SECOND = 1_000_000_000n;

function* writeFile(path: string, data: Uint8Array, mode: number): Program<void> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT, mode);
  if (!fd.ok) throw new Error(`${path}: ${fd.errno}`);
  yield* writeAll(fd.value, data);
  yield* sys.close(fd.value);
  yield* sys.fchmodat(AT_FDCWD, path, mode);
}

/** Runs argv (found in /bin) to its end; with `typed`, standard output is what the terminal showed. */
export function runShell(flavour: Flavour, argv: readonly string[], options: RunOptions = {}): Ran {
  const table = { ...coreutils, ...textCommands, ...shellCommands };
  const commands = Object.fromEntries(
    Object.entries(table).flatMap(([name, entry]) => (entry.in.includes(flavour) ? [[name, entry.run] as const] : [])),
  );
  const bugs: unknown[] = [];
  const machine = new Machine({
    loadProgram: createLoader({
      applets: commands,
      gnu: commands,
      own: {},
    }),
    uname: { nodename: 'pod', release: '6.18.5', version: '#1 SMP' },
    startTime: 1_790_000_000_000_000_000n,
    onBug: (error) => bugs.push(error),
    ...(options.maxTasks === undefined ? {} : { maxTasks: options.maxTasks }),
  });
  const collected = ['', ''];
  const output = (at: number) => {
    const write = (data: Uint8Array): void => {
      collected[at] += textOf(data);
    };
    return { kind: 'host' as const, stream: machine.hostStream({ read: () => null, write }) };
  };
  let rest: Uint8Array = bytesOf(options.stdin ?? '');
  const input = {
    kind: 'host' as const,
    stream: machine.hostStream({
      read(count) {
        const part = rest.subarray(0, count);
        rest = rest.subarray(count);
        return part.length === 0 ? null : part;
      },
      write: () => undefined,
    }),
  };
  const ready = machine.spawn({
    comm: 'init',
    fds: [input, output(0), output(1)],
    *main() {
      for (const [folder, mode] of [
        ['/bin', 0o755],
        ['/etc', 0o755],
        ['/tmp', 0o1777],
        ['/dev', 0o755],
        ['/root', 0o700],
        ['/home', 0o755],
      ] as const) {
        yield* sys.mkdirat(AT_FDCWD, folder, mode);
        yield* sys.fchmodat(AT_FDCWD, folder, mode);
      }
      yield* writeFile('/etc/passwd', bytesOf('root:x:0:0:root:/root:/bin/sh\n'), 0o644);
      yield* writeFile('/etc/shadow', bytesOf('root:*\n'), 0o600);
      yield* writeFile('/etc/group', bytesOf('root:x:0:\n'), 0o644);
      yield* writeFile('/etc/hostname', bytesOf('pod\n'), 0o644);
      yield* sys.mknodat(AT_FDCWD, '/dev/null', S_IFCHR | 0o666, makedev(1, 3));
      yield* sys.fchmodat(AT_FDCWD, '/dev/null', 0o666);
      for (const name of Object.keys(commands))
        yield* writeFile(`/bin/${name}`, programImage(flavour === 'busybox' ? 'busybox' : `gnu/${name}`), 0o755);
      for (;;) yield* sys.pause();
    },
  });
  machine.run(1_000_000);
  const terminal = options.typed ? machine.createTty({ rows: 24, cols: 80 }, { uid: options.uid ?? 0 }) : undefined;
  const id = machine.spawn({
    comm: 'start',
    parent: ready,
    fds: terminal ? [terminal.target, terminal.target, terminal.target] : [input, output(0), output(1)],
    ...(terminal ? { tty: terminal.tty } : {}),
    *main() {
      if (options.uid !== undefined) {
        yield* sys.setgroups([]);
        yield* sys.setresgid(options.uid, options.uid, options.uid);
        yield* sys.setresuid(options.uid, options.uid, options.uid);
      }
      yield* sys.execve(`/bin/${argv[0]}`, argv, options.env ?? ['PATH=/bin']);
      return 126;
    },
  });
  let shown = '';
  /** Runs until the terminal is quiet: half a second of the machine's time at most. */
  const settle = (limit: bigint): void => {
    const until = machine.state.monotonic + limit;
    for (let slice = 0; slice < 200 && machine.exitStatus(id) === undefined; slice++) {
      const result = machine.run(50_000);
      if (terminal) shown += textOf(machine.ttyOutput(terminal.tty));
      if (result.status === 'busy') continue;
      if (result.nextDeadline === null || result.nextDeadline > until) break;
      machine.advanceTo(result.nextDeadline);
    }
  };
  settle(terminal ? SECOND / 2n : 3600n * SECOND);
  for (const line of options.typed ?? []) {
    if (terminal === undefined || machine.exitStatus(id) !== undefined) break;
    machine.ttyInput(terminal.tty, bytesOf(line));
    settle(SECOND / 2n);
  }
  if (bugs.length > 0) throw bugs[0];
  const end: WaitStatus | undefined = machine.exitStatus(id);
  const status = end?.kind === 'exited' ? end.code : end?.kind === 'signaled' ? 128 + end.signal : -1;
  return { stdout: terminal ? shown : (collected[0] as string), stderr: collected[1] as string, status };
}
