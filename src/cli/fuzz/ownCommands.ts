// Templates of commands one userland has alone, or answers in its own way.

export const BUSYBOX = `
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
addgroup -g 5000 team; tail -n 1 /etc/group
passwd -d root
chattr +i {made}
lsattr {made}
unshare -U id
unshare -m id -u
unshare -Ur id
nsenter -t 1 -m id -u
sh -c 'timeout 1 nc -l -p 80' 2>/dev/null; echo $?
sh -c 'timeout 1 nc -l -p 8080' 2>/dev/null; echo $?
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

export const DEBIAN = `
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
groupadd team; tail -n 1 /etc/group
chattr +i {made}
lsattr -d {dir}
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
login
`;
