// Expected values follow apparmor.d(5); no recording has AppArmor.

import { expect, test } from 'vitest';
import type { FileAccess } from '../access.ts';
import { decideCapability, decideFile, decideMount, decideNetwork, decidePtrace, decideRlimit, decideSignal, execRule } from './decide.ts';
import { maskText } from './enforce.ts';
import { globPattern } from './glob.ts';
import { parseProfiles } from './parse.ts';
import { AA_APPEND, AA_CREATE, AA_EXEC, AA_LINK, AA_READ, AA_WRITE, type Profile } from './profile.ts';

const profile = (rules: string, head = 'profile p'): Profile => {
  const parsed = parseProfiles(`#include <tunables/global>\n${head} {\n${rules}\n}\n`);
  if (!parsed.ok) throw new Error(`${parsed.line}: ${parsed.message}`);
  return parsed.profiles.at(-1) as Profile;
};
const access = (path: string, mask: number, ouid = 0): FileAccess => ({
  operation: 'open',
  path,
  dir: { mount: 0, ino: 0 },
  at: null,
  inode: null,
  mask,
  ouid,
});

test.each([
  ['/etc/*', ['/etc/passwd'], ['/etc/', '/etc/a/b', '/etc']],
  ['/etc/*/', ['/etc/a/'], ['/etc/a', '/etc/a/b/']],
  ['/etc/**', ['/etc/a', '/etc/a/b', '/etc/a/'], ['/etc/', '/etc']],
  ['/etc/{,**}', ['/etc/', '/etc/a/b'], ['/etc']],
  ['/a?c/[xy]{1,2}z', ['/abc/x1z', '/abc/y2z'], ['/a/c/x1z', '/abc/z1z', '/abc/x12z']],
  ['/lib**.so*', ['/lib/a.so', '/lib64/a.so.1', '/lib/x/a.so'], ['/usr/lib/a.so']],
  ['/proc/{[^1-9],[^1-9][^0-9]}/**', ['/proc/s/x', '/proc/fs/x'], ['/proc/1/x', '/proc/12/x']],
])('the pattern %s', (glob, yes, no) => {
  const pattern = globPattern(glob);
  expect(yes.filter((path) => !pattern.test(path))).toEqual([]);
  expect(no.filter((path) => pattern.test(path))).toEqual([]);
});

test('variables stand for all their values', () => {
  const home = profile('owner @{HOME}/.ssh/** r,');
  const ask = (path: string, ouid = 5): string => maskText(decideFile(home, access(path, AA_READ, ouid), 5).denied);
  expect(ask('/home/a/.ssh/id')).toBe('');
  expect(ask('/root/.ssh/id')).toBe('');
  expect(ask('/home/a/.ssh/id', 0)).toBe('r');
});

test('deny outweighs allow, is silent unless audited, and w stands for creating and deleting too', () => {
  const own = profile('file,\ndeny /** w,\naudit deny /secret r,');
  const write = decideFile(own, access('/tmp/x', AA_WRITE | AA_READ | AA_CREATE), 0);
  expect([maskText(write.denied), write.quiet, write.rule?.text]).toEqual(['wc', true, 'deny /** w']);
  const read = decideFile(own, access('/secret', AA_READ), 0);
  expect([maskText(read.denied), read.quiet]).toEqual(['r', false]);
});

test('what no rule allows is refused and logged', () => {
  const own = profile('/log a,\n/tmp/** rw,');
  expect(decideFile(own, access('/log', AA_APPEND), 0).denied).toBe(0);
  const over = decideFile(own, access('/log', AA_WRITE), 0);
  expect([maskText(over.denied), over.quiet, over.rule]).toEqual(['w', false, null]);
});

test('rules in either order, with prefixes, quotes and comments', () => {
  const own = profile('rw /a,   # both\nallow "/with space/*" r,\nowner /b rk,\naudit /c mrwlkix,');
  expect(own.rules.map(({ text, line, audit }) => [text, line, audit])).toEqual([
    ['rw /a', 3, false],
    ['allow "/with space/*" r', 4, false],
    ['owner /b rk', 5, false],
    ['audit /c mrwlkix', 6, true],
  ]);
  expect(decideFile(own, access('/with space/x', AA_READ), 0).denied).toBe(0);
});

test('capabilities, sockets, signals and ptrace', () => {
  const own = profile(
    'capability chown net_raw,\nnetwork inet stream,\nnetwork unix,\nsignal (send) set=(term, hup) peer=p,\nptrace (read) peer={p,q},',
  );
  expect(decideCapability(own, 'net_raw').denied).toBe(0);
  expect(decideCapability(own, 'sys_admin').denied).toBe(1);
  expect(
    ['inet stream', 'inet dgram', 'unix dgram'].map((each) => decideNetwork(own, ...(each.split(' ') as [string, string])).denied),
  ).toEqual([0, 1, 0]);
  expect(decideSignal(own, 'send', 'term', 'p').denied).toBe(0);
  expect(decideSignal(own, 'send', 'kill', 'p').denied).toBe(1);
  expect(decideSignal(own, 'receive', 'term', 'p').denied).toBe(1);
  expect(decidePtrace(own, 'read', 'q').denied).toBe(0);
  expect(decidePtrace(own, 'trace', 'q').denied).toBe(1);
});

