// Who a container runs as. Counterpart: containerd pkg/oci/spec_opts.go WithUser, WithAdditionalGIDs; internal/cri/util GenerateUserString

import type { LinuxContainerSecurityContext } from '../cri.ts';

export interface PasswdEntry {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** The lines of an /etc/passwd that are complete; others are passed over. */
export function parsePasswd(text: string): PasswdEntry[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid, , home] = line.split(':');
    if (name === undefined || uid === undefined || gid === undefined || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return [];
    return [{ name, uid: Number(uid), gid: Number(gid), home: home ?? '' }];
  });
}

export interface GroupEntry {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export function parseGroup(text: string): GroupEntry[] {
  return text.split('\n').flatMap((line) => {
    const [name, , gid, members = ''] = line.split(':');
    if (name === undefined || gid === undefined || !/^\d+$/.test(gid)) return [];
    return [{ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }];
  });
}

export interface ResolvedUser {
  readonly uid: number;
  readonly gid: number;
  /** Which rule gave the gid: runAsGroup, the image's passwd, or 0 because there is no such account. */
  readonly gidFrom: 'runAsGroup' | 'passwd' | 'default';
  readonly additionalGids: readonly number[];
  readonly imageGids: readonly number[];
}

const MAX = 2147483647;

/** uid, gid and supplementary groups, or containerd's error text. */
export function resolveUser(
  security: Pick<
    LinuxContainerSecurityContext,
    'run_as_user' | 'run_as_username' | 'run_as_group' | 'supplemental_groups' | 'supplemental_groups_policy'
  >,
  passwdText: string,
  groupText: string,
): { readonly ok: true; readonly value: ResolvedUser } | { readonly ok: false; readonly message: string } {
  const { run_as_user: runAsUser, run_as_username: name, run_as_group: group } = security;
  const passwd = parsePasswd(passwdText);
  const byName = name !== undefined && name !== '' && runAsUser === undefined;
  const text = `${byName ? name : (runAsUser ?? 0)}${group === undefined ? '' : `:${group}`}`;
  let uid = runAsUser ?? 0;
  let entry: PasswdEntry | undefined;
  if (byName) {
    entry = passwd.find((candidate) => candidate.name === name);
    if (entry === undefined) return { ok: false, message: 'no users found' };
    uid = entry.uid;
  } else {
    if (uid > MAX) return { ok: false, message: `invalid USER value "${text}": uid out of range` };
    entry = passwd.find((candidate) => candidate.uid === uid);
  }
  if (group !== undefined && group > MAX) return { ok: false, message: `invalid USER value "${text}": gid out of range` };
  const gid = group ?? entry?.gid ?? 0;
  const login = byName ? name : entry?.name;
  const imageGids =
    security.supplemental_groups_policy === 'Strict' || login === undefined
      ? []
      : parseGroup(groupText)
          .filter((candidate) => candidate.name !== login && candidate.members.includes(login))
          .map((candidate) => candidate.gid);
  const all = [...new Set([gid, ...imageGids, ...security.supplemental_groups])].sort((a, b) => a - b);
  const gidFrom = group !== undefined ? 'runAsGroup' : entry !== undefined ? 'passwd' : 'default';
  return { ok: true, value: { uid, gid, gidFrom, additionalGids: all, imageGids } };
}
