"""Raw system calls by the names and argument orders of src/kernel/uapi/syscalls.ts, for the recorders beside this file."""

import ctypes
import errno
import os
import resource
import signal
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
NR = {
    "read": 0, "write": 1, "close": 3, "lseek": 8, "dup": 32, "getcwd": 79, "chdir": 80, "fchdir": 81, "umask": 95,
    "truncate": 76, "ftruncate": 77, "fchmod": 91, "fchown": 93, "setuid": 105, "setgid": 106, "setreuid": 113, "setregid": 114,
    "setgroups": 116, "setresuid": 117, "getresuid": 118, "setresgid": 119, "getresgid": 120, "setfsuid": 122, "setfsgid": 123,
    "capget": 125, "capset": 126, "prctl": 157, "chroot": 161, "setxattr": 188, "lsetxattr": 189, "getxattr": 191,
    "lgetxattr": 192, "listxattr": 194, "llistxattr": 195, "removexattr": 197, "lremovexattr": 198, "getdents64": 217,
    "openat": 257, "mkdirat": 258, "mknodat": 259, "fchownat": 260, "unlinkat": 263, "linkat": 265, "symlinkat": 266,
    "readlinkat": 267, "fchmodat": 268, "utimensat": 280, "renameat2": 316, "flock": 73, "ioctl": 16, "faccessat2": 439,
    "pwrite64": 18, "pread64": 17, "mount": 165, "umount2": 166, "dup2": 33,
}
RLIMITS = {"RLIMIT_FSIZE": 1, "RLIMIT_NOFILE": 7}
UTIME_NOW, UTIME_OMIT = (1 << 30) - 1, (1 << 30) - 2


class Failed(Exception):
    pass


def raw(name, *args):
    prepared = []
    for arg in args:
        prepared.append(ctypes.c_long(arg) if isinstance(arg, int) else ctypes.c_char_p(os.fsencode(arg)) if isinstance(arg, str) else arg)
    ctypes.set_errno(0)
    value = LIBC.syscall(NR[name], *prepared)
    if value == -1 and name not in ("setfsuid", "setfsgid"):
        raise Failed(errno.errorcode[ctypes.get_errno()].replace("ENOTSUP", "EOPNOTSUPP"))
    return value


def timespec(time):
    if time == "now":
        return struct.pack("qq", 0, UTIME_NOW)
    return struct.pack("qq", 0, UTIME_OMIT) if time == "omit" else struct.pack("qq", time, 0)


def shown(st):
    kind = st.st_mode & 0o170000
    return [oct(st.st_mode)[2:], st.st_uid, st.st_gid, st.st_nlink, 0 if kind == 0o040000 else st.st_size, st.st_rdev]


def call(name, args):
    """Makes one call; its value in the form the replay compares. Raises Failed with the errno's name."""
    if name == "newfstatat":
        dirfd, path, flags = args
        try:
            if path == "" and flags & 0x1000:
                return shown(os.fstat(dirfd))
            return shown(os.stat(path, dir_fd=None if dirfd == -100 else dirfd, follow_symlinks=not flags & 0x100))
        except OSError as error:
            raise Failed(errno.errorcode[error.errno])
    if name in ("read", "pread64"):
        buffer = ctypes.create_string_buffer(args[1])
        length = raw(name, args[0], buffer, args[1], *args[2:])
        return buffer.raw[:length].decode("latin1")
    if name in ("write", "pwrite64"):
        data = args[1].encode("latin1")
        return raw(name, args[0], ctypes.c_char_p(data), len(data), *args[2:])
    if name == "readlinkat":
        buffer = ctypes.create_string_buffer(4096)
        length = raw(name, args[0], args[1], buffer, 4096)
        return buffer.raw[:length].decode()
    if name == "getcwd":
        buffer = ctypes.create_string_buffer(4096)
        length = raw(name, buffer, 4096)
        return buffer.raw[: length - 1].decode()
    if name == "getdents64":
        names = []
        while True:
            buffer = ctypes.create_string_buffer(32768)
            length = raw(name, args[0], buffer, 32768)
            if length == 0:
                return sorted(names)
            at = 0
            while at < length:
                size = struct.unpack_from("H", buffer.raw, at + 16)[0]
                names.append(buffer.raw[at + 19 : at + size].split(b"\0")[0].decode())
                at += size
    if name == "utimensat":
        dirfd, path, atime, mtime, flags = args
        return raw(name, dirfd, path if path else ctypes.c_void_p(None), ctypes.c_char_p(timespec(atime) + timespec(mtime)), flags)
    if name in ("getxattr", "setxattr", "listxattr", "removexattr"):
        follow = args[-1]
        real = name if follow else "l" + name
        if name == "setxattr":
            path, key, value, flags = args[:4]
            data = bytes.fromhex(value)
            return raw(real, path, key, ctypes.c_char_p(data), len(data), flags)
        if name == "removexattr":
            return raw(real, args[0], args[1])
        buffer = ctypes.create_string_buffer(65536)
        length = raw(real, *args[: 2 if name == "getxattr" else 1], buffer, 65536)
        if name == "getxattr":
            return buffer.raw[:length].hex()
        return sorted(n.decode() for n in buffer.raw[:length].split(b"\0") if n)
    if name == "flock":
        operation = {"LOCK_SH": 1, "LOCK_EX": 2, "LOCK_UN": 8}[args[1]] | (4 if len(args) > 2 and args[2] else 0)
        return raw(name, args[0], operation)
    if name == "ioctl":
        fd, op = args
        word = ctypes.c_long(op.get("flags", 0))
        raw(name, fd, {"FS_IOC_GETFLAGS": 0x80086601, "FS_IOC_SETFLAGS": 0x40086602}[op["request"]], ctypes.byref(word))
        return word.value & 0x30 if op["request"] == "FS_IOC_GETFLAGS" else 0
    if name == "mount":
        return raw(name, *args[:4], args[4] or ctypes.c_void_p(None))
    if name == "prlimit64":
        try:
            resource.prlimit(args[0], RLIMITS[args[1]], tuple(args[2]))
        except OSError as error:
            raise Failed(errno.errorcode[error.errno])
        return 0
    if name == "rt_sigaction":
        signal.signal(args[0], {"default": signal.SIG_DFL, "ignore": signal.SIG_IGN}[args[1]])
        return 0
    if name == "setgroups":
        return raw(name, len(args[0]), (ctypes.c_uint * len(args[0]))(*args[0]))
    return raw(name, *args)


def set_caps(effective, permitted, inheritable):
    header = struct.pack("Ii", 0x20080522, 0)
    sets = (effective, permitted, inheritable)
    data = struct.pack("6I", *(s & 0xFFFFFFFF for s in sets), *(s >> 32 for s in sets))
    return raw("capset", ctypes.c_char_p(header), ctypes.c_char_p(data))


def get_caps():
    buffer = ctypes.create_string_buffer(24)
    raw("capget", ctypes.c_char_p(struct.pack("Ii", 0x20080522, 0)), buffer)
    words = struct.unpack("6I", buffer.raw)
    return [words[i] | words[i + 3] << 32 for i in range(3)]
