// ipcmk and ipcrm: make and remove System V objects. Counterpart: util-linux 2.38 ipcmk.c, ipcrm.c; busybox 1.35 ipcrm.c

import type { Errno } from '#abi/errno.ts';
import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Cli } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { KINDS, type Kind, objects } from './ipcTable.ts';

const CREATE = 0o1000;
const EXCLUSIVE = 0o2000;
const REMOVE = 0;
const call = (name: string, ...args: readonly number[]): Program<SysResult<number>> => sys.syscall(name, ...args);

const UNITS = 'KMGTPE';
/** A number of bytes with an optional suffix; undefined: it is none. Counterpart: strtosize */
function bytesOf(text: string): number | undefined {
  const [, digits, unit = '', decimal] = /^(\d+)(?:([KMGTPE])(?:iB|(B))?)?$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * (decimal === undefined ? 1024 : 1000) ** (unit === '' ? 0 : UNITS.indexOf(unit) + 1);
}

function* randomKey(): Program<number> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/urandom', O_RDONLY);
  if (!fd.ok) return 1;
  const bytes: SysResult<Uint8Array> = yield* sys.read(fd.value, 4);
  yield* sys.close(fd.value);
  return bytes.ok ? bytes.value.reduce((key, byte) => key * 256 + byte, 0) : 1;
}

export const ipcmk = command(function* (cli) {
  const options = yield* cli.options({
    busybox: false,
    gnu: 'QM:S:p:V',
    long: { 'shmem=': 'M', 'semaphore=': 'S', queue: 'Q', 'mode=': 'p' },
  });
  if (typeof options === 'number') return options;
  if (options.has('V') && cli.context.help?.version) return yield* cli.show(cli.context.help.version);
  const [size, number, modeText] = [options.get('M'), options.get('S'), options.get('p')];
  const bytes = size === undefined ? undefined : bytesOf(size);
  if (size !== undefined && bytes === undefined) return yield* cli.error(`failed to parse size: '${size}': Invalid argument`);
  const elements = number === undefined ? undefined : yield* cli.count(number, `failed to parse elements: '${number}'`);
  if (number !== undefined && elements === undefined) return 1;
  if (modeText !== undefined && !/^[0-7]+$/.test(modeText)) return yield* cli.error('failed to parse mode: Success');
  const mode = modeText === undefined ? 0o644 : Number.parseInt(modeText, 8);
  const wanted: readonly [Kind, number, string, string][] = [
    ...(bytes === undefined ? [] : [['shm', bytes, 'Shared memory id', 'create share memory failed'] as [Kind, number, string, string]]),
    ...(options.has('Q') ? [['msg', 0, 'Message queue id', 'create message queue failed'] as [Kind, number, string, string]] : []),
    ...(elements === undefined ? [] : [['sem', elements, 'Semaphore id', 'create semaphore failed'] as [Kind, number, string, string]]),
  ];
  if (wanted.length === 0) return yield* cli.misuse('bad usage');
  for (const [kind, amount, label, failure] of wanted) {
    const flags = CREATE | EXCLUSIVE | (mode & 0o777);
    const key = yield* randomKey();
    const made = kind === 'msg' ? yield* call('msgget', key, 0, flags) : yield* call(`${kind}get`, key, amount, flags);
    if (!made.ok) return yield* cli.fail(made.errno, failure);
    yield* cli.text(`${label}: ${made.value}\n`);
  }
  return yield* cli.finish();
});

const KIND: Readonly<Record<string, Kind>> = { m: 'shm', q: 'msg', s: 'sem' };
const LONG: Readonly<Record<Kind, string>> = { shm: 'shared memory segment', msg: 'message queue', sem: 'semaphore' };

/** What is wrong with an id or a key. */
function complaint(errno: Errno, isId: boolean, text: string): string {
  const what = isId ? 'id' : 'key';
  if (errno === 'EACCES' || errno === 'EPERM') return `permission denied for ${what} (${text})`;
  return `invalid ${what} (${text})`;
}

