"""Records one call that a capability decides, for root without any capability and for root with only that one. Root, Linux.

    python3 e2e/real/syscalls/record_caps.py > e2e/real/syscalls/caps.json

An entry is {"cap", "call", "args", "without", "with"}; an answer is an errno, a value or null. Names and arguments are those of
src/kernel/uapi/syscalls.ts ("syscall" with a name for calls of which only the permission counts). src/kernel/cred/caps.test.ts
replays the file. /w is a fresh tmpfs with the files f (uid 1000, mode 0600) and g (uid 0, gid 77, mode 0755); key 77 is shared memory of uid 1000,
mode 0600.
"""

import ctypes
import json
import os
import socket
import struct
import subprocess
import tempfile

import calls

calls.NR.update({"kill": 62, "setpriority": 141, "sethostname": 170, "syslog": 103, "acct": 163, "vhangup": 153, "mlock": 149,
                 "timerfd_create": 283, "bpf": 321, "perf_event_open": 298, "ptrace": 101, "socket": 41, "clock_settime": 227, "shmget": 29})
AT = -100
VICTIM = 0  # stands for a sleeping process of uid 1000


def plain(name, *args):
    return lambda: calls.call(name, list(args))


def with_fd(path, flags, then):
    return lambda: then(calls.raw("openat", AT, path, flags))


def chmod_and_stat():
    calls.raw("fchmodat", AT, "/w/g", 0o2755)
    return calls.call("newfstatat", [AT, "/w/g", 0])[0]


def bind():
    one = socket.socket()
    try:
        one.bind(("127.0.0.1", 81))
    except OSError as error:
        raise calls.Failed(calls.errno.errorcode[error.errno])


def netlink():
    one = socket.socket()
    request = struct.pack("16sH14s", b"lo", 1, b"")  # SIOCSIFFLAGS
    import fcntl
    try:
        fcntl.ioctl(one, 0x8914, request)
    except OSError as error:
        raise calls.Failed(calls.errno.errorcode[error.errno])


def mlock():
    import resource
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, 0))
    buffer = ctypes.create_string_buffer(8192)
    return calls.raw("mlock", buffer, 4096)


def lease():
    import fcntl
    try:
        return fcntl.fcntl(os.open("/w/lease", os.O_RDONLY), 1024, 0) and None
    except OSError as error:
        raise calls.Failed(calls.errno.errorcode[error.errno])


def shared_memory():
    """Makes a segment of uid 1000 that only its owner may use."""
    if os.fork() == 0:
        os.setresuid(1000, 1000, 1000)
        os._exit(0 if calls.LIBC.shmget(77, 4096, 0o1600) >= 0 else 1)
    os.wait()


def audit(nlmsg, groups):
    """Talks to the kernel's audit: binds to its multicast group, or sends it a message of a user."""
    one = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9)
    try:
        one.bind((0, groups))
        if nlmsg is None:
            return None
        text = b"test\0"
        one.sendto(struct.pack("IHHII", 16 + len(text), nlmsg, 5, 1, 0) + text, (0, 0))
        length, kind, _, _, _, error = struct.unpack_from("IHHIIi", one.recv(8192))
        if kind == 2 and error != 0:
            raise calls.Failed(calls.errno.errorcode[-error])
    except OSError as error:
        raise calls.Failed(calls.errno.errorcode[error.errno])


def bpf_map():
    """BPF_MAP_CREATE of an LPM trie, which asks for CAP_BPF whatever unprivileged_bpf_disabled says."""
    attr = ctypes.create_string_buffer(struct.pack("IIIII", 11, 8, 4, 1, 1) + b"\0" * 108)
    return calls.raw("bpf", 0, attr, 128) and None


def counter():
    """A counter of the kernel's own time on one processor."""
    attr = ctypes.create_string_buffer(struct.pack("IIQ", 1, 128, 0) + b"\0" * 112)
    return calls.raw("perf_event_open", attr, -1, 0, -1, 0) and None


