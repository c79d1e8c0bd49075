// Volume sources, and the other kinds. Format: see types-pod.ts.

export const VOLUME_TYPES = `
Volume: name s!; +VolumeSource
VolumeSource: hostPath *HostPathVolumeSource; emptyDir *EmptyDirVolumeSource; gcePersistentDisk/GCEPersistentDisk *any; awsElasticBlockStore/AWSElasticBlockStore *any; gitRepo *GitRepoVolumeSource; secret *SecretVolumeSource; nfs/NFS *NFSVolumeSource; iscsi/ISCSI *ISCSIVolumeSource; glusterfs *any; persistentVolumeClaim *PersistentVolumeClaimVolumeSource; rbd/RBD *any; quobyte *any; flexVolume *any; cinder *any; cephfs/CephFS *any; flocker *any; downwardAPI *DownwardAPIVolumeSource; fc/FC *any; azureFile *any; configMap *ConfigMapVolumeSource; vsphereVolume *any; azureDisk *any; photonPersistentDisk *any; projected *ProjectedVolumeSource; portworxVolume *any; scaleIO *any; storageos/StorageOS *any; csi/CSI *CSIVolumeSource; ephemeral *EphemeralVolumeSource; image *ImageVolumeSource
HostPathVolumeSource: path s!; type *=HostPathType
EmptyDirVolumeSource: medium =StorageMedium; sizeLimit *q
GitRepoVolumeSource: repository s!; revision s; directory s
SecretVolumeSource: secretName s; items []KeyToPath; defaultMode *i32; optional *b
ConfigMapVolumeSource: +LocalObjectReference; items []KeyToPath; defaultMode *i32; optional *b
KeyToPath: key s!; path s!; mode *i32
NFSVolumeSource: server s!; path s!; readOnly b
ISCSIVolumeSource: targetPortal s!; iqn/IQN s!; lun i32!; iscsiInterface/ISCSIInterface s; fsType/FSType s; readOnly b; portals []s; chapAuthDiscovery b; chapAuthSession b; secretRef *LocalObjectReference; initiatorName *s
PersistentVolumeClaimVolumeSource: claimName s!; readOnly b
DownwardAPIVolumeSource: items []DownwardAPIVolumeFile; defaultMode *i32
DownwardAPIVolumeFile: path s!; fieldRef *ObjectFieldSelector; resourceFieldRef *ResourceFieldSelector; mode *i32
ProjectedVolumeSource: sources []VolumeProjection!; defaultMode *i32
VolumeProjection: secret *SecretProjection; downwardAPI *DownwardAPIProjection; configMap *ConfigMapProjection; serviceAccountToken *ServiceAccountTokenProjection; clusterTrustBundle *any; podCertificate *any
SecretProjection: +LocalObjectReference; items []KeyToPath; optional *b
ConfigMapProjection: +LocalObjectReference; items []KeyToPath; optional *b
DownwardAPIProjection: items []DownwardAPIVolumeFile
ServiceAccountTokenProjection: audience s; expirationSeconds *i64; path s!
CSIVolumeSource: driver s!; readOnly *b; fsType/FSType *s; volumeAttributes {}s; nodePublishSecretRef *LocalObjectReference
EphemeralVolumeSource: volumeClaimTemplate *PersistentVolumeClaimTemplate
PersistentVolumeClaimTemplate: metadata ObjectMeta; spec PersistentVolumeClaimSpec!
ImageVolumeSource: reference s; pullPolicy =PullPolicy
`;