test('mounts: type, options, source and place, and which of them failed', () => {
  const own = profile(
    'mount fstype=tmpfs options=(rw, nosuid) none -> /mnt/,\nmount options in (ro, bind) /src/ -> /dst/**,\numount /mnt/,',
  );
  const ask = (point: string, fstype: string, source: string, ...options: string[]) =>
    decideMount(own, { what: 'mount', point, fstype, source, options });
  expect(ask('/mnt/', 'tmpfs', 'none', 'rw', 'nosuid').denied).toBe(0);
  expect(ask('/mnt/', 'tmpfs', 'none', 'rw')).toMatchObject({ denied: 1, info: 'failed flags match' });
  expect(ask('/mnt/', 'proc', 'none', 'rw', 'nosuid')).toMatchObject({ denied: 1, info: 'failed type match' });
  expect(ask('/mnt/', 'tmpfs', 'x', 'rw', 'nosuid')).toMatchObject({ denied: 1, info: 'failed srcname match' });
  expect(ask('/x/', 'tmpfs', 'none', 'rw', 'nosuid')).toMatchObject({ denied: 1, info: 'failed mntpnt match' });
  expect(ask('/dst/a/', '', '/src/', 'rw', 'bind').denied).toBe(0);
  expect(decideMount(own, { what: 'umount', point: '/mnt/', source: '', fstype: '', options: [] }).denied).toBe(0);
});

test('how programs are entered', () => {
  const own = profile('file,\n/bin/su Px,\n/bin/ls cx -> listing,\n/bin/free pux,');
  expect(execRule(own, '/bin/su')?.exec).toEqual({ to: 'profile' });
  expect(execRule(own, '/bin/ls')?.exec).toEqual({ to: 'child', target: 'listing' });
  expect(execRule(own, '/bin/free')?.exec).toEqual({ to: 'profile', fallback: 'unconfined' });
  expect(execRule(own, '/bin/cat')?.exec).toEqual({ to: 'inherit' });
  expect(decideFile(profile('/bin/* r,'), access('/bin/x', AA_EXEC), 0).denied).toBe(AA_EXEC);
});

test('names, attachments, modes and children', () => {
  const parsed = parseProfiles(
    'abi <abi/4.0>,\n@{D}=/a /b\nprofile one @{D}/bin flags=(complain,attach_disconnected) {\n  profile sub { file, }\n}\n/usr/bin/two { /x r, }\n',
  );
  if (!parsed.ok) throw new Error(parsed.message);
  expect(parsed.profiles.map(({ name, mode, attachment }) => [name, mode, attachment?.test('/b/bin') ?? null])).toEqual([
    ['one//sub', 'enforce', null],
    ['one', 'complain', true],
    ['/usr/bin/two', 'enforce', false],
  ]);
});

test.each([
  ['profile p {\n  /a rz,\n}', 2, 'syntax error, unexpected "rz"'],
  ['profile p {\n  /a x,\n}', 2, "Invalid mode, 'x' must be preceded by exec qualifier 'i', 'p', or 'u'"],
  ['profile p {\n  capability fly,\n}', 2, 'Invalid capability fly.'],
  ['profile p flags=(loud) {\n}', 1, 'Invalid profile flag: loud.'],
  ['profile p {\n  @{NO}/x r,\n}', 2, 'Found reference to variable NO, but is never declared'],
  ['profile p {\n  file,\n', 3, 'syntax error, unexpected end of file'],
  ['profile p {\n  #include <abstractions/gnome>\n}', 2, "Could not open 'abstractions/gnome': this include is not simulated"],
])('%j is refused', (text, line, message) => {
  expect(parseProfiles(text)).toEqual({ ok: false, line, message });
});

test('rlimit, unix and link rules: apparmor.d(5), rlimit rules, Unix socket rules, Link rules', () => {
  const own = profile(
    'set rlimit nofile <= 100,\nset rlimit fsize <= 2MB,\nset rlimit nice <= 5,\nunix (create) type=stream,\nlink /a/* -> /b/*,\n/b/** rw,',
  );
  const over = decideRlimit(own, 'RLIMIT_NOFILE', 101);
  expect([over.denied, over.rule?.text]).toEqual([1, 'set rlimit nofile <= 100']);
  expect([100, 101].map((hard) => decideRlimit(own, 'RLIMIT_NPROC', hard).denied)).toEqual([0, 0]);
  expect([2 << 20, (2 << 20) + 1].map((hard) => decideRlimit(own, 'RLIMIT_FSIZE', hard).denied)).toEqual([0, 1]);
  expect([15, 16].map((value) => decideRlimit(own, 'RLIMIT_NICE', value).denied)).toEqual([0, 1]);
  expect(['stream', 'dgram'].map((type) => decideNetwork(own, 'unix', type).denied)).toEqual([0, 1]);
  const link = (path: string, linked: string) =>
    maskText(decideFile(own, { ...access(path, AA_LINK), operation: 'link', linked }, 0).denied);
  expect([link('/a/x', '/b/y'), link('/a/x', '/c/y'), link('/d/x', '/b/y')]).toEqual(['', 'l', 'l']);
});

test.each([
  ['set rlimit speed <= 5,', 'Invalid rlimit speed'],
  ['set rlimit nofile <= many,', "RLIMIT 'nofile' invalid value many"],
  ['set rlimit nofile 5,', 'syntax error, unexpected "set rlimit nofile 5"'],
  ['link subset /a -> /b,', '"link subset" is not simulated'],
  ['link /a,', 'syntax error, unexpected "link /a"'],
])('a profile with %s is not loaded', (rule, message) => {
  expect(parseProfiles(`profile p {\n${rule}\n}\n`)).toEqual({ ok: false, line: 2, message });
});
