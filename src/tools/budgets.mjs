// `npm run budgets`: measures the budgets of the design, §7, and prints each with its limit. Speeds are read, not asserted.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadHeadless } from './headless.mjs';
import { root } from './setup.mjs';

const rows = [];
const row = (what, measured, limit, unit) =>
  rows.push({ what, measured: `${measured} ${unit}`, limit: `${limit} ${unit}`, met: measured <= limit ? 'yes' : 'NO' });
const ms = (run) => {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
};
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const assets = join(root, 'dist', 'page', 'assets');
if (existsSync(assets)) {
  const first = readdirSync(assets).filter((name) => /^(index|worker)-.*\.js$/.test(name));
  const size = first.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
  row('first load JavaScript (gzip)', Math.round(size / 1000), 200, 'kB');
} else console.log('(no build: run "npm run build" first for the sizes)');

const { openPlayground, web, TUTORIAL_PODS } = await loadHeadless();
const manifest = TUTORIAL_PODS[0].yaml;
const name = TUTORIAL_PODS[0].pod;
row('open a playground', Math.round(median(Array.from({ length: 5 }, () => ms(() => openPlayground({ files: {} }, web))))), 400, 'ms');

const playground = openPlayground({ files: { 'pod.yaml': manifest } }, web);
const cycle = () => {
  playground.step('kubectl apply -f pod.yaml');
  playground.step(`kubectl exec ${name} -- id`);
};
const times = [];
for (let i = 0; i < 12; i++) {
  times.push(ms(cycle));
  playground.step(`kubectl delete pod ${name} --force --grace-period=0`);
}
row('apply + exec + id, warm', Number(median(times.slice(4)).toFixed(1)), 2, 'ms');
row(
  'diagnose a manifest',
  Number(median(Array.from({ length: 30 }, () => ms(() => playground.world.api.diagnose(manifest)))).toFixed(2)),
  16,
  'ms',
);

const { machine, workstation } = playground.world;
const perCall = (call, ...args) => {
  const count = 20_000;
  const took = ms(() => {
    for (let i = 0; i < count; i++) machine.call(workstation.id, call, ...args);
  });
  return Number(((took * 1000) / count).toFixed(2));
};
row('system call that reads (newfstatat)', perCall('newfstatat', -100, '/etc/passwd', 0), 1, 'µs');
row('system call that writes (fchmodat)', perCall('fchmodat', -100, '/tmp', 0o1777), 5, 'µs');

const loop = 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done';
playground.step('kubectl apply -f pod.yaml');
playground.step(`kubectl exec ${name} -- true`);
const ours = ms(() => playground.step(`kubectl exec ${name} -- sh -c '${loop}'`));
const real = spawnSync('busybox', ['ash', '-c', loop]);
if (real.error) console.log('(no busybox here to compare the loop with)');
else row('shell loop of 100,000 iterations', Math.round(ours), 3 * Math.round(ms(() => spawnSync('busybox', ['ash', '-c', loop]))), 'ms');

const tree = { files: [{ path: 'data', type: 'tree', count: 1_000_000 }] };
const claimPod = `apiVersion: v1
kind: Pod
metadata: { name: big }
spec:
  securityContext: { fsGroup: 2000 }
  containers: [{ name: c, image: 'busybox:1.36', command: [sleep, 1h], volumeMounts: [{ name: v, mountPath: /v }] }]
  volumes: [{ name: v, persistentVolumeClaim: { claimName: data } }]
`;
let big;
row(
  'make a million files',
  Math.round(ms(() => (big = openPlayground({ files: { 'big.yaml': claimPod }, claims: { data: tree } }, web)))),
  2000,
  'ms',
);
big.step('kubectl apply -f big.yaml');
row('fsGroup walk over a million files', Math.round(ms(() => big.pass(120_000_000_000n))), 1500, 'ms');
row('memory then', Math.round(process.memoryUsage().rss / 1e6), 600, 'MB');

console.table(rows);
