// SELinux's hooks: type enforcement, then categories; the AVC line and the verdict.
// Counterpart: security/selinux/hooks.c, avc.c; selinux(8)

import { CAPABILITIES } from '#abi/capability.ts';
import { isBlk, isChr, isDir, isFifo, isLnk, isSock, MAY_EXEC, MAY_READ, MAY_WRITE } from '#abi/mode.ts';
import type { Operand } from '#provenance/verdict.ts';
import { check, deny } from '#provenance/verdict.ts';
import { err, type Kernel, ok, type Res, refuse } from '../../context.ts';
import { inodeAt, superblockOf } from '../../fs/inodes.ts';
import type { Inode, KernelState, Location, Task } from '../../state.ts';
import type { FileAccess } from '../access.ts';
import { AA_APPEND, AA_READ, AA_WRITE } from '../apparmor/profile.ts';
import { AUDIT_AVC, audit, untrusted } from '../audit.ts';
import { type Context, contextText, dominates, parseContext } from './context.ts';
import { dentryName, labelOf, newLabel } from './label.ts';
import { domainAllowsCapability, isConfined, typeAllows } from './policy.ts';

const ALLOWED: Res<void> = ok(undefined);
const enforcing = ({ lsm }: KernelState): boolean => lsm?.kind === 'selinux' && lsm.enforcing;

/** The context of a task when its domain is a confined one. */
export function confinedContext(state: KernelState, label: string | undefined): Context | undefined {
  if (label === undefined || state.lsm?.kind !== 'selinux') return undefined;
  const context = parseContext(label);
  return context !== undefined && isConfined(context.type) ? context : undefined;
}

/** The class of an inode. */
export function classOf(mode: number): string {
  if (isDir(mode)) return 'dir';
  if (isLnk(mode)) return 'lnk_file';
  if (isChr(mode)) return 'chr_file';
  if (isBlk(mode)) return 'blk_file';
  if (isFifo(mode)) return 'fifo_file';
  return isSock(mode) ? 'sock_file' : 'file';
}

const FIRST = ['read', 'write', 'append', 'execute', 'search'];

interface Question {
  readonly source: Context;
  readonly target: Context;
  readonly class: string;
  readonly permissions: readonly string[];
  /** Fields of the log line about the object. */
  readonly about: string;
  readonly operands?: Readonly<Record<string, Operand>>;
  readonly errno?: 'EACCES' | 'EPERM';
}

/** One question to the policy. Refused permissions are logged together. */
function ask(k: Kernel, task: Task, q: Question): Res<void> {
  const byType = q.permissions.filter((each) => !typeAllows(q.source.type, q.target.type, each));
  const categories = q.class === 'capability' || dominates(q.source.level, q.target.level);
  const refused = categories ? byType : q.permissions;
  if (refused.length === 0) return ALLOWED;
  // The inode's own permissions are asked for before opening it or changing its entries.
  const first = refused.filter((each) => FIRST.includes(each));
  const denied = first.length > 0 ? first : refused;
  const permissive = !enforcing(k.state);
  const [scontext, tcontext] = [contextText(q.source), contextText(q.target)];
  const fields = `scontext=${scontext} tcontext=${tcontext} tclass=${q.class} permissive=${permissive ? 1 : 0}`;
  audit(k, AUDIT_AVC, `avc:  denied  { ${denied.join(' ')} } for  pid=${task.id} comm=${untrusted(task.comm)} ${q.about}${fields}`);
  if (permissive) return ALLOWED;
  const facts = { scontext, tcontext, class: q.class, denied: denied.join(' '), ...q.operands };
  return err(
    q.errno ?? 'EACCES',
    deny([
      check('selinux.type', byType.length > 0 ? 'deny' : 'skip', facts),
      check('selinux.mcs', categories ? 'skip' : 'deny', { level: q.source.level, objectLevel: q.target.level }),
    ]),
  );
}

function onInode(
  k: Kernel,
  task: Task,
  source: Context,
  at: Location,
  inode: Inode,
  name: string,
  permissions: readonly string[],
): Res<void> {
  const { fstype, source: device } = superblockOf(k, at);
  const shown = dentryName(k, at) ?? name;
  return ask(k, task, {
    source,
    target: labelOf(k, at, inode),
    class: classOf(inode.mode),
    permissions,
    about: `name=${untrusted(shown)} dev="${fstype === 'ext4' ? device.replace('/dev/', '') : fstype}" ino=${inode.ino} `,
    operands: { name: shown },
  });
}

