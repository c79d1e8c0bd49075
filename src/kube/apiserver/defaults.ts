// Defaults of the v1 API and what the admission plugins put into a Pod, each with the origin of what it added.
// Counterpart: kubernetes/pkg/apis/core/v1/defaults.go; plugin/pkg/admission/{serviceaccount,priority,defaulttolerationseconds}, v1.36.

import type { Origin } from '#provenance/origin.ts';
import { fieldOf } from '../api/schema.ts';
import { workload } from './defaults-workload.ts';
import { templateOf } from './template.ts';

// biome-ignore lint/suspicious/noExplicitAny: objects have been checked against the schema tables by decode
type Json = any;

/** Sets members that are absent and notes where they came from. */
export class Defaulter {
  readonly origins: Record<string, Origin> = {};

  set(target: Json, pointer: string, key: string, value: unknown, rule: string): void {
    if (target[key] !== undefined && target[key] !== '' && !(target[key] === 0 && typeof value === 'number')) return;
    target[key] = value;
    this.origins[`${pointer}/${key}`] = { kind: 'default', rule };
  }
}

/** A Go struct that is no pointer is there, if only with zero values. */
function fillStructs(struct: string, object: Json, names: readonly string[]): void {
  for (const name of names) {
    const field = fieldOf(struct, name);
    if (field?.type.kind !== 'struct') continue;
    if (!field.pointer) object[name] ??= {};
    if (object[name]) fillStructs(field.type.name, object[name], names);
  }
}

/** The label every namespace has. */
export function labelWithName({ metadata }: Json): void {
  metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
}

/** Applies the defaults of a kind to a freshly decoded object, in place. */
export function applyDefaults(kind: string, object: Json, defaulter: Defaulter): void {
  fillStructs(kind, object, ['spec', 'template', 'jobTemplate', 'involvedObject', 'source']);
  switch (kind) {
    case 'Pod':
      object.spec ??= { containers: [] };
      podSpec(object.spec, '/spec', defaulter, true);
      break;
    case 'Namespace':
      // A generated name comes later: the strategy sets the label then.
      if (object.metadata.name) labelWithName(object);
      object.spec ??= {};
      object.spec.finalizers ??= ['kubernetes'];
      object.status = { phase: 'Active' };
      break;
    case 'Secret':
      defaulter.set(object, '', 'type', 'Opaque', 'api.secret.type');
      if (object.stringData !== undefined) {
        object.data = { ...object.data };
        for (const [key, value] of Object.entries(object.stringData)) object.data[key] = base64(String(value));
        delete object.stringData;
      }
      break;
    case 'PersistentVolumeClaim':
      object.spec ??= {};
      defaulter.set(object.spec, '/spec', 'volumeMode', 'Filesystem', 'api.pvc.volumeMode');
      object.metadata.finalizers ??= ['kubernetes.io/pvc-protection'];
      object.status = { phase: 'Pending' };
      break;
    case 'PersistentVolume':
      object.spec ??= {};
      if (object.spec.hostPath !== undefined) defaulter.set(object.spec.hostPath, '/spec/hostPath', 'type', '', 'api.hostPath.type');
      object.metadata.finalizers ??= ['kubernetes.io/pv-protection'];
      defaulter.set(object.spec, '/spec', 'persistentVolumeReclaimPolicy', 'Retain', 'api.pv.reclaimPolicy');
      defaulter.set(object.spec, '/spec', 'volumeMode', 'Filesystem', 'api.pv.volumeMode');
      object.status = { phase: 'Pending' };
      break;
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      binding(object, defaulter);
      break;
    case 'Service':
      service(object, defaulter);
      break;
    case 'LimitRange':
      for (const limit of object.spec?.limits ?? []) limitRangeItem(limit);
      break;
    case 'StorageClass':
      defaulter.set(object, '', 'reclaimPolicy', 'Delete', 'api.storageclass.reclaimPolicy');
      defaulter.set(object, '', 'volumeBindingMode', 'Immediate', 'api.storageclass.volumeBindingMode');
      break;
    case 'CSIDriver':
      object.spec ??= {};
      for (const [field, value] of Object.entries(CSI_DRIVER)) defaulter.set(object.spec, '/spec', field, value, `api.csidriver.${field}`);
      break;
    default: {
      const found = templateOf(kind, object);
      if (found?.template.spec !== undefined) podSpec(found.template.spec, `/${found.at.replaceAll('.', '/')}/spec`, defaulter, false);
      workload(kind, object, found?.template, defaulter);
    }
  }
}

