// stat.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { isBlk, isChr, isDir, isFifo, isLnk, isReg, isSock, major, minor, modeString } from '#abi/mode.ts';
import type { Program, Stat, Statfs, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import { command } from '../lib/command-line.ts';
import { bytesOf } from '../lib/io.ts';
import { quoted, shellQuote } from '../lib/quote.ts';
import { secondsOf, strftime } from '../lib/time.ts';
import { lstat, Owners, stat as statPath } from '../lib/tree.ts';

/** Counterpart: file_type of gnulib */
export function fileType(info: Stat): string {
  if (isReg(info.mode)) return info.size === 0 ? 'regular empty file' : 'regular file';
  if (isDir(info.mode)) return 'directory';
  if (isBlk(info.mode)) return 'block special file';
  if (isChr(info.mode)) return 'character special file';
  if (isFifo(info.mode)) return 'fifo';
  if (isLnk(info.mode)) return 'symbolic link';
  return isSock(info.mode) ? 'socket' : 'weird file';
}

const MAGIC: Readonly<Record<string, string>> = {
  overlay: '794c7630',
  tmpfs: '1021994',
  proc: '9fa0',
  sysfs: '62656572',
  ext4: 'ef53',
  devpts: '1cd1',
  mqueue: '19800202',
  cgroup2: '63677270',
  xfs: '58465342',
  devtmpfs: '1021994',
  nsfs: '6e736673',
};
const FS_NAME: Readonly<Record<string, string>> = { overlay: 'overlayfs', ext4: 'ext2/ext3', cgroup2: 'cgroup2fs', devtmpfs: 'tmpfs' };

const timeOf = (ns: bigint): string => strftime('%Y-%m-%d %H:%M:%S.%N %z', ns);
const epochOf = (ns: bigint, precision: string | undefined): string => {
  const seconds = String(secondsOf(ns));
  if (precision === undefined) return seconds;
  const digits = precision === '' ? 9 : Number(precision);
  return digits === 0 ? seconds : `${seconds}.${strftime('%N', ns).slice(0, digits)}`;
};

function* field(letter: string, path: string, info: Stat, owners: Owners, gnu: boolean, precision?: string): Program<string | undefined> {
  switch (letter) {
    case 'a':
      return (info.mode & 0o7777).toString(8);
    case 'A':
      return modeString(info.mode);
    case 'b':
      return String(info.blocks);
    case 'B':
      return '512';
    case 'd':
      return String(major(info.dev) * 256 + minor(info.dev));
    case 'D':
      return (major(info.dev) * 256 + minor(info.dev)).toString(16);
    case 'f':
      return info.mode.toString(16);
    case 'F':
      return fileType(info);
    case 'g':
      return String(info.gid);
    case 'G':
      return (yield* owners.group(info.gid)) ?? 'UNKNOWN';
    case 'h':
      return String(info.nlink);
    case 'i':
      return String(info.ino);
    case 'm':
      return gnu ? '/' : undefined;
    case 'n':
      return path;
    case 'N': {
      const quote = gnu ? (name: string): string => shellQuote(name, true) : (name: string): string => `'${name}'`;
      const plain = gnu ? quote(path) : isLnk(info.mode) ? quote(path) : path;
      if (!isLnk(info.mode)) return plain;
      const target: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, path);
      return target.ok ? `${plain} -> ${quote(target.value)}` : plain;
    }
    case 'o':
      return String(info.blksize);
    case 's':
      return String(info.size);
    case 't':
      return major(info.rdev).toString(16);
    case 'T':
      return minor(info.rdev).toString(16);
    case 'r':
      return gnu ? String(major(info.rdev) * 256 + minor(info.rdev)) : undefined;
    case 'u':
      return String(info.uid);
    case 'U':
      return (yield* owners.user(info.uid)) ?? 'UNKNOWN';
    case 'w':
      return gnu ? (info.btime === null ? '-' : timeOf(info.btime)) : undefined;
    case 'W':
      return gnu ? (info.btime === null ? '0' : epochOf(info.btime, precision)) : undefined;
    case 'x':
      return timeOf(info.atime);
    case 'X':
      return epochOf(info.atime, gnu ? precision : undefined);
    case 'y':
      return timeOf(info.mtime);
    case 'Y':
      return epochOf(info.mtime, gnu ? precision : undefined);
    case 'z':
      return timeOf(info.ctime);
    case 'Z':
      return epochOf(info.ctime, gnu ? precision : undefined);
    default:
      return undefined;
  }
}

function fsField(letter: string, path: string, fs: Statfs, gnu: boolean): string | undefined {
  switch (letter) {
    case 'a':
      return String(fs.bavail);
    case 'b':
      return String(fs.blocks);
    case 'c':
      return String(fs.files);
    case 'd':
      return String(fs.ffree);
    case 'f':
      return String(fs.bfree);
    case 'i':
      return '0';
    case 'l':
      return '255';
    case 'n':
      return path;
    case 's':
    case 'S':
      return String(fs.bsize);
    case 't':
      return MAGIC[fs.type] ?? '0';
    case 'T':
      // busybox 1.35 has no name for the number of overlayfs.
      return !gnu && fs.type === 'overlay' ? 'UNKNOWN' : (FS_NAME[fs.type] ?? fs.type);
    default:
      return undefined;
  }
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
  '"': '"',
  e: '\x1b',
};
const printfText = (text: string): string =>
  text.replace(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([\s\S]))/g, (whole, octal: string, hex: string, letter: string) =>
    octal
      ? String.fromCharCode(Number.parseInt(octal, 8))
      : hex
        ? String.fromCharCode(Number.parseInt(hex, 16))
        : (ESCAPES[letter] ?? whole),
  );

