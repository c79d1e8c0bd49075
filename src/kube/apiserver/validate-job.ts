// Jobs and CronJobs. Counterpart: kubernetes/pkg/apis/batch/validation/validation.go, v1.36.

import { goJson } from '#yaml/json.ts';
import { type FieldError, invalid, invalidJson, notSupported, notSupportedJson, required } from './field-error.ts';
import { matchesSelector } from './selectors.ts';
import { notNegative } from './validate-number.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

const MAX_CRON_NAME = 52;
const MAX_INDEXED = 100_000;
const INDEXED = 'Indexed';

/** Errors of a job's spec; `pods` are those of its template. */
export function jobSpec(spec: Json, at: string, podSpec: Json, pods: readonly FieldError[]): FieldError[] {
  const errors = ownFields(spec, at, podSpec, pods);
  if (spec.selector === undefined) return [...errors, required(`${at}.selector`)];
  const own = spec.template.metadata?.labels ?? {};
  return matchesSelector(spec.selector, own)
    ? errors
    : [...errors, invalidJson(`${at}.template.metadata.labels`, goJson(own), '`selector` does not match template `labels`')];
}

function ownFields(spec: Json, at: string, podSpec: Json, pods: readonly FieldError[]): FieldError[] {
  const fields = ['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex'];
  return [
    ...[...fields, 'maxFailedIndexes'].flatMap((field) => notNegative(spec, field, at)),
    ...completion(spec, at),
    ...replacement(spec, at),
    ...pods,
    ...restart(spec, podSpec, `${at}.template.spec.restartPolicy`),
  ];
}

function completion(spec: Json, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const { completionMode: mode, completions, parallelism, maxFailedIndexes: failed, backoffLimitPerIndex: perIndex } = spec;
  if (failed !== undefined && perIndex === undefined)
    errors.push(required(`${at}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (mode !== undefined && mode !== 'NonIndexed' && mode !== INDEXED)
    errors.push(notSupported(`${at}.completionMode`, mode, ['NonIndexed', INDEXED]));
  if (mode === INDEXED) {
    if (completions === undefined) errors.push(required(`${at}.completions`, `when completion mode is ${INDEXED}`));
    if (parallelism > MAX_INDEXED)
      errors.push(
        invalid(`${at}.parallelism`, parallelism, `must be less than or equal to ${MAX_INDEXED} when completion mode is ${INDEXED}`),
      );
    if (failed > completions) errors.push(invalid(`${at}.maxFailedIndexes`, failed, 'must be less than or equal to completions'));
  } else if (mode === undefined || mode === 'NonIndexed') {
    for (const field of ['backoffLimitPerIndex', 'maxFailedIndexes'])
      if (spec[field] !== undefined) errors.push(invalid(`${at}.${field}`, spec[field], 'requires indexed completion mode'));
  }
  return errors;
}

function replacement(spec: Json, at: string): FieldError[] {
  const allowed = spec.podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  const given = spec.podReplacementPolicy;
  return given === undefined || allowed.includes(given) ? [] : [notSupported(`${at}.podReplacementPolicy`, given, allowed)];
}

function restart(spec: Json, { restartPolicy: policy }: Json, field: string): FieldError[] {
  if (!policy || policy === 'Always') return [required(field, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(field, policy, ['OnFailure', 'Never'])];
  return spec.podFailurePolicy !== undefined && policy !== 'Never'
    ? [invalid(field, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : [];
}

/** Errors of a CronJob that is created or, with an older one, changed. */
export function cronJobSpec(spec: Json, { name }: Json, podSpec: Json, pods: readonly FieldError[], old?: Json): FieldError[] {
  const at = 'spec.jobTemplate.spec';
  const job = spec.jobTemplate?.spec ?? {};
  const errors = [
    ...schedule(spec),
    ...notNegative(spec, 'startingDeadlineSeconds', 'spec'),
    ...(old !== undefined && old.spec.timeZone === spec.timeZone ? [] : timeZone(spec.timeZone)),
    ...concurrency(spec.concurrencyPolicy),
    ...ownFields(job, at, podSpec, pods),
  ];
  if (job.selector !== undefined) errors.push(invalidJson(`${at}.selector`, goJson(job.selector), '`selector` will be auto-generated'));
  if (job.manualSelector === true) errors.push(notSupportedJson(`${at}.manualSelector`, 'true', ['nil', 'false']));
  errors.push(...['successfulJobsHistoryLimit', 'failedJobsHistoryLimit'].flatMap((field) => notNegative(spec, field, 'spec')));
  // The controller adds eleven characters to the name of each job.
  if (old === undefined && (name ?? '').length > MAX_CRON_NAME)
    errors.push(invalid('metadata.name', name, `must be no more than ${MAX_CRON_NAME} characters`));
  return errors;
}

function concurrency(given: string | undefined): FieldError[] {
  const policies = ['Allow', 'Forbid', 'Replace'];
  return given === undefined || policies.includes(given) ? [] : [notSupported('spec.concurrencyPolicy', given, policies)];
}

/** Deviates: of the five fields only their number is looked at. */
function schedule({ schedule: given }: Json): FieldError[] {
  const field = 'spec.schedule';
  if (!given) return [required(field)];
  const words = String(given).trim().split(/\s+/);
  const errors: FieldError[] = [];
  if (!/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$|^@every \S+$/.test(given) && words.length !== 5 && !given.includes('TZ='))
    errors.push(invalid(field, given, `expected exactly 5 fields, found ${words.length}: [${words.join(' ')}]`));
  if (given.includes('TZ')) errors.push(invalid(field, given, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  return errors;
}

/** Deviates: whether a well-formed name is that of a time zone is asked of the host. */
function timeZone(zone: string | undefined): FieldError[] {
  const field = 'spec.timeZone';
  if (zone === undefined) return [];
  if (zone === '') return [invalid(field, zone, 'timeZone must be nil or non-empty string')];
  const unknown = [invalid(field, zone, `unknown time zone ${zone}`)];
  if (zone.split('/').some((part) => part === '.' || part === '..' || !/^(?!-)[A-Za-z._0-9+-]{1,14}$/.test(part))) return unknown;
  if (zone.toLowerCase() === 'local')
    return [invalid(field, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')];
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return [];
  } catch {
    return unknown;
  }
}
