// chcon and runcon, which Debian has on kernels without SELinux too. Counterpart: coreutils 9.1 src/chcon.c, runcon.c; libselinux 3.4

import type { Errno } from '#abi/errno.ts';
import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_WRONLY } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { execvp } from '../lib/exec.ts';
import { bytesOf, readFile, textOf, writeAll } from '../lib/io.ts';
import { quoted } from '../lib/quote.ts';
import { joinPath, lstat, readDir, stat } from '../lib/tree.ts';

const XATTR = 'security.selinux';
const PARTS = ['u', 'r', 't', 'l'];
const LONG = { 'user=': 'u', 'role=': 'r', 'type=': 't', 'range=': 'l' };

const trimmed = (bytes: Uint8Array): string => textOf(bytes).replace(/[\0\n]+$/, '');

/** A context with the parts given on the command line in place of its own; undefined when it is none. */
function replaced(context: string, options: Options): string | undefined {
  const [user, role, type, ...level] = context.split(':');
  if (!user || !role || !type) return undefined;
  const parts = [user, role, type, level.join(':')].map((part, at) => options.get(PARTS[at] as string) ?? part);
  return parts.filter((part, at) => at < 3 || part !== '').join(':');
}

/** The attribute of a file. */
function* contextOf(path: string, follow: boolean): Program<SysResult<string>> {
  const got: SysResult<Uint8Array> = yield* sys.getxattr(path, XATTR, follow);
  return got.ok ? { ok: true, value: trimmed(got.value) } : got;
}

/** Sets the whole context, or parts of the one that is there. */
function* relabel(cli: Cli, options: Options, path: string, follow: boolean, whole: string | undefined): Program<void> {
  let context = whole;
  if (context === undefined) {
    const old = yield* contextOf(path, follow);
    if (!old.ok && old.errno !== 'ENODATA') {
      yield* cli.error(`failed to get security context of ${quoted(path)}: ${strerror(old.errno)}`);
      return;
    }
    if (!old.ok) {
      yield* cli.error(`can't apply partial context to unlabeled file ${quoted(path)}`);
      return;
    }
    context = replaced(old.value, options);
    if (context === undefined) {
      yield* cli.error(`failed to create security context: ${quoted(old.value)}: ${strerror('EINVAL')}`);
      return;
    }
    if (context === old.value) return;
  }
  const set: SysResult<void> = yield* sys.setxattr(path, XATTR, bytesOf(context), 0, follow);
  if (!set.ok) yield* cli.error(`failed to change context of ${quoted(path)} to ${quoted(context)}: ${strerror(set.errno)}`);
}

function* change(cli: Cli, options: Options, path: string, follow: boolean, whole: string | undefined): Program<void> {
  const here: SysResult<Stat> = yield* follow ? stat(path) : lstat(path);
  if (!here.ok) {
    yield* cli.error(`cannot access ${quoted(path)}: ${strerror(here.errno)}`);
    return;
  }
  if (options.has('v')) yield* cli.text(`changing security context of ${quoted(path)}\n`);
  yield* relabel(cli, options, path, follow, whole);
  if (!options.has('R') || !isDir(here.value.mode)) return;
  const entries = yield* readDir(path);
  if (entries.ok) for (const entry of entries.value) yield* change(cli, options, joinPath(path, entry.name), false, whole);
  else yield* cli.error(`cannot read directory ${quoted(path)}: ${strerror(entries.errno)}`);
}

/** Counterpart: chcon(1). Deviates: -H, -L and -P are refused. */
export const chcon = command(function* (cli) {
  const long = { ...LONG, recursive: 'R', verbose: 'v', 'no-dereference': 'h', dereference: 'deref', 'reference=': 'ref' };
  const options = yield* cli.options({ busybox: false, gnu: 'HLPRhvu:r:t:l:', long });
  if (typeof options === 'number') return options;
  for (const letter of 'HLP') if (options.has(letter)) return yield* cli.error(`-${letter} is not simulated here`);
  const partial = PARTS.some((part) => options.has(part));
  const reference = options.get('ref');
  const operands = [...options.args];
  if (operands.length < (partial || reference !== undefined ? 1 : 2))
    return yield* cli.misuse(operands.length === 0 ? 'missing operand' : `missing operand after ${quoted(operands.at(-1) as string)}`);
  let whole: string | undefined;
  if (reference !== undefined) {
    const got = yield* contextOf(reference, true);
    if (!got.ok) return yield* cli.error(`failed to get security context of ${quoted(reference)}: ${strerror(got.errno)}`);
    whole = got.value;
  } else if (!partial) whole = operands.shift();
  for (const path of operands) yield* change(cli, options, path, !options.has('h'), whole);
  return yield* cli.finish();
});

/**
 * Counterpart: runcon(1)
 * Deviates: SELinux counts as enabled where selinuxfs is mounted; libselinux wants /etc/selinux/config too. -c is refused.
 */
export const runcon = command(function* (cli) {
  const options = yield* cli.options({ busybox: false, gnu: '+cu:r:t:l:', long: { ...LONG, compute: 'c' } });
  if (typeof options === 'number') return options;
  if (options.has('c')) return yield* cli.error('-c is not simulated here');
  const partial = PARTS.some((part) => options.has(part));
  const own = yield* readFile('/proc/self/attr/current');
  if (options.args.length === 0 && !partial) {
    if (!own.ok) return yield* cli.error(`failed to get current context: ${strerror(own.errno)}`);
    yield* cli.text(`${trimmed(own.value)}\n`);
    return yield* cli.finish();
  }
  const [context = '', ...rest] = partial ? ['', ...options.args] : options.args;
  if (rest.length === 0) return yield* cli.misuse('no command specified');
  const enabled = yield* stat('/sys/fs/selinux/enforce');
  if (!enabled.ok) return yield* cli.error('runcon may be used only on a SELinux kernel');
  if (partial && !own.ok) return yield* cli.error(`failed to get current context: ${strerror(own.errno)}`);
  const wanted = partial && own.ok ? (replaced(trimmed(own.value), options) ?? '') : context;
  const refused = yield* setExec(wanted);
  if (refused !== undefined) return yield* cli.error(`unable to set security context ${quoted(wanted)}: ${strerror(refused)}`);
  const errno = yield* execvp(rest, cli.context.env);
  return yield* cli.error(`${rest[0]}: ${strerror(errno)}`, errno === 'ENOENT' ? 127 : 126);
});

/** The context of the next program. Counterpart: setexeccon(3) */
function* setExec(context: string): Program<Errno | undefined> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/proc/self/attr/exec', O_WRONLY);
  if (!fd.ok) return fd.errno;
  const failed = yield* writeAll(fd.value, bytesOf(context));
  yield* sys.close(fd.value);
  return failed;
}
