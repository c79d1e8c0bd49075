// `npm run budgets`: measures the budgets of the design, §7, and prints each with its limit. Speeds are read, not asserted.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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

// Scripts next to the real busybox ash (BUSYBOX names it) doing the same in the same run, by turns: the best of five, and their ratio.
const busybox = process.env.BUSYBOX ?? 'busybox';
const real = (script) => spawnSync(busybox, ['ash', '-c', script], { stdio: 'ignore' });
const BIG = '/tmp/scplay-budgets.txt';
const LINE = 'of a text that is a good deal longer than its number, 0123456789 abcdefghijklmnopqrstuvwxyz';
const scripts = [
  ['shell loop of 100,000 iterations', 3, 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done'],
  ['1,000 × $(echo x)', 1, 'i=0; while [ $i -lt 1000 ]; do x=$(echo x); i=$((i+1)); done'],
  ['grep of 10 MB, every line printed', 10, `grep "4.*5" ${BIG} | wc -l`],
  ['grep -c of 10 MB', 10, `grep -c "99 of" ${BIG}`],
  ['sort of 10 MB', 10, `sort ${BIG} | tail -1`],
  ['sort -k 2n of 10 MB', 10, `sort -k 2n ${BIG} | tail -1`],
  ['wc of 10 MB', 10, `wc ${BIG}`],
];
const big10 = `i=0; while [ $i -lt 10000 ]; do echo "line $(( (i*7919) % 10000 )) ${LINE}"; i=$((i+1)); done > ${BIG}.1;
for n in 1 2 3 4 5 6 7 8 9 10; do cat ${BIG}.1; done > ${BIG}; rm ${BIG}.1`;
playground.step('kubectl apply -f pod.yaml');
const ours = (script) => playground.step(`kubectl exec ${name} -- sh -c '${script}'`);
ours(big10);
if (real(big10).error) console.log('(no busybox here to compare the shell with; BUSYBOX=PATH names one)');
else {
  for (const [what, limit, script] of scripts) {
    const took = Array.from({ length: 5 }, () => [ms(() => ours(script)), ms(() => real(script))]);
    const [mine, theirs] = [0, 1].map((side) => Math.min(...took.map((pair) => pair[side])));
    row(`${what} (${Math.round(mine)} ms)`, Number((mine / theirs).toFixed(1)), limit, '× busybox');
  }
  rmSync(BIG, { force: true });
}

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
