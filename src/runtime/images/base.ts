// The base images as lists of entries: the small busybox image, Debian 12, alpine and the pause container.

import type { Image, ImageConfig, ImageEntry } from '../image.ts';
import { ALPINE_GROUP, ALPINE_PASSWD, BUSYBOX_GROUP, BUSYBOX_PASSWD, DEBIAN_GROUP, DEBIAN_PASSWD, shadowOf } from './accounts.ts';
import { BUSYBOX_APPLETS } from './busyboxApplets.ts';
import { LINKS, USR_BIN, USR_SBIN } from './debianPrograms.ts';

export const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const BUSYBOX_SIZE = 2306136;

export const dir = (path: string, mode = '755', uid = 0, gid = 0): ImageEntry => ({ path, type: 'dir', mode, uid, gid });
export const file = (path: string, content: string, mode = '644', uid = 0, gid = 0): ImageEntry => ({
  path,
  type: 'file',
  content,
  mode,
  uid,
  gid,
});
export const symlink = (path: string, target: string): ImageEntry => ({ path, type: 'symlink', target });
export const program = (path: string, id: string, size: number, mode = '755', gid = 0): ImageEntry => ({
  path,
  type: 'program',
  program: id,
  size,
  mode,
  uid: 0,
  gid,
});
const hardlink = (path: string, target: string): ImageEntry => ({ path, type: 'hardlink', target });

export const accounts = (passwd: string, group: string): ImageEntry[] => [
  file('/etc/passwd', passwd),
  file('/etc/group', group),
  file('/etc/shadow', shadowOf(passwd), '600'),
];

const busyboxEntries: readonly ImageEntry[] = [
  dir('/bin'),
  dir('/dev'),
  dir('/etc'),
  dir('/home', '755', 65534, 65534),
  dir('/lib'),
  dir('/proc'),
  dir('/root', '700'),
  dir('/sys'),
  dir('/tmp', '1777'),
  dir('/usr'),
  dir('/usr/bin'),
  dir('/usr/sbin'),
  dir('/var'),
  dir('/var/spool'),
  dir('/var/spool/mail'),
  dir('/var/www', '755', 33, 33),
  program('/bin/busybox', 'busybox', BUSYBOX_SIZE),
  ...BUSYBOX_APPLETS.map((name) => hardlink(`/bin/${name}`, '/bin/busybox')),
  symlink('/usr/bin/env', '../../bin/env'),
  ...accounts(BUSYBOX_PASSWD, BUSYBOX_GROUP),
];

export const image = (name: string, config: ImageConfig, entries: readonly ImageEntry[], size: number): Image => ({
  name,
  config: { Env: [DEFAULT_PATH], ...config },
  entries,
  size,
});

export const busybox = image('busybox', { Cmd: ['sh'] }, busyboxEntries, 1173168);

export const agnhost = image(
  'agnhost',
  { Entrypoint: [], Cmd: ['sleep', '1h'], WorkingDir: '/' },
  [
    ...busyboxEntries,
    dir('/home/user-defined-in-image', '2755', 1000, 1000),
    ...accounts(
      `${BUSYBOX_PASSWD}user-defined-in-image:x:1000:1000::/home/user-defined-in-image:/bin/sh\n`,
      `${BUSYBOX_GROUP}user-defined-in-image:x:1000:\ngroup-defined-in-image:x:50000:user-defined-in-image\n`,
    ),
  ],
  1174092,
);

function programs(directory: string, list: string): ImageEntry[] {
  return list
    .trim()
    .split(/\s+/)
    .map((item) => {
      const [name, size, mode = '755', gid = '0'] = item.split(':') as [string, string, string?, string?];
      return program(`${directory}/${name}`, `gnu/${name}`, Number(size), mode, Number(gid));
    });
}

const OS_RELEASE = [
  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"',
  'NAME="Debian GNU/Linux"',
  'VERSION_ID="12"',
  'VERSION="12 (bookworm)"',
  'VERSION_CODENAME=bookworm',
  'ID=debian',
  'HOME_URL="https://www.debian.org/"',
  'SUPPORT_URL="https://www.debian.org/support"',
  'BUG_REPORT_URL="https://bugs.debian.org/"',
]
  .map((line) => `${line}\n`)
  .join('');
const NSSWITCH =
  'passwd:         files\ngroup:          files\nshadow:         files\ngshadow:        files\n\nhosts:          files dns\nnetworks:       files\n\nprotocols:      db files\nservices:       db files\nethers:         db files\nrpc:            db files\n\nnetgroup:       nis\n';
/** What a login shell does first in a home directory. */
const PROFILE = 'if [ -n "$BASH" ] && [ -f ~/.bashrc ]; then\n  . ~/.bashrc\nfi\n';
const DIRS =
  '/boot /dev /etc /home /media /mnt /opt /proc /run /srv /sys /usr /usr/bin /usr/games /usr/include /usr/lib /usr/lib64 /usr/libexec /usr/local /usr/local/bin /usr/local/etc /usr/local/lib /usr/local/sbin /usr/sbin /usr/share /usr/src /var /var/backups /var/cache /var/lib /var/log /var/mail /var/opt /var/spool';
const ETC_DIRS =
  'alternatives apt cron.d cron.daily default dpkg gss init.d iproute2 kernel ld.so.conf.d logrotate.d opt pam.d profile.d security selinux skel sysctl.d systemd terminfo';

