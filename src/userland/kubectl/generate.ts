// The create subcommands, which make an object from flags.

import type { Program } from '#kernel/uapi/index.ts';
import { readFile, textOf } from '../lib/io.ts';
import { createObject } from './createObject.ts';
import { createBinding, createRole } from './createRbac.ts';
import { createToken } from './createToken.ts';
import { type Failure, finish } from './failures.ts';
import { findObjects } from './objects.ts';
import { type Call, fail, flagOf, flagsOf, isSet, usage } from './session.ts';

export const pairs = (list: readonly string[]): Record<string, string> =>
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

/** The data of --from-literal, --from-file and --from-env-file; a number is an exit status. */
function* sourcesOf(call: Call, encode: (text: string) => string): Program<{ readonly data?: Record<string, string> } | number> {
  if (flagsOf(call, 'from-env-file').length > 0 && flagsOf(call, 'from-file').length + flagsOf(call, 'from-literal').length > 0)
    return yield* fail('from-env-file cannot be combined with from-file or from-literal');
  const data: Record<string, string> = {};
  for (const literal of flagsOf(call, 'from-literal')) {
    const equals = literal.indexOf('=');
    if (equals <= 0) return yield* fail(`invalid literal source ${literal}, expected key=value`);
    data[literal.slice(0, equals)] = encode(literal.slice(equals + 1));
  }
  for (const source of flagsOf(call, 'from-file')) {
    const equals = source.indexOf('=');
    const path = source.slice(equals + 1);
    const text = yield* readFile(path);
    if (!text.ok) return yield* fail(`error reading ${path}: no such file or directory`);
    data[equals < 0 ? (path.split('/').at(-1) as string) : source.slice(0, equals)] = encode(textOf(text.value));
  }
  for (const path of flagsOf(call, 'from-env-file')) {
    const text = yield* readFile(path);
    if (!text.ok) return yield* fail(`error reading ${path}: no such file or directory`);
    for (const line of textOf(text.value).split('\n')) {
      const equals = line.indexOf('=');
      if (line.trim() !== '' && !line.startsWith('#') && equals > 0) data[line.slice(0, equals)] = encode(line.slice(equals + 1));
    }
  }
  return Object.keys(data).length > 0 ? { data } : {};
}

/** As Go's json.Marshal writes a sign that HTML gives a meaning. */
const escaped = (sign: string): string => `\\u00${sign.charCodeAt(0).toString(16)}`;

/** Credentials of a registry, for imagePullSecrets. Counterpart: kubectl/pkg/cmd/create/create_secret_docker.go, v1.36 */
function* createDockerRegistry(call: Call, name: string): Program<number> {
  if (flagsOf(call, 'from-file').length > 0)
    return yield* fail('the flag --from-file of "kubectl create secret docker-registry" is not simulated here');
  const username = flagOf(call, 'docker-username') ?? '';
  const password = flagOf(call, 'docker-password') ?? '';
  const server = flagOf(call, 'docker-server') ?? 'https://index.docker.io/v1/';
  if (username === '' || password === '' || server === '')
    return yield* fail('either --from-file or the combination of --docker-username, --docker-password and --docker-server is required');
  const email = flagOf(call, 'docker-email') ?? '';
  const auth = base64(`${username}:${password}`);
  const config = { auths: { [server]: { username, password, ...(email === '' ? {} : { email }), auth } } };
  return yield* createObject(call, {
    apiVersion: 'v1',
    data: { '.dockerconfigjson': base64(JSON.stringify(config).replace(/[<>&]/g, escaped)) },
    kind: 'Secret',
    metadata: { name },
    type: 'kubernetes.io/dockerconfigjson',
  });
}

/** A job of a cron job's template. Counterpart: createJobFromCronJob, kubectl/pkg/cmd/create/create_job.go, v1.36 */
function* jobFrom(call: Call, name: string, from: string): Program<number> {
  const failures: Failure[] = [];
  const found = yield* findObjects({ ...call, parsed: { ...call.parsed, values: new Map() } }, [from], failures);
  if (typeof found === 'number') return found;
  if (failures.length > 0) return yield* finish(failures);
  const [one] = found;
  if (found.length !== 1 || one === undefined) return yield* fail('from must be an existing cronjob');
  if (one.resource.kind !== 'CronJob') return yield* fail(`unknown object type *v1.${one.resource.kind}`);
  const { metadata, spec } = one.object;
  const { metadata: template = {}, spec: job } = spec.jobTemplate;
  const owner = { apiVersion: 'batch/v1', controller: true, kind: 'CronJob', name: metadata.name, uid: metadata.uid };
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...template.annotations },
      ...(template.labels === undefined ? {} : { labels: template.labels }),
      name,
      ownerReferences: [owner],
    },
    spec: job,
  };
  return yield* createObject(call, object, { ...object, status: {} });
}

