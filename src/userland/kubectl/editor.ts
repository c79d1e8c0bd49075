// The editor kubectl starts on a file of its own making.

import { AT_FDCWD, O_CREAT, O_EXCL, O_WRONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { bytesOf, readFile, textOf, writeAll } from '../lib/io.ts';

const NOT_FOUND = 127;

export type Edited =
  | { readonly ok: true; readonly text: string; readonly file: string }
  | { readonly ok: false; readonly message: string; readonly file: string };

/** $KUBE_EDITOR, $EDITOR or vi: split at spaces, or left to $SHELL where it has quotes or backslashes. */
function commandLine(env: readonly string[], file: string): { readonly argv: readonly string[]; readonly shown: string } {
  const value = (name: string): string | undefined => env.find((e) => e.startsWith(`${name}=`))?.slice(name.length + 1) || undefined;
  const editor = value('KUBE_EDITOR') ?? value('EDITOR') ?? 'vi';
  if (editor.includes(' ') && /["'\\]/.test(editor)) {
    const shell = [value('SHELL') ?? '/bin/bash', '-c'];
    return { argv: [...shell, `${editor} ${JSON.stringify(file)}`], shown: [...shell, editor].join(' ') };
  }
  return { argv: [...editor.split(' '), file], shown: editor };
}

function* temporary(env: readonly string[], text: string): Program<string | undefined> {
  const folder = env.find((e) => e.startsWith('TMPDIR='))?.slice('TMPDIR='.length) || '/tmp';
  const random: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/urandom', 0);
  for (let tries = 0; tries < 100; tries++) {
    const bytes: SysResult<Uint8Array> = random.ok ? yield* sys.read(random.value, 4) : { ok: true, value: new Uint8Array(4).fill(tries) };
    const number = bytes.ok ? new DataView(bytes.value.slice().buffer).getUint32(0, true) : tries;
    const file = `${folder}/kubectl-edit-${number}.yaml`;
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, file, O_WRONLY | O_CREAT | O_EXCL, 0o600);
    if (!fd.ok && fd.errno === 'EEXIST') continue;
    if (random.ok) yield* sys.close(random.value);
    if (!fd.ok) return undefined;
    yield* writeAll(fd.value, bytesOf(text));
    yield* sys.close(fd.value);
    return file;
  }
  return undefined;
}

/** Puts a text into a new file and has it edited. Counterpart: Editor.LaunchTempFile, kubectl/pkg/cmd/util/editor, v1.36 */
export function* editText(env: readonly string[], text: string): Program<Edited> {
  const file = yield* temporary(env, text);
  if (file === undefined) return { ok: false, message: 'open /tmp/kubectl-edit-0.yaml: permission denied', file: '' };
  const { argv, shown } = commandLine(env, file);
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* execvp(argv, env);
      return NOT_FOUND;
    },
  });
  const status = child.ok ? statusCode(yield* waitFor(child.value)) : 1;
  if (status === NOT_FOUND && argv[1] !== '-c') return { ok: false, message: `unable to launch the editor ${JSON.stringify(shown)}`, file };
  if (status !== 0) return { ok: false, message: `there was a problem with the editor ${JSON.stringify(shown)}`, file };
  const after = yield* readFile(file);
  return after.ok ? { ok: true, text: textOf(after.value), file } : { ok: false, message: `open ${file}: no such file or directory`, file };
}