export const debianEntries: readonly ImageEntry[] = [
  ...DIRS.split(' ').map((path) => dir(path)),
  dir('/root', '700'),
  dir('/tmp', '1777'),
  dir('/run/lock', '1777'),
  dir('/var/tmp', '1777'),
  dir('/var/local', '2775', 0, 50),
  dir('/var/mail', '2775', 0, 8),
  symlink('/bin', 'usr/bin'),
  symlink('/sbin', 'usr/sbin'),
  symlink('/lib', 'usr/lib'),
  symlink('/lib64', 'usr/lib64'),
  symlink('/var/run', '/run'),
  symlink('/var/lock', '/run/lock'),
  ...ETC_DIRS.split(' ').map((name) => dir(`/etc/${name}`)),
  ...programs('/usr/bin', USR_BIN),
  ...programs('/usr/sbin', USR_SBIN),
  program('/usr/bin/ping', 'gnu/ping', 90568), // without the file capability: the recorded node's image had none either
  symlink('/usr/bin/ping4', 'ping'),
  symlink('/usr/bin/ping6', 'ping'),
  ...LINKS.trim()
    .split(/\s+/)
    .map((item) => {
      const [path, target] = item.split('>') as [string, string];
      return symlink(path, target);
    }),
  symlink('/usr/bin/sh', 'dash'),
  ...'awk=mawk nawk=mawk which=which.debianutils pager=more'.split(' ').flatMap((pair) => {
    const [name = '', target = ''] = pair.split('=');
    return [symlink(`/usr/bin/${name}`, `/etc/alternatives/${name}`), symlink(`/etc/alternatives/${name}`, `/usr/bin/${target}`)];
  }),
  ...accounts(DEBIAN_PASSWD, DEBIAN_GROUP),
  file('/etc/passwd-', DEBIAN_PASSWD, '600'),
  file('/etc/group-', DEBIAN_GROUP),
  file('/etc/.pwd.lock', '', '600'),
  file('/etc/shadow', shadowOf(DEBIAN_PASSWD, 20780), '640', 0, 42),
  file('/etc/gshadow', DEBIAN_GROUP.replace(/:.*/g, ':*::'), '640', 0, 42),
  file('/etc/debian_version', '12.11\n'),
  file('/etc/host.conf', 'multi on\n'),
  file('/etc/issue', 'Debian GNU/Linux 12 \\n \\l\n\n'),
  file('/etc/issue.net', 'Debian GNU/Linux 12\n'),
  file('/etc/nsswitch.conf', NSSWITCH),
  file('/etc/timezone', 'Etc/UTC\n'),
  symlink('/etc/localtime', '/usr/share/zoneinfo/Etc/UTC'),
  file('/root/.bashrc', '# ~/.bashrc: read by interactive bash; it changes nothing\n'),
  file('/root/.profile', PROFILE),
  // Shorter than Debian's, whose prompt, history and aliases do not matter here.
  ...['.bash_logout', '.bashrc'].map((name) => file(`/etc/skel/${name}`, `# ~/${name}: it changes nothing\n`)),
  file('/etc/skel/.profile', PROFILE),
  file('/var/log/wtmp', '', '664', 0, 43),
  file('/etc/environment', ''),
  file('/etc/subuid', ''),
  file('/etc/subgid', ''),
  file(
    '/etc/shells',
    '# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/bin/dash\n/usr/bin/dash\n',
  ),
  file('/usr/lib/os-release', OS_RELEASE),
  symlink('/etc/os-release', '../usr/lib/os-release'),
];

export const debian = image('debian', { Cmd: ['bash'] }, debianEntries, 48495230);

/** node-hello and hello-app of the tutorial: a Debian whose first process is `sh -c "node server.js"`, as root. */
export const nodeHello = image(
  'node-hello',
  { Cmd: ['/bin/sh', '-c', 'node server.js'], WorkingDir: '/' },
  [...debianEntries, program('/usr/local/bin/node', 'own/node', 44016), { path: '/server.js', type: 'fifo', mode: '644' }],
  53498611,
);

const ALPINE_IN_SBIN = new Set(
  'acpid adjtimex arp blkid blockdev depmod fbsplash fdisk findfs fsck fstrim getty halt hwclock ifconfig ifdown ifenslave ifup init insmod ip ipaddr iplink ipneigh iproute iprule iptunnel klogd loadkmap logread losetup lsmod mdev mkdosfs mkfs.vfat mkswap modinfo modprobe nameif nologin pivot_root poweroff raidautorun reboot rmmod route setconsole slattach swapoff swapon switch_root sysctl syslogd tunctl udhcpc vconfig watchdog zcip'.split(
    ' ',
  ),
);

export const alpine = image(
  'alpine',
  { Cmd: ['/bin/sh'], WorkingDir: '/' },
  [
    ...'/bin /dev /etc /home /lib /media /mnt /opt /proc /run /sbin /srv /sys /usr /usr/bin /usr/lib /usr/local /usr/sbin /usr/share /var /var/cache /var/lib /var/log'
      .split(' ')
      .map((path) => dir(path)),
    dir('/root', '700'),
    dir('/tmp', '1777'),
    dir('/var/tmp', '1777'),
    dir('/var/empty', '555'),
    program('/bin/busybox', 'busybox', 808712),
    ...BUSYBOX_APPLETS.map((name) => symlink(ALPINE_IN_SBIN.has(name) ? `/sbin/${name}` : `/bin/${name}`, '/bin/busybox')),
    symlink('/usr/bin/env', '/bin/busybox'),
    ...accounts(ALPINE_PASSWD, ALPINE_GROUP),
    file('/etc/shadow', shadowOf(ALPINE_PASSWD), '640', 0, 42),
    file('/etc/alpine-release', '3.21.3\n'),
    file('/etc/os-release', 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.21.3\nPRETTY_NAME="Alpine Linux v3.21"\n'),
  ],
  3642247,
);

export const pause = image(
  'pause',
  { User: '65535:65535', Entrypoint: ['/pause'], WorkingDir: '/' },
  [program('/pause', 'own/pause', 766728)],
  318731,
);
