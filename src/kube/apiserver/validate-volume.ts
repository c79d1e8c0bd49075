// Volumes and their mounts. Counterpart: validation.go ValidateVolumes, ValidateVolumeMounts, v1.36.

import { nanoOf } from '#base/quantity.ts';
import { duplicate, type FieldError, forbidden, invalid, notFound, notSupported, required } from './field-error.ts';
import { dnsLabel } from './names.ts';
import { localPath } from './validate-security.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** Names of the volumes without errors; mounts may refer to these only. */
export interface Volumes {
  readonly errors: FieldError[];
  readonly valid: ReadonlyMap<string, Json>;
}

export function volumes(list: readonly Json[], at: string): Volumes {
  const errors: FieldError[] = [];
  const valid = new Map<string, Json>();
  list.forEach((volume, i) => {
    const field = `${at}[${i}]`;
    const own = source(volume, field);
    if (volume.name === '') own.push(required(`${field}.name`));
    else own.push(...dnsLabel(volume.name).map((text) => invalid(`${field}.name`, volume.name, text)));
    if (valid.has(volume.name)) own.push(duplicate(`${field}.name`, volume.name));
    if (own.length === 0) valid.set(volume.name, volume);
    errors.push(...own);
  });
  return { errors, valid };
}

/** Order in which the server looks at sources. */
const ORDER = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
];
const HOST_PATH_TYPES = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function source(volume: Json, at: string): FieldError[] {
  const errors: FieldError[] = [];
  let found = 0;
  for (const name of ORDER) {
    if (volume[name] === undefined) continue;
    found += 1;
    if (found > 1) errors.push(forbidden(`${at}.${name}`, 'may not specify more than 1 volume type'));
    else errors.push(...oneSource(name, volume[name], `${at}.${name}`));
  }
  if (found === 0) errors.push(required(at, 'must specify a volume type'));
  return errors;
}

function oneSource(name: string, value: Json, at: string): FieldError[] {
  const need = (key: string): FieldError[] => (value[key] ? [] : [required(`${at}.${key}`)]);
  switch (name) {
    case 'emptyDir':
      return value.sizeLimit !== undefined && nanoOf(value.sizeLimit) < 0n
        ? [forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
        : [];
    case 'hostPath': {
      if (!value.path) return need('path');
      const errors = value.path.split('/').includes('..') ? [invalid(`${at}.path`, value.path, "must not contain '..'")] : [];
      if (!HOST_PATH_TYPES.includes(value.type ?? '')) errors.push(notSupported(`${at}.type`, value.type, HOST_PATH_TYPES));
      return errors;
    }
    case 'secret':
      return [...need('secretName'), ...mode(value.defaultMode, `${at}.defaultMode`), ...items(value.items, at)];
    case 'configMap':
      return [...need('name'), ...mode(value.defaultMode, `${at}.defaultMode`), ...items(value.items, at)];
    case 'persistentVolumeClaim':
      return need('claimName');
    case 'gitRepo':
      return need('repository');
    case 'nfs':
      return [
        ...need('server'),
        ...need('path'),
        ...(value.path && !value.path.startsWith('/') ? [invalid(`${at}.path`, value.path, 'must be an absolute path')] : []),
      ];
    case 'iscsi':
      return [...need('targetPortal'), ...need('iqn')];
    case 'csi':
      return need('driver');
    case 'ephemeral':
      return value.volumeClaimTemplate === undefined ? [required(`${at}.volumeClaimTemplate`)] : [];
    case 'image':
      return [
        ...need('reference'),
        ...(['Always', 'IfNotPresent', 'Never'].includes(value.pullPolicy)
          ? []
          : [notSupported(`${at}.pullPolicy`, value.pullPolicy ?? '', ['Always', 'IfNotPresent', 'Never'])]),
      ];
    case 'downwardAPI':
      return [...mode(value.defaultMode, `${at}.defaultMode`), ...(value.items ?? []).flatMap((item: Json) => downward(item, at))];
    case 'projected':
      return projected(value, at);
    default:
      return [];
  }
}

function mode(value: unknown, field: string): FieldError[] {
  return typeof value === 'number' && (value < 0 || value > 511)
    ? [invalid(field, value, 'must be a number between 0 and 0777 (octal), both inclusive')]
    : [];
}

function itemPath(field: string, path: string): FieldError[] {
  const errors = localPath(field, path);
  // The element ".." is named by localPath already.
  if (path.startsWith('..') && !path.startsWith('../') && path !== '..') errors.push(invalid(field, path, "must not start with '..'"));
  return errors;
}

function items(list: readonly Json[] | undefined, at: string): FieldError[] {
  return (list ?? []).flatMap((item, i) => {
    const field = `${at}.items[${i}]`;
    return [
      ...(item.key ? [] : [required(`${field}.key`)]),
      ...(item.path ? itemPath(`${field}.path`, item.path) : [required(`${field}.path`)]),
      ...mode(item.mode, `${field}.mode`),
    ];
  });
}

const DOWNWARD_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];

