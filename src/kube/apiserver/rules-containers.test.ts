// Rules of containers that no recording covers: names, ports, environment, probes, hooks, resources. Sources: files of kubernetes v1.36.

import { type Json, podRules, type Rule } from './ruleHarness.ts';

const CORE = 'pkg/apis/core/validation/validation.go';
const NAME =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const own = (container: Json): Json => ({ container });
const env = (...list: Json[]): Json => own({ env: list });
const AT = 'spec.containers[0]';
const FROM = `${AT}.env[0].valueFrom`;
const probe = (given: Json, name = 'livenessProbe'): Json => own({ [name]: given });
const field = (fieldPath: string): Json => env({ name: 'A', valueFrom: { fieldRef: { fieldPath } } });
const resource = (ref: Json): Json => env({ name: 'A', valueFrom: { resourceFieldRef: ref } });
const FIELDS =
  'supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"';

const rows: readonly Rule[] = [
  {
    rule: 'a container has an image',
    source: `${CORE} validateContainerCommon`,
    given: own({ image: '' }),
    says: [`${AT}.image: Required value`],
  },
  {
    rule: 'no blanks around an image, of init containers too',
    source: `${CORE} validateContainersOnlyForPod`,
    given: { ...own({ image: ' i' }), initContainers: [{ name: 'd', image: 'i ' }] },
    says: [
      `${AT}.image: Invalid value: " i": must not have leading or trailing whitespace`,
      'spec.initContainers[0].image: Invalid value: "i ": must not have leading or trailing whitespace',
    ],
  },
  {
    rule: 'two containers of one name, one of them an init container',
    source: `${CORE} validateInitContainers`,
    given: { initContainers: [{ name: 'c', image: 'i' }] },
    says: ['spec.initContainers[0].name: Duplicate value: "c"'],
  },
  {
    rule: 'policies of a container that are none',
    source: `${CORE} validateContainerCommon, validatePullPolicy`,
    given: own({ terminationMessagePolicy: 'Log', imagePullPolicy: 'Sometimes' }),
    says: [
      `${AT}.terminationMessagePolicy: Unsupported value: "Log": supported values: "File", "FallbackToLogsOnError"`,
      `${AT}.imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`,
    ],
  },
  {
    rule: 'names of ports: length, letters, hyphens',
    source: 'k8s.io/apimachinery v0.36 pkg/util/validation/validation.go IsValidPortName',
    given: own({
      ports: [
        { name: 'an-over-long-name', containerPort: 1 },
        { name: '80', containerPort: 2 },
        { name: '-a--b', containerPort: 3 },
      ],
    }),
    says: [
      `${AT}.ports[0].name: Invalid value: "an-over-long-name": must be no more than 15 characters`,
      `${AT}.ports[1].name: Invalid value: "80": must contain at least one letter (a-z)`,
      `${AT}.ports[2].name: Invalid value: "-a--b": must not contain consecutive hyphens`,
      `${AT}.ports[2].name: Invalid value: "-a--b": must not begin or end with a hyphen`,
    ],
  },
  {
    rule: 'ports of the node are taken once, over all containers, and said at the end',
    source: `${CORE} checkHostPortConflicts`,
    given: {
      containers: [
        { name: 'a', image: 'i', ports: [{ containerPort: 1, hostPort: 80 }] },
        { name: 'b', image: '', ports: [{ containerPort: 2, hostPort: 80 }] },
      ],
    },
    says: ['spec.containers[1].image: Required value', 'spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"'],
  },
  {
    rule: 'an init container conflicts with itself only; the path counts in a list of one',
    source: `${CORE} validateInitContainers`,
    given: {
      initContainers: [
        { name: 'a', image: 'i', ports: [{ containerPort: 1, hostPort: 80 }] },
        {
          name: 'b',
          image: 'i',
          ports: [
            { containerPort: 1, hostPort: 80 },
            { containerPort: 2, hostPort: 80 },
          ],
        },
      ],
    },
    says: ['spec.initContainers[0].ports[1].hostPort: Duplicate value: "TCP//80"'],
  },
  {
    rule: 'a variable has a name without an equals sign',
    source: 'k8s.io/apimachinery v0.36 pkg/util/validation/validation.go IsRelaxedEnvVarName',
    given: env({ name: '', value: '1' }, { name: 'A=B', value: '1' }, { name: 'ok 1', value: '1' }),
    says: [
      `${AT}.env[0].name: Required value`,
      `${AT}.env[1].name: Invalid value: "A=B": a valid environment variable name must consist only of printable ASCII characters other than '='`,
    ],
  },
  {
    rule: 'a variable comes from one source',
    source: `${CORE} validateEnvVarValueFrom`,
    given: env({ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' }, secretKeyRef: { name: 's', key: 'k' } } }),
    says: [`${FROM}: Invalid value: "": may not have more than one field specified at a time`],
  },
  {
    rule: 'a variable has a value or a source',
    source: `${CORE} validateEnvVarValueFrom`,
    given: env({ name: 'A', value: '1', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }),
    says: [`${FROM}: Invalid value: "": may not be specified when \`value\` is not empty`],
  },
  {
    rule: 'a label is asked for by its name; a wrong one is the error of the reference, with the key alone',
    source: `${CORE} validateObjectFieldSelector`,
    given: field("metadata.labels['-a']"),
    says: [`${FROM}.fieldRef: Invalid value: "-a": ${NAME}`],
  },
  {
    rule: 'keys of annotations are taken in lower case',
    source: `${CORE} validateObjectFieldSelector`,
    given: field("metadata.annotations['A.B/c']"),
    says: [],
  },
  {
    rule: 'fields that volumes may show and variables may not',
    source: `${CORE} validateObjectFieldSelector, validEnvDownwardAPIFieldPathExpressions`,
    given: field('metadata.labels'),
    says: [`${FROM}.fieldRef.fieldPath: Unsupported value: "metadata.labels": ${FIELDS}`],
  },
  {
    rule: 'a field that is none',
    source: 'pkg/apis/core/pods/helpers.go ConvertDownwardAPIFieldLabel',
    given: field('spec.nothing'),
    says: [
      `${FROM}.fieldRef.fieldPath: Invalid value: "spec.nothing": error converting fieldPath: field label not supported: spec.nothing`,
    ],
  },
  {
    rule: 'a resource that is none',
    source: `${CORE} validateContainerResourceFieldSelector`,
    given: resource({ resource: 'limits.gpu' }),
    says: [
      `${FROM}.resourceFieldRef.resource: Unsupported value: "limits.gpu": supported values: "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"`,
    ],
  },
  {
    rule: 'huge pages of any size',
    source: `${CORE} validateContainerResourceFieldSelector`,
    given: resource({ resource: 'limits.hugepages-2Mi' }),
    says: [],
  },
  {
    rule: 'what processors are divided by',
    source: `${CORE} validateContainerResourceDivisor`,
    given: resource({ resource: 'limits.cpu', divisor: '2' }),
    says: [
      `${FROM}.resourceFieldRef.divisor: Invalid value: "limits.cpu": only divisor's values 1m and 1 are supported with the cpu resource`,
    ],
  },
  {
    rule: 'what memory is divided by',
    source: `${CORE} validateContainerResourceDivisor`,
    given: resource({ resource: 'requests.memory', divisor: '3Mi' }),
    says: [
      `${FROM}.resourceFieldRef.divisor: Invalid value: "requests.memory": only divisor's values 1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the memory resource`,
    ],
  },
  {
    rule: 'a key is there and has no odd signs',
    source: `${CORE} validateConfigMapKeySelector, IsConfigMapKey`,
    given: env(
      { name: 'A', valueFrom: { configMapKeyRef: { name: 'm', key: '' } } },
      { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: '..a' } } },
    ),
    says: [
      `${FROM}.configMapKeyRef.key: Required value`,
      `${AT}.env[1].valueFrom.secretKeyRef.key: Invalid value: "..a": must not start with '..'`,
    ],
  },
  {
    rule: 'envFrom names its source, one of them',
    source: `${CORE} ValidateEnvFrom`,
    given: own({
      envFrom: [
        {},
        { configMapRef: { name: 'm' }, secretRef: { name: 's' } },
        { configMapRef: { name: '' } },
        { prefix: '=', secretRef: { name: 's' } },
      ],
    }),
    says: [
      `${AT}.envFrom: Invalid value: "": must specify one of: \`configMapRef\` or \`secretRef\``,
      `${AT}.envFrom: Invalid value: "": may not have more than one field specified at a time`,
      `${AT}.envFrom[2].configMapRef.name: Required value`,
      `${AT}.envFrom[3].prefix: Invalid value: "=": a valid environment variable name must consist only of printable ASCII characters other than '='`,
    ],
  },
  {
    rule: 'a probe does something',
    source: `${CORE} validateHandler`,
    given: probe({}),
    says: [`${AT}.livenessProbe: Required value: must specify a handler type`],
  },
  {
    rule: 'a probe does one thing',
    source: `${CORE} validateHandler`,
    given: probe({ exec: { command: ['true'] }, tcpSocket: { port: 1 }, grpc: { port: 1 } }),
    says: [
      `${AT}.livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`,
      `${AT}.livenessProbe.grpc: Forbidden: may not specify more than 1 handler type`,
    ],
  },
  {
    rule: 'a command to probe with',
    source: `${CORE} validateExecAction`,
    given: probe({ exec: {} }),
    says: [`${AT}.livenessProbe.exec.command: Required value`],
  },
  {
    rule: 'an HTTP probe: scheme, port and headers',
    source: `${CORE} validateHTTPGetAction`,
    given: probe({ httpGet: { port: 'http-80-', scheme: 'FTP', httpHeaders: [{ name: 'X Y', value: '1' }] } }),
    says: [
      `${AT}.livenessProbe.httpGet.port: Invalid value: "http-80-": must not begin or end with a hyphen`,
      `${AT}.livenessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"`,
      `${AT}.livenessProbe.httpGet.httpHeaders: Invalid value: "X Y": a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')`,
    ],
  },
  {
    rule: 'the port of a gRPC probe',
    source: `${CORE} validateGRPCAction`,
    given: probe({ grpc: { port: 70000 } }),
    says: [`${AT}.livenessProbe.grpc.port: Invalid value: 70000: must be between 1 and 65535, inclusive`],
  },
  {
    rule: 'times of a probe are not negative',
    source: `${CORE} validateProbe`,
    given: probe({ exec: { command: ['true'] }, initialDelaySeconds: -1, timeoutSeconds: -1, periodSeconds: -1, failureThreshold: -1 }),
    says: ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold'].map(
      (name) => `${AT}.livenessProbe.${name}: Invalid value: -1: must be greater than or equal to 0`,
    ),
  },
  {
    rule: 'one success makes a container live or started',
    source: `${CORE} validateLivenessProbe, validateStartupProbe`,
    given: own({
      livenessProbe: { exec: { command: ['true'] }, successThreshold: 2 },
      startupProbe: { exec: { command: ['true'] }, successThreshold: 3 },
    }),
    says: [
      `${AT}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
      `${AT}.startupProbe.successThreshold: Invalid value: 3: must be 1`,
    ],
  },
  {
    rule: 'a probe’s own grace period is more than nothing, and none of a readiness probe',
    source: `${CORE} validateProbe, validateReadinessProbe`,
    given: own({
      livenessProbe: { exec: { command: ['true'] }, terminationGracePeriodSeconds: 0 },
      readinessProbe: { exec: { command: ['true'] }, terminationGracePeriodSeconds: 5 },
    }),
    says: [
      `${AT}.livenessProbe.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0`,
      `${AT}.readinessProbe.terminationGracePeriodSeconds: Invalid value: 5: must not be set for readinessProbes`,
    ],
  },
  {
    rule: 'a hook sleeps within the grace period',
    source: `${CORE} validateSleepAction`,
    given: { terminationGracePeriodSeconds: 5, ...own({ lifecycle: { preStop: { sleep: { seconds: 6 } } } }) },
    says: [`${AT}.lifecycle.preStop.sleep: Invalid value: 6: must be non-negative and less than terminationGracePeriodSeconds (5)`],
  },
  {
    rule: 'probes and hooks of init containers belong to sidecars',
    source: `${CORE} validateInitContainers`,
    given: {
      initContainers: [
        { name: 'a', image: 'i', lifecycle: { preStop: { exec: { command: ['true'] } } }, readinessProbe: { exec: { command: ['true'] } } },
        { name: 'b', image: 'i', restartPolicy: 'Always', readinessProbe: { exec: {} } },
      ],
    },
    says: [
      'spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always',
      'spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
      'spec.initContainers[1].readinessProbe.exec.command: Required value',
    ],
  },
  {
    rule: 'resources have known names or a domain; limits become requests before they are checked',
    source: `${CORE} validateContainerResourceName; pkg/apis/core/v1/defaults.go SetDefaults_Pod`,
    given: own({ resources: { limits: { gpu: '1' } } }),
    says: ['limits', 'requests'].flatMap((list) =>
      ['must be a standard resource type or fully qualified', 'must be a standard resource for containers'].map(
        (text) => `${AT}.resources.${list}[gpu]: Invalid value: "gpu": ${text}`,
      ),
    ),
  },
  {
    rule: 'a resize policy is said once for each resource, and of a Pod that never restarts only NotRequired',
    source: `${CORE} validateResizePolicy`,
    given: {
      restartPolicy: 'Never',
      ...own({
        resizePolicy: [
          { resourceName: 'cpu', restartPolicy: 'NotRequired' },
          { resourceName: 'cpu', restartPolicy: 'RestartContainer' },
        ],
      }),
    },
    says: [
      `${AT}.resizePolicy[1]: Duplicate value: "cpu"`,
      `${AT}.resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when \`restartPolicy\` is 'Never'`,
    ],
  },
];
podRules(rows);
