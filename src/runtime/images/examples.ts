// Images under example/ that show what an image's USER, accounts, files and volumes do.

import type { Image, ImageConfig, ImageEntry } from '../image.ts';
import { BUSYBOX_GROUP, BUSYBOX_PASSWD } from './accounts.ts';
import { busybox, debian, dir, file, program } from './base.ts';

const CREDS_SIZE = 767552;
const creds = (name: string, mode: string, uid = 0, gid = 0, cap?: string): ImageEntry => ({
  ...program(`/bin/${name}`, 'own/creds', CREDS_SIZE, mode, gid),
  uid,
  ...(cap !== undefined && { cap }),
});

const toolEntries: readonly ImageEntry[] = [
  creds('creds', '755'),
  creds('creds-suid', '4755'),
  creds('creds-sgid', '2755', 0, 50),
  creds('creds-suid1000', '4755', 1000, 1000),
  creds('creds-fcap', '755', 0, 0, 'cap_net_raw=ep'),
  creds('creds-fcap-p', '755', 0, 0, 'cap_net_raw=p'),
  creds('creds-fcap-admin', '755', 0, 0, 'cap_sys_admin=ep'),
  creds('creds-fcap-bind', '755', 0, 0, 'cap_net_bind_service=ep'),
];

const make = (name: string, config: ImageConfig, entries: readonly ImageEntry[]): Image => ({
  name,
  config: { ...busybox.config, ...config },
  base: busybox,
  entries,
  size: 1987654,
});
const withAccounts: readonly ImageEntry[] = [
  ...toolEntries,
  dir('/home/app', '755', 1001, 1002),
  dir('/home/u1000', '700', 1000, 1234),
  file(
    '/etc/passwd',
    `${BUSYBOX_PASSWD}app:x:1001:1002:app:/home/app:/bin/sh\nother:x:2000:2001:other:/srv:/bin/sh\nu1000:x:1000:1234:u1000:/home/u1000:/bin/sh\n`,
  ),
  file(
    '/etc/group',
    `${BUSYBOX_GROUP}appgrp:x:1002:\nu1000g:x:1234:\ng2000:x:2000:\nextra:x:5005:app,other\nmore:x:5006:app\nteam:x:7000:u1000,app\n`,
  ),
];

const user = (name: string, User: string, entries = toolEntries): Image => make(name, { User }, entries);

/** Images by name below example/. */
export const EXAMPLES: Readonly<Record<string, Image>> = {
  tools: make('tools', {}, toolEntries),
  user1000: user('user1000', '1000'),
  'user1000-2000': user('user1000-2000', '1000:2000'),
  userroot: user('userroot', 'root'),
  user0: user('user0', '0'),
  usernobody: user('usernobody', 'nobody'),
  userghost: user('userghost', 'ghost'),
  userrootgrp: user('userrootgrp', 'root:staff'),
  userapp: user('userapp', 'app', withAccounts),
  'userapp-extra': user('userapp-extra', 'app:extra', withAccounts),
  apps: make('apps', {}, withAccounts),
  'user1000-passwd': user('user1000-passwd', '1000', withAccounts),
  'user1001-5005': user('user1001-5005', '1001:5005', withAccounts),
  env: make('env', { Env: [...(busybox.config.Env ?? []), 'HOME=/custom', 'FOO=bar'], WorkingDir: '/work/dir' }, toolEntries),
  vol: make('vol', { Volumes: ['/data'] }, [
    ...toolEntries,
    dir('/data', '770', 1000, 1000),
    { ...file('/data/seed.txt', 'seed\n'), mode: '640', uid: 1000, gid: 1000 },
  ]),
  debian: { ...debian, config: { ...debian.config, Cmd: ['sleep', '1h'] } },
};
