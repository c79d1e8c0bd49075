// Flags that only some subcommands of create and set have.

import { CREATE_KINDS } from './createKinds.ts';
import type { FlagSpec, Parsed } from './flags.ts';

/** Command → flag → the subcommands with it. Counterpart: kubectl/pkg/cmd/create, kubectl/pkg/cmd/set, v1.36 */
const OWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  create: {
    ...flags('edit raw selector filename kustomize recursive', ''),
    ...flags('from-literal from-env-file', 'configmap secret/generic'),
    'from-file': 'configmap secret/generic secret/docker-registry',
    'append-hash': 'configmap secret/generic secret/docker-registry secret/tls',
    type: 'secret/generic',
    ...flags('cert key', 'secret/tls'),
    ...flags('docker-server docker-username docker-password docker-email', 'secret/docker-registry'),
    image: 'deployment job cronjob',
    ...flags('replicas port', 'deployment'),
    from: 'job',
    ...flags('schedule restart', 'cronjob'),
    ...flags('hard scopes', 'quota'),
    ...flags('value global-default description preemption-policy', 'priorityclass'),
    tcp: 'service/clusterip service/nodeport service/loadbalancer service/externalname',
    clusterip: 'service/clusterip',
    'node-port': 'service/nodeport',
    'external-name': 'service/externalname',
    ...flags('verb resource resource-name', 'role clusterrole'),
    ...flags('non-resource-url aggregation-rule', 'clusterrole'),
    role: 'rolebinding',
    ...flags('clusterrole group serviceaccount', 'rolebinding clusterrolebinding'),
    ...flags('duration audience bound-object-kind bound-object-name bound-object-uid', 'token'),
  },
  set: {
    ...flags('list overwrite resolve env from prefix keys', 'env'),
    containers: 'env resources',
    ...flags('limits requests', 'resources'),
    'resource-version': 'selector',
    selector: 'image env resources subject',
    ...flags('all local', 'image env resources selector serviceaccount subject'),
  },
};

function flags(names: string, subcommands: string): Record<string, string> {
  return Object.fromEntries(names.split(' ').map((name) => [name, subcommands]));
}

export interface Stray {
  /** As pflag words it. */
  readonly complaint: string;
  /** The command whose help the complaint points to. */
  readonly command: string;
}

/** How pflag names a flag it does not know, from the word it stood in. */
function unknown(spec: FlagSpec, words: readonly string[]): string {
  const short = words.find((word) => spec.short !== undefined && word.startsWith(`-${spec.short}`));
  const long = words.some((word) => word === `--${spec.name}` || word.startsWith(`--${spec.name}=`));
  return long || short === undefined ? `unknown flag: --${spec.name}` : `unknown shorthand flag: '${spec.short}' in ${short}`;
}

/** The first flag given that the subcommand has not; undefined when all fit. Counterpart: a command of cobra has its own flags only */
export function strayFlag(
  command: string,
  { args, values }: Parsed,
  specs: readonly FlagSpec[],
  words: readonly string[],
): Stray | undefined {
  const own = OWN[command];
  if (own === undefined) return undefined;
  const [first = '', second = ''] = args;
  const sub = command === 'create' ? (CREATE_KINDS[first] ?? first) : first;
  const nested = command === 'create' && (sub === 'secret' || sub === 'service');
  const path = nested ? `${sub}/${second}` : sub;
  const known =
    command === 'create'
      ? sub === '' || CREATE_KINDS[first] !== undefined
      : Object.values(own).some((list) => list.split(' ').includes(path));
  const spec = known ? specs.find(({ name }) => values.has(name) && own[name]?.split(' ').includes(path) === false) : undefined;
  if (spec === undefined) return undefined;
  const named = [command, ...(sub === '' ? [] : [sub]), ...(nested && second !== '' ? [second] : [])];
  return { complaint: unknown(spec, words), command: named.join(' ') };
}
