// kubectl debug: an ephemeral container in a pod, a copy of the pod, or a pod on a node.

import { AT_FDCWD, O_RDONLY } from '#abi/flags.ts';
import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { manifestObjects } from '#yaml/manifest.ts';
import { readFile, textOf } from '../lib/io.ts';
import { attachTo } from './attach.ts';
import { applyCustom, applyProfile, PROFILES, type Profile, type Style } from './debugProfiles.ts';
import { findResource, type Resource } from './resources.ts';
import { about, type Call, errOut, fail, flagOf, flagsOf, getNamed, isSet, type Json, out, send, statusText } from './session.ts';
import { parseTargets } from './targets.ts';

interface Wish {
  readonly image: string | undefined;
  readonly words: readonly string[];
  readonly profile: Profile;
  readonly custom: Json | undefined;
}

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters, as utilrand.String(5) makes them. */
function* suffix(): Program<string> {
  const source: SysResult<number> = yield* sys.openat(AT_FDCWD, '/dev/urandom', O_RDONLY);
  const bytes: SysResult<Uint8Array> = source.ok ? yield* sys.read(source.value, 5) : source;
  if (source.ok) yield* sys.close(source.value);
  return [...(bytes.ok ? bytes.value : new Uint8Array(5))].map((b) => SUFFIX[b % SUFFIX.length]).join('');
}

/** The mistakes found before anything is asked. Counterpart: DebugOptions.Validate */
function mistake(call: Call): string | undefined {
  const copy = flagOf(call, 'copy-to') ?? '';
  const image = flagOf(call, 'image') ?? '';
  const images = flagsOf(call, 'set-image');
  const profile = flagOf(call, 'profile') ?? 'general';
  if (!(PROFILES as readonly string[]).includes(profile)) return `unknown profile: ${profile}`;
  if (copy !== '') {
    if (image === '' && images.length === 0 && (call.parsed.dash < 0 || call.parsed.dash === call.parsed.args.length))
      return 'you must specify --image, --set-image or command arguments.';
    if (image !== '' && images.length > 0) return '--set-image may not be used with --image.';
  } else {
    if (isSet(call, 'replace')) return '--replace may only be used with --copy-to.';
    if (isSet(call, 'same-node')) return '--same-node may only be used with --copy-to.';
    if (images.length > 0) return '--set-image may only be used with --copy-to.';
    if (image === '') return 'you must specify --image when not using --copy-to.';
  }
  if (/\s/.test(image)) return `invalid image name ${JSON.stringify(image)}: invalid reference format`;
  const policy = flagOf(call, 'image-pull-policy');
  if (policy !== undefined && !['Always', 'IfNotPresent', 'Never'].includes(policy)) return `invalid image pull policy: ${policy}`;
  if (call.parsed.args.length === 0 || call.parsed.dash === 0) return 'NAME is required for debug';
  if (flagOf(call, 'target') !== undefined && copy !== '') return '--target is incompatible with --copy-to. Use --share-processes instead.';
  if (isSet(call, 'tty') && !isSet(call, 'stdin')) return '-i/--stdin is required for containers with -t/--tty=true';
  return undefined;
}

function* customProfile(call: Call): Program<Json | undefined | number> {
  const file = flagOf(call, 'custom');
  if (file === undefined) return undefined;
  const text = yield* readFile(file);
  if (!text.ok)
    return yield* fail(`must pass a valid container spec json file for custom profile: open ${file}: no such file or directory`);
  const [item] = manifestObjects(textOf(text.value), file);
  if (item === undefined || item.kind === 'error') return yield* fail(`unable to decode custom profile ${file}`);
  return item.value as Json;
}

/** The container's fields that every style has. */
function container(call: Call, name: string, wish: Wish, node: boolean): Json {
  const env = flagsOf(call, 'env').map((e) => ({ name: e.slice(0, e.indexOf('=')), value: e.slice(e.indexOf('=') + 1) }));
  return {
    ...(wish.words.length > 0 ? { [isSet(call, 'arguments-only') ? 'args' : 'command']: wish.words } : {}),
    ...(env.length > 0 ? { env } : {}),
    image: wish.image,
    ...(flagOf(call, 'image-pull-policy') ? { imagePullPolicy: flagOf(call, 'image-pull-policy') } : {}),
    name,
    ...(isSet(call, 'stdin') ? { stdin: true } : {}),
    ...(node ? { resources: {} } : {}),
    terminationMessagePolicy: 'File',
    ...(isSet(call, 'tty') ? { tty: true } : {}),
  };
}