/** Counterpart: SetDefaults_CSIDriver, pkg/apis/storage/v1/defaults.go */
const CSI_DRIVER: Readonly<Record<string, unknown>> = {
  attachRequired: true,
  fsGroupPolicy: 'ReadWriteOnceWithFSType',
  podInfoOnMount: false,
  requiresRepublish: false,
  seLinuxMount: false,
  storageCapacity: false,
  volumeLifecycleModes: ['Persistent'],
};

function service(object: Json, defaulter: Defaulter): void {
  object.spec ??= {};
  const { spec } = object;
  const set = (key: string, value: unknown): void => defaulter.set(spec, '/spec', key, value, 'api.service');
  set('sessionAffinity', 'None');
  set('type', 'ClusterIP');
  (spec.ports ?? []).forEach((port: Json, i: number) => {
    defaulter.set(port, `/spec/ports/${i}`, 'protocol', 'TCP', 'api.port.protocol');
    defaulter.set(port, `/spec/ports/${i}`, 'targetPort', port.port, 'api.service');
  });
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') set('externalTrafficPolicy', 'Cluster');
  if (spec.type === 'LoadBalancer') set('allocateLoadBalancerNodePorts', true);
  if (spec.type !== 'ExternalName') set('internalTrafficPolicy', 'Cluster');
}

/** Counterpart: SetDefaults_LimitRangeItem: for containers a maximum is the default limit, and that the default request. */
function limitRangeItem(limit: Json): void {
  if (limit.type !== 'Container') return;
  limit.default = { ...limit.max, ...limit.default };
  limit.defaultRequest = { ...limit.min, ...limit.default, ...limit.defaultRequest };
}

function podSpec(spec: Json, at: string, defaulter: Defaulter, isPod: boolean): void {
  defaulter.set(spec, at, 'dnsPolicy', 'ClusterFirst', 'api.dnsPolicy');
  defaulter.set(spec, at, 'restartPolicy', 'Always', 'api.restartPolicy');
  defaulter.set(spec, at, 'securityContext', {}, 'api.podSecurityContext');
  if (spec.terminationGracePeriodSeconds === undefined)
    defaulter.set(spec, at, 'terminationGracePeriodSeconds', 30, 'api.terminationGracePeriodSeconds');
  if (spec.terminationGracePeriodSeconds < 0) spec.terminationGracePeriodSeconds = 1;
  defaulter.set(spec, at, 'schedulerName', 'default-scheduler', 'api.schedulerName');
  if (isPod) defaulter.set(spec, at, 'enableServiceLinks', true, 'api.enableServiceLinks');
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName;
  else if (spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount;
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    (spec[list] ?? []).forEach((container: Json, i: number) => {
      defaultContainer(container, `${at}/${list}/${i}`, defaulter, isPod, spec.hostNetwork === true);
    });
  }
  (spec.volumes ?? []).forEach((volume: Json, i: number) => {
    defaultVolume(volume, `${at}/volumes/${i}`, defaulter);
  });
}

/** Defaults of one container; also used for containers that arrive later (kubectl debug). */
export function defaultContainer(container: Json, at: string, defaulter: Defaulter, isPod: boolean, hostNetwork: boolean): void {
  const image = String(container.image ?? '');
  const tag = image.includes('@') ? 'digest' : /:([^/:]*)$/.exec(image)?.[1];
  defaulter.set(container, at, 'imagePullPolicy', tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent', 'api.imagePullPolicy');
  defaulter.set(container, at, 'terminationMessagePath', '/dev/termination-log', 'api.terminationMessagePath');
  defaulter.set(container, at, 'terminationMessagePolicy', 'File', 'api.terminationMessagePolicy');
  defaulter.set(container, at, 'resources', {}, 'api.resources');
  const { limits } = container.resources;
  if (isPod && limits !== undefined) {
    container.resources.requests ??= {};
    for (const name of Object.keys(limits))
      defaulter.set(container.resources.requests, `${at}/resources/requests`, name, limits[name], 'api.requestsFromLimits');
  }
  (container.ports ?? []).forEach((port: Json, i: number) => {
    defaulter.set(port, `${at}/ports/${i}`, 'protocol', 'TCP', 'api.port.protocol');
    if (hostNetwork && isPod && port.containerPort) defaulter.set(port, `${at}/ports/${i}`, 'hostPort', port.containerPort, 'api.hostPort');
  });
  (container.env ?? []).forEach((env: Json, i: number) => {
    if (env.valueFrom?.fieldRef)
      defaulter.set(env.valueFrom.fieldRef, `${at}/env/${i}/valueFrom/fieldRef`, 'apiVersion', 'v1', 'api.fieldRef.apiVersion');
    if (env.valueFrom?.resourceFieldRef)
      defaulter.set(env.valueFrom.resourceFieldRef, `${at}/env/${i}/valueFrom/resourceFieldRef`, 'divisor', '0', 'api.divisor');
    if (env.valueFrom?.fileKeyRef)
      defaulter.set(env.valueFrom.fileKeyRef, `${at}/env/${i}/valueFrom/fileKeyRef`, 'optional', false, 'api.fileKeyRef.optional');
  });
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = container[name];
    if (probe === undefined) continue;
    for (const [key, value] of [
      ['timeoutSeconds', 1],
      ['periodSeconds', 10],
      ['successThreshold', 1],
      ['failureThreshold', 3],
    ] as const)
      defaulter.set(probe, `${at}/${name}`, key, value, 'api.probe');
    if (probe.grpc !== undefined) probe.grpc.service ??= '';
    httpGet(probe.httpGet, `${at}/${name}/httpGet`, defaulter);
  }
  for (const hook of ['postStart', 'preStop']) httpGet(container.lifecycle?.[hook]?.httpGet, `${at}/lifecycle/${hook}/httpGet`, defaulter);
}

