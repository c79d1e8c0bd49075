// The service account tokens of projected volumes.

import { ISSUER, signedToken } from '../apiserver/serviceAccountToken.ts';
import type { Json } from './effective.ts';
import type { PayloadContext } from './payload.ts';

/** Tokens of this life time are the injected ones: they live a year, and their use after it is only warned of. */
const WARN_ONLY_SECONDS = 3607;
const YEAR_SECONDS = 365 * 24 * 3600;

/** Whether a token of this age is replaced. Counterpart: requiresRefresh, pkg/kubelet/token/token_manager.go. Deviates: no jitter. */
export const needsRefresh = (source: Json, age: number): boolean => age > Math.min((source.expirationSeconds ?? 3600) * 0.8, 24 * 3600);

/** A token bound to the pod, as the API server's TokenRequest answers it. Counterpart: TokenREST.Create, Kubernetes 1.36 */
export function tokenText(context: PayloadContext, source: Json): string {
  const { pod, sources, facts, nowSeconds } = context;
  const namespace = pod.metadata.namespace as string;
  const account: string = pod.spec.serviceAccountName ?? 'default';
  const uidOf = (kind: string, within: string, name: string): string => sources.get(kind, within, name)?.metadata.uid ?? '';
  const seconds: number = source.expirationSeconds ?? 3600;
  const extended = !source.audience && seconds === WARN_ONLY_SECONDS;
  return signedToken({
    namespace,
    account: { name: account, uid: uidOf('ServiceAccount', namespace, account) },
    audiences: [source.audience || ISSUER],
    nowSeconds,
    seconds: extended ? YEAR_SECONDS : seconds,
    ...(extended ? { warnAfter: seconds } : {}),
    bound: {
      node: { name: facts.nodeName, uid: uidOf('Node', '', facts.nodeName) },
      pod: { name: pod.metadata.name, uid: pod.metadata.uid as string },
    },
    seed: `${pod.metadata.uid} ${source.path} ${nowSeconds}`,
  });
}
