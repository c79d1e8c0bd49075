// kubectl run: a pod from flags, and a session in it.

import type { RestRequest } from '#base/rest.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { attachTo } from './attach.ts';
import { createObject } from './createObject.ts';
import { pairs } from './generate.ts';
import { mergePatch } from './mergePatch.ts';
import { type Call, errOut, fail, flagOf, flagsOf, isSet, type Json, out, send, usage } from './session.ts';

/** Counterpart: kubectl/pkg/cmd/run, v1.36 */
export function* run(call: Call): Program<number> {
  const image = flagOf(call, 'image');
  if (image === undefined) return yield* fail('required flag(s) "image" not set');
  const [name, ...words] = call.parsed.args;
  if (name === undefined) return yield* usage(call, 'NAME is required for run');
  const problem = mistake(call);
  if (problem !== undefined) return yield* usage(call, problem);
  const env = flagsOf(call, 'env').map((e) => ({ name: e.slice(0, e.indexOf('=')), value: e.slice(e.indexOf('=') + 1) }));
  const labels = flagsOf(call, 'labels');
  const port = flagOf(call, 'port');
  const container: Json = {
    ...(words.length > 0 ? { [isSet(call, 'command') ? 'command' : 'args']: words } : {}),
    ...(env.length > 0 ? { env } : {}),
    image,
    ...(flagOf(call, 'image-pull-policy') ? { imagePullPolicy: flagOf(call, 'image-pull-policy') } : {}),
    name,
    ...(port === undefined ? {} : { ports: [{ containerPort: Number(port) }] }),
    resources: {},
    ...(isSet(call, 'privileged') ? { securityContext: { privileged: true } } : {}),
    ...(isSet(call, 'stdin') ? { stdin: true, stdinOnce: true } : {}),
    ...(isSet(call, 'tty') ? { tty: true } : {}),
  };
  let pod: Json = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      labels: labels.length > 0 ? pairs(labels) : { run: name },
      name,
      ...(flagsOf(call, 'annotations').length > 0 ? { annotations: pairs(flagsOf(call, 'annotations')) } : {}),
    },
    spec: { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy: flagOf(call, 'restart') ?? 'Always' },
  };
  const overrides = flagOf(call, 'overrides');
  if (overrides !== undefined) {
    try {
      pod = mergePatch(pod, JSON.parse(overrides));
    } catch {
      return yield* fail('invalid --overrides: the value is not JSON');
    }
  }
  const attached = wantsAttach(call);
  const status = yield* createObject(call, pod, { ...pod, status: {} }, attached);
  if (status !== 0 || (flagOf(call, 'dry-run') ?? 'none') !== 'none') return status;
  if (isSet(call, 'expose')) return yield* exposePod(call, name, port as string);
  return attached ? yield* session(call, name, pod.spec.restartPolicy) : 0;
}

const wantsAttach = (call: Call): boolean => (call.parsed.values.has('attach') ? isSet(call, 'attach') : isSet(call, 'stdin'));

/** What is wrong with the flags. Counterpart: RunOptions.Run, verifyImage… */
function mistake(call: Call): string | undefined {
  const restart = flagOf(call, 'restart') ?? 'Always';
  const dry = flagOf(call, 'dry-run') ?? 'none';
  if (!['Always', 'OnFailure', 'Never'].includes(restart)) return `invalid restart policy: ${restart}`;
  if (isSet(call, 'rm') && !wantsAttach(call)) return '--rm should only be used for attached containers';
  if (isSet(call, 'tty') && !isSet(call, 'stdin')) return '-i/--stdin is required for containers with -t/--tty=true';
  if (wantsAttach(call) && dry !== 'none')
    return `--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)`;
  if (isSet(call, 'expose') && flagOf(call, 'port') === undefined) return '--port must be set when exposing a service';
  return undefined;
}

function* exposePod(call: Call, name: string, port: string): Program<number> {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { ports: [{ port: Number(port), protocol: 'TCP', targetPort: Number(port) }], selector: { run: name } },
  };
  return yield* createObject(call, service, { ...service, status: { loadBalancer: {} } });
}

/** The attached part of a run: until the session ends, with --rm until the pod is gone; the container's exit code. */
function* session(call: Call, name: string, restart: string): Program<number> {
  const where = { group: '', version: 'v1', resource: 'pods', namespace: call.namespace, name };
  let status = yield* attachTo(call, name, name);
  let complaint = '';
  if (status === 0 && restart !== 'Always') {
    const ended = yield* waitForEnd(call, where);
    if (ended !== undefined && ended.exitCode !== 0) {
      status = ended.exitCode;
      complaint = `pod ${call.namespace}/${name} terminated (${ended.reason})\n${ended.message ?? ''}`.trimEnd();
    }
  }
  if (isSet(call, 'rm')) {
    const gone = yield* send(call, { verb: 'delete', ...where, query: {} });
    if (gone.ok && !isSet(call, 'quiet')) yield* out(`pod "${name}" deleted from ${call.namespace} namespace\n`);
    while (call.port.request({ verb: 'get', ...where }).code < 400) yield* call.port.waitForChange(1_000_000_000n);
  }
  if (complaint !== '') yield* errOut(`${complaint}\n`);
  return status;
}

/** The end of the pod's container, once the pod is Succeeded or Failed. */
function* waitForEnd(call: Call, where: Omit<RestRequest, 'verb'>): Program<Json> {
  for (;;) {
    const got = call.port.request({ verb: 'get', ...where });
    const pod = got.body as Json;
    if (got.code >= 400) return undefined;
    if (['Succeeded', 'Failed'].includes(pod.status?.phase)) return pod.status.containerStatuses?.[0]?.state?.terminated;
    yield* call.port.waitForChange(1_000_000_000n);
  }
}
