"""Chosen sequences of calls, by the rule they show. See record_files.py for the form of a step."""

import struct

R, A, B = "root", "ann", "bob"
CREAT, EXCL, TRUNC, APPEND, NONBLOCK, DIRECTORY, NOFOLLOW, PATH, TMPFILE = 0o100, 0o200, 0o1000, 0o2000, 0o4000, 0o200000, 0o400000, 0o10000000, 0o20200000
NOATIME = 0o1000000
RD, WR, RW = 0, 1, 2


def stat(path, who=R):
    return [who, "newfstatat", [-100, path, 0x100]]


def make(path, mode=0o644, who=R):
    return [[who, "openat", [-100, path, WR | CREAT, mode], "t"], [who, "close", ["@t"]]]


def acl(*entries):
    """The value of system.posix_acl_*: "u:1000:rw" and so on, in the order of acl(5)."""
    tags = {"u": (1, 2), "g": (4, 8), "m": (0x10, 0), "o": (0x20, 0)}
    out = struct.pack("<I", 2)
    for entry in entries:
        kind, who, perm = entry.split(":")
        bits = sum({"r": 4, "w": 2, "x": 1}[c] for c in perm)
        out += struct.pack("<HHI", tags[kind][1 if who else 0], bits, int(who) if who else 0xFFFFFFFF)
    return out.hex()


ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"


def put(who, path, name, *entries, flags=0):
    return [who, "setxattr", [path, name, acl(*entries) if entries else "", flags, True]]


def get(path, name=ACCESS, who=R):
    return [who, "getxattr", [path, name, True]]


