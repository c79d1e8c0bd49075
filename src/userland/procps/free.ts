// free. Counterpart: procps 4.0 free(1); busybox 1.35 procps/free.c

import { command } from '../lib/command-line.ts';
import { errOut } from '../lib/io.ts';
import { humanBusybox } from '../lib/size.ts';
import { memory } from './machine.ts';

const USAGE = `
Usage:
 free [options]

Options:
 -b, --bytes         show output in bytes
     --kilo          show output in kilobytes
     --mega          show output in megabytes
     --giga          show output in gigabytes
     --tera          show output in terabytes
     --peta          show output in petabytes
 -k, --kibi          show output in kibibytes
 -m, --mebi          show output in mebibytes
 -g, --gibi          show output in gibibytes
     --tebi          show output in tebibytes
     --pebi          show output in pebibytes
 -h, --human         show human-readable output
     --si            use powers of 1000 not 1024
 -l, --lohi          show detailed low and high memory statistics
 -t, --total         show total for RAM + swap
 -v, --committed     show committed memory and commit limit
 -s N, --seconds N   repeat printing every N seconds
 -c N, --count N     repeat printing N times, then exit
 -w, --wide          wide output

     --help     display this help and exit
 -V, --version  output version information and exit

For more details see free(1).
`;

const POWERS: Readonly<Record<string, readonly [base: number, power: number]>> = {
  b: [1, 0],
  k: [1024, 1],
  m: [1024, 2],
  g: [1024, 3],
  tebi: [1024, 4],
  pebi: [1024, 5],
  kilo: [1000, 1],
  mega: [1000, 2],
  giga: [1000, 3],
  tera: [1000, 4],
  peta: [1000, 5],
};

/** The shortest of `999B`, `9.9Gi`, `999Gi` that has five letters at most. Counterpart: scale_size of procps */
export function humanProcps(bytes: number, si: boolean): string {
  const base = si ? 1000 : 1024;
  const tail = si ? '' : 'i';
  if (String(bytes).length <= 4) return `${bytes}B`;
  let value = bytes;
  for (const unit of 'KMGTPE') {
    value /= base;
    const fine = `${value.toFixed(1)}${unit}${tail}`;
    if (fine.length <= 5 - (si ? 1 : 0)) return fine;
    const coarse = `${Math.floor(value)}${unit}${tail}`;
    if (coarse.length <= 5 - (si ? 1 : 0)) return coarse;
  }
  return String(bytes);
}

/** Deviates: -s and -c print once. */
export const free = command(function* (cli) {
  const long = {
    bytes: 'b',
    kibi: 'k',
    mebi: 'm',
    gibi: 'g',
    tebi: 'tebi',
    pebi: 'pebi',
    kilo: 'kilo',
    mega: 'mega',
    giga: 'giga',
    tera: 'tera',
    peta: 'peta',
    human: 'h',
    si: 'si',
    lohi: 'l',
    total: 't',
    wide: 'w',
    'seconds=': 's',
    'count=': 'c',
  };
  if (!cli.gnu && cli.context.argv.length > 1 && !/^-[bkmgh]$/.test(cli.context.argv[1] as string)) return yield* cli.usage();
  const options = yield* cli.options({ busybox: 'bkmgh', gnu: 'bkmghltwc:s:', long, hint: () => USAGE });
  if (typeof options === 'number') return options;
  if (options.has('s') || options.has('c')) return yield* cli.error('repeating (-s, -c) is not simulated here');
  if (options.args.length > 0) {
    yield* errOut(USAGE);
    return 1;
  }
  const of = yield* memory();
  const cache = of('Cached') + of('SReclaimable');
  const total = of('MemTotal');
  const available = of('MemAvailable');
  const buffcache = of('Buffers') + cache;
  const used = cli.gnu ? total - available : total - of('MemFree') - buffcache;
  const unit = options.last('h', ...Object.keys(POWERS)) ?? 'k';
  const [base, power] = POWERS[unit] ?? [1024, 1];
  const show = (kib: number): string => {
    if (unit === 'h') return cli.gnu ? humanProcps(kib * 1024, options.has('si')) : humanBusybox(kib * 1024);
    const value = (kib * 1024) / (options.has('si') && base === 1024 ? 1000 : base) ** power;
    return String(cli.gnu ? Math.floor(value) : Math.round(value));
  };
  const row = (name: string, values: readonly number[]): string =>
    `${name}${values.map((kib, at) => show(kib).padStart(at === 0 ? (cli.gnu ? 20 : 19) - name.length : 12)).join('')}\n`;
  const wide = options.has('w');
  const heads = ['total', 'used', 'free', 'shared', ...(wide ? ['buffers', 'cache'] : ['buff/cache']), 'available'];
  yield* cli.text(`${heads.map((head, at) => head.padStart(at === 0 ? (cli.gnu ? 20 : 19) : 12)).join('')}\n`);
  yield* cli.text(row('Mem:', [total, used, of('MemFree'), of('Shmem'), ...(wide ? [of('Buffers'), cache] : [buffcache]), available]));
  if (options.has('l')) yield* cli.text(row('Low:', [total, total - of('MemFree'), of('MemFree')]) + row('High:', [0, 0, 0]));
  const swap = [of('SwapTotal'), of('SwapTotal') - of('SwapFree'), of('SwapFree')] as const;
  yield* cli.text(row('Swap:', swap));
  if (options.has('t')) yield* cli.text(row('Total:', [total + swap[0], used + swap[1], of('MemFree') + swap[2]]));
  return yield* cli.finish();
});
