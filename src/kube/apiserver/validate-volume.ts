// Volumes. Counterpart: validation.go ValidateVolumes, v1.36.

import { nanoOf } from '#base/quantity.ts';
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from './field-error.ts';
import { dnsLabel } from './names.ts';
import { fieldRef, resourceFieldRef } from './validate-env.ts';
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
/** Names that the server spells otherwise when a volume has two sources. */
const PATHS: Readonly<Record<string, string>> = { downwardAPI: 'downwarAPI', cephfs: 'cephFS' };
const HOST_PATH_TYPES = ['', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate', 'Socket'];

function source(volume: Json, at: string): FieldError[] {
  const errors: FieldError[] = [];
  let found = 0;
  for (const name of ORDER) {
    if (volume[name] === undefined) continue;
    found += 1;
    if (found > 1) errors.push(forbidden(`${at}.${PATHS[name] ?? name}`, 'may not specify more than 1 volume type'));
    else errors.push(...oneSource(name, volume[name], `${at}.${name}`));
  }
  if (found === 0) errors.push(required(at, 'must specify a volume type'));
  return errors;
}

/** Errors of one source of a Pod's volume or of a persistent one. */
export function oneSource(name: string, value: Json, at: string): FieldError[] {
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
      return [...need('repository'), ...localPath(`${at}.directory`, value.directory ?? '')];
    case 'nfs':
      return [
        ...need('server'),
        ...need('path'),
        ...((value.path ?? '').startsWith('/') ? [] : [invalid(`${at}.path`, value.path ?? '', 'must be an absolute path')]),
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
    errors.push(...fieldRef(item.fieldRef, `${at}.fieldRef`, DOWNWARD_FIELDS));
    if (item.resourceFieldRef !== undefined)
      errors.push(invalid(at, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
  } else if (item.resourceFieldRef !== undefined) errors.push(...resourceFieldRef(item.resourceFieldRef, `${at}.resourceFieldRef`, true));
  else errors.push(required(at, 'one of fieldRef and resourceFieldRef is required'));
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
    for (const kind of kinds) {
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
        const at2 = `${field}.serviceAccountToken.expirationSeconds`;
        if (seconds !== undefined && seconds < 600) errors.push(invalid(at2, seconds, 'may not specify a duration less than 10 minutes'));
        if (seconds !== undefined && seconds > 2 ** 32)
          errors.push(invalid(at2, seconds, 'may not specify a duration larger than 2^32 seconds'));
        if (!inner.path) errors.push(required(`${at}.path`));
        else errors.push(...itemPath(`${at}.path`, inner.path));
      }
    }
    if (kinds.length > 1) errors.push(forbidden(field, 'may not specify more than 1 volume type per source'));
  });
  return errors;
}
