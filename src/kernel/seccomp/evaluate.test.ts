import { expect, test } from 'vitest';
import { evaluateSeccomp } from './evaluate.ts';

const filter = {
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [
    { names: ['openat', 'setresuid', 'lgetxattr'], action: 'SCMP_ACT_ALLOW' },
    { names: ['clone'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 0x7e020000, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }] },
    { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
    { names: ['reboot'], action: 'SCMP_ACT_KILL' },
    { names: ['sethostname'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 },
  ],
};

test('default action, argument rules, errnoRet and the name behind `syscall`', () => {
  const ask = (...[call, args]: [Parameters<typeof evaluateSeccomp>[1], unknown[]]): string => {
    const action = evaluateSeccomp([filter], call, args);
    return action === undefined || action.kind === 'allow' ? 'allow' : action.kind === 'errno' ? action.errno : action.kind;
  };
  expect(ask('openat', [])).toBe('allow');
  expect(ask('setresuid', [0, 0, 0])).toBe('allow');
  expect(ask('unshare', [0x10000000])).toBe('EPERM');
  expect(ask('clone', [{ flags: 0 }])).toBe('allow');
  expect(ask('clone', [{ flags: 0x10000000 }])).toBe('EPERM');
  expect(ask('syscall', ['keyctl'])).toBe('EPERM');
  expect(ask('syscall', ['openat'])).toBe('allow');
  expect(ask('reboot', ['RESTART'])).toBe('kill');
  expect(ask('getxattr', ['/', 'user.x', true])).toBe('EPERM');
  expect(ask('getxattr', ['/', 'user.x', false])).toBe('allow');
  expect(ask('sigtake', [])).toBe('allow');
});

test('of several filters the strictest answer counts', () => {
  const allow = { defaultAction: 'SCMP_ACT_ALLOW' };
  const log = { defaultAction: 'SCMP_ACT_LOG' };
  expect(evaluateSeccomp([allow, log], 'getpid', [])?.kind).toBe('log');
  expect(evaluateSeccomp([allow, filter, log], 'getpid', [])?.kind).toBe('errno');
});

test('calls newer than a refusing filter are not known to it, unless its default lets calls through', () => {
  const ask = (defaultAction: string, name: string): unknown =>
    evaluateSeccomp([{ defaultAction, syscalls: [{ names: ['statmount', 'no_such_call'], action: 'SCMP_ACT_TRAP' }] }], 'syscall', [name]);
  expect(ask('SCMP_ACT_ERRNO', 'mseal')).toMatchObject({ kind: 'errno', errno: 'ENOSYS' });
  expect(ask('SCMP_ACT_ERRNO', 'cachestat')).toMatchObject({ kind: 'errno', errno: 'EPERM' });
  expect(ask('SCMP_ACT_KILL_PROCESS', 'mseal')).toMatchObject({ kind: 'errno', errno: 'ENOSYS' });
  expect(ask('SCMP_ACT_LOG', 'mseal')).toMatchObject({ kind: 'log', logged: true, code: 0x7ffc0000 });
});

test('arguments: all conditions hold, on one argument any; an unconditional rule wins', () => {
  const arg = (index: number, value: number, op: string) => ({ index, value, op });
  const rule = (names: string[], ...args: { index: number; value: number; op: string }[]) => ({ names, action: 'SCMP_ACT_ALLOW', args });
  const filters = [
    {
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrnoRet: 13,
      syscalls: [
        rule(['socket'], arg(0, 2, 'SCMP_CMP_EQ'), arg(1, 1, 'SCMP_CMP_EQ')),
        rule(['personality'], arg(0, 0, 'SCMP_CMP_EQ'), arg(0, 8, 'SCMP_CMP_EQ')),
        rule(['kill'], arg(1, 9, 'SCMP_CMP_NE')),
        rule(['kill']),
      ],
    },
  ];
  const ask = (...args: (string | number)[]): string | undefined => {
    const action = evaluateSeccomp(filters, 'syscall', args);
    return action?.kind === 'errno' ? action.errno : action?.kind;
  };
  expect(ask('socket', 2, 1)).toBe('allow');
  expect(ask('socket', 2, 2)).toBe('EACCES');
  expect(ask('personality', 8)).toBe('allow');
  expect(ask('personality', 9)).toBe('EACCES');
  expect(ask('kill', 1, 9)).toBe('allow');
});

test('a call without a directory descriptor is the plain one', () => {
  const filters = [{ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mkdir', 'unlink'], action: 'SCMP_ACT_ERRNO' }] }];
  const ask = (...[call, args]: [Parameters<typeof evaluateSeccomp>[1], unknown[]]): string | undefined =>
    evaluateSeccomp(filters, call, args)?.kind;
  expect(ask('mkdirat', [-100, 'a', 0o755])).toBe('errno');
  expect(ask('mkdirat', [3, 'a', 0o755])).toBe('allow');
  expect(ask('unlinkat', [-100, 'a', 0])).toBe('errno');
  expect(ask('unlinkat', [-100, 'a', 0x200])).toBe('allow');
});
