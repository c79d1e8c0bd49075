// The home directory adduser makes.

import { strerror } from '#abi/errno.ts';
import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { Ended, Script } from './debianScripts.ts';
import { copyTree } from './homes.ts';

const SKELETON = '/etc/skel';
const DIR_MODE = 0o700;
const SYSTEM_DIR_MODE = 0o755;

interface Home {
  readonly home: string;
  readonly uid: number;
  readonly gid: number;
  readonly skeleton: boolean;
}

/** Counterpart: create_homedir, adduser 3.134 */
export function* createHome(script: Script, { home, uid, gid, skeleton }: Home): Program<Ended | undefined> {
  if (/^\/+nonexistent(\/|$)/.test(home)) yield* script.say(`Not creating \`${home}'.`);
  else if (script.options.has('no-create-home')) yield* script.say(`Not creating home directory \`${home}'.`);
  else {
    const old: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, home, 0);
    if (old.ok) {
      if (script.loud) yield* script.warn(`The home directory \`${home}' already exists.  Not touching this directory.`);
      if (old.value.uid !== uid || old.value.gid !== gid)
        yield* script.warn(`Warning: The home directory \`${home}' does not belong to the user you are currently creating.`);
      return undefined;
    }
    yield* script.say(`Creating home directory \`${home}' ...`);
    const parts = home.split('/').filter((part) => part !== '');
    for (let n = 1; n <= parts.length; n++) {
      const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, `/${parts.slice(0, n).join('/')}`, 0o755);
      if (!made.ok && made.errno !== 'EEXIST')
        return yield* script.die(`Couldn't create home directory \`${home}': ${strerror(made.errno)}.`);
    }
    yield* sys.fchownat(AT_FDCWD, home, uid, gid, 0);
    yield* sys.fchmodat(AT_FDCWD, home, script.options.has('system') ? SYSTEM_DIR_MODE : DIR_MODE);
    if (skeleton) {
      yield* script.say(`Copying files from \`${SKELETON}' ...`);
      yield* copyTree(SKELETON, home, uid, gid);
    }
  }
  return undefined;
}
