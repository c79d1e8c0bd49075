// What the steps of containerd's service share: images, settings, random ids, labels, the runtime's own powers.

import { capNames } from '#abi/capability.ts';
import { type CapSets, type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import type { SELinuxOption } from '../cri.ts';
import type { NodeSettings } from '../node.ts';
import { readFile } from '../runc/paths.ts';
import type { Changes } from './changes.ts';
import { initLabels, type LabelResult, type McsPairs } from './selinux.ts';
import type { ImageStore } from './store.ts';

export interface Workshop {
  readonly store: ImageStore;
  readonly node: NodeSettings;
  /** Deterministic numbers, 0 ≤ n < 2^32. */
  readonly random: () => number;
  readonly pairs: McsPairs;
  readonly changes: Changes;
  /** Runs before a container is given the node's root directory. */
  readonly onHostRoot: (() => Program<void>) | undefined;
}

export const good = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const bad = (
  message: string,
  code: 'Unknown' | 'NotFound' = 'Unknown',
): { readonly ok: false; readonly code: 'Unknown' | 'NotFound'; readonly message: string } => ({ ok: false, code, message });

/** Labels for a sandbox, or for a container of one; none where the runtime does without SELinux. */
export const labelsFor = ({ node, pairs }: Workshop, options: SELinuxOption | undefined, sandbox: string | undefined): LabelResult =>
  node.seLinux?.enabled ? initLabels(options, sandbox, pairs) : { ok: true };

/** The capabilities the runtime has itself: those it can give away. Counterpart: cap.Current, pkg/cap */
export function* ownCapabilities(): Program<readonly string[]> {
  const sets: SysResult<CapSets> = yield* sys.capget(0);
  return sets.ok ? capNames(sets.value.effective) : [];
}

/** The lowest oom_score_adj a container gets; undefined: any. Counterpart: restrictOOMScoreAdj, internal/cri/server/helpers_linux.go */
export function* leastOomScoreAdj({ node }: Workshop): Program<number | undefined> {
  return node.restrictOomScoreAdj ? Number(yield* readFile('/proc/self/oom_score_adj')) : undefined;
}
