// Every capability has a call that fails without it and works with it, as recorded from the real kernel, or stands below with
// the reason why nothing of it can be seen here.

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CAP_NONE, CAPABILITIES, type Capability, capSet } from '#abi/capability.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import type { Outcome } from '../context.ts';
import { Machine } from '../machine/machine.ts';
import type { Credentials, Kgid, Kuid, Task } from '../state.ts';
import { type Program, type Stat, sys } from '../uapi/index.ts';

type Answer = null | string | { readonly errno: string };
interface Row {
  readonly cap: Capability;
  readonly call: string;
  readonly args: readonly unknown[];
  readonly without: Answer;
  readonly with: Answer;
}
const rows = JSON.parse(readFileSync('e2e/real/syscalls/caps.json', 'utf8')) as readonly Row[];

/** Capabilities whose demonstration is a recorded pod under e2e/real/cases. */
const CASES: Readonly<Partial<Record<Capability, string>>> = {
  CAP_SYS_PTRACE: 'cap-19-sys_ptrace-nodac',
  CAP_SYS_BOOT: 'cap-22-sys_boot-without',
  CAP_SYS_TIME: 'cap-25-sys_time',
};

/** Capabilities without an observable effect here. */
const NO_EFFECT: Readonly<Partial<Record<Capability, string>>> = {
  CAP_NET_BROADCAST: 'nothing in Linux asks for it',
  CAP_IPC_OWNER: 'System V IPC objects are not simulated',
  CAP_SYS_MODULE: 'the recorded kernel has no modules: ENOSYS on both sides (cap-16-sys_module)',
  CAP_SYS_RAWIO: 'the recorded kernel has no iopl and ioperm: ENOSYS on both sides',
  CAP_SYS_RESOURCE: 'the recording machine lacks it; RLIMIT and oom_score_adj rules follow the manual pages',
  CAP_AUDIT_WRITE: 'only netlink messages ask for it; netlink sockets are not simulated beyond the permission',
  CAP_AUDIT_CONTROL: 'audit rules are not simulated; a set loginuid is kept without it',
  CAP_MAC_OVERRIDE: 'only Smack asks for it',
  CAP_MAC_ADMIN: 'asked for by policy loading, which a container never reaches',
  CAP_BLOCK_SUSPEND: 'epoll silently ignores EPOLLWAKEUP without it',
  CAP_AUDIT_READ: 'only the audit multicast group asks for it',
  CAP_PERFMON: 'performance counters are not simulated beyond the permission',
  CAP_BPF: 'programs and maps are not simulated beyond the permission',
  CAP_CHECKPOINT_RESTORE: 'clone3 with set_tid and map_files are not simulated',
};

function* idle(): Program<number> {
  yield* sys.pause();
  return 0;
}

/** The world of the recorder: /w with f of uid 1000 and g of group 77, and a sleeping process of uid 1000. */
function answer(row: Row, cap: bigint): Answer {
  const m = new Machine({ loadProgram: () => undefined, uname: { nodename: 'n', release: 'r', version: 'v' }, startTime: 0n });
  const init = m.spawn({ main: idle, comm: 'init' });
  const ids = { ruid: 1000 as Kuid, euid: 1000 as Kuid, suid: 1000 as Kuid, fsuid: 1000 as Kuid };
  const victim = m.spawn({ main: idle, comm: 'sleep', cred: { ...ids, permitted: CAP_NONE, effective: CAP_NONE } });
  m.call(init, 'mkdirat', AT_FDCWD, '/w', 0o755);
  for (const [name, uid, gid, mode] of [['f', 1000, 1000, 0o600] as const, ['g', 0, 77, 0o755] as const]) {
    m.call(init, 'mknodat', AT_FDCWD, `/w/${name}`, 0o100644, 0);
    m.call(init, 'fchownat', AT_FDCWD, `/w/${name}`, uid, gid, 0);
    m.call(init, 'fchmodat', AT_FDCWD, `/w/${name}`, mode);
  }
  m.call(init, 'prlimit64', 0, 'RLIMIT_MEMLOCK', [0, 0]);
  const { cred } = m.task(init) as Task;
  m.updateTask(init, { cred: { ...cred, groups: [] as readonly Kgid[], permitted: cap, effective: cap } as Credentials });
  const made = (outcome: Outcome<unknown>): Answer => (outcome.ok === false ? { errno: outcome.errno } : null);
  const args = [...row.args];
  switch (row.call) {
    case 'chmod and stat': {
      m.call(init, 'fchmodat', AT_FDCWD, '/w/g', 0o2755);
      const { mode } = (m.call(init, 'newfstatat', AT_FDCWD, '/w/g', 0) as { value: Stat }).value;
      return mode.toString(8);
    }
    case 'ioctl':
      args[0] = (m.call(init, 'openat', AT_FDCWD, args[0] as string, 0) as { value: number }).value;
      break;
    case 'kill':
      args[0] = victim;
      break;
    case 'setxattr':
      args[2] = Uint8Array.from(Buffer.from(args[2] as string, 'hex'));
  }
  return made(m.call(init, row.call as 'getcwd', ...(args as [])) as Outcome<unknown>);
}

for (const row of rows)
  test(`${row.cap}: ${row.call} without and with it, as on the real kernel`, () => {
    expect(row.without).not.toEqual(row.with);
    expect({ without: answer(row, CAP_NONE), with: answer(row, capSet(row.cap)) }).toEqual({ without: row.without, with: row.with });
  });

test('each of the 41 capabilities is demonstrated in one place, or said to have no effect', () => {
  const recorded = rows.map(({ cap }) => cap);
  const places = CAPABILITIES.map((cap) => [recorded.includes(cap), cap in CASES, cap in NO_EFFECT].filter(Boolean).length);
  expect(places).toEqual(CAPABILITIES.map(() => 1));
  for (const name of Object.values(CASES)) expect(existsSync(`e2e/real/cases/${name}.json`)).toBe(true);
});
