// Properties of every sequence of credential calls.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAP_ALL } from '#abi/capability.ts';
import { Machine } from '../machine/machine.ts';
import type { Kgid, Kuid, Task } from '../state.ts';
import type { CallName, Prctl, Program } from '../uapi/index.ts';
import { sys } from '../uapi/index.ts';

const boot = (): Machine =>
  new Machine({ loadProgram: () => undefined, uname: { nodename: 'n', release: 'r', version: 'v' }, startTime: 0n });
function* idle(): Program<number> {
  yield* sys.pause();
  return 0;
}

const uid = fc.constantFrom(-1, 0, 1, 1000);
const caps = fc.bigInt({ min: 0n, max: CAP_ALL });
const cap = fc.integer({ min: 0, max: 42 });
const option = fc.oneof(
  fc.record({ option: fc.constantFrom('PR_CAPBSET_DROP', 'PR_CAP_AMBIENT_RAISE', 'PR_CAP_AMBIENT_LOWER'), cap }),
  fc.record({ option: fc.constant('PR_SET_KEEPCAPS'), value: fc.boolean() }),
  fc.record({ option: fc.constantFrom('PR_CAP_AMBIENT_CLEAR_ALL', 'PR_SET_NO_NEW_PRIVS') }),
  fc.record({ option: fc.constant('PR_SET_SECUREBITS'), bits: fc.integer({ min: 0, max: 255 }) }),
) as unknown as fc.Arbitrary<Prctl>;
const call: fc.Arbitrary<readonly [CallName, readonly unknown[]]> = fc.oneof(
  fc.tuple(fc.constantFrom<CallName>('setuid', 'setgid', 'setfsuid', 'setfsgid'), fc.tuple(uid)),
  fc.tuple(fc.constantFrom<CallName>('setreuid', 'setregid'), fc.tuple(uid, uid)),
  fc.tuple(fc.constantFrom<CallName>('setresuid', 'setresgid'), fc.tuple(uid, uid, uid)),
  fc.tuple(fc.constant<CallName>('setgroups'), fc.tuple(fc.array(fc.nat(3)))),
  fc.tuple(fc.constant<CallName>('capset'), fc.tuple(fc.record({ effective: caps, permitted: caps, inheritable: caps }))),
  fc.tuple(fc.constant<CallName>('capset'), fc.tuple(caps.map((set) => ({ effective: set, permitted: set, inheritable: set })))),
  fc.tuple(fc.constant<CallName>('prctl'), fc.tuple(option)),
  fc.tuple(fc.constant<CallName>('unshare'), fc.constant([0x10000000])),
);

test('capability sets keep their relations, no_new_privs stays, and a failed call changes nothing', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
      const m = boot();
      const id = m.spawn({ main: idle, comm: 'x' });
      for (const [name, args] of calls) {
        const before = m.state;
        const outcome = m.call(id, name as 'setuid', ...(args as [number]));
        const now = m.task(id) as Task;
        const { cred } = now;
        expect(cred.effective & ~cred.permitted).toBe(0n);
        expect(cred.ambient & ~(cred.permitted & cred.inheritable)).toBe(0n);
        expect(cred.steps.length).toBeLessThanOrEqual(32);
        if ((before.tasks.get(id) as Task).noNewPrivs) expect(now.noNewPrivs).toBe(true);
        if (outcome.ok === false)
          expect({ ...m.state, tasks: null, task: { ...now, lastDenial: 0 } }).toEqual({
            ...before,
            tasks: null,
            task: { ...before.tasks.get(id), lastDenial: 0 },
          });
      }
    }),
    { numRuns: 150 },
  );
});

test('leaving uid 0 clears the sets; with keep-caps the permitted set survives', () => {
  const m = boot();
  const id = m.spawn({ main: idle, comm: 'x' });
  const sets = (): string => {
    const { cred } = m.task(id) as Task;
    return [cred.ruid, cred.euid, cred.suid, cred.fsuid, cred.permitted.toString(16), cred.effective.toString(16)].join(' ');
  };
  m.call(id, 'setresuid', -1, 1000, -1);
  expect(sets()).toBe('0 1000 0 1000 1ffffffffff 0');
  m.call(id, 'setresuid', -1, 0, -1);
  expect(sets()).toBe('0 0 0 0 1ffffffffff 1ffffffffff');
  m.call(id, 'prctl', { option: 'PR_SET_KEEPCAPS', value: true });
  m.call(id, 'setuid', 1000);
  expect(sets()).toBe('1000 1000 1000 1000 1ffffffffff 0');
  expect(m.call(id, 'setuid', 0)).toMatchObject({
    ok: false,
    errno: 'EPERM',
    verdict: { checks: [{ rule: 'cap.SETUID', outcome: 'deny' }] },
  });
});

test('an unprivileged user namespace: everything inside, own id only in the map, setgroups refused', async () => {
  const { writeIdMap, writeSetgroups } = await import('./mapwrite.ts');
  const m = boot();
  const user = 1000 as Kuid;
  const group = 1000 as Kgid;
  const id = m.spawn({
    main: idle,
    comm: 'x',
    cred: {
      ruid: user,
      euid: user,
      suid: user,
      fsuid: user,
      rgid: group,
      egid: group,
      sgid: group,
      fsgid: group,
      permitted: 0n,
      effective: 0n,
    },
  });
  expect(m.call(id, 'unshare', 0x4000000)).toMatchObject({ ok: false, errno: 'EPERM' });
  expect(m.call(id, 'unshare', 0x10000000 | 0x4000000)).toMatchObject({ ok: true });
  expect(m.call(id, 'getresuid')).toEqual({ ok: true, value: [65534, 65534, 65534] });
  expect(m.call(id, 'capget', 0)).toMatchObject({ value: { effective: CAP_ALL } });
  const self = (): Task => m.task(id) as Task;
  expect(writeIdMap(m, self(), self(), 'uid', '0 0 1\n')).toMatchObject({ ok: false, errno: 'EPERM' });
  expect(writeIdMap(m, self(), self(), 'uid', '0 1000 1\n')).toEqual({ ok: true, value: 9 });
  expect(writeIdMap(m, self(), self(), 'gid', '0 1000 1')).toMatchObject({ ok: false, errno: 'EPERM' });
  expect(writeSetgroups(m, self(), self(), 'deny')).toEqual({ ok: true, value: 4 });
  expect(writeIdMap(m, self(), self(), 'gid', '0 1000 1')).toEqual({ ok: true, value: 8 });
  expect(m.call(id, 'getresuid')).toEqual({ ok: true, value: [0, 0, 0] });
  expect(m.call(id, 'sethostname', 'inside')).toEqual({ ok: true, value: undefined });
  expect(m.call(id, 'setgroups', [0])).toMatchObject({ ok: false, errno: 'EPERM' });
  expect(m.call(id, 'setuid', 5)).toMatchObject({ ok: false, errno: 'EINVAL' });
  expect(m.call(id, 'clock_settime', 0n)).toMatchObject({ ok: false, errno: 'EPERM' });
});
