// Files below /etc/apparmor.d that profiles include: what they allow, in our own words. Counterpart: the apparmor package 3.0,
// tunables/global, abstractions/base, abstractions/nameservice, abstractions/consoles
// Deviates: only what a program of a container can notice is listed; other abstractions are refused by name.

export const INCLUDES: Readonly<Record<string, string>> = {
  'tunables/global': `
    @{PROC}=/proc/
    @{sys}=/sys/
    @{securityfs}=@{sys}/kernel/security/
    @{HOMEDIRS}=/home/
    @{HOME}=@{HOMEDIRS}/*/ /root/
    @{multiarch}=*-linux-gnu*
    @{pid}={[1-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9],[1-9][0-9][0-9][0-9][0-9],[1-4][0-9][0-9][0-9][0-9][0-9]}
    @{pids}=@{pid}
    @{tid}=@{pid}
    @{uid}={[0-9],[1-9][0-9]*}
    @{run}=/run/ /var/run/
    @{etc_ro}=/etc/ /usr/etc/
    @{etc_rw}=/etc/
  `,
  'abstractions/base': `
    /dev/log w,
    /dev/{random,urandom} r,
    /dev/{null,zero,full} rw,
    /etc/{locale/**,locale.alias,localtime} r,
    /etc/ld.so.{cache,conf,preload} mr,
    /etc/ld.so.conf.d/{,*.conf} r,
    /usr/share/{locale,locale-bundle,locale-langpack,zoneinfo,X11/locale}/{,**} r,
    /{usr/,}lib{,32,64}/** r,
    /{usr/,}lib{,32,64}/**.so* mr,
    /{usr/,}lib{,32,64}/{,**/}ld{,32,64}-*.so mrix,
    @{PROC}/{meminfo,stat,cpuinfo,filesystems} r,
    @{PROC}/sys/kernel/{ngroups_max,version,cap_last_cap} r,
    @{PROC}/sys/vm/overcommit_memory r,
    @{PROC}/@{pid}/{maps,auxv,status} r,
    @{sys}/devices/system/cpu/{,online} r,
    signal (receive) peer=unconfined,
    signal (receive) set=("exists"),
    signal (send) peer=@{profile_name},
    ptrace (readby),
    ptrace (tracedby),
    ptrace (read) peer=@{profile_name},
    unix peer=(label=@{profile_name}),
  `,
  'abstractions/nameservice': `
    /etc/{group,host.conf,hosts,nsswitch.conf,gai.conf,passwd,protocols,services,default/nss,resolv.conf} r,
    /var/lib/extrausers/{group,passwd} r,
    /run/systemd/resolve/{resolv,stub-resolv}.conf r,
    network inet stream,
    network inet6 stream,
    network inet dgram,
    network inet6 dgram,
    network netlink raw,
  `,
  'abstractions/consoles': `
    /dev/{console,tty,pts/[0-9]*} rw,
    /dev/pts/ r,
  `,
};
