// kubectl cp: files travel through tar in the container, so an image without tar cannot be copied from or to.

import { AT_FDCWD, AT_REMOVEDIR } from '#abi/flags.ts';
import { isDir } from '#abi/mode.ts';
import { type Program, type Stat, type SysResult, sys } from '#kernel/uapi/index.ts';
import { execvp, statusCode, waitFor } from '../lib/exec.ts';
import { chooseContainer, findPod } from './podTarget.ts';
import { type Call, errOut, fail, flagOf, type Json } from './session.ts';

interface Place {
  readonly pod: string | undefined;
  readonly namespace: string;
  readonly path: string;
}

/** `path`, `pod:path` or `namespace/pod:path`; undefined: neither. Counterpart: extractFileSpec */
function placeOf(call: Call, text: string): Place | undefined {
  const colon = text.indexOf(':');
  if (colon === 0) return undefined;
  if (colon < 0) return { pod: undefined, namespace: '', path: text };
  const parts = text.slice(0, colon).split('/');
  if (parts.length > 2) return undefined;
  const [namespace, pod] = parts.length === 2 ? parts : [call.namespace, parts[0]];
  return { pod, namespace: namespace as string, path: text.slice(colon + 1) };
}

const parent = (path: string): string => {
  const bare = path.replace(/\/+$/, '');
  return bare.slice(0, Math.max(0, bare.lastIndexOf('/'))) || (path.startsWith('/') ? '/' : '.');
};
const base = (path: string): string => path.replace(/\/+$/, '').split('/').at(-1) ?? '';

/** Runs tar in the container with one end of a pipe, and tar on the workstation with the other. */
function* through(
  call: Call,
  pod: Json,
  container: string,
  remote: readonly string[],
  local: readonly string[],
  down: boolean,
): Program<number> {
  const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
  if (!pipe.ok) return yield* fail('no pipe');
  const [read, write] = pipe.value;
  const child: SysResult<number> = yield* sys.clone({
    flags: 0,
    *main() {
      yield* sys.dup2(down ? read : write, down ? 0 : 1);
      yield* sys.close(read);
      yield* sys.close(write);
      yield* execvp(local, call.env);
      return 127;
    },
  });
  yield* sys.close(down ? read : write);
  const outcome = yield* call.port.exec({
    namespace: pod.metadata.namespace,
    pod: pod.metadata.name,
    container,
    command: remote,
    tty: false,
    stdin: down ? null : read,
    stdout: down ? write : 1,
    // The complaints of the container's tar come out as kubectl's own output; when copying to a pod they stay complaints.
    stderr: down ? 1 : 2,
  });
  yield* sys.close(down ? write : read);
  const own = child.ok ? statusCode(yield* waitFor(child.value)) : 1;
  if ('error' in outcome) return yield* fail(outcome.error);
  if (outcome.exitCode !== 0) {
    yield* errOut(`command terminated with exit code ${outcome.exitCode}\n`);
    return outcome.exitCode;
  }
  return own;
}

/** Counterpart: kubectl/pkg/cmd/cp, v1.36 */
export function* cp(call: Call): Program<number> {
  const [from, to, more] = call.parsed.args;
  if (from === undefined || to === undefined || more !== undefined) return yield* fail('source and destination are required');
  const [source, target] = [placeOf(call, from), placeOf(call, to)];
  if (source === undefined || target === undefined)
    return yield* fail('filespec must match the canonical format: [[namespace/]pod:]file/path');
  if (source.pod !== undefined && target.pod !== undefined) return yield* fail('one of src or dest must be a local file specification');
  if (source.pod === undefined && target.pod === undefined) return yield* fail('one of src or dest must be a remote file specification');
  if (source.path === '' || target.path === '') return yield* fail('filepath can not be empty');
  const down = source.pod !== undefined;
  const remote = down ? source : target;
  const at: Call = { ...call, namespace: remote.namespace };
  const pod: Json | number = yield* findPod(at, remote.pod as string);
  if (typeof pod === 'number') return pod;
  const container = flagOf(call, 'container') ?? (yield* chooseContainer(at, pod));
  if (typeof container === 'number') return container;
  if (!pod.spec.nodeName) return yield* fail(`unable to upgrade connection: pod ${pod.metadata.name} does not have a host assigned`);
  const stage = yield* staging();
  const status = down
    ? yield* download(at, pod, container, source.path, target.path, stage)
    : yield* upload(at, pod, container, source.path, target.path, stage);
  yield* sys.unlinkat(AT_FDCWD, stage, AT_REMOVEDIR);
  return status;
}

/** A folder of its own for what is under way. */
function* staging(): Program<string> {
  const pid: SysResult<number> = yield* sys.getpid();
  const path = `/tmp/kubectl-cp-${pid.ok ? pid.value : 0}`;
  yield* sys.mkdirat(AT_FDCWD, path, 0o700);
  return path;
}

function* download(call: Call, pod: Json, container: string, from: string, to: string, stage: string): Program<number> {
  const status = yield* through(call, pod, container, ['tar', 'cf', '-', from], ['tar', 'xf', '-', '-C', stage], true);
  const inside = from.replace(/^\/+|\/+$/g, '');
  const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, to, 0);
  const target = there.ok && isDir(there.value.mode) && to.endsWith('/') ? `${to}${base(from)}` : to;
  const moved: SysResult<void> = yield* sys.renameat2(AT_FDCWD, `${stage}/${inside}`, AT_FDCWD, target, 0);
  for (let path = parent(inside); path !== '.' && path !== '/'; path = parent(path))
    yield* sys.unlinkat(AT_FDCWD, `${stage}/${path}`, AT_REMOVEDIR);
  if (status === 0 && !moved.ok)
    return yield* fail(`open ${target}: ${moved.errno === 'ENOENT' ? 'no such file or directory' : 'permission denied'}`);
  return status;
}

/** The source goes under the name it is to have: the archive is made of a link of that name. */
function* upload(call: Call, pod: Json, container: string, from: string, to: string, stage: string): Program<number> {
  const there: SysResult<Stat> = yield* sys.newfstatat(AT_FDCWD, from, 0);
  if (!there.ok) return yield* fail(`${from} doesn't exist in local filesystem`);
  const name = to.endsWith('/') ? base(from) : base(to);
  const folder = to.endsWith('/') ? to.replace(/\/+$/, '') || '/' : parent(to);
  const cwd: SysResult<string> = yield* sys.getcwd();
  yield* sys.symlinkat(from.startsWith('/') ? from : `${cwd.ok ? cwd.value : ''}/${from}`, AT_FDCWD, `${stage}/${name}`);
  const status = yield* through(call, pod, container, ['tar', '-xmf', '-', '-C', folder], ['tar', 'chf', '-', '-C', stage, name], false);
  yield* sys.unlinkat(AT_FDCWD, `${stage}/${name}`, 0);
  return status;
}
