// Programs of libcap2-bin: capsh, getpcaps, getcap, setcap. Counterpart: libcap 2.66

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_DIRECTORY, O_RDONLY } from '#abi/flags.ts';
import { isDir, isReg } from '#abi/mode.ts';
import { type CapSets, type Dirent, type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { getopt } from '../lib/cli.ts';
import type { Command, CommandTable } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { capsh } from './capsh.ts';
import { decodeFileCaps, encodeFileCaps } from './fileCaps.ts';
import { capFromText, capToText } from './text.ts';

const XATTR = 'security.capability';
const SETFCAP = 1n << 31n;

const getpcaps: Command = function* ({ argv, help }) {
  if (argv.length < 2) {
    yield* errOut(help?.help?.text ?? '');
    return 1;
  }
  let status = 0;
  for (const arg of argv.slice(1)) {
    if (!/^\d+$/.test(arg)) {
      yield* errOut(`Cannot parse pid ${arg}: (${strerror('EINVAL')})\n`);
      return 1;
    }
    const sets: SysResult<CapSets> = yield* sys.capget(Number(arg));
    if (sets.ok) yield* out(`${arg}: ${capToText(sets.value)}\n`);
    else {
      yield* errOut(`Failed to get cap's for process ${arg}: (${strerror(sets.errno)})\n`);
      status = 1;
    }
  }
  return status;
};

const GETCAP = `usage: getcap [-h] [-l] [-n] [-r] [-v] <filename> [<filename> ...]

\tdisplays the capabilities on the queried file(s).
`;
const SETCAP = `usage: setcap [-h] [-q] [-v] [-n <rootid>] (-r|-|<caps>) <filename> [ ... (-r|-|<capsN>) <filenameN> ]

 Note <filename> must be a regular (non-symlink) file.
 -r          remove capability from file
 -           read capability text from stdin
 <capsN>     cap_from_text(3) formatted file capability
 [ Note: capsh --suggest="something..." might help you pick. ]
 -h          this message and exit status 0
 -q          quietly
 -v          validate supplied capability matches file
 -n <rootid> write a user namespace (!= 0) limited capability
 --license   display the license info
`;

const getcap: Command = function* ({ argv }) {
  const given = getopt(argv.slice(1), 'rvhnl');
  if (typeof given === 'string' || given.has('h') || given.args.length === 0) {
    if (typeof given === 'string') yield* errOut(`${argv[0]}: ${given}\n`);
    yield* errOut(GETCAP);
    return typeof given !== 'string' && given.has('h') ? 0 : 1;
  }
  for (const letter of 'nl')
    if (given.has(letter)) {
      yield* errOut(`getcap: -${letter} is not simulated here\n`);
      return 1;
    }
  for (const path of given.args) yield* show(path, given.has('r'), given.has('v'));
  return 0;
};

function* show(path: string, recursive: boolean, verbose: boolean): Program<void> {
  const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
  if (!stat.ok) return void (yield* errOut(`${path} (${strerror(stat.errno)})\n`));
  if (isDir(stat.value.mode) && recursive) {
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
    if (!fd.ok) return;
    for (;;) {
      const batch: SysResult<readonly Dirent[]> = yield* sys.getdents64(fd.value);
      if (!batch.ok || batch.value.length === 0) break;
      for (const { name } of batch.value)
        if (name !== '.' && name !== '..') yield* show(`${path.replace(/\/$/, '')}/${name}`, true, verbose);
    }
    return void (yield* sys.close(fd.value));
  }
  if (!isReg(stat.value.mode)) return;
  const bytes: SysResult<Uint8Array> = yield* sys.getxattr(path, XATTR, true);
  const sets = bytes.ok ? decodeFileCaps(bytes.value) : undefined;
  if (sets !== undefined) yield* out(`${path} ${capToText(sets).replace(/^=$/, '=')}\n`);
  else if (verbose) yield* out(`${path}\n`);
}

const setcap: Command = function* ({ argv }) {
  const args = argv.slice(1).filter((arg) => arg !== '-q' && arg !== '-v');
  if (args.length < 2 || args.length % 2 !== 0) {
    yield* errOut(SETCAP);
    return argv[1] === '-h' ? 0 : 1;
  }
  const before: SysResult<CapSets> = yield* sys.capget(0);
  if (before.ok) {
    const raised: SysResult<void> = yield* sys.capset({ ...before.value, effective: before.value.effective | SETFCAP });
    if (!raised.ok) {
      yield* errOut(`unable to set CAP_SETFCAP effective capability: ${strerror(raised.errno)}\n`);
      return 1;
    }
  }
  for (let at = 0; at < args.length; at += 2) {
    const [spec = '', path = ''] = args.slice(at);
    const sets = spec === '-r' ? null : capFromText(spec);
    if (sets === undefined) {
      yield* errOut('fatal error: Invalid argument\n');
      return 1;
    }
    const done: SysResult<void> =
      sets === null ? yield* sys.removexattr(path, XATTR, true) : yield* sys.setxattr(path, XATTR, encodeFileCaps(sets), 0, true);
    if (!done.ok && !(sets === null && done.errno === 'ENODATA')) {
      yield* errOut(`Failed to set capabilities on file \`${path}' (${strerror(done.errno)})\n`);
      return 1;
    }
  }
  return 0;
};

/** The commands of this package. */
export const libcapCommands: CommandTable = {
  capsh: { run: capsh, in: ['gnu'] },
  getpcaps: { run: getpcaps, in: ['gnu'] },
  getcap: { run: getcap, in: ['gnu'] },
  setcap: { run: setcap, in: ['gnu'] },
};
