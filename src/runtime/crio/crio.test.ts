import { expect, test } from 'vitest';
import { crioCapabilities } from './capabilities.ts';
import { crioMaskedPaths } from './maskedPaths.ts';
import { generatedGroup, generatedPasswd, resolveCrioUser } from './users.ts';

const caps = (add: readonly string[], drop: readonly string[]): unknown => {
  const answer = crioCapabilities({ privileged: false, capabilities: { add_capabilities: add, drop_capabilities: drop } });
  return answer.ok
    ? answer.value
        .map((name) => name.replace('CAP_', '').toLowerCase())
        .sort()
        .join(' ')
    : answer.message;
};

// Source of all tables here: reference/pipeline.md §12 and §26, CRI-O 1.37 (SpecSetupCapabilities, setupContainerUser, utils.go). Nothing is recorded.
test('capabilities: the shorter default, the prefix may be written, unknown names fail', () => {
  const usual = 'chown dac_override fowner fsetid kill net_bind_service setgid setpcap setuid';
  expect([
    caps([], []),
    caps(['NET_ADMIN'], []),
    caps(['CAP_NET_ADMIN'], []),
    caps(['net_admin'], ['CAP_CHOWN']),
    caps(['NET_BIND_SERVICE'], ['ALL']),
    caps(['SYS_TIME'], ['SYS_TIME']),
    caps(['NOT_A_CAP'], []),
    caps([], ['NOT_A_CAP']),
    caps(['ALL'], ['all']),
  ]).toEqual([
    usual,
    'chown dac_override fowner fsetid kill net_admin net_bind_service setgid setpcap setuid',
    'chown dac_override fowner fsetid kill net_admin net_bind_service setgid setpcap setuid',
    'dac_override fowner fsetid kill net_admin net_bind_service setgid setpcap setuid',
    'net_bind_service',
    usual,
    'unknown capability "CAP_NOT_A_CAP" to add',
    'failed to drop cap CAP_NOT_A_CAP invalid capability: CAP_NOT_A_CAP',
    '',
  ]);
  const all = crioCapabilities({ privileged: false, capabilities: { add_capabilities: ['ALL'], drop_capabilities: ['CHOWN'] } });
  expect(all.ok && all.value.length).toBe(40);
});

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\napp:x:1001:1002:app:/home/app:/bin/sh\n';
const GROUP = 'root:x:0:\nwheel:x:10:root\napp:x:1002:app\nextra:x:5005:app\n';

test('groups: gid, the image’s in the order of the file, the pod’s; a group named like the user counts', () => {
  const groups = (security: object): unknown => {
    const answer = resolveCrioUser({ supplemental_groups: [], ...security }, PASSWD, GROUP);
    return answer.ok ? [answer.value.uid, answer.value.gid, answer.value.additionalGids] : answer.message;
  };
  expect([
    groups({ run_as_user: 1000, run_as_group: 3000, supplemental_groups: [2000, 4000] }),
    groups({ run_as_username: 'app', supplemental_groups: [400] }),
    groups({ run_as_user: 1001, supplemental_groups_policy: 'Strict', supplemental_groups: [400] }),
    groups({ run_as_user: 0 }),
    groups({ run_as_username: 'ghost' }),
  ]).toEqual([
    [1000, 3000, [3000, 2000, 4000]],
    [1001, 1002, [1002, 5005, 400]],
    [1001, 1002, [1002, 400]],
    [0, 0, [0, 10]],
    'get exec user: unable to find user ghost: no matching entries in passwd file',
  ]);
});

test('accounts are made up for unknown ids, unless the container could write the file', () => {
  const file = { text: PASSWD, mode: 0o100644, owner: 0 };
  const security = { run_as_user: 1000, run_as_group: 3000, supplemental_groups: [] };
  expect(generatedPasswd(security, file, '/')).toBe(`${PASSWD}1000:x:1000:0:1000 user:/:/sbin/nologin\n`);
  expect(generatedPasswd({ ...security, run_as_user: 1001 }, file, '/')).toBeUndefined();
  expect(generatedPasswd(security, { ...file, mode: 0o100664 }, '/')).toBeUndefined();
  expect(generatedPasswd(security, { ...file, text: '' }, '/')).toBeUndefined();
  expect(generatedGroup(3000, { ...file, text: GROUP })).toBe(`${GROUP}3000:x:3000:\n`);
  expect(generatedGroup(10, { ...file, text: GROUP })).toBeUndefined();
});

test('masked paths are a sorted union; none stays none', () => {
  expect(crioMaskedPaths([])).toEqual([]);
  expect(crioMaskedPaths(['/proc/x', '/proc/acpi']).slice(-4)).toEqual([
    '/sys/dev/block',
    '/sys/devices/virtual/powercap',
    '/sys/firmware',
    '/sys/fs/selinux',
  ]);
});
