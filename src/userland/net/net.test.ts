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
    const asked = call === 'syscall' ? String(args[0]) : call === 'netlink' && args[0] !== null ? call : '';
    const refused = refuse[asked];
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

test('programs that ask other hosts, without a network: compared with busybox in an empty network namespace', () => {
  expect(run('busybox', 'netstat -ltn', {})).toEqual({
    output:
      'Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       \n',
    status: 0,
  });
  expect(run('busybox', 'netstat -x', {})).toEqual({
    output: 'Active UNIX domain sockets (w/o servers)\nProto RefCnt Flags       Type       State         I-Node Path\n',
    status: 0,
  });
  expect(run('busybox', 'wget http://example.com/', {})).toEqual({ output: "wget: bad address 'example.com'\n", status: 1 });
  expect(run('busybox', 'wget http://127.0.0.1:1/', {})).toEqual({
    output: "Connecting to 127.0.0.1:1 (127.0.0.1:1)\nwget: can't connect to remote host (127.0.0.1): Connection refused\n",
    status: 1,
  });
  expect(run('busybox', 'telnet 10.1.2.3', {})).toEqual({
    output: "telnet: can't connect to remote host (10.1.2.3): Network is unreachable\n",
    status: 1,
  });
  expect(run('busybox', 'nslookup example.com 10.96.0.10', {})).toEqual({
    output: "nslookup: can't connect to remote host (10.96.0.10): Network is unreachable\n",
    status: 1,
  });
});

test('ip of busybox shows no state of a link, but IPv6: as recorded in a container', () => {
  const lo = '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n';
  expect(run('busybox', 'ip link', {})).toEqual({ output: lo, status: 0 });
  const forever = '       valid_lft forever preferred_lft forever\n';
  expect(run('busybox', 'ip addr', {})).toEqual({
    output: `${lo}    inet 127.0.0.1/8 scope host lo\n${forever}    inet6 ::1/128 scope host \n${forever}`,
    status: 0,
  });
});
