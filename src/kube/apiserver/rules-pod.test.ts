// Rules of a Pod's other fields that no recording covers: placement, network, deadlines. Sources: files of kubernetes v1.36.

import { type Json, podRules, type Rule } from './ruleHarness.ts';

const CORE = 'pkg/apis/core/validation/validation.go';
const NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const IP = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
const node = (...nodeSelectorTerms: Json[]): Json => ({ affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms } } } });
const TERM = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`;
const toleration = (...tolerations: Json[]): Json => ({ tolerations });
const T = 'spec.tolerations';

const rows: readonly Rule[] = [
  {
    rule: 'restart policies',
    source: `${CORE} validateRestartPolicy`,
    given: { restartPolicy: 'Sometimes' },
    says: ['spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'],
  },
  {
    rule: 'DNS policies',
    source: `${CORE} validateDNSPolicy`,
    given: { dnsPolicy: 'Mine' },
    says: ['spec.dnsPolicy: Unsupported value: "Mine": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"'],
  },
  {
    rule: 'dnsPolicy None wants a configuration',
    source: `${CORE} validatePodDNSConfig`,
    given: { dnsPolicy: 'None' },
    says: ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  },
  {
    rule: 'and in it a server',
    source: `${CORE} validatePodDNSConfig`,
    given: { dnsPolicy: 'None', dnsConfig: {} },
    says: ['spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None'],
  },
  {
    rule: 'three servers at most, by address',
    source: `${CORE} validatePodDNSConfig, k8s.io/apimachinery v0.36 pkg/util/validation/ip.go`,
    given: { dnsConfig: { nameservers: ['1.1.1.1', '::1', 'fe80::1:2', 'dns'] } },
    says: [
      'spec.dnsConfig.nameservers: Invalid value: ["1.1.1.1","::1","fe80::1:2","dns"]: must not have more than 3 nameservers',
      `spec.dnsConfig.nameservers[3]: Invalid value: "dns": ${IP}`,
    ],
  },
  {
    rule: 'search paths may have underscores, the root, and a dot at the end',
    source: `${CORE} validatePodDNSConfig (AllowRelaxedDNSSearchValidation)`,
    given: { dnsConfig: { searches: ['_tcp.x.', '.', 'A'], options: [{ name: '' }] } },
    says: [
      "spec.dnsConfig.searches[2]: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*')",
      'spec.dnsConfig.options[0]: Required value: must not be empty',
    ],
  },
  {
    rule: 'host aliases have addresses and names',
    source: `${CORE} ValidateHostAliases`,
    given: { hostAliases: [{ ip: '1.2.3.256', hostnames: ['ok'] }, { ip: '010.2.3.4', hostnames: [] }, { ip: '1::2::3' }] },
    says: [`spec.hostAliases[0].ip: Invalid value: "1.2.3.256": ${IP}`, `spec.hostAliases[2].ip: Invalid value: "1::2::3": ${IP}`],
  },
  {
    rule: 'names of the Pod on the network are single labels',
    source: `${CORE} ValidatePodSpec`,
    given: { hostname: 'a.b', subdomain: 'c.d' },
    says: ['spec.hostname: Invalid value: "a.b": must not contain dots', 'spec.subdomain: Invalid value: "c.d": must not contain dots'],
  },
  {
    rule: 'a deadline is a second or more',
    source: `${CORE} ValidatePodSpec`,
    given: { activeDeadlineSeconds: 0 },
    says: ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
  },
  {
    rule: 'labels to choose a node by',
    source: 'k8s.io/apimachinery v0.36 pkg/apis/meta/v1/validation ValidateLabels',
    given: { nodeSelector: { '-a': 'b', c: '-d' } },
    says: [`spec.nodeSelector: Invalid value: "-a": ${NAME}`, `spec.nodeSelector: Invalid value: "-d": ${LABEL}`],
  },
  {
    rule: 'a toleration without a key tolerates everything',
    source: `${CORE} ValidateTolerations`,
    given: toleration({ operator: 'Equal', value: 'a' }),
    says: [
      `${T}[0].operator: Invalid value: "Equal": operator must be Exists when \`key\` is empty, which means "match all values and all keys"`,
    ],
  },
  {
    rule: 'operators, values and effects of tolerations',
    source: `${CORE} ValidateTolerations, validateTaintEffect`,
    given: toleration(
      { key: 'a', operator: 'Exists', value: 'b' },
      { key: 'a', operator: 'Like' },
      { key: 'a', value: '-' },
      { key: 'a', effect: 'Never' },
      { key: 'a', tolerationSeconds: 5 },
    ),
    says: [
      `${T}[0].operator: Invalid value: "b": value must be empty when \`operator\` is 'Exists'`,
      `${T}[1].operator: Unsupported value: "Like": supported values: "Equal", "Exists"`,
      `${T}[2].operator: Invalid value: "-": ${LABEL}`,
      `${T}[3].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
      `${T}[4].effect: Invalid value: "": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
    ],
  },
  {
    rule: 'node affinity has a term',
    source: `${CORE} ValidateNodeSelector`,
    given: node(),
    says: [`${TERM}: Required value: must have at least one node selector term`],
  },
  {
    rule: 'operators of node affinity and their values',
    source: `${CORE} ValidateNodeSelectorRequirement`,
    given: node({
      matchExpressions: [
        { key: 'a', operator: 'In' },
        { key: 'a', operator: 'Exists', values: ['b'] },
        { key: 'a', operator: 'Gt', values: ['1', '2'] },
        { key: 'a', operator: 'Like' },
        { key: '', operator: 'DoesNotExist' },
        { key: 'a', operator: 'NotIn', values: ['-'] },
      ],
    }),
    says: [
      `${TERM}[0].matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`,
      `${TERM}[0].matchExpressions[1].values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`,
      `${TERM}[0].matchExpressions[2].values: Required value: must be specified single value when \`operator\` is 'Lt' or 'Gt'`,
      `${TERM}[0].matchExpressions[3].operator: Invalid value: "Like": not a valid selector operator`,
      `${TERM}[0].matchExpressions[4].key: Invalid value: "": name part must be non-empty`,
      `${TERM}[0].matchExpressions[4].key: Invalid value: "": ${NAME}`,
      `${TERM}[0].matchExpressions[5].values[0]: Invalid value: "-": ${LABEL}`,
    ],
  },
  {
    rule: 'nodes by field: the name alone, one value',
    source: `${CORE} ValidateNodeFieldSelectorRequirement`,
    given: node({
      matchFields: [
        { key: 'metadata.name', operator: 'In', values: ['a', 'b'] },
        { key: 'status.phase', operator: 'Exists' },
      ],
    }),
    says: [
      `${TERM}[0].matchFields[0].values: Required value: must be only one value when \`operator\` is 'In' or 'NotIn' for node field selector`,
      `${TERM}[0].matchFields[1].operator: Invalid value: "Exists": not a valid selector operator`,
      `${TERM}[0].matchFields[1].key: Invalid value: "status.phase": not a valid field selector key`,
    ],
  },
  {
    rule: 'preferences weigh between 1 and 100; label values are not checked there',
    source: `${CORE} ValidatePreferredSchedulingTerms`,
    given: {
      affinity: {
        nodeAffinity: { [PREFERRED]: [{ weight: 101, preference: { matchExpressions: [{ key: 'a', operator: 'In', values: ['-'] }] } }] },
      },
    },
    says: [`spec.affinity.nodeAffinity.${PREFERRED}[0].weight: Invalid value: 101: must be in the range 1-100`],
  },
  {
    rule: 'Pods are kept together or apart within a topology',
    source: `${CORE} validatePodAffinityTerm, validateWeightedPodAffinityTerms`,
    given: {
      affinity: {
        podAffinity: {
          [REQUIRED]: [{ topologyKey: '', labelSelector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] } }],
        },
        podAntiAffinity: { [PREFERRED]: [{ weight: 0, podAffinityTerm: { topologyKey: 'zone', namespaces: ['a.b'] } }] },
      },
    },
    says: [
      `spec.affinity.podAffinity.${REQUIRED}[0].labelSelector.matchExpressions[0].operator: Invalid value: "Gt": not a valid selector operator`,
      `spec.affinity.podAffinity.${REQUIRED}[0].topologyKey: Required value: can not be empty`,
      `spec.affinity.podAffinity.${REQUIRED}[0].topologyKey: Invalid value: "": name part must be non-empty`,
      `spec.affinity.podAffinity.${REQUIRED}[0].topologyKey: Invalid value: "": ${NAME}`,
      `spec.affinity.podAntiAffinity.${PREFERRED}[0].weight: Invalid value: 0: must be in the range 1-100`,
      `spec.affinity.podAntiAffinity.${PREFERRED}[0].podAffinityTerm.namespace: Invalid value: "a.b": must not contain dots`,
    ],
  },
  {
    rule: 'conditions that make a Pod ready have qualified names',
    source: `${CORE} validateReadinessGates`,
    given: { readinessGates: [{ conditionType: '-a' }] },
    says: [`spec.readinessGates[0].conditionType: Invalid value: "-a": ${NAME}`],
  },
  {
    rule: 'gates are named once',
    source: `${CORE} validateSchedulingGates`,
    given: { schedulingGates: [{ name: 'a/b' }, { name: 'a/b' }] },
    says: ['spec.schedulingGates[1]: Duplicate value: "a/b"'],
  },
  {
    rule: 'a gated Pod has no node',
    source: `${CORE} ValidatePodCreate`,
    given: { nodeName: 'n', schedulingGates: [{ name: 'a/b' }] },
    says: ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
  },
  {
    rule: 'ephemeral containers come later',
    source: `${CORE} ValidatePodCreate`,
    given: { ephemeralContainers: [{ name: 'e', image: 'i' }] },
    says: ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  },
  {
    rule: 'a Pod with the host’s network asks for the ports it opens',
    source: `${CORE} validatePodHostNetworkDeps`,
    given: { hostNetwork: true, container: { ports: [{ containerPort: 80, hostPort: 8080 }] } },
    says: ['spec.containers[0].ports[0].hostPort: Invalid value: 8080: must match `containerPort` when `hostNetwork` is true'],
  },
];
podRules(rows);
