// Every command of kubectl with its flags; a flag that is known but not simulated is marked by `!` and refused.

import type { Program } from '#kernel/uapi/index.ts';
import { writeManifests } from './apply.ts';
import { attach } from './attach.ts';
import { auth } from './auth.ts';
import { config } from './config.ts';
import { cp } from './cp.ts';
import { CREATE_KINDS } from './createKinds.ts';
import { debug } from './debug.ts';
import { remove } from './delete.ts';
import { describe } from './describe.ts';
import { diff } from './diff.ts';
import { edit } from './edit.ts';
import { events } from './events.ts';
import { exec } from './exec.ts';
import { explain } from './explain.ts';
import { expose } from './expose.ts';
import { type FlagSpec, flag } from './flags.ts';
import { create } from './generate.ts';
import { get } from './get.ts';
import { mark } from './label.ts';
import { logs } from './logs.ts';
import { apiResources, apiVersions, clusterInfo, notSimulated, options, version } from './misc.ts';
import { cordon, drain, taint } from './nodes.ts';
import { patch } from './patch.ts';
import { raw } from './raw.ts';
import { rollout } from './rollout.ts';
import { run } from './run.ts';
import { scale } from './scale.ts';
import { type Call, fail, usage } from './session.ts';
import { set } from './set.ts';
import { viewLastApplied } from './viewLastApplied.ts';
import { waitFor } from './wait.ts';

interface Command {
  readonly flags: readonly FlagSpec[];
  readonly run: (call: Call) => Program<number>;
}

const command = (flags: string, main: (call: Call) => Program<number>): Command => ({
  flags: flags
    .split(' ')
    .filter((f) => f !== '')
    .map(flag),
  run: main,
});

// Flags that change nothing here on purpose: field managers, chunks and time-outs of requests are invisible.
const FILES = 'l:filename,f !l:kustomize,k b:recursive,R';
const DRY = 'o:dry-run=unchanged s:output,o s:template !b:show-managed-fields s:field-manager';
const WRITE = `${FILES} ${DRY} o:validate=strict !s:selector,l`;
const SELECT = 's:selector,l s:field-selector b:all-namespaces,A';
const MAKE = `${DRY} b:save-config o:validate=strict`;
const QUIET = `${FILES} o:dry-run=unchanged !s:output,o s:field-manager s:selector,l b:all b:all-namespaces,A`;
const CHANGE = `${FILES} ${DRY} s:selector,l b:all b:all-namespaces,A`;

const VARIANTS: Readonly<Record<string, readonly string[]>> = {
  secret: ['docker-registry', 'generic', 'tls'],
  service: ['clusterip', 'externalname', 'loadbalancer', 'nodeport'],
};

/** `create KIND …` and `create -f`. */
function* createAny(call: Call): Program<number> {
  const [word] = call.parsed.args;
  if (call.parsed.values.has('raw')) return yield* raw(call, 'create');
  if (word === undefined || call.parsed.values.has('filename')) return yield* writeManifests(call, 'create');
  const kind = CREATE_KINDS[word];
  if (kind === undefined) return yield* usage(call, `Unexpected args: [${call.parsed.args.join(' ')}]`);
  const variant = VARIANTS[kind] ? (call.parsed.args[1] ?? '') : '';
  const variants = VARIANTS[kind];
  if (variants && !variants.includes(variant)) return yield* usage({ ...call, command: `create ${kind}` }, `unknown command "${variant}"`);
  const skip = variant === '' ? 1 : 2;
  const name = variant === '' ? kind : `${kind} ${variant}`;
  return yield* create(
    {
      ...call,
      command: `create ${name}`,
      parsed: { ...call.parsed, args: call.parsed.args.slice(skip), dash: call.parsed.dash < 0 ? -1 : call.parsed.dash - skip },
    },
    name,
  );
}

