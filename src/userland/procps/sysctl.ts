// sysctl. Counterpart: procps 4.0 sysctl(8); busybox 1.35 procps/sysctl.c

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import type { Program, SysResult } from '#kernel/uapi/index.ts';
import { sys } from '#kernel/uapi/index.ts';
import type { Cli, Options } from '../lib/cli.ts';
import { command } from '../lib/command-line.ts';
import { bytesOf, errOut, readFile, textOf, writeAll } from '../lib/io.ts';
import { byBytes, joinPath, readDir, stat } from '../lib/tree.ts';

const ROOT = '/proc/sys';

/** Writes a value. procps does not truncate, so a missing permission shows before a read-only mount. */
function* write(cli: Cli, options: Options, path: string, dotted: string, value: string): Program<void> {
  const info = yield* stat(path);
  // What nobody may write, procps does not try to; its complaint does not change the status.
  if (cli.gnu && info.ok && (isDir(info.value.mode) || (info.value.mode & 0o200) === 0))
    return yield* cli.warn(`setting key "${dotted}": ${strerror('EINVAL')}`);
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, cli.gnu ? O_WRONLY : O_WRONLY | O_TRUNC);
  const errno = fd.ok ? yield* writeAll(fd.value, bytesOf(`${value}\n`)) : fd.errno;
  if (fd.ok) yield* sys.close(fd.value);
  if (errno === undefined) {
    if (!options.has('q')) yield* cli.text(`${options.has('n') ? '' : `${dotted} = `}${value}\n`);
    return;
  }
  if (!cli.gnu) return void (yield* cli.error(`error setting key '${dotted}': ${strerror(errno)}`));
  if (errno === 'ENOENT') return options.has('e') ? undefined : void (yield* cli.error(`cannot stat ${path}: ${strerror(errno)}`));
  yield* cli.error(
    errno === 'EACCES' || errno === 'EPERM' || errno === 'EROFS'
      ? `permission denied on key "${dotted}"`
      : `setting key "${dotted}": ${strerror(errno)}`,
  );
}

function* show(cli: Cli, options: Options, path: string, dotted: string, quiet: boolean): Program<void> {
  const info = yield* stat(path);
  if (info.ok && isDir(info.value.mode)) {
    const entries = yield* readDir(path);
    const names = entries.ok ? entries.value.map((entry) => entry.name).sort(byBytes) : [];
    for (const name of names) yield* show(cli, options, joinPath(path, name), dotted === '' ? name : `${dotted}.${name}`, true);
    return;
  }
  if (options.has('N') && info.ok) return yield* cli.text(`${dotted}\n`);
  const text = yield* readFile(path);
  if (text.ok) {
    const lines = textOf(text.value).split('\n');
    for (const line of lines.filter((one) => one !== '')) yield* cli.text(`${options.has('n') ? '' : `${dotted} = `}${line}\n`);
    return;
  }
  if (quiet && (text.errno === 'EACCES' || text.errno === 'EPERM' || text.errno === 'EIO')) return;
  if (options.has('e') && text.errno === 'ENOENT') {
    if (!cli.gnu) cli.status = 1;
    return;
  }
  if (cli.gnu) {
    const denied = text.errno === 'EACCES' || text.errno === 'EPERM';
    yield* cli.error(denied ? `permission denied on key '${dotted}'` : `cannot stat ${path}: ${strerror(text.errno)}`);
  } else
    yield* cli.error(
      text.errno === 'ENOENT' ? `error: '${dotted}' is an unknown key` : `error reading key '${dotted}': ${strerror(text.errno)}`,
    );
}

/** One `key` or `key=value`. */
function* apply(cli: Cli, options: Options, word: string): Program<void> {
  const [key = '', value] = word.split(/=(.*)/s).map((part) => part.trim());
  const path = `${ROOT}/${key.includes('/') ? key : key.replaceAll('.', '/')}`;
  const dotted = key.replaceAll('/', '.');
  if (value !== undefined) yield* write(cli, options, path, dotted, value);
  else yield* show(cli, options, path, dotted, false);
}

/** Settings of files, one a line. */
function* load(cli: Cli, options: Options, files: readonly string[]): Program<void> {
  for (const file of files) {
    const text = yield* readFile(file);
    if (!text.ok) {
      if (cli.gnu) yield* cli.error(`cannot open "${file}": ${strerror(text.errno)}`);
      else yield* cli.warn(`${file}: ${strerror(text.errno)}`);
      continue;
    }
    for (const line of textOf(text.value).split('\n')) if (line.includes('=') && !/^\s*[#;]/.test(line)) yield* apply(cli, options, line);
  }
}

export const sysctl = command(function* (cli) {
  const hint = (): string => '\nUsage:\n sysctl [options] [variable[=value] ...]\n(the list of options is not simulated here)\n';
  const long = { all: 'a', values: 'n', names: 'N', ignore: 'e', quiet: 'q', write: 'w', 'load=?': 'p' };
  const options = yield* cli.options({ busybox: 'neAapwq', gnu: 'abeNnpqwr:fxX', long, hint });
  if (typeof options === 'number') return options;
  if (options.has('r')) return yield* cli.error('-r is not simulated here');
  if (options.has('a') || options.has('A')) yield* show(cli, options, ROOT, '', true);
  else if (options.has('p')) yield* load(cli, options, options.args.length > 0 ? options.args : ['/etc/sysctl.conf']);
  else if (options.args.length === 0) {
    if (!cli.gnu) return 0;
    yield* errOut(hint());
    return 1;
  }
  if (!options.has('p')) for (const word of options.args) yield* apply(cli, options, word);
  return yield* cli.finish();
});
