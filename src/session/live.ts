// Live mode: a manifest becomes a running pod again at every edit, and the watched commands are run in it.

import type { Playground } from './playground.ts';
import type { Diagnostic, LiveReply, WatchResult } from './protocol.ts';
import { clusterView } from './views.ts';

const FILE = '.live.yaml';
const SETTLE = 2_500_000_000n;
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** Applies a manifest, replacing pods of the same name, lets it settle and runs the watched commands in the first container. */
export function runLive(playground: Playground, text: string, watch: readonly string[]): LiveReply {
  const { world } = playground;
  const diagnostics = world.api.diagnose(text) as readonly Diagnostic[];
  const stop = (): LiveReply => ({ diagnostics, applied: false, watch: [], view: clusterView(world, world.language) });
  if (diagnostics.some((one) => one.severity === 'error')) return stop();
  const names = [...text.matchAll(/^metadata:\s*\n(?:[ \t]+.*\n)*?[ \t]+name:[ \t]*["']?([\w.-]+)/gm)].map((match) => match[1] as string);
  for (const name of names) {
    if (world.api.get('Pod', 'default', name) !== undefined) playground.step(`kubectl delete pod ${name} --force --grace-period=0`);
  }
  const applied = playground.step(`cat > ${FILE} && kubectl apply -f ${FILE}`, text);
  if (applied.exitCode !== 0) return stop();
  playground.pass(SETTLE);
  const pod = names[0] ?? '';
  const results = watch.map((command): WatchResult => {
    const got = playground.step(`kubectl exec ${pod} -- sh -c ${quote(command)}`);
    return { command, stdout: got.stdout, stderr: got.stderr, exitCode: got.exitCode };
  });
  return { diagnostics, applied: true, watch: results, view: clusterView(world, world.language) };
}
