// Claims: the PersistentVolume behind one, and setting it up by the plugin of its kind.

import { MS_BIND, MS_RDONLY, MS_REC, MS_REMOUNT } from '#abi/flags.ts';
import { type Program, sys } from '#kernel/uapi/index.ts';
import type { KubeObject } from '../api/object.ts';
import { type CsiVolume, fsGroupDecision, lifecycleProblem, publish, stage, stagingPath, unstage } from './csi.ts';
import type { Json } from './effective.ts';
import type { EnvironmentSources } from './environment.ts';
import { makeDirs, pathError, statOf } from './files.ts';
import { checkHostPath } from './hostPath.ts';
import { changeOwnership, type Policy } from './ownership.ts';
import { type SeLinuxDecision, seLinuxDecision } from './seLinuxMount.ts';
import { done, failed, failedStep, PROCESSING, type SetUp, type VolumeContext } from './setUp.ts';

const policyOf = (context: VolumeContext): Policy =>
  context.pod.spec.securityContext?.fsGroupChangePolicy === 'OnRootMismatch' ? 'OnRootMismatch' : 'Always';

/** A local volume: a bind mount, its owner changed by the first pod only. Counterpart: SetUpAt, pkg/volume/local/local.go */
function* local(context: VolumeContext, volume: KubeObject, root: string, readOnly: boolean): Program<SetUp> {
  const { name } = volume.metadata;
  const source: string = volume.spec.local.path;
  const path = `${root}/kubernetes.io~local-volume/${name}`;
  const failure = yield* makeDirs(path, 0o750);
  if (failure !== undefined) return failed(failure);
  const first = context.csi.acquire(`local ${source}`, context.pod.metadata.uid as string);
  const release = (): Program<void> => releaseLocal(context, source);
  const owner = yield* statOf(source, true);
  if (!first && context.fsGroup !== undefined && owner && owner.gid !== context.fsGroup)
    context.event(
      'Warning',
      'AlreadyMountedVolume',
      `The requested fsGroup is ${context.fsGroup}, but the volume ${name} has GID ${owner.gid}. The volume may not be shareable.`,
    );
  const bound = yield* sys.mount(source, path, '', MS_BIND | MS_REC, '');
  if (!bound.ok) {
    yield* release();
    return failed(pathError('mount', path, bound.errno));
  }
  if (readOnly) yield* sys.mount('', path, '', MS_BIND | MS_REMOUNT | MS_RDONLY, '');
  else if (first && context.fsGroup !== undefined)
    yield* changeOwnership(path, { fsGroup: context.fsGroup, readOnly, policy: policyOf(context) }, context.watch);
  return done({ path, relabel: true, unmount: [path], release });
}

function* releaseLocal(context: VolumeContext, source: string): Program<void> {
  context.csi.release(`local ${source}`, context.pod.metadata.uid as string);
}

/**
 * A volume of a CSI driver: attached and staged for the node, published for the pod, given to fsGroup.
 * Counterpart: SetUpAt, pkg/volume/csi/csi_mounter.go, Kubernetes 1.36.
 * Deviates: an attachment that nobody answers is reported at once, not after two minutes.
 */
export function* csi(context: VolumeContext, volume: CsiVolume, root: string, seLinux?: SeLinuxDecision): Program<SetUp> {
  const { csi: node, sources, pod } = context;
  const driver = sources.get('CSIDriver', '', volume.driver);
  const plugin = node.drivers[volume.driver];
  const persistent = volume.mode === 'Persistent';
  if (!plugin) {
    const missing = `driver name ${volume.driver} not found in the list of registered CSI drivers`;
    if (!persistent) return failed(`kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${missing}`);
    if (driver?.spec.attachRequired === false)
      return failedStep(
        'MountVolume.MountDevice',
        `kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: ${missing}`,
      );
    const waited = `timed out waiting for external-attacher of ${volume.driver} CSI driver to attach volume ${volume.handle}`;
    return failedStep('AttachVolume.Attach', waited);
  }
  const mismatch = lifecycleProblem(driver, volume);
  if (mismatch !== undefined) return failed(`kubernetes.io/csi: mounter.SetupAt failed to check volume lifecycle mode: ${mismatch}`);
  const uid = pod.metadata.uid as string;
  if (node.acquire(volume.handle, uid)) {
    if (persistent && driver?.spec.attachRequired !== false)
      context.event(
        'Normal',
        'SuccessfulAttachVolume',
        `AttachVolume.Attach succeeded for volume "${volume.name}" `,
        'attachdetach-controller',
      );
    const failure = yield* stage(node, volume, seLinux?.how === 'mount' ? `context="${seLinux.context}"` : '');
    if (failure !== undefined) {
      node.release(volume.handle, uid);
      return failedStep('MountVolume.MountDevice', failure);
    }
  }
  const target = `${root}/kubernetes.io~csi/${volume.name}/mount`;
  const failure = yield* publish(stagingPath(volume), target, volume.readOnly);
  if (failure !== undefined) return failed(failure);
  const decision = fsGroupDecision(driver, plugin, volume);
  if (context.fsGroup !== undefined) {
    const options = { fsGroup: context.fsGroup, readOnly: false, policy: policyOf(context) };
    if (decision === 'walk') yield* changeOwnership(target, options, context.watch);
    // The driver does it inside its storage: nothing for the kubelet to wait for or to report.
    if (decision === 'delegated') yield* changeOwnership(target, { ...options, policy: 'Always' });
  }
  const release = function* (): Program<void> {
    if (node.release(volume.handle, uid)) yield* unstage(volume);
  };
  const relabel = !volume.readOnly && seLinux?.how !== 'mount';
  return done({ path: target, relabel, ...(seLinux && { seLinux }), unmount: [target], release });
}

