// Command lines by chance: templates whose {holes} are filled with paths, ids and modes that mean something in the pod.

import type { Random } from '../shelltest/random.ts';
import type { FuzzPod } from './pods.ts';

/** Commands both userlands have. */
const COMMON = `
id
id -u
id -g
id -G
id -Gn
id {user}
id -un {user}
groups
groups {user}
whoami
umask
umask -S
umask {umask}; touch {new}; mkdir {new2}; ls -ldn {new} {new2}
pwd
cat {file}
cat < {file}
head -n 2 {file}
wc -c {file}
echo hi > {file}
echo more >> {file}
echo new > {new}
: > {file}
{ echo a; echo b; } > {new} 2>&1; cat {new}
(cd {dir} && pwd && touch here && ls -ln here)
cd {dir}; pwd
cat {file} > {new}
cat {file} | wc -l
tee {new} < {file}
ls -l {file}
ls -ln {file}
ls -ldn {dir}
ls -ld {dir} {file}
ls {dir} | head -n 5
ls -n {madedir}
ls -la {madedir}
ls -l /nosuch
touch {new}
touch {new}; ls -ln {new}
touch {file}
touch -c {file}
touch {dir}/{name} {dir}/{name}
mkdir {new}
mkdir -m {mode} {new}; ls -ldn {new}
mkdir -p {new}/a/b; ls -ldn {new} {new}/a/b
mkdir -p -m {mode} {new}/c; ls -ldn {new}/c
rmdir {dir}
rmdir {made}
rm {file}
rm -f {file}
rm {made}
rm -rf {made}
rm -r {madedir}
unlink {made}
cp {file} {new}
cp {file} {new}; ls -ln {new}
cp -p {file} {new}; ls -ln {new}
cp -a {file} {new}; ls -ln {new}
cp -r {made} {new}; ls -lnd {new}
cp {new} {file}
mv {file} {new}
mv {made} {new}; ls -ldn {new}
mv {made} {file}
ln {file} {new}
ln -s {file} {new}; ls -l {new}
ln -sf {file} {made}
ln {made} {new}; ls -ln {made} {new}
readlink {made}
chmod {mode} {file}
chmod {mode} {made}; ls -ldn {made}
chmod {mode} {dir}; ls -ldn {dir}
chmod -R {mode} {madedir}
chown {owner} {file}; ls -ln {file}
chown {owner} {made}; ls -ldn {made}
chown {owner} {dir}
chown -R {owner} {madedir}; ls -ln {madedir}
chown -h {owner} {made}
chgrp {group} {made}; ls -ldn {made}
chgrp {group} {file}
stat -c '%A %a %u %g %F' {file}
stat -c '%a %U %G %n' {dir} {made}
stat -c '%s %h' {made}
stat -c %A /proc/1/root
test -r {file}; echo r=$?
test -w {file}; echo w=$?
test -x {file}; echo x=$?
[ -w {dir} ] && echo writable || echo no
for t in r w x s d f L u g k O G; do test -$t {any} && printf %s $t; done; echo
[ -u {any} ]; echo u=$?; [ -O {any} ]; echo O=$?
mkfifo {new}; ls -ln {new}
mkfifo -m {mode} {new}; ls -ln {new}
mknod {new} p; ls -ln {new}
mknod {new} c 1 3; ls -ln {new}
mknod {new} b 8 0
mknod -m {mode} {new} c 1 5; head -c 4 {new} | od -c
head -c 3 /dev/zero | od -An -tx1
echo x > /dev/null; echo x > /dev/full
grep -E '^(Uid|Gid|Groups):' /proc/self/status
grep Cap /proc/self/status
grep Cap /proc/1/status
grep -E 'NoNewPrivs|Seccomp' /proc/self/status
grep -E '^(Name|Umask|State|Threads):' /proc/self/status
cat /proc/1/comm
cat /proc/1/cmdline | tr '\\0' ' '; echo
cat /proc/1/environ | tr '\\0' '\\n' | grep HOSTNAME
cat /proc/self/uid_map
cat /proc/self/gid_map
cat /proc/self/setgroups
cat /proc/self/loginuid; echo
cat /proc/1/oom_score_adj
echo -5 > /proc/self/oom_score_adj
cat /proc/self/limits | grep -E 'core|nice|priority|locked'
cat /proc/self/attr/current
ls -l /proc/1/exe
ls -l /proc/1/cwd
readlink /proc/1/exe
readlink /proc/self/cwd
readlink /proc/1/root
ls -ln /proc/1/fd | wc -l
ls -ld /proc/1 /proc/sys /proc/1/fd
ls -ln /proc/1/mem
cat /proc/1/mem
cat /proc/kcore
cat /proc/keys
cat /proc/timer_list
cat /proc/sysrq-trigger
cat /proc/sys/kernel/hostname
cat /proc/sys/kernel/cap_last_cap
cat /proc/sys/kernel/dmesg_restrict
cat /proc/sys/net/ipv4/ip_unprivileged_port_start
cat /proc/sys/net/ipv4/ping_group_range
cat /proc/sys/kernel/shm_rmid_forced
cat /proc/sys/fs/protected_hardlinks /proc/sys/fs/protected_symlinks
grep ' / ' /proc/mounts | cut -d' ' -f1,3
grep -E ' (/proc/sys|/proc/kcore|/sys/firmware|/dev/shm|/sys) ' /proc/mounts
grep {dir} /proc/mounts | cut -d' ' -f2,4 | cut -d, -f1
ls /sys/firmware
ls /proc/asound /proc/acpi /proc/scsi
touch /sys/x
touch /proc/x
mkdir /sys/fs/cgroup/x
echo 1 > /sys/fs/cgroup/cgroup.procs
touch /dev/x; ls -ln /dev/x
ls -l /dev/null /dev/zero /dev/full /dev/tty /dev/random
ls -l /dev/stdin /dev/fd /dev/ptmx /dev/core
ls -ld /dev/pts /dev/mqueue /dev/shm
ls /dev
hostname
hostname newname
hostname newname; hostname
date -u -s '2001-01-01 00:00:00' > /dev/null
kill -0 1
kill 1
kill -TERM 1; echo $?
kill -s HUP 1
kill -l 15
sleep 50 & kill $!; wait $!; echo $?
sleep 50 & kill -9 $!; wait $!; echo $?
nice
nice -n 5 nice
nice -n -5 nice
ulimit -c
ulimit -u 100; ulimit -u
ulimit -c 0; ulimit -c
ulimit -n 100000000
env | sort | grep -E '^(HOME|USER|PATH|HOSTNAME|SHLVL|PWD)='
echo $HOME $USER $PATH
echo ~ ~root ~nobody
printenv HOME
env -i sh -c 'echo $PATH; id -u'
ping -c 1 -W 1 127.0.0.1
ping -c 1 127.0.0.1 | head -n 1
find {madedir} -user {user} | sort
find {dir} -maxdepth 1 -perm -4000 | sort
find / -xdev -perm -4000 -type f 2>/dev/null | sort | head -n 4
find {dir} -maxdepth 1 ! -user root | sort
find {madedir} -type f -exec ls -ldn '{}' ';' | sort -k 9
find /app /pub -perm /o+w | sort
find {dir} -maxdepth 1 -writable | sort
find {madedir} -newer /etc/passwd | sort
find {dir} -maxdepth 1 -group {group} | sort
find {dir} -maxdepth 1 -name '*.conf' -perm {perm} | sort
tar cf {new} {madedir}; ls -ln {new}
tar cf - -C {madedir} . | tar tvf - | wc -l
tar cf - /etc/passwd /etc/group | tar tf -
tar cf {new} /etc/hosts {file}; tar tf {new}
mkdir -p /tmp/x && tar cf - /etc/passwd | tar xf - -C /tmp/x && ls -ln /tmp/x/etc
chroot / id -u
chroot {dir} /bin/id
chroot /nosuch ls
mount -t tmpfs tmpfs /mnt
umount /proc
umount {dir}
mount -o remount,rw /
su nobody -s /bin/sh -c id
su -c id
su {user} -c 'id -u'
/opt/script
sh /opt/script
sh /app/noexec.sh
/app/noexec.sh
. /app/noexec.sh
exec 3< {file}; cat <&3
exec 3> {new}; echo out >&3; cat {new}
cat {file} {made} 2>/dev/null; echo $?
cat {file} && echo yes || echo no
x=$(cat {file}) ; echo "$? \${x:-empty}"
for f in {file} {made} {dir}; do [ -e $f ] && echo e $f; done
[ "$(id -u)" = 0 ] && echo root || echo user
set -e; cat {file}; echo reached
trap 'echo bye' EXIT; touch {new}
command -v {command}
type {command}
which {command}
nohup true
time -p true 2>/dev/null; echo $?
timeout 1 sleep 5; echo $?
sync; echo $?
true | false; echo $?
! cat {file}; echo $?
cmp {file} {made}
diff {file} {made}
du -s {madedir} | cut -f2
basename {file}; dirname {file}
install -m {mode} {file} {new}; ls -ln {new}
install -d -m {mode} {new}; ls -ldn {new}
dd if={file} of={new} bs=1 count=4 2>/dev/null; ls -ln {new}
dd if=/dev/zero of={new} bs=1k count=2 2>&1 | head -n 2
truncate -s 10 {new}; stat -c %s {new}
mktemp {dir}/t.XXXXXX > /dev/null; echo $?
mktemp -d > /dev/null; echo $?
sed -i s/a/b/ {file} 2>/dev/null; echo $?; ls -ln {file} | cut -c1-20
sed -i s/a/b/ {made}; ls -ln {made}
grep -r key {dir2}
head -c 1 /dev/kmsg
dmesg | head -n 0; echo $?
dmesg 2>&1 | head -n 1 | cut -c1-40 | grep -i perm
setsid id -u
chmod u+s {made}; chown {owner} {made}; ls -ln {made}
cp /bin/cat {new}; chmod {mode} {new}; {new} /etc/hostname
cp /bin/sh {new}; chmod 4755 {new}; {new} -c 'id'
printf '#!/bin/sh\\nid -u\\n' > {new}; chmod {mode} {new}; {new}
printf 'echo plain\\n' > {new}; {new}; sh {new}
touch {dir}/a {dir}/b; chmod 1777 {dir}; rm {dir}/a
mkdir {new}; chmod 2775 {new}; touch {new}/f; mkdir {new}/d; ls -ln {new}
mkdir {new}; chmod 0 {new}; ls {new}; touch {new}/f; cd {new}
mkdir {new}; chmod 333 {new}; touch {new}/f; ls {new}; cat {new}/f
mkdir {new}; touch {new}/f; chmod 444 {new}; ls {new}; cat {new}/f
touch {new}; chmod 0 {new}; cat {new}; echo x > {new}; rm {new}
sysctl kernel.hostname
sysctl -n net.ipv4.ip_unprivileged_port_start
sysctl -w kernel.hostname=x
sysctl -w net.ipv4.ip_forward=1
sysctl -w kernel.shmmax=100000
echo 1 > /proc/sys/net/ipv4/ip_forward
echo x > /proc/sys/kernel/hostname
`;

