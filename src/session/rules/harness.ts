// For the tables of what node and runtime do with a pod where no recording covers it: a pod is applied, and asked what became of it.

import { expect, it } from 'vitest';
import { openPlayground } from '../open.ts';
import type { ScenarioInput } from '../protocol.ts';

// biome-ignore lint/suspicious/noExplicitAny: manifests are open JSON
export type Json = any;

export interface PodRule {
  readonly rule: string;
  /** File and function of Kubernetes, containerd or runc, or section of a reference. */
  readonly source: string;
  /** Fields of the spec; `container`: those of its one container, `meta`: those of the metadata, `containers`: instead of the one. */
  readonly pod?: Json;
  /** Objects that are there before. */
  readonly objects?: readonly Json[];
  readonly node?: ScenarioInput['node'];
  /** Commands on the node before, as root. */
  readonly onNode?: readonly string[];
  /** Seconds until it is asked. Default: 5. */
  readonly after?: number;
  /**
   * What is asked, and the answer: `phase`; `state`: "waiting|running|terminated|last REASON CODE: MESSAGE" of the first container;
   * `events`: the warnings, "REASON MESSAGE"; `$ SCRIPT`: what the script prints in the container; anything else: what that prints at the workstation.
   */
  readonly shows: Readonly<Record<string, string | readonly string[]>>;
}

export const podOf = ({ container, meta, ...spec }: Json): Json => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'x', ...meta },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'c', image: 'busybox:1.36', command: ['sleep', '1h'], ...container }],
    ...spec,
  },
});

/** Ids that differ from run to run, and how often an event was seen, are no part of an answer. */
const masked = (text: string): string =>
  text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UID').replace(/[0-9a-f]{64}/g, 'ID');

/** Every row as a test. */
export function podRules(rows: readonly PodRule[]): void {
  it.each(rows.map((row) => [row.rule, row] as const))('%s', (_, row) => {
    expect(row.source).toMatch(/\S+ \S+|§/);
    const list = { apiVersion: 'v1', kind: 'List', items: [...(row.objects ?? []), ...(row.pod === undefined ? [] : [podOf(row.pod)])] };
    const playground = openPlayground({
      files: { 'all.json': JSON.stringify(list) },
      ...(row.node === undefined ? {} : { node: row.node }),
    });
    for (const line of row.onNode ?? []) expect(playground.step(`ssh node -- '${line}'`)).toMatchObject({ exitCode: 0 });
    const applied = playground.step('kubectl apply -f all.json');
    expect(applied.stderr.replace(/Warning: .*\n/g, '')).toBe('');
    playground.pass(BigInt(row.after ?? 5) * 1_000_000_000n);
    const said = (line: string): string => {
      const { stdout, stderr } = playground.step(line);
      return stdout + stderr;
    };
    const ask = (what: string): string | readonly string[] => {
      if (what === 'phase') return said("kubectl get pod x -o jsonpath='{.status.phase}'");
      if (what === 'state') {
        const status = JSON.parse(said('kubectl get pod x -o json')).status.containerStatuses?.[0] ?? {};
        const shown = (word: string, states: Json): string[] =>
          Object.entries<Json>(states ?? {}).map(([name, one]) =>
            [word || name, one.reason, one.exitCode === undefined ? undefined : `${one.exitCode}:`, one.message]
              .filter((part) => part !== undefined)
              .join(' '),
          );
        return [...shown('', status.state), ...shown('last', status.lastState)].map(masked);
      }
      if (what === 'events')
        return [
          ...new Set(
            said('kubectl get events --field-selector type=Warning -o jsonpath=\'{range .items[*]}{.reason} {.message}{"\\u0000"}{end}\'')
              .split('\0')
              .filter((line) => line !== '')
              .map(masked),
          ),
        ];
      if (what.startsWith('$ ')) return said(`kubectl exec x -- sh -c '${what.slice(2)}'`);
      return masked(said(what));
    };
    expect(Object.fromEntries(Object.keys(row.shows).map((what) => [what, ask(what)]))).toEqual(row.shows);
    expect(playground.world.bugs).toEqual([]);
  });
}
