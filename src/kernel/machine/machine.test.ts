import { expect, test } from 'vitest';
import { SIGINT, SIGKILL, SIGTERM } from '#abi/signal.ts';
import { type Program, type SysResult, sys, type Waited } from '../uapi/index.ts';
import { Machine, type MachineOptions } from './machine.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (s: string): Uint8Array => new TextEncoder().encode(s);
const machine = (more: Partial<MachineOptions> = {}): Machine =>
  new Machine({
    loadProgram: () => undefined,
    uname: { nodename: 'node', release: '6.18.5', version: '#1 SMP' },
    startTime: 1_700_000_000_000_000_000n,
    onBug: (error) => {
      throw error;
    },
    ...more,
  });

function* say(fd: number, s: string): Program<number> {
  const wrote: SysResult<number> = yield* sys.write(fd, bytes(s));
  return wrote.ok ? 0 : 1;
}

/** A machine with one task whose output is collected. */
function runMain(main: () => Program<number>, options: Partial<MachineOptions> = {}): { out: string; m: Machine; id: number } {
  const m = machine(options);
  let out = '';
  const stream = m.hostStream({
    read: () => null,
    write: (data) => {
      out += text(data);
    },
  });
  const target = { kind: 'host', stream } as const;
  const id = m.spawn({ main, comm: 'main', fds: [target, target, target] });
  for (let status = m.run(10_000); status.status !== 'idle'; status = m.run(10_000)) {
    if (status.nextDeadline !== null) m.advanceTo(status.nextDeadline);
  }
  return { out, m, id };
}

test('two programs connected by a pipe, fork and wait; the status of the child comes back', () => {
  const { out, m, id } = runMain(function* () {
    const ends: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
    if (!ends.ok) return 1;
    const [r, w] = ends.value;
    const child: SysResult<number> = yield* sys.clone({
      flags: 0,
      *main() {
        yield* sys.close(r);
        yield* sys.nanosleep(1_000_000n);
        yield* say(w, 'through the pipe\n');
        return 7;
      },
    });
    yield* sys.close(w);
    let all = '';
    for (;;) {
      const got: SysResult<Uint8Array> = yield* sys.read(r, 100);
      if (!got.ok || got.value.length === 0) break;
      all += text(got.value);
    }
    const waited: SysResult<Waited> = yield* sys.wait4(-1, 0);
    yield* say(1, `${all}${JSON.stringify(waited)} ${JSON.stringify(child)}\n`);
    return 0;
  });
  expect(out).toBe('through the pipe\n{"ok":true,"value":{"pid":2,"status":{"kind":"exited","code":7}}} {"ok":true,"value":2}\n');
  expect(m.exitStatus(id)).toEqual({ kind: 'exited', code: 0 });
});

test('a signal kills a sleeper; a handler interrupts a blocked call once', () => {
  const { out } = runMain(function* () {
    const sleeper: SysResult<number> = yield* sys.clone({
      flags: 0,
      *main() {
        yield* sys.nanosleep(3600_000_000_000n);
        return 0;
      },
    });
    const handler: SysResult<number> = yield* sys.clone({
      flags: 0,
      *main() {
        yield* sys.rt_sigaction(SIGTERM, 'handle');
        const slept: SysResult<void> = yield* sys.nanosleep(3600_000_000_000n);
        const caught: SysResult<readonly number[]> = yield* sys.sigtake();
        yield* say(1, `${slept.ok ? 'slept' : slept.errno} ${JSON.stringify(caught)}\n`);
        return 3;
      },
    });
    if (!sleeper.ok || !handler.ok) return 1;
    yield* sys.nanosleep(1_000_000n);
    yield* sys.kill(sleeper.value, SIGTERM);
    yield* sys.kill(handler.value, SIGTERM);
    for (const pid of [sleeper.value, handler.value]) yield* say(1, `${JSON.stringify((yield* sys.wait4(pid, 0)) as SysResult<Waited>)}\n`);
    return 0;
  });
  expect(out.split('\n').sort()).toEqual([
    '',
    'EINTR {"ok":true,"value":[15]}',
    '{"ok":true,"value":{"pid":2,"status":{"kind":"signaled","signal":15,"core":false}}}',
    '{"ok":true,"value":{"pid":3,"status":{"kind":"exited","code":3}}}',
  ]);
});

