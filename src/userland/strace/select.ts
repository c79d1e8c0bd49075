// Which calls -e trace= names. Counterpart: strace filter_qualify.c, syscallent.h

import { syscallNumber } from '#abi/syscall.ts';

const list = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const FILE = `access acct chdir chmod chown chroot creat execve execveat faccessat faccessat2 fchmodat fchownat getcwd getxattr
  lchown lgetxattr link linkat listxattr llistxattr lremovexattr lsetxattr lstat mkdir mkdirat mknod mknodat mount newfstatat open openat
  pivot_root quotactl readlink readlinkat removexattr rename renameat renameat2 rmdir setxattr stat statfs statx swapoff swapon symlink
  symlinkat truncate umount2 unlink unlinkat utime utimensat utimes`;
const GROUPS: Readonly<Record<string, ReadonlySet<string>>> = {
  file: list(FILE),
  process: list(
    'clone clone3 execve execveat exit exit_group fork kill pidfd_send_signal rt_sigqueueinfo tgkill tkill vfork wait4 waitid unshare',
  ),
  signal: list(`kill pause rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait sigaltstack
    signalfd signalfd4 tgkill tkill`),
  desc: list(`close dup dup2 dup3 fadvise64 fallocate fchdir fchmod fchmodat fchown fchownat fcntl fgetxattr flock fstat fstatfs fsync
    ftruncate getdents64 ioctl lseek newfstatat openat pipe pipe2 poll ppoll pread64 pselect6 pwrite64 read readlinkat readv renameat2
    select sendfile unlinkat utimensat write writev linkat mkdirat mknodat symlinkat faccessat faccessat2 mmap`),
  network: list(
    'accept accept4 bind connect getpeername getsockname listen recvfrom recvmsg sendmsg sendto setsockopt shutdown socket socketpair',
  ),
  memory: list('brk mlock mlockall mmap mprotect mremap msync munlock munlockall munmap'),
  ipc: list('msgctl msgget msgrcv msgsnd semctl semget semop shmat shmctl shmdt shmget'),
  creds: list(`capget capset getegid geteuid getgid getgroups getresgid getresuid getuid prctl setfsgid setfsuid setgid setgroups setregid
    setresgid setresuid setreuid setuid`),
  clock: list('adjtimex clock_adjtime clock_getres clock_gettime clock_settime gettimeofday settimeofday time'),
  stat: list('stat'),
  lstat: list('lstat'),
  fstat: list('fstat newfstatat'),
  '%stat': list('stat lstat fstat newfstatat statx'),
  statfs: list('statfs'),
  fstatfs: list('fstatfs'),
  '%statfs': list('statfs fstatfs'),
  pure: list('getegid geteuid getgid getpgid getpgrp getpid getppid getsid gettid getuid'),
};
const OLD = ['file', 'process', 'signal', 'desc', 'network', 'memory', 'ipc'];

/** A test of names, or the word that means nothing. */
export function chosen(text: string): ((name: string) => boolean) | { readonly unknown: string } {
  const negated = text.startsWith('!');
  const tests: ((name: string) => boolean)[] = [];
  for (const given of (negated ? text.slice(1) : text).split(',')) {
    const optional = given.startsWith('?');
    const word = (optional ? given.slice(1) : given).replace(/@(64|32|x32)$/, '');
    const group = word.startsWith('%')
      ? GROUPS[word === '%net' ? 'network' : word.slice(1)]
      : OLD.includes(word)
        ? GROUPS[word]
        : undefined;
    if (word === 'all') tests.push(() => true);
    else if (word === 'none') tests.push(() => false);
    else if (group !== undefined) tests.push((name) => group.has(name));
    else if (word.startsWith('/')) {
      const pattern = new RegExp(word.slice(1));
      tests.push((name) => pattern.test(name));
    } else if (syscallNumber(word) !== undefined || /^(faccessat2|close_range|clone3|pidfd_send_signal)$/.test(word))
      tests.push((name) => name === word);
    else if (!optional) return { unknown: word };
  }
  return (name) => tests.some((test) => test(name)) !== negated;
}
