"""Records what the real kernel makes of credentials in set*id, capset, prctl and execve, exhaustively over two capabilities
(CHOWN and NET_RAW): root, gcc. Linux >= 5.8.

    python3 e2e/real/syscalls/record_creds.py > e2e/real/syscalls/creds.json

An entry of "calls" is [state before, more capabilities, call, arguments, errno or null, state after]; of "execs" [state before,
file, errno or null, state after]. States are indices into "states"; a state is [ruid, euid, suid, fsuid, inheritable, permitted, effective, bounding, ambient, securebits,
no_new_privs, rgid, egid, sgid]; capability sets are numbers of two bits. src/kernel/cred/real.test.ts replays the file.
"""

import ctypes
import itertools
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import calls

BITS = (0, 13)
ALL = 0x1FFFFFFFFFF & ~(1 << 24)


def wide(two):
    return sum(1 << BITS[i] for i in range(2) if two >> i & 1)


def narrow(caps):
    return sum(1 << i for i in range(2) if caps >> BITS[i] & 1)


PROBE = r"""
#include <stdio.h>
#include <unistd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
int main(void) {
  unsigned h[2] = {0x20080522, 0}, d[6], r, e, s, rg, eg, sg;
  syscall(SYS_getresuid, &r, &e, &s); syscall(SYS_getresgid, &rg, &eg, &sg); syscall(SYS_capget, h, d);
  unsigned long b = 0, a = 0; int i;
  for (i = 0; i < 41; i++) { if (prctl(PR_CAPBSET_READ, i) == 1) b |= 1ul << i; if (prctl(PR_CAP_AMBIENT, 1, i, 0, 0) == 1) a |= 1ul << i; }
  printf("%u %u %u %u %lu %lu %lu %lu %lu %d %d %u %u %u\n", r, e, s, e, d[2] | (unsigned long)d[5] << 32, d[1] | (unsigned long)d[4] << 32, d[0] | (unsigned long)d[3] << 32, b, a, prctl(PR_GET_SECUREBITS), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), rg, eg, sg);
  return 0;
}
"""


def state():
    uids = [ctypes.c_uint() for _ in range(3)]
    gids = [ctypes.c_uint() for _ in range(3)]
    calls.raw("getresuid", *map(ctypes.byref, uids))
    calls.raw("getresgid", *map(ctypes.byref, gids))
    effective, permitted, inheritable = calls.get_caps()
    with open("/proc/thread-self/status") as file:
        status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    fsuid = int(status["Uid"].split("\t")[3])
    bounding, ambient = (int(status[name], 16) for name in ("CapBnd", "CapAmb"))
    return [*(u.value for u in uids), fsuid, *map(narrow, (inheritable, permitted, effective, bounding, ambient)),
            calls.raw("prctl", 27, 0, 0, 0, 0), int(status["NoNewPrivs"]), *(g.value for g in gids)]


def become(ids, inheritable, permitted, effective, bounding, ambient, securebits, nnp, extra=0):
    """Takes a state; the capabilities besides the two that `extra` names stay permitted and effective."""
    now = calls.get_caps()
    calls.set_caps(now[0], now[1], wide(inheritable))  # before the bounding set limits what may be inherited
    for cap in range(41):
        if cap != 24 and not (wide(bounding) | extra) >> cap & 1 and cap != 8:
            calls.raw("prctl", 24, cap, 0, 0, 0)
    if not extra >> 8 & 1:
        calls.raw("prctl", 24, 8, 0, 0, 0)
    calls.raw("prctl", 28, 0x04, 0, 0, 0)  # NO_SETUID_FIXUP while the ids are set
    calls.raw("setgroups", 0, ctypes.c_void_p(None))
    calls.raw("setresuid", *ids)
    keep = wide(permitted) | extra
    calls.set_caps(keep | (1 << 8), keep | (1 << 8), wide(inheritable))
    for i in range(2):
        if ambient >> i & 1:
            calls.raw("prctl", 47, 2, BITS[i], 0, 0)
    calls.raw("prctl", 28, securebits, 0, 0, 0)
    calls.set_caps(wide(effective) | extra, keep, wide(inheritable))
    if nnp:
        calls.raw("prctl", 38, 1, 0, 0, 0)


def child(work):
    """Runs work in a forked process; what it returns, as JSON through a pipe."""
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(r)
        try:
            os.write(w, json.dumps(work()).encode())
        except BaseException as error:  # the recording must not go on with half a state
            os.write(w, json.dumps({"bug": repr(error)}).encode())
        os._exit(0)
    os.close(w)
    out = b""
    while part := os.read(r, 65536):
        out += part
    os.close(r)
    os.waitpid(pid, 0)
    result = json.loads(out)
    assert not (isinstance(result, dict) and "bug" in result), result
    return result


def attempt(name, args):
    try:
        calls.raw(name, *args)
        return None
    except calls.Failed as failed:
        return str(failed)


UIDS = [(0, 0, 0), (0, 1000, 0), (1000, 0, 1000), (1000, 1000, 0), (0, 1000, 1000), (1000, 1000, 1000), (1000, 1001, 1002)]
SETUID = 1 << 7