/** What an access asks of the object, and of the directory its name is in. */
function questions(access: FileAccess): { readonly object: readonly string[]; readonly dir: readonly string[] } {
  const { operation, mask, inode } = access;
  const opened = [
    ...(mask & AA_READ ? ['read'] : []),
    ...(mask & AA_WRITE ? ['write'] : []),
    ...(mask & AA_APPEND ? ['append'] : []),
    'open',
  ];
  const want = access.want ?? 0;
  const tested = [...(want & MAY_READ ? ['read'] : []), ...(want & MAY_WRITE ? ['write'] : []), ...(want & MAY_EXEC ? ['execute'] : [])];
  switch (operation) {
    case 'open':
      return { object: inode === null ? [] : opened, dir: ['search'] };
    case 'mknod':
    case 'mkdir':
    case 'symlink':
      return { object: ['create'], dir: ['write', 'add_name'] };
    case 'unlink':
    case 'rmdir':
      return { object: [operation], dir: ['write', 'remove_name'] };
    case 'rename_src':
      return { object: ['rename'], dir: ['write', 'remove_name'] };
    case 'rename_dest':
      return { object: inode === null ? [] : ['unlink'], dir: ['write', 'add_name'] };
    case 'link':
      return { object: ['link'], dir: ['write', 'add_name'] };
    case 'chmod':
    case 'chown':
    case 'setattr':
      return { object: ['setattr'], dir: ['search'] };
    case 'truncate':
      return { object: ['write', 'setattr'], dir: ['search'] };
    case 'getattr':
      return { object: ['getattr'], dir: ['search'] };
    case 'access':
      return {
        object: inode !== null && isDir(inode.mode) ? tested.map((each) => (each === 'execute' ? 'search' : each)) : tested,
        dir: [],
      };
    case 'exec':
      return { object: ['read', 'execute', 'open'], dir: ['search'] };
    case 'relabel':
      return { object: ['relabelfrom'], dir: ['search'] };
  }
}

/** A file access of a confined task. */
export function checkFile(k: Kernel, task: Task, access: FileAccess): Res<void> {
  const source = confinedContext(k.state, task.cred.label);
  if (source === undefined) return ALLOWED;
  const { object, dir } = questions(access);
  const name = access.path.replace(/\/$/, '').split('/').at(-1) || '/';
  const folder = inodeAt(k, access.dir, task);
  const same = access.at !== null && access.at.mount === access.dir.mount && access.at.ino === access.dir.ino;
  if (folder !== undefined && dir.length > 0 && !same) {
    const may = onInode(k, task, source, access.dir, folder, name, dir);
    if (!may.ok) return may;
  }
  if (object.length === 0) return ALLOWED;
  if (access.at !== null && access.inode !== null) return onInode(k, task, source, access.at, access.inode, name, object);
  if (folder === undefined) return ALLOWED;
  return ask(k, task, {
    source,
    target: newLabel(k, task, access.dir, folder),
    class: access.operation === 'mkdir' ? 'dir' : access.operation === 'symlink' ? 'lnk_file' : 'file',
    permissions: object,
    about: `name=${untrusted(name)} `,
    operands: { name },
  });
}

/** Does the domain behind a label let a capability count? Counterpart: selinux_capable */
export function contextAllowsCapability(state: KernelState, label: string, cap: string): boolean {
  const source = confinedContext(state, label);
  return source === undefined || !enforcing(state) || domainAllowsCapability(source.type, cap);
}

/** The refusal of a capability that the task has, for the log and the verdict. */
export function refuseContextCapability(k: Kernel, task: Task, cap: string): Res<void> {
  const source = confinedContext(k.state, task.cred.label);
  if (source === undefined || contextAllowsCapability(k.state, task.cred.label as string, cap)) return ALLOWED;
  const name = cap.slice('CAP_'.length).toLowerCase();
  const number = (CAPABILITIES as readonly string[]).indexOf(cap);
  const context = contextText(source);
  const fields = `capability=${number}  scontext=${context} tcontext=${context} tclass=${number > 31 ? 'capability2' : 'capability'} permissive=0`;
  audit(k, AUDIT_AVC, `avc:  denied  { ${name} } for  pid=${task.id} comm=${untrusted(task.comm)} ${fields}`);
  return refuse('EPERM', 'selinux.capability', { scontext: context, capability: name });
}

/** Signals and ptrace: within one domain and with its categories, never into another one. */
export function checkTask(k: Kernel, task: Task, to: Task, permission: string): Res<void> {
  const source = confinedContext(k.state, task.cred.label);
  const target = parseContext(to.cred.label ?? '');
  if (source === undefined || target === undefined || task.id === to.id) return ALLOWED;
  return ask(k, task, { source, target, class: 'process', permissions: [target.type === source.type ? 'read' : permission], about: '' });
}
