// Puts the account files CRI-O makes up where the container can see them.

import { AT_FDCWD } from '#abi/flags.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { ContainerConfig } from '../cri.ts';
import type { Image } from '../image.ts';
import type { OciMount } from '../oci.ts';
import { mkdirAll, readFile, secureJoin, writeFile } from '../runc/paths.ts';
import { type AccountFile, generatedGroup, generatedPasswd, resolveCrioUser } from './users.ts';

const OPTIONS = ['rw', 'bind', 'nodev', 'nosuid', 'noexec'];

function* accountFile(lower: string, path: string): Program<AccountFile> {
  const full: string = yield* secureJoin(lower, path);
  const stat: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, full, 0);
  const owner = stat.ok ? (path.endsWith('group') ? stat.value.gid : stat.value.uid) : 0;
  return { text: yield* readFile(full), mode: stat.ok ? stat.value.mode : 0, owner };
}

/** Mounts over /etc/passwd and /etc/group for ids that the image does not know. */
export function* accountMounts(id: string, lower: string, image: Image, config: ContainerConfig): Program<readonly OciMount[]> {
  const security = config.linux.security_context;
  const given = new Set(config.mounts.map((mount) => mount.container_path.replace(/\/+$/, '')));
  const passwd: AccountFile = yield* accountFile(lower, '/etc/passwd');
  const group: AccountFile = yield* accountFile(lower, '/etc/group');
  const user = resolveCrioUser(security, passwd.text, group.text);
  if (!user.ok || given.has('/etc')) return [];
  const env = [...(image.config.Env ?? []), ...config.envs.map(({ key, value }) => `${key}=${value}`)];
  const home = env.findLast((entry) => entry.startsWith('HOME='))?.slice(5) || config.working_dir || image.config.WorkingDir || '/';
  const texts = { passwd: generatedPasswd(security, passwd, home), group: generatedGroup(user.value.gid, group) };
  const directory = `/run/containers/storage/overlay-containers/${id}/userdata`;
  const mounts: OciMount[] = [];
  for (const [name, text] of Object.entries(texts)) {
    if (text === undefined || given.has(`/etc/${name}`)) continue;
    yield* mkdirAll(directory);
    yield* writeFile(`${directory}/${name}`, text);
    mounts.push({ destination: `/etc/${name}`, type: 'bind', source: `${directory}/${name}`, options: OPTIONS });
  }
  return mounts;
}
