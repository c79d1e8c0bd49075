// strace over the simulated kernel. Expected lines are those of strace 6.1 on Linux 6.18, but for the calls of the loader and of libc.

import { expect, test } from 'vitest';
import { ALL } from './open.ts';
import { Playground } from './playground.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers:
  - {name: root, image: "gcr.io/google-samples/node-hello:1.0", command: [sleep, 1h]}
  - {name: user, image: "gcr.io/google-samples/node-hello:1.0", command: [sleep, 1h], securityContext: {runAsUser: 1000}}
`;

const playground = new Playground({ files: { 'p.yaml': POD } }, () => undefined, ALL);
playground.step('kubectl apply -f p.yaml');

/** Both streams of a script in a container, process ids as N. */
const traced = (container: string, script: string): string => {
  const { stdout, stderr } = playground.step(`kubectl exec p -c ${container} -- sh -c ${JSON.stringify(script).replaceAll('$', '\\$')}`);
  return (stdout + stderr).replace(/0x[0-9a-f]{12}/g, 'ADDR').replace(/(Process |\[pid |si_pid=) *\d+/g, '$1N');
};

test('calls, results and the end of a command', () => {
  expect(traced('user', 'strace -e trace=execve,openat cat /etc/shadow')).toBe(
    'execve("/usr/bin/cat", ["cat", "/etc/shadow"], ADDR /* 12 vars */) = 0\n' +
      'openat(AT_FDCWD, "/etc/shadow", O_RDONLY) = -1 EACCES (Permission denied)\n' +
      'cat: /etc/shadow: Permission denied\n+++ exited with 1 +++\ncommand terminated with exit code 1\n',
  );
});

test('children are followed with -f', () => {
  expect(traced('user', "strace -f -e trace=execve sh -c '/bin/true; ls /nope'; echo $?")).toBe(
    '2\nexecve("/usr/bin/sh", ["sh", "-c", "/bin/true; ls /nope"], ADDR /* 12 vars */) = 0\n' +
      'strace: Process N attached\n[pid N] execve("/bin/true", ["/bin/true"], ADDR /* 12 vars */) = 0\n[pid N] +++ exited with 0 +++\n' +
      '--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=N, si_uid=1000, si_status=0, si_utime=0, si_stime=0} ---\n' +
      'strace: Process N attached\n[pid N] execve("/usr/bin/ls", ["ls", "/nope"], ADDR /* 12 vars */) = 0\n' +
      "ls: cannot access '/nope': No such file or directory\n[pid N] +++ exited with 2 +++\n" +
      '--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=N, si_uid=1000, si_status=2, si_utime=0, si_stime=0} ---\n' +
      '+++ exited with 2 +++\n',
  );
});

test('a command that a signal ends ends strace the same way', () => {
  expect(traced('user', "strace -e trace=kill sh -c 'kill $$'; echo $?")).toMatch(
    /^143\nkill\(\d+, SIGTERM\) +(?<!.{41})= 0\n--- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=N, si_uid=1000} ---\n\+\+\+ killed by SIGTERM \+\+\+\nTerminated\n$/,
  );
});

test('attaching asks for the same ids or CAP_SYS_PTRACE, and letting go leaves the process as it was', () => {
  expect(traced('root', 'setpriv --reuid=1000 sleep 9 & sleep 0.1; strace -p $!; echo $?')).toMatch(
    /^1\nstrace: attach: ptrace\(PTRACE_SEIZE, \d+\): Operation not permitted\n$/,
  );
  expect(traced('user', 'timeout 1 strace -p 1; echo $?; grep State /proc/1/status')).toBe(
    '124\nState:\tS (sleeping)\nstrace: Process N attached\nrestart_syscall(<... resuming interrupted clock_nanosleep ...>strace: Process N detached\n <detached ...>\n',
  );
});
