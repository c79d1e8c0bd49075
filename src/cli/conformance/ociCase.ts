// Recorded OCI configurations: the commands of their case are replayed, and the config.json our containerd wrote is compared with
// the recorded one, section by section.

import type { Playground } from '#session/index.ts';
import { type ClusterCase, replayClusterCase } from './clusterCase.ts';
import type { Compared } from './kernelCase.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Config = { readonly [key: string]: Json };

export interface OciRecording {
  readonly id: string;
  readonly pod: string;
  readonly config: Readonly<Record<string, Config>>;
}

/** The sections a difference is named by; everything else of the configuration is in the last one. */
const SECTIONS = ['process', 'mounts', 'linux'] as const;

/** Replays a case and compares every recorded configuration with the newest one a container of that name had. */
export function replayOciCase(recorded: OciRecording, test: ClusterCase, playground: Playground): readonly Compared[] {
  const seen = new Map<string, Config>();
  const collect = (): void => {
    for (const { pod, container, config } of playground.ociConfigs())
      if (pod === recorded.pod && !seen.has(container)) seen.set(container, config as unknown as Config);
  };
  replayClusterCase(test, playground, collect);
  return Object.entries(recorded.config).flatMap(([container, expected]) => {
    const actual = seen.get(container) ?? {};
    return [...SECTIONS, 'rest'].map((section) => ({
      what: `${container}: ${section}`,
      expected: render(expected, section),
      actual: render(actual, section),
    }));
  });
}

function render(config: Config, section: string): string {
  const part =
    section === 'rest'
      ? Object.fromEntries(Object.entries(config).filter(([key]) => !(SECTIONS as readonly string[]).includes(key)))
      : (config[section] ?? null);
  return maskOci(`${JSON.stringify(normal(part), null, 1)}\n`);
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys in one order; what the recording node is known to do differently, and values whose order or number is unstable by nature in one form. */
function normal(value: Json, key = ''): Json {
  if (Array.isArray(value)) {
    const list = (value as readonly Json[]).map((one) => normal(one));
    if (key === 'env') return sortServices(list as readonly string[]);
    // cgroup v1: containers get no cgroup namespace.
    if (key === 'namespaces') return list.filter((one) => !(isObject(one) && one.type === 'cgroup'));
    return list;
  }
  if (!isObject(value)) return value;
  const entries = Object.keys(value)
    .sort()
    .map((name) => [name, normal(value[name] as Json, name)] as const);
  // The recordings keep a checksum of the rules instead of the rules.
  if (key === 'seccomp') return 'present';
  return Object.fromEntries(entries);
}

/** The kubelet walks a Go map of the services, so their variables come in a new order each time. */
function sortServices(env: readonly string[]): readonly string[] {
  const isService = (entry: string): boolean => entry.startsWith('KUBERNETES_');
  const services = env.filter(isService).sort();
  return env.map((entry) => (isService(entry) ? (services.shift() as string) : entry));
}

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID'],
  [/POD-UID/g, 'UUID'],
  [/\b[0-9a-f]{64}\b/g, 'HEX64'],
  [/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-XXXXX'],
  [/(\/containers\/[^/"]+\/)[0-9a-f]{8}\b/g, '$1XXXXXXXX'],
  [/\/proc\/\d+\/ns\//g, '/proc/N/ns/'],
  [/("hostID": )(?!0\b)\d+/g, '$1BASE'],
  [/(snapshots\/)\d+/g, '$1N'],
];

const maskOci = (text: string): string => MASKS.reduce((all, [pattern, by]) => all.replace(pattern, by), text);
