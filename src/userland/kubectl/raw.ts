// --raw: a path of the API server instead of a resource.

import type { RestRequest } from '#base/rest.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { readFd, readFile, textOf } from '../lib/io.ts';
import { type Call, errOut, fail, flagOf, flagsOf, out, send, statusText } from './session.ts';

/** `/api/v1/namespaces/NS/pods/NAME?query`; undefined: no path of a resource. */
function requestOf(uri: string): Omit<RestRequest, 'verb'> | undefined {
  const [path = '', search = ''] = uri.split('?');
  const parts = path.split('/').filter((part) => part !== '');
  const core = parts[0] === 'api';
  if (!core && parts[0] !== 'apis') return undefined;
  const [group, version, ...rest] = core ? ['', ...parts.slice(1)] : parts.slice(1);
  const namespace = rest[0] === 'namespaces' && rest.length > 2 ? rest[1] : undefined;
  const [resource, name, subresource] = namespace === undefined ? rest : rest.slice(2);
  if (group === undefined || version === undefined || resource === undefined) return undefined;
  const query = Object.fromEntries(search.split('&').flatMap((pair) => (pair === '' ? [] : [pair.split('=').map(decodeURIComponent)])));
  return {
    group,
    version,
    resource,
    query,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** What the paths answer that are no resources; the health checks end without a newline. */
const FIXED: Readonly<Record<string, string>> = {
  '/healthz': 'ok',
  '/livez': 'ok',
  '/readyz': 'ok',
};

/** Counterpart: k8s.io/kubectl/pkg/rawhttp. Deviates: of the paths that are no resources only those of health are answered */
export function* raw(call: Call, verb: 'get' | 'create'): Program<number> {
  const uri = flagOf(call, 'raw') as string;
  const request = requestOf(uri);
  if (request === undefined) {
    const fixed = verb === 'get' ? FIXED[uri] : undefined;
    if (fixed === undefined) return yield* fail(`the path ${uri} is not simulated here`);
    yield* out(fixed);
    return 0;
  }
  let body: string | undefined;
  if (verb === 'create') {
    const [file] = flagsOf(call, 'filename');
    if (file === undefined) return yield* fail('--raw can only use a single local file or stdin');
    const text = file === '-' ? yield* readFd(0) : yield* readFile(file);
    if (!text.ok) return yield* fail(`open ${file}: no such file or directory`);
    body = textOf(text.value);
  }
  const answer = yield* send(call, {
    verb: verb === 'get' && request.name === undefined ? 'list' : verb,
    ...request,
    ...(body === undefined ? {} : { raw: body }),
  });
  if (!answer.ok) {
    yield* errOut(statusText(answer.status));
    return 1;
  }
  yield* out(typeof answer.body === 'string' ? answer.body : `${JSON.stringify(answer.body)}\n`);
  return 0;
}
