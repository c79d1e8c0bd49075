// The resources the server serves; what discovery and `kubectl api-resources` show. The only table of them.

import type { ApiResource } from '#base/rest.ts';
import { fieldsOf } from '../api/schema.ts';

export type Resource = ApiResource;

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What `kubectl get all` stands for. Deviates: without horizontalpodautoscalers, which are not served here. */
const IN_ALL = [
  'pods',
  'replicationcontrollers',
  'services',
  'daemonsets',
  'deployments',
  'replicasets',
  'statefulsets',
  'cronjobs',
  'jobs',
];

/** Kinds whose resource is not in the version "v1". */
const VERSIONS: Readonly<Record<string, string>> = { HorizontalPodAutoscaler: 'v2' };

/** Reviews and bindings: one can only create them. */
const isReview = (kind: string): boolean => kind === 'Binding' || kind.endsWith('Review');

/** GROUP: plural[,short…] Kind …, `*` before a kind without namespace; in the order of `kubectl api-resources` of a 1.36 cluster. */
const TABLE = `
: bindings Binding; componentstatuses,cs *ComponentStatus; configmaps,cm ConfigMap; endpoints,ep Endpoints; events,ev Event; limitranges,limits LimitRange; namespaces,ns *Namespace; nodes,no *Node; persistentvolumeclaims,pvc PersistentVolumeClaim; persistentvolumes,pv *PersistentVolume; pods,po Pod; podtemplates PodTemplate; replicationcontrollers,rc ReplicationController; resourcequotas,quota ResourceQuota; secrets Secret; serviceaccounts,sa ServiceAccount; services,svc Service
admissionregistration.k8s.io: mutatingadmissionpolicies *MutatingAdmissionPolicy; mutatingadmissionpolicybindings *MutatingAdmissionPolicyBinding; mutatingwebhookconfigurations *MutatingWebhookConfiguration; validatingadmissionpolicies *ValidatingAdmissionPolicy; validatingadmissionpolicybindings *ValidatingAdmissionPolicyBinding; validatingwebhookconfigurations *ValidatingWebhookConfiguration
apiextensions.k8s.io: customresourcedefinitions,crd,crds *CustomResourceDefinition
apiregistration.k8s.io: apiservices *APIService
apps: controllerrevisions ControllerRevision; daemonsets,ds DaemonSet; deployments,deploy Deployment; replicasets,rs ReplicaSet; statefulsets,sts StatefulSet
authentication.k8s.io: selfsubjectreviews *SelfSubjectReview; tokenreviews *TokenReview
authorization.k8s.io: localsubjectaccessreviews LocalSubjectAccessReview; selfsubjectaccessreviews *SelfSubjectAccessReview; selfsubjectrulesreviews *SelfSubjectRulesReview; subjectaccessreviews *SubjectAccessReview
autoscaling: horizontalpodautoscalers,hpa HorizontalPodAutoscaler
batch: cronjobs,cj CronJob; jobs Job
certificates.k8s.io: certificatesigningrequests,csr *CertificateSigningRequest
coordination.k8s.io: leases Lease
discovery.k8s.io: endpointslices EndpointSlice
events.k8s.io: events,ev Event
flowcontrol.apiserver.k8s.io: flowschemas *FlowSchema; prioritylevelconfigurations *PriorityLevelConfiguration
networking.k8s.io: ingressclasses *IngressClass; ingresses,ing Ingress; ipaddresses,ip *IPAddress; networkpolicies,netpol NetworkPolicy; servicecidrs *ServiceCIDR
node.k8s.io: runtimeclasses *RuntimeClass
policy: poddisruptionbudgets,pdb PodDisruptionBudget
rbac.authorization.k8s.io: clusterrolebindings *ClusterRoleBinding; clusterroles *ClusterRole; rolebindings RoleBinding; roles Role
resource.k8s.io: deviceclasses *DeviceClass; resourceclaims ResourceClaim; resourceclaimtemplates ResourceClaimTemplate; resourceslices *ResourceSlice
scheduling.k8s.io: priorityclasses,pc *PriorityClass
storage.k8s.io: csidrivers *CSIDriver; csinodes *CSINode; csistoragecapacities CSIStorageCapacity; storageclasses,sc *StorageClass; volumeattachments *VolumeAttachment; volumeattributesclasses,vac *VolumeAttributesClass
`;

export const RESOURCES: readonly Resource[] = TABLE.trim()
  .split('\n')
  .flatMap((line) => {
    const colon = line.indexOf(':');
    return line
      .slice(colon + 2)
      .split('; ')
      .map((cell): Resource => {
        const [words = '', marked = ''] = cell.split(' ');
        const [plural = '', ...shortNames] = words.split(',');
        const kind = marked.replace('*', '');
        return {
          group: line.slice(0, colon),
          version: VERSIONS[kind] ?? 'v1',
          kind,
          plural,
          singular: kind.toLowerCase(),
          shortNames,
          namespaced: kind === marked,
          categories: IN_ALL.includes(plural) ? ['all'] : [],
          verbs: isReview(kind) ? ['create'] : ALL_VERBS,
        };
      });
  });

/** Whether objects of the resource can be stored here; the others are only named by discovery. */
export const isServed = (resource: Resource): boolean => fieldsOf(resource.kind) !== undefined && resource.group !== 'events.k8s.io';

export const resourceOfKind = (kind: string): Resource | undefined => RESOURCES.find((resource) => resource.kind === kind);
export const resourceNamed = (group: string, version: string, plural: string): Resource | undefined =>
  RESOURCES.find((resource) => resource.group === group && resource.version === version && resource.plural === plural);
export const apiVersionOf = (resource: Resource): string =>
  resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
/** As errors name it: pods, deployments.apps. */
export const qualifiedPlural = (resource: Resource): string =>
  resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
