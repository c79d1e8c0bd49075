// kubectl config.

import type { Program } from '#kernel/uapi/index.ts';
import { configPath, contextOf, readConfig, writeConfig } from './kubeconfig.ts';
import { printObject } from './output.ts';
import { type Call, fail, flagOf, isSet, type Json, out, usage } from './session.ts';
import { renderTable } from './table.ts';

/** Counterpart: kubectl/pkg/cmd/config, v1.36 */
export function* config(call: Call): Program<number> {
  const [sub = '', ...args] = call.parsed.args;
  const path = configPath(call.env, flagOf(call, 'kubeconfig'));
  const file: Json = yield* readConfig(path);
  const action = ACTIONS[sub];
  if (action === undefined)
    return KNOWN.includes(sub) || sub === ''
      ? yield* fail(sub === '' ? 'must specify a config command' : `"kubectl config ${sub}" is not simulated here`)
      : yield* usage(call, `unknown command "${sub}"`);
  const changed = yield* action({ ...call, command: `config ${sub}` }, file, args);
  if (typeof changed === 'number') return changed;
  return (yield* writeConfig(path, file)) ? 0 : yield* fail(`open ${path}: permission denied`);
}

const KNOWN = ['set', 'unset', 'set-cluster', 'set-credentials'];

/** Exit status, or 'changed' when the file is to be written. */
type Action = (call: Call, file: Json, args: readonly string[]) => Program<number | 'changed'>;

function* view(call: Call, file: Json): Program<number> {
  const shown = isSet(call, 'minify') ? minified(file) : file;
  return yield* printObject(call, flagOf(call, 'output') || 'yaml', shown);
}

function minified(file: Json): Json {
  const name = file['current-context'];
  const context = contextOf(file, name);
  const only = (list: string, wanted: string): Json[] => (file[list] ?? []).filter((one: Json) => one.name === wanted);
  return { ...file, clusters: only('clusters', context?.cluster), contexts: only('contexts', name), users: only('users', context?.user) };
}

function* getContexts(call: Call, file: Json, args: readonly string[]): Program<number> {
  const missing = args.find((name) => contextOf(file, name) === undefined);
  if (missing !== undefined) return yield* fail(`context ${missing} not found`);
  const contexts: Json[] = (file.contexts ?? []).filter((c: Json) => args.length === 0 || args.includes(c.name));
  if (flagOf(call, 'output') === 'name') {
    yield* out(contexts.map((c) => `${c.name}\n`).join(''));
    return 0;
  }
  const rows = contexts.map(({ name, context }) => [
    name === file['current-context'] ? '*' : '',
    name,
    context.cluster ?? '',
    context.user ?? '',
    context.namespace ?? '',
  ]);
  yield* out(renderTable([...(isSet(call, 'no-headers') ? [] : [['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']]), ...rows]));
  return 0;
}

const names = (list: string): Action =>
  function* (_call, file) {
    yield* out(renderTable([['NAME'], ...(file[list] ?? []).map((one: Json) => [one.name])]));
    return 0;
  };

function* currentContext(_call: Call, file: Json): Program<number> {
  if (!file['current-context']) return yield* fail('current-context is not set');
  yield* out(`${file['current-context']}\n`);
  return 0;
}

function* useContext(call: Call, file: Json, [name, more]: readonly string[]): Program<number | 'changed'> {
  if (name === undefined || more !== undefined) return yield* usage(call, `accepts 1 arg(s), received ${name === undefined ? 0 : 2}`);
  if (contextOf(file, name) === undefined) return yield* fail(`no context exists with the name: "${name}"`);
  file['current-context'] = name;
  yield* out(`Switched to context "${name}".\n`);
  return 'changed';
}

function* setContext(call: Call, file: Json, [given]: readonly string[]): Program<number | 'changed'> {
  const name = isSet(call, 'current') ? file['current-context'] : given;
  if (!name) return yield* usage(call, 'you must specify a non-empty context name or --current');
  const old = contextOf(file, name);
  const fields = Object.fromEntries(
    ['cluster', 'user', 'namespace'].flatMap((field) => (flagOf(call, field) === undefined ? [] : [[field, flagOf(call, field)]])),
  );
  file.contexts = [...(file.contexts ?? []).filter((c: Json) => c.name !== name), { context: { ...old, ...fields }, name }].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  yield* out(`Context "${name}" ${old === undefined ? 'created' : 'modified'}.\n`);
  return 'changed';
}

function* deleteContext(_call: Call, file: Json, [name = '']: readonly string[]): Program<number | 'changed'> {
  if (contextOf(file, name) === undefined) return yield* fail(`cannot delete context ${name}, not in ~/.kube/config`);
  file.contexts = file.contexts.filter((c: Json) => c.name !== name);
  yield* out(`deleted context ${name} from ~/.kube/config\n`);
  return 'changed';
}

function* renameContext(_call: Call, file: Json, [from = '', to = '']: readonly string[]): Program<number | 'changed'> {
  const one = (file.contexts ?? []).find((c: Json) => c.name === from);
  if (one === undefined) return yield* fail(`cannot rename the context "${from}", it's not in ~/.kube/config`);
  if (contextOf(file, to) !== undefined)
    return yield* fail(`cannot rename the context "${from}", the context "${to}" already exists in ~/.kube/config`);
  one.name = to;
  if (file['current-context'] === from) file['current-context'] = to;
  yield* out(`Context "${from}" renamed to "${to}".\n`);
  return 'changed';
}

const ACTIONS: Readonly<Record<string, Action>> = {
  view,
  'get-contexts': getContexts,
  'get-clusters': names('clusters'),
  'get-users': names('users'),
  'current-context': currentContext,
  'use-context': useContext,
  use: useContext,
  'set-context': setContext,
  'delete-context': deleteContext,
  'rename-context': renameContext,
};