/** Counterpart: kubectl/pkg/cmd/debug, v1.36 */
export function* debug(call: Call): Program<number> {
  const problem = mistake(call);
  if (problem !== undefined) return yield* fail(problem);
  const { args, dash } = call.parsed;
  const own = dash < 0 ? args : args.slice(0, dash);
  const custom: Json | number = yield* customProfile(call);
  if (typeof custom === 'number') return custom;
  const wish: Wish = {
    image: flagOf(call, 'image'),
    words: dash < 0 ? [] : args.slice(dash),
    profile: (flagOf(call, 'profile') ?? 'general') as Profile,
    custom,
  };
  const known = call.port.resources();
  const word = own[0] ?? '';
  const targets =
    word.includes('/') || findResource(known, word) === undefined || own.length < 2
      ? own.map((w) => (w.includes('/') ? [w] : ['pods', w]))
      : [own];
  let status = 0;
  for (const words of targets) {
    const parsed = parseTargets(known, words);
    if (!parsed.ok) return yield* fail(parsed.error);
    for (const { resource, name = '' } of parsed.targets) status = (yield* debugOne(call, wish, resource, name)) || status;
  }
  return status;
}

function* debugOne(call: Call, wish: Wish, resource: Resource, name: string): Program<number> {
  const live = yield* getNamed(call, { ...about(resource, call.namespace), name });
  if (!live.ok) {
    yield* errOut(statusText(live.status));
    return 1;
  }
  if (resource.kind === 'Node') return yield* onNode(call, wish, name);
  if (resource.kind !== 'Pod') return yield* fail(`${resource.kind.toLowerCase()} not supported by debug`);
  return flagOf(call, 'copy-to') === undefined ? yield* ephemeral(call, wish, live.body) : yield* copied(call, wish, live.body);
}

function* containerName(call: Call): Program<string> {
  const given = flagOf(call, 'container');
  if (given !== undefined) return given;
  const name = `debugger-${yield* suffix()}`;
  if (!isSet(call, 'quiet')) yield* out(`Defaulting debug container name to ${name}.\n`);
  return name;
}

/** The profile, what is to be said about it, and --custom; an exit status when that cannot be. */
function* dress(wish: Wish, style: Style, spec: Json, name: string, exists = false): Program<number | undefined> {
  if (wish.profile === 'legacy')
    yield* errOut(
      '--profile=legacy is deprecated and planned to be removed in v1.39. It is recommended to specify other profile, for example "--profile=general".\n',
    );
  applyProfile(wish.profile, style, spec, name);
  const list = style === 'ephemeral' ? 'ephemeralContainers' : 'containers';
  const own: Json = (spec[list] ?? []).find((c: Json) => c.name === name);
  if (wish.custom !== undefined && own !== undefined) {
    const problem = applyCustom(wish.custom, own);
    if (problem !== undefined) return yield* fail(problem);
  }
  const user = spec.securityContext?.runAsUser;
  if (
    !exists &&
    ['general', 'netadmin', 'sysadmin'].includes(wish.profile) &&
    style !== 'node' &&
    user &&
    own?.securityContext?.runAsUser === undefined
  )
    yield* errOut(
      'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".\n',
    );
  return undefined;
}

const wantsAttach = (call: Call): boolean => (call.parsed.values.has('attach') ? isSet(call, 'attach') : isSet(call, 'stdin'));

