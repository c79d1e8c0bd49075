// What may change in a Pod: rules that no recording covers. Source of all: kubernetes v1.36 pkg/apis/core/validation/validation.go.

import { type Json, type KindRule, kindRules, podOf } from './ruleHarness.ts';

const UPDATE = 'validation.go ValidatePodUpdate';
const GATES = [{ name: 'example.com/g' }];
const TERMS = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
const term = (key: string): Json => ({ matchExpressions: [{ key, operator: 'Exists' }] });
const near = (...terms: Json[]): Json => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
});
const shown = (...keys: string[]): string =>
  `{"MatchExpressions":[${keys.map((key) => `{"Key":"${key}","Operator":"Exists","Values":null}`).join(',')}],"MatchFields":null}`;

type Row = Omit<KindRule, 'kind'>;
const rows: readonly Row[] = [
  {
    rule: 'containers are not added',
    source: 'validation.go ValidateContainerUpdates',
    given: podOf({}),
    change: {
      spec: {
        containers: [
          { name: 'c', image: 'i' },
          { name: 'd', image: 'i' },
        ],
      },
    },
    says: ['spec.containers: Forbidden: pod updates may not add or remove containers'],
  },
  {
    rule: 'init containers are not removed',
    source: 'validation.go ValidateContainerUpdates',
    given: podOf({ initContainers: [{ name: 'i', image: 'i' }] }),
    change: { spec: { initContainers: [{ $patch: 'delete', name: 'i' }] } },
    says: ['spec.initContainers: Forbidden: pod updates may not add or remove containers'],
  },
  {
    rule: 'an image is named, without white space around it',
    source: 'validation.go ValidateContainerUpdates',
    given: podOf({}),
    change: { spec: { containers: [{ name: 'c', image: ' i' }] } },
    says: ['spec.containers[0].image: Invalid value: " i": must not have leading or trailing whitespace'],
  },
  {
    rule: 'another image is allowed',
    source: UPDATE,
    given: podOf({}),
    change: { spec: { containers: [{ name: 'c', image: 'j' }] } },
    says: [],
  },
  {
    rule: 'a deadline comes',
    source: UPDATE,
    given: podOf({}),
    change: { spec: { activeDeadlineSeconds: 5 } },
    says: [],
  },
  {
    rule: 'a deadline does not move away',
    source: UPDATE,
    given: podOf({ activeDeadlineSeconds: 5 }),
    change: { spec: { activeDeadlineSeconds: 6 } },
    says: ['spec.activeDeadlineSeconds: Invalid value: 6: must be less than or equal to previous value'],
  },
  {
    rule: 'a deadline does not go',
    source: UPDATE,
    given: podOf({ activeDeadlineSeconds: 5 }),
    change: { spec: { activeDeadlineSeconds: null } },
    says: ['spec.activeDeadlineSeconds: Invalid value: null: must not update from a positive integer to nil value'],
  },
  {
    rule: 'a deadline is no negative number',
    source: `${UPDATE}; ValidatePodSpec has another range for new ones`,
    given: podOf({}),
    change: { spec: { activeDeadlineSeconds: -1 } },
    says: [
      'spec.activeDeadlineSeconds: Invalid value: -1: must be between 1 and 2147483647, inclusive',
      'spec.activeDeadlineSeconds: Invalid value: -1: must be between 0 and 2147483647, inclusive',
    ],
  },
  {
    rule: 'tolerations are added',
    source: 'validation.go validateOnlyAddedTolerations',
    given: podOf({ tolerations: [{ key: 'a', operator: 'Exists' }] }),
    change: {
      spec: {
        tolerations: [
          { key: 'a', operator: 'Exists' },
          { key: 'b', operator: 'Exists' },
        ],
      },
    },
    says: [],
  },
  {
    rule: 'tolerations are not changed',
    source: 'validation.go validateOnlyAddedTolerations',
    given: podOf({ tolerations: [{ key: 'a', operator: 'Exists' }] }),
    change: { spec: { tolerations: [{ key: 'b', operator: 'Exists' }] } },
    says: ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
  },
  {
    rule: 'gates are not added',
    source: 'validation.go validateOnlyDeletedSchedulingGates',
    given: podOf({ schedulingGates: GATES }),
    change: { spec: { schedulingGates: [...GATES, { name: 'example.com/h' }] } },
    says: ["spec.schedulingGates[1].name: Forbidden: only deletion is allowed, but found new scheduling gate 'example.com/h'"],
  },
  { rule: 'gates go', source: UPDATE, given: podOf({ schedulingGates: GATES }), change: { spec: { schedulingGates: null } }, says: [] },
  {
    rule: 'at its gates a pod becomes choosier about its node',
    source: 'validation.go validateNodeSelectorMutation, validateNodeAffinityMutation',
    given: podOf({ schedulingGates: GATES, nodeSelector: { a: '1' } }),
    change: { spec: { nodeSelector: { a: '1', b: '2' }, ...near(term('k')) } },
    says: [],
  },
  {
    rule: 'at its gates a pod does not become less choosy: labels',
    source: 'validation.go validateNodeSelectorMutation',
    given: podOf({ schedulingGates: GATES, nodeSelector: { a: '1' } }),
    change: { spec: { nodeSelector: { a: '2' } } },
    says: ['spec.nodeSelector: Invalid value: {"a":"2"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)'],
  },
  {
    rule: 'at its gates a pod does not become less choosy: terms',
    source: 'validation.go validateNodeAffinityMutation',
    given: podOf({ schedulingGates: GATES, ...near(term('a')) }),
    change: { spec: near(term('b')) },
    says: [`${TERMS}[0]: Invalid value: ${shown('b')}: only additions are allowed (no mutations or deletions)`],
  },
  {
    rule: 'at its gates a pod gets no further terms',
    source: 'validation.go validateNodeAffinityMutation',
    given: podOf({ schedulingGates: GATES, ...near(term('a')) }),
    change: { spec: near(term('a'), term('b')) },
    says: [
      `${TERMS}: Invalid value: [${shown('a')},${shown('b')}]: no additions/deletions to non-empty NodeSelectorTerms list are allowed`,
    ],
  },
  {
    rule: 'AppArmor annotations do not come',
    source: 'validation.go ValidatePodSpecificAnnotationUpdates',
    given: podOf({}),
    change: { metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/c': 'runtime/default' } } },
    says: ['metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: Forbidden: may not add AppArmor annotations'],
  },
  {
    rule: 'AppArmor annotations do not go',
    source: 'validation.go ValidatePodSpecificAnnotationUpdates',
    given: podOf({ meta: { annotations: { 'container.apparmor.security.beta.kubernetes.io/c': 'unconfined' } } }),
    change: { metadata: { annotations: { 'container.apparmor.security.beta.kubernetes.io/c': null } } },
    says: [
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: Forbidden: may not remove or update AppArmor annotations',
    ],
  },
  {
    rule: 'a pod does not become a static one',
    source: 'validation.go ValidatePodSpecificAnnotationUpdates',
    given: podOf({}),
    change: { metadata: { annotations: { 'kubernetes.io/config.mirror': 'a' } } },
    says: ['metadata.annotations[kubernetes.io/config.mirror]: Forbidden: may not add mirror pod annotation'],
  },
  {
    rule: 'labels keep their form',
    source: 'apimachinery pkg/api/validation ValidateObjectMetaUpdate',
    given: podOf({}),
    change: { metadata: { labels: { 'a b': 'c' } } },
    says: [
      "metadata.labels: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  },
];

kindRules(rows.map((row) => ({ kind: 'Pod', ...row })));
