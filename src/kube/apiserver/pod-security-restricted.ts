// The checks of the Restricted level, by id and version.
// Counterpart: k8s.io/pod-security-admission v0.36 policy/check_*.go and registry.go.

import { badSeccomp, capabilities, procMount } from './pod-security-baseline.ts';
import {
  at,
  type Check,
  containersText,
  type Finding,
  failing,
  join,
  plural,
  type Subject,
  setters,
  sortedSet,
} from './pod-security-subject.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

function seccompRestricted(subject: Subject): Finding | null {
  if (subject.version >= 25 && subject.windows) return null;
  const bad = badSeccomp(subject);
  if (bad !== null) return bad;
  if (subject.spec.securityContext?.seccompProfile?.type !== undefined) return null;
  const names = failing(subject, (_, context) => context.seccompProfile?.type === undefined);
  return names.length === 0
    ? null
    : {
        reason: 'seccompProfile',
        detail: `pod or ${containersText(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
        pointers: at(subject, 'securityContext/seccompProfile', names, true),
      };
}

function runAsNonRoot(subject: Subject): Finding | null {
  if (subject.version >= 35 && subject.spec.hostUsers === false) return null;
  const own = subject.spec.securityContext?.runAsNonRoot;
  const pod = own === false;
  const explicit = failing(subject, (_, context) => context.runAsNonRoot === false);
  // A pod-level false counts only where it is the cause: with all containers true it is still named.
  if (pod || explicit.length > 0)
    return {
      reason: 'runAsNonRoot != true',
      detail: `${setters(pod, explicit)} must not set securityContext.runAsNonRoot=false`,
      pointers: at(subject, 'securityContext/runAsNonRoot', explicit, pod),
    };
  if (own === true) return null;
  const implicit = failing(subject, (_, context) => context.runAsNonRoot === undefined);
  return implicit.length === 0
    ? null
    : {
        reason: 'runAsNonRoot != true',
        detail: `pod or ${containersText(implicit)} must set securityContext.runAsNonRoot=true`,
        pointers: at(subject, 'securityContext/runAsNonRoot', implicit, true),
      };
}

function runAsUser(subject: Subject): Finding | null {
  if (subject.version >= 35 && subject.spec.hostUsers === false) return null;
  const pod = subject.spec.securityContext?.runAsUser === 0;
  const names = failing(subject, (_, context) => context.runAsUser === 0);
  return pod || names.length > 0
    ? {
        reason: 'runAsUser=0',
        detail: `${setters(pod, names)} must not set runAsUser=0`,
        pointers: at(subject, 'securityContext/runAsUser', names, pod),
      }
    : null;
}

const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);

function restrictedVolumes({ spec }: Subject): Finding | null {
  const bad = ((spec.volumes ?? []) as Json[])
    .map((volume, i) => ({ i, name: volume.name as string, type: Object.keys(volume).find((key) => key !== 'name') ?? 'unknown' }))
    .filter(({ type }) => !VOLUMES.has(type));
  const types = sortedSet(bad.map(({ type }) => type));
  const names = bad.map(({ name }) => name);
  return bad.length === 0
    ? null
    : {
        reason: 'restricted volume types',
        detail: `${plural('volume', names.length)} ${join(names)} ${names.length === 1 ? 'uses' : 'use'} restricted volume ${plural('type', types.length)} ${join(types)}`,
        pointers: bad.map(({ i, type }) => `/spec/volumes/${i}/${type}`),
      };
}

function restrictedCapabilities(subject: Subject): Finding | null {
  if (subject.version >= 25 && subject.windows) return null;
  const missing = failing(subject, (_, context) => !(context.capabilities?.drop ?? []).includes('ALL'));
  const { names, values } = capabilities(subject, (name) => name === 'NET_BIND_SERVICE');
  const details = [
    ...(missing.length > 0 ? [`${containersText(missing)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(names.length > 0 ? [`${containersText(names)} must not include ${join(values)} in securityContext.capabilities.add`] : []),
  ];
  const pointers = [
    ...at(subject, 'securityContext/capabilities/drop', missing),
    ...at(subject, 'securityContext/capabilities/add', names),
  ];
  return details.length === 0 ? null : { reason: 'unrestricted capabilities', detail: details.join('; '), pointers };
}

export const RESTRICTED: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    since: 8,
    run: (s) => {
      if (s.version >= 25 && s.windows) return null;
      const names = failing(s, (_, context) => context.allowPrivilegeEscalation !== false);
      return names.length === 0
        ? null
        : {
            reason: 'allowPrivilegeEscalation != false',
            detail: `${containersText(names)} must set securityContext.allowPrivilegeEscalation=false`,
            pointers: at(s, 'securityContext/allowPrivilegeEscalation', names),
          };
    },
  },
  { id: 'capabilities_restricted', since: 22, overrides: 'capabilities_baseline', run: restrictedCapabilities },
  { id: 'procMount_restricted', since: 35, overrides: 'procMount', run: (s) => procMount(s, false) },
  { id: 'restrictedVolumes', since: 0, overrides: 'hostPathVolumes', run: restrictedVolumes },
  { id: 'runAsNonRoot', since: 0, run: runAsNonRoot },
  { id: 'runAsUser', since: 23, run: runAsUser },
  { id: 'seccompProfile_restricted', since: 19, overrides: 'seccompProfile_baseline', run: seccompRestricted },
];
