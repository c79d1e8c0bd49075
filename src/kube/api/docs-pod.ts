// What the fields of pods and containers mean, in our own words. "Struct: text"; below it ".field text".

export const POD_DOCS = `
PodTemplateSpec: The pods that a workload makes.
.spec What should run in them.
ObjectMeta: What every object has: its names, labels and what the server keeps of its life.
.name The name, unique in the namespace among objects of the kind. It cannot be changed.
.generateName The server makes the name: this, and five random characters. Only used without a name.
.namespace The namespace the object is in. Default: default. Nodes, volumes and the like have none.
.selfLink No longer filled in.
.uid What the server calls this very object; one that is deleted and made again gets another.
.resourceVersion Changes with every change. An update that names an older one is refused.
.generation A number that goes up when what is wanted changes, not when a status does.
.creationTimestamp When the server stored the object.
.deletionTimestamp When it will be gone. Set by a deletion that has to wait, for a grace period or for finalizers.
.deletionGracePeriodSeconds How many seconds the deletion grants.
.labels Names and values by which objects are selected.
.annotations Names and values that tools keep with the object; nothing is selected by them.
.ownerReferences What this object belongs to. It is removed when the last owner is.
.finalizers Names of parties that have something to do before the object may go.
.managedFields Who set which field. Nothing is kept of it here.
OwnerReference: An object that another one belongs to, in the same namespace or in none.
.name Its name.
.uid Its UID.
.controller It is the one that manages the object; only one owner can be.
.blockOwnerDeletion Its foreground deletion waits until this object is gone.
PodSpec:
.activeDeadlineSeconds Seconds that the pod may be on its node before it is failed.
.dnsPolicy Where names are looked up: ClusterFirst, ClusterFirstWithHostNet, Default (as the node does) or None. Default: ClusterFirst.
.serviceAccount An older name of serviceAccountName.
.imagePullSecrets Secrets with credentials for the registries of the images.
.hostname Name of the host. Default: the name of the pod.
.subdomain With it the full host name is HOSTNAME.SUBDOMAIN.NAMESPACE.svc.DOMAIN.
.setHostnameAsFQDN The kernel's host name is the full one. Default: false.
.affinity Which nodes, and the neighbourhood of which pods, are wanted or avoided.
.schedulerName Who finds the node. Default: default-scheduler.
.tolerations Taints of nodes that the pod puts up with.
.hostAliases Lines for the containers' /etc/hosts.
.priorityClassName The class that says how important the pod is.
.priority What the class says. Filled in by the server; nobody else may.
.preemptionPolicy Whether less important pods are removed for this one: PreemptLowerPriority or Never.
.dnsConfig Servers, search list and options for /etc/resolv.conf, added to those of dnsPolicy.
.readinessGates Conditions that have to be true, beside those of the containers, before the pod is ready.
.overhead What running the pod costs beside its containers, from the RuntimeClass.
.enableServiceLinks Variables for each Service of the namespace are put into the environment. Default: true.
.topologySpreadConstraints How evenly pods are spread over zones, nodes and the like.
.schedulingGates While there are any, the scheduler leaves the pod alone. They can only be taken away.
.resourceClaims Devices and other resources that are allocated before the pod starts.
.resources What the pod as a whole needs and may use, beside its containers' own.
.hostnameOverride The host name exactly as given, instead of hostname and subdomain.
.workloadRef The workload whose pods are scheduled together.
.schedulingGroup The group of pods that are scheduled together.
WindowsSecurityContextOptions: Settings that only Windows knows.
.gmsaCredentialSpecName Name of the managed account's credentials.
.gmsaCredentialSpec The credentials themselves, filled in by a webhook.
.runAsUserName The Windows user of the first process. Default: the image's.
.hostProcess Run on the host itself. All containers of the pod have to say the same, and hostNetwork must be true.
PodOS: The operating system a pod is for.
.name linux or windows.
PodSchedulingGate: Something the scheduler waits for.
.name Its name, unique in the pod.
PodReadinessGate: A condition the pod's readiness depends on.
.conditionType Type of the condition in the status.
PodResourceClaim: A claim for devices that the pod's containers can use.
.name What containers call it.
.resourceClaimName A claim that is there already.
.resourceClaimTemplateName A template from which a claim is made for this pod.
Container:
.ports Ports the container listens on. It is information; ports that are not named can be reached as well.
.envFrom Sources of whole sets of variables; those of env win, among sources the last.
.resizePolicy Whether the container is restarted when its resources are changed in place.
.restartPolicy For init containers: Always makes it a sidecar that keeps running.
.restartPolicyRules What to do after certain exit codes instead of the restart policy.
.volumeDevices Block devices for the container.
.livenessProbe Restarts the container when it fails.
.readinessProbe Takes the pod out of its Services while it fails.
.startupProbe Until it succeeds the other probes wait; when it fails the container is restarted.
.lifecycle What is done right after the start and before the end.
.terminationMessagePath File from which the container's last message is taken, at most 4096 bytes. Default: /dev/termination-log.
.terminationMessagePolicy File, or FallbackToLogsOnError: the end of the log if the file is empty and the exit code is not 0. Default: File.
.imagePullPolicy Always, IfNotPresent or Never. Default: Always for the tag latest, else IfNotPresent.
.stdinOnce Close standard input when the first client has left.
EphemeralContainerCommon: What an ephemeral container has in common with others.
EphemeralContainer: A container for looking at a running pod.
.targetContainerName The container whose processes it sees.
ContainerPort: A port of a container.
.name A name for Services to refer to, unique in the pod.
.hostPort The same port on the node; then only one such pod fits there.
.containerPort Its number.
.protocol TCP, UDP or SCTP. Default: TCP.
.hostIP The node's address to bind hostPort to. Default: all.
EnvFromSource: A source of variables; each key becomes one.
.prefix Put before every name.
.configMapRef The ConfigMap.
.secretRef The Secret.
ConfigMapEnvSource: A ConfigMap whose values become variables.
.optional The container also starts without it.
SecretEnvSource: A Secret whose values become variables.
.optional The container also starts without it.
LocalObjectReference: An object of the same namespace.
.name Its name.
EnvVar: A variable of the environment.
.name Its name; anything printable without an equals sign.
.value Its value. $(VAR) stands for variables named before; $$(VAR) stays as it is.
.valueFrom Where the value comes from. Not together with value.
EnvVarSource: Where the value of a variable comes from.
.fieldRef A field of the pod.
.resourceFieldRef A limit or request of a container.
.configMapKeyRef A key of a ConfigMap.
.secretKeyRef A key of a Secret.
.fileKeyRef A line of a file in a volume.
ObjectFieldSelector: A field of the pod.
.fieldPath Its path: metadata.name, metadata.labels['KEY'], spec.nodeName, status.podIP and a few more.
ResourceFieldSelector: A limit or request of a container.
.containerName The container; needed in volumes, else it is the own one.
.resource limits.cpu, requests.memory and the like.
.divisor The unit it is given in. Default: 1.
ConfigMapKeySelector: A key of a ConfigMap.
.key The key.
.optional The container also starts without it.
SecretKeySelector: A key of a Secret.
.key The key.
.optional The container also starts without it.
FileKeySelector: A variable in a file.
.volumeName The volume the file is in.
.path Path of the file in the volume.
.key Name of the variable in the file.
.optional The container also starts without it.
ResourceRequirements: Computing resources that are needed and allowed.
.limits What may be used at most.
.requests What is set aside. Default: the limits.
.claims Claims of the pod that the container uses.
ResourceClaim: A claim of the pod.
.name Its name there.
.request One request of it. Default: all.
ContainerResizePolicy: What a change of a resource means for a running container.
.resourceName cpu or memory.
.restartPolicy NotRequired or RestartContainer. Default: NotRequired.
ContainerRestartRule: What to do after some exit codes.
.action Restart.
.exitCodes The exit codes.
ContainerRestartRuleOnExitCodes: Exit codes.
.operator In or NotIn.
.values The codes.
VolumeMount:
.recursiveReadOnly Whether mounts below are read-only as well: Disabled, IfPossible or Enabled. Needs readOnly.
.mountPropagation None, HostToContainer or Bidirectional (for privileged containers). Default: None.
.subPathExpr Like subPath, with $(VAR) from the container's environment.
VolumeDevice: A block device in a container.
.name Name of a claim among the pod's volumes.
.devicePath Path in the container.
Probe: A question that the kubelet asks a container again and again.
.initialDelaySeconds Seconds after the start before the first one. Default: 0.
.timeoutSeconds Seconds to wait for the answer. Default: 1.
.periodSeconds Seconds from one to the next. Default: 10.
.successThreshold How many in a row make it a success after a failure. Default: 1.
.failureThreshold How many in a row make it a failure. Default: 3.
.terminationGracePeriodSeconds Grace period of a container that is ended by this probe. Default: the pod's.
ProbeHandler: How a container is asked.
.exec A command in the container; exit code 0 is success.
.httpGet An HTTP request; a status from 200 to 399 is success.
.tcpSocket A connection; that it opens is success.
.grpc The health service of gRPC.
ExecAction: A command in a container.
.command The program and its arguments. No shell is involved.
HTTPGetAction: An HTTP request.
.path The path. Default: /.
.port Number, or name of a port of the container.
.host Whom to ask. Default: the pod.
.scheme HTTP or HTTPS. Default: HTTP.
.httpHeaders Header lines of the request.
HTTPHeader: A header line.
.name Its name.
.value Its value.
TCPSocketAction: A connection.
.port Number, or name of a port of the container.
.host To whom. Default: the pod.
GRPCAction: A question to the health service of gRPC.
.port Number of the port.
.service The service that is asked for. Default: empty.
Lifecycle: What is done at the beginning and at the end of a container.
.postStart Right after the start, beside the first process. A failure ends the container.
.preStop Before the signal that ends it; the grace period has begun by then.
.stopSignal The signal that asks it to end. Default: the image's, else TERM. Needs spec.os.name.
LifecycleHandler: Something to do.
.exec A command in the container.
.httpGet An HTTP request.
.tcpSocket No longer does anything.
.sleep A pause.
SleepAction: A pause.
.seconds How long.
`;
