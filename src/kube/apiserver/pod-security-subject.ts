// What a check of the Pod Security Standards looks at, and how it words what it found.

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export interface Violation {
  readonly id: string;
  readonly reason: string;
  readonly detail: string;
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
