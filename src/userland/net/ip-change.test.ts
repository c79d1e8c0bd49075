// Kinds of changes that the recording kernel, which has no modules, cannot make: after ip-link(8) and rtnetlink(7).
import { expect, test } from 'vitest';
import type { NetSettings } from '#kernel/uapi/index.ts';
import { wanted } from './ip-change.ts';

const lo = { index: 1, name: 'lo', kind: 'loopback', mac: '00:00:00:00:00:00', up: true, mtu: 65536, addresses: [] } as const;
const bare: NetSettings = { links: [lo], routes: [] };

const after = (now: NetSettings, object: string, action: string, line: string): NetSettings => {
  const what = wanted(now, object, action, line.split(' '), true);
  if (typeof what === 'string' || !('next' in what)) throw new Error(JSON.stringify(what));
  return what.next;
};

test('a dummy link is made down; an address on it once it is up brings the route of its network; deleting takes both away', () => {
  const made = after(bare, 'link', 'add', 'd0 type dummy');
  expect(made.links[1]).toEqual({ index: 2, name: 'd0', kind: 'dummy', mac: '0a:58:02:02:64:30', up: false, mtu: 1500, addresses: [] });
  const up = after(made, 'link', 'set', 'd0 up mtu 1400');
  const addressed = after(up, 'address', 'add', '10.9.0.1/24 dev d0');
  expect(addressed).toEqual({
    links: [lo, { ...made.links[1], up: true, mtu: 1400, addresses: [{ address: '10.9.0.1', prefix: 24 }] }],
    routes: [{ to: '10.9.0.0/24', dev: 'd0', src: '10.9.0.1' }],
  });
  expect(after(addressed, 'link', 'delete', 'd0')).toEqual(bare);
  const down = after(addressed, 'link', 'set', 'd0 down');
  expect(down.routes).toEqual([]);
  expect(after(down, 'link', 'set', 'd0 up')).toEqual(addressed);
  expect(after(addressed, 'address', 'delete', '10.9.0.1/24 dev d0')).toEqual(up);
});

test('what the kernel refuses, and what is not simulated', () => {
  expect(wanted(bare, 'link', 'add', ['lo', 'type', 'dummy'], true)).toEqual({ errno: 'EEXIST' });
  expect(wanted(bare, 'link', 'add', ['v', 'type', 'veth'], true)).toEqual({ errno: 'EOPNOTSUPP', gnu: 'Error: Unknown device type.' });
  expect(wanted(bare, 'route', 'add', ['10.0.0.0/8', 'dev', 'lo', 'table', '5'], true)).toMatchObject({
    gnu: "'table' is not simulated here",
  });
});
