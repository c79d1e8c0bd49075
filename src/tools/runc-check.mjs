// `npm run conformance:runc [NAME…]`: feeds our own config.json of the pods in runcPods.mjs to the real runc (Linux, root, runc,
// busybox-static) and compares what a process sees there and here: ids, capabilities, no_new_privs, seccomp, mounts, hidden paths.

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadHeadless } from './headless.mjs';
import { PODS } from './runcPods.mjs';

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

const { openPlayground, web } = await loadHeadless();
const work = mkdtempSync(join(tmpdir(), 'scplay-runc-'));
// Root of a user namespace is nobody here and has to get through.
chmodSync(work, 0o755);
const APPLETS = ['sh', 'id', 'grep', 'sleep', 'node', 'cat', 'ls', 'touch', 'chmod', 'rm', 'pwd'];

/** Prints one fact a line, `what: value`; the paths are those the configuration hides or makes read-only. */
const probe = (paths) => `id
pwd
grep -E '^(Umask|Uid|Gid|Groups|Cap[A-Z][a-z]+|NoNewPrivs|Seccomp):' /proc/self/status
echo "root: $( (touch /probe && rm /probe) 2>&1 )"
echo "chmod: $(chmod 700 /dev/shm 2>&1)"
for p in ${paths.join(' ')}; do
  if [ -c $p ]; then echo "hidden $p: device"
  elif [ -d $p ]; then if [ -z "$(ls -A $p 2>/dev/null)" ]; then echo "hidden $p: empty"; else echo "hidden $p: full"; fi
  elif [ -e $p ]; then echo "hidden $p: file"
  fi
done
while read -r source place type options rest; do echo "mount $place: $type $options"; done < /proc/mounts`;

/** Capabilities this machine can give at all; a mask of ours is compared on these bits only. */
const bounding = BigInt(`0x${/CapBnd:\s*(\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]}`);
const has = (name, list) => list.includes(name);

/** What the two kernels show differently by nature, out of the way. */
function facts(text, binds) {
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) =>
      line
        // GNU id puts the primary group first, busybox prints the kernel's order.
        .replace(/groups=(.*)/, (_, list) => `groups=${list.split(',').sort().join(',')}`)
        .replace(/^(Cap\w+:\s*)([0-9a-f]{16})$/, (_, head, hex) => head + (BigInt(`0x${hex}`) & bounding).toString(16).padStart(16, '0'))
        .replace(/\s+$/, ''),
    );
  return lines.flatMap((line) => {
    const mount = /^mount (\S+): (\S+) (\S+)$/.exec(line);
    if (mount === null) return [line];
    const [, place, type, options] = mount;
    if (place === '/' || place.startsWith('/sys/fs/cgroup')) return [];
    // Of a bind mount only the access is ours; type and options are those of the disk below.
    if (has(place, binds)) return [`mount ${place}: ${options.split(',')[0]}`];
    // Devices of a user namespace and what hides files are binds of the node's own /dev.
    if (type === 'devtmpfs' || options === 'rw,relatime,mode=755') return [`mount ${place}: the node's /dev`];
    // Older versions of runc give the tmpfs of a masked directory no size.
    const own = options.split(',').filter((one) => !/^(inode64|uid=|gid=\d{6,}|nr_inodes=|size=4k|idmapped)/.test(one));
    return [`mount ${place}: ${type} ${own.join(',')}`];
  });
}

/** Which lines are on one side only. A path of /proc or /sys that the other kernel does not have is no difference. */
function compare(ours, theirs) {
  const subject = (line) => /^(?:hidden|mount) (\/(?:proc|sys)\/[^:]+):/.exec(line)?.[1];
  const known = (lines) => new Set(lines.map((line) => /^hidden ([^:]+):/.exec(line)?.[1]).filter(Boolean));
  const [here, there] = [known(ours), known(theirs)];
  const counts = (line, other) => subject(line) === undefined || other.has(subject(line));
  return {
    extra: ours.filter((line) => !theirs.includes(line) && counts(line, there)),
    lacking: theirs.filter((line) => !ours.includes(line) && counts(line, here)),
  };
}

/** A root file system like the simulated image's: busybox and the account files. */
function makeRoot(playground, base) {
  const rootfs = join(base, 'rootfs');
  const made = [rootfs, ...['bin', 'dev', 'etc', 'proc', 'sys', 'tmp', 'root', 'var', 'v'].map((folder) => join(rootfs, folder))];
  for (const folder of made) mkdirSync(folder, { recursive: true });
  chmodSync(join(rootfs, 'tmp'), 0o1777);
  copyFileSync(busybox, join(rootfs, 'bin/busybox'));
  chmodSync(join(rootfs, 'bin/busybox'), 0o755);
  for (const name of APPLETS) symlinkSync('busybox', join(rootfs, 'bin', name));
  for (const file of ['passwd', 'group']) {
    writeFileSync(join(rootfs, 'etc', file), playground.step(`kubectl exec x -- cat /etc/${file}`).stdout);
    made.push(join(rootfs, 'etc', file));
  }
  return { rootfs, made };
}