export const OTHER_TYPES = `
Namespace: kind~ s; apiVersion~ s; metadata ObjectMeta; spec NamespaceSpec; status any
NamespaceSpec: finalizers []=FinalizerName
ConfigMap: kind~ s; apiVersion~ s; metadata ObjectMeta; immutable *b; data {}s; binaryData {}bytes
Secret: kind~ s; apiVersion~ s; metadata ObjectMeta; immutable *b; data {}bytes; stringData {}s; type =SecretType
ServiceAccount: kind~ s; apiVersion~ s; metadata ObjectMeta; secrets []any; imagePullSecrets []LocalObjectReference; automountServiceAccountToken *b
PersistentVolumeClaim: kind~ s; apiVersion~ s; metadata ObjectMeta; spec PersistentVolumeClaimSpec; status any
PersistentVolumeClaimSpec: accessModes []=PersistentVolumeAccessMode; selector *LabelSelector; resources VolumeResourceRequirements!; volumeName s; storageClassName *s; volumeMode *=PersistentVolumeMode; dataSource *any; dataSourceRef *any; volumeAttributesClassName *s
VolumeResourceRequirements: limits ResourceList; requests ResourceList
PersistentVolume: kind~ s; apiVersion~ s; metadata ObjectMeta; spec PersistentVolumeSpec; status any
PersistentVolumeSpec: capacity ResourceList; +PersistentVolumeSource; accessModes []=PersistentVolumeAccessMode; claimRef *any; persistentVolumeReclaimPolicy =PersistentVolumeReclaimPolicy; storageClassName s; mountOptions []s; volumeMode *=PersistentVolumeMode; nodeAffinity *any; volumeAttributesClassName *s
PersistentVolumeSource: gcePersistentDisk/GCEPersistentDisk *any; awsElasticBlockStore/AWSElasticBlockStore *any; hostPath *HostPathVolumeSource; glusterfs *any; nfs/NFS *NFSVolumeSource; rbd/RBD *any; quobyte *any; iscsi/ISCSI *any; flexVolume *any; cinder *any; cephfs/CephFS *any; fc/FC *any; flocker *any; azureFile *any; vsphereVolume *any; azureDisk *any; photonPersistentDisk *any; portworxVolume *any; scaleIO *any; local *LocalVolumeSource; storageos/StorageOS *any; csi/CSI *CSIPersistentVolumeSource
CSIPersistentVolumeSource: driver s!; volumeHandle s!; readOnly b; fsType/FSType s; volumeAttributes {}s; controllerPublishSecretRef *SecretReference; nodeStageSecretRef *SecretReference; nodePublishSecretRef *SecretReference; controllerExpandSecretRef *SecretReference; nodeExpandSecretRef *SecretReference
SecretReference: name s; namespace s
LocalVolumeSource: path s!; fsType/FSType *s
Node: kind~ s; apiVersion~ s; metadata ObjectMeta; spec any; status any
Event: kind~ s; apiVersion~ s; metadata ObjectMeta; involvedObject ObjectReference!; reason s; message s; source EventSource; firstTimestamp t; lastTimestamp t; count i32; type s; eventTime any; series any; action s; related any; reportingComponent s!; reportingInstance s!
ObjectReference: kind s; namespace s; name s; uid/UID =UID; apiVersion/APIVersion s; resourceVersion s; fieldPath s
EventSource: component s; host s
Role: kind~ s; apiVersion~ s; metadata ObjectMeta; rules []PolicyRule!
ClusterRole: kind~ s; apiVersion~ s; metadata ObjectMeta; rules []PolicyRule!; aggregationRule *any
PolicyRule: verbs []s!; apiGroups []s; resources []s; resourceNames []s; nonResourceURLs []s
RoleBinding: kind~ s; apiVersion~ s; metadata ObjectMeta; subjects []Subject; roleRef RoleRef!
ClusterRoleBinding: kind~ s; apiVersion~ s; metadata ObjectMeta; subjects []Subject; roleRef RoleRef!
Subject: kind s!; apiGroup s; name s!; namespace s
RoleRef: apiGroup s!; kind s!; name s!
RuntimeClass: kind~ s; apiVersion~ s; metadata ObjectMeta; handler s!; overhead *Overhead; scheduling *any
Overhead: podFixed ResourceList
CSIDriver: kind~ s; apiVersion~ s; metadata ObjectMeta; spec CSIDriverSpec
CSIDriverSpec: attachRequired *b; fsGroupPolicy *=FSGroupPolicy; podInfoOnMount *b; volumeLifecycleModes []=VolumeLifecycleMode; storageCapacity *b; tokenRequests []any; requiresRepublish *b; seLinuxMount *b; nodeAllocatableUpdatePeriodSeconds *i64; serviceAccountTokenInSecrets *b
StorageClass: kind~ s; apiVersion~ s; metadata ObjectMeta; provisioner s!; parameters {}s; reclaimPolicy *=PersistentVolumeReclaimPolicy; mountOptions []s; allowVolumeExpansion *b; volumeBindingMode *=VolumeBindingMode; allowedTopologies []any
PriorityClass: kind~ s; apiVersion~ s; metadata ObjectMeta; value i32!; globalDefault b; description s; preemptionPolicy *=PreemptionPolicy
Deployment: kind~ s; apiVersion~ s; metadata ObjectMeta; spec DeploymentSpec; status any
DeploymentSpec: replicas *i32; selector *LabelSelector; template PodTemplateSpec!; strategy DeploymentStrategy; minReadySeconds i32; revisionHistoryLimit *i32; paused b; progressDeadlineSeconds *i32
DeploymentStrategy: type =DeploymentStrategyType; rollingUpdate *RollingUpdateDeployment
RollingUpdateDeployment: maxUnavailable *ios; maxSurge *ios
ReplicaSet: kind~ s; apiVersion~ s; metadata ObjectMeta; spec ReplicaSetSpec; status any
ReplicaSetSpec: replicas *i32; minReadySeconds i32; selector *LabelSelector; template PodTemplateSpec
DaemonSet: kind~ s; apiVersion~ s; metadata ObjectMeta; spec DaemonSetSpec; status any
DaemonSetSpec: selector *LabelSelector; template PodTemplateSpec!; updateStrategy DaemonSetUpdateStrategy; minReadySeconds i32; revisionHistoryLimit *i32
DaemonSetUpdateStrategy: type =DaemonSetUpdateStrategyType; rollingUpdate *RollingUpdateDaemonSet
RollingUpdateDaemonSet: maxUnavailable *ios; maxSurge *ios
StatefulSet: kind~ s; apiVersion~ s; metadata ObjectMeta; spec StatefulSetSpec; status any
StatefulSetSpec: replicas *i32; selector *LabelSelector; template PodTemplateSpec!; volumeClaimTemplates []PersistentVolumeClaim; serviceName s; podManagementPolicy =PodManagementPolicyType; updateStrategy StatefulSetUpdateStrategy; revisionHistoryLimit *i32; minReadySeconds i32; persistentVolumeClaimRetentionPolicy *StatefulSetPersistentVolumeClaimRetentionPolicy; ordinals *StatefulSetOrdinals
StatefulSetUpdateStrategy: type =StatefulSetUpdateStrategyType; rollingUpdate *RollingUpdateStatefulSetStrategy
RollingUpdateStatefulSetStrategy: partition *i32; maxUnavailable *ios
StatefulSetPersistentVolumeClaimRetentionPolicy: whenDeleted =PersistentVolumeClaimRetentionPolicyType; whenScaled =PersistentVolumeClaimRetentionPolicyType
StatefulSetOrdinals: start i32
Job: kind~ s; apiVersion~ s; metadata ObjectMeta; spec JobSpec; status any
JobSpec: parallelism *i32; completions *i32; activeDeadlineSeconds *i64; podFailurePolicy any; successPolicy any; backoffLimit *i32; backoffLimitPerIndex *i32; maxFailedIndexes *i32; selector *LabelSelector; manualSelector *b; template PodTemplateSpec!; ttlSecondsAfterFinished *i32; completionMode *=CompletionMode; suspend *b; podReplacementPolicy *=PodReplacementPolicy; managedBy *s
CronJob: kind~ s; apiVersion~ s; metadata ObjectMeta; spec CronJobSpec; status any
CronJobSpec: schedule s!; timeZone *s; startingDeadlineSeconds *i64; concurrencyPolicy =ConcurrencyPolicy; suspend *b; jobTemplate JobTemplateSpec!; successfulJobsHistoryLimit *i32; failedJobsHistoryLimit *i32
JobTemplateSpec: metadata ObjectMeta; spec JobSpec
ReplicationController: kind~ s; apiVersion~ s; metadata ObjectMeta; spec ReplicationControllerSpec; status any
ReplicationControllerSpec: replicas *i32; minReadySeconds i32; selector {}s; template *PodTemplateSpec
PodTemplate: kind~ s; apiVersion~ s; metadata ObjectMeta; template PodTemplateSpec
Service: kind~ s; apiVersion~ s; metadata ObjectMeta; spec ServiceSpec; status any
ServiceSpec: ports []ServicePort; selector {}s; clusterIP s; clusterIPs []s; type =ServiceType; externalIPs []s; sessionAffinity =ServiceAffinity; loadBalancerIP s; loadBalancerSourceRanges []s; externalName s; externalTrafficPolicy =ServiceExternalTrafficPolicy; healthCheckNodePort i32; publishNotReadyAddresses b; sessionAffinityConfig *any; ipFamilies []=IPFamily; ipFamilyPolicy *=IPFamilyPolicy; allocateLoadBalancerNodePorts *b; loadBalancerClass *s; internalTrafficPolicy *=ServiceInternalTrafficPolicy; trafficDistribution *s
ServicePort: name s; protocol =Protocol; appProtocol *s; port i32!; targetPort ios; nodePort i32
ResourceQuota: kind~ s; apiVersion~ s; metadata ObjectMeta; spec ResourceQuotaSpec; status any
ResourceQuotaSpec: hard ResourceList; scopes []=ResourceQuotaScope; scopeSelector *any
LimitRange: kind~ s; apiVersion~ s; metadata ObjectMeta; spec LimitRangeSpec
LimitRangeSpec: limits []LimitRangeItem!
LimitRangeItem: type =LimitType!; max ResourceList; min ResourceList; default ResourceList; defaultRequest ResourceList; maxLimitRequestRatio ResourceList
`;
