// Paths inside a root file system that is not yet the root. Counterpart: cyphar/filepath-securejoin, os.MkdirAll

import { AT_FDCWD, AT_SYMLINK_NOFOLLOW, O_CLOEXEC, O_CREAT, O_DIRECTORY, O_RDONLY, O_WRONLY } from '#abi/flags.ts';
import { isDir, isLnk } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';

const MAX_LINKS = 255;

/** The path below `root` that `path` means in there: symbolic links are followed as if root were "/". */
export function* secureJoin(root: string, path: string): Program<string> {
  let rest = path.split('/').filter((part) => part !== '' && part !== '.');
  const done: string[] = [];
  for (let links = 0; rest.length > 0; ) {
    const part = rest.shift() as string;
    if (part === '..') {
      done.pop();
      continue;
    }
    const here = `${root}/${[...done, part].join('/')}`;
    const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, here, AT_SYMLINK_NOFOLLOW);
    if (!stat.ok || !isLnk(stat.value.mode) || links >= MAX_LINKS) {
      done.push(part);
      continue;
    }
    links++;
    const target: SysResult<string> = yield* sys.readlinkat(AT_FDCWD, here);
    if (!target.ok) continue;
    if (target.value.startsWith('/')) done.length = 0;
    rest = [...target.value.split('/').filter((p) => p !== '' && p !== '.'), ...rest];
  }
  return `${root}/${done.join('/')}`;
}

export function* isDirectory(path: string): Program<boolean> {
  const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path, 0);
  return stat.ok && isDir(stat.value.mode);
}

/** Makes a directory and those above it. */
export function* mkdirAll(path: string, mode = 0o755): Program<SysResult<void>> {
  const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, path, mode);
  if (made.ok || made.errno === 'EEXIST') return { ok: true, value: undefined };
  if (made.errno !== 'ENOENT' || !path.includes('/')) return made;
  const above: SysResult<void> = yield* mkdirAll(path.slice(0, path.lastIndexOf('/')), mode);
  return above.ok ? yield* sys.mkdirat(AT_FDCWD, path, mode) : above;
}

/** Makes an empty file, and the directories above it, where nothing is. */
export function* touchAll(path: string): Program<SysResult<void>> {
  const there: SysResult<unknown> = yield* sys.newfstatat(AT_FDCWD, path, 0);
  if (there.ok) return { ok: true, value: undefined };
  yield* mkdirAll(path.slice(0, path.lastIndexOf('/')));
  const opened: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o755);
  if (!opened.ok) return opened;
  yield* sys.close(opened.value);
  return { ok: true, value: undefined };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Replaces a file's contents. */
export function* writeFile(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
  flags = O_CREAT | O_WRONLY | 0o1000,
): Program<SysResult<void>> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, flags | O_CLOEXEC, mode);
  if (!fd.ok) return fd;
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  const wrote: SysResult<number> = bytes.length === 0 ? { ok: true, value: 0 } : yield* sys.write(fd.value, bytes);
  yield* sys.close(fd.value);
  return wrote.ok ? { ok: true, value: undefined } : wrote;
}

/** The text of a file; "" where it cannot be read. */
export function* readFile(path: string): Program<string> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_CLOEXEC);
  if (!fd.ok) return '';
  let text = '';
  for (;;) {
    const chunk: SysResult<Uint8Array> = yield* sys.read(fd.value, 65536);
    if (!chunk.ok || chunk.value.length === 0) break;
    text += decoder.decode(chunk.value);
  }
  yield* sys.close(fd.value);
  return text;
}

/** Names in a directory, sorted; none when there is no such directory. Counterpart: os.ReadDir */
export function* namesIn(directory: string): Program<readonly string[]> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (!fd.ok) return [];
  const names: string[] = [];
  for (;;) {
    const got: SysResult<readonly { readonly name: string }[]> = yield* sys.getdents64(fd.value);
    if (!got.ok || got.value.length === 0) break;
    names.push(...got.value.map(({ name }) => name).filter((name) => name !== '.' && name !== '..'));
  }
  yield* sys.close(fd.value);
  return names.sort();
}