/** Only busybox, or with output of its own. */
const BUSYBOX = `
ps
ps -o pid,user,group,args
ps -o user,comm
/opt/suid/busybox id
/opt/sgid/busybox id
/opt/suid33/busybox id
/opt/suid33/busybox touch {new}; ls -ln {new}
/opt/suid/busybox cat /etc/shadow
/opt/suid/busybox grep -E 'Cap|NoNew' /proc/self/status
/opt/fcap/busybox grep Cap /proc/self/status
/opt/fcap/busybox id
/opt/fcap/busybox chown 33 {made}
/opt/fcap/busybox cat /etc/shadow
cp /opt/suid/busybox {new}; ls -ln {new}
cp -p /opt/suid/busybox {new}; ls -ln {new}
chown {owner} /opt/suid/busybox; ls -ln /opt/suid/busybox
setpriv --dump
setpriv --nnp id -u
setuidgid nobody id
setuidgid {user} touch {new}
chpst -u {user} id
adduser -D bob; id bob
addgroup -g 5000 team; tail -n 1 /etc/group
passwd -d root
chattr +i {made}
lsattr {made}
unshare -U id
unshare -m id -u
unshare -Ur id
nsenter -t 1 -m id -u
timeout 1 nc -l -p 80 2>/dev/null; echo $?
timeout 1 nc -l -p 8080 2>/dev/null; echo $?
nc -z 127.0.0.1 81; echo $?
ls -lnR {madedir}
ls -lZ {file}
stat {file} | head -n 1
stat {file} | grep Access: | head -n 1
stat -f -c %T {dir}
login root
renice 5 1
renice -n -5 -p 1
ionice
mountpoint {dir}
ip link set lo down
ifconfig lo down
insmod x
hwclock
busybox id -u
xargs -n1 id < /dev/null
`;