function* ephemeral(call: Call, wish: Wish, pod: Json): Program<number> {
  const target = flagOf(call, 'target');
  if (target !== undefined && !isSet(call, 'quiet'))
    yield* out(
      `Targeting container "${target}". If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    );
  const name = yield* containerName(call);
  const spec = structuredClone(pod.spec);
  // The profile goes to the first container of the name: to an existing one, if there is one, which the server then refuses.
  const exists = (spec.ephemeralContainers ?? []).some((c: Json) => c.name === name);
  if (!exists)
    spec.ephemeralContainers = [
      ...(spec.ephemeralContainers ?? []),
      { ...container(call, name, wish, false), ...(target === undefined ? {} : { targetContainerName: target }) },
    ];
  const refused = yield* dress(wish, 'ephemeral', spec, name, exists);
  if (refused !== undefined) return refused;
  const where = { group: '', version: 'v1', resource: 'pods', namespace: call.namespace, name: pod.metadata.name };
  const added = spec.ephemeralContainers.filter((c: Json) => c.name === name);
  const patched = yield* send(call, {
    verb: 'patch',
    patchType: 'strategic',
    ...where,
    subresource: 'ephemeralcontainers',
    body: { spec: { ephemeralContainers: added } },
    query: { fieldManager: 'kubectl-debug' },
  });
  if (!patched.ok) {
    yield* errOut(statusText(patched.status));
    return 1;
  }
  return wantsAttach(call) ? yield* attachTo(call, pod.metadata.name, name) : 0;
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** The pod under a new name, without what would make others take it for the first. Counterpart: generatePodCopyWithDebugContainer */
function* copied(call: Call, wish: Wish, pod: Json): Program<number> {
  const to = flagOf(call, 'copy-to') as string;
  const { spec, metadata } = structuredClone(pod);
  if (!isSet(call, 'same-node')) delete spec.nodeName;
  delete spec.ephemeralContainers;
  if (call.parsed.values.has('keep-init-containers') && !isSet(call, 'keep-init-containers')) delete spec.initContainers;
  for (const one of spec.containers) for (const probe of PROBES) if (!isSet(call, `keep-${probe.replace('Probe', '')}`)) delete one[probe];
  if (call.parsed.values.has('share-processes')) spec.shareProcessNamespace = isSet(call, 'share-processes');
  for (const pair of flagsOf(call, 'set-image').flatMap((v) => v.split(','))) {
    const [which = '', image = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    for (const one of spec.containers) if (which === '*' || one.name === which) one.image = image;
  }
  const existing: Json = spec.containers.find((c: Json) => c.name === flagOf(call, 'container'));
  let name = existing?.name as string | undefined;
  if (existing !== undefined) {
    if (wish.words.length > 0) {
      existing.command = wish.words;
      delete existing.args;
    }
    if (wish.image !== undefined) existing.image = wish.image;
    if (isSet(call, 'stdin')) existing.stdin = true;
    if (isSet(call, 'tty')) existing.tty = true;
  } else if (wish.image !== undefined) {
    name = yield* containerName(call);
    spec.containers.push(container(call, name, wish, false));
  } else name = flagOf(call, 'container') ?? spec.containers[0].name;
  if (flagOf(call, 'container') !== undefined && existing === undefined && wish.image === undefined)
    return yield* fail(`you must specify an existing container or a new image when specifying args.`);
  const refused = yield* dress(wish, 'copy', spec, name as string);
  if (refused !== undefined) return refused;
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: to,
      namespace: call.namespace,
      ...(isSet(call, 'keep-annotations') && metadata.annotations ? { annotations: metadata.annotations } : {}),
      ...(isSet(call, 'keep-labels') && metadata.labels ? { labels: metadata.labels } : {}),
    },
    spec,
  };
  if (isSet(call, 'replace')) yield* send(call, { verb: 'delete', ...podAt(call, pod.metadata.name), query: {} });
  return yield* createAndAttach(call, body, name as string);
}

const podAt = (call: Call, name: string) => ({ group: '', version: 'v1', resource: 'pods', namespace: call.namespace, name });

function* createAndAttach(call: Call, body: Json, name: string): Program<number> {
  const { name: _, ...where } = podAt(call, '');
  const created = yield* send(call, { verb: 'create', ...where, body, query: { fieldManager: 'kubectl-debug' } });
  if (!created.ok) {
    yield* errOut(statusText(created.status));
    return 1;
  }
  return wantsAttach(call) ? yield* attachTo(call, body.metadata.name, name) : 0;
}

/** A pod in the node's namespaces. Counterpart: generateNodeDebugPod */
function* onNode(call: Call, wish: Wish, node: string): Program<number> {
  const name = flagOf(call, 'container') ?? 'debugger';
  const pod = `node-debugger-${node}-${yield* suffix()}`;
  if (!isSet(call, 'quiet')) yield* out(`Creating debugging pod ${pod} with container ${name} on node ${node}.\n`);
  const spec: Json = {
    containers: [container(call, name, wish, true)],
    nodeName: node,
    restartPolicy: 'Never',
    tolerations: [{ operator: 'Exists' }],
  };
  const refused = yield* dress(wish, 'node', spec, name);
  if (refused !== undefined) return refused;
  const labels = { 'app.kubernetes.io/managed-by': 'kubectl-debug' };
  return yield* createAndAttach(
    call,
    { apiVersion: 'v1', kind: 'Pod', metadata: { labels, name: pod, namespace: call.namespace }, spec },
    name,
  );
}
