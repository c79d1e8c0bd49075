// `npm run fuzz -- [--seed N] [--count M] [--oracle FILE] [--cache DIR] [--keep DIR] [conformance options]`: pods and scripts by chance, run for real
// with runc by the oracle and here, compared as recordings are. Needs root, Linux, runc and the oracle's program (`--oracle` or $ORACLE).

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadHeadless } from './headless.mjs';

const args = process.argv.slice(2);
const take = (name, otherwise) => {
  const at = args.indexOf(name);
  return at < 0 ? otherwise : args.splice(at, 2)[1];
};
const seed = Number(take('--seed', '1'));
const count = Number(take('--count', '20'));
const oracle = take('--oracle', process.env.ORACLE);
const cache = take('--cache', undefined);
const keep = take('--keep', undefined);

function refuse(reason) {
  console.error(`fuzz: cannot run: ${reason}`);
  process.exit(2);
}

if (process.getuid?.() !== 0) refuse('containers need root');
if (spawnSync('runc', ['--version']).status !== 0) refuse('runc is not installed');
if (!oracle || !existsSync(oracle)) refuse('the program that runs pods for real is not there (--oracle FILE or $ORACLE)');

const { conformance, fuzzCase } = await loadHeadless();
const folder = keep ?? mkdtempSync(join(tmpdir(), 'fuzz-'));
mkdirSync(join(folder, 'cases'), { recursive: true });
mkdirSync(join(folder, 'transcripts'), { recursive: true });
for (let at = seed; at < seed + count; at++) {
  const test = fuzzCase(at);
  writeFileSync(join(folder, 'cases', `${test.name}.json`), `${JSON.stringify(test, null, 1)}\n`);
}
const ran = spawnSync(
  'python3',
  [oracle, ...(cache ? ['--cache', cache] : []), '-o', join(folder, 'transcripts'), '-j', '2', join(folder, 'cases')],
  {
    stdio: ['ignore', 'ignore', 'inherit'],
  },
);
const lost = readdirSync(join(folder, 'cases')).filter((file) => !existsSync(join(folder, 'transcripts', file)));
if (ran.error || lost.length > 0) console.error(`fuzz: not run for real, left out: ${ran.error?.message ?? ''} ${lost.join(' ')}`);
for (const file of lost) rmSync(join(folder, 'cases', file));
process.exitCode = await conformance([folder, ...args]);
if (keep === undefined) rmSync(folder, { recursive: true });
