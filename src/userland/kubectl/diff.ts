// kubectl diff: what apply would change, shown by the program diff.

import { AT_FDCWD, AT_REMOVEDIR, O_CREAT, O_TRUNC, O_WRONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { renderYaml } from '#yaml/emit.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import { mergedObject } from './apply.ts';
import { clientFailure, type Failure, finish, serverFailure } from './failures.ts';
import { type Info, loadManifests } from './manifests.ts';
import { about, type Call, fail, filesOf, type Json, send, usage } from './session.ts';

/** Counterpart: kubectl/pkg/cmd/diff, v1.36: exit status 1 for differences, more than 1 for errors */
export function* diff(call: Call): Program<number> {
  if (call.parsed.args.length > 0) {
    yield* usage(call, `Unexpected args: [${call.parsed.args.join(' ')}]`);
    return 2;
  }
  const names = filesOf(call);
  if (names.length === 0) {
    yield* fail('must specify one of -f and -k');
    return 2;
  }
  const loaded = yield* loadManifests(call, names);
  const failures: Failure[] = loaded.errors.map(clientFailure);
  const pid: SysResult<number> = yield* sys.getpid();
  const folders = ['LIVE', 'MERGED'].map((side, i) => `/tmp/${side}-${(pid.ok ? pid.value : 1) * 2654435 + i * 7919}`);
  for (const folder of folders) yield* sys.mkdirat(AT_FDCWD, folder, 0o700);
  const written: string[] = [];
  for (const info of loaded.infos) {
    const failure = yield* writeSides(call, info, folders, written);
    if (failure) failures.push(failure);
  }
  let status = 0;
  if (failures.length === 0 && written.length > 0) status = yield* runDiff(call, folders);
  for (const file of written) yield* sys.unlinkat(AT_FDCWD, file, 0);
  for (const folder of folders) yield* sys.unlinkat(AT_FDCWD, folder, AT_REMOVEDIR);
  if (failures.length === 0) return status;
  yield* finish(failures);
  return 2;
}

/** Writes the live and the merged object. Managed fields are left out, as in the real output. */
function* writeSides(call: Call, info: Info, folders: readonly string[], written: string[]): Program<Failure | undefined> {
  const where = about(info.resource, info.namespace);
  const live = yield* send(call, { verb: 'get', ...where, name: info.name });
  if (!live.ok && live.status?.reason !== 'NotFound') return serverFailure(live.status, '');
  const merged = yield* mergedObject(call, info, live.ok ? live.body : undefined);
  if (!merged.ok) return serverFailure(merged.status, '');
  const { group, version, kind } = info.resource;
  const name = [...(group === '' ? [] : [group]), version, kind, info.namespace, info.name].join('.');
  for (const [i, object] of [live.ok ? live.body : undefined, merged.body].entries()) {
    if (object === undefined) continue;
    const path = `${folders[i]}/${name}`;
    const fd: SysResult<number> = yield* sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
    if (!fd.ok) return clientFailure(`open ${path}: ${fd.errno}`);
    yield* writeAll(fd.value, bytesOf(renderYaml(object as Json)));
    yield* sys.close(fd.value);
    written.push(path);
  }
  return undefined;
}

function* runDiff(call: Call, folders: readonly string[]): Program<number> {
  const external = call.env.find((e) => e.startsWith('KUBECTL_EXTERNAL_DIFF='))?.slice('KUBECTL_EXTERNAL_DIFF='.length);
  const argv = [...(external ? external.split(' ') : ['diff', '-u', '-N']), ...folders];
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* execvp(argv, call.env);
      yield* fail(`executable file not found in $PATH: ${argv[0]}`);
      return 127;
    },
  });
  return child.ok ? statusCode(yield* waitFor(child.value)) : yield* fail('fork failed');
}
