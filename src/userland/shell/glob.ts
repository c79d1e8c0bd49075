// Path name expansion. Counterpart: glob(3), POSIX.1 XCU 2.13.3

import { AT_FDCWD, O_DIRECTORY, O_RDONLY } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Dirent, type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { hasGlob, matches, unquotePattern } from './pattern.ts';

/** Names in a directory, `.` and `..` included; none when it cannot be read. */
export function* namesIn(path: string): Program<string[]> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
  if (!fd.ok) return [];
  const names: string[] = [];
  for (;;) {
    const batch: SysResult<readonly Dirent[]> = yield* sys.getdents64(fd.value);
    if (!batch.ok || batch.value.length === 0) break;
    for (const entry of batch.value) names.push(entry.name);
  }
  yield* sys.close(fd.value);
  return names;
}

/** Paths that match a pattern (quoted characters escaped by a backslash), sorted by byte values. `dots`: `*` matches hidden names too. */
export function* globPaths(pattern: string, dots = false): Program<string[]> {
  const parts = pattern.split(/\/+/);
  const absolute = pattern.startsWith('/');
  let found = [absolute ? '/' : ''];
  const components = absolute ? parts.slice(1) : parts;
  for (let at = 0; at < components.length; at++) {
    const part = components[at] as string;
    const last = at === components.length - 1;
    const next: string[] = [];
    for (const base of found) {
      if (!hasGlob(part)) {
        const path = base + unquotePattern(part);
        const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, path === '' ? '.' : path, 0x100);
        if (stat.ok) next.push(last ? path : `${path}/`);
        continue;
      }
      const names = yield* namesIn(base === '' ? '.' : base);
      const hidden = part.startsWith('.') || part.startsWith('\\.');
      for (const name of names
        .filter((n) => (hidden || !n.startsWith('.') || (dots && n !== '.' && n !== '..')) && matches(part, n))
        .sort()) {
        if (last) {
          next.push(base + name);
          continue;
        }
        const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, base + name, 0);
        if (stat.ok && isDir(stat.value.mode)) next.push(`${base}${name}/`);
      }
    }
    found = next;
  }
  return found.sort();
}
