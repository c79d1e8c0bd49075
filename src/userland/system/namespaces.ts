// unshare, nsenter. Counterpart: busybox 1.35 util-linux/unshare.c, nsenter.c; util-linux 2.38 unshare(1), nsenter(1)

import { strerror } from '#abi/errno.ts';
import {
  AT_FDCWD,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  CLONE_NEWUTS,
  O_RDONLY,
  O_WRONLY,
} from '#abi/flags.ts';
import { type Program, type SysResult, sys, type Waited } from '#kernel/uapi/index.ts';
import type { Command, CommandContext } from '../lib/command.ts';
import { bytesOf, errOut, writeAll } from '../lib/io.ts';
import { execSearch } from './exec.ts';

const KINDS: Readonly<Record<string, { readonly flag: number; readonly file: string }>> = {
  m: { flag: CLONE_NEWNS, file: 'mnt' },
  u: { flag: CLONE_NEWUTS, file: 'uts' },
  i: { flag: CLONE_NEWIPC, file: 'ipc' },
  n: { flag: CLONE_NEWNET, file: 'net' },
  p: { flag: CLONE_NEWPID, file: 'pid' },
  U: { flag: CLONE_NEWUSER, file: 'user' },
  C: { flag: CLONE_NEWCGROUP, file: 'cgroup' },
};
const LONG: Readonly<Record<string, string>> = {
  mount: 'm',
  uts: 'u',
  ipc: 'i',
  net: 'n',
  pid: 'p',
  user: 'U',
  cgroup: 'C',
  fork: 'f',
  'map-root-user': 'r',
  target: 't',
  all: 'a',
};

function* run(context: CommandContext, command: readonly string[]): Program<number> {
  const shell = context.env.find((one) => one.startsWith('SHELL='))?.slice(6) ?? '/bin/sh';
  const argv = command.length > 0 ? command : [shell];
  const errno = yield* execSearch(argv, context.env);
  yield* errOut(
    context.flavour === 'busybox'
      ? `${context.name}: can't execute '${argv[0]}': ${strerror(errno)}\n`
      : `${context.name}: failed to execute ${argv[0]}: ${strerror(errno)}\n`,
  );
  return errno === 'ENOENT' ? 127 : 126;
}

/** Runs the command in a child and passes on how it ended, as --fork does. */
function* forked(context: CommandContext, command: readonly string[]): Program<number> {
  const child: SysResult<number> = yield* sys.clone({ flags: 0, main: () => run(context, command) });
  if (!child.ok) {
    yield* errOut(`${context.name}: fork failed: ${strerror(child.errno)}\n`);
    return 1;
  }
  const end: SysResult<Waited> = yield* sys.wait4(child.value, 0);
  const status = end.ok ? end.value.status : null;
  return status?.kind === 'exited' ? status.code : status?.kind === 'signaled' ? 128 + status.signal : 1;
}

/** Letters of the options, the target of -t, and the command. */
function letters(argv: readonly string[]): {
  readonly flags: readonly string[];
  readonly target: string | undefined;
  readonly command: readonly string[];
  readonly bad?: string;
} {
  const flags: string[] = [];
  let target: string | undefined;
  for (let at = 1; at < argv.length; at++) {
    const arg = argv[at] as string;
    if (arg === '--') return { flags, target, command: argv.slice(at + 1) };
    if (!arg.startsWith('-')) return { flags, target, command: argv.slice(at) };
    const short = arg.startsWith('--') ? LONG[arg.slice(2).split('=')[0] as string] : arg.slice(1);
    if (short === undefined) return { flags, target, command: [], bad: arg };
    for (let i = 0; i < short.length; i++) {
      const letter = short[i] as string;
      if (letter === 't') {
        target = arg.includes('=') ? arg.split('=')[1] : short.slice(i + 1) || argv[++at];
        break;
      }
      if (!(letter in KINDS) && !'fra'.includes(letter)) return { flags, target, command: [], bad: `-${letter}` };
      flags.push(letter);
    }
  }
  return { flags, target, command: [] };
}

const unshare: Command = function* (context) {
  const { flags, command, bad } = letters(context.argv);
  if (bad !== undefined) {
    yield* errOut(`unshare: ${bad.startsWith('--') ? `unrecognized option '${bad}'` : `invalid option -- '${bad.slice(1)}'`}\n`);
    return 1;
  }
  const mapRoot = flags.includes('r');
  const bits = flags.reduce((all, letter) => all | (KINDS[letter]?.flag ?? 0), mapRoot ? CLONE_NEWUSER : 0);
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  const done: SysResult<void> = yield* sys.unshare(bits);
  if (!done.ok) {
    yield* errOut(
      context.flavour === 'busybox'
        ? `unshare: unshare(0x${bits.toString(16)}): ${strerror(done.errno)}\n`
        : `unshare: unshare failed: ${strerror(done.errno)}\n`,
    );
    return 1;
  }
  if (mapRoot) {
    yield* writeProc('setgroups', 'deny');
    yield* writeProc('uid_map', `0 ${uids.ok ? uids.value[1] : 0} 1\n`);
    yield* writeProc('gid_map', `0 ${gids.ok ? gids.value[1] : 0} 1\n`);
  }
  return flags.includes('f') ? yield* forked(context, command) : yield* run(context, command);
};

function* writeProc(file: string, text: string): Program<void> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, `/proc/self/${file}`, O_WRONLY);
  if (!fd.ok) return;
  yield* writeAll(fd.value, bytesOf(text));
  yield* sys.close(fd.value);
}

const nsenter: Command = function* (context) {
  const { flags, target, command, bad } = letters(context.argv);
  if (bad !== undefined || target === undefined) {
    yield* errOut(bad === undefined ? `nsenter: no target PID specified\n` : `nsenter: invalid option -- '${bad.replace(/^-+/, '')}'\n`);
    return 1;
  }
  const wanted = flags.includes('a') ? ['U', 'C', 'i', 'u', 'n', 'p', 'm'] : flags.filter((letter) => letter in KINDS);
  const open: { readonly fd: number; readonly kind: { readonly flag: number; readonly file: string } }[] = [];
  for (const letter of wanted) {
    const kind = KINDS[letter] as { flag: number; file: string };
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, `/proc/${target}/ns/${kind.file}`, O_RDONLY);
    if (!fd.ok) {
      yield* errOut(
        context.flavour === 'busybox'
          ? `nsenter: can't open '/proc/${target}/ns/${kind.file}': ${strerror(fd.errno)}\n`
          : `nsenter: cannot open /proc/${target}/ns/${kind.file}: ${strerror(fd.errno)}\n`,
      );
      return 1;
    }
    open.push({ fd: fd.value, kind });
  }
  for (const { fd, kind } of open) {
    const done: SysResult<void> = yield* sys.setns(fd, kind.flag);
    if (!done.ok) {
      yield* errOut(
        context.flavour === 'busybox'
          ? `nsenter: setns(): can't reassociate to namespace '${kind.file}': ${strerror(done.errno)}\n`
          : `nsenter: reassociate to namespace 'ns/${kind.file}' failed: ${strerror(done.errno)}\n`,
      );
      return 1;
    }
    yield* sys.close(fd);
  }
  return wanted.includes('p') ? yield* forked(context, command) : yield* run(context, command);
};

export const namespaceCommands = { unshare, nsenter };
