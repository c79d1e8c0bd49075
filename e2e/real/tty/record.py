#!/usr/bin/python3
"""Records what real shells show on an 80x24 pseudo-terminal when keys are typed one at a time. Root, Linux.

usage: record.py BUSYBOX_ROOT DEBIAN_ROOT [NAME...]     writes keys.json beside this file; NAMEs: only these cases are made anew

A root is a directory with the files of the container image (the images of the oracle). Each case runs in a copy-on-write mount of it,
in new uts, pid, mount and ipc namespaces and a session of its own, with hostname "p", as `chroot ROOT env -i PATH=… HOME=/root TERM=xterm SHELL…`.
A key that looks like "SIZE 30x100" changes the window instead. After each key the recorder waits until nothing more is printed.
"""
import fcntl, json, multiprocessing, os, pty, select, signal, struct, subprocess, sys, termios, time

from cases import CASES

HERE = os.path.dirname(os.path.abspath(__file__))
QUIET = 0.5
PATHS = {'busybox': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'debian': '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'}


def drain(fd, quiet):
    out = b''
    while select.select([fd], [], [], quiet)[0]:
        try:
            got = os.read(fd, 65536)
        except OSError:
            return out, True
        if not got:
            return out, True
        out += got
    return out, False


def record(case, root):
    work = subprocess.check_output(['mktemp', '-d', '/tmp/keys.XXXXXX'], text=True).strip()
    os.makedirs(f'{work}/rw'); os.makedirs(f'{work}/root')
    subprocess.check_call(['mount', '-t', 'tmpfs', 't', f'{work}/rw'])
    os.makedirs(f'{work}/rw/u'); os.makedirs(f'{work}/rw/w')
    subprocess.check_call(['mount', '-t', 'overlay', 'o', '-o', f'lowerdir={root},upperdir={work}/rw/u,workdir={work}/rw/w', f'{work}/root'])
    inner = (f'hostname p; mount -t proc proc {work}/root/proc; mkdir -p {work}/root/dev/pts; mount -t devpts -o newinstance,ptmxmode=0666 d {work}/root/dev/pts 2>/dev/null; '
             f'for f in null:3 zero:5; do test -c {work}/root/dev/${{f%:*}} || mknod -m 666 {work}/root/dev/${{f%:*}} c 1 ${{f#*:}}; done; '
             f'test -c {work}/root/dev/tty || mknod -m 666 {work}/root/dev/tty c 5 0; '
             f'exec setsid -c chroot {work}/root env -i PATH={PATHS[case["image"]]} HOME=/root TERM=xterm ' + ' '.join(case['argv']))
    pid, fd = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp('unshare', ['unshare', '--kill-child', '-muipf', '--mount-proc', 'sh', '-c', inner])
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    shown = []
    out, ended = drain(fd, 1.0)
    shown.append(out.decode('utf-8', 'replace'))
    for key in case['keys']:
        if ended:
            break
        if key.startswith('SIZE '):
            rows, cols = map(int, key[5:].split('x'))
            fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, cols, 0, 0))
        else:
            os.write(fd, key.encode())
        out, ended = drain(fd, 0.15 if key.isprintable() and len(key) == 1 else QUIET)
        shown.append(out.decode('utf-8', 'replace'))
    os.close(fd)
    try:
        os.kill(pid, signal.SIGHUP); time.sleep(0.1); os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.waitpid(pid, 0)
    subprocess.call(['umount', '-l', f'{work}/root']); subprocess.call(['umount', '-l', f'{work}/rw'])
    subprocess.call(['rm', '-rf', work])
    return shown


def main():
    roots = {'busybox': sys.argv[1], 'debian': sys.argv[2]}
    only = set(sys.argv[3:])
    cases = CASES
    path = f'{HERE}/keys.json'
    old = {c['name']: c for c in json.load(open(path))} if os.path.exists(path) else {}
    with multiprocessing.Pool(6) as pool:
        new = {c['name']: pool.apply_async(record, (c, roots[c['image']])) for c in cases if not only or c['name'] in only or c['name'] not in old}
        made = [{**c, 'shown': new[c['name']].get() if c['name'] in new else old[c['name']]['shown']} for c in cases]
    with open(path, 'w') as f:
        f.write('[\n' + ',\n'.join(json.dumps(c, ensure_ascii=True) for c in made) + '\n]\n')


main()