/** `kubectl create KIND NAME`. Counterpart: kubectl/pkg/cmd/create, v1.36 */
export function* create(call: Call, kind: string): Program<number> {
  const [name, extra] = call.parsed.args;
  const { dash } = call.parsed;
  const words = dash < 0 ? [] : call.parsed.args.slice(dash);
  if (name === undefined || (extra !== undefined && dash !== 1))
    return yield* usage(call, `exactly one NAME is required, got ${call.parsed.args.length}`);
  const images = flagsOf(call, 'image');
  const port = flagOf(call, 'port');
  const containers = images.map((image) => ({
    ...(words.length > 0 ? { command: words } : {}),
    image,
    name: kind === 'job' ? name : (image.split('/').at(-1) as string).replace(/[:@].*$/, ''),
    ...(port === undefined ? {} : { ports: [{ containerPort: Number(port) }] }),
    resources: {},
  }));
  switch (kind) {
    case 'namespace': {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      return yield* createObject(call, namespace, { ...namespace, spec: {}, status: {} });
    }
    case 'configmap': {
      const data = yield* sourcesOf(call, (text) => text);
      if (typeof data === 'number') return data;
      return yield* createObject(call, { apiVersion: 'v1', ...data, kind: 'ConfigMap', metadata: { name } });
    }
    case 'secret generic': {
      const data = yield* sourcesOf(call, base64);
      if (typeof data === 'number') return data;
      const type = flagOf(call, 'type');
      return yield* createObject(call, {
        apiVersion: 'v1',
        ...data,
        kind: 'Secret',
        metadata: { name },
        ...(type === undefined ? {} : { type }),
      });
    }
    case 'secret docker-registry':
      return yield* createDockerRegistry(call, name);
    case 'quota': {
      const hard = flagOf(call, 'hard');
      const object = {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name },
        spec: hard === undefined ? {} : { hard: pairs([hard]) },
      };
      return yield* createObject(call, object, { ...object, status: {} });
    }
    case 'priorityclass': {
      const value = flagOf(call, 'value');
      return yield* createObject(call, {
        apiVersion: 'scheduling.k8s.io/v1',
        ...(flagOf(call, 'description') ? { description: flagOf(call, 'description') } : {}),
        ...(isSet(call, 'global-default') ? { globalDefault: true } : {}),
        kind: 'PriorityClass',
        metadata: { name },
        preemptionPolicy: flagOf(call, 'preemption-policy') ?? 'PreemptLowerPriority',
        value: Number(value ?? 0),
      });
    }
    case 'service clusterip':
    case 'service nodeport':
    case 'service loadbalancer': {
      const type = { clusterip: 'ClusterIP', nodeport: 'NodePort', loadbalancer: 'LoadBalancer' }[kind.split(' ')[1] as 'clusterip'];
      const tcp = flagsOf(call, 'tcp').flatMap((v) => v.split(','));
      if (tcp.length === 0 && flagOf(call, 'clusterip') !== 'None') return yield* fail('at least one tcp port specifier must be provided');
      const ports = tcp.map((spec) => {
        const [port = '', target = port] = spec.split(':');
        return {
          name: spec.replace(':', '-'),
          port: Number(port),
          protocol: 'TCP',
          targetPort: /^\d+$/.test(target) ? Number(target) : target,
        };
      });
      const ip = flagOf(call, 'clusterip');
      const labels = { app: name };
      const object = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { labels, name },
        spec: { ...(ip ? { clusterIP: ip } : {}), ports, selector: labels, type },
      };
      return yield* createObject(call, object, { ...object, status: { loadBalancer: {} } });
    }
    case 'cronjob': {
      if (images.length === 0) return yield* fail('required flag(s) "image", "schedule" not set');
      const schedule = flagOf(call, 'schedule');
      if (schedule === undefined) return yield* fail('required flag(s) "schedule" not set');
      const template = {
        metadata: {},
        spec: { containers: containers.map((c) => ({ ...c, name })), restartPolicy: flagOf(call, 'restart') ?? 'OnFailure' },
      };
      const object = {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name },
        spec: { jobTemplate: { metadata: { name }, spec: { template } }, schedule },
      };
      return yield* createObject(call, object, { ...object, status: {} });
    }
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
      const from = flagOf(call, 'from');
      if (images.length === 0 && from === undefined) return yield* fail('either --image or --from must be specified');
      if (images.length > 0 && from !== undefined) return yield* fail('cannot specify --image and --from');
      if (words.length > 0 && from !== undefined) return yield* fail('cannot specify --from and command');
      if (from !== undefined) return yield* jobFrom(call, name, from);
      const object = {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name },
        spec: { template: { metadata: {}, spec: { containers, restartPolicy: 'Never' } } },
      };
      return yield* createObject(call, object, { ...object, status: {} });
    }
    case 'token':
      return yield* createToken(call, name);
    case 'role':
    case 'clusterrole':
      return yield* createRole(call, kind, name);
    case 'rolebinding':
    case 'clusterrolebinding':
      return yield* createBinding(call, kind, name);
    default:
      return yield* fail(`"kubectl create ${kind}" is not simulated here; use "kubectl create -f"`);
  }
}
