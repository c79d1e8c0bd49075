// `npm test`: installs what is missing and runs everything. The last line is `N passed, N failed`.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache, ensureBrowser, ensureInstalled, readJson, root, run } from './setup.mjs';

ensureInstalled();
const bin = (name) => join(root, 'node_modules', '.bin', name);
const total = { passed: 0, failed: 0 };

function heading(text) {
  console.log(`\n── ${text} ${'─'.repeat(Math.max(0, 90 - text.length))}`);
}

function count(passed, failed) {
  total.passed += passed;
  total.failed += failed;
}

/** A step that is one check: it passes or fails as a whole. */
function step(name, command, args) {
  heading(name);
  const ok = run(command, args) === 0;
  count(ok ? 1 : 0, ok ? 0 : 1);
  return ok;
}

/** A step whose runner writes a JSON file; `read` gives [passed, failed] of it. A run without the file is one failure. */
function suite(name, command, args, file, read, env = {}) {
  heading(name);
  rmSync(file, { force: true });
  const status = run(command, args, { env: { ...process.env, ...env } });
  const json = readJson(file);
  const [passed, failed] = json ? read(json) : [0, 1];
  count(passed, failed === 0 && status !== 0 ? 1 : failed);
}

const node = process.execPath;
const tool = (name) => join(root, 'src', 'tools', name);

step('lint', bin('biome'), ['check', '.']);
step('types', bin('tsc'), ['-b']);
step('types of the tests', bin('tsc'), ['-p', 'tsconfig.tests.json']);
const unit = join(cache, 'unit.json');
suite(
  'architecture, unit and property tests',
  bin('vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unit}`],
  unit,
  (json) => [
    json.numPassedTests,
    json.numFailedTests + json.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length,
  ],
);
const sessions = join(cache, 'sessions.json');
suite('session files', node, [tool('scplay.mjs'), 'test', 'e2e/sessions', '--summary', sessions], sessions, (json) => [
  json.passed,
  json.failed,
]);
const conformance = join(cache, 'conformance.json');
suite('conformance replay', node, [tool('conformance.mjs'), '--summary', conformance], conformance, (json) => [json.passed, json.failed]);
if (step('build', bin('vite'), ['build', '--logLevel', 'warn'])) {
  step('size budgets', bin('size-limit'), []);
  const browser = ensureBrowser();
  const e2e = join(cache, 'e2e.json');
  suite(
    'browser tests',
    bin('playwright'),
    ['test', '-c', 'e2e/playwright.config.ts', '--reporter=line,json'],
    e2e,
    (json) => [json.stats.expected + json.stats.flaky, json.stats.unexpected],
    {
      PLAYWRIGHT_JSON_OUTPUT_NAME: e2e,
      ...(browser ? { PLAYWRIGHT_CHROMIUM: browser } : {}),
    },
  );
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
