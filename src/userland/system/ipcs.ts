// ipcs: System V objects. Counterpart: util-linux 2.38 ipcs.c, busybox 1.35 ipcs.c
// Deviates: nothing has contents or attachments here, so that those columns are zero.

import type { Program } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { slurp } from '../lib/lines.ts';
import { type Entry, KINDS, type Kind, longTime, type Names, names, objects, readable, shortTime } from './ipcTable.ts';

type Format = 'list' | 'creators' | 'times' | 'pids' | 'limits' | 'status';
const LETTERS: Readonly<Record<string, Format>> = { t: 'times', p: 'pids', c: 'creators', l: 'limits', u: 'status' };
const KIND: Readonly<Record<string, Kind>> = { q: 'msg', m: 'shm', s: 'sem' };
const PAGE = 4096;

const cells = (...values: readonly (string | number)[]): string => values.map((value) => String(value).padEnd(10)).join(' ');
const octal = (mode: number): string => mode.toString(8);

/** Title and head of a table; the two programs differ in some. */
function head(kind: Kind, format: Format, gnu: boolean): string {
  const title = (text: string): string => `------ ${text} --------\n`;
  const idOf = { msg: 'msqid', shm: 'shmid', sem: 'semid' }[kind];
  switch (format) {
    case 'list':
      if (kind === 'msg') return `${title('Message Queues')}key        msqid      owner      perms      used-bytes   messages    \n`;
      if (kind === 'shm')
        return `${title('Shared Memory Segments')}key        shmid      owner      perms      bytes      nattch     status      \n`;
      return `${title('Semaphore Arrays')}key        semid      owner      perms      nsems     \n`;
    case 'creators': {
      const what = { msg: gnu ? 'Message Queues' : 'Message Queues:', shm: 'Shared Memory Segment', sem: 'Semaphore Arrays' }[kind];
      return `${title(`${what} Creators/Owners`)}${cells(idOf, 'perms', 'cuid', 'cgid', 'uid', 'gid')}\n`;
    }
    case 'times':
      if (kind === 'msg')
        return `${title('Message Queues Send/Recv/Change Times')}msqid    owner      send                 recv                 change              \n`;
      if (kind === 'shm')
        return `${title('Shared Memory Attach/Detach/Change Times')}shmid      owner      attached             detached             changed             \n`;
      return gnu
        ? `${title('Semaphore Operation/Change Times')}semid    owner      last-op                    last-changed              \n`
        : `${title('Shared Memory Operation/Change Times')}shmid    owner      last-op                    last-changed              \n`;
    case 'pids':
      if (kind === 'sem') return '';
      return kind === 'msg'
        ? `${title('Message Queues PIDs')}${cells('msqid', 'owner', 'lspid', 'lrpid')}\n`
        : `${title(`Shared Memory Creator/Last-op${gnu ? ' PIDs' : ''}`)}${cells('shmid', 'owner', 'cpid', 'lpid')}\n`;
    default:
      return '';
  }
}

function row(kind: Kind, format: Format, one: Entry, who: Names, human: boolean): string {
  const owner = who.user(one.uid);
  switch (format) {
    case 'creators':
      return `${cells(one.id, octal(one.mode), who.user(one.cuid), who.group(one.cgid), owner, who.group(one.gid))}\n`;
    case 'times':
      if (kind === 'sem') return `${String(one.id).padEnd(8)} ${owner.padEnd(10)}  ${longTime(0)} ${longTime(one.ctime)}\n`;
      return `${String(one.id).padEnd(kind === 'msg' ? 8 : 10)} ${owner.padEnd(10)} ${shortTime(0)} ${shortTime(0)} ${shortTime(one.ctime)}\n`;
    case 'pids':
      if (kind === 'sem') return '';
      return kind === 'msg'
        ? `${String(one.id).padEnd(8)} ${owner.padEnd(10)}  ${'0'.padStart(5)}     ${'0'.padStart(5)}\n`
        : `${cells(one.id, owner, one.cpid, 0)}\n`;
    default: {
      const start = `0x${one.key.toString(16).padStart(8, '0')} ${cells(one.id, owner, octal(one.mode))}`;
      if (kind === 'msg') return `${start} ${'0'.padEnd(12)} ${'0'.padEnd(12)}\n`;
      if (kind === 'sem') return `${start} ${String(one.size).padEnd(10)}\n`;
      const size = human ? `${inUnits(one.size).padStart(6)}    ` : String(one.size).padEnd(10);
      return `${start} ${size} ${'0'.padEnd(10)} ${''.padEnd(6)} ${''.padEnd(6)}\n`;
    }
  }
}

