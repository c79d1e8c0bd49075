// Warnings that no recording covers. Source of all: kubernetes v1.36 pkg/api/pod/warnings.go (and pkg/api/node/util.go for old labels).

import { expect, it } from 'vitest';
import { type Json, podOf, ruleServer } from './ruleHarness.ts';

interface Row {
  readonly rule: string;
  readonly source: string;
  readonly given: Json;
  readonly warns: readonly string[];
}
const HERE = 'pkg/api/pod/warnings.go warningsForPodSpecAndMeta';
const C = 'spec.containers[0]';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const ZONE = 'failure-domain.beta.kubernetes.io/zone';
const ZONE_TEXT = 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead';

const rows: readonly Row[] = [
  {
    rule: 'old names of node labels, wherever nodes are chosen',
    source: `${HERE}; pkg/api/node/util.go`,
    given: {
      nodeSelector: { 'beta.kubernetes.io/arch': 'amd64' },
      affinity: {
        nodeAffinity: {
          [REQUIRED]: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'Exists' }] }] },
          [PREFERRED]: [{ weight: 1, preference: { matchExpressions: [{ key: ZONE, operator: 'In', values: ['-'] }] } }],
        },
      },
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: ZONE, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: {} }],
    },
    warns: [
      'spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead',
      `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms[0].matchExpressions[0].key: ${ZONE} is ${ZONE_TEXT}`,
      `spec.affinity.nodeAffinity.${PREFERRED}[0].preference.matchExpressions[0].key: ${ZONE} is ${ZONE_TEXT}`,
      "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].values[0]: - is invalid, a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
      `spec.topologySpreadConstraints[0].topologyKey: ${ZONE} is ${ZONE_TEXT}`,
    ],
  },
  {
    rule: 'a selector that is not there matches no Pod',
    source: `${HERE}, warningsForPodAffinityTerms`,
    given: {
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'z', whenUnsatisfiable: 'ScheduleAnyway' }],
      affinity: {
        podAffinity: { [REQUIRED]: [{ topologyKey: 'z' }] },
        podAntiAffinity: { [PREFERRED]: [{ weight: 1, podAffinityTerm: { topologyKey: 'z' } }] },
      },
    },
    warns: [
      'spec.topologySpreadConstraints[0].labelSelector',
      `spec.affinity.podAffinity.${REQUIRED}[0].labelSelector`,
      `spec.affinity.podAntiAffinity.${PREFERRED}[0].podAffinityTerm.labelSelector`,
    ].map((field) => `${field}: a null labelSelector results in matching no pod`),
  },
  {
    rule: 'annotations of old',
    source: `${HERE}, deprecatedAnnotations`,
    given: { meta: { annotations: { 'scheduler.alpha.kubernetes.io/critical-pod': '', 'security.alpha.kubernetes.io/sysctls': 'a=1' } } },
    warns: [
      'metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
      'metadata.annotations[security.alpha.kubernetes.io/sysctls]: non-functional in v1.11+; use the "sysctls" field instead',
    ],
  },
  {
    rule: 'seccomp by annotation alone does nothing',
    source: HERE,
    given: {
      meta: {
        annotations: {
          'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default',
          'container.seccomp.security.alpha.kubernetes.io/c': 'runtime/default',
        },
      },
    },
    warns: [
      'metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the "seccompProfile" field instead',
      'metadata.annotations[container.seccomp.security.alpha.kubernetes.io/c]: non-functional in v1.27+; use the "seccompProfile" field instead',
    ],
  },
  {
    rule: 'a file where the token is',
    source: HERE,
    given: {
      volumes: [
        {
          name: 'v',
          projected: {
            sources: [{ serviceAccountToken: { path: 'token' } }, { secret: { name: 's', items: [{ key: 'k', path: 'other' }] } }],
          },
        },
        { name: 'w', projected: { sources: [{ downwardAPI: { items: [{ path: 'token', fieldRef: { fieldPath: 'metadata.name' } }] } }] } },
      ],
    },
    warns: ['spec.volumes[1].projected.sources.downwardAPI[0]: has duplicated path with ServiceAccountToken "token"'],
  },
  {
    rule: 'lists: the same twice before what is empty',
    source: HERE,
    given: {
      hostAliases: [{ ip: '1.1.1.1' }, { ip: '1.1.1.1' }],
      imagePullSecrets: [{ name: '' }, { name: 'a' }, { name: 'a' }],
    },
    warns: [
      'spec.hostAliases[1].ip: duplicate ip "1.1.1.1"',
      'spec.imagePullSecrets[2].name: duplicate name "a"',
      'spec.imagePullSecrets[0].name: invalid empty name ""',
    ],
  },
  {
    rule: 'parts of bytes; whole ones in thousandths are whole',
    source: HERE,
    given: { container: { resources: { requests: { memory: '1500m' }, limits: { memory: '2000m' } } } },
    warns: [`${C}.resources.requests[memory]: fractional byte value "1500m" is invalid, must be an integer`],
  },
  {
    rule: 'a variable that hides one of the same name, unless it continues it',
    source: HERE,
    given: {
      container: {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '$(A)2' },
          { name: 'A', value: '$(A)' },
          { name: 'A', value: '3' },
        ],
      },
    },
    warns: [2, 3].map((i) => `${C}.env[${i}]: hides previous definition of "A", which may be dropped when using apply`),
  },
  {
    rule: 'ports over all containers: the same, overlapping, ambiguous',
    source: HERE,
    given: {
      containers: [
        { name: 'a', image: 'i', ports: [{ containerPort: 80 }] },
        { name: 'b', image: 'i', ports: [{ containerPort: 80 }, { containerPort: 90, hostPort: 90, hostIP: '1.1.1.1' }] },
        {
          name: 'd',
          image: 'i',
          ports: [
            { containerPort: 90, hostPort: 90 },
            { containerPort: 80, hostPort: 80 },
          ],
        },
      ],
    },
    warns: [
      'spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]',
      'spec.containers[2].ports[0]: dangerously ambiguous port definition with spec.containers[1].ports[1]',
      'spec.containers[2].ports[1]: overlapping port definition with spec.containers[0].ports[0]',
      'spec.containers[2].ports[1]: overlapping port definition with spec.containers[1].ports[0]',
    ],
  },
  {
    rule: 'a grace period below nothing is 1 before warnings are looked for',
    source: 'corrections.md, api-and-kubectl.md §1.6 (a recorded answer); warnings.go has a text that is never reached',
    given: { terminationGracePeriodSeconds: -1 },
    warns: [],
  },
];

it.each(rows.map((row) => [row.rule, row] as const))('%s', (_, { source, given, warns }) => {
  expect(source).toMatch(/warnings\.go/);
  const answer = ruleServer().request({
    verb: 'create',
    group: '',
    version: 'v1',
    resource: 'pods',
    namespace: 'default',
    body: podOf(given),
  });
  expect([answer.code, answer.warnings]).toEqual([201, warns]);
});
