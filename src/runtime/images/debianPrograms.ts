// Sizes and modes of the executables of Debian 12 packages. NAME:SIZE[:MODE[:GID]], mode 755 and group 0 unless said.

export const USR_BIN = `
[:68496 addpart:31040 arch:43888 b2sum:60400 base32:48016 base64:48016 basename:43856 basenc:56208 bash:1265648 bashbug:6865
cat:44016 chattr:14584 chage:80376:2755:42 chcon:68720 chfn:62672:4755 chgrp:68656 chmod:64496 choom:55616 chown:72752 chrt:67904
chsh:52880:4755 cksum:142384 clear:14584 clear_console:14488 cmp:52176 comm:48048 cp:151152 csplit:122032 cut:48112 dash:125640
date:121904 dd:89240 delpart:31040 df:102200 diff:155216 diff3:68752 dir:151344 dircolors:52144 dirname:39760 dmesg:88656 du:175440
echo:43856 egrep:41 env:48536 expand:43952 expiry:31184:2755:42 expr:117808 factor:85200 faillog:23072 fallocate:35136 false:35664
fgrep:41 find:224848 findmnt:85600 flock:35216 fmt:48016 fold:43920 free:26936 getconf:27136 getent:36320 getfattr:35728 getopt:35136
gpasswd:88496:4755 grep:203152 groups:43920 gunzip:2346 gzexe:6447 gzip:98136 hardlink:51600 head:48080 hostid:39760 hostname:22680
iconv:64648 id:48144 infocmp:63808 install:159544 ionice:35136 ip:691016 ipcmk:35200 ipcrm:35136 ipcs:76096 ischroot:14664
join:56304 keyctl:55664 kill:22840 last:51520 lastlog:32512 ldd:5407 link:39760 ln:72824 lnstat:27224 locale:47272 localedef:298912 logger:56216
login:53024 logname:39760 ls:151344 lsattr:14584 lsblk:207168 lscpu:129344 lsipc:100672 lslocks:72400 lslogins:96576 lsmem:67904 lsns:84288
mawk:158376 mcookie:35200 md5sum:52176 mesg:18744 mkdir:97552 mkfifo:68784 mknod:72912 mktemp:43952 more:59712 mount:59704:4755
mountpoint:18744 mv:142968 namei:35136 newgrp:48896:4755 nice:43888 nl:113776 nohup:43920 nproc:43920 nsenter:35368 nstat:106952
numfmt:68624 od:80912 partx:121152 passwd:68248:4755 paste:43920 pathchk:43888 perl:3808560 perl5.36.0:3808560 pgrep:35248
pidwait:35248 pinky:48176 pldd:23232 pmap:35160 pr:81008 printenv:35664 printf:64432 prlimit:39760 ps:146360 ptx:138480 pwd:43952
pwdx:14648 rdma:184936 readlink:52112 realpath:52144 rename.ul:22840 renice:14648 resizepart:72000 rev:14648 rgrep:30 rm:72752
rmdir:56240 routel:1658 run-parts:27560 runcon:43984 savelog:10487 script:71992 scriptlive:55608 scriptreplay:47416 sdiff:56400
sed:126424 seq:60336 setfattr:31576 setarch:27216 setpriv:80192 setsid:14648 setterm:47424 sha1sum:56272 sha224sum:60368 sha256sum:60368
sha384sum:64464 sha512sum:64464 shred:64656 shuf:60400 skill:31056 slabtop:22904 sleep:43888 sort:118456 split:60984 ss:193680
stat:97488 stdbuf:60336 strace:2034104 strace-log-merge:1821 stty:85008 su:72000:4755 sum:52184 sync:39824 tabs:18672 tac:113712
tail:76944 tar:531984 taskset:63808 tee:43984 tempfile:14520 test:60304 tic:92512 timeout:48632 tload:18760 toe:22768 top:134736
touch:109616 tput:26896 tr:56208 true:35664 truncate:43920 tset:30968 tsort:56208 tty:35696 tzselect:15352 uclampset:63808
umount:35128:4755 uname:43888 uncompress:2346 unexpand:43952 uniq:48080 unlink:39760 unshare:84520 uptime:14648 users:39824
utmpdump:31032 vdir:151344 vmstat:35552 w:22840 wall:39224 watch:27352 wc:52280 wdctl:72024 whereis:31504 which.debianutils:946
who:60432 whoami:39792 xargs:72136 yes:39760 zcat:1984 zcmp:1678 zdiff:6460 zdump:23064 zegrep:29 zfgrep:29 zforce:2081 zgrep:8103
zless:2206 zmore:1842 znew:4577
`;

export const USR_SBIN = `
add-shell:1053 adduser:48382 agetty:69112 arpd:106984 blkdiscard:35136 blkid:125280 blkzone:80192 blockdev:80192 bridge:156200 capsh:54568
chcpu:47416 chgpasswd:67880 chmem:67904 chpasswd:63856 chroot:48112 cppw:61880 ctrlaltdel:39224 dcb:148072 deluser:16727 devlink:226280
findfs:14648 fsck:55664 fsck.cramfs:43384 fsck.minix:125272 fsfreeze:14648 fstrim:76096 genl:119304 getcap:14576 getpcaps:14576
groupadd:101416 groupdel:88936 groupmems:67920 groupmod:101384 grpck:67888 grpconv:59536 grpunconv:59536 hwclock:88512 iconvconfig:31584
installkernel:2659 isosize:31040 killall5:26944 ldattach:35136 ldconfig:982880 losetup:117168 mkfs:14648 mkfs.bfs:35136 mkfs.cramfs:43256
mkfs.minix:112968 mkswap:117056 newusers:105392 nologin:14568 pivot_root:14648 pwck:59656 pwconv:55432 pwunconv:55472
readprofile:35168 remove-shell:1111 rmt-tar:60432 rtacct:45432 rtcwake:47424 rtmon:115144 runuser:72000 setcap:14576
shadowconfig:2273 sulogin:55616 swaplabel:18744 swapoff:22840 swapon:51512 switch_root:18744 sysctl:31040 tarcat:936 tc:587776
tipc:156264 unix_chkpwd:39160:2755:42 update-shells:3984 useradd:159536 userdel:113608 usermod:147056 vdpa:119464 vipw:74384 wipefs:47424 zic:60136
zramctl:117168
`;

/** Symbolic links among them: PATH>TARGET. */
export const LINKS = `
/usr/bin/captoinfo>tic /usr/bin/ctstat>lnstat /usr/bin/dnsdomainname>hostname /usr/bin/domainname>hostname /usr/bin/i386>setarch
/usr/bin/infotocap>tic /usr/bin/lastb>last /usr/bin/ld.so>/lib64/ld-linux-x86-64.so.2 /usr/bin/linux32>setarch
/usr/bin/linux64>setarch /usr/bin/md5sum.textutils>md5sum /usr/bin/nisdomainname>hostname /usr/bin/pidof>/sbin/killall5 /usr/bin/pkill>pgrep /usr/bin/rbash>bash
/usr/bin/reset>tset /usr/bin/rtstat>lnstat /usr/bin/sg>newgrp /usr/bin/sh>dash /usr/bin/snice>skill /usr/bin/x86_64>setarch
/usr/bin/ypdomainname>hostname /usr/sbin/addgroup>adduser /usr/sbin/cpgr>cppw /usr/sbin/delgroup>deluser /usr/sbin/getty>agetty /usr/sbin/ip>/bin/ip /usr/sbin/vigr>vipw
`;