export const COMMANDS: Readonly<Record<string, Command>> = {
  apply: command(
    `${WRITE} b:server-side b:force-conflicts b:prune b:all b:overwrite b:force i:grace-period b:wait s:timeout b:openapi-patch !l:prune-allowlist !s:subresource o:cascade=background`,
    (call) => (call.parsed.args[0] === 'view-last-applied' ? viewLastApplied(call) : writeManifests(call, 'apply')),
  ),
  create: command(
    `${WRITE} b:save-config s:raw !b:edit l:from-literal l:from-file l:from-env-file !b:append-hash l:image i:replicas s:port s:type s:schedule s:from s:hard !s:scopes s:cert s:key s:docker-server s:docker-username s:docker-password s:docker-email l:tcp s:clusterip !i:node-port s:external-name i:value b:global-default s:description s:preemption-policy l:verb l:resource l:resource-name l:non-resource-url !s:aggregation-rule s:role s:clusterrole l:serviceaccount l:user l:group s:duration l:audience s:bound-object-kind s:bound-object-name s:bound-object-uid s:restart`,
    createAny,
  ),
  replace: command(`${WRITE} b:force i:grace-period b:save-config o:cascade=background s:timeout b:wait !s:raw !s:subresource`, (call) =>
    writeManifests(call, 'replace'),
  ),
  get: command(
    `${FILES} ${SELECT} s:output,o s:template b:watch,w b:watch-only b:no-headers b:show-labels b:show-kind s:sort-by b:ignore-not-found l:label-columns,L !b:show-managed-fields i:chunk-size s:subresource !b:server-print s:raw b:output-watch-events b:allow-missing-template-keys`,
    (call) => (call.parsed.values.has('raw') ? raw(call, 'get') : get(call)),
  ),
  describe: command(`!l:filename,f s:selector,l b:all-namespaces,A b:show-events i:chunk-size`, describe),
  delete: command(
    `${FILES} ${SELECT} b:all o:cascade=background b:force i:grace-period b:now b:wait s:timeout s:output,o o:dry-run=unchanged b:ignore-not-found !b:interactive,i !s:raw`,
    remove,
  ),
  exec: command('s:container,c b:stdin,i b:tty,t b:quiet,q l:filename,f s:pod-running-timeout', exec),
  attach: command('s:container,c b:stdin,i b:tty,t b:quiet,q s:pod-running-timeout', attach),
  debug: command(
    '!l:filename,f s:container,c b:stdin,i b:tty,t b:quiet,q s:image s:image-pull-policy l:env s:target s:copy-to b:share-processes s:profile s:custom b:attach b:arguments-only b:replace b:same-node l:set-image b:keep-annotations b:keep-labels b:keep-liveness b:keep-readiness b:keep-startup b:keep-init-containers',
    debug,
  ),
  cp: command('s:container,c b:no-preserve i:retries', cp),
  logs: command(
    'b:follow,f s:container,c b:previous,p i:tail s:since s:since-time b:timestamps b:all-containers b:all-pods b:prefix i:limit-bytes s:selector,l b:ignore-errors i:max-log-requests s:pod-running-timeout b:insecure-skip-tls-verify-backend',
    logs,
  ),
  label: command(`!l:filename,f ${DRY} s:selector,l b:all !s:field-selector b:overwrite b:list !b:local !s:resource-version`, (call) =>
    mark(call, 'labels'),
  ),
  annotate: command(`!l:filename,f ${DRY} s:selector,l b:all !s:field-selector b:overwrite b:list !b:local !s:resource-version`, (call) =>
    mark(call, 'annotations'),
  ),
  patch: command(`${CHANGE} s:patch,p s:patch-file s:type !b:local s:subresource`, patch),
  edit: command(`${QUIET} b:save-config o:validate=strict b:output-patch !s:subresource b:windows-line-endings`, edit),
  scale: command(`${QUIET} i:replicas i:current-replicas !s:resource-version s:timeout`, scale),
  rollout: command(`${QUIET} b:watch,w s:timeout i:revision i:to-revision`, rollout),
  expose: command(
    `${FILES} ${DRY} s:selector s:name s:target-port s:port s:protocol s:type s:cluster-ip !s:overrides !s:external-ip !s:labels,l !s:session-affinity !s:load-balancer-ip`,
    expose,
  ),
  diff: command(
    `${FILES} !b:server-side !b:force-conflicts !b:prune !s:selector,l !b:show-managed-fields s:field-manager i:concurrency`,
    diff,
  ),
  explain: command('b:recursive s:api-version s:output,o', explain),
  events: command('s:for !b:watch,w l:types b:all-namespaces,A b:no-headers s:output,o s:template i:chunk-size', events),
  wait: command(`${FILES} ${SELECT} b:all l:for s:timeout s:output,o s:template !b:local`, waitFor),
  run: command(
    `${MAKE} s:image l:env l:labels,l l:annotations s:port s:restart b:command b:stdin,i b:tty,t b:rm b:attach b:privileged s:overrides !s:override-type s:image-pull-policy b:quiet,q b:expose !l:filename,f !b:leave-stdin-open s:pod-running-timeout !b:force !i:grace-period !b:wait !s:timeout`,
    run,
  ),
  set: command(
    `${CHANGE} b:local b:list b:overwrite !b:resolve l:env,e s:from s:prefix l:keys s:containers,c s:limits s:requests !s:resource-version`,
    set,
  ),
  cordon: command('s:selector,l o:dry-run=unchanged', cordon(true)),
  uncordon: command('s:selector,l o:dry-run=unchanged', cordon(false)),
  drain: command(
    's:selector,l o:dry-run=unchanged b:force b:ignore-daemonsets b:delete-emptydir-data !i:grace-period !s:timeout !b:disable-eviction !s:pod-selector !i:skip-wait-for-delete-timeout i:chunk-size',
    drain,
  ),
  taint: command(`${QUIET} b:overwrite`, taint),
  version: command('b:client s:output,o', version),
  config: command('b:minify !b:raw !b:flatten s:output,o s:template b:no-headers b:current s:cluster s:user b:show-managed-fields', config),
  'cluster-info': command('', clusterInfo),
  'api-resources': command('b:namespaced s:output,o b:no-headers s:api-group !s:sort-by l:verbs l:categories b:cached', apiResources),
  'api-versions': command('', apiVersions),
  auth: command('b:quiet,q b:all-namespaces,A s:subresource b:list b:no-headers s:output,o', auth),
  options: command('', options),
  top: command('b:no-headers b:containers b:all-namespaces,A s:sort-by s:selector,l', (_call) => fail('Metrics API not available')),
  ...Object.fromEntries(
    ['port-forward', 'proxy', 'autoscale', 'kustomize', 'certificate', 'completion', 'plugin', 'alpha', 'convert'].map((name) => [
      name,
      command(`${CHANGE} s:address s:port,p i:min i:max i:cpu-percent`, notSimulated),
    ]),
  ),
};
