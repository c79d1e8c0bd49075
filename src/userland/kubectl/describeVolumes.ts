// The Volumes block of a description. Counterpart: describeVolumes, k8s.io/kubectl/pkg/describe/describe.go, v1.36

import type { Lines } from './describeText.ts';
import type { Json } from './session.ts';

function projectedLines(lines: Lines, projected: Json): void {
  lines.add(2, 'Type:\tProjected (a volume that contains injected data from multiple sources)');
  for (const source of projected.sources ?? []) {
    if (source.secret) {
      lines.add(2, `SecretName:\t${source.secret.name}`);
      lines.add(2, `Optional:\t${source.secret.optional ?? false}`);
    } else if (source.downwardAPI) lines.add(2, 'DownwardAPI:\ttrue');
    else if (source.configMap) {
      lines.add(2, `ConfigMapName:\t${source.configMap.name}`);
      lines.add(2, `Optional:\t${source.configMap.optional ?? false}`);
    } else if (source.serviceAccountToken) lines.add(2, `TokenExpirationSeconds:\t${source.serviceAccountToken.expirationSeconds}`);
  }
}

/** One block per volume, or `<none>`; in a template the labels stand further in. */
export function describeVolumes(lines: Lines, volumes: readonly Json[], inTemplate = false): void {
  const level = inTemplate ? 1 : 0;
  if (volumes.length === 0) {
    lines.add(level, 'Volumes:\t<none>');
    return;
  }
  lines.add(level, 'Volumes:');
  for (const volume of volumes) {
    lines.add(1, `${inTemplate ? ' ' : ''}${volume.name}:`);
    if (volume.hostPath) {
      lines.add(2, 'Type:\tHostPath (bare host directory volume)');
      lines.add(2, `Path:\t${volume.hostPath.path}`);
      lines.add(2, `HostPathType:\t${volume.hostPath.type ?? '<none>'}`);
    } else if (volume.emptyDir) {
      lines.add(2, "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)");
      lines.add(2, `Medium:\t${volume.emptyDir.medium ?? ''}`);
      lines.add(2, `SizeLimit:\t${volume.emptyDir.sizeLimit ?? '<unset>'}`);
    } else if (volume.secret) {
      lines.add(2, 'Type:\tSecret (a volume populated by a Secret)');
      lines.add(2, `SecretName:\t${volume.secret.secretName}`);
      lines.add(2, `Optional:\t${volume.secret.optional ?? false}`);
    } else if (volume.configMap) {
      lines.add(2, 'Type:\tConfigMap (a volume populated by a ConfigMap)');
      lines.add(2, `Name:\t${volume.configMap.name}`);
      lines.add(2, `Optional:\t${volume.configMap.optional ?? false}`);
    } else if (volume.persistentVolumeClaim) {
      lines.add(2, 'Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)');
      lines.add(2, `ClaimName:\t${volume.persistentVolumeClaim.claimName}`);
      lines.add(2, `ReadOnly:\t${volume.persistentVolumeClaim.readOnly ?? false}`);
    } else if (volume.downwardAPI) {
      lines.add(2, 'Type:\tDownwardAPI (a volume populated by information about the pod)');
      lines.add(2, 'Items:');
      for (const item of volume.downwardAPI.items ?? [])
        lines.add(3, `${(item.fieldRef ?? item.resourceFieldRef).fieldPath ?? item.resourceFieldRef.resource} -> ${item.path}`);
    } else if (volume.projected) projectedLines(lines, volume.projected);
    else if (volume.image) {
      lines.add(2, 'Type:\tImage (a container image or OCI artifact)');
      lines.add(2, `Reference:\t${volume.image.reference}`);
      lines.add(2, `PullPolicy:\t${volume.image.pullPolicy ?? ''}`);
    } else lines.add(2, 'Type:\t<unknown>');
  }
}
