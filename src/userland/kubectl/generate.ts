// kubectl run and the create subcommands that make an object from flags.

import type { Program } from '#kernel/uapi/index.ts';
import { serverFailure } from './failures.ts';
import { printObject } from './output.ts';
import { resourceOfKind, shownName } from './resources.ts';
import { about, type Call, errOut, fail, flagOf, flagsOf, isSet, type Json, out, send, usage } from './session.ts';

const pairs = (list: readonly string[]): Record<string, string> =>
  Object.fromEntries(list.flatMap((v) => v.split(',')).map((p) => [p.slice(0, p.indexOf('=')), p.slice(p.indexOf('=') + 1)]));

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let result = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let c = 0; c < 4; c++) result += i + c > bytes.length ? '=' : ALPHABET[(group >> (18 - 6 * c)) & 63];
  }
  return result;
}

function merge(target: Json, patch: Json): Json {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch;
  const result = { ...(target ?? {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

/** Creates the object, or with --dry-run=client only shows it; nulls of the printed form are left out. */
function* createObject(call: Call, object: Json, shown: Json = object): Program<number> {
  const resource = resourceOfKind(call.port.resources(), object.apiVersion, object.kind);
  if (!resource) return yield* fail(`no matches for kind "${object.kind}" in version "${object.apiVersion}"`);
  const dry = flagOf(call, 'dry-run') ?? 'none';
  const output = flagOf(call, 'output') ?? '';
  let result = shown;
  if (dry !== 'client') {
    const body = resource.namespaced ? { ...object, metadata: { ...object.metadata, namespace: call.namespace } } : object;
    const created = yield* send(call, {
      verb: 'create',
      ...about(resource, call.namespace),
      body,
      query: { fieldManager: `kubectl-${call.command.split(' ')[0]}`, ...(dry === 'server' ? { dryRun: 'All' } : {}) },
    });
    if (!created.ok) {
      const plain = created.status?.reason === 'Invalid' || resource.kind === 'Pod' || resource.kind === 'Namespace';
      yield* errOut(
        plain ? serverFailure(created.status, '').alone : `error: failed to create ${resource.singular}: ${created.status?.message}\n`,
      );
      return 1;
    }
    result = created.body;
  }
  if (output !== '') return yield* printObject(call, output, result, resource);
  yield* out(
    `${shownName(resource, object.metadata.name)} created${dry === 'client' ? ' (dry run)' : dry === 'server' ? ' (server dry run)' : ''}\n`,
  );
  return 0;
}

/** Counterpart: kubectl/pkg/cmd/run, v1.36. Deviates: does not attach (-i, -t, --rm); says so. */
export function* run(call: Call): Program<number> {
  const image = flagOf(call, 'image');
  if (image === undefined) return yield* fail('required flag(s) "image" not set');
  const [name, ...words] = call.parsed.args;
  if (name === undefined) return yield* usage(call, 'NAME is required for run');
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
      pod = merge(pod, JSON.parse(overrides));
    } catch {
      return yield* fail('invalid --overrides: the value is not JSON');
    }
  }
  const status = yield* createObject(call, pod, { ...pod, status: {} });
  if (
    status === 0 &&
    (isSet(call, 'stdin') || isSet(call, 'attach') || isSet(call, 'rm')) &&
    (flagOf(call, 'dry-run') ?? 'none') === 'none'
  )
    return yield* fail(`attaching to a new pod is not simulated here; use "kubectl exec -it ${name} -- sh"`);
  return status;
}

/** `kubectl create KIND NAME`. Counterpart: kubectl/pkg/cmd/create, v1.36 */
export function* create(call: Call, kind: string): Program<number> {
  const [name, extra] = call.parsed.args;
  if (name === undefined || extra !== undefined) return yield* usage(call, `exactly one NAME is required, got ${call.parsed.args.length}`);
  const literals = flagsOf(call, 'from-literal').map((l) => [l.slice(0, l.indexOf('=')), l.slice(l.indexOf('=') + 1)] as const);
  const images = flagsOf(call, 'image');
  const containers = images.map((image) => ({
    image,
    name: kind === 'job' ? name : (image.split('/').at(-1) as string).replace(/[:@].*$/, ''),
    resources: {},
  }));
  switch (kind) {
    case 'namespace': {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      return yield* createObject(call, namespace, { ...namespace, spec: {}, status: {} });
    }
    case 'configmap':
      return yield* createObject(call, {
        apiVersion: 'v1',
        ...(literals.length > 0 ? { data: Object.fromEntries(literals) } : {}),
        kind: 'ConfigMap',
        metadata: { name },
      });
    case 'secret':
      return yield* createObject(call, {
        apiVersion: 'v1',
        ...(literals.length > 0 ? { data: Object.fromEntries(literals.map(([k, v]) => [k, base64(v)])) } : {}),
        kind: 'Secret',
        metadata: { name },
      });
    case 'serviceaccount':
      return yield* createObject(call, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
    case 'deployment': {
      if (images.length === 0) return yield* fail('required flag(s) "image" not set');
      const labels = { app: name };
      const object = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { labels, name },
        spec: {
          replicas: Number(flagOf(call, 'replicas') ?? 1),
          selector: { matchLabels: labels },
          strategy: {},
          template: { metadata: { labels }, spec: { containers } },
        },
      };
      return yield* createObject(call, object, { ...object, status: {} });
    }
    case 'job': {
      if (images.length === 0) return yield* fail('either --image or --from must be specified');
      const object = {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name },
        spec: { template: { metadata: {}, spec: { containers, restartPolicy: 'Never' } } },
      };
      return yield* createObject(call, object, { ...object, status: {} });
    }
    default:
      return yield* fail(`creating a ${kind} from flags is not simulated here; use "kubectl create -f"`);
  }
}
