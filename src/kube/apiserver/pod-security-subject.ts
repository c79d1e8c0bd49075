// What a check of the Pod Security Standards looks at, and how it words what it found.

import type { ClusterRule } from '#provenance/rules.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** Ids of the checks, as the real ones are registered. */
export type CheckId = ClusterRule extends infer R ? (R extends `psa.${infer Id}` ? Id : never) : never;

export interface Violation {
  readonly id: CheckId;
  readonly reason: string;
  readonly detail: string;
  /** Fields of the Pod that broke the check, or should be there: JSON Pointers. */
  readonly pointers: readonly string[];
}

export type Finding = Omit<Violation, 'id'>;

/** One check of the standards; the newest version that is not newer than the policy's counts. */
export interface Check {
  readonly id: CheckId;
  readonly since: number; // minor version
  readonly overrides?: CheckId; // check of the lower level that this one includes
  readonly run: (subject: Subject) => Finding | null;
}

export interface Subject {
  readonly meta: Json;
  readonly spec: Json;
  readonly containers: readonly Json[]; // init, regular, ephemeral
  readonly version: number;
  readonly windows: boolean;
}

export const quote = (name: string): string => JSON.stringify(name);
export const join = (names: readonly string[]): string => names.map(quote).join(', ');
export const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`);
export const containersText = (names: readonly string[]): string => `${plural('container', names.length)} ${join(names)}`;
export const sortedSet = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** Who set something bad: the pod, containers, or both, as messages name them. */
export function setters(pod: boolean, names: readonly string[], joiner = 'and'): string {
  const parts = [...(pod ? ['pod'] : []), ...(names.length > 0 ? [containersText(names)] : [])];
  return parts.join(` ${joiner} `);
}

export const failing = (subject: Subject, test: (container: Json, context: Json) => boolean): string[] =>
  subject.containers.filter((c) => test(c, c.securityContext ?? {})).map((c) => c.name);

/** Pointers to a field of the named containers, before them of the pod's spec when `pod`. */
export function at({ spec }: Pick<Subject, 'spec'>, field: string, names: readonly string[], pod = false): string[] {
  const below = (pointer: string): string => (field === '' ? pointer : `${pointer}/${field}`);
  const inContainers = ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) =>
    ((spec[list] ?? []) as Json[]).flatMap(({ name }, i) => (names.includes(name) ? [below(`/spec/${list}/${i}`)] : [])),
  );
  return pod ? [below('/spec'), ...inContainers] : inContainers;
}