LONG = "n" * 255
SEQUENCES = [
    ("open flags", [
        *make("/f"), [R, "mkdirat", [-100, "/d", 0o755]], [R, "symlinkat", ["f", -100, "/l"]], [R, "symlinkat", ["d", -100, "/ld"]], [R, "symlinkat", ["new", -100, "/dangling"]],
        [R, "openat", [-100, "/f", RD | CREAT | EXCL, 0o644]], [R, "openat", [-100, "/dangling", RD | CREAT | EXCL, 0o644]],
        [R, "openat", [-100, "/l", RD | NOFOLLOW]], [R, "openat", [-100, "/l", RD | NOFOLLOW | PATH], "p"], [R, "newfstatat", ["@p", "", 0x1000]],
        [R, "openat", [-100, "/ld", RD | NOFOLLOW | DIRECTORY]], [R, "openat", [-100, "/f", RD | DIRECTORY]], [R, "openat", [-100, "/ld", RD | DIRECTORY], "d"],
        [R, "openat", [-100, "/d", WR]], [R, "openat", [-100, "/d", RD | CREAT]], [R, "openat", [-100, "/d", RD | TRUNC]], [R, "openat", [-100, "/d", RD | CREAT | DIRECTORY]],
        [R, "openat", [-100, "/new/", RD | CREAT, 0o644]], [R, "openat", [-100, "/f/", RD]], [R, "openat", [-100, "/f/", RD | CREAT, 0o644]], [R, "openat", [-100, "/dangling", WR | CREAT, 0o640], "n"], stat("/new"),
        [R, "openat", [-100, "/f", PATH], "o"], [R, "read", ["@o", 5]], [R, "write", ["@o", "x"]], [R, "fchmod", ["@o", 0o600]], [R, "fchown", ["@o", 1, 1]], [R, "ftruncate", ["@o", 0]], [R, "newfstatat", ["@o", "", 0x1000]],
        [R, "lseek", ["@o", 0, 0]], [R, "getdents64", ["@o"]], [R, "fchdir", ["@o"]], [R, "dup", ["@o"], "o2"], [R, "flock", ["@o", "LOCK_SH"]],
        [R, "openat", [-100, "/d", PATH], "dp"], [R, "fchdir", ["@dp"]], [R, "getcwd", []], [R, "getdents64", ["@dp"]], [R, "openat", ["@dp", "x", WR | CREAT, 0o600], "x"], stat("/d/x"),
        [R, "openat", [-100, "/d", RW | TMPFILE, 0o600], "tmp"], [R, "newfstatat", ["@tmp", "", 0x1000]], [R, "openat", [-100, "/d", RD | TMPFILE, 0o600]], [R, "openat", [-100, "/f", RW | TMPFILE, 0o600]],
        [R, "write", ["@tmp", "abc"]], [R, "linkat", ["@tmp", "", -100, "/linked", 0x1000]], stat("/linked"),
        [A, "openat", [-100, "/f", RD | NOATIME]], [A, "openat", [-100, "/f", RD], "r"], [A, "write", ["@r", "x"]], [A, "openat", [-100, "", RD]], [A, "openat", [99, "f", RD]], [A, "openat", [99, "/f", RD], "ok"], [R, "openat", ["@n", "f", RD]],
    ]),
    ("a directory descriptor and its directory removed", [
        [R, "mkdirat", [-100, "/d", 0o755]], [R, "openat", [-100, "/d", RD | DIRECTORY], "d"], [R, "chdir", ["/d"]], *make("/d/f"), [R, "getdents64", ["@d"]],
        [R, "unlinkat", [-100, "/d", 0x200]], [R, "unlinkat", [-100, "/d", 0]], [R, "unlinkat", [-100, "f", 0]], [R, "unlinkat", [-100, "/d", 0x200]],
        [R, "getcwd", []], [R, "newfstatat", [-100, ".", 0]], [R, "newfstatat", ["@d", "", 0x1000]], [R, "openat", [-100, "x", WR | CREAT, 0o644]], [R, "mkdirat", ["@d", "y", 0o755]], [R, "newfstatat", [-100, "..", 0]], [R, "openat", [-100, ".", RD], "again"], [R, "getdents64", ["@again"]],
        [R, "chdir", ["."]], [R, "chdir", [".."]], [R, "getcwd", []],
    ]),
    ("an open file outlives its name", [
        *make("/f"), [R, "openat", [-100, "/f", RW], "f"], [R, "write", ["@f", "hello"]], [R, "unlinkat", [-100, "/f", 0]], [R, "newfstatat", ["@f", "", 0x1000]], [R, "pread64", ["@f", 10, 1]], [R, "fchmod", ["@f", 0o600]], [R, "linkat", ["@f", "", -100, "/g", 0x1000]], [R, "close", ["@f"]], [R, "close", ["@f"]],
    ]),
    ("reading and writing", [
        [R, "openat", [-100, "/f", RW | CREAT, 0o644], "f"], [R, "write", ["@f", "hello"]], [R, "lseek", ["@f", 1, 0]], [R, "read", ["@f", 2]], [R, "lseek", ["@f", -1, 1]], [R, "lseek", ["@f", -9, 2]], [R, "lseek", ["@f", 3, 2]], [R, "write", ["@f", "x"]], [R, "lseek", ["@f", 0, 0]], [R, "read", ["@f", 100]], [R, "read", ["@f", 1]],
        [R, "lseek", ["@f", 0, 3]], [R, "lseek", ["@f", 0, 4]], [R, "lseek", ["@f", 0, 7]], [R, "openat", [-100, "/f", WR | APPEND], "a"], [R, "write", ["@a", "end"]], [R, "lseek", ["@a", 0, 1]], [R, "read", ["@a", 1]], [R, "pwrite64", ["@a", "!", 0]], [R, "pread64", ["@f", 100, 0]], [R, "pread64", ["@f", 1, -1]], [R, "ftruncate", ["@f", 3]], [R, "ftruncate", ["@f", -1]], [R, "pread64", ["@f", 100, 0]],
        [R, "ftruncate", ["@f", 6]], [R, "pread64", ["@f", 100, 0]], [R, "openat", [-100, "/", RD], "d"], [R, "read", ["@d", 1]], [R, "write", ["@d", "x"]], [R, "pread64", ["@d", 1, 0]], [R, "ftruncate", ["@d", 0]], [R, "getdents64", ["@f"]], [R, "read", [99, 1]], [R, "openat", [-100, "/f", RD], "r"], [R, "ftruncate", ["@r", 0]], [R, "truncate", ["/", 0]], [R, "truncate", ["/none", 0]], [R, "truncate", ["/f", -1]],
    ]),
    ("names that are too long, chains of links", [
        [R, "mkdirat", [-100, "/" + LONG, 0o755]], [R, "mkdirat", [-100, "/" + LONG + "n", 0o755]], [R, "newfstatat", [-100, "/" + LONG + "n/x", 0]], [R, "newfstatat", [-100, "/" + "./" * 2047 + "x", 0]], [R, "newfstatat", [-100, "/" + "./" * 2048 + "x", 0]],
        [R, "symlinkat", ["x" * 4095, -100, "/big"]], [R, "symlinkat", ["x" * 4096, -100, "/bigger"]], [R, "symlinkat", ["", -100, "/empty"]], [R, "newfstatat", [-100, "/big", 0]], [R, "newfstatat", [-100, "/big", 0x100]],
        *[[R, "symlinkat", [f"l{i - 1}" if i else "/", -100, f"/l{i}"]] for i in range(42)], [R, "newfstatat", [-100, "/l38", 0]], [R, "newfstatat", [-100, "/l39", 0]], [R, "newfstatat", [-100, "/l40", 0]], [R, "newfstatat", [-100, "/l40", 0x100]], [R, "symlinkat", ["self", -100, "/self"]], [R, "openat", [-100, "/self", RD]], [R, "openat", [-100, "/self", WR | CREAT, 0o644]], [R, "mkdirat", [-100, "/self", 0o755]], [R, "newfstatat", [-100, "/self/", 0x100]],
        [R, "mkdirat", [-100, "/\u00e9" + "\u00e9" * 127, 0o755]], [R, "mkdirat", [-100, "/" + "\u00e9" * 127, 0o755]],
    ]),
    ("rename: every kind onto every kind", [
        *make("/f"), *make("/g"), [R, "mkdirat", [-100, "/d", 0o755]], [R, "mkdirat", [-100, "/e", 0o755]], [R, "mkdirat", [-100, "/full", 0o755]], *make("/full/x"), [R, "symlinkat", ["f", -100, "/l"]], [R, "linkat", [-100, "/f", -100, "/f2", 0]],
        *[[R, "renameat2", [-100, a, -100, b, 0]] for a, b in [("/f", "/d"), ("/d", "/f"), ("/d", "/full"), ("/full", "/d/"), ("/d", "/d/sub"), ("/f", "/f/x"), ("/none", "/x"), ("/f", "/f2"), ("/f", "/none/x"), ("/f", "/x/"), ("/e", "/x/"), ("/x", "/e"), ("/.", "/y"), ("/e/.", "/y"), ("/e/..", "/y"), ("/e", "/."), ("/e", "/full/.."), ("/full/x", "/full"), ("/l", "/g"), ("/f/", "/z"), ("/f", "/f"), ("/e", "/e"), ("/full", "/")]],
        *[[R, "renameat2", [-100, a, -100, b, f]] for a, b, f in [("/f", "/f2", 1), ("/f", "/fresh", 1), ("/fresh", "/e", 2), ("/fresh", "/none", 2), ("/e", "/full", 3), ("/e", "/full", 2), ("/e", "/e", 1), ("/e", "/e", 2), ("/none", "/none2", 2), ("/e", "/e/x", 2), ("/full", "/e", 8)]],
        *[stat(p) for p in ("/f", "/f2", "/g", "/d", "/e", "/full", "/l", "/x", "/y", "/fresh", "/full/x", "/e/x", "/")],
    ]),
    ("rename: a directory of somebody else to another parent", [
        [R, "mkdirat", [-100, "/p", 0o777]], [R, "fchmodat", [-100, "/p", 0o777]], [R, "mkdirat", [-100, "/q", 0o777]], [R, "fchmodat", [-100, "/q", 0o777]], [R, "mkdirat", [-100, "/p/d", 0o755]], *make("/p/f"),
        [A, "renameat2", [-100, "/p/d", -100, "/p/e", 0]], [A, "renameat2", [-100, "/p/e", -100, "/q/e", 0]], [A, "renameat2", [-100, "/p/f", -100, "/q/f", 0]], ["dac", "renameat2", [-100, "/p/e", -100, "/q/e", 0]], stat("/p"), stat("/q"),
        [A, "renameat2", [-100, "/q/f", -100, "/q/e", 2]], [A, "mkdirat", [-100, "/q/own", 0o755]], [A, "renameat2", [-100, "/q/own", -100, "/p/own", 0]], [A, "renameat2", [-100, "/p/own", -100, "/q/e", 2]],
    ]),
    ("link", [
        *make("/f"), [R, "mkdirat", [-100, "/o", 0o777]], [R, "fchmodat", [-100, "/o", 0o777]], *make("/o/w", 0o666), [R, "fchmodat", [-100, "/o/w", 0o666]], *make("/o/s", 0o755), [R, "fchmodat", [-100, "/o/s", 0o4777]], [R, "mkdirat", [-100, "/o/d", 0o777]], [R, "symlinkat", ["w", -100, "/o/l"]], [R, "mknodat", [-100, "/o/p", 0o010666, 0]],
        *[[A, "linkat", [-100, a, -100, "/o/" + b, f]] for a, b, f in [("/f", "1", 0), ("/o/w", "2", 0), ("/o/s", "3", 0), ("/o/d", "4", 0), ("/o/l", "5", 0), ("/o/l", "6", 0x400), ("/o/p", "7", 0), ("/o/none", "8", 0), ("/o/w", "2", 0), ("/o/w", "9/", 0), ("/o/w/", "a", 0), ("/o/w", "b/c", 0), ("/o/w", "", 0)]],
        [R, "linkat", [-100, "/o/l", -100, "/o/c", 0]], stat("/o/c"), [R, "linkat", [-100, "/o/d", -100, "/o/e", 0]], [R, "linkat", [-100, "/f", -100, "/o/g", 0x800]], [R, "openat", [-100, "/f", RD], "fd"], [R, "linkat", ["@fd", "", -100, "/o/h", 0x1000]], stat("/f"), stat("/o/w"),
    ]),
    ("unlink, rmdir, mkdir, mknod", [
        [R, "mkdirat", [-100, "/d", 0o777]], *make("/d/f"), [R, "symlinkat", ["d", -100, "/ld"]], [R, "symlinkat", ["d/f", -100, "/lf"]],
        *[[R, "unlinkat", [-100, p, f]] for p, f in [("/d", 0), ("/d/f", 0x200), ("/d/f/", 0), ("/d", 0x200), ("/ld", 0x200), ("/ld/", 0x200), ("/ld/", 0), ("/lf/", 0), ("/d/.", 0x200), ("/d/..", 0x200), (".", 0x200), ("..", 0x200), ("/", 0x200), ("/", 0), ("/d/f/x", 0), ("", 0), ("/none", 0), ("/none/", 0x200), ("/d", 0x100)]],
        *[[R, "mkdirat", [-100, p, m]] for p, m in [("/d", 0o755), ("/d/", 0o755), ("/ld", 0o755), ("/lf", 0o755), ("/n/", 0o7777), ("/d/f/x", 0o755), ("/none/x", 0o755), ("/", 0o755), ("/d/.", 0o755), ("/d/..", 0o755), ("", 0o755)]], stat("/n"),
        *[[w, "mknodat", [-100, p, m, v]] for w, p, m, v in [(R, "/p", 0o010777, 0), (R, "/p", 0o010777, 0), (R, "/c", 0o020666, 0x103), (R, "/b", 0o060600, 0x801), (R, "/s", 0o140777, 0), (R, "/r", 0o644, 0), (R, "/x", 0o040755, 0), (R, "/y", 0o120777, 0), (R, "/z/", 0o010644, 0), ("none", "/c2", 0o020666, 0x103), ("none", "/none/c2", 0o020666, 0x103), ("none", "/p", 0o020666, 0x103), (A, "/a", 0o020666, 0x103), (A, "/a", 0o010666, 0)]],
        *[stat(p) for p in ("/p", "/c", "/b", "/s", "/r")], [R, "openat", [-100, "/s", RD]], [R, "openat", [-100, "/s", PATH], "s"], [R, "openat", [-100, "/p", WR | NONBLOCK]], [R, "openat", [-100, "/p", RD | NONBLOCK], "p"], [R, "openat", [-100, "/p", WR | NONBLOCK], "w"], [R, "write", ["@w", "hi"]], [R, "read", ["@p", 9]], [R, "read", ["@p", 9]], [R, "lseek", ["@p", 0, 0]], [R, "pread64", ["@p", 1, 0]], [R, "ftruncate", ["@w", 0]], [R, "truncate", ["/p", 0]],
    ]),
    ("chmod and chown: who may, what goes", [
        *[step for n in "abcdef" for step in make("/" + n, 0o644, R)], *[[R, "fchownat", [-100, "/" + n, 1000, 1000, 0]] for n in "abcdef"],
        *[[w, "fchmodat", [-100, "/a", m]] for w, m in [(A, 0o4755), (B, 0o644), ("own", 0o6755), ("none", 0o644), ("dac", 0o644), (A, 0o2755)]], stat("/a"),
        [R, "fchownat", [-100, "/b", 1000, 77, 0]], [A, "fchmodat", [-100, "/b", 0o2755]], stat("/b"), ["fsid", "fchmodat", [-100, "/b", 0o2755]], stat("/b"), [A, "fchmodat", [-100, "/b", 0o7777]], stat("/b"),
        [A, "fchmodat", [-100, "/c", 0o6755]], [A, "fchownat", [-100, "/c", -1, -1, 0]], stat("/c"), [A, "fchmodat", [-100, "/c", 0o6755]], [A, "fchownat", [-100, "/c", 1000, -1, 0]], stat("/c"), [A, "fchmodat", [-100, "/c", 0o6745]], [A, "fchownat", [-100, "/c", -1, 2000, 0]], stat("/c"), [R, "fchmodat", [-100, "/c", 0o6755]], [R, "fchownat", [-100, "/c", -1, -1, 0]], stat("/c"),
        *[[w, "fchownat", [-100, "/d", u, g, 0]] for w, u, g in [(A, 1001, -1), (A, -1, 1001), (A, -1, 2000), (A, 1000, 2000), (A, 1001, 2000), (B, -1, 2000), (B, -1, -1), ("own", -1, 2000), ("chn", 1003, 1003), ("none", 0, 0), (R, 0xFFFFFFFE, -1)]], stat("/d"),
        [R, "mkdirat", [-100, "/dir", 0o755]], [R, "fchmodat", [-100, "/dir", 0o6755]], [R, "fchownat", [-100, "/dir", 5, 5, 0]], stat("/dir"), [R, "symlinkat", ["e", -100, "/l"]], [R, "fchownat", [-100, "/l", 9, 9, 0x100]], stat("/l"), stat("/e"), [R, "fchownat", [-100, "/l", 9, 9, 0]], stat("/e"), [R, "fchmodat", [-100, "/l", 0o600]], stat("/e"), [R, "fchownat", [-100, "", 1, 1, 0x1000]], [R, "fchmodat", [-100, "/f/", 0o600]], [R, "fchmodat", [-100, "/f", 0o170000]], stat("/f"),
    ]),
    ("writing clears set-id bits", [
        *[step for n in "abcd" for step in [*make("/" + n, 0o666, R), [R, "fchownat", [-100, "/" + n, 1001, 1001, 0]]]],
        *[step for n, m in (("a", 0o6777), ("b", 0o2767), ("c", 0o4666), ("d", 0o6666)) for step in [[R, "fchmodat", [-100, "/" + n, m]], [A, "openat", [-100, "/" + n, WR], "f"], [A, "write", ["@f", ""]], stat("/" + n), [A, "write", ["@f", "x"]], stat("/" + n), [R, "fchmodat", [-100, "/" + n, m]], [A, "ftruncate", ["@f", 0]], stat("/" + n), [R, "fchmodat", [-100, "/" + n, m]], [A, "openat", [-100, "/" + n, WR | TRUNC], "g"], stat("/" + n), [R, "fchmodat", [-100, "/" + n, m]], [A, "truncate", ["/" + n, 0]], stat("/" + n), [R, "fchmodat", [-100, "/" + n, m]], ["fsid", "openat", [-100, "/" + n, WR], "f"], ["fsid", "write", ["@f", "x"]], stat("/" + n)]],
    ]),
    ("setgid directories", [
        [R, "mkdirat", [-100, "/s", 0o777]], [R, "fchownat", [-100, "/s", 0, 77, 0]], [R, "fchmodat", [-100, "/s", 0o2777]],
        *make("/s/f", 0o2775, A), stat("/s/f"), *make("/s/g", 0o2644, A), stat("/s/g"), [A, "mkdirat", [-100, "/s/d", 0o700]], stat("/s/d"), [A, "mknodat", [-100, "/s/p", 0o012775, 0]], stat("/s/p"), [A, "symlinkat", ["f", -100, "/s/l"]], stat("/s/l"), *make("/s/r", 0o2775, R), stat("/s/r"), *make("/s/h", 0o2775, "fsid"), stat("/s/h"), [A, "fchmodat", [-100, "/s/d", 0o755]], stat("/s/d"), [A, "fchmodat", [-100, "/s/d", 0o2755]], stat("/s/d"),
        [A, "umask", [0o77]], [A, "umask", [0o1777]], [A, "umask", [0]], *make("/s/u", 0o7777, A), stat("/s/u"),
    ]),
    ("sticky and world-writable", [
        [R, "mkdirat", [-100, "/t", 0o777]], [R, "fchmodat", [-100, "/t", 0o1777]], *make("/t/a", 0o666, A), [A, "fchmodat", [-100, "/t/a", 0o666]], [A, "mknodat", [-100, "/t/p", 0o010666, 0]], [A, "fchmodat", [-100, "/t/p", 0o666]], [A, "symlinkat", ["/t/a", -100, "/t/l"]], *make("/t/r", 0o666, R), [R, "fchmodat", [-100, "/t/r", 0o666]],
        *[[w, "openat", [-100, p, f | NONBLOCK, 0o644], "x"] for w in (B, "none", R, "dac", "own") for p, f in (("/t/a", WR | CREAT), ("/t/a", RD), ("/t/r", WR | CREAT), ("/t/p", RW | CREAT), ("/t/p", RW), ("/t/l", RD))],
        *[[w, "unlinkat", [-100, "/t/a", 0]] for w in (B, "none", "dac", "own")], *[[w, "renameat2", [-100, "/t/r", -100, "/t/r2", 0]] for w in (B, "dac", R)], [B, "renameat2", [-100, "/t/r2", -100, "/t/l", 0]], *make("/t/b", 0o644, B), [B, "renameat2", [-100, "/t/b", -100, "/t/l", 0]], [B, "linkat", [-100, "/t/r2", -100, "/t/r3", 0]], [A, "unlinkat", [-100, "/t/l", 0]],
        [R, "mkdirat", [-100, "/g", 0o777]], [R, "fchownat", [-100, "/g", 0, 2000, 0]], [R, "fchmodat", [-100, "/g", 0o1770]], *make("/g/a", 0o666, A), [A, "fchmodat", [-100, "/g/a", 0o666]], [A, "mknodat", [-100, "/g/p", 0o010666, 0]], [A, "fchmodat", [-100, "/g/p", 0o666]], [B, "openat", [-100, "/g/a", WR | CREAT], "x"], [B, "openat", [-100, "/g/a", WR], "x"], [B, "openat", [-100, "/g/p", RW | CREAT | NONBLOCK], "x"],
    ]),
    ("exactly one class", [
        *[step for i, (u, g, m) in enumerate([(1000, 1, 0o077), (1, 2000, 0o707), (1, 1, 0o770), (1000, 2000, 0o007), (1, 2000, 0o060), (1, 2000, 0o010), (1, 1, 0o001)]) for step in [*make(f"/f{i}"), [R, "fchownat", [-100, f"/f{i}", u, g, 0]], [R, "fchmodat", [-100, f"/f{i}", m]], *[[w, "faccessat2", [-100, f"/f{i}", want, 0x200]] for w in (A, "none", "dac", "see", R) for want in (4, 2, 1, 7)], [A, "openat", [-100, f"/f{i}", RW], "f"]]],
        *[step for i, m in enumerate([0o400, 0o100, 0o200, 0o300, 0o000]) for step in [[A, "mkdirat", [-100, "/no", 0o755]], [R, "mkdirat", [-100, f"/d{i}", 0o777]], *make(f"/d{i}/f"), [R, "fchownat", [-100, f"/d{i}", 1000, 1000, 0]], [R, "fchmodat", [-100, f"/d{i}", m]], *[step for w in (A, "see", "dac", "none") for step in [[w, "openat", [-100, f"/d{i}", RD], "d"], [w, "newfstatat", [-100, f"/d{i}/f", 0]], [w, "newfstatat", [-100, f"/d{i}/none", 0]], [w, "openat", [-100, f"/d{i}/new", WR | CREAT, 0o644], "n"], [w, "unlinkat", [-100, f"/d{i}/new", 0]], [w, "unlinkat", [-100, f"/d{i}/none", 0]], [w, "chdir", [f"/d{i}"]], [w, "newfstatat", [-100, f"/d{i}/f/x", 0]]]]]],
    ]),
    ("times", [
        *make("/f", 0o666), [R, "fchmodat", [-100, "/f", 0o666]], *make("/r"), *[[w, "utimensat", [-100, p, a, m, 0]] for w in (A, "own", "dac", R) for p in ("/f", "/r") for a, m in (("now", "now"), ("omit", "now"), (5, 5), ("omit", "omit"), ("now", 5))], [A, "utimensat", [-100, "/none", "omit", "omit", 0]], [A, "utimensat", [-100, "/none", "now", "now", 0]], [R, "openat", [-100, "/f", RD], "f"], [R, "utimensat", ["@f", "", "now", "now", 0]],
    ]),
    ("extended attributes", [
        *make("/f", 0o644, R), [R, "fchownat", [-100, "/f", 1000, 1000, 0]], [R, "mkdirat", [-100, "/d", 0o777]], [R, "fchmodat", [-100, "/d", 0o1777]], [R, "symlinkat", ["f", -100, "/l"]], [R, "mknodat", [-100, "/p", 0o010666, 0]],
        *[[w, "setxattr", [p, n, v, f, True]] for w, p, n, v, f in [(A, "/f", "user.a", "6869", 0), (A, "/f", "user.a", "68", 1), (A, "/f", "user.b", "68", 2), (A, "/f", "user.a", "", 2), (B, "/f", "user.b", "68", 0), (A, "/d", "user.a", "68", 0), (R, "/d", "user.a", "68", 0), (A, "/p", "user.a", "68", 0), (R, "/p", "user.a", "68", 0), (A, "/f", "trusted.a", "68", 0), (R, "/f", "trusted.a", "68", 0), (A, "/f", "security.a", "68", 0), (R, "/f", "security.a", "68", 0), (A, "/f", "system.a", "68", 0), (A, "/f", "nope.a", "68", 0), (A, "/f", "user.", "68", 0), (A, "/f", "plain", "68", 0), (A, "/f", "user." + "x" * 251, "68", 0), (A, "/f", "user." + "x" * 250, "68", 0), (A, "/f", "user.x", "68", 4), (A, "/f", "", "68", 0), (R, "/f", "security.capability", "68", 0), (A, "/f", "security.capability", "0100000200200000000000000000000000000000"[:40], 0), (R, "/f", "security.capability", "0100000200200000000000000000000000000000", 0)]],
        *[[w, "getxattr", [p, n, True]] for w in (A, B, R) for p, n in [("/f", "user.a"), ("/f", "user.none"), ("/f", "trusted.a"), ("/f", "trusted.none"), ("/f", "security.a"), ("/f", "security.capability"), ("/f", "system.a"), ("/p", "user.a"), ("/none", "user.a"), ("/l", "user.a"), ("/f", "nope.a")]],
        [A, "getxattr", ["/l", "user.a", False]], [A, "setxattr", ["/l", "user.a", "68", 0, False]], [A, "listxattr", ["/f", True]], [R, "listxattr", ["/f", True]], [R, "listxattr", ["/l", False]], [A, "listxattr", ["/none", True]], [B, "removexattr", ["/f", "user.a", True]], [A, "removexattr", ["/f", "user.a", True]], [A, "removexattr", ["/f", "user.a", True]], [A, "removexattr", ["/f", "security.capability", True]], [A, "fchownat", [-100, "/f", -1, -1, 0]], [R, "getxattr", ["/f", "security.capability", True]],
        [R, "setxattr", ["/f", "security.capability", "0100000200200000000000000000000000000000", 0, True]], [R, "openat", [-100, "/f", WR], "w"], [R, "getxattr", ["/f", "security.capability", True]], [R, "write", ["@w", "x"]], [R, "getxattr", ["/f", "security.capability", True]],
    ]),
    ("access lists: who may set one, what is valid", [
        *make("/f", 0o640), [R, "fchownat", [-100, "/f", 1000, 1000, 0]], [R, "mkdirat", [-100, "/d", 0o755]], [R, "symlinkat", ["f", -100, "/l"]],
        get("/f"), put(B, "/f", ACCESS, "u::rw", "g::r", "o::"), put("own", "/f", ACCESS, "u::rw", "g::r", "o::"), put(A, "/f", ACCESS, "u::rw", "u:1001:rw", "g::r", "m::rw", "o::"), stat("/f"), get("/f"), [A, "listxattr", ["/f", True]], get("/f", who=B),
        put(A, "/f", ACCESS, "u::rw", "u:1001:rw", "g::r", "o::"), put(A, "/f", ACCESS, "u::rw", "g::r"), put(A, "/f", ACCESS, "g::r", "u::rw", "o::"), put(A, "/f", ACCESS, "u::rw", "u:1001:rw", "u:1001:r", "g::r", "m::r", "o::"), put(A, "/f", ACCESS, "u::rw", "g::r", "m::r", "m::r", "o::"), [A, "setxattr", ["/f", ACCESS, "0100000001000600ffffffff", 0, True]], [A, "setxattr", ["/f", ACCESS, "02000000", 0, True]], stat("/f"), get("/f"),
        put(A, "/f", ACCESS, "u::rwx", "g::rx", "g:2000:rwx", "m::rx", "o::r"), stat("/f"), [A, "fchmodat", [-100, "/f", 0o600]], stat("/f"), get("/f"), [A, "fchmodat", [-100, "/f", 0o2777]], stat("/f"), get("/f"), put(A, "/f", ACCESS, "u::rw", "g::r", "o::"), stat("/f"), get("/f"), put(A, "/f", ACCESS, "u::rw", "g::r", "m::rwx", "o::"), stat("/f"), get("/f"), [A, "removexattr", ["/f", ACCESS, True]], stat("/f"), get("/f"), [A, "removexattr", ["/f", ACCESS, True]],
        put(A, "/f", DEFAULT, "u::rw", "g::r", "o::"), put(R, "/d", DEFAULT, "u::rwx", "u:1000:rwx", "g::rx", "m::rwx", "o::"), get("/d", DEFAULT), [R, "listxattr", ["/d", True]], [R, "setxattr", ["/l", ACCESS, acl("u::rw", "g::r", "o::"), 0, False]], [R, "getxattr", ["/l", ACCESS, False]],
        [R, "fchownat", [-100, "/f", 1000, 5, 0]], [R, "fchmodat", [-100, "/f", 0o2755]], put(A, "/f", ACCESS, "u::rw", "g::r", "o::r"), stat("/f"),
    ]),
    ("access lists: what they allow", [
        *[step for i, (mode, entries) in enumerate([
            (0o600, ("u::rw", "u:1000:rw", "g::", "m::rw", "o::")), (0o600, ("u::rw", "u:1000:rw", "g::", "m::r", "o::")), (0o600, ("u::rw", "u:1000:", "g::rwx", "m::rwx", "o::rwx")),
            (0o600, ("u::rw", "g::", "g:2000:rw", "m::rw", "o::")), (0o600, ("u::rw", "g::r", "g:2000:w", "m::rw", "o::")), (0o600, ("u::rw", "g::r", "g:2000:r", "m::", "o::rwx")), (0o600, ("u::", "g::rw", "m::rw", "o::rw")), (0o600, ("u::rw", "u:7:rwx", "g::", "m::r", "o::rwx")), (0o600, ("u::rw", "u:7:rwx", "g::", "m::", "o::rwx"))])
          for step in [*make(f"/f{i}"), put(R, f"/f{i}", ACCESS, *entries), *[[w, "faccessat2", [-100, f"/f{i}", want, 0x200]] for w in (A, B, "none", "see", "dac", R, "fsid") for want in (4, 2, 6, 1)]]],
        [R, "fchownat", [-100, "/f3", 1000, 1000, 0]], [A, "openat", [-100, "/f3", RW], "x"], [R, "mkdirat", [-100, "/d", 0o700]], put(R, "/d", ACCESS, "u::rwx", "u:1000:x", "g::", "m::x", "o::"), *make("/d/f", 0o666), [A, "newfstatat", [-100, "/d/f", 0]], [A, "openat", [-100, "/d", RD]], [B, "newfstatat", [-100, "/d/f", 0]], [A, "openat", [-100, "/d/n", WR | CREAT, 0o644]],
    ]),
    ("access lists: what new inodes inherit", [
        [R, "mkdirat", [-100, "/d", 0o777]], [R, "fchmodat", [-100, "/d", 0o2777]], put(R, "/d", DEFAULT, "u::rwx", "u:1001:rwx", "g::rwx", "m::rwx", "o::"),
        *[step for n, m in (("a", 0o666), ("b", 0o600), ("c", 0o777), ("e", 0o444)) for step in [*make("/d/" + n, m, A), stat("/d/" + n), get("/d/" + n), get("/d/" + n, DEFAULT)]], [A, "mkdirat", [-100, "/d/s", 0o777]], stat("/d/s"), get("/d/s"), get("/d/s", DEFAULT), [A, "mkdirat", [-100, "/d/t", 0o700]], stat("/d/t"), get("/d/t"), [A, "mknodat", [-100, "/d/p", 0o010666, 0]], stat("/d/p"), get("/d/p"), [A, "symlinkat", ["a", -100, "/d/l"]], stat("/d/l"), [A, "openat", [-100, "/d", RW | TMPFILE, 0o666], "t"], [A, "newfstatat", ["@t", "", 0x1000]],
        put(R, "/d", DEFAULT, "u::rw", "g::r", "o::r"), *make("/d/g", 0o666, A), stat("/d/g"), get("/d/g"), [A, "mkdirat", [-100, "/d/u", 0o777]], stat("/d/u"), get("/d/u"), get("/d/u", DEFAULT), [R, "setxattr", ["/d", DEFAULT, "", 0, True]], *make("/d/h", 0o666, A), stat("/d/h"),
    ]),
    ("inode flags", [
        *make("/f"), *make("/a"), [R, "mkdirat", [-100, "/d", 0o755]], *make("/d/x"),
        [R, "openat", [-100, "/f", RD], "f"], [R, "ioctl", ["@f", {"request": "FS_IOC_GETFLAGS"}]], ["none", "openat", [-100, "/f", RD], "n"], ["none", "ioctl", ["@n", {"request": "FS_IOC_SETFLAGS", "flags": 0x10}]], [R, "openat", [-100, "/f", WR], "w"], [R, "ioctl", ["@f", {"request": "FS_IOC_SETFLAGS", "flags": 0x10}]], [R, "ioctl", ["@f", {"request": "FS_IOC_GETFLAGS"}]], [R, "write", ["@w", "x"]],
        *[[R, c, a] for c, a in [("openat", [-100, "/f", WR]), ("openat", [-100, "/f", RD | TRUNC]), ("openat", [-100, "/f", WR | APPEND]), ("fchmodat", [-100, "/f", 0o600]), ("fchownat", [-100, "/f", 1, 1, 0]), ("unlinkat", [-100, "/f", 0]), ("renameat2", [-100, "/f", -100, "/g", 0]), ("renameat2", [-100, "/a", -100, "/f", 0]), ("linkat", [-100, "/f", -100, "/g", 0]), ("truncate", ["/f", 0]), ("utimensat", [-100, "/f", "now", "now", 0]), ("utimensat", [-100, "/f", 5, 5, 0]), ("setxattr", ["/f", "user.a", "68", 0, True]), ("faccessat2", [-100, "/f", 2, 0]), ("faccessat2", [-100, "/f", 4, 0]), ("ftruncate", ["@w", 0])]],
        [R, "ioctl", ["@f", {"request": "FS_IOC_SETFLAGS", "flags": 0}]], [R, "unlinkat", [-100, "/f", 0]],
        [R, "openat", [-100, "/a", RW], "a"], [R, "ioctl", ["@a", {"request": "FS_IOC_SETFLAGS", "flags": 0x20}]], *[[R, c, a, *s] for c, a, *s in [("openat", [-100, "/a", WR]), ("openat", [-100, "/a", WR | APPEND], "ap"), ("openat", [-100, "/a", RD | TRUNC]), ("openat", [-100, "/a", RD], "rd"), ("write", ["@ap", "hello"]), ("ftruncate", ["@ap", 0]), ("truncate", ["/a", 0]), ("fchmodat", [-100, "/a", 0o600]), ("unlinkat", [-100, "/a", 0]), ("linkat", [-100, "/a", -100, "/g", 0]), ("renameat2", [-100, "/a", -100, "/g", 0]), ("utimensat", [-100, "/a", "now", "now", 0]), ("utimensat", [-100, "/a", 5, 5, 0]), ("setxattr", ["/a", "user.a", "68", 0, True])]],
        [R, "openat", [-100, "/d", RD], "d"], [R, "ioctl", ["@d", {"request": "FS_IOC_SETFLAGS", "flags": 0x20}]], *make("/d/y"), [R, "unlinkat", [-100, "/d/x", 0]], [R, "renameat2", [-100, "/d/x", -100, "/d/z", 0]], [R, "ioctl", ["@d", {"request": "FS_IOC_SETFLAGS", "flags": 0x10}]], *make("/d/z"), [R, "unlinkat", [-100, "/d/x", 0]], [R, "mkdirat", [-100, "/d/q", 0o755]], [R, "openat", [-100, "/d/x", WR], "x"], [R, "write", ["@x", "ok"]], [R, "ioctl", ["@d", {"request": "FS_IOC_SETFLAGS", "flags": 0}]],
    ]),
    ("a full file system", [
        [R, "openat", [-100, "/f", WR | CREAT, 0o644], "f"], *[[R, "write", ["@f", "x" * 3000]] for _ in range(23)], [R, "newfstatat", ["@f", "", 0x1000]], [R, "mkdirat", [-100, "/d", 0o755]], *make("/g"), [R, "openat", [-100, "/g", WR], "g"], [R, "write", ["@g", "x"]], [R, "truncate", ["/f", 4096]], [R, "write", ["@g", "x"]], [R, "truncate", ["/g", 100000000]], stat("/g"),
    ]),
    ("locks", [
        *make("/f", 0o666), [R, "openat", [-100, "/f", RD], "f"], [A, "openat", [-100, "/f", RD], "f"], [R, "flock", ["@f", "LOCK_EX", True]], [A, "flock", ["@f", "LOCK_SH", True]], [R, "flock", ["@f", "LOCK_SH", True]], [A, "flock", ["@f", "LOCK_SH", True]], [A, "flock", ["@f", "LOCK_EX", True]], [R, "dup", ["@f"], "g"], [R, "close", ["@f"]], [A, "flock", ["@f", "LOCK_EX", True]], [R, "close", ["@g"]], [A, "flock", ["@f", "LOCK_EX", True]], [A, "flock", ["@f", "LOCK_UN"]], [A, "flock", [99, "LOCK_UN"]],
    ]),
    ("chroot and ..", [
        [R, "mkdirat", [-100, "/j", 0o755]], [R, "mkdirat", [-100, "/j/k", 0o755]], [A, "chroot", ["/j"]], ["none", "chroot", ["/j"]], [R, "chroot", ["/none"]], [R, "chdir", ["/j/k"]], [R, "chroot", ["/j"]], [R, "getcwd", []], [R, "newfstatat", [-100, "/..", 0]], [R, "newfstatat", [-100, "/k", 0]], [R, "chdir", ["../.."]], [R, "getcwd", []],
    ]),
]

