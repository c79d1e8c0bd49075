// `npm run conformance [-- DIR…] [--only REGEX] [--diff] [--all] [--prune] [--summary FILE]`: replays recordings in both formats of
// e2e/README.md and prints a table per group. Without DIR: e2e/real and the snippets of e2e/shell. `--prune` takes listed differences
// that are gone out of the list; `--record-shell` is described in ../shelltest/record.ts.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { web } from '#content/web.ts';
import { openPlayground, type Playground, type ScenarioInput } from '#session/index.ts';
import { lineDiff } from '../diff.ts';
import { record } from '../shelltest/record.ts';
import { shellJobs } from '../shelltest/replay.ts';
import { type ClusterCase, clusterScenario, replayClusterCase } from './clusterCase.ts';
import { Divergences } from './divergences.ts';
import { type Compared, type KernelCase, replayKernelCase, scenarioOf, type Transcript } from './kernelCase.ts';
import { type KeyCase, keyScenario, replayKeyCase } from './keyCase.ts';
import { imagesBefore } from './nodeImages.ts';
import { type OciRecording, replayOciCase } from './ociCase.ts';

interface Job {
  readonly group: string;
  readonly name: string;
  run(): readonly Compared[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const open = (scenario: ScenarioInput): Playground => openPlayground(scenario, web);

function jobsIn(folder: string): Job[] {
  const cases = join(folder, 'cases');
  const kernel = !existsSync(cases)
    ? []
    : readdirSync(cases)
        .sort()
        .map((file): Job => {
          const test = read(join(cases, file)) as KernelCase;
          return {
            group: test.name.replace(/-.*/, ''),
            name: test.name,
            run: () => {
              const { scenario, pod } = scenarioOf(test);
              return replayKernelCase(test, read(join(folder, 'transcripts', file)) as Transcript, pod, open(scenario));
            },
          };
        });
  const cluster = existsSync(join(folder, 'cluster')) ? join(folder, 'cluster') : folder;
  const files = new Map(
    readdirSync(cluster)
      .filter((file) => file.endsWith('.json') && statSync(join(cluster, file)).isFile())
      .sort()
      .map((file): [string, unknown] => [basename(file, '.json'), read(join(cluster, file))])
      .filter((entry): entry is [string, ClusterCase[]] => Array.isArray(entry[1])),
  );
  const images = imagesBefore(files);
  const recorded = [...files].flatMap(([group, tests]) =>
    tests.map((test): Recorded => ({ group, test, fresh: () => open(clusterScenario(group, test, images.get(test))) })),
  );
  return [
    ...kernel,
    ...recorded.map(({ group, test, fresh }): Job => ({ group, name: `${group}/${test.id}`, run: () => replayClusterCase(test, fresh()) })),
    ...ociJobs(folder, recorded),
    ...keyJobs(folder),
  ];
}

/** A case of a cluster recording and a playground as the node was before it. */
interface Recorded {
  readonly group: string;
  readonly test: ClusterCase;
  readonly fresh: () => Playground;
}

/** A job for each recorded OCI configuration; its commands are those of the cluster case with the same name. */
function ociJobs(folder: string, cases: readonly Recorded[]): Job[] {
  const configs = join(folder, 'oci');
  if (!existsSync(configs)) return [];
  const tests = new Map(cases.filter(({ group }) => group.startsWith('node-')).map((one) => [one.test.id, one]));
  return readdirSync(configs)
    .sort()
    .flatMap((file): Job[] => {
      const recorded = read(join(configs, file)) as OciRecording;
      const found = tests.get(recorded.id);
      if (found === undefined) return [];
      return [{ group: 'oci', name: `oci/${recorded.id}`, run: () => replayOciCase(recorded, found.test, found.fresh()) }];
    });
}

/** A job for each recording of keys typed at a shell. */
function keyJobs(folder: string): Job[] {
  const file = join(folder, 'tty', 'keys.json');
  if (!existsSync(file)) return [];
  return (read(file) as KeyCase[]).map((test) => ({
    group: 'tty',
    name: `tty/${test.name}`,
    run: () => replayKeyCase(test, open(keyScenario(test))),
  }));
}

interface Row {
  cases: number;
  exact: number;
  commands: number;
  same: number;
  listed: number;
  wrong: number;
}

const EMPTY: Row = { cases: 0, exact: 0, commands: 0, same: 0, listed: 0, wrong: 0 };

/** Runs the driver; 0 when every difference is listed and every listed one is there. */
export function conformance(args: readonly string[]): number {
  const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const only = option('--only');
  const summary = option('--summary');
  const roots = option('--record-shell');
  if (roots !== undefined) record(roots, args.includes('--again'));
  const folders = args.filter(
    (arg, at) => !arg.startsWith('--') && !['--only', '--summary', '--record-shell'].includes(args[at - 1] ?? ''),
  );
  const list = new Divergences('e2e/divergences');
  const recordings = (folders.length > 0 ? folders : ['e2e/real']).flatMap(jobsIn);
  const jobs = [...recordings, ...(folders.length > 0 ? [] : shellJobs(web))].filter(
    (job) => only === undefined || new RegExp(only).test(job.name),
  );
  const rows = new Map<string, Row>();
  const problems: string[] = [];
  const unlisted: { case: string; command: string }[] = [];
  for (const job of jobs) {
    const row = rows.get(job.group) ?? { ...EMPTY };
    rows.set(job.group, row);
    row.cases++;
    let compared: readonly Compared[];
    try {
      compared = job.run();
    } catch (error) {
      compared = [
        { what: '(the engine failed)', expected: '', actual: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      ];
    }
    let exact = true;
    for (const one of compared) {
      row.commands++;
      if (one.expected === one.actual) {
        row.same++;
        continue;
      }
      exact = false;
      const line = list.find(job.name, one.what);
      if (line) {
        row.listed++;
        list.use(line);
        if (!args.includes('--all')) continue;
      } else {
        row.wrong++;
        unlisted.push({ case: job.name, command: one.what });
      }
      problems.push(`✗ ${job.name}: ${one.what}${args.includes('--diff') ? `\n${lineDiff(one.expected, one.actual)}` : ''}`);
    }
    if (exact) row.exact++;
  }
  for (const line of problems) console.log(line);
  const gone = list.stale(new Set(jobs.map((job) => job.name)));
  if (args.includes('--prune')) list.remove(gone);
  const stale = args.includes('--prune') ? [] : gone;
  for (const line of stale) console.log(`✗ listed difference is gone: ${line.case} ${line.command ?? ''}`);
  const all = printTable(rows);
  if (summary)
    writeFileSync(summary, JSON.stringify({ passed: all.commands - all.wrong, failed: all.wrong + stale.length, ...all, unlisted }));
  return all.wrong + stale.length === 0 ? 0 : 1;
}

function printTable(rows: ReadonlyMap<string, Row>): Row {
  const all = { ...EMPTY };
  const line = (name: string, row: Row): void => {
    const cells = [`${row.exact}/${row.cases}`, `${row.same}/${row.commands}`, row.listed, row.wrong].map((cell) =>
      String(cell).padStart(10),
    );
    console.log(name.padEnd(24) + cells.join(''));
  };
  console.log(`${'group'.padEnd(24)}${['cases', 'commands', 'listed', 'wrong'].map((head) => head.padStart(10)).join('')}`);
  for (const [group, row] of rows) {
    line(group, row);
    for (const key of Object.keys(all) as (keyof Row)[]) all[key] += row[key];
  }
  line('total', all);
  return all;
}
