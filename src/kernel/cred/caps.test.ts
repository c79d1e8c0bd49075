// Every capability has a demonstration: a pod in which a command fails without it and works with it, or the call alone, as recorded
// from the real kernel; or the reason why nothing of it can be seen here.

import { readFileSync } from 'node:fs';
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

/** Where the difference that a capability makes is shown: a recorded pod, a session, the recorded call, or nowhere and why. */
type Demonstration = { readonly case: string } | { readonly session: string } | { readonly call: string } | { readonly none: string };
const DEMONSTRATIONS: Readonly<Record<Capability, Demonstration>> = {
  CAP_CHOWN: { case: 'cap-00-chown-demo' },
  CAP_DAC_OVERRIDE: { case: 'cap-01-dac_override' },
  CAP_DAC_READ_SEARCH: { case: 'cap-02-dac_read_search-demo' },
  CAP_FOWNER: { case: 'cap-03-fowner-demo' },
  CAP_FSETID: { case: 'cap-04-fsetid-demo' },
  CAP_KILL: { case: 'cap-05-kill-demo' },
  CAP_SETGID: { case: 'cap-06-setgid' },
  CAP_SETUID: { case: 'cap-07-setuid' },
  CAP_SETPCAP: { case: 'cap-08-setpcap' },
  CAP_LINUX_IMMUTABLE: { case: 'cap-09-linux_immutable-demo' },
  CAP_NET_BIND_SERVICE: { case: 'cap-10-net_bind_service-demo' },
  CAP_NET_BROADCAST: { none: 'nothing in Linux asks for it' },
  CAP_NET_ADMIN: { case: 'cap-12-net_admin-demo' },
  CAP_NET_RAW: { case: 'cap-13-net_raw-demo' },
  CAP_IPC_LOCK: { call: 'no command of these images locks memory (cap-14-ipc_lock does it from perl)' },
  CAP_IPC_OWNER: { session: 'cap-ipc_owner' },
  CAP_SYS_MODULE: { none: 'the recorded kernel has no modules: ENOSYS on both sides (cap-16-sys_module)' },
  CAP_SYS_RAWIO: { case: 'cap-17-sys_rawio-demo' },
  CAP_SYS_CHROOT: { case: 'cap-18-sys_chroot-demo' },
  CAP_SYS_PTRACE: { case: 'cap-19-sys_ptrace-nodac' },
  CAP_SYS_PACCT: { call: 'no command of these images starts accounting (cap-20-sys_pacct does it from perl)' },
  CAP_SYS_ADMIN: { case: 'cap-21-sys_admin' },
  CAP_SYS_BOOT: { session: 'cap-sys_boot' },
  CAP_SYS_NICE: { case: 'cap-23-sys_nice' },
  CAP_SYS_RESOURCE: { session: 'cap-sys_resource' },
  CAP_SYS_TIME: { case: 'cap-25-sys_time' },
  CAP_SYS_TTY_CONFIG: { call: 'getty and login pass over a vhangup that was refused (cap-26-sys_tty_config does it from perl)' },
  CAP_MKNOD: { case: 'cap-27-mknod-demo' },
  CAP_LEASE: { call: 'no command of these images takes a lease (cap-28-lease does it from perl)' },
  CAP_AUDIT_WRITE: { call: 'no command of these images sends audit messages' },
  CAP_AUDIT_CONTROL: { case: 'cap-30-audit_control-demo' },
  CAP_SETFCAP: { case: 'cap-31-setfcap' },
  CAP_MAC_OVERRIDE: { none: 'only Smack asks for it' },
  CAP_MAC_ADMIN: { session: 'cap-mac_admin' },
  CAP_SYSLOG: { case: 'cap-34-syslog' },
  CAP_WAKE_ALARM: { call: 'no command of these images sets an alarm that wakes the machine' },
  CAP_BLOCK_SUSPEND: { none: 'epoll silently ignores EPOLLWAKEUP without it' },
  CAP_AUDIT_READ: { call: 'no command of these images listens to audit messages (cap-37-audit_read does it from perl)' },
  CAP_PERFMON: { call: 'no command of these images reads performance counters' },
  CAP_BPF: { call: 'no command of these images loads BPF programs' },
  CAP_CHECKPOINT_RESTORE: { case: 'cap-40-checkpoint_restore-demo' },
};

function* idle(): Program<number> {
  yield* sys.pause();
  return 0;
}

/** The world of the recorder: /w with f of uid 1000 and g of group 77, a sleeping process of uid 1000, and shared memory of it. */
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
  m.call(victim, 'syscall', 'shmget', 77, 4096, 0o1600);
  m.call(init, 'prlimit64', 0, 'RLIMIT_MEMLOCK', [0, 0]);
  const { cred } = m.task(init) as Task;
  m.updateTask(init, { cred: { ...cred, groups: [] as readonly Kgid[], permitted: cap, effective: cap } as Credentials });
  const made = (outcome: Outcome<unknown>): Answer => (outcome.ok === false ? { errno: outcome.errno } : null);
  const args = [...row.args];
  if (args[0] === 'netlink') return made(m.call(init, 'netlink', { links: [], routes: [] }));
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

interface Transcript {
  readonly exec: readonly { readonly script: string; readonly stdout: string; readonly stderr: string }[];
}
const SESSIONS = readFileSync('e2e/sessions/capabilities-demo.yaml', 'utf8');

for (const cap of CAPABILITIES)
  test(`${cap} is demonstrated where the table says`, () => {
    const where = DEMONSTRATIONS[cap];
    if ('call' in where) expect(rows.map((row) => row.cap)).toContain(cap);
    else if ('session' in where) expect(SESSIONS).toContain(`\nname: ${where.session}\n`);
    else if ('case' in where) {
      // What was typed with and without it was answered differently, in two containers or by two lines.
      const { exec } = JSON.parse(readFileSync(`e2e/real/transcripts/${where.case}.json`, 'utf8')) as Transcript;
      expect(new Set(exec.map(({ stdout, stderr }) => stdout + stderr)).size).toBeGreaterThan(1);
      expect(readFileSync('e2e/divergences/cap.yaml', 'utf8')).not.toContain(`"${where.case}"`);
    } else expect(rows.map((row) => row.cap)).not.toContain(cap);
  });

test('the table knows all 41 capabilities', () => {
  expect(Object.keys(DEMONSTRATIONS)).toEqual([...CAPABILITIES]);
});