/** Only Debian, or with output of its own. */
const DEBIAN = `
ps -ef | head -n 3
ps aux | head -n 3
ps -o pid,user,group,args
ps -eo user,comm
/opt/suid/id
/opt/sgid/id
/opt/suid33/id
/opt/fcap/cat /etc/gshadow
/opt/fcap/cat /proc/self/status | grep Cap
cp /opt/suid/id {new}; ls -ln {new}; {new} -u
cp -p /opt/suid/id {new}; ls -ln {new}
chown {owner} /opt/suid/id; ls -ln /opt/suid/id
getcap /opt/fcap/cat
getcap -r /opt
setcap cap_net_raw+ep {made}; getcap {made}
setcap -r /opt/fcap/cat
cp -p /opt/fcap/cat {new}; getcap {new}
capsh --print | head -n 3
capsh --print | tail -n 8
capsh --decode=00000000a80425fb
capsh --drop=cap_chown -- -c 'grep CapBnd /proc/self/status'
capsh --has-p=cap_chown; echo $?
capsh --user=nobody -- -c id
getpcaps 1
setpriv --dump
setpriv --no-new-privs id -u
setpriv --reuid=1000 --clear-groups id
setpriv --reuid=1000 --regid=1000 --init-groups id
setpriv --bounding-set -all grep CapBnd /proc/self/status
setpriv --inh-caps +chown grep CapInh /proc/self/status
setpriv --inh-caps +chown --ambient-caps +chown grep CapAmb /proc/self/status
setpriv --groups 5,6 id
su - nobody -s /bin/sh -c 'id; pwd'
runuser -u nobody -- id
passwd -S root
useradd bob; id bob
groupadd team; tail -n 1 /etc/group
chattr +i {made}
lsattr -d {dir}
setfacl -m u:1000:r {made}; getfacl {made}
getfacl {made}
setfattr -n user.x -v 1 {made}; getfattr -d {made}
setfattr -n trusted.x -v 1 {made}; getfattr -m - -d {made}
getfattr -n security.capability /opt/fcap/cat
unshare -U id
unshare -m id -u
unshare -Ur id
nsenter -t 1 -m id -u
chroot --userspec=1000:1000 / id
chroot --userspec={user} --groups=5 / id
chroot --skip-chdir / pwd
ls -lnR {madedir}
ls -lZ {file}
stat {file} | head -n 1
stat -c '%n %U:%G %04a' {file} {made}
stat -f -c %T {dir}
cp --preserve=mode {file} {new}; ls -ln {new}
cp --no-preserve=mode,ownership {file} {new}; ls -ln {new}
cp -u {file} {made}
mv -n {made} {new}
mv -v {made} {new}
rm -v {made}
rm -i {made} < /dev/null
rm -d {madedir}
chmod -v {mode} {made}
chmod -c {mode} {made}
chmod --reference={file} {made}; ls -ln {made}
chown -v {owner} {made}
chown --from=root {owner} {made}; ls -ln {made}
chown --reference={file} {made}
mkdir -v {new}
mkdir -pv {new}/a/b
ln -v {file} {new}
install -o {user} -m {mode} {file} {new}; ls -ln {new}
touch -r {file} {new}; ls -ln {new}
renice -n 5 -p 1
renice -n -5 -p 1
ionice -p 1
pkill -f nosuch; echo $?
mountpoint {dir}
ip link set lo down
ip -br link show lo
sysctl -a 2>/dev/null | grep -c hostname
strace -e trace=openat cat {file} 2>&1 | tail -n 2
bash -c 'echo $EUID $UID'
bash -c 'ulimit -c; umask'
bash -c 'cat {file}'
bash -c 'echo x > {file}'
bash -c 'cd {dir}; pwd'
dd if=/dev/zero of={new} bs=1k count=2 status=none; ls -ln {new}
find {dir} -maxdepth 1 -nouser
find {madedir} -printf '%m %u %g %y %f\\n' | sort
find {madedir} -delete
realpath {made}
findmnt -n -o FSTYPE {dir}
keyctl show
logger x
last
who
login
`;

