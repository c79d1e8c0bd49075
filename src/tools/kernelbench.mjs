// `npm run bench:kernel`: how long the kernel's calls take here, next to the real kernel doing the same on a tmpfs in the same
// run (with gcc, as root or not). Prints ratios; asserts nothing. MILLION=100000 makes the volume smaller.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadHeadless } from './headless.mjs';

const FILES = Number(process.env.MILLION ?? 1_000_000);
const PER_DIR = 1000;
const CALLS = 50_000;
const FORKS = 500;
const AT_FDCWD = -100;
const DEEP = `/${Array.from({ length: 16 }, (_, depth) => `d${depth}`).join('/')}`;

/** The same work in C; prints one "name seconds" a line. */
const REAL = `
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static double start;
static void begin(void) { start = now(); }
static void end(const char *name) { printf("%s %.6f\\n", name, now() - start); }
int main(int argc, char **argv) {
  long files = atol(argv[1]), calls = atol(argv[2]); struct stat st; char p[300], deep[300] = ""; int i; long n;
  if (chdir(argv[3])) return 1;
  for (i = 0; i < 16; i++) { sprintf(deep + strlen(deep), i ? "/d%d" : "d%d", i); mkdir(deep, 0755); }
  close(open("f", O_CREAT | O_WRONLY, 0644));
  begin(); for (n = 0; n < calls; n++) stat("f", &st); end("newfstatat");
  begin(); for (n = 0; n < calls; n++) chmod("f", n & 1 ? 0644 : 0600); end("fchmodat");
  begin(); for (n = 0; n < calls; n++) stat(deep, &st); end("walk");
  begin(); for (n = 0; n < calls; n++) close(open("f", O_RDONLY)); end("open+close");
  begin(); for (n = 0; n < ${FORKS}; n++) { pid_t pid = fork(); if (!pid) { execl("/bin/true", "true", (char *)0); _exit(127); } waitpid(pid, 0, 0); } end("fork+exec");
  begin(); for (n = 0; n < files; n++) { if (n % 1000 == 0) { sprintf(p, "v%ld", n / 1000); mkdir(p, 0755); } sprintf(p, "v%ld/f%ld", n / 1000, n); mknod(p, S_IFREG | 0644, 0); } end("create");
  int pass; const char *names[] = {"walk+stat", "chown"};
  for (pass = 0; pass < 2; pass++) { begin(); for (n = 0; n < files / 1000; n++) { sprintf(p, "v%ld", n); DIR *d = opendir(p); struct dirent *e; while ((e = readdir(d))) { if (e->d_name[0] == '.') continue; if (pass) fchownat(dirfd(d), e->d_name, -1, getgid(), AT_SYMLINK_NOFOLLOW); else fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW); } closedir(d); } end(names[pass]); }
  return 0;
}`;

