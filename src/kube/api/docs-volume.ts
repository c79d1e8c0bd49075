// What the fields of volumes and data mean, in our own words. Format: see docs-pod.ts.

export const VOLUME_DOCS = `
VolumeSource: Where the files of a volume come from; one of these.
.hostPath A file or directory of the node. Most pods should not use it.
.emptyDir A directory that lives as long as the pod.
.gcePersistentDisk A disk of Google's cloud. Its driver has replaced this.
.awsElasticBlockStore A disk of Amazon's cloud. Its driver has replaced this.
.gitRepo A git repository. Switched off.
.secret The values of a Secret as files.
.nfs A directory of an NFS server.
.iscsi A disk of an iSCSI target.
.glusterfs No longer supported.
.persistentVolumeClaim The volume behind a claim.
.rbd No longer supported.
.quobyte No longer supported.
.flexVolume A volume of a plug-in on the node. CSI has replaced it.
.cinder A disk of OpenStack. Its driver has replaced this.
.cephfs No longer supported.
.flocker No longer supported.
.downwardAPI Fields of the pod as files.
.fc A Fibre Channel disk.
.azureFile A share of Azure. Its driver has replaced this.
.configMap The values of a ConfigMap as files.
.vsphereVolume A disk of vSphere. Its driver has replaced this.
.azureDisk A disk of Azure. Its driver has replaced this.
.photonPersistentDisk No longer supported.
.projected Several sources in one directory.
.portworxVolume A volume of Portworx. Its driver has replaced this.
.scaleIO No longer supported.
.storageos No longer supported.
.csi A volume of a CSI driver that lives as long as the pod.
.ephemeral A claim that is made for the pod and goes with it.
.image The files of an image, read-only.
HostPathVolumeSource: A file or directory of the node.
.path Its path.
.type What it must be, or what is made if it is not there: Directory, DirectoryOrCreate, File, FileOrCreate, Socket, CharDevice, BlockDevice. Default: nothing is looked at.
EmptyDirVolumeSource: A directory that lives as long as the pod.
.medium Empty: the node's disk. Memory: a tmpfs, which counts as memory of the containers.
.sizeLimit The most it may hold. A tmpfs is full then; else the pod is evicted.
GitRepoVolumeSource: A git repository.
.repository Its URL.
.revision The commit.
.directory Where in the volume.
SecretVolumeSource: The values of a Secret as files.
.secretName The Secret.
.items Which keys, and as which files. Default: all, under their names.
.defaultMode Mode of the files. Default: 0644.
.optional The pod also starts without it.
ConfigMapVolumeSource: The values of a ConfigMap as files.
.items Which keys, and as which files. Default: all, under their names.
.defaultMode Mode of the files. Default: 0644.
.optional The pod also starts without it.
KeyToPath: A key as a file.
.key The key.
.path The file, relative and without "..".
.mode Its mode. Default: that of the volume.
NFSVolumeSource: A directory of an NFS server.
.server The server.
.path The directory.
.readOnly Mount it read-only. Default: false.
ISCSIVolumeSource: A disk of an iSCSI target.
.targetPortal Address and port of the target.
.iqn Its name.
.lun Number of the disk.
.iscsiInterface The initiator's interface. Default: default.
.fsType Type of the file system. Default: ext4.
.readOnly Mount it read-only. Default: false.
.portals Further addresses.
.chapAuthDiscovery Authenticate when looking for targets.
.chapAuthSession Authenticate the session.
.secretRef The Secret with the passwords.
.initiatorName Name of the initiator.
PersistentVolumeClaimVolumeSource: The volume behind a claim.
.claimName The claim, in the pod's namespace.
.readOnly Mount it read-only. Default: false.
DownwardAPIVolumeSource: Fields of the pod as files.
.items Which fields, as which files.
.defaultMode Mode of the files. Default: 0644.
DownwardAPIVolumeFile: A field as a file.
.path The file, relative and without "..".
.fieldRef A field of the pod.
.resourceFieldRef A limit or request of a container.
.mode Its mode. Default: that of the volume.
ProjectedVolumeSource: Several sources in one directory.
.sources The sources.
.defaultMode Mode of the files. Default: 0644.
VolumeProjection: A source of a projected volume; one of these.
.secret Values of a Secret.
.downwardAPI Fields of the pod.
.configMap Values of a ConfigMap.
.serviceAccountToken A token of the service account, made for the pod.
.clusterTrustBundle Certificates that the cluster trusts.
.podCertificate A key and a certificate made for the pod.
SecretProjection: Values of a Secret.
.items Which keys, and as which files. Default: all.
.optional The pod also starts without it.
ConfigMapProjection: Values of a ConfigMap.
.items Which keys, and as which files. Default: all.
.optional The pod also starts without it.
DownwardAPIProjection: Fields of the pod.
.items Which fields, as which files.
ServiceAccountTokenProjection: A token of the service account, made for the pod.
.audience Whom it is for. Default: the API server.
.expirationSeconds How long it is valid, at least 600. It is renewed before. Default: 3600.
.path The file.
CSIVolumeSource: A volume of a CSI driver that lives as long as the pod.
.driver The driver.
.readOnly Mount it read-only. Default: false.
.fsType Type of the file system. Default: the driver's.
.volumeAttributes What the driver is told.
.nodePublishSecretRef A Secret for the driver.
EphemeralVolumeSource: A claim that is made for the pod.
.volumeClaimTemplate What it is like.
PersistentVolumeClaimTemplate: What a claim is like.
.spec What it asks for.
ImageVolumeSource: The files of an image.
.reference The image.
.pullPolicy Always, IfNotPresent or Never. Default: as for containers.
ConfigMap: Names with values, for pods to use.
.immutable The values cannot be changed any more, nor this.
.data Values that are text.
.binaryData Values that are bytes, in base64.
Secret: Names with values that few should see. They are not encrypted by being here.
.immutable The values cannot be changed any more, nor this.
.data The values, in base64.
.stringData Values as text, for writing. The server puts them into data.
.type What it is for; some types need certain keys. Default: Opaque. It cannot be changed.
PersistentVolumeClaim: Somebody's wish for a volume.
.spec What is asked for.
.status What has been found.
PersistentVolumeClaimSpec: What is asked for. Once there is a volume only its size can be raised.
.accessModes ReadWriteOnce (one node), ReadOnlyMany, ReadWriteMany or ReadWriteOncePod (one pod).
.selector Labels the volume must have.
.resources How large it must be.
.volumeName The volume. Found by the cluster, or named to have that one.
.storageClassName The class. "": a volume without one. Default: the cluster's default class.
.volumeMode Filesystem or Block. Default: Filesystem.
.dataSource What it is filled with in the beginning.
.dataSourceRef The same, with more kinds.
.volumeAttributesClassName A class of attributes that can be changed later.
VolumeResourceRequirements: How large a volume must be.
.limits How large it may be.
.requests How large it must be: storage.
PersistentVolume: A volume of the cluster.
.spec What it is, and who has it.
.status Available, Bound, Released or Failed.
PersistentVolumeSpec: What a volume is.
.capacity How large it is: storage.
.accessModes How it can be mounted.
.claimRef The claim that has it.
.persistentVolumeReclaimPolicy What happens when the claim is gone: Retain, Delete or Recycle. Default: Retain.
.storageClassName Its class.
.mountOptions Options of its mounts.
.volumeMode Filesystem or Block. Default: Filesystem.
.nodeAffinity From which nodes it can be reached.
.volumeAttributesClassName Its class of attributes.
PersistentVolumeSource: Where the files of a volume come from; one of these. It cannot be changed.
.local A disk or directory of one node. Needs nodeAffinity.
.csi A volume of a CSI driver.
CSIPersistentVolumeSource: A volume of a CSI driver.
.driver The driver.
.volumeHandle What the driver calls the volume.
.readOnly Mount it read-only. Default: false.
.fsType Type of the file system.
.volumeAttributes What the driver is told.
.controllerPublishSecretRef A Secret for attaching it.
.nodeStageSecretRef A Secret for preparing it on a node.
.nodePublishSecretRef A Secret for mounting it into a pod.
.controllerExpandSecretRef A Secret for enlarging it.
.nodeExpandSecretRef A Secret for enlarging it on a node.
SecretReference: A Secret of any namespace.
.name Its name.
.namespace Its namespace.
LocalVolumeSource: A disk or directory of one node.
.path Its path.
.fsType Type of the file system of a disk.
CSIDriver: What a CSI driver is like.
.spec What it is like.
CSIDriverSpec: What a CSI driver is like.
.attachRequired Volumes have to be attached to a node first. Default: true. It cannot be changed.
.fsGroupPolicy Who cares for fsGroup: File (the kubelet always), None (nobody), ReadWriteOnceWithFSType (the kubelet, for those with a file system that one node mounts). Default: ReadWriteOnceWithFSType.
.podInfoOnMount It is told name, namespace, UID and service account of the pod. Default: false.
.volumeLifecycleModes Persistent, Ephemeral or both. Default: Persistent. It cannot be changed.
.storageCapacity It tells how much room there is where. Default: false.
.tokenRequests It gets tokens of the pod's service account for these audiences.
.requiresRepublish It is called again and again, to refresh what is mounted. Default: false.
.seLinuxMount Volumes can be mounted with an SELinux label instead of being relabelled. Default: false.
.nodeAllocatableUpdatePeriodSeconds How often it is asked how many volumes fit a node.
.serviceAccountTokenInSecrets Tokens are handed over as secrets instead of attributes.
StorageClass: A kind of volumes that are made when claimed.
.provisioner Who makes them.
.parameters What the provisioner is told.
.reclaimPolicy What happens to them when the claim is gone: Delete or Retain. Default: Delete.
.mountOptions Options of their mounts.
.allowVolumeExpansion They can be enlarged. Default: false.
.volumeBindingMode When: Immediate, or WaitForFirstConsumer. Default: Immediate.
.allowedTopologies Where they may be made.
`;