const lines = (text: string): readonly string[] => text.trim().split('\n');
const TEMPLATES = { common: lines(COMMON), busybox: lines(BUSYBOX), debian: lines(DEBIAN) };

const NAMES = ['f1', 'f2', 'note', 'd1', 'run.sh', 'x'];
const MODES = '644 600 400 0 755 700 777 4755 2755 1777 6755 664 u+x g+w o-r a+r u=rw,g=r,o= u+s g+s +t go-rwx a=rX ug+rw,o-w +x -w'.split(
  ' ',
);
const OWNERS = '1000 0 33 nobody root www-data 1000:1000 0:0 :33 :2000 nobody:nobody 1000: root:daemon 65534:65534 nosuch 4294967295'.split(
  ' ',
);
const GROUPS = 'root daemon 33 2000 1000 nosuchgroup 10'.split(' ');
const COMMANDS = 'id ls su ping mount chown capsh cat sh bash busybox setpriv unshare nc passwd'.split(' ');

/** Fills templates; remembers what it has made so that later commands use it. */
export class Writer {
  private readonly made: string[] = [];
  private readonly r: Random;
  private readonly pod: FuzzPod;

  constructor(r: Random, pod: FuzzPod) {
    this.r = r;
    this.pod = pod;
  }

  /** One command line. */
  line(): string {
    const { r, pod } = this;
    const list = r.chance(70) ? TEMPLATES.common : pod.gnu ? TEMPLATES.debian : TEMPLATES.busybox;
    const fixed = new Map<string, string>();
    return r.pick(list).replace(/(?<!\$)\{(\w+)\}/g, (_, hole: string) => {
      const twice = hole === 'new' || hole === 'made' || hole === 'dir' || hole === 'file';
      const before = twice ? fixed.get(hole) : undefined;
      const text = before ?? this.fill(hole);
      fixed.set(hole, text);
      return text;
    });
  }

