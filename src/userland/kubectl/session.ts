// What one call of kubectl works with: its flags, the cluster, and how it says that something failed.

import type { RestRequest, RestResponse } from '#base/rest.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { errOut, out } from '../lib/io.ts';
import type { Parsed } from './flags.ts';
import type { ClusterPort } from './port.ts';
import type { Resource } from './resources.ts';

// biome-ignore lint/suspicious/noExplicitAny: API objects are open JSON
export type Json = any;

/** One invocation. */
export interface Call {
  readonly port: ClusterPort;
  readonly command: string; // "get", "config view"
  readonly parsed: Parsed;
  readonly namespace: string;
  readonly env: readonly string[];
  /** Distinct warnings already printed: kubectl shows each once. */
  readonly warned: Set<string>;
}

export const flagOf = (call: Call, name: string): string | undefined => call.parsed.values.get(name)?.at(-1);
export const flagsOf = (call: Call, name: string): readonly string[] => call.parsed.values.get(name) ?? [];
/** The files of -f: commas separate them, but not in URLs. */
export const filesOf = (call: Call): readonly string[] =>
  flagsOf(call, 'filename').flatMap((v) => (v.startsWith('http') ? [v] : v.split(',')));
export const isSet = (call: Call, name: string): boolean => /^(1|t|true)$/i.test(flagOf(call, name) ?? '');

/** Prints `error: …` and gives exit status 1. */
export function* fail(message: string): Program<number> {
  yield* errOut(`error: ${message}\n`);
  return 1;
}

/** A usage error: `See 'kubectl X -h' for help and examples`. Counterpart: UsageErrorf, kubectl/pkg/cmd/util */
export function* usage(call: Call, message: string): Program<number> {
  yield* errOut(`error: ${message}\nSee 'kubectl ${call.command} -h' for help and examples\n`);
  return 1;
}

export type Answer = { readonly ok: true; readonly body: Json } | { readonly ok: false; readonly status: Json };

/** Sends a request and prints its warnings. */
export function* send(call: Call, request: RestRequest): Program<Answer> {
  const response: RestResponse = call.port.request(request);
  for (const warning of response.warnings) {
    if (call.warned.has(warning)) continue;
    call.warned.add(warning);
    yield* errOut(`Warning: ${warning}\n`);
  }
  return response.code < 400 ? { ok: true, body: response.body } : { ok: false, status: response.body };
}

/**
 * Gets an object by name; of one in a namespace that does not exist it says that the namespace is missing.
 * Counterpart: Info.Get, k8s.io/cli-runtime/pkg/resource/visitor.go, Kubernetes 1.36
 */
export function* getNamed(call: Call, request: Omit<RestRequest, 'verb'>): Program<Answer> {
  const answer = yield* send(call, { ...request, verb: 'get' });
  if (answer.ok || answer.status.reason !== 'NotFound' || !request.namespace || request.namespace === 'default') return answer;
  const namespace = yield* send(call, { verb: 'get', group: '', version: 'v1', resource: 'namespaces', name: request.namespace });
  return namespace.ok || namespace.status.reason !== 'NotFound' ? answer : namespace;
}

/** The common part of a request about a resource. */
export const about = (resource: Resource, namespace: string): Pick<RestRequest, 'group' | 'version' | 'resource' | 'namespace'> => ({
  group: resource.group,
  version: resource.version,
  resource: resource.plural,
  ...(resource.namespaced ? { namespace } : {}),
});

/** A text with a final newline; one that has it keeps it. */
const lineOf = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

/**
 * The text kubectl prints for a failed request, with its newline. `context` stands before the server's message ("error when creating …: ").
 * Counterpart: checkErr and StandardErrorMessage, kubectl/pkg/cmd/util/helpers.go
 */
export function statusText(status: Json, context = ''): string {
  const { reason = '', message = '', details } = status ?? {};
  if (reason === 'Invalid' && details) {
    const causes: string[] = [
      ...new Set<string>((details.causes ?? []).map((c: Json) => (c.field ? `${c.field}: ${c.message}` : c.message))),
    ];
    const head =
      details.kind === '' || details.kind === undefined
        ? `The request is invalid`
        : `The ${details.kind} "${details.name ?? ''}" is invalid`;
    if (causes.length === 0) return `${head}${details.kind ? '' : `: ${message}`}\n`;
    if (causes.length === 1) return lineOf(`${head}: ${causes[0]}`);
    return `${head}: \n${causes.map((c) => `* ${c}\n`).join('')}`;
  }
  return `Error from server${reason === '' ? '' : ` (${reason})`}: ${context}${message}\n`;
}

/** The same error as one line of several: no special layout for 422. */
export const statusLine = (status: Json, context: string): string =>
  `Error from server (${status?.reason ?? 'Unknown'}): ${context}${status?.message ?? ''}\n`;

export { errOut, out };
