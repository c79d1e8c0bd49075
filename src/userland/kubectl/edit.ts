// kubectl edit: the object in a file, an editor, and a patch of what was changed.

import { AT_FDCWD, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { renderYaml } from '#yaml/emit.ts';
import { manifestObjects } from '#yaml/manifest.ts';
import { statusCode, waitFor } from '../lib/exec.ts';
import { bytesOf, readFile, textOf, writeAll } from '../lib/io.ts';
import { type Failure, finish, serverFailure } from './failures.ts';
import { findObjects, placeOf, writeQuery } from './objects.ts';
import { shownName } from './resources.ts';
import { type Call, errOut, fail, type Json, out, send } from './session.ts';
import { threeWayPatch } from './threeWay.ts';

const HEAD = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** $KUBE_EDITOR, $EDITOR or vi. */
function editorOf(env: readonly string[]): string {
  const value = (name: string): string | undefined => env.find((e) => e.startsWith(`${name}=`))?.slice(name.length + 1) || undefined;
  return value('KUBE_EDITOR') ?? value('EDITOR') ?? 'vi';
}

function* launch(call: Call, file: string): Program<number> {
  const editor = editorOf(call.env);
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* sys.execve('/bin/sh', ['sh', '-c', `${editor} ${file}`], call.env);
      return 127;
    },
  });
  return child.ok ? statusCode(yield* waitFor(child.value)) : 1;
}

/**
 * Counterpart: kubectl/pkg/cmd/edit, v1.36.
 * Deviates: a text that cannot be saved is not opened again, since no interactive editor is simulated; KUBE_EDITOR="sed -i …" works.
 */
export function* edit(call: Call): Program<number> {
  const failures: Failure[] = [];
  const found = yield* findObjects(call, call.parsed.args, failures);
  if (typeof found === 'number') return found;
  const pid: SysResult<number> = yield* sys.getpid();
  for (const one of found) {
    const file = `/tmp/kubectl-edit-${pid.ok ? pid.value : 0}.yaml`;
    const before = `${HEAD}${renderYaml(one.object)}`;
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
    if (!fd.ok) return yield* fail(`open ${file}: permission denied`);
    yield* writeAll(fd.value, bytesOf(before));
    yield* sys.close(fd.value);
    if ((yield* launch(call, file)) !== 0) {
      yield* sys.unlinkat(AT_FDCWD, file, 0);
      return yield* fail(`there was a problem with the editor ${JSON.stringify(editorOf(call.env))}`);
    }
    const after = yield* readFile(file);
    const text = after.ok ? textOf(after.value) : '';
    if (text === before || text.replace(/^\s*#.*$/gm, '').trim() === '') {
      yield* sys.unlinkat(AT_FDCWD, file, 0);
      yield* errOut(text === before ? 'Edit cancelled, no changes made.\n' : 'Edit cancelled, saved file was empty.\n');
      continue;
    }
    const [item] = manifestObjects(text, file);
    if (item === undefined || item.kind === 'error') return yield* fail(item?.message ?? 'no object in the edited file');
    const patch = threeWayPatch(one.object, item.value as Json, one.object);
    const done = yield* send(call, {
      verb: 'patch',
      patchType: 'strategic',
      ...placeOf(one),
      body: patch,
      query: { ...writeQuery(call, 'kubectl-edit'), fieldValidation: 'Strict' },
    });
    if (!done.ok) {
      failures.push(serverFailure(done.status, ''));
      yield* errOut(`A copy of your changes has been stored to "${file}"\n`);
      continue;
    }
    yield* sys.unlinkat(AT_FDCWD, file, 0);
    yield* out(
      `${shownName(one.resource, one.object.metadata.name)} ${done.body.metadata.resourceVersion === one.object.metadata.resourceVersion ? 'skipped' : 'edited'}\n`,
    );
  }
  return yield* finish(failures);
}
