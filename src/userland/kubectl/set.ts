// kubectl set: images, environment, resources and service accounts of pod templates, selectors of services.

import { parseQuantity, QUANTITY_ERROR } from '#base/quantity.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { clientFailure, finish } from './failures.ts';
import { type Call, fail, flagOf, flagsOf } from './session.ts';
import { change, NO_RESOURCE, noTemplate, onContainers, podSpecOf } from './setChange.ts';
import { env } from './setEnv.ts';

const isPair = (word: string): boolean => (word.includes('=') && word[0] !== '=') || (word.endsWith('-') && word !== '-');

function* image(call: Call): Program<number> {
  const { args } = call.parsed;
  const first = args.findIndex(isPair);
  const words = first < 0 ? args : args.slice(0, first);
  const pairs = first < 0 ? [] : args.slice(first);
  const late = pairs.find((word) => !isPair(word));
  if (late !== undefined) return yield* fail(`all resources must be specified before image changes: ${late}`);
  const odd = pairs.filter((word) => !word.includes('='));
  if (odd.length > 0) return yield* fail(`invalid image format: ${odd.join(', ')}`);
  const images = new Map(pairs.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
  const problems = [
    ...(words.length === 0 && flagsOf(call, 'filename').length === 0 ? [NO_RESOURCE] : []),
    ...(images.size === 0 ? ['at least one image update is required'] : []),
    ...(images.size > 1 && images.has('*')
      ? ['all containers are already specified by *, but saw more than one container_name=container_image pairs']
      : []),
  ];
  if (problems.length > 0) return yield* finish(problems.map(clientFailure));
  return yield* change(call, {
    words,
    done: 'image updated',
    failed: 'failed to patch image update to pod template:',
    change: (object) => {
      if (!podSpecOf(object)) return { error: noTemplate(object) };
      let next = object;
      for (const [name, value] of images) {
        const set = onContainers(next, name === '*' ? '*' : name, (container) => {
          container.image = value;
        });
        if (set === undefined) return { error: `unable to find container named "${name}"` };
        next = set;
      }
      return { object: next };
    },
  });
}

function* serviceAccount(call: Call): Program<number> {
  const { args } = call.parsed;
  const account = args.at(-1);
  if (account === undefined) return yield* fail('serviceaccount is required');
  return yield* change(call, {
    words: args.slice(0, -1),
    done: 'serviceaccount updated',
    failed: 'failed to patch ServiceAccountName',
    change: (object) => {
      if (!podSpecOf(object)) return { error: noTemplate(object) };
      const next = structuredClone(object);
      podSpecOf(next).serviceAccountName = account;
      return { object: next };
    },
  });
}

/** `cpu=1,memory=1Gi`; a string is what is wrong with it. Counterpart: populateResourceListV1, kubectl/pkg/generate/versioned */
function resourceList(text: string): Readonly<Record<string, string>> | string {
  const list: Record<string, string> = {};
  for (const part of text === '' ? [] : text.split(',')) {
    const [name = '', amount, ...more] = part.split('=');
    if (amount === undefined || more.length > 0) return `Invalid argument syntax ${part}, expected <resource>=<value>`;
    const quantity = parseQuantity(amount);
    if (quantity === undefined) return QUANTITY_ERROR;
    list[name] = quantity.canonical;
  }
  return list;
}

function* resources(call: Call): Program<number> {
  const [limits, requests] = [flagOf(call, 'limits') ?? '', flagOf(call, 'requests') ?? ''];
  if (limits === '' && requests === '')
    return yield* fail('you must specify an update to requests or limits (in the form of --requests/--limits)');
  const [most, least] = [resourceList(limits), resourceList(requests)];
  if (typeof most === 'string') return yield* fail(most);
  if (typeof least === 'string') return yield* fail(least);
  const pattern = flagOf(call, 'containers') ?? '*';
  return yield* change(call, {
    words: call.parsed.args,
    done: 'resource requirements updated',
    failed: 'failed to patch resources update to pod template',
    change: (object) => {
      if (!podSpecOf(object)) return { error: noTemplate(object) };
      const next = onContainers(object, pattern, (container) => {
        container.resources ??= {};
        if (limits !== '') container.resources.limits = { ...container.resources.limits, ...most };
        if (requests !== '') container.resources.requests = { ...container.resources.requests, ...least };
      });
      return next === undefined ? { error: `unable to find container named ${pattern}` } : { object: next };
    },
  });
}

function* selector(call: Call): Program<number> {
  const { args } = call.parsed;
  const expression = args.at(-1);
  if (expression === undefined) return yield* fail('one selector is required');
  const labels: Record<string, string> = {};
  for (const part of expression.split(',')) {
    const [, key, value] = /^\s*([^=!\s]+)\s*==?\s*([^=\s]*)\s*$/.exec(part) ?? [];
    if (key === undefined) return yield* fail(`couldn't parse the selector string "${expression}": "${part}" is no equality`);
    labels[key] = value ?? '';
  }
  return yield* change(call, {
    words: args.slice(0, -1),
    done: 'selector updated',
    failed: '',
    change: (object) =>
      object.kind === 'Service'
        ? { object: { ...object, spec: { ...object.spec, selector: labels } } }
        : { error: 'setting a selector is only supported for Services' },
  });
}

const SUBCOMMANDS: Readonly<Record<string, (call: Call) => Program<number>>> = {
  image,
  env,
  resources,
  serviceaccount: serviceAccount,
  sa: serviceAccount,
  selector,
};

/** Counterpart: kubectl/pkg/cmd/set, v1.36 */
export function* set(call: Call): Program<number> {
  const [word, ...args] = call.parsed.args;
  const run = word === undefined ? undefined : SUBCOMMANDS[word];
  if (run === undefined) return yield* fail(`"kubectl set${word === undefined ? '' : ` ${word}`}" is not simulated here`);
  return yield* run({ ...call, command: `set ${word}`, parsed: { ...call.parsed, args } });
}
