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
    return action.kind === 'errno' ? action.errno : action.kind;
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
  expect(evaluateSeccomp([allow, log], 'getpid', []).kind).toBe('log');
  expect(evaluateSeccomp([allow, filter, log], 'getpid', []).kind).toBe('errno');
});
