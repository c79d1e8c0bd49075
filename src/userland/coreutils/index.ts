// The commands of this folder by name, and which userlands have them.

import type { Command, CommandTable, Flavour } from '../lib/command.ts';
import { cut, tr, uniq } from './columns.ts';
import { cp } from './cp.ts';
import { df } from './df.ts';
import { du } from './du.ts';
import { groups, id, logname, users, who, whoami } from './identity.ts';
import { install } from './install.ts';
import { ls } from './ls.ts';
import { link, ln, mkdir, mkfifo, mknod, mktemp, rmdir, truncate, unlink } from './make.ts';
import { chgrp, chmod, chown } from './mode.ts';
import { mv } from './mv.ts';
import { basename, dirname, readlink, realpath } from './paths.ts';
import { pathchk, pwd, stdbuf } from './portable.ts';
import { dd, expr, seq, yes } from './produce.ts';
import { rm } from './remove.ts';
import { chroot, env, nice, nohup, printenv, sleep, timeout } from './run.ts';
import { chcon, runcon } from './selinux.ts';
import { cat, head, tail, tee, wc } from './show.ts';
import { sort } from './sort.ts';
import { stat } from './stat.ts';
import { date, hostname, nproc, stty, sync, tty, uname } from './system.ts';
import { touch } from './touch.ts';

const BOTH: readonly Flavour[] = ['busybox', 'gnu'];
const commands: Readonly<Record<string, Command>> = {
  basename,
  cat,
  chgrp,
  chmod,
  chown,
  chroot,
  cp,
  cut,
  date,
  dd,
  df,
  dirname,
  du,
  env,
  expr,
  groups,
  head,
  hostname,
  id,
  install,
  link,
  ln,
  logname,
  ls,
  mkdir,
  mkfifo,
  mknod,
  mktemp,
  mv,
  nice,
  nohup,
  pwd,
  nproc,
  printenv,
  readlink,
  realpath,
  rm,
  rmdir,
  seq,
  sleep,
  sort,
  stat,
  stty,
  sync,
  tail,
  tee,
  timeout,
  touch,
  tr,
  truncate,
  tty,
  uname,
  uniq,
  unlink,
  users,
  wc,
  who,
  whoami,
  yes,
};

/** File, text and system basics of both userlands. */
export const coreutils: CommandTable = {
  ...Object.fromEntries(Object.entries(commands).map(([name, run]) => [name, { run, in: BOTH }])),
  chcon: { run: chcon, in: ['gnu'] },
  runcon: { run: runcon, in: ['gnu'] },
  pathchk: { run: pathchk, in: ['gnu'] },
  stdbuf: { run: stdbuf, in: ['gnu'] },
};
