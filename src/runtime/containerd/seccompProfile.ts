// The filter for what the CRI asks for. Counterpart: containerd 2.1 internal/cri/server generateSeccompSpecOpts, contrib/seccomp WithProfile

import type { Errno } from '#abi/errno.ts';
import { AT_FDCWD, O_CLOEXEC } from '#abi/flags.ts';
import { type Program, type SeccompFilter, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { SecurityProfile } from '../cri.ts';
import { SECCOMP_ROOT } from '../node.ts';
import { goError } from '../runc/failure.ts';
import { goJsonError } from './goJson.ts';
import { defaultSeccomp } from './seccomp.ts';

/** A file as it could be read, or which call failed. */
export type ProfileFile =
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly failed: 'open' | 'read'; readonly errno: Errno };

type Seccomp =
  | { readonly ok: true; readonly value: (SeccompFilter & Readonly<Record<string, unknown>>) | undefined }
  | { readonly ok: false; readonly message: string };

/** Reads the file of a Localhost profile from the node's disk. */
export function* readProfile(profile: SecurityProfile | undefined): Program<ProfileFile | undefined> {
  if (profile?.profile_type !== 'Localhost') return undefined;
  const path = profile.localhost_ref.startsWith('/') ? profile.localhost_ref : `${SECCOMP_ROOT}${profile.localhost_ref}`;
  const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_CLOEXEC);
  if (!fd.ok) return { path, failed: 'open', errno: fd.errno };
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk: SysResult<Uint8Array> = yield* sys.read(fd.value, 65536);
    if (!chunk.ok) {
      yield* sys.close(fd.value);
      return { path, failed: 'read', errno: chunk.errno };
    }
    if (chunk.value.length === 0) break;
    chunks.push(chunk.value);
  }
  yield* sys.close(fd.value);
  const decoder = new TextDecoder();
  return { path, text: chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode() };
}

/** The filter, none, or containerd's error text. */
export function seccompFor(
  profile: SecurityProfile | undefined,
  privileged: boolean,
  bounding: readonly string[],
  file: ProfileFile | undefined,
): Seccomp {
  if (profile === undefined || profile.profile_type === 'Unconfined' || privileged) return { ok: true, value: undefined };
  if (profile.profile_type === 'RuntimeDefault' || file === undefined)
    return { ok: true, value: defaultSeccomp(bounding) as SeccompFilter & Readonly<Record<string, unknown>> };
  const { path } = file;
  if ('failed' in file)
    return { ok: false, message: `cannot load seccomp profile "${path}": ${file.failed} ${path}: ${goError(file.errno)}` };
  const wrong = goJsonError(file.text);
  if (wrong !== undefined) return { ok: false, message: `decoding seccomp profile failed "${path}": ${wrong}` };
  return { ok: true, value: JSON.parse(file.text) as SeccompFilter & Readonly<Record<string, unknown>> };
}
