// Where the pod template of an object stands, if its kind has one.

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export interface Template {
  readonly template: Json;
  readonly at: string; // "spec.template"
}

/** The pod template of a workload and its path; undefined for kinds or objects without one. Counterpart: PodSpecExtractor of pod-security-admission */
export function templateOf(kind: string, object: Json): Template | undefined {
  const [template, at] =
    kind === 'PodTemplate'
      ? [object.template, 'template']
      : kind === 'CronJob'
        ? [object.spec?.jobTemplate?.spec?.template, 'spec.jobTemplate.spec.template']
        : [object.spec?.template, 'spec.template'];
  return template === undefined || template === null ? undefined : { template, at };
}
