// The workstation: where the learner's terminal starts. It is a set of namespaces of its own on the one simulated kernel,
// with a Debian root, a home directory, an ordinary user and kubectl; nothing of the node is visible from it.
// Deviates: a real workstation is another machine; here it shares the kernel (and its clock) with the node.

import {
  AT_FDCWD,
  CLONE_NEWCGROUP,
  CLONE_NEWIPC,
  CLONE_NEWNET,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUTS,
  MNT_DETACH,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_REC,
  O_CREAT,
  O_DIRECTORY,
  O_RDONLY,
  O_TRUNC,
  O_WRONLY,
} from '#abi/flags.ts';
import { makedev, S_IFCHR } from '#abi/mode.ts';
import { type Program, programImage, type SysResult, sys } from '#kernel/uapi/index.ts';

export const WORKSTATION = {
  hostname: 'workstation',
  user: 'learner',
  uid: 1000,
  home: '/home/learner',
  env: [
    'PATH=/usr/local/bin:/usr/bin:/bin',
    'HOME=/home/learner',
    'USER=learner',
    'LOGNAME=learner',
    'LANG=C.UTF-8',
    'TERM=xterm',
    'SHELL=/bin/bash',
    'EDITOR=page-editor',
  ],
} as const;

const NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP;
const DEVICES: readonly (readonly [string, number, number])[] = [
  ['null', 1, 3],
  ['zero', 1, 5],
  ['full', 1, 7],
  ['random', 1, 8],
  ['urandom', 1, 9],
  ['tty', 5, 0],
];

/** A call that cannot fail here; if it does, the boot is broken and says which call. */
function* must<T>(what: string, call: Program<SysResult<T>>): Program<T> {
  const result = yield* call;
  if (!result.ok) throw new Error(`workstation: ${what}: ${result.errno}`);
  return result.value;
}

/** Writes a file of the workstation as its user. Parent directories are made. */
export function* putFile(path: string, data: Uint8Array, mode: number, uid: number): Program<void> {
  const parts = path.split('/').slice(1, -1);
  for (let depth = 1; depth <= parts.length; depth++) {
    const folder = `/${parts.slice(0, depth).join('/')}`;
    const made: SysResult<void> = yield* sys.mkdirat(AT_FDCWD, folder, 0o755);
    if (made.ok && folder.startsWith(WORKSTATION.home)) yield* sys.fchownat(AT_FDCWD, folder, uid, uid, 0);
  }
  const fd = yield* must(`open ${path}`, sys.openat(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode));
  for (let at = 0; at < data.length; ) at += yield* must(`write ${path}`, sys.write(fd, data.subarray(at)));
  yield* must(`chown ${path}`, sys.fchown(fd, uid, uid));
  yield* must(`close ${path}`, sys.close(fd));
}

/**
 * The program that makes the workstation: run as root on the node with `lower` an unpacked Debian image.
 * The child that is pid 1 of the workstation reports through `ready` and then waits for ever.
 */
export function* bootWorkstation(lower: string, files: Readonly<Record<string, string>>, ready: (task: number) => void): Program<number> {
  const base = '/var/lib/workstation';
  for (const folder of [base, `${base}/upper`, `${base}/work`, `${base}/root`])
    yield* must(`mkdir ${folder}`, sys.mkdirat(AT_FDCWD, folder, 0o755));
  let booted: () => void = () => undefined;
  const task = yield* must('clone', sys.clone({ flags: NAMESPACES, main: () => init(base, lower, files, () => booted()) }));
  booted = () => ready(task);
  return 0;
}

