// The service account tokens of projected volumes.

import { base64Url } from './base64.ts';
import type { Json } from './effective.ts';
import type { PayloadContext } from './payload.ts';

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
/** Tokens of this life time are the injected ones: they live a year, and their use after it is only warned of. */
const WARN_ONLY_SECONDS = 3607;
const YEAR_SECONDS = 365 * 24 * 3600;
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

/** Whether a token of this age is replaced. Counterpart: requiresRefresh, pkg/kubelet/token/token_manager.go. Deviates: no jitter. */
export const needsRefresh = (source: Json, age: number): boolean => age > Math.min((source.expirationSeconds ?? 3600) * 0.8, 24 * 3600);

/**
 * A token bound to the pod, as the API server's TokenRequest answers it.
 * Counterpart: Claims, pkg/serviceaccount/claims.go, Kubernetes 1.36. Deviates: the signature is nobody's.
 */
export function tokenText(context: PayloadContext, source: Json): string {
  const { pod, sources, facts, nowSeconds } = context;
  const namespace = pod.metadata.namespace as string;
  const account: string = pod.spec.serviceAccountName ?? 'default';
  const uidOf = (kind: string, within: string, name: string): string => sources.get(kind, within, name)?.metadata.uid ?? '';
  const seconds: number = source.expirationSeconds ?? 3600;
  const extended = !source.audience && seconds === WARN_ONLY_SECONDS;
  const name = `${pod.metadata.uid} ${source.path} ${nowSeconds}`;
  const claims = {
    aud: [source.audience || ISSUER],
    exp: nowSeconds + (extended ? YEAR_SECONDS : seconds),
    iat: nowSeconds,
    iss: ISSUER,
    jti: uuid(pseudoRandom(name, 16)),
    'kubernetes.io': {
      namespace,
      node: { name: facts.nodeName, uid: uidOf('Node', '', facts.nodeName) },
      pod: { name: pod.metadata.name, uid: pod.metadata.uid },
      serviceaccount: { name: account, uid: uidOf('ServiceAccount', namespace, account) },
      ...(extended ? { warnafter: nowSeconds + seconds } : {}),
    },
    nbf: nowSeconds,
    sub: `system:serviceaccount:${namespace}:${account}`,
  };
  const part = (value: unknown): string => base64Url(encode(JSON.stringify(value)));
  const kid = base64Url(pseudoRandom('the cluster', 32));
  return `${part({ alg: 'RS256', kid })}.${part(claims)}.${base64Url(pseudoRandom(JSON.stringify(claims), SIGNATURE_BYTES))}`;
}
