// execve(2). Counterpart: fs/exec.c, fs/binfmt_script.c

import { PF_FORKNOEXEC } from '#abi/flags.ts';
import { err, type Handlers, type Kernel, ok, type Res, refuse } from '../context.ts';
import { type ExecResult, execCredentials, parseFileCaps } from '../cred/exec.ts';
import { fromKuid, kgidMapped, kuidMapped, makeKuid } from '../cred/ids.ts';
import { nsCapable } from '../cred/need.ts';
import { type ExecFile, execLookup } from '../fs/exec.ts';
import { closeFds } from '../fs/files.ts';
import type { Kuid, Task, UserNs } from '../state.ts';
import { programId } from '../uapi/image.ts';
import type { Disposition } from '../uapi/index.ts';

const MAX_INTERPRETERS = 5;
const ARG_MAX = 2 * 1024 * 1024;

/** `#!interpreter argument` of a script's first line. Counterpart: load_script */
function shebang(head: Uint8Array): { readonly interpreter: string; readonly argument: string | undefined } | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined;
  const end = head.indexOf(10);
  const line = new TextDecoder().decode(head.subarray(2, end < 0 ? head.length : end)).replace(/^[ \t]+|[ \t]+$/g, '');
  if (line === '') return undefined;
  const gap = line.search(/[ \t]/);
  return gap < 0
    ? { interpreter: line, argument: undefined }
    : { interpreter: line.slice(0, gap), argument: line.slice(gap).replace(/^[ \t]+/, '') };
}

/** Does the root of the namespace the xattr was written in rule this one? Counterpart: rootid_owns_currentns */
function rootidCounts(k: Kernel, userNs: number, rootid: number): boolean {
  for (let id: number | null = userNs; id !== null; ) {
    if (kuidMapped(k.state, id, rootid as Kuid) && fromKuid(k.state, id, rootid as Kuid) === 0) return true;
    id = (k.state.userNs.get(id) as UserNs).parent;
  }
  return false;
}

/** Does a tracer without CAP_SYS_PTRACE keep the program from gaining anything? Counterpart: ptracer_capable */
function underTracer(k: Kernel, task: Task): { readonly maySetuid: boolean } | null {
  const tracer = task.traced === null ? undefined : k.task(task.traced.tracer);
  if (tracer === undefined || nsCapable(k.state, tracer.cred, task.cred.userNs, 'CAP_SYS_PTRACE')) return null;
  return { maySetuid: nsCapable(k.state, task.cred, task.cred.userNs, 'CAP_SETUID') };
}

function newCredentials(k: Kernel, task: Task, file: ExecFile): Res<ExecResult> {
  const { userNs } = task.cred;
  const caps = file.caps === undefined ? undefined : parseFileCaps(file.caps);
  const counts = caps !== undefined && (caps.rootid === null || rootidCounts(k, userNs, caps.rootid));
  return execCredentials(
    task.cred,
    {
      mode: file.mode,
      uid: file.uid !== undefined && kuidMapped(k.state, userNs, file.uid) ? file.uid : undefined,
      gid: file.gid !== undefined && kgidMapped(k.state, userNs, file.gid) ? file.gid : undefined,
      nosuid: file.nosuid,
      caps: counts ? caps : undefined,
    },
    task.noNewPrivs,
    makeKuid(k.state, userNs, 0),
    underTracer(k, task),
  );
}

export const execHandlers: Handlers<'execve'> = {
  execve(k, task, path, argv, envp) {
    if ([...argv, ...envp].reduce((sum, text) => sum + text.length + 9, 0) > ARG_MAX) return err('E2BIG');
    let args: readonly string[] = argv.length === 0 ? [''] : argv;
    let at = path;
    let found: ExecFile | undefined;
    let id: string | undefined;
    for (let depth = 0; id === undefined; depth++) {
      if (depth > MAX_INTERPRETERS) return err('ELOOP');
      const file = execLookup(k, task, at);
      if (!file.ok) return file;
      found = file.value;
      id = programId(found.head);
      if (id !== undefined) break;
      const script = shebang(found.head);
      if (script === undefined) return err('ENOEXEC');
      args = [script.interpreter, ...(script.argument === undefined ? [] : [script.argument]), at, ...args.slice(1)];
      at = script.interpreter;
    }
    const main = k.loadProgram(id);
    if (main === undefined || found === undefined) return refuse('ENOEXEC', 'exec.format', { program: id });
    const next = newCredentials(k, task, found);
    if (!next.ok) return next;
    const { cred, secure } = next.value;

    closeFds(k, task.id, 'cloexec');
    const dispositions: Record<number, Disposition> = {};
    for (const [signal, disposition] of Object.entries(task.dispositions))
      if (disposition === 'ignore') dispositions[Number(signal)] = 'ignore';
    k.updateTask(task.id, {
      cred,
      comm: (path.split('/').at(-1) as string).slice(0, 15),
      argv: args,
      envp,
      exe: { at: found.at, path: found.path },
      flags: (k.task(task.id)?.flags ?? 0) & ~PF_FORKNOEXEC,
      dispositions,
      caught: [],
      dumpable: cred.euid === cred.ruid && cred.egid === cred.rgid && !secure && found.readable,
      ...(secure && { pdeathsig: 0 }),
    });
    k.install?.(task.id, main(args, envp));
    return ok(undefined as never);
  },
};
