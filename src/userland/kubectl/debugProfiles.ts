// What `kubectl debug --profile` does to the debugging container and to its pod.
// Counterpart: k8s.io/kubectl/pkg/cmd/debug/profiles.go, v1.36

import { mergePatch } from './mergePatch.ts';
import type { Json } from './session.ts';

export const PROFILES = ['legacy', 'general', 'baseline', 'netadmin', 'restricted', 'sysadmin'] as const;
export type Profile = (typeof PROFILES)[number];

/** How the container gets to its target. */
export type Style = 'ephemeral' | 'copy' | 'node';

const addCapabilities = (container: Json, names: readonly string[]): void => {
  const context = { ...container.securityContext };
  container.securityContext = {
    ...context,
    capabilities: { ...context.capabilities, add: [...(context.capabilities?.add ?? []), ...names] },
  };
};

const hostNamespaces = (spec: Json): void => {
  spec.hostNetwork = true;
  spec.hostPID = true;
  spec.hostIPC = true;
};

function mountRoot(spec: Json, container: Json): void {
  spec.volumes = [...(spec.volumes ?? []), { name: 'host-root', hostPath: { path: '/' } }];
  container.volumeMounts = [...(container.volumeMounts ?? []), { mountPath: '/host', name: 'host-root' }];
}

/** Applies a profile in place to the container of that name in the pod's spec. */
export function applyProfile(profile: Profile, style: Style, spec: Json, name: string): void {
  const lists = style === 'ephemeral' ? ['ephemeralContainers'] : ['containers'];
  const container: Json = lists.flatMap((list) => spec[list] ?? []).find((c: Json) => c.name === name);
  if (container === undefined) return;
  if (style === 'copy' && profile !== 'legacy' && profile !== 'restricted') spec.shareProcessNamespace = true;
  if (style === 'node' && ['legacy', 'general', 'sysadmin'].includes(profile)) mountRoot(spec, container);
  if (style === 'node' && ['legacy', 'general', 'sysadmin', 'netadmin'].includes(profile)) hostNamespaces(spec);
  switch (profile) {
    case 'legacy':
    case 'baseline':
      return;
    case 'general':
      if (style !== 'node') addCapabilities(container, ['SYS_PTRACE']);
      return;
    case 'netadmin':
      addCapabilities(container, ['NET_ADMIN', 'NET_RAW']);
      return;
    case 'sysadmin':
      container.securityContext = { ...container.securityContext, privileged: true };
      return;
    case 'restricted':
      container.securityContext = {
        ...container.securityContext,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      };
  }
}

/** The fields of a container that --custom may carry, laid over the debugging container. Counterpart: applyCustomProfile */
export function applyCustom(custom: Json, container: Json): string | undefined {
  for (const field of ['name', 'command', 'image', 'lifecycle', 'volumeDevices'])
    if (custom[field] !== undefined) return `${field} cannot be set in a custom profile`;
  Object.assign(container, mergePatch(container, custom));
  return undefined;
}