def demonstrations(victim):
    fcap = "0100000200200000000000000000000000000000"
    return [
        ("CAP_CHOWN", "fchownat", [AT, "/w/g", 1, 1, 0], None),
        ("CAP_DAC_OVERRIDE", "truncate", ["/w/f", 0], None),
        ("CAP_DAC_READ_SEARCH", "openat", [AT, "/w/f", 0], None),
        ("CAP_FOWNER", "fchmodat", [AT, "/w/f", 0o600], None),
        ("CAP_FSETID", "chmod and stat", [], chmod_and_stat),
        ("CAP_KILL", "kill", [VICTIM, 0], lambda: calls.raw("kill", victim, 0)),
        ("CAP_SETGID", "setresgid", [5, 5, 5], None),
        ("CAP_SETUID", "setresuid", [5, 5, 5], None),
        ("CAP_SETPCAP", "prctl", [{"option": "PR_CAPBSET_DROP", "cap": 0}], lambda: calls.raw("prctl", 24, 0, 0, 0, 0)),
        ("CAP_LINUX_IMMUTABLE", "ioctl", ["/w/g", {"request": "FS_IOC_SETFLAGS", "flags": 0x10}],
         with_fd("/w/g", 0, lambda fd: calls.call("ioctl", [fd, {"request": "FS_IOC_SETFLAGS", "flags": 0x10}]))),
        ("CAP_NET_BIND_SERVICE", "syscall", ["bind", 0, 81], bind),
        ("CAP_NET_ADMIN", "syscall", ["netlink"], netlink),
        ("CAP_NET_RAW", "syscall", ["socket", 2, 3, 1], lambda: calls.raw("socket", 2, 3, 1) and None),
        ("CAP_IPC_LOCK", "syscall", ["mlock", 0, 4096], mlock),
        ("CAP_SYS_CHROOT", "chroot", ["/w"], None),
        ("CAP_SYS_PACCT", "syscall", ["acct"], lambda: calls.raw("acct", ctypes.c_void_p(None))),
        ("CAP_SYS_ADMIN", "sethostname", ["x"], lambda: calls.raw("sethostname", "x", 1)),
        ("CAP_SYS_NICE", "setpriority", ["PRIO_PROCESS", 0, -5], lambda: calls.raw("setpriority", 0, 0, -5)),
        ("CAP_SYS_TTY_CONFIG", "syscall", ["vhangup"], lambda: calls.raw("vhangup")),
        ("CAP_MKNOD", "mknodat", [AT, "/w/null", 0o020666, 0x103], None),
        ("CAP_LEASE", "syscall", ["lease", 0], lease),
        ("CAP_SETFCAP", "setxattr", ["/w/g", "security.capability", fcap, 0, True], None),
        ("CAP_SYSLOG", "syslog", ["SYSLOG_ACTION_READ_ALL"], lambda: calls.raw("syslog", 3, ctypes.create_string_buffer(64), 64) and None),
        ("CAP_IPC_OWNER", "syscall", ["shmget", 77, 4096, 0o600], lambda: calls.raw("shmget", 77, 4096, 0o600) and None),
        ("CAP_AUDIT_WRITE", "syscall", ["audit_write"], lambda: audit(1100, 0)),
        ("CAP_AUDIT_READ", "syscall", ["audit_read"], lambda: audit(None, 1)),
        ("CAP_PERFMON", "syscall", ["perf_event_open"], counter),
        ("CAP_BPF", "syscall", ["bpf"], bpf_map),
        ("CAP_WAKE_ALARM", "syscall", ["timerfd_create", 9], lambda: calls.raw("timerfd_create", 9, 0) and None),
    ]


def answer(work, cap):
    r, w = os.pipe()
    if os.fork() == 0:
        os.setsid()
        calls.LIBC.unshare(0x20000 | 0x4000000 | 0x8000000 | 0x40000000)  # own mounts, names, IPC and network
        calls.LIBC.mount(b"none", b"/", None, 0x44000, None)
        root = tempfile.mkdtemp()
        calls.LIBC.mount(b"none", root.encode(), b"tmpfs", 0, b"mode=755")
        os.mkdir(root + "/w")
        for name, uid, gid, mode in (("f", 1000, 1000, 0o600), ("g", 0, 77, 0o755), ("lease", 1000, 1000, 0o666)):
            with open(f"{root}/w/{name}", "w"):
                pass
            os.chown(f"{root}/w/{name}", uid, gid)
            os.chmod(f"{root}/w/{name}", mode)
        import fcntl, resource  # before the root changes
        os.chroot(root)
        os.setgroups([])
        shared_memory()
        calls.set_caps(cap, cap, 0)
        try:
            out = work()
            out = out if isinstance(out, str) else None
        except calls.Failed as failed:
            out = {"errno": str(failed)}
        os.write(w, json.dumps(out).encode())
        os._exit(0)
    os.close(w)
    text = os.read(r, 4096)
    os.wait()
    return json.loads(text)


def main():
    with open("/proc/sys/kernel/dmesg_restrict") as file:
        before = file.read()
    with open("/proc/sys/kernel/dmesg_restrict", "w") as file:
        file.write("1")
    sleeper = subprocess.Popen(["sleep", "60"], user=1000, group=1000)
    names = [line.strip() for line in subprocess.run(["capsh", "--decode=1ffffffffff"], capture_output=True, text=True).stdout.split("=", 1)[1].split(",")]
    rows = []
    for cap, call, args, work in demonstrations(sleeper.pid):
        bit = 1 << names.index(cap.lower())
        work = work or plain(call, *args)
        rows.append({"cap": cap, "call": call, "args": args, "without": answer(work, 0), "with": answer(work, bit)})
    sleeper.kill()
    sleeper.wait()
    with open("/proc/sys/kernel/dmesg_restrict", "w") as file:
        file.write(before)
    print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")


if __name__ == "__main__":
    main()