/** Our configuration with what belongs to our node replaced: paths of its disk, its namespaces, its cgroups, its devices. */
function adapt(config, playground, base, script) {
  const { rootfs, made } = makeRoot(playground, base);
  const shift = config.linux.uidMappings?.[0]?.hostID ?? 0;
  const sources = join(base, 'sources');
  mkdirSync(sources);
  const bind = (mount, at) => {
    const stat = playground.step(`kubectl exec x -- stat -c '%F|%u|%g|%a' ${mount.destination}`).stdout.trim().split('|');
    const [kind, uid, gid, mode] = stat.length === 4 ? stat : ['directory', '0', '0', '755'];
    const source = join(sources, String(at));
    if (kind === 'directory') mkdirSync(source);
    else writeFileSync(source, '');
    chmodSync(source, Number.parseInt(mode, 8));
    const mapped = (id) => (Number(id) === 65534 ? 0 : shift + Number(id));
    lchownSync(source, mapped(uid), mapped(gid));
    return { destination: mount.destination, type: 'bind', source, options: mount.options };
  };
  // runc does not shift the root itself: a snapshotter has given it to the namespace's root before.
  for (const path of made) lchownSync(path, shift, shift);
  chmodSync(base, 0o755);
  const known = (caps) => caps?.filter((name) => name !== 'CAP_SYS_RESOURCE' || (bounding >> 24n) & 1n);
  const sets = Object.fromEntries(Object.entries(config.process.capabilities ?? {}).map(([set, caps]) => [set, known(caps)]));
  return {
    ...config,
    root: { ...config.root, path: rootfs },
    process: { ...config.process, terminal: false, args: ['sh', '-c', script], capabilities: sets, oomScoreAdj: 1000 },
    mounts: config.mounts.filter((mount) => mount.type !== 'cgroup').map((mount, at) => (mount.type === 'bind' ? bind(mount, at) : mount)),
    linux: {
      ...config.linux,
      namespaces: config.linux.namespaces.filter(({ type }) => type !== 'cgroup').map(({ type }) => ({ type })),
      devices: config.linux.devices?.filter(({ path }) => existsSync(path)),
      resources: { devices: config.linux.resources.devices },
      cgroupsPath: undefined,
    },
  };
}

/** The differences of one pod, or why it could not be compared. */
function check({ name, yaml, node }) {
  const playground = openPlayground({ files: { 'pod.yaml': yaml }, ...(node && { node }) }, web);
  const applied = playground.step('kubectl apply -f pod.yaml');
  playground.step('sleep 3');
  const found = playground.ociConfigs().find(({ container }) => container === 'c');
  if (applied.exitCode !== 0 || found === undefined) return [`not started here: ${applied.stderr}`];
  const { config } = found;
  const script = probe([
    ...(config.linux.maskedPaths ?? ['/proc/keys', '/proc/timer_list', '/sys/firmware']),
    ...(config.linux.readonlyPaths ?? ['/proc/sys']),
  ]);
  const ours = playground.step(`kubectl exec x -- sh -c '${script.replaceAll("'", `'\\''`)}'`);
  const base = join(work, name);
  mkdirSync(base);
  writeFileSync(join(base, 'config.json'), JSON.stringify(adapt(config, playground, base, script), null, 1));
  const ran = spawnSync('runc', ['run', '--bundle', base, `scplay-${process.pid}-${name}`], { encoding: 'utf8' });
  if (!ran.stdout.includes('CapEff')) return [`runc: ${ran.stderr.trim()}`];
  const binds = config.mounts.filter(({ type }) => type === 'bind').map(({ destination }) => destination);
  const { extra, lacking } = compare(facts(ours.stdout, binds), facts(ran.stdout, binds));
  return [...lacking.map((line) => `- ${line}`), ...extra.map((line) => `+ ${line}`)];
}

const wanted = process.argv.slice(2);
let passed = 0;
const pods = PODS.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
for (const one of pods) {
  const differences = check(one);
  if (differences.length === 0) passed++;
  console.log(`${differences.length === 0 ? '✓' : '✗'} ${one.name}${differences.map((line) => `\n    ${line}`).join('')}`);
}
rmSync(work, { recursive: true, force: true });
console.log(`${passed} passed, ${pods.length - passed} failed (- runc, + here)`);
process.exitCode = passed === pods.length ? 0 : 1;
