// `npm run conformance:runc`: feeds our own config.json to the real runc (Linux, root, runc, busybox-static) and compares
// what a process sees of its credentials there and here. Prints what it cannot run, and why.

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadHeadless } from './headless.mjs';

const LINES = "id; grep -E '^(Umask|Uid|Gid|Groups|Cap[A-Z]|NoNewPrivs|Seccomp)' /proc/1/status";
const busybox = ['/bin/busybox', '/usr/bin/busybox'].find(existsSync);
const missing = [
  process.getuid?.() === 0 ? null : 'root',
  existsSync('/usr/sbin/runc') || existsSync('/usr/bin/runc') ? null : 'runc',
  busybox ? null : 'busybox-static',
].filter(Boolean);
if (missing.length > 0) {
  console.error(`conformance:runc needs ${missing.join(', ')} (Debian: apt-get install runc busybox-static)`);
  process.exit(2);
}

const { openPlayground, web, TUTORIAL_PODS } = await loadHeadless();
const work = mkdtempSync(join(tmpdir(), 'scplay-runc-'));

/** A root file system like the busybox image's, with the accounts the simulated image has. */
function makeRoot(playground, pod) {
  const rootfs = join(work, 'rootfs');
  rmSync(rootfs, { recursive: true, force: true });
  for (const folder of ['bin', 'dev', 'etc', 'proc', 'sys', 'tmp', 'data/demo', 'root'])
    mkdirSync(join(rootfs, folder), { recursive: true });
  copyFileSync(busybox, join(rootfs, 'bin/busybox'));
  chmodSync(join(rootfs, 'bin/busybox'), 0o755);
  for (const name of ['sh', 'id', 'grep', 'sleep', 'node']) symlinkSync('busybox', join(rootfs, 'bin', name));
  for (const file of ['passwd', 'group']) {
    writeFileSync(join(rootfs, 'etc', file), playground.step(`kubectl exec ${pod} -- cat /etc/${file}`).stdout);
  }
  return rootfs;
}

/** Our configuration with what belongs to our node taken out: paths of its disk, its namespaces and its cgroups. */
function adapt(config, rootfs) {
  const volume = join(work, 'volume');
  mkdirSync(volume, { recursive: true });
  const group = config.process.user.additionalGids?.includes(2000) ? 2000 : 0;
  chownSync(volume, 0, group);
  chmodSync(volume, group ? 0o2777 : 0o777);
  return {
    ...config,
    root: { ...config.root, path: rootfs },
    process: { ...config.process, args: ['sh', '-c', LINES], oomScoreAdj: 1000 },
    mounts: config.mounts
      .filter((mount) => mount.type !== 'cgroup' && (mount.type !== 'bind' || mount.destination === '/data/demo'))
      .map((mount) => (mount.destination === '/data/demo' ? { ...mount, source: volume } : mount)),
    linux: {
      ...config.linux,
      namespaces: config.linux.namespaces.map(({ type }) => ({ type })),
      resources: undefined,
      cgroupsPath: undefined,
    },
  };
}

let passed = 0;
let failed = 0;
for (const { id, pod, yaml } of TUTORIAL_PODS) {
  const playground = openPlayground({ files: { 'pod.yaml': yaml } }, web);
  playground.step('kubectl apply -f pod.yaml');
  const here = playground.step(`kubectl exec ${pod} -- sh -c ${JSON.stringify(LINES).replaceAll('$', '\\$')}`).stdout;
  const bundle = join(work, `pod-${id}`);
  mkdirSync(bundle);
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(adapt(playground.ociConfigs()[0].config, makeRoot(playground, pod)), null, 1));
  const ran = spawnSync('runc', ['run', '--bundle', bundle, `scplay-${process.pid}-${id}`], { encoding: 'utf8' });
  // GNU id lists the primary group first; the root here is busybox, which prints the kernel's order.
  const order = (text) => text.replace(/groups=(.*)/, (_, list) => `groups=${list.split(',').sort().join(',')}`);
  const same = order(ran.stdout) === order(here);
  if (same) passed++;
  else failed++;
  console.log(`${same ? '✓' : '✗'} pod ${id}${same ? '' : `\n--- runc\n${ran.stdout}${ran.stderr}--- here\n${here}`}`);
}
execFileSync('rm', ['-rf', work]);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
