// Who a container runs as under CRI-O, and the account lines it makes up for unknown ids.
// Counterpart: setupContainerUser, server/container_create.go; GeneratePasswd, GenerateGroup, utils/utils.go, CRI-O 1.37

import { parseGroup, parsePasswd, type ResolvedUser } from '../containerd/users.ts';
import type { LinuxContainerSecurityContext } from '../cri.ts';

type Security = Pick<
  LinuxContainerSecurityContext,
  'run_as_user' | 'run_as_username' | 'run_as_group' | 'supplemental_groups' | 'supplemental_groups_policy'
>;

/** uid, gid and groups in the order CRI-O adds them: the gid, the image's groups, the pod's. */
export function resolveCrioUser(
  security: Security,
  passwdText: string,
  groupText: string,
): { readonly ok: true; readonly value: ResolvedUser } | { readonly ok: false; readonly message: string } {
  const { run_as_user: user, run_as_username: name = '', run_as_group: group } = security;
  const passwd = parsePasswd(passwdText);
  const byName = name !== '' && user === undefined;
  const entry = passwd.find((one) => (byName ? one.name === name : one.uid === (user ?? 0)));
  if (byName && entry === undefined)
    return { ok: false, message: `get exec user: unable to find user ${name}: no matching entries in passwd file` };
  const uid = entry?.uid ?? user ?? 0;
  const gid = group ?? entry?.gid ?? 0;
  const member = (members: readonly string[]): boolean => entry !== undefined && members.includes(entry.name);
  const imageGids =
    security.supplemental_groups_policy === 'Strict'
      ? []
      : parseGroup(groupText)
          .filter(({ members }) => member(members))
          .map((one) => one.gid);
  const gidFrom = group !== undefined ? 'runAsGroup' : entry === undefined ? 'default' : 'passwd';
  return {
    ok: true,
    value: { uid, gid, gidFrom, imageGids, additionalGids: [...new Set([gid, ...imageGids, ...security.supplemental_groups])] },
  };
}

/** What the image's file looks like to the check whether the container may write it anyway. */
export interface AccountFile {
  readonly text: string;
  readonly mode: number;
  readonly owner: number;
}

const writable = ({ mode, owner }: AccountFile, id: number): boolean => (mode & 0o022) !== 0 || (id === owner && (mode & 0o200) !== 0);

/** The container's own /etc/passwd with a line for its uid; undefined where the image's will do. The gid is that of the image, not runAsGroup. */
export function generatedPasswd(security: Security, file: AccountFile, home: string): string | undefined {
  const { run_as_user: user, run_as_username: name } = security;
  const uid = user ?? 0;
  if (file.text === '' || (name && user === undefined) || parsePasswd(file.text).some((one) => one.uid === uid) || writable(file, uid))
    return undefined;
  return `${file.text}${uid}:x:${uid}:0:${uid} user:${home}:/sbin/nologin\n`;
}

/** The container's own /etc/group with a line for its gid; undefined where the image's will do. */
export function generatedGroup(gid: number, file: AccountFile): string | undefined {
  if (file.text === '' || parseGroup(file.text).some((one) => one.gid === gid) || writable(file, gid)) return undefined;
  return `${file.text}${gid}:x:${gid}:\n`;
}
