// The Pod schema as tables, in the order of the server's internal types (which is the order its messages print).
// Line: STRUCT: json[/GoName] type; …   Types: s string, b bool, i32, i64, q quantity, t time, ios int-or-string, bytes, any;
// STRUCT; =Name a named string; []T; {}T a map; "*T" a pointer (absent differs from zero); "T!" always written, even when zero;
// "+Name" embeds a struct; "json~" is a field of v1 that the internal type does not have at this place.
// Counterpart: k8s.io/api/core/v1 types.go and kubernetes/pkg/apis/core/types.go, v1.36.

export const POD_TYPES = `
Pod: kind~ s; apiVersion~ s; metadata ObjectMeta; spec PodSpec; status any
PodTemplateSpec: metadata ObjectMeta; spec PodSpec
ObjectMeta: name s; generateName s; namespace s; selfLink s; uid/UID =UID; resourceVersion s; generation i64; creationTimestamp t; deletionTimestamp *t; deletionGracePeriodSeconds *i64; labels {}s; annotations {}s; ownerReferences []OwnerReference; finalizers []s; managedFields []any
OwnerReference: apiVersion/APIVersion s!; kind s!; name s!; uid/UID =UID!; controller *b; blockOwnerDeletion *b
PodSpec: volumes []Volume; initContainers []Container; containers []Container!; ephemeralContainers []EphemeralContainer; restartPolicy =RestartPolicy; terminationGracePeriodSeconds *i64; activeDeadlineSeconds *i64; dnsPolicy/DNSPolicy =DNSPolicy; nodeSelector {}s; serviceAccountName s; serviceAccount~ s; automountServiceAccountToken *b; nodeName s; hostNetwork~ b; hostPID~ b; hostIPC~ b; shareProcessNamespace~ *b; hostUsers~ *b; securityContext *PodSecurityContext; imagePullSecrets []LocalObjectReference; hostname s; subdomain s; setHostnameAsFQDN *b; affinity *Affinity; schedulerName s; tolerations []Toleration; hostAliases []HostAlias; priorityClassName s; priority *i32; preemptionPolicy *=PreemptionPolicy; dnsConfig/DNSConfig *PodDNSConfig; readinessGates []PodReadinessGate; runtimeClassName *s; overhead ResourceList; enableServiceLinks *b; topologySpreadConstraints []TopologySpreadConstraint; os/OS *PodOS; schedulingGates []PodSchedulingGate; resourceClaims []PodResourceClaim; resources *ResourceRequirements; hostnameOverride *s; workloadRef *any; schedulingGroup *any
PodSecurityContext: seLinuxOptions/SELinuxOptions *SELinuxOptions; windowsOptions *WindowsSecurityContextOptions; runAsUser *i64; runAsGroup *i64; runAsNonRoot *b; supplementalGroups []i64; supplementalGroupsPolicy *=SupplementalGroupsPolicy; fsGroup/FSGroup *i64; fsGroupChangePolicy/FSGroupChangePolicy *=PodFSGroupChangePolicy; sysctls []Sysctl; seccompProfile *SeccompProfile; appArmorProfile *AppArmorProfile; seLinuxChangePolicy/SELinuxChangePolicy *=PodSELinuxChangePolicy
SecurityContext: capabilities *Capabilities; privileged *b; seLinuxOptions/SELinuxOptions *SELinuxOptions; windowsOptions *WindowsSecurityContextOptions; runAsUser *i64; runAsGroup *i64; runAsNonRoot *b; readOnlyRootFilesystem *b; allowPrivilegeEscalation *b; procMount *=ProcMountType; seccompProfile *SeccompProfile; appArmorProfile *AppArmorProfile
SELinuxOptions: user s; role s; type s; level s
WindowsSecurityContextOptions: gmsaCredentialSpecName/GMSACredentialSpecName *s; gmsaCredentialSpec/GMSACredentialSpec *s; runAsUserName *s; hostProcess *b
SeccompProfile: type =SeccompProfileType!; localhostProfile *s
AppArmorProfile: type =AppArmorProfileType!; localhostProfile *s
Capabilities: add []=Capability; drop []=Capability
Sysctl: name s!; value s!
Container: name s!; image s; command []s; args []s; workingDir s; ports []ContainerPort; envFrom []EnvFromSource; env []EnvVar; resources ResourceRequirements!; resizePolicy []ContainerResizePolicy; restartPolicy *=ContainerRestartPolicy; restartPolicyRules []ContainerRestartRule; volumeMounts []VolumeMount; volumeDevices []VolumeDevice; livenessProbe *Probe; readinessProbe *Probe; startupProbe *Probe; lifecycle *Lifecycle; terminationMessagePath s; terminationMessagePolicy =TerminationMessagePolicy; imagePullPolicy =PullPolicy; securityContext *SecurityContext; stdin b; stdinOnce b; tty/TTY b
EphemeralContainerCommon: name s!; image s; command []s; args []s; workingDir s; ports []ContainerPort; envFrom []EnvFromSource; env []EnvVar; resources ResourceRequirements!; resizePolicy []ContainerResizePolicy; restartPolicy *=ContainerRestartPolicy; restartPolicyRules []ContainerRestartRule; volumeMounts []VolumeMount; volumeDevices []VolumeDevice; livenessProbe *Probe; readinessProbe *Probe; startupProbe *Probe; lifecycle *Lifecycle; terminationMessagePath s; terminationMessagePolicy =TerminationMessagePolicy; imagePullPolicy =PullPolicy; securityContext *SecurityContext; stdin b; stdinOnce b; tty/TTY b
EphemeralContainer: +EphemeralContainerCommon; targetContainerName s
ContainerPort: name s; hostPort i32; containerPort i32!; protocol =Protocol; hostIP/HostIP s
EnvFromSource: prefix s; configMapRef *ConfigMapEnvSource; secretRef *SecretEnvSource
ConfigMapEnvSource: +LocalObjectReference; optional *b
SecretEnvSource: +LocalObjectReference; optional *b
LocalObjectReference: name s
EnvVar: name s!; value s; valueFrom *EnvVarSource
EnvVarSource: fieldRef *ObjectFieldSelector; resourceFieldRef *ResourceFieldSelector; configMapKeyRef *ConfigMapKeySelector; secretKeyRef *SecretKeySelector; fileKeyRef *FileKeySelector
ObjectFieldSelector: apiVersion/APIVersion s; fieldPath s!
ResourceFieldSelector: containerName s; resource s!; divisor q
ConfigMapKeySelector: +LocalObjectReference; key s!; optional *b
SecretKeySelector: +LocalObjectReference; key s!; optional *b
FileKeySelector: volumeName s!; path s!; key s!; optional *b
ResourceRequirements: limits ResourceList; requests ResourceList; claims []ResourceClaim
ResourceClaim: name s!; request s
ContainerResizePolicy: resourceName =ResourceName!; restartPolicy =ResourceResizeRestartPolicy!
ContainerRestartRule: action =ContainerRestartRuleAction; exitCodes *ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes: operator =ContainerRestartRuleOnExitCodesOperator; values []i32
VolumeMount: name s!; readOnly b; recursiveReadOnly *=RecursiveReadOnlyMode; mountPath s!; subPath s; mountPropagation *=MountPropagationMode; subPathExpr s
VolumeDevice: name s!; devicePath s!
Probe: +ProbeHandler; initialDelaySeconds i32; timeoutSeconds i32; periodSeconds i32; successThreshold i32; failureThreshold i32; terminationGracePeriodSeconds *i64
ProbeHandler: exec *ExecAction; httpGet/HTTPGet *HTTPGetAction; tcpSocket/TCPSocket *TCPSocketAction; grpc/GRPC *GRPCAction
ExecAction: command []s
HTTPGetAction: path s; port ios!; host s; scheme =URIScheme; httpHeaders/HTTPHeaders []HTTPHeader
HTTPHeader: name s!; value s!
TCPSocketAction: port ios!; host s
GRPCAction: port i32!; service *s!
Lifecycle: postStart *LifecycleHandler; preStop *LifecycleHandler; stopSignal *=Signal
LifecycleHandler: exec *ExecAction; httpGet/HTTPGet *HTTPGetAction; tcpSocket/TCPSocket *TCPSocketAction; sleep *SleepAction
SleepAction: seconds i64!
Affinity: nodeAffinity *NodeAffinity; podAffinity *PodAffinity; podAntiAffinity *PodAntiAffinity
NodeAffinity: requiredDuringSchedulingIgnoredDuringExecution *NodeSelector; preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm
NodeSelector: nodeSelectorTerms []NodeSelectorTerm!
NodeSelectorTerm: matchExpressions []NodeSelectorRequirement; matchFields []NodeSelectorRequirement
NodeSelectorRequirement: key s!; operator =NodeSelectorOperator!; values []s
PreferredSchedulingTerm: weight i32!; preference NodeSelectorTerm!
PodAffinity: requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm; preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
PodAntiAffinity: requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm; preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm
WeightedPodAffinityTerm: weight i32!; podAffinityTerm PodAffinityTerm!
PodAffinityTerm: labelSelector *LabelSelector; namespaces []s; topologyKey s!; namespaceSelector *LabelSelector; matchLabelKeys []s; mismatchLabelKeys []s
Toleration: key s; operator =TolerationOperator; value s; effect =TaintEffect; tolerationSeconds *i64
HostAlias: ip/IP s!; hostnames []s
PodDNSConfig: nameservers []s; searches []s; options []PodDNSConfigOption
PodDNSConfigOption: name s; value *s
PodReadinessGate: conditionType =PodConditionType!
TopologySpreadConstraint: maxSkew i32!; topologyKey s!; whenUnsatisfiable =UnsatisfiableConstraintAction!; labelSelector *LabelSelector; minDomains *i32; nodeAffinityPolicy *=NodeInclusionPolicy; nodeTaintsPolicy *=NodeInclusionPolicy; matchLabelKeys []s
LabelSelector: matchLabels {}s; matchExpressions []LabelSelectorRequirement
LabelSelectorRequirement: key s!; operator =LabelSelectorOperator!; values []s
PodOS: name =OSName!
PodSchedulingGate: name s!
PodResourceClaim: name s!; resourceClaimName *s; resourceClaimTemplateName *s
`;
