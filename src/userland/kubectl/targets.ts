// TYPE NAME…, TYPE/NAME…, TYPE,TYPE: which objects a command is about.

import { findResource, type Resource } from './resources.ts';

export interface Target {
  readonly resource: Resource;
  /** undefined: all of the type (that the selectors let through). */
  readonly name?: string;
}

export type Targets =
  | { readonly ok: true; readonly targets: readonly Target[]; readonly several: boolean }
  | { readonly ok: false; readonly error: string };

const unknown = (word: string): Targets => ({ ok: false, error: `the server doesn't have a resource type "${word.split('.')[0]}"` });

/** Counterpart: ResourceTypeOrNameArgs, k8s.io/cli-runtime/pkg/resource */
export function parseTargets(known: readonly Resource[], args: readonly string[]): Targets {
  if (args.some((arg) => arg.includes('/'))) {
    const targets: Target[] = [];
    for (const arg of args) {
      const parts = arg.split('/');
      if (parts.length !== 2)
        return {
          ok: false,
          error:
            parts.length === 1
              ? "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"
              : 'arguments in resource/name form may not have more than one slash',
        };
      const resource = findResource(known, parts[0] as string);
      if (!resource) return unknown(parts[0] as string);
      if (parts[1] === '') return { ok: false, error: `arguments in resource/name form must have a single resource and name` };
      targets.push({ resource, name: parts[1] as string });
    }
    return { ok: true, targets, several: new Set(targets.map((t) => t.resource)).size > 1 };
  }
  const [types = '', ...names] = args;
  const words = types
    .split(',')
    .flatMap((word) => (word === 'all' ? known.filter((r) => r.categories.includes('all')).map((r) => r.plural) : [word]));
  const resources: Resource[] = [];
  for (const word of words) {
    const resource = findResource(known, word);
    if (!resource) return unknown(word);
    resources.push(resource);
  }
  const several = resources.length > 1;
  if (names.length === 0) return { ok: true, targets: resources.map((resource) => ({ resource })), several };
  return { ok: true, targets: resources.flatMap((resource) => names.map((name) => ({ resource, name }))), several };
}
