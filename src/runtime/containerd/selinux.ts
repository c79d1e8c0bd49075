// SELinux labels of sandboxes and containers. Counterpart: containerd 2.1 internal/cri/server/podsandbox/helpers_linux.go toLabel,
// container_create.go; opencontainers/selinux label.InitLabels

import { fileContext, randomLevel } from '#base/selinux.ts';
import type { SELinuxOption } from '../cri.ts';

export interface Labels {
  readonly process: string;
  readonly mount: string;
}
export type LabelResult = { readonly ok: true; readonly value?: Labels } | { readonly ok: false; readonly message: string };

const LEVEL = /^s\d(-s\d)??(:c\d{1,4}(\.c\d{1,4})?(,c\d{1,4}(\.c\d{1,4})?)*)?$/;

/** Levels with two categories each; a pair is given out once while it is in use. */
export class McsPairs {
  private readonly used = new Set<string>();
  private readonly random: () => number;
  constructor(random: () => number) {
    this.random = random;
  }

  take(): string {
    const level = randomLevel(this.random, (one) => this.used.has(one));
    this.used.add(level);
    return level;
  }

  release(label: string | undefined): void {
    this.used.delete(label?.split(':').slice(3).join(':') ?? '');
  }
}

const given = (options: SELinuxOption | undefined): boolean =>
  options !== undefined && Object.values(options).some((value) => value !== '');

/** Labels for options, the sandbox's own without any; a label without a level of its own gets new categories. */
export function initLabels(options: SELinuxOption | undefined, sandbox: string | undefined, pairs: McsPairs): LabelResult {
  const level = options?.level ?? '';
  if (level !== '' && !LEVEL.test(level)) return { ok: false, message: `the format of 'level' "${level}" is not correct` };
  const [user, role, type, ...rest] = (given(options) ? undefined : sandbox)?.split(':') ?? [];
  const own = { user: options?.user || user, role: options?.role || role, type: options?.type || type, level: level || rest.join(':') };
  const mcs = own.level || pairs.take();
  return {
    ok: true,
    value: {
      process: `${own.user ?? 'system_u'}:${own.role ?? 'system_r'}:${own.type ?? 'container_t'}:${mcs}`,
      mount: fileContext(own.user, mcs),
    },
  };
}

/** Options as they stand in containerd's error texts. Counterpart: the generated String method of the CRI type */
export const optionText = ({ user, role, type, level }: SELinuxOption = { user: '', role: '', type: '', level: '' }): string =>
  `&SELinuxOption{User:${user},Role:${role},Type:${type},Level:${level},}`;
