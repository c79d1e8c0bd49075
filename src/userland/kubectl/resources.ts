// Which resource a word on the command line or a kind in a manifest means, among those that discovery names.

import type { ApiResource } from '#base/rest.ts';

export type Resource = ApiResource;

/** `po`, `pods`, `pod`, `deployments.apps`, `deployments.v1.apps`, `pods.v1.`. Counterpart: the REST mapper and shortcut expander of kubectl */
export function findResource(resources: readonly Resource[], word: string): Resource | undefined {
  const [name = '', ...rest] = word.toLowerCase().split('.');
  const [version, ...group] = rest;
  const fits = (r: Resource): boolean =>
    rest.length === 0 || r.group === rest.join('.') || (rest.length > 1 && r.version === version && r.group === group.join('.'));
  return resources.find((r) => (r.plural === name || r.singular === name || r.shortNames.includes(name)) && fits(r));
}

/** `v1`, `apps/v1` */
export const apiVersionOf = (r: Resource): string => (r.group === '' ? r.version : `${r.group}/${r.version}`);

export const resourceOfKind = (resources: readonly Resource[], apiVersion: string, kind: string): Resource | undefined =>
  resources.find((r) => r.kind.toLowerCase() === kind.toLowerCase() && apiVersionOf(r) === apiVersion);

/** `pod/x`, `deployment.apps/x` */
export const shownName = (r: Resource, name: string): string => `${r.singular}${r.group === '' ? '' : `.${r.group}`}/${name}`;
/** `pods`, `deployments.apps` */
export const shownPlural = (r: Resource): string => `${r.plural}${r.group === '' ? '' : `.${r.group}`}`;