HOLES = [
    [R, "openat", [-100, "/f", RW | CREAT, 0o644], "f"],
    [R, "lseek", ["@f", 0, 3]], [R, "lseek", ["@f", 0, 4]],
    [R, "ftruncate", ["@f", 300000]], [R, "lseek", ["@f", 0, 3]], [R, "lseek", ["@f", 0, 4]], [R, "lseek", ["@f", 300000, 4]], [R, "lseek", ["@f", 299999, 4]],
    [R, "pwrite64", ["@f", "x", 131072]], [R, "lseek", ["@f", 0, 3]], [R, "lseek", ["@f", 131072, 3]], [R, "lseek", ["@f", 131072, 4]],
    [R, "lseek", ["@f", 131073, 3]], [R, "lseek", ["@f", 140000, 3]], [R, "lseek", ["@f", 140000, 4]], [R, "lseek", ["@f", -1, 3]], [R, "lseek", ["@f", 0, 5]],
    [R, "lseek", ["@f", 0, 1]], [R, "pwrite64", ["@f", "head", 0]], [R, "lseek", ["@f", 0, 4]], [R, "lseek", ["@f", 4, 3]], [R, "lseek", ["@f", 5000, 3]],
    [R, "ftruncate", ["@f", 4]], [R, "lseek", ["@f", 0, 4]], [R, "lseek", ["@f", 4, 4]],
    [R, "openat", [-100, "/", RD, 0], "d"], [R, "lseek", ["@d", 0, 4]],
]
MOUNTS = [
    *make("/f"), [R, "mkdirat", [-100, "/m", 0o777]], [R, "mkdirat", [-100, "/d", 0o777]], *make("/d/g"),
    [R, "mount", ["/d", "/m", "", 0x1000, ""]],
    *[[R, call, [-100, a, -100, b, 0]] for call in ("linkat", "renameat2") for a, b in (("/f", "/m/f"), ("/m/g", "/d/h"), ("/d/g", "/m/h"), ("/m/g", "/m/g2"), ("/m/g2", "/m/g"), ("/m", "/x"), ("/f", "/m"), ("/d", "/m/d"))],
    [R, "renameat2", [-100, "/nosuch", -100, "/m/x", 0]], [R, "linkat", [-100, "/nosuch", -100, "/m/x", 0]], [R, "renameat2", [-100, "/f", -100, "/m/no/x", 0]],
    [A, "linkat", [-100, "/f", -100, "/m/f", 0]], [A, "renameat2", [-100, "/f", -100, "/m/f", 0]], [A, "linkat", [-100, "/m/g", -100, "/h", 0]],
    [R, "unlinkat", [-100, "/m", 0x200]], [R, "unlinkat", [-100, "/m", 0]], [R, "unlinkat", [-100, "/d", 0x200]], [R, "renameat2", [-100, "/d", -100, "/e", 0]], stat("/m/g"),
    [R, "umount2", ["/m", 0]], [R, "umount2", ["/m", 0]], [R, "umount2", ["/nosuch", 0]], [A, "umount2", ["/m", 0]], [A, "mount", ["/d", "/m", "", 0x1000, ""]],
]


