// Provenance as properties: every leaf of the stored Pod, of the CRI configurations of sandbox and container and of both config.json has an origin, and taking the line an
// origin names out of the manifest changes the leaf or its origin. Manifests: random ones made of the fields of a securityContext.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Origin } from '#provenance/origin.ts';
import { openPlayground } from './open.ts';

type Origins = Readonly<Record<string, Origin>>;
interface Artefacts {
  readonly [name: string]: { readonly value: unknown; readonly origins: Origins };
}

const id = fc.integer({ min: 0, max: 5000 });
const optional = <T>(from: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(from, { nil: undefined });
const capability = fc.constantFrom('NET_ADMIN', 'SYS_TIME', 'CHOWN', 'NET_RAW', 'KILL');

const podContext = fc.record({
  runAsUser: optional(id),
  fsGroup: optional(id),
  supplementalGroups: optional(fc.uniqueArray(id, { minLength: 1, maxLength: 3 })),
  supplementalGroupsPolicy: optional(fc.constantFrom('Merge', 'Strict')),
  seccompProfile: optional(fc.constantFrom({ type: 'RuntimeDefault' }, { type: 'Unconfined' })),
});
const containerContext = fc.record({
  runAsUser: optional(id),
  readOnlyRootFilesystem: optional(fc.boolean()),
  allowPrivilegeEscalation: optional(fc.constant(false)),
  capabilities: optional(
    fc.record({
      add: optional(fc.uniqueArray(capability, { minLength: 1 })),
      drop: optional(fc.uniqueArray(capability, { minLength: 1 })),
    }),
  ),
});

const rest = fc.record({
  hostname: optional(fc.constant('other')),
  hostNetwork: optional(fc.boolean()),
  shareProcessNamespace: optional(fc.boolean()),
  labels: optional(fc.constant({ app: 'web', 'example.com/tier': 'a' })),
  sysctls: optional(fc.constant([{ name: 'kernel.shm_rmid_forced', value: '1' }])),
});

const manifestOf = (
  pod: object,
  own: object,
  { labels, sysctls, ...spec }: { labels?: object | undefined; sysctls?: object | undefined } = {},
): object =>
  JSON.parse(
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x', labels },
      spec: {
        ...spec,
        securityContext: { ...pod, sysctls },
        containers: [{ name: 'c', image: 'busybox:1.36', command: ['sleep', '1h'], securityContext: own }],
      },
    }),
  );

function artefacts(manifest: object): Artefacts {
  const playground = openPlayground({ files: { 'pod.json': JSON.stringify(manifest) } });
  const applied = playground.step('kubectl apply -f pod.json');
  expect(applied.stderr).toBe('');
  playground.step('sleep 5');
  const { api, runtime } = playground.world;
  const pod = api.get('Pod', 'default', 'x');
  const status = pod?.status as { containerStatuses: { containerID: string }[] };
  const container = (status.containerStatuses[0]?.containerID ?? '').replace(/^.*\/\//, '');
  const cri = runtime.Config(container);
  const oci = runtime.Spec(container);
  if (cri === undefined || oci === undefined) throw new Error('the container did not start');
  const sandbox = runtime.ListPodSandbox()[0];
  if (sandbox === undefined) throw new Error('there is no sandbox');
  return {
    pod: { value: pod, origins: api.originsOf('Pod', 'default', 'x') },
    cri,
    oci,
    sandboxCri: sandbox.config,
    sandboxOci: sandbox.spec,
  };
}

function leaves(value: unknown, pointer = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [[pointer, value]];
  return Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : leaves(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

/** The origin of a leaf or of a part it belongs to; an origin of the whole document does not count. */
function origin(origins: Origins, pointer: string): Origin | undefined {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) if (origins[at] !== undefined) return origins[at];
  return undefined;
}

const causes = (one: Origin): string[] => (one.kind === 'manifest' ? [one.pointer] : one.kind === 'rule' ? one.from.flatMap(causes) : []);

function without(manifest: object, pointer: string): object {
  const copy = structuredClone(manifest) as Record<string, unknown>;
  const parts = pointer.split('/').slice(1);
  const last = parts.pop() as string;
  const parent = parts.reduce((node, part) => node?.[part] as Record<string, unknown>, copy);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent?.[last];
  return copy;
}

const example = fc.tuple(podContext, containerContext, rest).map(([pod, own, more]) => manifestOf(pod, own, more));
const RUNS = { numRuns: 12, seed: 20261125 };

test('every leaf of the stored Pod, the CRI configurations and config.json of container and sandbox has an origin', () => {
  fc.assert(
    fc.property(example, (manifest) => {
      const all = artefacts(manifest);
      const missing = Object.entries(all).flatMap(([name, { value, origins }]) =>
        leaves(value).flatMap(([pointer]) => (origin(origins, pointer) === undefined ? [`${name} ${pointer}`] : [])),
      );
      expect(missing).toEqual([]);
    }),
    RUNS,
  );
}, 60_000);

test('a leaf that names one line of the manifest as its whole cause changes, or names another cause, without that line', () => {
  fc.assert(
    fc.property(example, fc.nat(), (manifest, pick) => {
      const before = artefacts(manifest);
      const written = leaves(manifest)
        .map(([pointer]) => pointer)
        .filter((pointer) => pointer.includes('/securityContext/') && !/seccompProfile|sysctls/.test(pointer));
      if (written.length === 0) return;
      const line = written[pick % written.length] as string;
      const after = artefacts(without(manifest, line));
      for (const name of ['cri', 'oci', 'sandboxCri', 'sandboxOci'] as const) {
        const old = before[name] as Artefacts[string];
        const now = after[name] as Artefacts[string];
        const values = new Map(leaves(now.value));
        for (const [pointer, value] of leaves(old.value)) {
          const cause = origin(old.origins, pointer);
          if (cause === undefined || cause.kind !== 'manifest' || cause.pointer !== line) continue;
          const other = origin(now.origins, pointer);
          const changed = !values.has(pointer) || values.get(pointer) !== value;
          expect([name, pointer, changed || (other !== undefined && !causes(other).includes(line))]).toEqual([name, pointer, true]);
        }
      }
    }),
    RUNS,
  );
}, 60_000);