/** Counterpart: size_to_human_string with one letter */
function inUnits(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1024; unit++) value /= 1024;
  return `${unit > 0 && value % 1 !== 0 ? value.toFixed(1) : Math.floor(value)}${'BKMGTPE'[unit]}`;
}

function* sysctl(name: string): Program<string> {
  const text = yield* slurp(`/proc/sys/kernel/${name}`);
  return text.ok ? text.value.trim() : '0';
}

const ALL_BYTES = 2n ** 64n - 1n;

function* limits(kind: Kind, gnu: boolean): Program<string> {
  if (kind === 'msg') {
    const title = gnu ? 'Messages Limits' : 'Messages: Limits';
    return `------ ${title} --------\nmax queues system wide = ${yield* sysctl('msgmni')}\nmax size of message (bytes) = ${yield* sysctl('msgmax')}\ndefault max size of queue (bytes) = ${yield* sysctl('msgmnb')}\n`;
  }
  if (kind === 'sem') {
    const [perArray, all, ops, arrays] = (yield* sysctl('sem')).split(/\s+/);
    return `------ Semaphore Limits --------\nmax number of arrays = ${arrays}\nmax semaphores per array = ${perArray}\nmax semaphores system wide = ${all}\nmax ops per semop call = ${ops}\nsemaphore max value = 32767\n`;
  }
  const pages = BigInt(yield* sysctl('shmall'));
  const kilobytes = pages * 4n > ALL_BYTES ? ALL_BYTES - (ALL_BYTES % 4n) : pages * 4n;
  const total = gnu ? `(kbytes) = ${kilobytes}` : `(pages) = ${pages}`;
  const largest = BigInt(yield* sysctl('shmmax')) / 1024n;
  return `------ Shared Memory Limits --------\nmax number of segments = ${yield* sysctl('shmmni')}\nmax seg size (kbytes) = ${largest}\nmax total shared memory ${total}\nmin seg size (bytes) = 1\n`;
}

function status(kind: Kind, all: readonly Entry[], gnu: boolean): string {
  const sum = (of: (one: Entry) => number): number => all.reduce((total, one) => total + of(one), 0);
  if (kind === 'msg')
    return `------ ${gnu ? 'Messages Status' : 'Messages: Status'} --------\nallocated queues = ${all.length}\nused headers = 0\nused space = 0 bytes\n`;
  if (kind === 'sem')
    return `------ Semaphore Status --------\nused arrays = ${all.length}\nallocated semaphores = ${sum(({ size }) => size)}\n`;
  const pages = sum(({ size }) => Math.ceil(size / PAGE));
  return `------ Shared Memory Status --------\nsegments allocated ${all.length}\npages allocated ${pages}\npages resident  0\npages swapped   0\nSwap performance: 0 attempts\t${gnu ? ' ' : ''}0 successes\n`;
}

