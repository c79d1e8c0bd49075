"""Records what the real kernel answers to sequences of file system calls, each on a fresh tmpfs. Root, Linux >= 6.6.

    python3 e2e/real/syscalls/record_files.py > e2e/real/syscalls/files.json

Every sequence is run by several actors (processes that share nothing but the tree, chrooted into it). An entry is
[actor, call, arguments, what came back]; "@x" among the arguments is the descriptor an earlier entry stored as "x" (fifth
element). What came back is {"value": …} or {"errno": …}. src/kernel/fs/real.test.ts replays the file.
"""

import ctypes
import json
import multiprocessing
import os
import random
import sys
import tempfile

import calls
from sequences import SEQUENCES

SYSCTLS = {"protected_symlinks": "1", "protected_hardlinks": "1", "protected_regular": "2", "protected_fifos": "1"}
CAP = {name: 1 << bit for bit, name in enumerate(
    "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE".split())}
CAP["SETFCAP"], CAP["MKNOD"], CAP["SYS_ADMIN"] = 1 << 31, 1 << 27, 1 << 21
ALL = 0x1FFFFFFFFFF & ~(1 << 24)
#         uid   gid   supplementary       capabilities
ACTORS = {
    "root": (0, 0, [0], ALL),
    "none": (0, 0, [0], 0),
    "ann": (1000, 1000, [1000, 2000], 0),
    "bob": (1001, 1001, [1001, 2000], 0),
    "dac": (1002, 1002, [1002], CAP["DAC_OVERRIDE"]),
    "see": (1002, 1002, [1002], CAP["DAC_READ_SEARCH"]),
    "own": (1003, 1003, [1003], CAP["FOWNER"]),
    "chn": (1003, 1003, [1003], CAP["CHOWN"]),
    "fsid": (1000, 1000, [1000], CAP["FSETID"]),
}


def actor(top, name, pipe):
    uid, gid, groups, caps = ACTORS[name]
    os.chroot(top)
    os.chdir("/")
    os.umask(0o022)
    os.setgroups(groups)
    os.setresgid(gid, gid, gid)
    calls.raw("prctl", 8, 1, 0, 0, 0)  # PR_SET_KEEPCAPS
    os.setresuid(uid, uid, uid)
    calls.set_caps(caps, caps, 0)
    slots = {}
    while True:
        step = pipe.recv()
        if step is None:
            os._exit(0)
        call, args, *store = step
        real = [slots.get(arg[1:], 99) if isinstance(arg, str) and arg.startswith("@") else arg for arg in args]
        try:
            value = calls.call(call, real)
            if store:
                slots[store[0]] = value
                value = "fd"
            pipe.send({"value": value} if value not in (0, None) else {})
        except calls.Failed as failed:
            pipe.send({"errno": str(failed)})


def run(steps):
    with tempfile.TemporaryDirectory() as top:
        os.chmod(top, 0o755)
        calls.LIBC.mount(b"none", top.encode(), b"tmpfs", 0, b"mode=755,size=64k,nr_inodes=100")
        actors, out = {}, []
        try:
            for who, call, args, *store in steps:
                if who not in actors:
                    mine, theirs = multiprocessing.Pipe()
                    process = multiprocessing.Process(target=actor, args=(top, who, theirs))
                    process.start()
                    actors[who] = (mine, process)
                actors[who][0].send([call, args, *store])
                out.append([who, call, args, actors[who][0].recv(), *store])
        finally:
            for mine, process in actors.values():
                mine.send(None)
                process.join()
            calls.LIBC.umount2(top.encode(), 2)
        return out


TREE = [
    ["root", "mkdirat", [-100, "/open", 0o777]], ["root", "fchmodat", [-100, "/open", 0o777]],
    ["root", "mkdirat", [-100, "/sticky", 0o777]], ["root", "fchmodat", [-100, "/sticky", 0o1777]],
    ["root", "mkdirat", [-100, "/shared", 0o777]], ["root", "fchownat", [-100, "/shared", 0, 2000, 0]], ["root", "fchmodat", [-100, "/shared", 0o2775]],
    ["ann", "mkdirat", [-100, "/open/d", 0o750]], ["ann", "mkdirat", [-100, "/sticky/d", 0o777]],
]
DIRS = ["/open", "/sticky", "/shared", "/open/d", "/sticky/d", "/shared/d", "/"]
NAMES = ["a", "b", "l", "p", "d"]
MODES = [0o644, 0o600, 0o666, 0o4755, 0o2755, 0o2745, 0o6777, 0o755, 0o000, 0o1777, 0o2770, 0o070, 0o007, 0o604]


