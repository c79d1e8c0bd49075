// The file system calls against a recording of the real kernel: e2e/real/syscalls/record_files.py says how it was made.
// Every sequence starts on a fresh tmpfs; times, inode numbers and sizes of directories are not compared.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CapSet } from '#abi/capability.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import type { Outcome } from '../context.ts';
import { Machine } from '../machine/machine.ts';
import type { KernelState, Kgid, Kuid, Task } from '../state.ts';
import { type CallName, type Dirent, type Program, type Stat, sys } from '../uapi/index.ts';

type Answer = { readonly value?: unknown; readonly errno?: string };
type Step = readonly [actor: string, call: CallName, args: readonly unknown[], answer: Answer, slot?: string];
interface Recording {
  readonly actors: Readonly<Record<string, { uid: number; gid: number; groups: readonly number[]; caps: string }>>;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly sequences: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}
const FILE = process.env.SYSCALLS_FILES ?? 'e2e/real/syscalls/files.json';
const recording = JSON.parse(readFileSync(FILE, 'utf8')) as Recording;

function* idle(): Program<number> {
  yield* sys.pause();
  return 0;
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const bytes = (text: unknown): Uint8Array => Uint8Array.from(String(text), (c) => c.charCodeAt(0));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

/** The arguments as our calls take them. */
function given(call: CallName, args: readonly unknown[], slots: ReadonlyMap<string, number>): unknown[] {
  const real = args.map((arg) => (typeof arg === 'string' && arg.startsWith('@') ? (slots.get(arg.slice(1)) ?? 99) : arg));
  if (call === 'write' || call === 'pwrite64') real[1] = bytes(real[1]);
  if (call === 'setxattr') real[2] = Uint8Array.from(Buffer.from(real[2] as string, 'hex'));
  if (call === 'utimensat') for (const at of [2, 3]) if (typeof real[at] === 'number') real[at] = BigInt(real[at]) * 1_000_000_000n;
  return real;
}

/** A value in the form the recorder writes it. */
function shown(m: Machine, id: number, call: CallName, args: readonly unknown[], value: unknown): unknown {
  switch (call) {
    case 'newfstatat': {
      const { mode, uid, gid, nlink, size, rdev } = value as Stat;
      const device = (Math.floor(rdev / 0x100000) << 8) | (rdev & 0xff);
      return [mode.toString(8), uid, gid, nlink, isDir(mode) ? 0 : size, device];
    }
    case 'prlimit64':
    case 'rt_sigaction':
      return undefined; // the old ones are those of the recorder
    case 'read':
    case 'pread64':
      return latin1(value as Uint8Array);
    case 'getxattr':
      return hex(value as Uint8Array);
    case 'listxattr':
      return [...(value as string[])].sort();
    case 'ioctl':
      return (value as number) & 0x30;
    case 'getdents64': {
      const names: string[] = [];
      for (let batch = value as readonly Dirent[]; batch.length > 0; ) {
        names.push(...batch.map(({ name }) => name));
        batch = (m.call(id, 'getdents64', args[0] as number) as { value: readonly Dirent[] }).value;
      }
      return names.sort();
    }
    default:
      return value;
  }
}

/** mknod's device as the real call takes it: major in the upper byte. */
const devOf = (dev: number): number => Math.floor(dev / 256) * 0x100000 + (dev & 0xff);

/** Makes the calls again; what they answered, and the state they left. */
function replay(steps: readonly Step[]): { readonly answers: readonly Step[]; readonly state: KernelState } {
  const m = new Machine({
    loadProgram: () => undefined,
    uname: { nodename: 'n', release: 'r', version: 'v' },
    startTime: 1_000_000_000_000n,
    sysctls: Object.fromEntries(Object.entries(recording.sysctls).map(([name, value]) => [`fs/${name}`, value])),
  });
  const init = m.spawn({ main: idle, comm: 'init' });
  m.call(init, 'mkdirat', AT_FDCWD, '/w', 0o755);
  m.call(init, 'mount', 'none', '/w', 'tmpfs', 0, 'mode=755,size=64k,nr_inodes=100');
  const actors = new Map<string, { id: number; slots: Map<string, number> }>();
  const answers = steps.map(([who, call, args, , slot]): Step => {
    let actor = actors.get(who);
    if (actor === undefined) {
      const { uid, gid, groups, caps } = recording.actors[who] as Recording['actors'][string];
      const set = BigInt(caps) as CapSet;
      const [u, g] = [uid as Kuid, gid as Kgid];
      const ids = { ruid: u, euid: u, suid: u, fsuid: u, rgid: g, egid: g, sgid: g, fsgid: g };
      const id = m.spawn({ main: idle, comm: who });
      m.call(id, 'chroot', '/w');
      m.call(id, 'chdir', '/');
      m.updateTask(id, {
        cred: { ...(m.task(id) as Task).cred, ...ids, groups: groups as readonly Kgid[], permitted: set, effective: set },
      });
      actor = { id, slots: new Map() };
      actors.set(who, actor);
    }
    const real = given(call, args, actor.slots);
    if (call === 'mknodat') real[3] = devOf(real[3] as number);
    const { superblocks, files, mounts, pipes } = m.state;
    const outcome = m.call(actor.id, call as 'getcwd', ...(real as [])) as Outcome<unknown>;
    // A refused call is no call: nothing of the state is replaced.
    if (outcome.ok === false)
      expect(
        [m.state.superblocks, m.state.files, m.state.mounts, m.state.pipes].map(
          (now, at) => now === [superblocks, files, mounts, pipes][at],
        ),
      ).toEqual([true, true, true, true]);
    if (outcome.ok === 'block') return [who, call, args, { errno: 'blocks' }];
    if (!outcome.ok) return [who, call, args, { errno: outcome.errno }];
    if (slot !== undefined) {
      actor.slots.set(slot, outcome.value as number);
      return [who, call, args, { value: 'fd' }];
    }
    const value = shown(m, actor.id, call, real, outcome.value);
    return [who, call, args, value === undefined || value === 0 ? {} : { value }];
  });
  return { answers, state: m.state };
}

const line = ([who, call, args, answer]: Step, at: number): string =>
  `${at} ${who} ${call}(${JSON.stringify(args)}) = ${JSON.stringify(answer)}`;

for (const { name, steps } of recording.sequences)
  test(`the real kernel answers the same: ${name}`, () => {
    expect(replay(steps).answers.map(line)).toEqual(steps.map(line));
  });

test('the same calls leave the same state', () => {
  for (const { steps } of recording.sequences.slice(-4)) expect(replay(steps).state).toEqual(replay(steps).state);
});
