// Which images the recording node had before a case. One node served all cases of the files node-*.json, one after the other in the
// order of the README beside them (the times in the recordings say the same), so it follows from what earlier cases used.

import type { ScenarioInput } from '#session/index.ts';
import type { ClusterCase } from './clusterCase.ts';

/** The first file; the others follow by their letters. */
const FIRST = 'node-tut';

/**
 * The one thing that happened between cases: the node's images were removed, so that later cases pull what earlier ones had used.
 * The first case that recorded a pull of an image used before is this one.
 */
const EMPTIED_BEFORE = 'fail-probe';

export type NodeImages = Pick<ScenarioInput, 'images'> & { readonly disk: { present: readonly string[]; absent: readonly string[] } };

/** The images that a case's manifests and commands name, in their order. */
function namedIn(test: ClusterCase): readonly string[] {
  const setup = (test.setup ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.run));
  const text = [...Object.values(test.files ?? {}), ...setup, ...test.commands.map(({ run }) => run)].join('\n');
  return [...text.matchAll(/\b(?:image|reference)(?:: *|=)["']?([a-z][\w.-]*(?:[:/][\w.-]+)*)/g)].map(([, name]) => name as string);
}

/**
 * The node's images before each case, by file and case. The registry served one image as every version of busybox, and a status names
 * the tag that the node knew first.
 */
export function imagesBefore(files: ReadonlyMap<string, readonly ClusterCase[]>): ReadonlyMap<ClusterCase, NodeImages> {
  const before = new Map<ClusterCase, NodeImages>();
  const known = new Set<string>();
  let emptied = false;
  const groups = [...files]
    .filter(([group]) => group.startsWith('node-'))
    .sort(([a], [b]) => (a === FIRST ? -1 : b === FIRST ? 1 : a < b ? -1 : 1));
  for (const test of groups.flatMap(([, tests]) => tests)) {
    if (test.id === EMPTIED_BEFORE) {
      known.clear();
      emptied = true;
    }
    const present = [...known];
    const named = namedIn(test);
    for (const name of named) known.add(name);
    const [firstTag, ...tags] = [...known].filter((name) => /^busybox:\d/.test(name));
    before.set(test, {
      images: Object.fromEntries(firstTag === undefined ? [] : tags.map((name) => [name, { from: firstTag }])),
      disk: { present, absent: emptied ? named.filter((name) => !present.includes(name)) : [] },
    });
  }
  return before;
}
