// What the fields about nodes, neighbours and names mean, in our own words. Format: see docs-pod.ts.

export const PLACEMENT_DOCS = `
Affinity: Where a pod wants to be, and where not.
.nodeAffinity Rules about the node.
.podAffinity Pods it wants to be near.
.podAntiAffinity Pods it does not want to be near.
NodeAffinity: Rules about the node. They count when it is chosen, not later.
.requiredDuringSchedulingIgnoredDuringExecution Only nodes that fit are taken.
.preferredDuringSchedulingIgnoredDuringExecution Nodes that fit are preferred.
NodeSelector: Terms of which one has to fit.
.nodeSelectorTerms The terms.
NodeSelectorTerm: Rules that all have to hold. A term without any fits no node.
.matchExpressions About the labels of the node.
.matchFields About its fields; metadata.name is the only one.
NodeSelectorRequirement: A rule about one label.
.key The label.
.operator In, NotIn, Exists, DoesNotExist, Gt or Lt.
.values Values to compare with; one number for Gt and Lt, none for Exists and DoesNotExist.
PreferredSchedulingTerm: A preference with its weight.
.weight From 1 to 100.
.preference What is preferred.
PodAffinity: Pods to be near to.
.requiredDuringSchedulingIgnoredDuringExecution All of these have to hold.
.preferredDuringSchedulingIgnoredDuringExecution These are preferred.
PodAntiAffinity: Pods to keep away from.
.requiredDuringSchedulingIgnoredDuringExecution None of these may be near.
.preferredDuringSchedulingIgnoredDuringExecution These are avoided.
WeightedPodAffinityTerm: A preference with its weight.
.weight From 1 to 100.
.podAffinityTerm What is preferred.
PodAffinityTerm: A set of pods, and what being near means.
.labelSelector The pods. Without it there are none.
.namespaces Their namespaces. Default: the pod's own.
.topologyKey Near: on a node with the same value of this label.
.namespaceSelector Their namespaces, by labels.
.matchLabelKeys Labels of which the pods have the same values as this one.
.mismatchLabelKeys Labels of which the pods have other values than this one.
Toleration: A taint of nodes that the pod puts up with.
.key The taint. Empty, with operator Exists: all.
.operator Equal or Exists; Lt and Gt where they are switched on. Default: Equal.
.value The value of the taint.
.effect NoSchedule, PreferNoSchedule or NoExecute. Default: all.
.tolerationSeconds How long a NoExecute taint is put up with. Default: for ever.
HostAlias: A line of /etc/hosts.
.ip The address.
.hostnames Its names.
PodDNSConfig: What /etc/resolv.conf says in addition.
.nameservers Addresses of servers, at most three.
.searches Domains that names are completed with.
.options Options of the resolver.
PodDNSConfigOption: An option of the resolver.
.name Its name.
.value Its value.
TopologySpreadConstraint: How evenly pods are spread.
.maxSkew How many more pods there may be than where there are fewest.
.topologyKey Over what: a label of nodes.
.whenUnsatisfiable DoNotSchedule, or ScheduleAnyway: only prefer.
.labelSelector Which pods are counted.
.minDomains With fewer places than these the smallest count is 0.
.nodeAffinityPolicy Honor: only nodes that the pod could be on count; Ignore: all. Default: Honor.
.nodeTaintsPolicy Honor: only nodes whose taints the pod tolerates count; Ignore: all. Default: Ignore.
.matchLabelKeys Labels of which counted pods have the same values as this one.
LabelSelector: Objects by their labels; everything has to hold. An empty one selects all.
.matchLabels Labels with their values.
.matchExpressions Rules about labels.
LabelSelectorRequirement: A rule about one label.
.key The label.
.operator In, NotIn, Exists or DoesNotExist.
.values Values for In and NotIn.
Namespace: A part of the cluster with names of its own. Its labels say which security level its pods have to keep.
.spec What the namespace should be like.
.status Whether it is Active or Terminating.
NamespaceSpec: What a namespace should be like.
.finalizers Who has to be done before it is gone.
Node: A machine of the cluster.
.spec What is known of it, and its taints.
.status What its kubelet reports.
Event: Something that happened to an object. Events are kept for an hour.
.involvedObject The object.
.reason One word for it.
.message A sentence about it.
.source Who saw it.
.firstTimestamp When it happened first.
.lastTimestamp When it happened last.
.count How often.
.type Normal or Warning.
.eventTime When, with microseconds.
.series Of repeated events: how often and when last.
.action What was done.
.related Another object that has to do with it.
.reportingComponent Who saw it.
.reportingInstance Which one of them.
ObjectReference: An object, as precisely as need be.
.namespace Its namespace.
.name Its name.
.uid Its UID.
.resourceVersion In which version.
.fieldPath A part of it, such as spec.containers{web}.
EventSource: Who saw an event.
.component Its name.
.host Its node.
ServiceAccount: Whom processes of pods act as.
.secrets Secrets its pods may use, if it is so limited.
.imagePullSecrets Secrets that its pods get for pulling images.
.automountServiceAccountToken Whether its pods get a token; they can decide otherwise.
Role: What may be done in a namespace.
.rules The rules. Whatever one allows is allowed.
ClusterRole: What may be done in all namespaces and outside them, or a set of rules to bind in one.
.rules The rules. Whatever one allows is allowed.
.aggregationRule Its rules are those of the ClusterRoles with these labels.
PolicyRule: Things that may be done.
.verbs get, list, watch, create, update, patch, delete and others; * is all.
.apiGroups Groups of the resources; "" is that of pods.
.resources The resources, pods/exec and the like among them; * is all.
.resourceNames Only objects with these names.
.nonResourceURLs Paths that are no resources, such as /healthz. Only in a ClusterRole.
RoleBinding: Who has a role in a namespace.
.subjects Who.
.roleRef The Role or ClusterRole. It cannot be changed.
ClusterRoleBinding: Who has a role everywhere.
.subjects Who.
.roleRef The ClusterRole. It cannot be changed.
Subject: A user, a group or a service account.
.apiGroup rbac.authorization.k8s.io for users and groups, empty for service accounts.
.name The name.
.namespace The namespace of a service account.
RoleRef: A role.
.apiGroup rbac.authorization.k8s.io.
.name Its name.
RuntimeClass: A way to run pods on a node.
.handler What the container runtime calls it. It cannot be changed.
.overhead What it costs.
.scheduling On which nodes it is.
Overhead: What running a pod costs.
.podFixed For each pod.
PriorityClass: How important pods are.
.value The higher, the more important.
.globalDefault Pods without a class have this one.
.description For whom it is.
.preemptionPolicy Whether less important pods are removed for these: PreemptLowerPriority or Never.
ResourceQuota: How much a namespace may use.
.spec What is allowed.
.status What is used.
ResourceQuotaSpec: What is allowed.
.hard The most of each resource, and numbers of objects.
.scopes Only these pods count: Terminating, NotTerminating, BestEffort, NotBestEffort …
.scopeSelector Only pods with such values count.
LimitRange: Bounds and defaults for what containers, pods and claims of a namespace ask for.
.spec The bounds.
LimitRangeSpec: The bounds.
.limits For each type one.
LimitRangeItem: Bounds and defaults of a type.
.type Container, Pod or PersistentVolumeClaim.
.max The most that may be asked for.
.min The least.
.default The limit of containers that name none.
.defaultRequest The request of containers that name none.
.maxLimitRequestRatio How many times the request the limit may be.
`;