def record_calls():
    out = []
    targets = [("setuid", [u]) for u in (0, 1000, 1001)] + [("setreuid", [a, b]) for a in (-1, 0, 1000) for b in (-1, 0, 1000)]
    targets += [("setresuid", list(t)) for t in itertools.product((-1, 0, 1000), repeat=3)] + [("setfsuid", [u]) for u in (0, 1000, 1001)]
    for ids in UIDS:
        for extra in (0, SETUID):
            for securebits in (0, 0x10, 0x04, 0x01):
                for name, args in targets:
                    def work():
                        become(ids, 1, 3, 2, 3, 1, securebits, 0, extra)
                        before = state()
                        failed = attempt(name, args)
                        return [before, extra, name, args, failed, state()]
                    out.append(child(work))
    caps = list(itertools.product(range(4), range(4), range(4)))
    for permitted, inheritable, bounding, ambient in [(3, 3, 3, 3), (1, 2, 3, 0), (3, 0, 1, 0), (1, 1, 0, 1), (0, 2, 2, 0)]:
        for extra in (0, 1 << 8):
            for e, p, i in caps:
                def work():
                    become((1000,) * 3, inheritable, permitted, permitted, bounding, ambient, 0, 0, extra)
                    before = state()
                    try:
                        calls.set_caps(wide(e) | extra, wide(p) | extra, wide(i))
                        failed = None
                    except calls.Failed as error:
                        failed = str(error)
                    return [before, extra, "capset", [e, p, i], failed, state()]
                out.append(child(work))
    return out


def file_caps(path, permitted, inheritable, effective):
    import struct
    data = struct.pack("<5I", 0x02000000 | effective, permitted & 0xFFFFFFFF, inheritable & 0xFFFFFFFF, permitted >> 32, inheritable >> 32)
    os.setxattr(path, "security.capability", data)


def record_execs():
    out = []
    top = tempfile.mkdtemp(dir="/dev/shm")
    os.chmod(top, 0o755)
    source = os.path.join(top, "probe.c")
    with open(source, "w") as file:
        file.write(PROBE)
    plain = os.path.join(top, "probe")
    subprocess.run(["gcc", "-static", "-O", "-o", plain, source], check=True)
    files = {}
    def add(name, owner, mode, caps=None):
        path = os.path.join(top, name)
        with open(plain, "rb") as a, open(path, "wb") as b:
            b.write(a.read())
        os.chown(path, owner, 8)
        os.chmod(path, mode)
        if caps:
            file_caps(path, wide(caps[0]), wide(caps[1]), caps[2])
        files[name] = (path, {"owner": owner, "mode": oct(mode)[2:], "caps": caps})
    add("plain", 0, 0o755)
    add("suid-root", 0, 0o4755)
    add("suid-1001", 1001, 0o4755)
    add("sgid", 0, 0o2755)
    add("suid-sgid-root", 0, 0o6755)
    for p, i, e in itertools.product(range(4), range(4), (0, 1)):
        if p | i:
            add(f"caps-{p}{i}{e}", 0, 0o755, [p, i, e])
    add("caps-suid", 0, 0o4755, [1, 2, 1])
    before_states = [(ids, i, p, p, b, a, sec, nnp)
                     for ids in [(0, 0, 0), (1000, 1000, 1000), (1000, 0, 0), (0, 1000, 1000)]
                     for i, p, b, a in [(0, 0, 3, 0), (0, 3, 3, 0), (3, 3, 3, 3), (1, 3, 3, 1), (2, 1, 1, 0), (3, 0, 0, 0), (1, 1, 2, 1)]
                     for sec in (0, 1, 5) for nnp in (0, 1)]
    for name, (path, _) in files.items():
        for one in before_states:
            def work():
                become(*one)
                before = state()
                r, w = os.pipe()
                if os.fork() == 0:
                    os.dup2(w, 1)
                    try:
                        os.execv(path, [path])
                    except OSError as error:
                        os.write(w, calls.errno.errorcode[error.errno].encode())
                    os._exit(0)
                os.close(w)
                text = b""
                while part := os.read(r, 4096):
                    text += part
                words = text.decode().split()
                if len(words) == 1:
                    return [before, name, words[0], None]
                numbers = list(map(int, words))
                return [before, name, None, numbers[:4] + list(map(narrow, numbers[4:9])) + numbers[9:]]
            out.append(child(work))
    return {name: facts for name, (_, facts) in files.items()}, out


def main():
    files, execs = record_execs()
    changes = record_calls()
    states = []
    index = {}

    def known(one):
        if one is None:
            return None
        key = json.dumps(one)
        if key not in index:
            index[key] = len(states)
            states.append(one)
        return index[key]

    changes = [[known(before), extra, name, args, failed, known(after)] for before, extra, name, args, failed, after in changes]
    execs = [[known(before), name, failed, known(after)] for before, name, failed, after in execs]
    rows = lambda many: "[\n" + "\n,".join(",".join(json.dumps(row, separators=(",", ":")) for row in many[at : at + 8]) for at in range(0, len(many), 8)) + "\n]"
    print('{"kernel": %s, "files": %s,\n"states": %s,\n"calls": %s,\n"execs": %s}' % (json.dumps(os.uname().release.split("-")[0]), json.dumps(files), rows(states), rows(changes), rows(execs)))


if __name__ == "__main__":
    main()
