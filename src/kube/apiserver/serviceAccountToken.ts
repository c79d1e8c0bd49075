// Tokens of service accounts. Counterpart: kubernetes/pkg/serviceaccount, pkg/registry/core/serviceaccount/storage/token.go, v1.36

import { base64Url } from '#base/base64.ts';
import type { RestRequest } from '#base/rest.ts';
import { failure, invalid, invalidStatus } from './field-error.ts';
import { type Answer, answer, refuse } from './refusal.ts';
import type { Resource } from './resources.ts';
import { rfc3339 } from './time.ts';
import type { Writer } from './write.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

export const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const SIGNATURE_BYTES = 256; // RS256 with a key of 2048 bits

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes that follow from a text and look like a signature. */
function pseudoRandom(text: string, count: number): Uint8Array {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return Uint8Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  });
}

const uuid = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte, at) => (at === 6 ? (byte & 15) | 64 : at === 8 ? (byte & 63) | 128 : byte).toString(16).padStart(2, '0'))
    .join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

export interface TokenClaims {
  readonly namespace: string;
  readonly account: { readonly name: string; readonly uid: string };
  readonly audiences: readonly string[];
  readonly nowSeconds: number;
  /** Until it expires. */
  readonly seconds: number;
  /** From when on its use is warned of, in seconds from now. */
  readonly warnAfter?: number;
  /** What it ends with: objects as `{ name, uid }` by kind in lower case. */
  readonly bound: Readonly<Record<string, { readonly name: string; readonly uid: string }>>;
  /** What makes its id one of its own. */
  readonly seed: string;
}

/** A JSON Web Token. Counterpart: Claims, pkg/serviceaccount/claims.go. Deviates: the signature is nobody's */
export function signedToken({ namespace, account, audiences, nowSeconds, seconds, warnAfter, bound, seed }: TokenClaims): string {
  const claims = {
    aud: audiences,
    exp: nowSeconds + seconds,
    iat: nowSeconds,
    iss: ISSUER,
    jti: uuid(pseudoRandom(seed, 16)),
    'kubernetes.io': {
      namespace,
      ...bound,
      serviceaccount: account,
      ...(warnAfter === undefined ? {} : { warnafter: nowSeconds + warnAfter }),
    },
    nbf: nowSeconds,
    sub: `system:serviceaccount:${namespace}:${account.name}`,
  };
  const part = (value: unknown): string => base64Url(encode(JSON.stringify(value)));
  const kid = base64Url(pseudoRandom('the cluster', 32));
  return `${part({ alg: 'RS256', kid })}.${part(claims)}.${base64Url(pseudoRandom(JSON.stringify(claims), SIGNATURE_BYTES))}`;
}

const SHORTEST = 600;
const DEFAULT_SECONDS = 3600;

/** POST serviceaccounts/NAME/token. Deviates: a longest duration is not set */
export function requestToken(server: Writer, resource: Resource, namespace: string, name: string, request: RestRequest): Answer {
  const account = server.get(resource.kind, namespace, name);
  const asked: Json = (request.body as Json)?.spec ?? {};
  const seconds: number = asked.expirationSeconds ?? DEFAULT_SECONDS;
  if (account === undefined) return refuse(server.missing(resource, name));
  if (seconds < SHORTEST) {
    const error = invalid('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes');
    return refuse(invalidStatus('TokenRequest', 'authentication.k8s.io', '', [error]));
  }
  const { boundObjectRef } = asked;
  const bound: Record<string, { name: string; uid: string }> = {};
  if (boundObjectRef) {
    const { kind, name: target, uid: expected } = boundObjectRef;
    const object: Json = server.get(kind, kind === 'Node' ? '' : namespace, target);
    const plural = `${String(kind).toLowerCase()}s`;
    if (object === undefined) return refuse(failure(404, 'NotFound', `${plural} "${target}" not found`, { name: target, kind: plural }));
    if (kind === 'Pod' && object.spec.serviceAccountName !== name) {
      const text = `cannot bind token for serviceaccount "${name}" to pod running with different serviceaccount name.`;
      return refuse(failure(400, 'BadRequest', text));
    }
    const { uid } = object.metadata;
    if (expected && expected !== uid) {
      const text = `Operation cannot be fulfilled on ${kind} "${target}": the UID in the bound object reference (${expected}) does not match the UID in record. The object might have been deleted and then recreated`;
      return refuse(failure(409, 'Conflict', text, { name: target, kind }));
    }
    bound[kind.toLowerCase()] = { name: target, uid };
  }
  const now = server.deps.now();
  const nowSeconds = Number(now / 1_000_000_000n);
  const audiences: readonly string[] = asked.audiences?.length ? asked.audiences : [ISSUER];
  const owner = { name, uid: account.metadata.uid ?? '' };
  const token = signedToken({ namespace, account: owner, audiences, nowSeconds, seconds, bound, seed: server.newUid() });
  return answer(
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: { creationTimestamp: rfc3339(now), name, namespace },
      spec: { audiences, boundObjectRef: boundObjectRef ?? null, expirationSeconds: seconds },
      status: { expirationTimestamp: rfc3339(now + BigInt(seconds) * 1_000_000_000n), token },
    },
    201,
  );
}
