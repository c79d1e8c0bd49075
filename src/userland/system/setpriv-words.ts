// The words of setpriv's options, looked up before anything is changed. Counterpart: setpriv(1), util-linux 2.38

import { CAPABILITIES, type Capability, capBit } from '#abi/capability.ts';
import { signalNumber } from '#abi/signal.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { groupEntries, passwdEntries } from '../lib/accounts.ts';
import type { Options } from '../lib/cli.ts';

const SECUREBITS: Readonly<Record<string, number>> = {
  noroot: 1,
  noroot_locked: 2,
  no_setuid_fixup: 4,
  no_setuid_fixup_locked: 8,
  keep_caps_locked: 32,
};
/** The bits that are set, as --dump prints them. */
export const secureBitNames = (bits: number): string =>
  Object.entries(SECUREBITS)
    .filter(([, bit]) => bits & bit)
    .map(([name]) => name)
    .join(',') || '[none]';

/** What is asked of the process, all names looked up. */
export interface Wanted {
  readonly ids: Readonly<Record<'ruid' | 'euid' | 'rgid' | 'egid', number | undefined>>;
  /** undefined: they stay. */
  readonly groups: readonly number[] | undefined;
  readonly securebits: number | undefined;
  readonly deathSignal: number | undefined;
}

/** A complaint without the program's name. */
interface Wrong {
  readonly complaint: string;
}

/** Capabilities with + or -, in the order given. Counterpart: do_caps */
export function capChanges(list: string): readonly { readonly add: boolean; readonly bits: readonly number[] }[] | Wrong {
  const changes: { add: boolean; bits: number[] }[] = [];
  for (const item of list.split(',').filter((part) => part !== '')) {
    const name = item.slice(1);
    if (!/^[+-]/.test(item)) return { complaint: 'bad capability string' };
    const number = /^cap_(\d+)$/.exec(name)?.[1];
    const bits =
      name === 'all'
        ? CAPABILITIES.map(capBit)
        : number === undefined
          ? CAPABILITIES.filter((cap: Capability) => cap.toLowerCase() === `cap_${name}`).map(capBit)
          : [Number(number)].filter((bit) => bit < CAPABILITIES.length);
    if (bits.length === 0) return { complaint: `unknown capability "${name}"` };
    changes.push({ add: item.startsWith('+'), bits });
  }
  return changes.length === 0 ? { complaint: 'bad capability string' } : changes;
}

function* idOf(option: string, text: string): Program<number | Wrong> {
  const list = option.endsWith('uid') ? yield* passwdEntries() : yield* groupEntries();
  const named = list.find((one) => one.name === text);
  if (named !== undefined) return 'uid' in named ? named.uid : named.gid;
  return /^-?\d+$/.test(text) ? Number(BigInt.asUintN(32, BigInt(text))) : { complaint: `failed to parse ${option}: '${text}'` };
}

function* supplementary(options: Options, ruid: number | undefined): Program<readonly number[] | undefined | Wrong> {
  if (options.has('clear-groups')) return [];
  const list = options.get('groups');
  if (list !== undefined) {
    const groups = yield* groupEntries();
    const gids: number[] = [];
    for (const text of list.split(',')) {
      const gid = groups.find((one) => one.name === text)?.gid ?? (/^\d+$/.test(text) ? Number(text) : undefined);
      if (gid === undefined) return { complaint: `Invalid supplementary group id: '${text}'` };
      gids.push(gid);
    }
    return gids;
  }
  if (!options.has('init-groups')) return undefined;
  if (ruid === undefined) return { complaint: '--init-groups requires --ruid or --reuid' };
  const user = (yield* passwdEntries()).find((one) => one.uid === ruid);
  if (user === undefined) return { complaint: `uid ${ruid} not found, --init-groups requires an user that can be found on the system` };
  const own = (yield* groupEntries()).filter((group) => group.members.includes(user.name)).map((group) => group.gid);
  return [...new Set([user.gid, ...own])];
}

function secureBits(text: string, now: number): number | Wrong {
  let bits = now;
  for (const item of text.split(',')) {
    const name = item.slice(1);
    if (!/^[+-]/.test(item)) return { complaint: 'bad securebits string' };
    if (name === 'keep_caps') return { complaint: 'adjusting keep_caps does not make sense' };
    if (item === '+all') return { complaint: '+all securebits is not allowed' };
    const bit = item === '-all' ? 0xff : SECUREBITS[name];
    if (bit === undefined) return { complaint: 'unrecognized securebit' };
    bits = item.startsWith('+') ? bits | bit : bits & ~bit;
  }
  return bits;
}

/** Looks up and checks everything before anything is changed. */
export function* readWanted(options: Options): Program<Wanted | Wrong> {
  const ids: Record<string, number | undefined> = { ruid: undefined, euid: undefined, rgid: undefined, egid: undefined };
  for (const { key, value } of options.list) {
    const targets = { reuid: ['ruid', 'euid'], regid: ['rgid', 'egid'] }[key] ?? (key in ids ? [key] : []);
    const twice = targets.find((target) => ids[target] !== undefined);
    if (twice !== undefined) return { complaint: `duplicate ${twice === 'ruid' || twice === 'euid' ? twice : key}` };
    const id = targets.length === 0 ? undefined : yield* idOf(key, value);
    if (typeof id === 'object') return id;
    for (const target of targets) ids[target] = id;
  }
  for (const [key, shown] of [
    ['nnp', '--no-new-privs'],
    ...['groups', 'inh-caps', 'ambient-caps', 'bounding-set', 'securebits'].map((name) => [name, `--${name}`] as const),
  ] as const)
    if (options.list.filter((option) => option.key === key).length > 1) return { complaint: `duplicate ${shown} option` };
  const modes = ['clear-groups', 'keep-groups', 'init-groups', 'groups'].filter((mode) => options.has(mode));
  if (modes.length > 1) return { complaint: 'mutually exclusive arguments: --clear-groups --keep-groups --init-groups --groups' };
  if (options.args.length === 0) return { complaint: 'No program specified' };
  if ((ids.rgid !== undefined || ids.egid !== undefined) && modes.length === 0)
    return { complaint: '--[re]gid requires --keep-groups, --clear-groups, --init-groups, or --groups' };
  const groups = yield* supplementary(options, ids.ruid);
  if (groups !== undefined && 'complaint' in groups) return groups;
  for (const name of ['inh-caps', 'ambient-caps', 'bounding-set']) {
    const list = options.get(name);
    const changes = list === undefined ? [] : capChanges(list);
    if ('complaint' in changes) return changes;
  }
  const now: SysResult<number> = yield* sys.prctl({ option: 'PR_GET_SECUREBITS' });
  const bitText = options.get('securebits');
  const securebits = bitText === undefined ? undefined : secureBits(bitText, now.ok ? now.value : 0);
  if (typeof securebits === 'object') return securebits;
  const signal = options.get('pdeathsig');
  const deathSignal = signal === undefined || signal === 'keep' ? undefined : signal === 'clear' ? 0 : signalNumber(signal);
  if (signal !== undefined && signal !== 'keep' && deathSignal === undefined) return { complaint: `unknown signal: ${signal}` };
  return { ids: ids as Wanted['ids'], groups, securebits, deathSignal };
}
