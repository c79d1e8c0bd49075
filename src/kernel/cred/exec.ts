// What execve does to credentials. Counterpart: security/commoncap.c cap_bprm_creds_from_file, fs/exec.c bprm_fill_uid,
// capabilities(7) "Transformation of capabilities during execve()"

import { CAP_NONE, type CapSet } from '#abi/capability.ts';
import { SECBIT_KEEP_CAPS, SECBIT_NOROOT } from '#abi/flags.ts';
import { S_ISGID, S_ISUID } from '#abi/mode.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, ok, type Res } from '../context.ts';
import type { Credentials, Kgid, Kuid } from '../state.ts';
import { withStep } from './change.ts';

/** Capabilities of a file (xattr security.capability). */
export interface FileCaps {
  readonly permitted: CapSet;
  readonly inheritable: CapSet;
  readonly effective: boolean;
  readonly rootid: number | null; // revision 3: uid that is root of the namespace it was written in
}

/** Reads the xattr security.capability; undefined for anything malformed. Counterpart: struct vfs_ns_cap_data */
export function parseFileCaps(bytes: Uint8Array): FileCaps | undefined {
  const word = (at: number): number =>
    ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
  const magic = word(0);
  const revision = magic >>> 24;
  if (!((revision === 2 && bytes.length === 20) || (revision === 3 && bytes.length === 24))) return undefined;
  const set = (at: number): CapSet => BigInt(word(at)) | (BigInt(word(at + 8)) << 32n);
  return { permitted: set(4), inheritable: set(8), effective: (magic & 1) !== 0, rootid: revision === 3 ? word(20) : null };
}

/** What of the file counts: owner as the mount shows it, undefined where it has no id in the namespace. */
export interface ExecSubject {
  readonly mode: number;
  readonly uid: Kuid | undefined;
  readonly gid: Kgid | undefined;
  readonly nosuid: boolean;
  readonly caps: FileCaps | undefined;
}

export interface ExecResult {
  readonly cred: Credentials;
  /** More rights than the caller: the loader distrusts the environment, no core dumps. */
  readonly secure: boolean;
}

/**
 * Credentials after execve. `root` is the kernel uid of 0 in the user namespace; `traced` what a tracer without
 * CAP_SYS_PTRACE takes away: everything new, but the ids stay with a caller that has CAP_SETUID.
 */
export function execCredentials(
  old: Credentials,
  file: ExecSubject,
  noNewPrivs: boolean,
  root: Kuid | undefined,
  traced: { readonly maySetuid: boolean } | null = null,
): Res<ExecResult> {
  let euid = old.euid;
  let egid = old.egid;
  const setuid = (file.mode & S_ISUID) !== 0;
  const setgid = (file.mode & S_ISGID) !== 0 && (file.mode & 0o010) !== 0;
  const ignored = noNewPrivs || file.nosuid || file.uid === undefined || file.gid === undefined;
  if (setuid && !ignored) euid = file.uid as Kuid;
  if (setgid && !ignored) egid = file.gid as Kgid;
  let cred = old;
  if (setuid || setgid) {
    cred = withStep(cred, { euid, egid }, 'exec.setid', {
      setuid,
      setgid,
      owner: file.uid ?? -1,
      group: file.gid ?? -1,
      noNewPrivs,
      nosuid: file.nosuid,
      euidBefore: old.euid,
      egidBefore: old.egid,
      euid,
      egid,
    });
  }

  const caps = file.nosuid ? undefined : file.caps;
  let effective = caps?.effective ?? false;
  let permitted: CapSet = CAP_NONE;
  if (caps !== undefined) {
    permitted = (caps.permitted & old.bounding) | (caps.inheritable & old.inheritable);
    cred = withStep(cred, {}, 'exec.fcaps', {
      fPermitted: caps.permitted,
      fInheritable: caps.inheritable,
      fEffective: caps.effective,
      inheritable: old.inheritable,
      bounding: old.bounding,
      permitted,
    });
    if (effective && (caps.permitted & ~permitted) !== CAP_NONE) {
      return err(
        'EPERM',
        deny([check('exec.fcapsBeyondBounding', 'deny', { fPermitted: caps.permitted, bounding: old.bounding, permitted })]),
      );
    }
  }

  const isRoot = (uid: Kuid): boolean => root !== undefined && uid === root;
  if ((old.securebits & SECBIT_NOROOT) === 0 && !(caps !== undefined && !isRoot(old.ruid) && isRoot(euid))) {
    if (isRoot(euid) || isRoot(old.ruid)) {
      permitted = old.bounding | old.inheritable;
      cred = withStep(cred, {}, 'exec.root', { ruid: old.ruid, euid, bounding: old.bounding, inheritable: old.inheritable, permitted });
    }
    if (isRoot(euid)) effective = true;
  }

  // Since Linux 6.16 the ids before count, not the real ones: a program run with other effective ids keeps them.
  const setId = euid !== old.euid || (egid !== old.fsgid && !old.groups.includes(egid));
  const gained = (permitted & ~old.permitted) !== CAP_NONE;
  if ((noNewPrivs || traced !== null) && (setId || gained)) {
    if (noNewPrivs || !traced?.maySetuid) {
      euid = old.ruid;
      egid = old.rgid;
    }
    const cut = permitted & old.permitted;
    cred = withStep(cred, {}, noNewPrivs ? 'exec.noNewPrivs' : 'exec.traced', {
      permittedBefore: permitted,
      oldPermitted: old.permitted,
      permitted: cut,
      euid,
      egid,
    });
    permitted = cut;
  }

  const ambient = caps !== undefined || setId ? CAP_NONE : old.ambient;
  permitted |= ambient;
  const e = effective ? permitted : ambient;
  const changed = permitted !== old.permitted || e !== old.effective || ambient !== old.ambient || euid !== old.euid || egid !== old.egid;
  const fields: Partial<Credentials> = {
    euid,
    suid: euid,
    fsuid: euid,
    egid,
    sgid: egid,
    fsgid: egid,
    permitted,
    effective: e,
    ambient,
    securebits: old.securebits & ~SECBIT_KEEP_CAPS,
  };
  cred = changed
    ? withStep(cred, fields, 'exec.result', {
        permittedBefore: old.permitted,
        effectiveBefore: old.effective,
        ambientBefore: old.ambient,
        inheritable: old.inheritable,
        bounding: old.bounding,
        permitted,
        effective: e,
        ambient,
        euid,
        egid,
      })
    : { ...old, ...fields }; // a plain exec leaves no trace: the chain stays the essential one
  const secure =
    setId || euid !== old.ruid || egid !== old.rgid || (caps !== undefined && (effective || (permitted & ~ambient) !== CAP_NONE));
  return ok({ cred, secure });
}
