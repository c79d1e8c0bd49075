// kubectl set env.

import type { Program } from '#kernel/uapi/index.ts';
import { readFd, textOf } from '../lib/io.ts';
import { type Failure, finish } from './failures.ts';
import { findObjects } from './objects.ts';
import { type Call, errOut, fail, flagOf, flagsOf, isSet, type Json, out } from './session.ts';
import { change, NO_RESOURCE, noTemplate, onContainers, podSpecOf } from './setChange.ts';
import { parseTargets } from './targets.ts';

interface Environment {
  readonly set: readonly Json[];
  readonly remove: readonly string[];
}

/** `A=b`, `A-` and `-` for lines of standard input; a string is what is wrong. Counterpart: ParseEnv, kubectl/pkg/cmd/set/env */
function* environment(words: readonly string[]): Program<Environment | string> {
  const set: Json[] = [];
  const remove: string[] = [];
  for (const word of words) {
    const equals = word.indexOf('=');
    if (word === '-') {
      const input = yield* readFd(0);
      for (const line of input.ok ? textOf(input.value).split('\n') : []) {
        const text = line.split('#')[0] as string;
        if (text.includes('=')) set.push({ name: text.slice(0, text.indexOf('=')), value: text.slice(text.indexOf('=') + 1) });
      }
    } else if (equals >= 0) set.push({ name: word.slice(0, equals), value: word.slice(equals + 1) });
    else if (word.endsWith('-')) remove.push(word.slice(0, -1));
    else return `unknown environment variable: ${word}`;
  }
  if (remove.some((name) => set.some((one) => one.name === name)))
    return 'can not both modify and remove the same environment variable in the same command';
  return { set, remove };
}

/** The keys of the ConfigMap or Secret of --from, as references. */
function* imported(call: Call, from: string): Program<readonly Json[] | number> {
  const parsed = parseTargets(call.port.resources(), [from]);
  if (!parsed.ok) return yield* fail(parsed.error);
  const failures: Failure[] = [];
  const found = yield* findObjects({ ...call, parsed: { ...call.parsed, values: new Map() } }, [from], failures);
  if (typeof found === 'number') return found;
  if (failures.length > 0) return yield* finish(failures);
  const keys = flagsOf(call, 'keys').flatMap((list) => list.split(','));
  const names: Json[] = [];
  for (const { object } of found) {
    const ref = object.kind === 'Secret' ? 'secretKeyRef' : object.kind === 'ConfigMap' ? 'configMapKeyRef' : undefined;
    if (ref === undefined) return yield* fail('unsupported resource specified in --from');
    for (const key of Object.keys(object.data ?? {}).sort()) {
      if (keys.length > 0 && !keys.includes(key)) continue;
      const name = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase();
      if (name !== key) yield* errOut(`Warning: key ${key} transferred to ${name}\n`);
      names.push({ name, valueFrom: { [ref]: { name: object.metadata.name, key } } });
    }
  }
  return names;
}

/** How `--list` names a reference. Counterpart: GetEnvVarRefString, kubectl/pkg/cmd/set/env */
function reference({ configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef }: Json): string {
  if (configMapKeyRef) return `configmap ${configMapKeyRef.name}, key ${configMapKeyRef.key}`;
  if (secretKeyRef) return `secret ${secretKeyRef.name}, key ${secretKeyRef.key}`;
  if (fieldRef) return `field path ${fieldRef.fieldPath}`;
  return `resource field ${resourceFieldRef.containerName ? `${resourceFieldRef.containerName}/` : ''}${resourceFieldRef.resource}`;
}

/** An added variable takes the place of one of its name. Counterpart: updateEnv, kubectl/pkg/cmd/set/helper.go */
function updated(old: readonly Json[], { set, remove }: Environment): Json[] {
  const kept = old.filter((one) => !remove.includes(one.name)).map((one) => set.find((s) => s.name === one.name) ?? one);
  return [...kept, ...set.filter((one) => !old.some((o) => o.name === one.name))];
}

/** Counterpart: kubectl/pkg/cmd/set/set_env.go, v1.36 */
export function* env(call: Call): Program<number> {
  const { args } = call.parsed;
  const isVariable = (word: string): boolean => /^.+=/s.test(word) || word.endsWith('-');
  const first = args.findIndex(isVariable);
  const words = first < 0 ? args : args.slice(0, first);
  const variables = first < 0 ? [] : args.slice(first);
  if (!variables.every(isVariable)) return yield* fail(`all resources must be specified before environment changes: ${args.join(' ')}`);
  if (words.length === 0 && flagsOf(call, 'filename').length === 0) return yield* fail(NO_RESOURCE);
  const listing = isSet(call, 'list');
  if (listing && flagOf(call, 'output')) return yield* fail('--list and --output may not be specified together');
  const from = flagOf(call, 'from');
  if (flagsOf(call, 'keys').length > 0 && from === undefined)
    return yield* fail('when specifying --keys, a configmap or secret must be provided with --from');
  const given = yield* environment([...flagsOf(call, 'env'), ...variables]);
  if (typeof given === 'string') return yield* fail(given);
  const more = from === undefined ? [] : yield* imported(call, from);
  if (typeof more === 'number') return more;
  const prefix = flagOf(call, 'prefix') ?? '';
  const wanted: Environment = { ...given, set: [...given.set, ...more].map((one) => ({ ...one, name: `${prefix}${one.name}` })) };
  const pattern = flagOf(call, 'containers') ?? '*';
  if (listing) return yield* listEnv(call, words, pattern, wanted);
  return yield* change(call, {
    words,
    done: 'env updated',
    failed: 'failed to patch env update to pod template:',
    ...(wanted.set.length === 0 && variables.length === 0 ? { unsaid: 'at least one environment variable must be provided' } : {}),
    change: (object) => {
      if (!podSpecOf(object)) return { error: noTemplate(object) };
      let clash: string | undefined;
      const next = onContainers(object, pattern, (container) => {
        for (const one of wanted.set) {
          const old = (container.env ?? []).find((o: Json) => o.name === one.name);
          if (flagOf(call, 'overwrite') === 'false' && old && old.value !== one.value)
            clash ??= `${object.kind.toLowerCase()}s/${object.metadata.name} '${old.name}' already has a value (${old.value ?? ''}), and --overwrite is false\n`;
        }
        container.env = updated(container.env ?? [], wanted);
        if (container.env.length === 0) delete container.env;
      });
      return clash === undefined ? { object: next ?? object } : { error: clash };
    },
  });
}

function* listEnv(call: Call, words: readonly string[], pattern: string, wanted: Environment): Program<number> {
  const failures: Failure[] = [];
  const found = yield* findObjects(call, words, failures);
  if (typeof found === 'number') return found;
  for (const { object } of found) {
    if (!podSpecOf(object)) continue;
    let text = '';
    const any = onContainers(object, pattern, (container) => {
      text += `# ${object.kind} ${object.metadata.name}, container ${container.name}\n`;
      for (const one of updated(container.env ?? [], wanted))
        text += one.valueFrom ? `# ${one.name} from ${reference(one.valueFrom)}\n` : `${one.name}=${one.value ?? ''}\n`;
    });
    if (any === undefined)
      yield* errOut(`Warning: ${object.kind}/${object.metadata.name} does not have any containers matching "${pattern}"\n`);
    yield* out(text);
  }
  return yield* finish(failures);
}