function httpGet(action: Json, at: string, defaulter: Defaulter): void {
  if (action === undefined) return;
  defaulter.set(action, at, 'path', '/', 'api.probe');
  defaulter.set(action, at, 'scheme', 'HTTP', 'api.probe');
}

function defaultVolume(volume: Json, at: string, defaulter: Defaulter): void {
  if (Object.keys(volume).every((key) => key === 'name')) defaulter.set(volume, at, 'emptyDir', {}, 'api.volume.emptyDir');
  for (const source of ['secret', 'configMap', 'projected', 'downwardAPI']) {
    if (volume[source] !== undefined && volume[source].defaultMode === undefined)
      defaulter.set(volume[source], `${at}/${source}`, 'defaultMode', 420, 'api.volume.defaultMode');
  }
  if (volume.hostPath !== undefined && volume.hostPath.type === undefined) volume.hostPath.type = '';
  const fieldRefs = (items: Json[] | undefined, where: string): void =>
    (items ?? []).forEach((item, i) => {
      if (item.fieldRef) defaulter.set(item.fieldRef, `${where}/${i}/fieldRef`, 'apiVersion', 'v1', 'api.fieldRef.apiVersion');
      if (item.resourceFieldRef) defaulter.set(item.resourceFieldRef, `${where}/${i}/resourceFieldRef`, 'divisor', '0', 'api.divisor');
    });
  fieldRefs(volume.downwardAPI?.items, `${at}/downwardAPI/items`);
  (volume.projected?.sources ?? []).forEach((source: Json, i: number) => {
    const where = `${at}/projected/sources/${i}`;
    if (source.serviceAccountToken && source.serviceAccountToken.expirationSeconds === undefined)
      defaulter.set(source.serviceAccountToken, `${where}/serviceAccountToken`, 'expirationSeconds', 3600, 'api.token.expirationSeconds');
    fieldRefs(source.downwardAPI?.items, `${where}/downwardAPI/items`);
  });
  if (volume.image)
    defaulter.set(
      volume.image,
      `${at}/image`,
      'pullPolicy',
      /:latest$|^[^:@]*$/.test(volume.image.reference ?? '') ? 'Always' : 'IfNotPresent',
      'api.imagePullPolicy',
    );
  if (volume.iscsi) defaulter.set(volume.iscsi, `${at}/iscsi`, 'iscsiInterface', 'default', 'api.volume.iscsi');
}

/** Standard base64 of a text's UTF-8 bytes. */
export function base64(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const bytes = new TextEncoder().encode(text);
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const n = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const left = bytes.length - i;
    out += `${alphabet[n >> 18]}${alphabet[(n >> 12) & 63]}${left > 1 ? alphabet[(n >> 6) & 63] : '='}${left > 2 ? alphabet[n & 63] : '='}`;
  }
  return out;
}

/** Counterpart: kubernetes/pkg/apis/rbac/v1/defaults.go */
function binding(object: Json, defaulter: Defaulter): void {
  const set = (target: Json, pointer: string): void =>
    defaulter.set(target, pointer, 'apiGroup', 'rbac.authorization.k8s.io', 'api.rbac.apiGroup');
  if (object.roleRef !== undefined) set(object.roleRef, '/roleRef');
  for (const [i, subject] of (object.subjects ?? []).entries())
    if (subject.kind === 'User' || subject.kind === 'Group') set(subject, `/subjects/${i}`);
}