test('pid 1 of a pid namespace ignores SIGKILL from inside, and its end ends everything in it', () => {
  const { out, m } = runMain(function* () {
    const init: SysResult<number> = yield* sys.clone({
      flags: 0x20000000,
      *main() {
        yield* sys.clone({
          flags: 0,
          *main() {
            const me: SysResult<number> = yield* sys.getpid();
            const killed: SysResult<void> = yield* sys.kill(1, SIGKILL);
            yield* say(1, `pid ${JSON.stringify(me)} ${JSON.stringify(killed)}\n`);
            yield* sys.pause();
            return 0;
          },
        });
        yield* sys.nanosleep(1_000_000_000n);
        return 5;
      },
    });
    const waited: SysResult<Waited> = yield* sys.wait4(-1, 0);
    yield* say(1, `${JSON.stringify(init)} ${JSON.stringify(waited)}\n`);
    return 0;
  });
  expect(out).toBe(
    'pid {"ok":true,"value":2} {"ok":true}\n{"ok":true,"value":2} {"ok":true,"value":{"pid":2,"status":{"kind":"exited","code":5}}}\n',
  );
  expect([...m.state.tasks.entries()]).toEqual([]);
});

test('a fork bomb ends with EAGAIN and the machine goes on', () => {
  const m = machine({ maxTasks: 50 });
  function* bomb(): Program<number> {
    for (;;) {
      const child: SysResult<number> = yield* sys.clone({ flags: 0, main: bomb });
      if (!child.ok) break;
    }
    yield* sys.pause();
    return 0;
  }
  const id = m.spawn({ main: bomb, comm: 'bomb' });
  expect(m.run(100_000).status).toBe('idle');
  expect([...m.state.tasks.entries()].length).toBe(50);
  expect(m.records.at(-1)).toMatchObject({ call: 'clone', errno: 'EAGAIN', comm: 'bomb' });
  m.signal(id, SIGKILL);
  expect(m.exitStatus(id)).toEqual({ kind: 'signaled', signal: SIGKILL, core: false });
});

test('the terminal edits a line, ^C is echoed and kills the foreground group, an endless loop too', () => {
  const m = machine();
  const { tty, target } = m.createTty({ rows: 24, cols: 80 });
  const id = m.spawn({
    comm: 'sh',
    tty,
    fds: [target, target, target],
    *main() {
      yield* sys.rt_sigaction(SIGINT, 'handle');
      for (let turn = 0; turn < 2; turn++) {
        const line: SysResult<Uint8Array> = yield* sys.read(0, 100);
        yield* say(1, `got ${line.ok ? JSON.stringify(text(line.value)) : line.errno}\n`);
        yield* sys.sigtake();
      }
      const child: SysResult<number> = yield* sys.clone({
        flags: 0,
        *main() {
          yield* sys.rt_sigaction(SIGINT, 'default');
          for (;;) yield* sys.sched_yield();
        },
      });
      if (!child.ok) return 1;
      yield* sys.setpgid(child.value, child.value);
      yield* sys.ioctl(0, { request: 'TIOCSPGRP', pgrp: child.value });
      const waited: SysResult<Waited> = yield* sys.wait4(-1, 0);
      yield* sys.rt_sigaction(22, 'ignore');
      yield* sys.ioctl(0, { request: 'TIOCSPGRP', pgrp: 1 });
      yield* say(1, `${JSON.stringify(waited)}\n`);
      return 0;
    },
  });
  expect(m.run(1000).status).toBe('idle');
  m.ttyInput(tty, bytes('ecxx\x7f\x7fho \x03'));
  expect(m.run(1000).status).toBe('idle');
  m.ttyInput(tty, bytes('ab\x7f\r'));
  expect(m.run(1000).status).toBe('busy');
  m.ttyInput(tty, bytes('\x03'));
  m.run(1000);
  expect(text(m.ttyOutput(tty))).toBe(
    'ecxx\b \b\b \bho ^Cgot EINTR\r\nab\b \b\r\ngot "a\\n"\r\n^C{"ok":true,"value":{"pid":2,"status":{"kind":"signaled","signal":2,"core":false}}}\r\n',
  );
  expect(m.exitStatus(id)).toEqual({ kind: 'exited', code: 0 });
});

test('a program that throws is ended with a message and does not break the machine', () => {
  const seen: unknown[] = [];
  const { out, m, id } = runMain(
    function* () {
      yield* sys.getpid();
      throw new Error('oops');
    },
    { onBug: (error) => seen.push(error) },
  );
  expect(out).toBe('main: internal error: oops\n');
  expect(m.exitStatus(id)).toEqual({ kind: 'exited', code: 255 });
  expect(seen).toEqual([new Error('oops')]);
});
