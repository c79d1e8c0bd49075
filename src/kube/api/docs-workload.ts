// What the fields of workloads and Services mean, in our own words. Format: see docs-pod.ts.

export const WORKLOAD_DOCS = `
Deployment: Pods that are alike and are replaced step by step when their template changes.
.spec What should run.
.status What runs.
DeploymentSpec: What should run.
.replicas How many pods. Default: 1.
.selector Which pods are its own. It cannot be changed.
.template What the pods are like.
.strategy How old pods are replaced by new ones.
.minReadySeconds A pod counts once it has been ready for so long. Default: 0.
.revisionHistoryLimit How many old ReplicaSets are kept. Default: 10.
.paused Changes of the template are not carried out.
.progressDeadlineSeconds Without progress for so long it has failed. Default: 600.
DeploymentStrategy: How old pods are replaced.
.type RollingUpdate, or Recreate: all old ones end first. Default: RollingUpdate.
.rollingUpdate The steps of RollingUpdate.
RollingUpdateDeployment: Steps; numbers or shares such as 25%.
.maxUnavailable How many pods may be missing. Default: 25%.
.maxSurge How many more there may be. Default: 25%.
ReplicaSet: Pods that are alike. A Deployment makes one for each of its templates.
.spec What should run.
.status What runs.
ReplicaSetSpec: What should run.
.replicas How many pods. Default: 1.
.minReadySeconds A pod counts once it has been ready for so long. Default: 0.
.selector Which pods are its own. It cannot be changed.
.template What the pods are like.
DaemonSet: A pod on every node.
.spec What should run.
.status What runs.
DaemonSetSpec: What should run.
.selector Which pods are its own. It cannot be changed.
.template What the pods are like.
.updateStrategy How old pods are replaced.
.minReadySeconds A pod counts once it has been ready for so long. Default: 0.
.revisionHistoryLimit How many old templates are kept. Default: 10.
DaemonSetUpdateStrategy: How old pods are replaced.
.type RollingUpdate, or OnDelete: when somebody deletes them. Default: RollingUpdate.
.rollingUpdate The steps of RollingUpdate.
RollingUpdateDaemonSet: Steps; numbers or shares. One of them is 0.
.maxUnavailable How many pods may be missing. Default: 1.
.maxSurge On how many nodes the new pod may run beside the old one. Default: 0.
StatefulSet: Pods with numbers in their names, each with volumes of its own.
.spec What should run.
.status What runs.
StatefulSetSpec: What should run.
.replicas How many pods. Default: 1.
.selector Which pods are its own. It cannot be changed.
.template What the pods are like.
.volumeClaimTemplates Claims that every pod gets, and keeps by its number.
.serviceName The Service that gives the pods their names in DNS.
.podManagementPolicy OrderedReady (one after the other) or Parallel. Default: OrderedReady.
.updateStrategy How old pods are replaced.
.revisionHistoryLimit How many old templates are kept. Default: 10.
.minReadySeconds A pod counts once it has been ready for so long. Default: 0.
.persistentVolumeClaimRetentionPolicy What becomes of the claims.
.ordinals With which number it begins.
StatefulSetUpdateStrategy: How old pods are replaced.
.type RollingUpdate, or OnDelete: when somebody deletes them. Default: RollingUpdate.
.rollingUpdate The steps of RollingUpdate.
RollingUpdateStatefulSetStrategy: Steps.
.partition Pods with smaller numbers keep the old template. Default: 0.
.maxUnavailable How many pods may be missing. Default: 1.
StatefulSetPersistentVolumeClaimRetentionPolicy: What becomes of the claims.
.whenDeleted When the set is deleted: Retain or Delete. Default: Retain.
.whenScaled When it gets smaller: Retain or Delete. Default: Retain.
StatefulSetOrdinals: The numbers of the pods.
.start The first one. Default: 0.
Job: Pods that are to end well, so many times.
.spec What is to be done.
.status How far it is.
JobSpec: What is to be done.
.parallelism How many pods run at once. Default: 1.
.completions How many have to end well. Default: 1, if parallelism is not given either.
.activeDeadlineSeconds After so many seconds it has failed.
.podFailurePolicy What some failures mean.
.successPolicy When enough is done; for jobs with indexes.
.backoffLimit How many failures are too many. Default: 6.
.backoffLimitPerIndex The same for each index.
.maxFailedIndexes How many failed indexes are too many.
.selector Its pods. Normally made by the server.
.manualSelector The selector is given by hand.
.template What the pods are like. Their restartPolicy is Never or OnFailure. It cannot be changed.
.ttlSecondsAfterFinished So long after its end it is removed. Default: never.
.completionMode NonIndexed, or Indexed: each pod has a number. Default: NonIndexed.
.suspend No pods run. Default: false.
.podReplacementPolicy When a pod that ends is replaced: TerminatingOrFailed (at once) or Failed (when it is gone).
.managedBy Who looks after it. Default: the cluster's own controller.
CronJob: Jobs at fixed times.
.spec Which, and when.
.status Which run, and when the last one began.
CronJobSpec: Which jobs, and when.
.schedule When: minute, hour, day of the month, month, day of the week.
.timeZone In which time zone. Default: the controller's.
.startingDeadlineSeconds A job that could not begin for so long is left out.
.concurrencyPolicy What if the last one still runs: Allow, Forbid or Replace. Default: Allow.
.suspend No further jobs begin. Default: false.
.jobTemplate What the jobs are like.
.successfulJobsHistoryLimit How many that ended well are kept. Default: 3.
.failedJobsHistoryLimit How many that failed are kept. Default: 1.
JobTemplateSpec: What a job is like.
.spec What is to be done.
ReplicationController: Pods that are alike; Deployments have replaced it.
.spec What should run.
.status What runs.
ReplicationControllerSpec: What should run.
.replicas How many pods. Default: 1.
.minReadySeconds A pod counts once it has been ready for so long. Default: 0.
.selector Which pods are its own. Default: the labels of the template.
.template What the pods are like.
PodTemplate: What pods are like, kept for later.
.template What they are like.
Service: One address for several pods.
.spec Which pods, and how they are reached.
.status The address outside the cluster, if it has one.
ServiceSpec: Which pods, and how they are reached.
.ports The ports.
.selector The pods, by their labels. Without it somebody else says who answers.
.clusterIP The address. None: there is none, DNS names the pods. Default: the cluster chooses. It cannot be changed.
.clusterIPs The addresses, one for each family.
.type ClusterIP, NodePort, LoadBalancer or ExternalName. Default: ClusterIP.
.externalIPs Further addresses, cared for by somebody else.
.sessionAffinity None, or ClientIP: one client always reaches the same pod. Default: None.
.loadBalancerIP Address that the load balancer should have.
.loadBalancerSourceRanges Who may reach the load balancer.
.externalName The name in DNS that a Service of type ExternalName stands for.
.externalTrafficPolicy Cluster, or Local: only pods of the node that was reached. Default: Cluster.
.healthCheckNodePort Port at which a node says whether it has pods, for Local.
.publishNotReadyAddresses Pods that are not ready are named, too.
.sessionAffinityConfig For how long a client stays.
.ipFamilies IPv4, IPv6 or both.
.ipFamilyPolicy SingleStack, PreferDualStack or RequireDualStack.
.allocateLoadBalancerNodePorts A load balancer gets ports of the nodes. Default: true.
.loadBalancerClass Which load balancer.
.internalTrafficPolicy Cluster, or Local: from inside only pods of the same node. Default: Cluster.
.trafficDistribution Whether pods of the same zone or node are preferred.
ServicePort: A port of a Service.
.name Its name; needed if there are several.
.protocol TCP, UDP or SCTP. Default: TCP.
.appProtocol What is spoken, as a hint.
.port Its number.
.targetPort Number or name of the port of the pods. Default: the same number.
.nodePort The port of every node, for NodePort and LoadBalancer. Default: the cluster chooses.
`;
