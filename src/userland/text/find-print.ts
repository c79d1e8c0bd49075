// How find shows a file: -ls and -printf.

import { AT_FDCWD } from '#abi/flags.ts';
import { isBlk, isChr, isLnk, isReg, major, minor, modeString } from '#abi/mode.ts';
import type { Program, Stat, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { secondsOf, strftime } from '../lib/time.ts';
import { baseName, dirName, type Owners } from '../lib/tree.ts';

export interface Visit {
  readonly path: string;
  readonly depth: number;
  readonly stat: Stat;
  readonly root: string;
  prune: boolean;
}

/** The line of -ls. */
export function* longLine(v: Visit, owners: Owners): Program<string> {
  const s = v.stat;
  const user = (yield* owners.user(s.uid)) ?? String(s.uid);
  const group = (yield* owners.group(s.gid)) ?? String(s.gid);
  const target: SysResult<string> | undefined = isLnk(s.mode) ? yield* sys.readlinkat(AT_FDCWD, v.path) : undefined;
  const size =
    isChr(s.mode) || isBlk(s.mode)
      ? `${String(major(s.rdev)).padStart(3)}, ${String(minor(s.rdev)).padStart(3)}`
      : String(s.size).padStart(8);
  return `${String(s.ino).padStart(9)} ${String(Math.floor(s.blocks / 2)).padStart(6)} ${modeString(s.mode)} ${String(s.nlink).padStart(3)} ${user.padEnd(8)} ${group.padEnd(8)} ${size} ${strftime('%b %e %H:%M', s.mtime)} ${v.path}${target?.ok ? ` -> ${target.value}` : ''}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  '\\': '\\',
  a: '\x07',
  b: '\b',
  f: '\f',
  r: '\r',
  v: '\v',
  '0': '\0',
};

/** Counterpart: -printf of findutils */
export function* printf(format: string, v: Visit, owners: Owners): Program<string> {
  const s = v.stat;
  let result = '';
  let at = 0;
  for (const match of format.matchAll(/\\([\s\S])|%([-0 ]*)(\d*)(?:\.\d+)?([ACT]?)([a-zA-Z%@+])/g)) {
    result += format.slice(at, match.index);
    at = match.index + match[0].length;
    if (match[1] !== undefined) {
      result += ESCAPES[match[1]] ?? match[0];
      continue;
    }
    const letter = match[5] as string;
    let text: string;
    if (match[4]) {
      const when = match[4] === 'A' ? s.atime : match[4] === 'C' ? s.ctime : s.mtime;
      text =
        letter === '@'
          ? `${secondsOf(when)}.${strftime('%N', when)}0`
          : letter === '+'
            ? strftime('%Y-%m-%d+%H:%M:%S.%N', when)
            : strftime(`%${letter}`, when);
    } else {
      switch (letter) {
        case 'p':
          text = v.path;
          break;
        case 'f':
          text = baseName(v.path);
          break;
        case 'h':
          text = dirName(v.path);
          break;
        case 'P':
          text = v.depth === 0 ? '' : v.path.split('/').slice(-v.depth).join('/');
          break;
        case 'd':
          text = String(v.depth);
          break;
        case 'm':
          text = (s.mode & 0o7777).toString(8);
          break;
        case 'M':
          text = modeString(s.mode);
          break;
        case 'u':
          text = (yield* owners.user(s.uid)) ?? String(s.uid);
          break;
        case 'g':
          text = (yield* owners.group(s.gid)) ?? String(s.gid);
          break;
        case 'U':
          text = String(s.uid);
          break;
        case 'G':
          text = String(s.gid);
          break;
        case 's':
          text = String(s.size);
          break;
        case 'k':
          text = String(Math.ceil(s.blocks / 2));
          break;
        case 'b':
          text = String(s.blocks);
          break;
        case 'n':
          text = String(s.nlink);
          break;
        case 'i':
          text = String(s.ino);
          break;
        case 'y':
          text = isReg(s.mode) ? 'f' : (modeString(s.mode)[0] as string);
          break;
        case 't':
          text = strftime('%a %b %e %H:%M:%S.%N0 %Y', s.mtime);
          break;
        case 'l': {
          const target: SysResult<string> | undefined = isLnk(s.mode) ? yield* sys.readlinkat(AT_FDCWD, v.path) : undefined;
          text = target?.ok ? target.value : '';
          break;
        }
        case '%':
          text = '%';
          break;
        default:
          text = match[0];
      }
    }
    const width = Number(match[3] || 0);
    result += match[2]?.includes('-') ? text.padEnd(width) : text.padStart(width, match[2]?.includes('0') ? '0' : ' ');
  }
  return result + format.slice(at);
}