function* init(base: string, lower: string, files: Readonly<Record<string, string>>, ready: () => void): Program<number> {
  const root = `${base}/root`;
  const options = `lowerdir=${lower},upperdir=${base}/upper,workdir=${base}/work`;
  yield* must('make private', sys.mount('', '/', '', MS_REC | MS_PRIVATE, ''));
  yield* must('mount root', sys.mount('overlay', root, 'overlay', 0, options));
  yield* must('mount proc', sys.mount('proc', `${root}/proc`, 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC, ''));
  yield* must('mount sys', sys.mount('sysfs', `${root}/sys`, 'sysfs', MS_NOSUID | MS_NODEV | MS_NOEXEC, ''));
  yield* must('mount dev', sys.mount('tmpfs', `${root}/dev`, 'tmpfs', MS_NOSUID, 'mode=755,size=65536k'));
  for (const [name, major, minor] of DEVICES) {
    yield* must(`mknod ${name}`, sys.mknodat(AT_FDCWD, `${root}/dev/${name}`, S_IFCHR | 0o666, makedev(major, minor)));
    yield* must(`chmod ${name}`, sys.fchmodat(AT_FDCWD, `${root}/dev/${name}`, 0o666));
  }
  yield* must('mkdir pts', sys.mkdirat(AT_FDCWD, `${root}/dev/pts`, 0o755));
  yield* must('mount pts', sys.mount('devpts', `${root}/dev/pts`, 'devpts', MS_NOSUID | MS_NOEXEC, 'gid=5,mode=620,ptmxmode=666'));
  for (const [link, target] of [
    ['ptmx', 'pts/ptmx'],
    ['fd', '/proc/self/fd'],
    ['stdin', '/proc/self/fd/0'],
    ['stdout', '/proc/self/fd/1'],
    ['stderr', '/proc/self/fd/2'],
  ] as const) {
    yield* must(`symlink ${link}`, sys.symlinkat(target, AT_FDCWD, `${root}/dev/${link}`));
  }
  yield* must('chdir', sys.chdir(root));
  // As runc does it: the old root lands on top of the new one, is entered through a descriptor and taken away.
  const old = yield* must('open /', sys.openat(AT_FDCWD, '/', O_RDONLY | O_DIRECTORY));
  yield* must('pivot_root', sys.pivot_root('.', '.'));
  yield* must('fchdir', sys.fchdir(old));
  yield* must('detach', sys.umount2('.', MNT_DETACH));
  yield* must('close', sys.close(old));
  yield* must('chdir /', sys.chdir('/'));
  yield* must('sethostname', sys.sethostname(WORKSTATION.hostname));
  yield* accounts();
  for (const name of ['kubectl', 'ssh', 'why', 'explain', 'page-editor'])
    yield* putFile(`/usr/local/bin/${name}`, programImage(`own/${name}`), 0o755, 0);
  // The short name that everybody has as an alias; as a link it works in scripts too.
  yield* must('symlink k', sys.symlinkat('kubectl', AT_FDCWD, '/usr/local/bin/k'));
  for (const [name, text] of Object.entries(files)) {
    const path = name.startsWith('/') ? name : `${WORKSTATION.home}/${name}`;
    yield* putFile(path, new TextEncoder().encode(text), 0o644, WORKSTATION.uid);
  }
  ready();
  for (;;) yield* sys.pause();
}

/** Adds the learner to the image's accounts and gives them a home. */
function* accounts(): Program<void> {
  const { user, uid, home } = WORKSTATION;
  for (const [path, line] of [
    ['/etc/passwd', `${user}:x:${uid}:${uid}::${home}:/bin/bash\n`],
    ['/etc/group', `${user}:x:${uid}:\n`],
  ] as const) {
    const fd = yield* must(`open ${path}`, sys.openat(AT_FDCWD, path, O_WRONLY | 0o2000 | O_CREAT, 0o644));
    yield* must(`write ${path}`, sys.write(fd, new TextEncoder().encode(line)));
    yield* must(`close ${path}`, sys.close(fd));
  }
  yield* putFile('/etc/hostname', new TextEncoder().encode(`${WORKSTATION.hostname}\n`), 0o644, 0);
  // The page's terminal does not put brackets around what is pasted.
  yield* putFile('/etc/inputrc', new TextEncoder().encode('set enable-bracketed-paste off\n'), 0o644, 0);
  yield* sys.mkdirat(AT_FDCWD, '/home', 0o755);
  yield* must('mkdir home', sys.mkdirat(AT_FDCWD, home, 0o755));
  yield* must('chown home', sys.fchownat(AT_FDCWD, home, uid, uid, 0));
}
