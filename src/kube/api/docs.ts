// What types and fields mean, in our own words. Key: STRUCT, STRUCT.field, or *.field for fields that mean the same everywhere.

import { PLACEMENT_DOCS } from './docs-placement.ts';
import { POD_DOCS } from './docs-pod.ts';
import { VOLUME_DOCS } from './docs-volume.ts';
import { WORKLOAD_DOCS } from './docs-workload.ts';

/** Lines "Struct: text", ".field text" as entries. */
function entries(lines: string): [string, string][] {
  let struct = '';
  return lines
    .trim()
    .split('\n')
    .flatMap((line): [string, string][] => {
      const space = line.indexOf(' ');
      if (line.startsWith('.')) return [[struct + line.slice(0, space), line.slice(space + 1)]];
      struct = line.slice(0, line.indexOf(':'));
      return space < 0 ? [] : [[struct, line.slice(space + 1)]];
    });
}

const SECURITY: Readonly<Record<string, string>> = {
  '*.apiVersion': 'The version of the schema that this object is written in, such as v1 or apps/v1.',
  '*.kind': 'The kind of object, in CamelCase. It cannot be changed.',
  '*.metadata': 'Name, namespace, labels, annotations and what the server adds to them.',
  Pod: 'Containers that run together on one node.',
  'Pod.spec': 'What should run, and how.',
  'Pod.status': 'What the node last reported. It is written by the system, not by the user.',
  PodSpec: 'What should run in a pod, and how.',
  'PodSpec.containers': 'The containers of the pod; at least one. They cannot be added or removed later.',
  'PodSpec.initContainers':
    'Containers that run to their end one after another before the others start; with restartPolicy Always they keep running beside them.',
  'PodSpec.ephemeralContainers': 'Containers added to a running pod for looking at it. They are never restarted. kubectl debug adds them.',
  'PodSpec.volumes': 'Volumes that containers of the pod can mount.',
  'PodSpec.securityContext': 'Security settings for the whole pod; containers can override the ones that both have.',
  'PodSpec.serviceAccountName': 'The service account that processes of the pod act as. Default: default.',
  'PodSpec.automountServiceAccountToken': 'Whether a token of the service account is mounted into every container.',
  'PodSpec.hostNetwork': "The pod uses the node's network instead of its own. Default: false.",
  'PodSpec.hostPID': "The pod uses the node's process namespace. Default: false.",
  'PodSpec.hostIPC': "The pod uses the node's IPC namespace. Default: false.",
  'PodSpec.hostUsers':
    'false: the pod gets a user namespace of its own, in which root is an unprivileged user of the node. Host namespaces cannot be used then. Default: true.',
  'PodSpec.shareProcessNamespace':
    'All containers share one process namespace and can see and signal each other’s processes. Default: false.',
  'PodSpec.restartPolicy': 'When containers are started again: Always, OnFailure or Never. Default: Always.',
  'PodSpec.runtimeClassName': 'The RuntimeClass that runs the pod; a pod that names a missing one is refused.',
  'PodSpec.nodeName': 'The node the pod runs on; normally set by the scheduler.',
  'PodSpec.nodeSelector': 'Labels a node must have to be chosen.',
  'PodSpec.terminationGracePeriodSeconds':
    'Seconds between the signal that asks processes to end and the one that kills them. Default: 30.',
  'PodSpec.os': 'The operating system of the pod. On windows the Linux security settings must be absent, on linux the Windows ones.',
  Container: 'One container of a pod.',
  'Container.name': 'Name of the container, a DNS label, unique in the pod. It cannot be changed.',
  'Container.image': 'Reference of the image.',
  'Container.command': "Replaces the image's ENTRYPOINT. $(VAR) is expanded from the container's environment.",
  'Container.args': "Replaces the image's CMD. $(VAR) is expanded from the container's environment.",
  'Container.env': "Variables for the container's environment.",
  'Container.securityContext': 'Security settings of this container; they override those of the pod.',
  'Container.volumeMounts': "Volumes of the pod and where they appear in the container's file system.",
  'Container.workingDir': "The working directory. Default: the image's.",
  'Container.stdin': 'Keep standard input open so that a client can attach. Without it reads see the end of file.',
  'Container.tty': 'Give the container a terminal. Needs stdin.',
  'Container.resources': 'Computing resources that the container needs and may use.',
  PodSecurityContext: 'Security settings of a pod. Those that a container has too are overridden by it.',
  'PodSecurityContext.runAsUser': "User ID of the containers' first processes. Default: the image's user.",
  'PodSecurityContext.runAsGroup': "Primary group ID of the containers' first processes. Default: the runtime's.",
  'PodSecurityContext.runAsNonRoot': 'The kubelet refuses to start a container that would run as user 0.',
  'PodSecurityContext.fsGroup':
    'A supplemental group of all containers. Volumes that support it are owned by this group, new files inherit it (setgid), and it may read and write.',
  'PodSecurityContext.fsGroupChangePolicy':
    'When a volume is given its owner and mode: Always, or OnRootMismatch: only if the root of the volume does not fit. Default: Always.',
  'PodSecurityContext.supplementalGroups': 'Further groups of the first process, beside its primary group and fsGroup.',
  'PodSecurityContext.supplementalGroupsPolicy':
    'Merge: groups that the image gives the user are added. Strict: they are not. Default: Merge.',
  'PodSecurityContext.seccompProfile': 'The filter of system calls for the containers of the pod.',
  'PodSecurityContext.appArmorProfile': 'The AppArmor profile for the containers of the pod.',
  'PodSecurityContext.seLinuxOptions': 'The SELinux label of all containers. Default: the runtime chooses a random one for each.',
  'PodSecurityContext.seLinuxChangePolicy':
    'How volumes get the SELinux label: by relabelling all files (Recursive) or by a mount option (MountOption).',
  'PodSecurityContext.sysctls': 'Kernel parameters of the pod’s namespaces. Pods with ones the node does not allow may fail to start.',
  'PodSecurityContext.windowsOptions': 'Settings for Windows containers.',
  SecurityContext: 'Security settings of a container. They override those of the pod.',
  'SecurityContext.runAsUser': "User ID of the first process. Default: the pod's, else the image's user.",
  'SecurityContext.runAsGroup': "Primary group ID of the first process. Default: the pod's, else the runtime's.",
  'SecurityContext.runAsNonRoot': 'The kubelet refuses to start the container if it would run as user 0.',
  'SecurityContext.privileged': 'Processes are nearly as powerful as root on the node. Default: false.',
  'SecurityContext.allowPrivilegeEscalation':
    'Whether a process can gain more privileges than its parent, by set-user-ID programs for instance; false sets no_new_privs. Always true for privileged containers and with CAP_SYS_ADMIN.',
  'SecurityContext.readOnlyRootFilesystem': 'The root file system is mounted read-only. Default: false.',
  'SecurityContext.capabilities': 'Capabilities to add to and drop from the default set of the runtime.',
  'SecurityContext.procMount': 'Default: parts of /proc are masked and read-only. Unmasked: they are not; needs hostUsers false.',
  'SecurityContext.seccompProfile': 'The filter of system calls. It overrides that of the pod.',
  'SecurityContext.appArmorProfile': 'The AppArmor profile. It overrides that of the pod.',
  'SecurityContext.seLinuxOptions': 'The SELinux label. It overrides that of the pod.',
  'SecurityContext.windowsOptions': 'Settings for Windows containers. They override those of the pod.',
  Capabilities: 'Changes to the set of capabilities of a container.',
  'Capabilities.add': 'Capabilities to add, without the prefix CAP_, or ALL.',
  'Capabilities.drop': 'Capabilities to take away, without the prefix CAP_, or ALL.',
  SeccompProfile: 'Which filter of system calls is used.',
  'SeccompProfile.type': 'Localhost: a file on the node. RuntimeDefault: that of the container runtime. Unconfined: none.',
  'SeccompProfile.localhostProfile': "Path of the file below the kubelet's seccomp directory. Only, and necessarily, with type Localhost.",
  AppArmorProfile: 'Which AppArmor profile is used.',
  'AppArmorProfile.type': 'Localhost: one loaded on the node. RuntimeDefault: that of the container runtime. Unconfined: none.',
  'AppArmorProfile.localhostProfile': 'Name of a profile loaded on the node. Only, and necessarily, with type Localhost.',
  SELinuxOptions: 'The parts of an SELinux label.',
  'SELinuxOptions.user': 'The user part.',
  'SELinuxOptions.role': 'The role part.',
  'SELinuxOptions.type': 'The type part.',
  'SELinuxOptions.level': 'The level part.',
  Sysctl: 'A kernel parameter.',
  'Sysctl.name': 'Name of the parameter.',
  'Sysctl.value': 'Its value.',
  Volume: 'A volume of a pod.',
  'Volume.name': 'Name of the volume, a DNS label, unique in the pod.',
  VolumeMount: 'Where a volume appears in a container.',
  'VolumeMount.mountPath': 'Path in the container. It must not contain a colon.',
  'VolumeMount.name': 'Name of a volume of the pod.',
  'VolumeMount.readOnly': 'Mount it read-only. Default: false.',
  'VolumeMount.subPath': 'A path inside the volume instead of its root.',
};

/** Structs that have fields of another one, with the same meaning. */
const SAME: Readonly<Record<string, string>> = { EphemeralContainerCommon: 'Container', PersistentVolumeSource: 'VolumeSource' };

const DOCS: ReadonlyMap<string, string> = new Map([
  ...[POD_DOCS, PLACEMENT_DOCS, VOLUME_DOCS, WORKLOAD_DOCS].flatMap(entries),
  ...Object.entries(SECURITY),
]);

/** What a struct is for. */
export const structText = (struct: string): string | undefined => DOCS.get(struct);

/** What a field means: of the struct, of one it has the field from, or the same everywhere. */
export function fieldText(struct: string, field: string): string | undefined {
  return DOCS.get(`${struct}.${field}`) ?? DOCS.get(`${SAME[struct]}.${field}`) ?? DOCS.get(`*.${field}`);
}