  private fresh(): string {
    const { r, pod } = this;
    const parents = [...pod.directories, '/tmp', '/tmp', ...this.made.filter(() => r.chance(20))];
    const path = `${r.pick(parents).replace(/\/$/, '')}/${r.pick(NAMES)}`;
    this.made.push(path);
    return path;
  }

  private old(): string {
    return this.made.length > 0 && this.r.chance(85) ? this.r.pick(this.made) : this.r.pick(this.pod.files);
  }

  private fill(hole: string): string {
    const { r, pod } = this;
    switch (hole) {
      case 'new':
      case 'new2':
        return this.fresh();
      case 'made':
        return this.old();
      case 'madedir':
        return r.chance(60)
          ? this.old()
          : r.pick(['/app', '/pub', '/host', '/pv', '/data', '/srv'].filter((dir) => dir === '/srv' || pod.directories.includes(dir)));
      case 'file':
        return r.chance(75) ? r.pick(pod.files) : this.old();
      case 'dir':
        return r.pick(pod.directories);
      case 'dir2':
        return r.pick(['/app', '/pub', '/host', '/data']);
      case 'any':
        return r.chance(50) ? r.pick(pod.directories) : r.chance(50) ? r.pick(pod.files) : this.old();
      case 'name':
        return r.pick(NAMES);
      case 'user':
        return r.pick(['root', 'nobody', 'www-data', 'daemon', '1000', '0', '33', 'nosuchuser']);
      case 'group':
        return r.pick(GROUPS);
      case 'owner':
        return r.pick(OWNERS);
      case 'mode':
        return r.pick(MODES);
      case 'perm':
        return r.pick(['644', '-644', '/222', '-u+w', '/a+x']);
      case 'umask':
        return r.pick(['022', '077', '0', '027', '0777', 'u=rwx,g=,o=']);
      case 'command':
        return r.pick(COMMANDS);
      default:
        throw new Error(`no such hole: ${hole}`);
    }
  }
}
