// Runs a shell script with our commands on a simulated machine, for unit tests.

import { AT_FDCWD, O_CREAT, O_WRONLY } from '#abi/flags.ts';
import { makedev, S_IFCHR } from '#abi/mode.ts';
import { Machine } from '#kernel/machine/machine.ts';
import { type Program, programImage, type SysResult, sys } from '#kernel/uapi/index.ts';
import { archiveCommands } from '../archive/index.ts';
import { coreutils } from '../coreutils/index.ts';
import type { CommandTable, Flavour } from '../lib/command.ts';
import { withHelp } from '../lib/help.ts';
import { bytesOf, textOf, writeAll } from '../lib/io.ts';
import { createLoader } from '../programs.ts';
import { shellCommands } from '../shell/shells.ts';
import { systemCommands } from '../system/index.ts';
import { textCommands } from './index.ts';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | undefined;
}

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nbob:x:1000:1000:Bob:/home/bob:/bin/sh\n';
const GROUP = 'root:x:0:\nwheel:x:10:root,bob\nbob:x:1000:\n';

const table = (flavour: Flavour): CommandTable =>
  Object.fromEntries(
    Object.entries({ ...shellCommands, ...withHelp({ ...coreutils, ...textCommands, ...archiveCommands, ...systemCommands }) }).filter(
      ([, entry]) => entry.in.includes(flavour),
    ),
  );

function* writeFile(path: string, data: Uint8Array, mode: number): Program<void> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT, mode);
  if (!fd.ok) throw new Error(`${path}: ${fd.errno}`);
  yield* writeAll(fd.value, data);
  yield* sys.close(fd.value);
  yield* sys.fchmodat(AT_FDCWD, path, mode);
}

/** What `sh -c SCRIPT` prints in /tmp, run by root. */
export function runScript(flavour: Flavour, script: string): Ran {
  const commands = table(flavour);
  const run = Object.fromEntries(Object.entries(commands).map(([name, entry]) => [name, entry.run]));
  const bugs: unknown[] = [];
  const machine = new Machine({
    loadProgram: createLoader({
      applets: run,
      gnu: run,
      own: {},
    }),
    uname: { nodename: 'pod', release: '6.18.5', version: '#1 SMP' },
    startTime: 1_790_000_000_000_000_000n,
    onBug: (error) => bugs.push(error),
  });
  const collected = ['', ''];
  const output = (at: number) => ({
    kind: 'host' as const,
    stream: machine.hostStream({
      read: () => null,
      write: (data) => {
        collected[at] += textOf(data);
      },
    }),
  });
  const input = { kind: 'host' as const, stream: machine.hostStream({ read: () => new Uint8Array(0), write: () => undefined }) };
  let status: number | undefined;
  machine.spawn({
    comm: 'init',
    fds: [input, output(0), output(1)],
    *main() {
      for (const [folder, mode] of [
        ['/bin', 0o755],
        ['/etc', 0o755],
        ['/tmp', 0o1777],
        ['/dev', 0o755],
        ['/root', 0o700],
      ] as const) {
        yield* sys.mkdirat(AT_FDCWD, folder, mode);
        yield* sys.fchmodat(AT_FDCWD, folder, mode);
      }
      yield* writeFile('/etc/passwd', bytesOf(PASSWD), 0o644);
      yield* writeFile('/etc/group', bytesOf(GROUP), 0o644);
      yield* sys.mknodat(AT_FDCWD, '/dev/null', S_IFCHR | 0o666, makedev(1, 3));
      yield* sys.mknodat(AT_FDCWD, '/dev/zero', S_IFCHR | 0o666, makedev(1, 5));
      yield* sys.mknodat(AT_FDCWD, '/dev/urandom', S_IFCHR | 0o666, makedev(1, 9));
      for (const name of Object.keys(commands))
        yield* writeFile(`/bin/${name}`, programImage(flavour === 'busybox' ? 'busybox' : `gnu/${name}`), 0o755);
      yield* sys.chdir('/tmp');
      const child: SysResult<number> = yield* sys.clone({
        flags: 0,
        *main() {
          yield* sys.execve('/bin/sh', ['sh', '-c', script], ['PATH=/bin', 'HOME=/root']);
          return 126;
        },
      });
      const waited = child.ok ? yield* sys.wait4(child.value, 0) : undefined;
      if (waited?.ok && waited.value.status?.kind === 'exited') status = waited.value.status.code;
      return 0;
    },
  });
  for (let slice = 0; slice < 100 && status === undefined && bugs.length === 0; slice++) {
    const state = machine.run(100_000);
    if (state.status === 'sleeping' && state.nextDeadline !== null) machine.advanceTo(state.nextDeadline);
  }
  if (bugs.length > 0) throw bugs[0];
  return { stdout: collected[0] as string, stderr: collected[1] as string, status };
}
