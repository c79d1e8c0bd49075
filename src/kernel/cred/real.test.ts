// set*id, capset and execve against a recording of the real kernel over two capabilities, all of them combined:
// e2e/real/syscalls/record_creds.py says how it was made.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CapSet } from '#abi/capability.ts';
import { AT_FDCWD, O_CREAT, O_WRONLY } from '#abi/flags.ts';
import type { Outcome } from '../context.ts';
import { Machine } from '../machine/machine.ts';
import type { Credentials, Kgid, Kuid, Task } from '../state.ts';
import { type CallName, type Program, programImage, sys } from '../uapi/index.ts';

type State = readonly number[]; // see the recorder
interface Recording {
  readonly files: Readonly<Record<string, { owner: number; mode: string; caps: readonly [number, number, number] | null }>>;
  readonly states: readonly State[];
  readonly calls: readonly (readonly [
    before: number,
    extra: number,
    call: CallName,
    args: number[],
    errno: string | null,
    after: number,
  ])[];
  readonly execs: readonly (readonly [before: number, file: string, errno: string | null, after: number | null])[];
}
const recording = JSON.parse(readFileSync('e2e/real/syscalls/creds.json', 'utf8')) as Recording;

/** The two capabilities of the recording: CAP_CHOWN and CAP_NET_RAW. */
const BITS = [0n, 13n];
const wide = (two: number): CapSet => BITS.reduce((set, bit, at) => ((two >> at) & 1 ? set | (1n << bit) : set), 0n) as CapSet;
const narrow = (set: CapSet): number => BITS.reduce((two, bit, at) => two | (Number((set >> bit) & 1n) << at), 0);

function* idle(): Program<number> {
  yield* sys.pause();
  return 0;
}

const machine = (): { m: Machine; id: number } => {
  const m = new Machine({ loadProgram: () => idle, uname: { nodename: 'n', release: 'r', version: 'v' }, startTime: 0n });
  return { m, id: m.spawn({ main: idle, comm: 'x' }) };
};

function become(m: Machine, id: number, state: State, more = 0): void {
  const [ruid, euid, suid, fsuid] = state.slice(0, 4) as Kuid[];
  const [inheritable, permitted, effective, bounding, ambient] = state.slice(4, 9).map(wide) as CapSet[];
  const [rgid, egid, sgid] = state.slice(11) as Kgid[];
  const extra = BigInt(more) as CapSet;
  const sets = { inheritable, permitted: permitted! | extra, effective: effective! | extra, bounding: bounding! | extra, ambient };
  const ids = { ruid, euid, suid, fsuid, rgid, egid, sgid, fsgid: egid, groups: [], securebits: state[9], steps: [] };
  m.updateTask(id, { cred: { ...(m.task(id)?.cred as Credentials), ...sets, ...ids } as Credentials, noNewPrivs: state[10] === 1 });
}

function stateOf({ cred, noNewPrivs }: Task): State {
  const sets = [cred.inheritable, cred.permitted, cred.effective, cred.bounding, cred.ambient].map(narrow);
  return [cred.ruid, cred.euid, cred.suid, cred.fsuid, ...sets, cred.securebits, noNewPrivs ? 1 : 0, cred.rgid, cred.egid, cred.sgid];
}

test('set*id and capset change what they change on the real kernel', () => {
  const { m, id } = machine();
  const wrong: unknown[] = [];
  for (const [before, extra, call, args, errno, after] of recording.calls) {
    become(m, id, recording.states[before] as State, extra);
    const [e = 0, p = 0, i = 0] = args;
    const more = BigInt(extra);
    const sets = { effective: wide(e) | more, permitted: wide(p) | more, inheritable: wide(i) };
    const outcome = m.call(id, call as 'setuid', ...((call === 'capset' ? [sets] : args) as [number])) as Outcome<unknown>;
    const got = [outcome.ok === false ? outcome.errno : null, stateOf(m.task(id) as Task)];
    const real = [errno, recording.states[after]];
    if (JSON.stringify(got) !== JSON.stringify(real)) wrong.push({ before: recording.states[before], extra, call, args, real, got });
  }
  expect(wrong.slice(0, 3)).toEqual([]);
});

test('execve gives what it gives on the real kernel', () => {
  const { m, id } = machine();
  const image = programImage('x');
  for (const [name, { owner, mode, caps }] of Object.entries(recording.files)) {
    const fd = m.call(id, 'openat', AT_FDCWD, `/${name}`, O_CREAT | O_WRONLY, 0o755) as { value: number };
    m.call(id, 'write', fd.value, image);
    m.call(id, 'close', fd.value);
    m.call(id, 'fchownat', AT_FDCWD, `/${name}`, owner, 8, 0);
    m.call(id, 'fchmodat', AT_FDCWD, `/${name}`, Number.parseInt(mode, 8));
    if (caps === null) continue;
    const value = new DataView(new ArrayBuffer(20));
    const [permitted, inheritable] = [wide(caps[0]), wide(caps[1])];
    [0x02000000 | caps[2], Number(permitted), Number(inheritable), 0, 0].forEach((word, at) => {
      value.setUint32(at * 4, word, true);
    });
    m.call(id, 'setxattr', `/${name}`, 'security.capability', new Uint8Array(value.buffer), 0, true);
  }
  const wrong: unknown[] = [];
  for (const [before, name, errno, after] of recording.execs) {
    become(m, id, recording.states[before] as State);
    const outcome = m.call(id, 'execve', `/${name}`, [name], []) as Outcome<unknown>;
    const got = outcome.ok === false ? [outcome.errno, null] : [null, stateOf(m.task(id) as Task)];
    const real = [errno, after === null ? null : recording.states[after]];
    if (JSON.stringify(got) !== JSON.stringify(real)) wrong.push({ before: recording.states[before], name, real, got });
  }
  expect(wrong.slice(0, 3)).toEqual([]);
});