function real() {
  const top = mkdtempSync('/dev/shm/kernelbench-');
  try {
    writeFileSync(join(top, 'real.c'), REAL);
    if (spawnSync('gcc', ['-O2', '-o', join(top, 'real'), join(top, 'real.c')]).status !== 0) return {};
    const out = spawnSync(join(top, 'real'), [String(FILES), String(CALLS), top], { encoding: 'utf8' }).stdout;
    return Object.fromEntries(
      out
        .trim()
        .split('\n')
        .map((line) => [line.split(' ')[0], Number(line.split(' ')[1])]),
    );
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
}

const { openPlayground, web } = await loadHeadless();
const { machine, workstation } = openPlayground({ files: {} }, web).world;
const ROOT = 1; // the node's init
const call = (...args) => {
  const outcome = machine.call(ROOT, ...args);
  if (outcome.ok !== true) throw new Error(`${args.join(' ')}: ${outcome.errno}`);
  return outcome.value;
};
const took = {};
const time = (name, run) => {
  const start = process.hrtime.bigint();
  run();
  took[name] = Number(process.hrtime.bigint() - start) / 1e9;
};
const repeat = (count, run) => () => {
  for (let n = 0; n < count; n++) run(n);
};

call('mkdirat', AT_FDCWD, '/bench', 0o755);
call('mount', 'none', '/bench', 'tmpfs', 0, '');
call('chdir', '/bench');
for (let at = DEEP.indexOf('/', 1); at > 0; at = DEEP.indexOf('/', at + 1)) call('mkdirat', AT_FDCWD, `.${DEEP.slice(0, at)}`, 0o755);
call('mkdirat', AT_FDCWD, `.${DEEP}`, 0o755);
call('mknodat', AT_FDCWD, 'f', 0o100644, 0);
const calls = {
  newfstatat: () => call('newfstatat', AT_FDCWD, 'f', 0),
  fchmodat: (n) => call('fchmodat', AT_FDCWD, 'f', n & 1 ? 0o644 : 0o600),
  walk: () => call('newfstatat', AT_FDCWD, DEEP.slice(1), 0),
  'open+close': () => call('close', call('openat', AT_FDCWD, 'f', 0)),
};
for (const [name, run] of Object.entries(calls)) {
  repeat(CALLS, run)();
  time(name, repeat(CALLS, run));
}

/** A process that starts another program and waits for it, as often as its counterpart in C does. */
function* forking() {
  for (let n = 0; n < FORKS; n++) {
    const child = yield { call: 'clone', args: [{ flags: 0, main: executing }] };
    const ended = yield { call: 'wait4', args: [child.value, 0] };
    if (ended.value?.status.code !== 0) return 1;
  }
  return 0;
}
function* executing() {
  yield { call: 'execve', args: ['/bin/true', ['true'], []] };
  return 127;
}
const top = machine.state.mountNs.get(workstation.mountNs).root;
const root = { mount: top, ino: machine.state.mounts.get(top).root };
for (const name of ['fork+exec (first)', 'fork+exec'])
  time(name, () => {
    const task = machine.spawn({ main: forking, comm: 'bench', root, cwd: root, namespaces: { mountNs: workstation.mountNs } });
    while (machine.exitStatus(task) === undefined) machine.run(100_000);
    if (machine.exitStatus(task).code !== 0) throw new Error('/bin/true cannot be started');
  });

const before = process.memoryUsage().rss;
time(
  'create',
  repeat(FILES, (n) => {
    const dir = `v${Math.floor(n / PER_DIR)}`;
    if (n % PER_DIR === 0) call('mkdirat', AT_FDCWD, dir, 0o755);
    call('mknodat', AT_FDCWD, `${dir}/f${n}`, 0o100644, 0);
  }),
);
/** Visits every file as a program does: by the names getdents64 gives. */
function visit(each) {
  for (let n = 0; n < FILES / PER_DIR; n++) {
    const dir = call('openat', AT_FDCWD, `v${n}`, 0o200000);
    for (let batch = call('getdents64', dir); batch.length > 0; batch = call('getdents64', dir))
      for (const { name } of batch) if (!name.startsWith('.')) each(dir, name);
    call('close', dir);
  }
}
time('walk+stat', () => visit((dir, name) => call('newfstatat', dir, name, 0x100)));
time('chown', () => visit((dir, name) => call('fchownat', dir, name, -1, 2000, 0x100)));
const memory = Math.round((process.memoryUsage().rss - before) / 1e6);

const theirs = real();
const counts = { 'fork+exec (first)': FORKS, 'fork+exec': FORKS, create: FILES, 'walk+stat': FILES, chown: FILES };
console.table(
  Object.entries(took).map(([what, seconds]) => ({
    what,
    'µs each': Number(((seconds * 1e6) / (counts[what] ?? CALLS)).toFixed(2)),
    seconds: Number(seconds.toFixed(2)),
    'real seconds': theirs[what] ?? '-',
    ratio: theirs[what] ? Number((seconds / theirs[what]).toFixed(1)) : '-',
  })),
);
console.log(`${FILES} inodes take ${memory} MB (budget 600); chown of all: ${took.chown.toFixed(2)} s (budget 1.5)`);