function pad(text: string, flags: string, width: string, precision: string | undefined): string {
  let result = precision && /^\d+$/.test(precision) ? text.slice(0, Number(precision)) : text;
  if (flags.includes('#') && /^[0-7]+$/.test(result)) result = `0${result}`;
  const size = Number(width || 0);
  return flags.includes('-') ? result.padEnd(size) : result.padStart(size, flags.includes('0') ? '0' : ' ');
}

/** Counterpart: stat(1) of coreutils 9.1 and busybox 1.35 */
export const stat = command(function* (cli) {
  const long = { dereference: 'L', 'file-system': 'f', 'format=': 'c', 'printf=': 'printf', terse: 't', 'cached=': 'cached' };
  const options = yield* cli.options({ busybox: 'tfLc:', gnu: 'c:fLt', long });
  if (typeof options === 'number') return options;
  if (options.args.length === 0) return yield* cli.misuse('missing operand');
  const owners = new Owners();
  const printf = options.get('printf');
  const format =
    options.last('c', 'printf') === 'printf' ? printfText(printf as string) : options.has('c') ? `${options.get('c')}\n` : undefined;
  for (const path of options.args) {
    let value: (letter: string, precision?: string) => Program<string | undefined>;
    let text: string;
    if (options.has('f')) {
      const fs: SysResult<Statfs> = yield* sys.statfs(path);
      if (!fs.ok) {
        yield* cli.fail(
          fs.errno,
          `can't read file system information for '${path}'`,
          `cannot read file system information for ${quoted(path)}`,
        );
        continue;
      }
      value = function* (letter) {
        return fsField(letter, path, fs.value, cli.gnu);
      };
      text = options.has('t')
        ? '%n %i %l %t %s %S %b %f %a %c %d\n'
        : `  File: "%n"\n    ID: %-8i Namelen: %-7l Type: %T\nBlock size: %-10s${cli.gnu ? ' Fundamental block size: %S' : ''}\nBlocks: Total: %-10b Free: %-10f Available: %a\nInodes: Total: %-10c Free: %d\n`;
    } else {
      const got: SysResult<Stat> = path === '-' && cli.gnu ? yield* sys.fstat(0) : yield* (options.has('L') ? statPath : lstat)(path);
      if (!got.ok) {
        yield* cli.fail(got.errno, `can't stat '${path}'`, `cannot statx ${quoted(path)}`);
        continue;
      }
      const info = got.value;
      value = (letter, precision) => field(letter, path, info, owners, cli.gnu, precision);
      const device = isChr(info.mode) || isBlk(info.mode);
      const number = `${major(info.dev) * 256 + minor(info.dev)}`;
      const where = cli.gnu ? `${major(info.dev)},${minor(info.dev)}` : `${Number(number).toString(16)}h/${number}d`;
      const link = isLnk(info.mode) ? ((yield* value('N')) as string) : path;
      const shown = !isLnk(info.mode) ? path : cli.gnu ? linkText(path, link) : link;
      text = options.has('t')
        ? `%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z ${cli.gnu ? '%W ' : ''}%o\n`
        : `  File: ${shown.replaceAll('%', '%%')}\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: ${where}\tInode: %-10i  Links: ${device ? '%-5h Device type: ' : '%h'}${device ? (cli.gnu ? `${major(info.rdev)},${minor(info.rdev)}` : '%t,%T') : ''}\n` +
          'Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n' +
          `Access: %x\nModify: %y\nChange: %z\n${cli.gnu ? ' Birth: %w\n' : ''}`;
    }
    let result = '';
    let at = 0;
    const pattern = format ?? text;
    for (const match of pattern.matchAll(/%([-#0+ ']*)(\d*)(?:\.(\d*))?([HL]?[a-zA-Z%])/g)) {
      result += pattern.slice(at, match.index);
      at = match.index + match[0].length;
      const letter = match[4] as string;
      if (letter === '%') result += '%';
      else if (letter === 'C') {
        if (cli.gnu) yield* cli.error(`failed to get security context of ${quoted(path)}: ${strerror('ENODATA')}`);
        result += cli.gnu ? '?' : 'C';
      } else {
        const shown = yield* value(letter, match[3]);
        result +=
          shown === undefined
            ? cli.gnu
              ? '?'
              : letter
            : pad(shown, match[1] as string, match[2] as string, /[XYZW]/.test(letter) ? undefined : match[3]);
      }
    }
    yield* cli.out([...bytesOf(result + pattern.slice(at))].map((byte) => String.fromCharCode(byte)).join(''));
  }
  return yield* cli.finish();
});

/** `NAME -> TARGET` without quotes, as the default format shows links. */
const linkText = (path: string, quotedPair: string): string =>
  `${path} -> ${quotedPair.slice(quotedPair.indexOf(' -> ') + 4).replace(/^'|'$/g, '')}`;
