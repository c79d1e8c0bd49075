// SELinux contexts as commands ask for them. Counterpart: libselinux is_selinux_enabled(3), getcon(3), getfilecon(3)

import { type Program, type Statfs, type SysResult, sys } from '#kernel/uapi/index.ts';
import { readFile, textOf } from './io.ts';

/** Is the module on, and does this mount namespace show it? A container has no selinuxfs, so its commands do without. */
export function* selinuxEnabled(): Program<boolean> {
  const fs: SysResult<Statfs> = yield* sys.statfs('/sys/fs/selinux');
  return fs.ok && fs.value.type === 'selinuxfs';
}

/** The context of the calling process, without the NUL at its end. */
export function* ownContext(): Program<string | undefined> {
  const text = yield* readFile('/proc/self/attr/current');
  return text.ok ? textOf(text.value).replace(/[\0\n]+$/, '') : undefined;
}

/** The context of a file; undefined where there is none. */
export function* fileContext(path: string, follow: boolean): Program<string | undefined> {
  const value: SysResult<Uint8Array> = yield* sys.getxattr(path, 'security.selinux', follow);
  return value.ok ? textOf(value.value).replace(/\0+$/, '') : undefined;
}
