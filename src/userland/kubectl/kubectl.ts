// kubectl: finds the command, reads its flags and runs it.

import type { Program, ProgramMain } from '#kernel/uapi/index.ts';
import { writeManifests } from './apply.ts';
import { remove } from './delete.ts';
import { describe } from './describe.ts';
import { attach, exec } from './exec.ts';
import { type FlagSpec, flag, GLOBAL_FLAGS, parseFlags } from './flags.ts';
import { create, run } from './generate.ts';
import { get } from './get.ts';
import { HELP } from './help.ts';
import { mark } from './label.ts';
import { logs } from './logs.ts';
import { apiResources, auth, clusterInfo, config, notSimulated, setImage, version } from './misc.ts';
import type { ClusterPort } from './port.ts';
import { type Call, errOut, fail, out } from './session.ts';
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

const FILES = 'l:filename,f l:kustomize,k b:recursive,R';
const WRITE = `${FILES} s:output,o o:dry-run=unchanged o:validate=strict s:field-manager s:selector,l s:template b:show-managed-fields`;
const SELECT = 's:selector,l s:field-selector b:all-namespaces,A';
const MAKE = 'o:dry-run=unchanged s:output,o s:template b:save-config o:validate=strict s:field-manager b:show-managed-fields';

const CREATE_KINDS: Readonly<Record<string, string>> = {
  ns: 'namespace',
  namespace: 'namespace',
  cm: 'configmap',
  configmap: 'configmap',
  secret: 'secret',
  sa: 'serviceaccount',
  serviceaccount: 'serviceaccount',
  deployment: 'deployment',
  deploy: 'deployment',
  job: 'job',
  quota: 'quota',
  role: 'role',
  service: 'service',
  token: 'token',
};

/** `create KIND …` and `create -f`. */
function* createAny(call: Call): Program<number> {
  const [word] = call.parsed.args;
  if (word === undefined || call.parsed.values.has('filename')) return yield* writeManifests(call, 'create');
  const kind = CREATE_KINDS[word];
  if (kind === undefined) return yield* fail(`unknown command "${word}" for "kubectl create"`);
  const skip = kind === 'secret' && ['generic', 'tls', 'docker-registry'].includes(call.parsed.args[1] ?? '') ? 2 : 1;
  return yield* create({ ...call, command: `create ${kind}`, parsed: { ...call.parsed, args: call.parsed.args.slice(skip) } }, kind);
}

const COMMANDS: Readonly<Record<string, Command>> = {
  apply: command(
    `${WRITE} b:server-side b:force-conflicts b:prune b:all b:overwrite b:force i:grace-period b:wait s:timeout b:openapi-patch`,
    (call) => (call.parsed.args[0] === 'view-last-applied' ? viewLastApplied(call) : writeManifests(call, 'apply')),
  ),
  create: command(
    `${WRITE} b:save-config s:raw b:edit l:from-literal l:from-file l:from-env-file l:image i:replicas s:type s:schedule s:from s:hard`,
    createAny,
  ),
  replace: command(`${WRITE} b:force i:grace-period b:save-config o:cascade=background s:timeout b:wait`, (call) =>
    writeManifests(call, 'replace'),
  ),
  get: command(
    `${FILES} ${SELECT} s:output,o s:template b:watch,w b:watch-only b:no-headers b:show-labels b:show-kind s:sort-by b:ignore-not-found l:label-columns,L b:show-managed-fields i:chunk-size s:subresource b:server-print s:raw b:output-watch-events`,
    get,
  ),
  describe: command(`${FILES} ${SELECT} b:show-events i:chunk-size`, describe),
  delete: command(
    `${FILES} ${SELECT} b:all o:cascade=background b:force i:grace-period b:now b:wait s:timeout s:output,o o:dry-run=unchanged b:ignore-not-found b:interactive,i s:raw`,
    remove,
  ),
  exec: command('s:container,c b:stdin,i b:tty,t b:quiet,q l:filename,f s:pod-running-timeout', exec),
  attach: command('s:container,c b:stdin,i b:tty,t b:quiet,q s:pod-running-timeout', attach),
  logs: command(
    'b:follow,f s:container,c b:previous,p i:tail s:since s:since-time b:timestamps b:all-containers b:all-pods b:prefix i:limit-bytes s:selector,l b:ignore-errors i:max-log-requests s:pod-running-timeout b:insecure-skip-tls-verify-backend',
    logs,
  ),
  label: command(
    `${FILES} ${SELECT} b:all b:overwrite b:list b:local o:dry-run=unchanged s:output,o s:resource-version s:field-manager`,
    (call) => mark(call, 'labels'),
  ),
  annotate: command(
    `${FILES} ${SELECT} b:all b:overwrite b:list b:local o:dry-run=unchanged s:output,o s:resource-version s:field-manager`,
    (call) => mark(call, 'annotations'),
  ),
  wait: command(`${FILES} ${SELECT} b:all s:for s:timeout s:output,o b:local`, waitFor),
  run: command(
    `${MAKE} s:image l:env l:labels,l l:annotations s:port s:restart b:command b:stdin,i b:tty,t b:rm b:attach b:privileged s:overrides s:override-type s:image-pull-policy b:quiet,q b:expose l:filename,f b:leave-stdin-open s:pod-running-timeout b:force i:grace-period b:wait s:timeout`,
    run,
  ),
  set: command('b:all s:output,o o:dry-run=unchanged s:selector,l b:local l:filename,f b:recursive,R s:field-manager', setImage),
  version: command('b:client s:output,o', version),
  config: command('b:minify b:raw b:flatten s:output,o b:no-headers b:current', config),
  'cluster-info': command('', clusterInfo),
  'api-resources': command('b:namespaced s:output,o b:no-headers s:api-group s:sort-by l:verbs l:categories b:cached', apiResources),
  auth: command('b:quiet,q b:all-namespaces,A s:subresource b:list s:output,o', auth),
  ...Object.fromEntries(
    [
      'edit',
      'cp',
      'port-forward',
      'debug',
      'patch',
      'rollout',
      'scale',
      'expose',
      'diff',
      'explain',
      'proxy',
      'drain',
      'cordon',
      'uncordon',
      'taint',
      'autoscale',
      'events',
      'kustomize',
      'certificate',
      'completion',
      'options',
      'plugin',
      'api-versions',
      'alpha',
      'convert',
    ].map((name) => [
      name,
      command(
        `${WRITE} ${SELECT} s:image s:target s:container,c b:stdin,i b:tty,t s:profile s:type s:patch,p s:copy-to b:share-processes i:replicas s:timeout b:quiet,q l:env s:custom b:recursive s:for b:watch,w b:force i:grace-period`
          .replace(' s:selector,l s:template', ' s:template')
          .replace(`${FILES} `, 'l:filename,f '),
        (call) => notSimulated(call, ['edit', 'debug'].includes(name)),
      ),
    ]),
  ),
  top: command('b:no-headers b:containers b:all-namespaces,A s:sort-by s:selector,l', (_call) => fail('Metrics API not available')),
};

