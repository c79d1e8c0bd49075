// Expected texts: the kernel recordings (pods with and without NET_ADMIN and NET_RAW).
import { expect, test } from 'vitest';
import type { Flavour } from '../lib/command.ts';
import { netCommands } from './index.ts';

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly errno: string };

/** Runs a command against a kernel that refuses the calls named in `refuse`. */
function run(flavour: Flavour, line: string, refuse: Readonly<Record<string, string>>): { output: string; status: number } {
  const argv = line.split(' ');
  const name = argv[0] as string;
  const program = (netCommands[name] as (typeof netCommands)[string]).run({ argv, env: [], flavour, name });
  let output = '';
  let answer: Answer = { ok: true, value: 0 };
  for (;;) {
    const step = program.next(answer as never);
    if (step.done) return { output, status: step.value };
    const { call, args } = step.value;
    const refused = call === 'syscall' ? refuse[String(args[0])] : undefined;
    answer = refused === undefined ? { ok: true, value: 0 } : { ok: false, errno: refused };
    if (call === 'write') {
      const data = args[1] as Uint8Array;
      output += new TextDecoder().decode(data);
      answer = { ok: true, value: data.length };
    }
    if (call === 'uname') answer = { ok: true, value: { nodename: 'pod' } };
    if (call === 'openat') answer = { ok: false, errno: 'ENOENT' };
  }
}

test('changing an interface needs NET_ADMIN, and says so in two ways', () => {
  const refuse = { netlink: 'EPERM' };
  expect(run('busybox', 'ip link set lo down', refuse)).toEqual({ output: 'ip: SIOCSIFFLAGS: Operation not permitted\n', status: 2 });
  expect(run('gnu', 'ip link set lo down', refuse)).toEqual({ output: 'RTNETLINK answers: Operation not permitted\n', status: 2 });
  expect(run('busybox', 'route add default lo', refuse)).toEqual({ output: 'route: SIOCADDRT: Operation not permitted\n', status: 1 });
  expect(run('busybox', 'ip link set lo down', {})).toEqual({ output: '', status: 0 });
});

test('ping of busybox wants a raw socket, after its first line', () => {
  expect(run('busybox', 'ping -c1 127.0.0.1', { socket: 'EPERM' })).toEqual({
    output: 'PING 127.0.0.1 (127.0.0.1): 56 data bytes\nping: permission denied (are you root?)\n',
    status: 1,
  });
});
