// Commands in processes of their own: substitutions, subshells, pipelines, background.

import { type Program, type SysResult, sys } from '#kernel/uapi/index.ts';
import { bytesOf, writeAll } from '../lib/io.ts';
import type { Node, Redir } from './ast.ts';
import { collect, Expander } from './expand.ts';
import { addJob, forkShell, waitForeground } from './jobs.ts';
import { bashJobText, jobText } from './jobtext.ts';
import { redirect } from './redirect.ts';
import { type Shell, ShellFault } from './state.ts';

export abstract class ProcessRunner {
  readonly expander: Expander;

  constructor() {
    this.expander = new Expander({
      substitute: (shell, body) => this.substitute(shell, body),
      processSubstitution: (shell, body, out) => this.processSubstitution(shell, body, out),
    });
  }

  abstract run(shell: Shell, node: Node | null, last?: boolean, tested?: boolean): Program<number>;
  abstract atExit(shell: Shell): Program<void>;
  abstract signals(shell: Shell): Program<void>;

  fork(shell: Shell, background: boolean, pgid: number | undefined, body: (child: Shell) => Program<number>): Program<number> {
    return forkShell(shell, { background, ...(shell.jobControl ? { pgid: pgid ?? 0 } : {}) }, body, (child) => this.atExit(child));
  }

  protected *substitute(shell: Shell, body: Node | null): Program<string> {
    const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
    if (!pipe.ok) throw new ShellFault('Pipe call failed');
    const [reader, writer] = pipe.value;
    const { jobControl } = shell;
    shell.jobControl = false;
    const executor: ProcessRunner = this;
    let pid: number;
    try {
      pid = yield* this.fork(shell, false, undefined, function* (child): Program<number> {
        yield* sys.close(reader);
        yield* sys.dup2(writer, 1);
        if (writer !== 1) yield* sys.close(writer);
        const only =
          body?.t === 'simple' && shell.d.extended && body.words.length === 0 && body.assigns.length === 0 && body.redirs.length === 1
            ? body.redirs[0]
            : undefined;
        if (only?.op === '<') {
          yield* redirect(child, [only], null, (word) => executor.expander.text(child, word));
          for (;;) {
            const got: SysResult<Uint8Array> = yield* sys.read(0, 65536);
            if (!got.ok || got.value.length === 0) return 0;
            yield* writeAll(1, got.value);
          }
        }
        if (child.d.name === 'ash') child.opts.e = false; // busybox does not hand `set -e` down to substitutions
        return yield* executor.run(child, body, true);
      });
    } finally {
      shell.jobControl = jobControl;
    }
    yield* sys.close(writer);
    const text = yield* collect(reader);
    yield* sys.close(reader);
    shell.substStatus = yield* waitForeground(shell, addJob(shell, [pid], '', false));
    if (shell.d.bash) shell.status = shell.substStatus;
    return text;
  }

  protected *processSubstitution(shell: Shell, body: Node | null, out: boolean): Program<string> {
    const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
    if (!pipe.ok) throw new ShellFault('Pipe call failed');
    const [first, its] = out ? [pipe.value[1], pipe.value[0]] : pipe.value;
    const high: SysResult<number> = yield* sys.fcntl(first, { cmd: 'F_DUPFD', min: shell.d.bash ? 63 : 64, cloexec: false });
    if (high.ok) yield* sys.close(first);
    const mine = high.ok ? high.value : first;
    const executor: ProcessRunner = this;
    yield* this.fork(shell, false, undefined, function* (child): Program<number> {
      yield* sys.close(mine);
      yield* sys.dup2(its, out ? 0 : 1);
      yield* sys.close(its);
      return yield* executor.run(child, body, true);
    });
    yield* sys.close(its);
    return `/dev/fd/${mine}`;
  }

  protected *subshell(shell: Shell, body: Node | null, redirs: readonly Redir[], text: string, last: boolean): Program<number> {
    const executor: ProcessRunner = this;
    if (last && shell.isSub && shell.traps.size === 0) return yield* this.run(shell, body, true);
    const pid = yield* this.fork(shell, false, undefined, function* (child): Program<number> {
      try {
        yield* redirect(child, redirs, null, (word) => executor.expander.text(child, word));
      } catch (reason) {
        // Here it is an error of the whole shell, not of a command.
        throw reason instanceof ShellFault && !child.d.bash ? new ShellFault(reason.message, 2) : reason;
      }
      return yield* executor.run(child, body, true);
    });
    return yield* waitForeground(shell, addJob(shell, [pid], text, false));
  }

  protected *forkPipeline(shell: Shell, parts: readonly Node[], background: boolean): Program<number[]> {
    const executor: ProcessRunner = this;
    const pids: number[] = [];
    let input = -1;
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] as Node;
      let next: readonly [number, number] | undefined;
      if (at < parts.length - 1) {
        const pipe: SysResult<readonly [number, number]> = yield* sys.pipe2(0);
        if (!pipe.ok) throw new ShellFault('Pipe call failed');
        next = pipe.value;
      }
      const from = input;
      const pid = yield* this.fork(shell, background, pids[0], function* (child): Program<number> {
        if (from >= 0) {
          yield* sys.dup2(from, 0);
          yield* sys.close(from);
        }
        if (next) {
          yield* sys.close(next[0]);
          yield* sys.dup2(next[1], 1);
          if (next[1] !== 1) yield* sys.close(next[1]);
        }
        return yield* executor.run(child, part, true);
      });
      pids.push(pid);
      if (from >= 0) yield* sys.close(from);
      if (next) yield* sys.close(next[1]);
      input = next ? next[0] : -1;
    }
    return pids;
  }

  protected *pipeline(shell: Shell, parts: readonly Node[], text: string): Program<number> {
    const job = addJob(shell, yield* this.forkPipeline(shell, parts, false), text, false);
    const status = yield* waitForeground(shell, job);
    if (shell.d.bash) shell.pipeStatus = { list: job.procs.map((proc) => proc.status), steps: shell.steps };
    return status;
  }

  protected *background(shell: Shell, body: Node, text: string): Program<number> {
    const pids = yield* this.forkPipeline(shell, body.t === 'pipe' ? body.parts : [body], true);
    const job = addJob(shell, pids, shell.d.bash ? bashJobText(body, text) : jobText(body), true);
    shell.bgPid = pids[pids.length - 1];
    if (shell.d.bash && shell.opts.i) yield* writeAll(2, bytesOf(`[${job.id}] ${shell.bgPid}\n`));
    return shell.finish(0);
  }
}