function downward(item: Json, at: string): FieldError[] {
  const errors = item.path ? itemPath(`${at}.path`, item.path) : [required(`${at}.path`)];
  if (item.fieldRef !== undefined) {
    const { fieldPath } = item.fieldRef;
    if (item.resourceFieldRef !== undefined)
      errors.push(invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    if (!fieldPath) errors.push(required(`${at}.fieldRef.fieldPath`));
    else if (!DOWNWARD_FIELDS.includes(fieldPath) && !/^metadata\.(labels|annotations)\['.+'\]$/.test(fieldPath))
      errors.push(notSupported(`${at}.fieldRef.fieldPath`, fieldPath, DOWNWARD_FIELDS));
  } else if (item.resourceFieldRef === undefined) errors.push(required(at, 'one of fieldRef and resourceFieldRef is required'));
  return [...errors, ...mode(item.mode, `${at}.mode`)];
}

function projected(value: Json, at: string): FieldError[] {
  const errors = mode(value.defaultMode, `${at}.defaultMode`);
  const paths = new Set<string>();
  const claim = (path: string, shown = path): void => {
    if (path === '') return;
    if (paths.has(path)) errors.push(invalid(at, shown, 'conflicting duplicate paths'));
    paths.add(path);
  };
  (value.sources ?? []).forEach((part: Json, i: number) => {
    const field = `${at}.sources[${i}]`;
    const kinds = ['secret', 'configMap', 'downwardAPI', 'serviceAccountToken'].filter((kind) => part[kind] !== undefined);
    for (const [n, kind] of kinds.entries()) {
      if (n > 0) {
        errors.push(forbidden(field, 'may not specify more than 1 volume type per source'));
        continue;
      }
      const inner = part[kind];
      if (kind === 'secret' || kind === 'configMap') {
        if (!inner.name) errors.push(required(`${field}.${kind}.name`));
        const list: Json[] = inner.items ?? [];
        errors.push(...items(list, `${field}.${kind}`));
        for (const item of list) claim(item.path, inner.name);
      } else if (kind === 'downwardAPI') {
        for (const item of inner.items ?? []) {
          errors.push(...downward(item, `${field}.downwardAPI`));
          claim(item.path);
        }
      } else {
        const seconds = inner.expirationSeconds;
        if (seconds !== undefined && seconds < 600)
          errors.push(
            invalid(`${field}.serviceAccountToken.expirationSeconds`, seconds, 'may not specify a duration less than 10 minutes'),
          );
        if (!inner.path) errors.push(required(`${at}.path`));
        else {
          errors.push(...itemPath(`${at}.path`, inner.path));
          claim(inner.path);
        }
      }
    }
  });
  return errors;
}

/** volumeMounts and volumeDevices of a container. Paths of the inner rules carry no index, as upstream. */
export function mounts(container: Json, at: string, valid: ReadonlyMap<string, Json>): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  const privileged = container.securityContext?.privileged === true;
  (container.volumeMounts ?? []).forEach((mount: Json, i: number) => {
    const field = `${at}.volumeMounts[${i}]`;
    if (mount.name === '') errors.push(required(`${field}.name`));
    if (!valid.has(mount.name)) errors.push(notFound(`${field}.name`, mount.name));
    if (mount.mountPath === '') errors.push(required(`${field}.mountPath`));
    if (seen.has(mount.mountPath)) errors.push(invalid(`${field}.mountPath`, mount.mountPath, 'must be unique'));
    seen.add(mount.mountPath);
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
  (container.volumeDevices ?? []).forEach((device: Json, i: number) => {
    const field = `${at}.volumeDevices[${i}]`;
    if (device.name === '') errors.push(required(`${field}.name`));
    const volume = valid.get(device.name);
    if (volume !== undefined && volume.persistentVolumeClaim === undefined && volume.ephemeral === undefined)
      errors.push(
        invalid(`${field}.name`, device.name, 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'),
      );
    else if (volume === undefined) errors.push(notFound(`${field}.name`, device.name));
    if (device.devicePath === '') errors.push(required(`${field}.devicePath`));
  });
  return errors;
}