function* removeAll(cli: Cli, kinds: readonly Kind[], verbose: boolean): Program<number> {
  for (const kind of kinds)
    for (const { id } of yield* objects(kind)) {
      if (verbose) yield* cli.text(`removing ${LONG[kind]} id \`${id}'\n`);
      const gone = yield* call(`${kind}ctl`, id, REMOVE);
      if (!gone.ok) yield* cli.error(complaint(gone.errno, true, String(id)));
    }
  return yield* cli.finish();
}

/** ipcrm shm|msg|sem ID… */
function* oldStyle(cli: Cli, [word = '', ...ids]: readonly string[]): Program<number> {
  if (ids.length === 0) return yield* cli.misuse('not enough arguments');
  if (!(KINDS as readonly string[]).includes(word)) return yield* cli.misuse(`unknown argument: ${word}`);
  let bad = false;
  for (const text of ids) {
    const id = yield* cli.count(text, `failed to parse argument: '${text}'`);
    if (id === undefined) return 1;
    const gone = yield* call(`${word}ctl`, id, REMOVE);
    if (gone.ok) continue;
    bad = true;
    if (cli.gnu) yield* cli.error(complaint(gone.errno, true, text));
    else yield* cli.fail(gone.errno, `can't remove id ${text}`);
  }
  if (bad) return 1;
  if (cli.gnu) yield* cli.text('resource(s) deleted\n');
  return yield* cli.finish();
}

/** One of -m -q -s -M -Q -S; undefined: the program ends at once. */
function* removeOne(cli: Cli, letter: string, text: string, verbose: boolean): Program<boolean | undefined> {
  const kind = KIND[letter.toLowerCase()] as Kind;
  const isId = letter === letter.toLowerCase();
  const number = /^0x[0-9a-f]+$/i.test(text) && !isId ? Number.parseInt(text, 16) : /^\d+$/.test(text) ? Number(text) : undefined;
  if (number === undefined) {
    yield* cli.error(cli.gnu ? `failed to parse argument: '${text}'` : `invalid number '${text}'`);
    return undefined;
  }
  let id = number;
  if (!isId) {
    if (number === 0) {
      yield* cli.error(`illegal key (${text})`);
      return false;
    }
    const found = yield* kind === 'msg' ? call('msgget', number, 0, 0) : call(`${kind}get`, number, 0, 0);
    if (!found.ok) {
      yield* cli.error(complaint(found.errno, false, text));
      return false;
    }
    id = found.value;
  }
  if (verbose) yield* cli.text(`removing ${LONG[kind]} id \`${id}'\n`);
  const gone = yield* call(`${kind}ctl`, id, REMOVE);
  if (!gone.ok) yield* cli.error(complaint(gone.errno, isId, text));
  return gone.ok;
}

export const ipcrm = command(function* (cli) {
  const argv = cli.context.argv.slice(1);
  if (argv[0] !== undefined && !argv[0].startsWith('-'))
    return cli.gnu || (KINDS as readonly string[]).includes(argv[0]) ? yield* oldStyle(cli, argv) : yield* cli.usage();
  const options = yield* cli.options({
    busybox: 'm:M:q:Q:s:S:',
    gnu: 'm:M:q:Q:s:S:a::vV',
    long: {
      'shmem-id=': 'm',
      'shmem-key=': 'M',
      'queue-id=': 'q',
      'queue-key=': 'Q',
      'semaphore-id=': 's',
      'semaphore-key=': 'S',
      'all=?': 'a',
      verbose: 'v',
    },
  });
  if (typeof options === 'number') return options;
  if (options.has('V') && cli.context.help?.version) return yield* cli.show(cli.context.help.version);
  const verbose = options.has('v');
  let failed = 0;
  for (const { key, value } of options.list) {
    if (key === 'a') {
      if (value && !(KINDS as readonly string[]).includes(value)) return yield* cli.error(`unknown argument: ${value}`);
      continue;
    }
    if (key === 'v') continue;
    const gone = yield* removeOne(cli, key, value ?? '', verbose);
    if (gone === undefined) return 1;
    if (!gone) failed++;
  }
  const all = options.list.find(({ key }) => key === 'a');
  if (all !== undefined) yield* removeAll(cli, all.value ? [all.value as Kind] : ['shm', 'sem', 'msg'], verbose);
  return yield* cli.finish(cli.gnu ? Math.min(failed, 1) : failed);
});