def on_read_only(who, base):
    """Calls that a read-only mount refuses, in the order that shows what is asked first."""
    f, no = base + "/f", base + "/no"
    return [
        [who, "openat", [-100, f, RD, 0], "t"], [who, "close", ["@t"]], [who, "openat", [-100, f, WR, 0]], [who, "openat", [-100, f, RD | TRUNC, 0]],
        [who, "openat", [-100, f, RD | CREAT, 0o644], "t"], [who, "openat", [-100, f, RD | CREAT | EXCL, 0o644]], [who, "openat", [-100, no, WR | CREAT, 0o644]],
        [who, "openat", [-100, base + "/s/x", WR | CREAT, 0o644]], [who, "openat", [-100, base + "/s/f", WR, 0]], [who, "openat", [-100, base, TMPFILE | RW, 0o600]], [who, "openat", [-100, base + "/p", RD | NONBLOCK, 0], "t"],
        [who, "openat", [-100, base + "/p", WR | NONBLOCK, 0], "u"], [who, "mkdirat", [-100, f, 0o755]], [who, "mkdirat", [-100, no, 0o755]], [who, "mkdirat", [-100, base, 0o755]], [who, "mknodat", [-100, no, 0o010644, 0]], [who, "mknodat", [-100, f, 0o010644, 0]],
        [who, "unlinkat", [-100, f, 0]], [who, "unlinkat", [-100, no, 0]], [who, "unlinkat", [-100, base + "/s", 0x200]], [who, "unlinkat", [-100, f, 0x200]],
        [who, "symlinkat", ["x", -100, no]], [who, "symlinkat", ["x", -100, f]], [who, "linkat", [-100, f, -100, no, 0]], [who, "linkat", [-100, no, -100, f, 0]], [who, "linkat", [-100, f, -100, f, 0]], [who, "linkat", [-100, "/f", -100, no, 0]],
        [who, "renameat2", [-100, f, -100, no, 0]], [who, "renameat2", [-100, no, -100, f, 0]], [who, "renameat2", [-100, f, -100, f, 0]], [who, "renameat2", [-100, f, -100, "/x", 0]],
        [who, "fchmodat", [-100, f, 0o600]], [who, "fchmodat", [-100, no, 0o600]], [who, "fchownat", [-100, f, 0, 0, 0]], [who, "fchownat", [-100, f, -1, -1, 0]], [who, "utimensat", [-100, f, "now", "now", 0]], [who, "utimensat", [-100, f, 5, 5, 0]],
        [who, "truncate", [f, 0]], [who, "truncate", [base, 0]], [who, "truncate", [base + "/p", 0]], [who, "faccessat2", [-100, f, 2, 0]], [who, "faccessat2", [-100, f, 4, 0]], [who, "faccessat2", [-100, base, 2, 0]], [who, "faccessat2", [-100, base + "/p", 2, 0]],
        [who, "setxattr", [f, "user.a", "61", 0, True]], [who, "removexattr", [f, "user.a", True]],
    ]