/** The number of single-letter edits between two words. Counterpart: cobra ld */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min((next[j - 1] as number) + 1, (row[j] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length] as number;
}

function* unknownCommand(word: string): Program<number> {
  const near = Object.keys(COMMANDS)
    .filter((name) => distance(word.toLowerCase(), name) <= 2 || name.startsWith(word.toLowerCase()))
    .sort();
  yield* errOut(
    `error: unknown command "${word}" for "kubectl"\n${near.length === 0 ? '' : `\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}`}`,
  );
  return 1;
}

function* main(port: ClusterPort, argv: readonly string[], env: readonly string[]): Program<number> {
  const words = argv.slice(1);
  // Global flags may stand before the command.
  let at = 0;
  while (at < words.length && (words[at] as string).startsWith('-')) {
    const word = words[at] as string;
    const spec = GLOBAL_FLAGS.find((s) => word === `--${s.name}` || word === `-${s.short}`);
    at += spec !== undefined && spec.kind !== 'bool' && !word.includes('=') ? 2 : 1;
  }
  const name = words[at];
  if (name === undefined || name === 'help') {
    yield* out(HELP);
    return 0;
  }
  const entry = COMMANDS[name];
  if (!entry) return yield* unknownCommand(name);
  const rest = [...words.slice(0, at), ...words.slice(at + 1)];
  const parsed = parseFlags(rest, [
    ...entry.flags,
    ...GLOBAL_FLAGS.filter((g) => !entry.flags.some((f) => f.short !== undefined && f.short === g.short)),
  ]);
  if (!parsed.ok) {
    yield* errOut(`error: ${parsed.error}\nSee 'kubectl ${name} --help' for usage.\n`);
    return 1;
  }
  const value = (flagName: string): string | undefined => parsed.parsed.values.get(flagName)?.at(-1);
  if (parsed.parsed.values.has('help')) {
    yield* out(
      `Usage:\n  kubectl ${name} [flags] [options]\n\nUse "kubectl options" for a list of global command-line options (applies to all commands).\n`,
    );
    return 0;
  }
  if (value('user') !== undefined && value('user') !== 'admin') return yield* fail(`auth info "${value('user')}" does not exist`);
  if (value('context') !== undefined && value('context') !== 'admin') return yield* fail(`context "${value('context')}" does not exist`);
  return yield* entry.run({
    port,
    command: name,
    parsed: parsed.parsed,
    namespace: value('namespace') ?? 'default',
    env,
    warned: new Set(),
  });
}

/** The program `kubectl` for a workstation that reaches one cluster. Counterpart: kubectl 1.36 */
export function kubectl(port: ClusterPort): ProgramMain {
  return (argv, env) => main(port, argv, env);
}
