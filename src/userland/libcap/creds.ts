// creds: prints the credentials it runs with. A small program of the example images, made to try set-id bits and file capabilities.

import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import { type Program, type ProgramMain, type SysResult, sys } from '#kernel/uapi/index.ts';
import { out, readFd, textOf } from '../lib/io.ts';

const LINES = /^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):/;

/** The lines of its own status that tell about capabilities. */
function* statusLines(): Program<string> {
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, '/proc/self/status', O_RDONLY);
  if (!fd.ok) return '';
  const bytes = yield* readFd(fd.value);
  if (!bytes.ok) return '';
  const lines = textOf(bytes.value).split('\n');
  return lines
    .filter((line) => LINES.test(line))
    .map((line) => `${line}\n`)
    .join('');
}

export const creds: ProgramMain = function* () {
  const uids: SysResult<readonly [number, number, number]> = yield* sys.getresuid();
  const gids: SysResult<readonly [number, number, number]> = yield* sys.getresgid();
  const groups: SysResult<readonly number[]> = yield* sys.getgroups();
  const [ruid, euid, suid] = uids.ok ? uids.value : [0, 0, 0];
  const [rgid, egid, sgid] = gids.ok ? gids.value : [0, 0, 0];
  yield* out(
    `ruid=${ruid} euid=${euid} suid=${suid} rgid=${rgid} egid=${egid} sgid=${sgid} groups=${groups.ok ? groups.value.join(',') : ''}\n${yield* statusLines()}`,
  );
  return 0;
};