READ_ONLY = [
    *make("/f"), [R, "mkdirat", [-100, "/m", 0o755]], [R, "mkdirat", [-100, "/b", 0o755]], [R, "mount", ["none", "/m", "tmpfs", 0, "size=64k,nr_inodes=50,mode=755"]], *make("/m/f"), [R, "mkdirat", [-100, "/m/s", 0o700]], *make("/m/s/f"),
    [R, "mknodat", [-100, "/m/p", 0o010666, 0]], [R, "mount", ["/m", "/b", "", 0x1000, ""]], [R, "mount", ["", "/b", "", 0x1021, ""]], *on_read_only(R, "/b"), *on_read_only(A, "/b"), *on_read_only("dac", "/b"),
    *make("/m/new"), stat("/b/new"), [R, "openat", [-100, "/m/f", WR, 0], "w"], [R, "mount", ["", "/m", "", 0x21, ""]], [R, "close", ["@w"]], [R, "mount", ["", "/m", "", 0x21, ""]], *on_read_only(R, "/m"), *on_read_only(A, "/m"),
    [R, "mount", ["", "/m", "", 0x20, ""]], *make("/m/again"), [R, "openat", [-100, "/b/again", WR, 0]],
]
MANY = [
    *make("/f"), [R, "openat", [-100, "/f", RW, 0], "f"], [R, "prlimit64", [0, "RLIMIT_NOFILE", [1, 1]]],
    [R, "openat", [-100, "/f", RD, 0]], [R, "openat", [-100, "/nosuch", RD, 0]], [R, "openat", [-100, "/new", WR | CREAT, 0o644]], stat("/new"), [R, "openat", [-100, "/f", WR | TRUNC, 0]], [R, "dup", ["@f"]], [R, "dup2", ["@f", 50]],
    [R, "dup2", ["@f", 1]], [R, "write", ["@f", "ok"]], [R, "mkdirat", [-100, "/d", 0o755]], [R, "openat", [-100, "/d", DIRECTORY, 0]], [R, "openat", [-100, "/f", PATH, 0]],
]
BIG = [
    [R, "openat", [-100, "/f", RW | CREAT, 0o644], "f"], [R, "rt_sigaction", [25, "ignore"]], [R, "prlimit64", [0, "RLIMIT_FSIZE", [10, 10]]], [R, "write", ["@f", "123456"]], [R, "write", ["@f", "123456"]], [R, "write", ["@f", "123456"]], [R, "write", ["@f", ""]],
    stat("/f"), [R, "pwrite64", ["@f", "abc", 8]], [R, "pwrite64", ["@f", "abc", 10]], [R, "pwrite64", ["@f", "abc", 20]], [R, "ftruncate", ["@f", 11]], [R, "ftruncate", ["@f", 10]], [R, "ftruncate", ["@f", 3]], [R, "truncate", ["/f", 11]], [R, "truncate", ["/f", 9]],
    [R, "openat", [-100, "/f", WR | APPEND, 0], "a"], [R, "write", ["@a", "zzz"]], [R, "write", ["@a", "zzz"]], stat("/f"), [R, "openat", [-100, "/f", WR | TRUNC, 0], "t"], stat("/f"),
    [A, "truncate", ["/f", 11]], [A, "prlimit64", [0, "RLIMIT_FSIZE", [0, 0]]], [A, "rt_sigaction", [25, "ignore"]], [R, "fchmodat", [-100, "/f", 0o666]], [A, "openat", [-100, "/f", WR, 0], "f"], [A, "write", ["@f", "x"]], [A, "truncate", ["/f", 0]], [A, "truncate", ["/f", 1]],
]
WHITEOUT = [
    *make("/f"), [R, "mkdirat", [-100, "/o", 0o777]], [R, "fchmodat", [-100, "/o", 0o777]], *make("/o/a", 0o644, A), *make("/o/b", 0o644, A),
    [R, "renameat2", [-100, "/f", -100, "/g", 4]], stat("/f"), stat("/g"), [R, "openat", [-100, "/f", RD, 0]], [R, "unlinkat", [-100, "/f", 0]],
    [A, "renameat2", [-100, "/o/a", -100, "/o/b", 5]], [A, "renameat2", [-100, "/o/a", -100, "/o/c", 5]], stat("/o/a"), [A, "renameat2", [-100, "/o/c", -100, "/o/b", 6]], [A, "renameat2", [-100, "/o/c", -100, "/o/b", 8]], [A, "renameat2", [-100, "/o/c", -100, "/o/b", 4]], stat("/o/c"), stat("/o/b"),
    [A, "mknodat", [-100, "/o/w", 0o020600, 0]], stat("/o/w"), [A, "mknodat", [-100, "/o/v", 0o060600, 0]], [A, "mknodat", [-100, "/o/v", 0o020600, 0x103]], [A, "openat", [-100, "/o/w", RD, 0]], [A, "unlinkat", [-100, "/o/w", 0]], [B, "renameat2", [-100, "/g", -100, "/h", 4]],
    [R, "mkdirat", [-100, "/o/d", 0o755]], [R, "renameat2", [-100, "/o/d", -100, "/o/e", 4]], stat("/o/d"), stat("/o/e"), stat("/o"),
]
SEQUENCES += [("holes", HOLES), ("names across mounts", MOUNTS), ("read-only mounts", READ_ONLY), ("too many open files", MANY), ("the largest file size", BIG), ("whiteouts", WHITEOUT)]
