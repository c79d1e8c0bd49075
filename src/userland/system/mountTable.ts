// /proc/mounts as programs read it. Counterpart: getmntent(3)

import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { readFile, textOf } from '../lib/io.ts';

const withoutOctal = (text: string): string =>
  text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** The fields of the lines of /proc/mounts, or of another table of its form; undefined when it cannot be read. */
export function* mountTable(path = '/proc/mounts'): Program<readonly (readonly string[])[] | undefined> {
  const table = yield* readFile(path);
  if (!table.ok) return undefined;
  const lines = textOf(table.value).split('\n');
  return lines.filter((line) => /^\s*[^#\s]/.test(line)).map((line) => line.trim().split(/\s+/).map(withoutOctal));
}

/** What fstab does not allow, mount and umount ask for without the rights of their set-id bit; no fstab here allows anything. Counterpart: suid_drop */
export function* dropSetId(): Program<boolean> {
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  if (!uids.ok || !gids.ok || uids.value[0] === 0) return false;
  yield* sys.setgid(gids.value[0]);
  yield* sys.setuid(uids.value[0]);
  return true;
}