/** One object in all detail. */
function detail(kind: Kind, one: Entry): string {
  const ids = (gap: string): string => `uid=${one.uid}\t${gap}gid=${one.gid}\t${gap}cuid=${one.cuid}\t${gap}cgid=${one.cgid}`;
  const mode = `mode=${one.mode.toString(8).padStart(4, '0')}`;
  if (kind === 'shm')
    return `\nShared memory Segment shmid=${one.id}\n${ids('')}\n${mode}\taccess_perms=${one.mode.toString(8).padStart(4, '0')}\nbytes=${one.size}\tlpid=0\tcpid=${one.cpid}\tnattch=0\natt_time=${longTime(0)}\ndet_time=${longTime(0)}\nchange_time=${longTime(one.ctime)}\n\n`;
  if (kind === 'msg')
    return `\nMessage Queue msqid=${one.id}\n${ids('')}\t${mode}\ncbytes=0\tqbytes=16384\tqnum=0\tlspid=0\tlrpid=0\nsend_time=${longTime(0)}\nrcv_time=${longTime(0)}\nchange_time=${longTime(one.ctime)}\n\n`;
  const lines = Array.from({ length: one.size }, (_, n) => `${cells(n, 0, 0, 0, 0)}\n`).join('');
  return `\nSemaphore Array semid=${one.id}\n${ids(' ')}\n${mode}, access_perms=${one.mode.toString(8).padStart(4, '0')}\nnsems = ${one.size}\notime = ${longTime(0)}\nctime = ${longTime(one.ctime)}\n${cells('semnum', 'value', 'ncount', 'zcount', 'pid')}\n${lines}\n`;
}

/** The object that -i names. */
function* byId(cli: Cli, options: Options, kinds: readonly Kind[]): Program<number> {
  const text = options.get('i') ?? '';
  const id = yield* cli.count(text, `failed to parse id argument: '${text}'`);
  if (id === undefined) return 1;
  if (kinds.length !== 1 && (cli.gnu || kinds.length === 0))
    return cli.gnu ? yield* cli.error('when using an ID, a single resource must be specified') : yield* cli.usage();
  // busybox looks for them in this order.
  const kind = (['shm', 'msg', 'sem'] as const).find((one) => kinds.includes(one)) as Kind;
  const found = (yield* objects(kind)).find((one) => one.id === id);
  if (found === undefined || (!cli.gnu && !(yield* readable(kind, id)))) {
    yield* cli.error(cli.gnu ? `id ${id} not found` : `${kind}ctl: ${found === undefined ? 'Invalid argument' : 'Permission denied'}`);
    return 0;
  }
  yield* cli.text(detail(kind, found));
  return yield* cli.finish(0);
}

export const ipcs = command(function* (cli) {
  const options = yield* cli.options({
    busybox: 'i:aqmstcplu',
    gnu: 'i:aqmstcplubV',
    long: {
      'id=': 'i',
      shmems: 'm',
      queues: 'q',
      semaphores: 's',
      all: 'a',
      time: 't',
      pid: 'p',
      creator: 'c',
      limits: 'l',
      summary: 'u',
      human: 'H',
      bytes: 'b',
    },
  });
  if (typeof options === 'number') return options;
  if (options.has('V') && cli.context.help?.version) return yield* cli.show(cli.context.help.version);
  const asked = Object.keys(KIND)
    .filter((letter) => options.has(letter))
    .map((letter) => KIND[letter] as Kind);
  if (options.has('i')) return yield* byId(cli, options, asked);
  const wanted = options.has('a') || asked.length === 0 ? KINDS : KINDS.filter((kind) => asked.includes(kind));
  const last = cli.gnu ? options.last(...Object.keys(LETTERS)) : ['l', 'u', 'p', 't', 'c'].find((letter) => options.has(letter));
  const format: Format = last === undefined ? 'list' : (LETTERS[last] as Format);
  const who = yield* names();
  yield* cli.text('\n');
  for (const kind of wanted) {
    if (format === 'limits') yield* cli.text(yield* limits(kind, cli.gnu));
    else {
      const all: Entry[] = [];
      // util-linux reads /proc; busybox asks for each object, and leaves out what it may not read.
      for (const one of yield* objects(kind)) if (cli.gnu || (yield* readable(kind, one.id))) all.push(one);
      if (format === 'status') yield* cli.text(status(kind, all, cli.gnu));
      else {
        const title = head(kind, format, cli.gnu);
        yield* cli.text(options.has('H') && kind === 'shm' ? title.replace('bytes ', 'size  ') : title);
        for (const one of all) yield* cli.text(row(kind, format, one, who, options.has('H')));
      }
    }
    yield* cli.text('\n');
  }
  return yield* cli.finish();
});
