// Mounts of volumes and raw devices in containers. Counterpart: validation.go ValidateVolumeMounts, ValidateVolumeDevices, v1.36.

import { type FieldError, forbidden, invalid, notFound, notSupported, required } from './field-error.ts';
import { localPath } from './validate-security.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** volumeMounts and volumeDevices of a container. Paths of the inner rules carry no index, as upstream. */
export function mounts(container: Json, at: string, valid: ReadonlyMap<string, Json>): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  const privileged = container.securityContext?.privileged === true;
  const devices: Json[] = container.volumeDevices ?? [];
  (container.volumeMounts ?? []).forEach((mount: Json, i: number) => {
    const field = `${at}.volumeMounts[${i}]`;
    if (mount.name === '') errors.push(required(`${field}.name`));
    if (!valid.has(mount.name)) errors.push(notFound(`${field}.name`, mount.name));
    if (mount.mountPath === '') errors.push(required(`${field}.mountPath`));
    if (seen.has(mount.mountPath)) errors.push(invalid(`${field}.mountPath`, mount.mountPath, 'must be unique'));
    seen.add(mount.mountPath);
    if (devices.some((device) => device.name === mount.name))
      errors.push(invalid(`${field}.name`, mount.name, 'must not already exist in volumeDevices'));
    if (devices.some((device) => device.devicePath === mount.mountPath))
      errors.push(invalid(`${field}.mountPath`, mount.mountPath, 'must not already exist as a path in volumeDevices'));
    if (mount.subPath) errors.push(...localPath(`${at}.volumeMounts.subPath`, mount.subPath));
    if (mount.subPathExpr) {
      if (mount.subPath) errors.push(invalid(`${field}.subPathExpr`, mount.subPathExpr, 'subPathExpr and subPath are mutually exclusive'));
      errors.push(...localPath(`${at}.volumeMounts.subPathExpr`, mount.subPathExpr));
    }
    const propagation = mount.mountPropagation;
    if (propagation !== undefined) {
      if (!['Bidirectional', 'HostToContainer', 'None'].includes(propagation))
        errors.push(notSupported(`${at}.volumeMounts.mountPropagation`, propagation, ['Bidirectional', 'HostToContainer', 'None']));
      if (propagation === 'Bidirectional' && !privileged)
        errors.push(
          forbidden(`${at}.volumeMounts.mountPropagation`, 'Bidirectional mount propagation is available only to privileged containers'),
        );
    }
    const recursive = mount.recursiveReadOnly;
    if (recursive !== undefined && recursive !== 'Disabled') {
      const rro = `${at}.volumeMounts.recursiveReadOnly`;
      if (!['IfPossible', 'Enabled'].includes(recursive)) errors.push(notSupported(rro, recursive, ['Disabled', 'Enabled', 'IfPossible']));
      else {
        if (!mount.readOnly) errors.push(forbidden(rro, 'may only be specified when readOnly is true'));
        if (propagation !== undefined && propagation !== 'None')
          errors.push(forbidden(rro, 'may only be specified when mountPropagation is None or not specified'));
      }
    }
  });
  return [...errors, ...volumeDevices(container, at, valid)];
}

function volumeDevices(container: Json, at: string, valid: ReadonlyMap<string, Json>): FieldError[] {
  const names = new Set<string>();
  const paths = new Set<string>();
  const mounted: Json[] = container.volumeMounts ?? [];
  return (container.volumeDevices ?? []).flatMap((device: Json, i: number) => {
    const field = `${at}.volumeDevices[${i}]`;
    const { name, devicePath: path } = device;
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(`${field}.name`));
    if (names.has(name)) errors.push(invalid(`${field}.name`, name, 'must be unique'));
    const volume = valid.get(name);
    if (volume !== undefined && volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined)
      errors.push(invalid(`${field}.name`, name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'));
    else if (volume === undefined) errors.push(notFound(`${field}.name`, name));
    if (path === '') errors.push(required(`${field}.devicePath`));
    if (paths.has(path)) errors.push(invalid(`${field}.devicePath`, path, 'must be unique'));
    if (path.split('/').includes('..')) errors.push(invalid(`${field}.devicePath`, path, "can not contain backsteps ('..')"));
    else paths.add(path);
    if (mounted.some((mount) => mount.name === name)) errors.push(invalid(`${field}.name`, name, 'must not already exist in volumeMounts'));
    if (mounted.some((mount) => mount.mountPath === path))
      errors.push(invalid(`${field}.devicePath`, path, 'must not already exist as a path in volumeMounts'));
    if (name !== '') names.add(name);
    return errors;
  });
}
