// How much memory programs occupy. Deviates: no memory is simulated; the numbers are those of the real programs waiting for input.

import { inodeAt } from '../fs/index.ts';
import type { Task } from '../state.ts';
import { programId } from '../uapi/index.ts';
import type { View } from './view.ts';

/** KiB: all of it, writable data, code, libraries, resident pages of its own and of files. */
type Sizes = readonly [size: number, data: number, code: number, libraries: number, anonymous: number, file: number];

/** Debian's programs by their names, as /proc/PID/status showed them on a real kernel. */
const DEBIAN: Readonly<Record<string, Sizes>> = {
  awk: [3588, 304, 98, 1992, 144, 1668],
  base64: [2508, 224, 22, 1528, 108, 1388],
  bash: [3940, 304, 770, 1596, 252, 2696],
  cat: [2640, 360, 18, 1528, 100, 1292],
  cut: [2508, 224, 22, 1528, 100, 1264],
  dd: [2548, 224, 54, 1528, 104, 1388],
  diff: [2672, 288, 94, 1528, 108, 1452],
  flock: [2496, 224, 14, 1528, 96, 1428],
  fold: [2500, 224, 18, 1528, 96, 1256],
  grep: [3340, 292, 142, 1956, 136, 1660],
  gzip: [3220, 888, 58, 1528, 184, 1276],
  head: [2508, 224, 22, 1528, 100, 1296],
  ip: [4252, 588, 434, 1992, 232, 2080],
  md5sum: [2512, 224, 26, 1528, 104, 1308],
  more: [2724, 228, 30, 1596, 132, 1592],
  nl: [2572, 224, 78, 1528, 104, 1504],
  od: [2540, 224, 46, 1528, 100, 1424],
  paste: [2500, 224, 18, 1528, 100, 1376],
  ping: [4544, 248, 42, 1832, 156, 1868],
  ps: [8104, 2132, 63, 4108, 1976, 2236],
  rev: [2476, 224, 2, 1528, 108, 1416],
  sed: [3420, 240, 78, 2084, 140, 1812],
  sh: [2592, 232, 74, 1528, 104, 1536],
  sleep: [2500, 224, 17, 1528, 96, 1376],
  sort: [10896, 8548, 70, 1528, 104, 1456],
  split: [2656, 360, 30, 1528, 104, 1340],
  strace: [5048, 484, 634, 1740, 560, 3008],
  su: [4136, 436, 38, 2300, 308, 2380],
  tac: [2576, 232, 78, 1528, 100, 1500],
  tail: [2532, 224, 42, 1528, 104, 1236],
  tar: [3820, 256, 354, 2084, 156, 2168],
  tee: [2504, 224, 18, 1528, 104, 1436],
  timeout: [2508, 224, 22, 1528, 96, 1340],
  top: [8444, 2296, 78, 4108, 1976, 2872],
  tr: [2524, 232, 26, 1528, 104, 1336],
  uniq: [2508, 224, 22, 1528, 100, 1268],
  wc: [2512, 224, 26, 1528, 100, 1392],
  xargs: [2796, 488, 38, 1528, 112, 1472],
  yes: [2500, 224, 18, 1528, 108, 1184],
};
/** A small static program (busybox) and any other of Debian's. */
const STATIC: Sizes = [2580, 176, 1756, 8, 56, 1496];
const DYNAMIC: Sizes = DEBIAN.sh as Sizes;
const STACK = 132;
const PAGE = 4;
/** A part of a KiB that code has over. */
const REST = 512;

export interface Memory {
  readonly sizes: Sizes;
  /** Where its code begins and ends, as /proc/PID/maps has it. */
  readonly code: readonly [number, number];
}

export const STACK_START = 0x7ffc0001ff00;
const CODE_START = 0x401000;

export function memoryOf(view: View, task: Task): Memory {
  const head = task.exe && inodeAt(view.k, task.exe.at, view.viewer)?.file?.chunks.get(0);
  const id = (head && programId(head)) ?? '';
  const sizes = id.startsWith('gnu/') ? (DEBIAN[id.slice('gnu/'.length)] ?? DYNAMIC) : STATIC;
  return { sizes, code: [CODE_START, CODE_START + sizes[2] * 1024 + (id.startsWith('gnu/') ? REST : 0)] };
}

const kB = (label: string, value: number): string => `${label}:\t${String(value).padStart(8)} kB\n`;
const pages = (kib: number): number => Math.ceil(kib / PAGE);

/** The lines of /proc/PID/status. */
export function memoryText(view: View, task: Task): string {
  const [size, data, code, libraries, anonymous, file] = memoryOf(view, task).sizes;
  const resident = anonymous + file;
  const rows: readonly (readonly [string, number])[] = [
    ['VmPeak', size],
    ['VmSize', size],
    ['VmLck', 0],
    ['VmPin', 0],
    ['VmHWM', resident],
    ['VmRSS', resident],
    ['RssAnon', anonymous],
    ['RssFile', file],
    ['RssShmem', 0],
    ['VmData', data],
    ['VmStk', STACK],
    ['VmExe', pages(code) * PAGE],
    ['VmLib', libraries],
    ['VmPTE', 44],
    ['VmSwap', 0],
    ['HugetlbPages', 0],
  ];
  return rows.map(([label, value]) => kB(label, value)).join('');
}

/** /proc/PID/statm, in pages. */
export function statmText(view: View, task: Task): string {
  if (task.state === 'zombie') return '0 0 0 0 0 0 0\n';
  const [size, data, code, , anonymous, file] = memoryOf(view, task).sizes;
  return `${pages(size)} ${pages(anonymous + file)} ${pages(file)} ${pages(code)} 0 ${pages(data + STACK)} 0\n`;
}
