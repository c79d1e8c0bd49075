// Templates of commands both userlands have; `{hole}` is filled by grammar.ts.

export const COMMON = `
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
cat /proc/sys/kernel/hostname
cat /proc/sys/kernel/cap_last_cap
cat /proc/sys/kernel/dmesg_restrict
cat /proc/sys/net/ipv4/ip_unprivileged_port_start
cat /proc/sys/net/ipv4/ping_group_range
cat /proc/sys/kernel/shm_rmid_forced
cat /proc/sys/fs/protected_hardlinks /proc/sys/fs/protected_symlinks
grep ' / ' /proc/mounts | cut -d' ' -f1,3
grep -E ' (/proc/sys|/proc/bus|/sys) ' /proc/mounts
grep ' {dir} ' /proc/mounts | cut -d' ' -f2,4 | cut -d, -f1
ls /sys/firmware
ls /proc/acpi
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
