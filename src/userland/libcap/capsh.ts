// capsh: shows and changes capabilities, then runs a shell. Counterpart: capsh(1) of libcap 2.66

import { CAP_ALL, CAP_NONE, CAPABILITIES, type CapSet, capBit, capHas } from '#abi/capability.ts';
import { strerror } from '#abi/errno.ts';
import { SECBIT_KEEP_CAPS, SECBIT_NO_CAP_AMBIENT_RAISE, SECBIT_NO_SETUID_FIXUP, SECBIT_NOROOT } from '#abi/flags.ts';
import { type CapSets, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import type { Command } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { capFromText, capToText, iabToText, namesOf, parseNames } from './text.ts';

const LOCK = 2; // a securebit's lock is the bit to its left

function* caps(): Program<CapSets> {
  const got: SysResult<CapSets> = yield* sys.capget(0);
  return got.ok ? got.value : { effective: CAP_NONE, permitted: CAP_NONE, inheritable: CAP_NONE };
}

function* prctlSet(option: 'PR_CAPBSET_READ' | 'PR_CAP_AMBIENT_IS_SET'): Program<CapSet> {
  let set = CAP_NONE;
  for (const cap of CAPABILITIES) {
    const on: SysResult<number> = yield* sys.prctl({ option, cap: capBit(cap) });
    if (on.ok && on.value === 1) set |= 1n << BigInt(capBit(cap));
  }
  return set;
}

function* print(): Program<void> {
  const sets = yield* caps();
  const bounding = yield* prctlSet('PR_CAPBSET_READ');
  const ambient = yield* prctlSet('PR_CAP_AMBIENT_IS_SET');
  const secure: SysResult<number> = yield* sys.prctl({ option: 'PR_GET_SECUREBITS' });
  const nnp: SysResult<number> = yield* sys.prctl({ option: 'PR_GET_NO_NEW_PRIVS' });
  const bits = secure.ok ? secure.value : 0;
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  const list: SysResult<readonly number[]> = yield* sys.getgroups();
  const users = yield* passwdEntries();
  const groups = yield* groupEntries();
  const user = (uid: number): string => `${uid}(${users.find((entry) => entry.uid === uid)?.name ?? '???'})`;
  const group = (gid: number): string => `${gid}(${groups.find((entry) => entry.gid === gid)?.name ?? '???'})`;
  const [ruid, euid] = uids.ok ? uids.value : [0, 0];
  const flag = (name: string, bit: number): string =>
    ` ${name}: ${bits & bit ? 'yes' : 'no'} (${bits & (bit * LOCK) ? 'locked' : 'unlocked'})\n`;
  const binary = bits.toString(2);
  yield* out(
    `Current: ${capToText(sets)}\nBounding set =${namesOf(bounding)}\nAmbient set =${namesOf(ambient)}\n` +
      `Current IAB: ${iabToText(sets.inheritable, ambient, bounding)}\n` +
      `Securebits: 0${bits.toString(8)}/0x${bits.toString(16)}/${binary.length}'b${binary} (no-new-privs=${nnp.ok ? nnp.value : 0})\n` +
      flag('secure-noroot', SECBIT_NOROOT) +
      flag('secure-no-suid-fixup', SECBIT_NO_SETUID_FIXUP) +
      flag('secure-keep-caps', SECBIT_KEEP_CAPS) +
      flag('secure-no-ambient-raise', SECBIT_NO_CAP_AMBIENT_RAISE) +
      `uid=${user(ruid)} euid=${user(euid)}\ngid=${group(gids.ok ? gids.value[0] : 0)}\n` +
      `groups=${(list.ok ? list.value : []).map(group).join(',')}\nGuessed mode: ${bits === 0 ? 'HYBRID (4)' : 'UNCERTAIN (0)'}\n`,
  );
}

/** Runs one action with some capabilities effective for its time, as capsh does. */
function* withEffective(need: CapSet, action: () => Program<SysResult<unknown>>): Program<SysResult<unknown>> {
  const before = yield* caps();
  const raised: SysResult<void> = yield* sys.capset({ ...before, effective: before.effective | need });
  if (!raised.ok) return raised;
  const result = yield* action();
  const now = yield* caps();
  yield* sys.capset({ ...now, effective: before.effective & now.permitted });
  return result;
}

const SETPCAP: CapSet = 1n << BigInt(capBit('CAP_SETPCAP'));
const SETUID: CapSet = 1n << BigInt(capBit('CAP_SETUID'));
const SETGID: CapSet = 1n << BigInt(capBit('CAP_SETGID'));

/** One `--option=value`; undefined: done; a number: exit with this status. */
function* option(arg: string): Program<number | undefined> {
  const [name = '', value = ''] = arg.split(/=(.*)/s);
  const fail = function* (text: string): Program<number> {
    yield* errOut(`${text}\n`);
    return 1;
  };
  if (name === '--print') return void (yield* print());
  if (name === '--decode') {
    const set = BigInt(`0x${value.replace(/^0x/, '') || '0'}`);
    return void (yield* out(`0x${set.toString(16).padStart(16, '0')}=${namesOf(set)}\n`));
  }
  if (name === '--supports') return parseNames(value) === undefined ? yield* fail(`cap[${value}] not recognized by library`) : undefined;
  if (name === '--drop') {
    const set = parseNames(value);
    if (set === undefined) return yield* fail(`capability [${value}] is unknown to libcap`);
    const allowed = yield* withEffective(SETPCAP, () => sys.prctl({ option: 'PR_GET_SECUREBITS' }));
    if (!allowed.ok) return yield* fail(`unable to raise CAP_SETPCAP for BSET changes: ${strerror(allowed.errno)}`);
    for (const cap of CAPABILITIES.filter((one) => capHas(set & CAP_ALL, one))) {
      const result = yield* withEffective(SETPCAP, () => sys.prctl({ option: 'PR_CAPBSET_DROP', cap: capBit(cap) }));
      if (!result.ok) return yield* fail(`failed to drop [${cap.toLowerCase()}=${capBit(cap)}]`);
    }
    return undefined;
  }
  if (name === '--caps' || name === '--inh') {
    const now = yield* caps();
    const names = parseNames(value);
    const sets = name === '--caps' ? capFromText(value) : names === undefined ? undefined : { ...now, inheritable: names };
    if (sets === undefined) return yield* fail(`unable to interpret [${value}]`);
    const result: SysResult<void> = yield* sys.capset(sets);
    return result.ok ? undefined : yield* fail(`Unable to set capabilities [${arg}]`);
  }
  if (name === '--addamb' || name === '--delamb') {
    const set = parseNames(value);
    if (set === undefined) return yield* fail(`capability [${value}] is unknown to libcap`);
    for (const cap of CAPABILITIES.filter((one) => capHas(set, one))) {
      const result: SysResult<number> = yield* sys.prctl({
        option: name === '--addamb' ? 'PR_CAP_AMBIENT_RAISE' : 'PR_CAP_AMBIENT_LOWER',
        cap: capBit(cap),
      });
      if (!result.ok)
        return yield* fail(
          `failed to ${name === '--addamb' ? 'add' : 'delete'} [${cap.toLowerCase()}] ${name === '--addamb' ? 'to' : 'from'} ambient set: ${strerror(result.errno)}`,
        );
    }
    return undefined;
  }
  if (name === '--noamb') return void (yield* sys.prctl({ option: 'PR_CAP_AMBIENT_CLEAR_ALL' }));
  if (name === '--no-new-privs') return void (yield* sys.prctl({ option: 'PR_SET_NO_NEW_PRIVS' }));
  if (name === '--keep') return void (yield* sys.prctl({ option: 'PR_SET_KEEPCAPS', value: value === '1' }));
  if (name === '--secbits') {
    const result = yield* withEffective(SETPCAP, () => sys.prctl({ option: 'PR_SET_SECUREBITS', bits: Number(value) }));
    return result.ok ? undefined : yield* fail(`failed to set securebits to 0${Number(value).toString(8)}/0x${Number(value).toString(16)}`);
  }
  if (name === '--uid' || name === '--gid') {
    const id = Number(value);
    const result = yield* withEffective(name === '--uid' ? SETUID : SETGID, () => (name === '--uid' ? sys.setuid(id) : sys.setgid(id)));
    return result.ok ? undefined : yield* fail(`Failed to set ${name.slice(2)}=${value}: ${strerror(result.errno)}`);
  }
  if (name === '--groups') {
    const result = yield* withEffective(SETGID, () => sys.setgroups(value === '' ? [] : value.split(',').map(Number)));
    return result.ok ? undefined : yield* fail(`Failed to set ${value.split(',').length} group(s).`);
  }
  if (name === '--user') {
    const entry = (yield* passwdEntries()).find((one) => one.name === value);
    if (entry === undefined) return yield* fail(`User [${value}] not known`);
    const groups = (yield* groupEntries()).filter((one) => one.members.includes(value)).map((one) => one.gid);
    yield* sys.prctl({ option: 'PR_SET_KEEPCAPS', value: true });
    const result = yield* withEffective(SETUID | SETGID, function* () {
      const set: SysResult<void> = yield* sys.setgroups([entry.gid, ...groups]);
      if (!set.ok) return set;
      const gid: SysResult<void> = yield* sys.setgid(entry.gid);
      return gid.ok ? yield* sys.setuid(entry.uid) : gid;
    });
    return result.ok ? undefined : yield* fail(`Unable to set group list for user: ${strerror(result.errno)}`);
  }
  if (name === '--has-p' || name === '--has-i' || name === '--has-b' || name === '--has-a') {
    const set = parseNames(value);
    if (set === undefined) return yield* fail(`cap[${value}] not recognized by library`);
    const sets = yield* caps();
    const own =
      name === '--has-p'
        ? sets.permitted
        : name === '--has-i'
          ? sets.inheritable
          : yield* prctlSet(name === '--has-b' ? 'PR_CAPBSET_READ' : 'PR_CAP_AMBIENT_IS_SET');
    return (own & set) === set ? undefined : yield* fail(`cap[${value.toLowerCase()}] not ${name === '--has-p' ? 'permitted' : 'set'}`);
  }
  return yield* fail(
    `capsh: ${name}: not simulated here (supported: --print --decode --drop --caps --inh --addamb --delamb --noamb --keep --secbits --user --uid --gid --groups --has-p --has-i --has-b --has-a --no-new-privs --supports)`,
  );
}

export const capsh: Command = function* ({ argv, env }) {
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '--' || arg === '==') {
      const shell = arg === '--' ? '/bin/bash' : '/proc/self/exe';
      const failed: SysResult<never> = yield* sys.execve(shell, [arg === '--' ? shell : 'capsh', ...argv.slice(at + 1)], env);
      if (!failed.ok) yield* errOut(`execve '${shell}' failed!\n`);
      return 1;
    }
    const status = yield* option(arg);
    if (status !== undefined) return status;
  }
  return 0;
};
