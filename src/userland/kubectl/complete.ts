// What may stand at the cursor of a kubectl line: commands, flags, types, names.
// Counterpart: `kubectl __complete`, kubectl/pkg/util/completion, v1.36

import type { RestResponse } from '#base/rest.ts';
import { COMMANDS } from './commands.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import type { ClusterPort } from './port.ts';
import { findResource } from './resources.ts';
import type { Json } from './session.ts';

type Cluster = Pick<ClusterPort, 'resources' | 'request'>;

/** Commands whose arguments are TYPE NAME…, and those that are about pods. */
const TYPED = ['get', 'describe', 'delete', 'edit', 'label', 'annotate', 'patch', 'scale', 'wait', 'expose'];
const PODS = ['logs', 'exec', 'attach', 'debug', 'cp'];
const NODES = ['cordon', 'uncordon', 'drain'];
const SUBCOMMANDS: Readonly<Record<string, readonly string[]>> = {
  rollout: ['history', 'pause', 'restart', 'resume', 'status', 'undo'],
  config: [
    'current-context',
    'delete-context',
    'get-clusters',
    'get-contexts',
    'get-users',
    'rename-context',
    'set-context',
    'use-context',
    'view',
  ],
  create: ['configmap', 'cronjob', 'deployment', 'job', 'namespace', 'priorityclass', 'quota', 'secret', 'service', 'serviceaccount'],
  auth: ['can-i', 'whoami'],
  set: ['image'],
  apply: ['view-last-applied'],
};
const VALUES: Readonly<Record<string, readonly string[]>> = {
  output: ['custom-columns', 'custom-columns-file', 'go-template', 'json', 'jsonpath', 'kyaml', 'name', 'wide', 'yaml'],
  'dry-run': ['client', 'none', 'server'],
  profile: ['baseline', 'general', 'legacy', 'netadmin', 'restricted', 'sysadmin'],
  restart: ['Always', 'Never', 'OnFailure'],
};

const namesOf = (cluster: Cluster, kind: string, namespace: string): readonly string[] => {
  const resource = findResource(cluster.resources(), kind);
  if (resource === undefined) return [];
  const { group, version, plural } = resource;
  const answer: RestResponse = cluster.request({
    verb: 'list',
    group,
    version,
    resource: plural,
    ...(resource.namespaced ? { namespace } : {}),
  });
  return answer.code < 400 ? ((answer.body as Json).items as Json[]).map((o) => o.metadata.name) : [];
};

/** Candidates for `word`, given the words between "kubectl" and it; undefined: a file name belongs here. */
export function completeKubectl(cluster: Cluster, before: readonly string[], word: string): readonly string[] | undefined {
  const args: string[] = [];
  let namespace = 'default';
  let open: string | undefined;
  const name = before.find((w) => !w.startsWith('-') && COMMANDS[w] !== undefined);
  const flags = [...(name === undefined ? [] : (COMMANDS[name]?.flags ?? [])), ...GLOBAL_FLAGS].filter((f) => !f.refused);
  for (const w of before) {
    if (open !== undefined) {
      if (open === 'namespace') namespace = w;
      open = undefined;
      continue;
    }
    if (w === '--') return undefined;
    if (!w.startsWith('-')) {
      args.push(w);
      continue;
    }
    const spec = flags.find((f) => w === `--${f.name}` || w === `-${f.short}`);
    if (spec && !['bool', 'optional'].includes(spec.kind)) open = spec.name;
  }
  const matching = (list: readonly string[]): readonly string[] => [...new Set(list)].filter((one) => one.startsWith(word)).sort();
  if (open === 'filename' || open === 'kubeconfig') return undefined;
  if (open === 'namespace') return matching(namesOf(cluster, 'namespaces', ''));
  if (open === 'container') return matching(containers(cluster, namespace, args.at(-1) ?? ''));
  if (open !== undefined) return matching(VALUES[open] ?? []);
  if (word.startsWith('-'))
    return word.startsWith('--') || word === '-' ? matching(flags.map((f) => `--${f.name}${f.kind === 'bool' ? '' : '='}`)) : [];
  const [command, ...rest] = args;
  if (command === undefined) return matching(Object.keys(COMMANDS));
  if (rest.length === 0 && SUBCOMMANDS[command]) return matching(SUBCOMMANDS[command] as readonly string[]);
  if (PODS.includes(command)) return rest.length === 0 ? matching(namesOf(cluster, 'pods', namespace)) : undefined;
  if (NODES.includes(command)) return matching(namesOf(cluster, 'nodes', ''));
  const typed = command === 'rollout' || command === 'set' ? rest.slice(1) : rest;
  if (command !== 'rollout' && command !== 'set' && !TYPED.includes(command))
    return command === 'explain' && rest.length === 0 ? matching(types(cluster)) : [];
  const slash = word.indexOf('/');
  if (slash > 0) return matching(namesOf(cluster, word.slice(0, slash), namespace).map((one) => `${word.slice(0, slash + 1)}${one}`));
  return typed.length === 0 ? matching(types(cluster)) : matching(namesOf(cluster, typed[0] as string, namespace));
}

const types = (cluster: Cluster): readonly string[] =>
  cluster
    .resources()
    .filter((r) => r.verbs.includes('list'))
    .map((r) => r.plural);

function containers(cluster: Cluster, namespace: string, pod: string): readonly string[] {
  const answer = cluster.request({ verb: 'get', group: '', version: 'v1', resource: 'pods', namespace, name: pod.replace(/^pods?\//, '') });
  if (answer.code >= 400) return [];
  const { spec } = answer.body as Json;
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => (spec[list] ?? []).map((c: Json) => c.name));
}
