// Capabilities as CRI-O gives them. Counterpart: SpecSetupCapabilities, internal/factory/container/container.go, CRI-O 1.37

import { CAPABILITIES } from '#abi/capability.ts';
import type { LinuxContainerSecurityContext } from '../cri.ts';

/** Counterpart: NewDefault, internal/config/capabilities */
const CRIO_DEFAULT_CAPS: readonly string[] = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_KILL',
];
const KNOWN: readonly string[] = CAPABILITIES;

export type Capabilities = { readonly ok: true; readonly value: readonly string[] } | { readonly ok: false; readonly message: string };

/**
 * The set for bounding, effective and permitted; the prefix CAP_ may be written or left out. Errors name an unknown capability.
 * The defaults count only when neither add nor drop says ALL.
 */
export function crioCapabilities(
  security: Pick<LinuxContainerSecurityContext, 'privileged' | 'capabilities'>,
  own: readonly string[] = CAPABILITIES,
): Capabilities {
  if (security.privileged) return { ok: true, value: own };
  const { add_capabilities: add = [], drop_capabilities: drop = [] } = security.capabilities ?? {};
  const isAll = (name: string): boolean => name.toUpperCase() === 'ALL';
  const prefixed = (name: string): string => (name.toLowerCase().startsWith('cap_') ? name : `CAP_${name.toUpperCase()}`);
  const addAll = add.some(isAll);
  const dropAll = drop.some(isAll);
  const set = new Set<string>(addAll && !dropAll ? own : []);
  for (const name of [...add, ...(addAll || dropAll ? [] : CRIO_DEFAULT_CAPS)]) {
    if (isAll(name)) continue;
    const capability = prefixed(name);
    if (!KNOWN.includes(capability.toUpperCase())) return { ok: false, message: `unknown capability "${capability}" to add` };
    set.add(capability.toUpperCase());
  }
  for (const name of drop) {
    if (isAll(name)) continue;
    const capability = prefixed(name);
    if (!KNOWN.includes(capability.toUpperCase()))
      return { ok: false, message: `failed to drop cap ${capability} invalid capability: ${capability.toUpperCase()}` };
    set.delete(capability.toUpperCase());
  }
  return { ok: true, value: [...set] };
}