/** What a PersistentVolumeClaim of a pod is bound to. Counterpart: getPVCExtractPV, desired_state_of_world_populator.go */
export function* claim(context: VolumeContext, name: string, source: Json, root: string): Program<SetUp> {
  const namespace = context.pod.metadata.namespace as string;
  const found = context.sources.get('PersistentVolumeClaim', namespace, source.claimName);
  const unready = (why: string): SetUp => failed(`error processing PVC ${namespace}/${source.claimName}: ${why}`);
  if (!found) return unready(`failed to fetch PVC from API server: persistentvolumeclaims "${source.claimName}" not found`);
  const volume = found.spec.volumeName ? context.sources.get('PersistentVolume', '', found.spec.volumeName) : undefined;
  if (found.status?.phase !== 'Bound' || !volume) return unready('PVC is not bound');
  if (volume.spec.volumeMode === 'Block') return unready('block volumes are not simulated');
  const seLinux = context.seLinux ? labelled(context, name, volume) : undefined;
  // Counterpart: AddPodToVolume fails in the populator, which the pod hears of when it waits for its volumes
  if (seLinux?.how === 'refused') return failedStep(PROCESSING, `multiple SELinux labels found: ${seLinux.contexts.join(',')}`);
  const named = yield* byKind(context, volume, root, source.readOnly === true, seLinux);
  return { ...named, name: volume.metadata.name };
}

/** Only drivers can say that they take the mount option. */
function labelled(context: VolumeContext, name: string, { spec }: KubeObject): SeLinuxDecision {
  const driver = spec.csi && context.sources.get('CSIDriver', '', spec.csi.driver);
  const { accessModes = [] } = spec;
  return seLinuxDecision(context.pod, { name, accessModes, seLinuxMount: driver?.spec.seLinuxMount === true }, context.random);
}

function* byKind(
  context: VolumeContext,
  volume: KubeObject,
  root: string,
  readOnly: boolean,
  seLinux: SeLinuxDecision | undefined,
): Program<SetUp> {
  const { spec } = volume;
  if (spec.hostPath) {
    const failure = yield* checkHostPath(spec.hostPath);
    return failure === undefined ? done({ path: spec.hostPath.path, relabel: false, unmount: [] }) : failed(failure);
  }
  if (spec.local) return yield* local(context, volume, root, readOnly);
  if (spec.csi) {
    const given = { driver: spec.csi.driver, handle: spec.csi.volumeHandle, fsType: spec.csi.fsType ?? '' };
    const accessModes: readonly string[] = spec.accessModes ?? [];
    const shown = { name: volume.metadata.name, accessModes, readOnly: readOnly || spec.csi.readOnly === true };
    return yield* csi(context, { ...given, ...shown, mode: 'Persistent' }, root, seLinux);
  }
  const kind = Object.keys(spec).find(
    (key) => typeof spec[key] === 'object' && !['capacity', 'claimRef', 'nodeAffinity', 'accessModes'].includes(key),
  );
  return failed(`volumes of kind ${kind} are not simulated`);
}

/** The groups of a pod's claimed volumes that it does not have already, each once. Counterpart: GetExtraSupplementalGroupsForPod, pkg/kubelet/volumemanager */
export function volumeGroups(api: EnvironmentSources, pod: KubeObject): { gid: number; volume: number }[] {
  const context = pod.spec.securityContext ?? {};
  const known = new Set<number>(context.supplementalGroups ?? []);
  return (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim }: Json, volume: number) => {
    const claim =
      persistentVolumeClaim && api.get('PersistentVolumeClaim', pod.metadata.namespace as string, persistentVolumeClaim.claimName);
    const found = claim?.spec.volumeName ? api.get('PersistentVolume', '', claim.spec.volumeName) : undefined;
    const gid = Number(found?.metadata.annotations?.['pv.beta.kubernetes.io/gid'] ?? Number.NaN);
    if (!Number.isInteger(gid) || known.has(gid)) return [];
    known.add(gid);
    return [{ gid, volume }];
  });
}
