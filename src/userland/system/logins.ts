// login, passwd of busybox, newgrp, getent: programs around the account files.
// Counterpart: busybox 1.35 loginutils/; shadow 4.13 login(1), newgrp(1); glibc getent(1)

import { strerror } from '#abi/errno.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, type PasswdEntry, passwdEntries } from '../lib/accounts.ts';
import { readLine } from '../lib/ask.ts';
import { isTty } from '../lib/cli.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out, readFd, readFile, textOf } from '../lib/io.ts';
import { PASSWD, replaceRows, rowsOf, SHADOW } from './accountfiles.ts';

function* ids(): Program<{ readonly ruid: number; readonly euid: number }> {
  const got: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  return got.ok ? { ruid: got.value[0], euid: got.value[1] } : { ruid: 0, euid: 0 };
}

function* userOf(uid: number): Program<PasswdEntry | undefined> {
  return (yield* passwdEntries()).find((entry) => entry.uid === uid);
}

const login: Command = function* ({ argv, flavour, name }) {
  const { euid } = yield* ids();
  if (euid !== 0) {
    yield* errOut(
      flavour === 'busybox' ? `${name}: must be suid to work properly\n` : `${name}: Cannot possibly work without effective root\n`,
    );
    return 1;
  }
  for (const fd of [0, 1, 2]) if (!(yield* isTty(fd))) return 1;
  const wanted = argv.slice(1).find((arg) => !arg.startsWith('-'));
  const entry = (yield* passwdEntries()).find((one) => one.name === wanted);
  if (!argv.includes('-f') || entry === undefined) {
    // There is no password that would be right: the images' accounts are locked.
    yield* out(wanted === undefined ? 'login: ' : 'Password: ');
    yield* readLine();
    yield* errOut('Login incorrect\n');
    return 1;
  }
  const groups = (yield* groupEntries()).filter((group) => group.members.includes(entry.name)).map((group) => group.gid);
  const set: SysResult<void> = yield* sys.setgroups([entry.gid, ...groups]);
  const gid: SysResult<void> = set.ok ? yield* sys.setgid(entry.gid) : set;
  const uid: SysResult<void> = gid.ok ? yield* sys.setuid(entry.uid) : gid;
  if (!uid.ok) {
    yield* errOut(`${name}: ${set.ok ? (gid.ok ? 'setuid' : 'setgid') : "can't set groups"}: ${strerror(uid.errno)}\n`);
    return 1;
  }
  yield* sys.chdir(entry.home);
  const shell = entry.shell === '' ? '/bin/sh' : entry.shell;
  const env = [`HOME=${entry.home}`, `SHELL=${shell}`, `USER=${entry.name}`, `LOGNAME=${entry.name}`, 'PATH=/bin:/usr/bin'];
  const done: SysResult<never> = yield* sys.execve(shell, [`-${shell.slice(shell.lastIndexOf('/') + 1)}`], env);
  if (!done.ok) yield* errOut(`${name}: can't execute '${shell}': ${strerror(done.errno)}\n`);
  return 1;
};

/** A password of busybox has at least so many characters. */
const SHORTEST = 6;

/** Locks (l), unlocks (u) or empties (d) the password of a user. Counterpart: passwd of busybox with these options */
function* changeLock(name: string, user: string, letters: string): Program<number> {
  const rows = (yield* rowsOf(SHADOW)) ?? [];
  const row = rows.find((one) => one[0] === user);
  const old = row?.[1] ?? '';
  const locked = old.startsWith('!');
  const kept = letters.includes('d') ? '' : old;
  if (letters.includes('l') ? locked : !letters.includes('d') && !locked) {
    yield* errOut(`${name}: password for ${user} is already ${locked ? 'locked' : 'unlocked'}\n`);
    return 1;
  }
  const today = yield* sys.clock_gettime('CLOCK_REALTIME');
  if (row !== undefined) {
    row[1] = letters.includes('l') ? `!${kept}` : letters.includes('d') ? '' : kept.slice(1);
    row[2] = String((today.ok ? today.value : 0n) / 86_400_000_000_000n);
  }
  const errno = yield* replaceRows(SHADOW, rows);
  yield* errOut(
    errno === undefined
      ? `${name}: password for ${user} changed by root\n`
      : `${name}: ${PASSWD}: ${strerror(errno)}\n${name}: can't update password file ${PASSWD}\n`,
  );
  return errno === undefined ? 0 : 1;
}