def path(pick):
    base = pick.choice(DIRS) + "/" + pick.choice(NAMES)
    return base.replace("//", "/") + pick.choice([""] * 12 + ["/", "/.", "/..", "/a", "/a/b"])


def random_step(pick):
    who = pick.choice(list(ACTORS))
    kind = pick.randrange(16)
    p, q, mode = path(pick), path(pick), pick.choice(MODES)
    ids = [-1, 0, 1000, 1001, 2000]
    if kind <= 1:
        return [who, "openat", [-100, p, pick.choice([0, 1, 2]) | pick.choice([0, 0x40, 0x40, 0xC0, 0x200, 0x241, 0x400]) | pick.choice([0] * 6 + [0x20000, 0x10000, 0x40000]) | 0x800, mode], "f"]
    if kind == 2:
        return [who, pick.choice(["write", "write", "ftruncate"]), ["@f", "hello"]]
    if kind == 3:
        return [who, "mkdirat", [-100, p, mode]]
    if kind == 4:
        return [who, "mknodat", [-100, p, mode & 0o777 | pick.choice([0o010000, 0o140000, 0o100000, 0o020000]), 0x103]]
    if kind == 5:
        return [who, "unlinkat", [-100, p, pick.choice([0, 0, 0x200])]]
    if kind <= 7:
        return [who, "renameat2", [-100, p, -100, q, pick.choice([0, 0, 0, 0, 1, 2, 3])]]
    if kind == 8:
        return [who, "linkat", [-100, p, -100, q, pick.choice([0, 0, 0x400])]]
    if kind == 9:
        return [who, "symlinkat", [pick.choice(["a", "../open/a", "/sticky/b", "l", "/shared", "d", "nowhere/x"]), -100, p]]
    if kind <= 11:
        return [who, "fchmodat", [-100, p, mode]]
    if kind == 12:
        return [who, "fchownat", [-100, p, pick.choice(ids), pick.choice(ids), pick.choice([0, 0x100])]]
    if kind == 13:
        return [who, "truncate", [p, pick.choice([0, 3, 100])]]
    if kind == 14:
        return [who, "utimensat", [-100, p, *pick.choice([["now", "now"], [5, 5], ["now", "omit"], ["omit", "omit"], ["omit", 7]]), pick.choice([0, 0x100])]]
    return [who, "faccessat2", [-100, p, pick.choice([0, 1, 2, 4, 6, 7]), pick.choice([0, 0x200])]]


def random_sequence(seed):
    pick = random.Random(seed)
    steps = list(TREE)
    for _ in range(60):
        step = random_step(pick)
        if step[1] == "ftruncate":
            step[2] = ["@f", 2]
        steps.append(step)
        if step[1] not in ("openat", "write", "ftruncate", "faccessat2", "unlinkat", "mkdirat"):
            steps.append(["root", "newfstatat", [-100, step[2][-2] if step[1] == "renameat2" else step[2][2 if step[1] == "symlinkat" else 3 if step[1] == "linkat" else 0 if step[1] == "truncate" else 1], 0x100]])
    steps += [["root", "newfstatat", [-100, (d + "/" + n).replace("//", "/"), 0x100]] for d in DIRS for n in NAMES]
    return steps


def main():
    before = {}
    for name, value in SYSCTLS.items():
        with open(f"/proc/sys/fs/{name}") as file:
            before[name] = file.read().strip()
        with open(f"/proc/sys/fs/{name}", "w") as file:
            file.write(value)
    calls.LIBC.unshare(0x20000)
    calls.LIBC.mount(b"none", b"/", None, 0x44000, None)
    out = [{"name": name, "steps": run(steps)} for name, steps in SEQUENCES]
    out += [{"name": f"random {seed}", "steps": run(random_sequence(seed))} for seed in range(int(sys.argv[1]) if len(sys.argv) > 1 else 16)]
    for name in SYSCTLS:
        with open(f"/proc/sys/fs/{name}") as file:
            assert file.read().strip() == SYSCTLS[name], "somebody changed the sysctls meanwhile"
        with open(f"/proc/sys/fs/{name}", "w") as file:
            file.write(before[name])
    kernel = os.uname().release.split("-")[0]
    lines = ",\n".join("{%s: %s, \"steps\": [\n%s\n]}" % ('"name"', json.dumps(one["name"]), ",\n".join("  " + json.dumps(s) for s in one["steps"])) for one in out)
    actors = {name: {"uid": u, "gid": g, "groups": gr, "caps": hex(c)} for name, (u, g, gr, c) in ACTORS.items()}
    print('{"kernel": %s, "actors": %s, "sysctls": %s, "sequences": [\n%s\n]}' % (json.dumps(kernel), json.dumps(actors), json.dumps(SYSCTLS), lines))


if __name__ == "__main__":
    main()