/** Counterpart: busybox 1.35 loginutils/passwd.c. Deviates: no new password is ever stored, which it says */
export const busyboxPasswd: Command = function* ({ argv, name }) {
  const { ruid, euid } = yield* ids();
  const self = yield* userOf(ruid);
  const fail = function* (text: string): Program<number> {
    yield* errOut(`${name}: ${text}\n`);
    return 1;
  };
  if (self === undefined) return yield* fail(`unknown uid ${ruid}`);
  const wanted = argv.slice(1).find((arg) => !arg.startsWith('-')) ?? self.name;
  const entry = (yield* passwdEntries()).find((one) => one.name === wanted);
  if (entry === undefined) return yield* fail(`unknown user ${wanted}`);
  if (ruid !== 0 && entry.uid !== ruid) return yield* fail(`${self.name} can't change password for ${wanted}`);
  if (euid !== 0) return yield* fail('must be suid to work properly');
  const letters = argv.slice(1).filter((arg) => /^-[dlu]+$/.test(arg));
  if (letters.length > 0) return yield* changeLock(name, wanted, letters.join(''));
  yield* out(`Changing password for ${wanted}\nNew password: `);
  const first = yield* readLine();
  yield* out('\n');
  if (first !== undefined && first !== '') {
    if (first.length < SHORTEST) yield* out('Bad password: too short\n');
    yield* out('Retype password: ');
    const second = yield* readLine();
    yield* out('\n');
    if (second !== first) yield* out("Passwords don't match\n");
    else yield* errOut(`${name}: storing a password is not simulated here\n`);
  }
  return yield* fail(`password for ${wanted} is unchanged`);
};

const newgrp: Command = function* ({ argv, env, name }) {
  const { ruid } = yield* ids();
  const self = yield* userOf(ruid);
  if (self === undefined) {
    yield* errOut(`${name}: Cannot determine your user name.\n`);
    return 1;
  }
  const wanted = argv[1] ?? '';
  const group = (yield* groupEntries()).find((one) => (wanted === '' ? one.gid === self.gid : one.name === wanted));
  if (group === undefined) {
    yield* errOut(`${name}: group '${wanted}' does not exist\n`);
    return 1;
  }
  if (ruid !== 0 && group.gid !== self.gid && !group.members.includes(self.name)) {
    yield* errOut('Password: ');
    yield* readFd(0);
    yield* errOut('Invalid password.\n');
    return 1;
  }
  const now: SysResult<readonly number[]> = yield* sys.getgroups();
  const set: SysResult<void> = yield* sys.setgroups([...new Set([...(now.ok ? now.value : []), group.gid])]);
  if (!set.ok) yield* errOut(`setgroups: ${strerror(set.errno)}\n`);
  const gid: SysResult<void> = yield* sys.setgid(group.gid);
  const uid: SysResult<void> = gid.ok ? yield* sys.setuid(ruid) : gid;
  if (!uid.ok) {
    yield* errOut(`${gid.ok ? 'setuid' : 'setgid'}: ${strerror(uid.errno)}\n`);
    return 1;
  }
  const shell = env.find((one) => one.startsWith('SHELL='))?.slice(6) ?? (self.shell === '' ? '/bin/sh' : self.shell);
  const done: SysResult<never> = yield* sys.execve(shell, [shell.slice(shell.lastIndexOf('/') + 1)], env);
  if (!done.ok) yield* errOut(`${shell}: ${strerror(done.errno)}\n`);
  return done.ok ? 0 : done.errno === 'ENOENT' ? 127 : 126;
};

const getent: Command = function* ({ argv }) {
  const [, database = '', ...keys] = argv;
  if (argv.length < 2) {
    yield* errOut("getent: wrong number of arguments\nTry `getent --help' or `getent --usage' for more information.\n");
    return 1;
  }
  if (!['passwd', 'group', 'hosts', 'shadow'].includes(database)) {
    yield* errOut(`Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`);
    return 1;
  }
  const text = yield* readFile(`/etc/${database}`);
  const lines = text.ok
    ? textOf(text.value)
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
    : [];
  if (keys.length === 0) {
    yield* out(lines.map((line) => `${line}\n`).join(''));
    return 0;
  }
  // Of a host's addresses those of IPv6 are asked for first.
  if (database === 'hosts') lines.sort((a, b) => Number(b.includes(':')) - Number(a.includes(':')));
  for (const key of keys) {
    const found = lines.find((line) => {
      if (database === 'hosts') return line.split(/\s+/).includes(key);
      const fields = line.split(':');
      return fields[0] === key || (database !== 'shadow' && fields[2] === key);
    });
    if (found === undefined) return 2;
    yield* out(`${database === 'hosts' ? found.replace(/^(\S+)\s+/, (_, address: string) => address.padEnd(16)) : found}\n`);
  }
  return 0;
};

export const loginCommands = { login, newgrp, getent };
