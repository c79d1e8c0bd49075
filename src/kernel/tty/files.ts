// Open terminals as files: read, write, poll, ioctl, release. Counterpart: drivers/tty/n_tty.c, tty_jobctrl.c, ioctl_tty(2)

import { POLLERR, POLLHUP, POLLIN, POLLOUT } from '#abi/flags.ts';
import { SIGTTIN, SIGTTOU } from '#abi/signal.ts';
import { err, type Kernel, type Outcome, ok, refuse } from '../context.ts';
import type { FileTarget, Task } from '../state.ts';
import { groupByPid, groupMembers, groupSeen } from '../task/ids.ts';
import { isOrphanedGroup, signalGroup } from '../task/signals.ts';
import type { Ioctl, Termios, Winsize } from '../uapi/index.ts';
import { setControlling } from './devices.ts';
import { hangup, masterInput, outputFull, resize, slaveWrite, takeInput, takeOutput, ttyOf, updateTty } from './tty.ts';

type TtyTarget = Extract<FileTarget, { kind: 'tty' }>;
const EMPTY = new Uint8Array(0);

/** A background job that reads (or changes) its terminal is stopped, or refused where nobody could continue it. */
function jobControl(k: Kernel, task: Task, id: number, signal: number): Outcome<never> | undefined {
  const { foreground } = ttyOf(k, id);
  if (task.tty !== id || foreground === null || foreground === task.pgrp) return undefined;
  if (task.blocked.includes(signal) || task.dispositions[signal] === 'ignore') return signal === SIGTTIN ? err('EIO') : undefined;
  if (isOrphanedGroup(k, task.pgrp)) return err('EIO');
  signalGroup(k, task.pgrp, signal, null);
  return { ok: 'block', wait: { keys: [`signal:${task.id}`], deadline: null } };
}

export function ttyRead(k: Kernel, task: Task, target: TtyTarget, count: number, nonblock: boolean): Outcome<Uint8Array> {
  const tty = ttyOf(k, target.tty);
  if (target.side === 'master') {
    if (tty.output.length > 0) {
      const bytes = takeOutput(k, target.tty, count);
      k.wake(`ttyw:${target.tty}`);
      return ok(bytes);
    }
    if (tty.opened && tty.slaves === 0) return err('EIO');
    return nonblock ? err('EAGAIN') : { ok: 'block', wait: { keys: [`ttym:${target.tty}`], deadline: null } };
  }
  const refused = jobControl(k, task, target.tty, SIGTTIN);
  if (refused !== undefined) return refused;
  if (count === 0) return ok(EMPTY);
  const bytes = takeInput(k, target.tty, count);
  if (bytes !== undefined) return ok(bytes);
  if (tty.masters === 0) return ok(EMPTY);
  return nonblock ? err('EAGAIN') : { ok: 'block', wait: { keys: [`tty:${target.tty}`], deadline: null } };
}

export function ttyWrite(k: Kernel, _task: Task, target: TtyTarget, data: Uint8Array, nonblock: boolean): Outcome<number> {
  if (target.side === 'master') {
    masterInput(k, target.tty, data);
    return ok(data.length);
  }
  const tty = ttyOf(k, target.tty);
  if (tty.masters === 0) return err('EIO');
  if (outputFull(tty)) return nonblock ? err('EAGAIN') : { ok: 'block', wait: { keys: [`ttyw:${target.tty}`], deadline: null } };
  slaveWrite(k, target.tty, data);
  return ok(data.length);
}

/** POLL* bits that hold now. */
export function ttyPoll(k: Kernel, target: TtyTarget): number {
  const tty = ttyOf(k, target.tty);
  if (target.side === 'master') return (tty.output.length > 0 ? POLLIN : 0) | POLLOUT | (tty.opened && tty.slaves === 0 ? POLLHUP : 0);
  const gone = tty.masters === 0;
  return (tty.input.length > 0 || gone ? POLLIN : 0) | (outputFull(tty) ? 0 : POLLOUT) | (gone ? POLLHUP | POLLERR : 0);
}

/** What a poll waits for. */
export const ttyKeys = (target: TtyTarget): readonly string[] =>
  target.side === 'master' ? [`ttym:${target.tty}`] : [`tty:${target.tty}`, `ttyw:${target.tty}`];

/** One more open end. */
export function ttyOpened(k: Kernel, target: TtyTarget): void {
  const tty = ttyOf(k, target.tty);
  updateTty(k, target.tty, target.side === 'slave' ? { slaves: tty.slaves + 1, opened: true } : { masters: tty.masters + 1 });
}

export function ttyIoctl(k: Kernel, task: Task, target: TtyTarget, op: Ioctl): Outcome<Termios | Winsize | number> {
  const id = target.tty;
  const tty = ttyOf(k, id);
  switch (op.request) {
    case 'TCGETS':
      return ok(tty.termios);
    case 'TCSETS': {
      const refused = target.side === 'slave' ? jobControl(k, task, id, SIGTTOU) : undefined;
      if (refused !== undefined) return refused;
      updateTty(k, id, { termios: op.termios });
      // A line begun in canonical mode can be read as it is once raw mode begins.
      if (tty.termios.icanon && !op.termios.icanon && tty.edit !== '') {
        updateTty(k, id, { edit: '', input: [...tty.input, new TextEncoder().encode(tty.edit)] });
        k.wake(`tty:${id}`);
      }
      return ok(0);
    }
    case 'TIOCGWINSZ':
      return ok(tty.winsize);
    case 'TIOCSWINSZ':
      resize(k, id, op.winsize);
      return ok(0);
    case 'TIOCGPGRP':
      if (target.side === 'slave' && task.tty !== id) return err('ENOTTY');
      return ok(tty.foreground === null ? 0 : groupSeen(k, task, tty.foreground));
    case 'TIOCSPGRP': {
      const refused = target.side === 'slave' ? jobControl(k, task, id, SIGTTOU) : undefined;
      if (refused !== undefined) return refused;
      if (task.tty !== id || tty.session !== task.session) return err('ENOTTY');
      if (op.pgrp < 0) return err('EINVAL');
      const group = groupByPid(k, task, op.pgrp);
      if (group === undefined) return err('ESRCH');
      if (!groupMembers(k, 0, group).some((member) => member.session === task.session))
        return refuse('EPERM', 'tty.foreground', { group: op.pgrp });
      updateTty(k, id, { foreground: group });
      return ok(0);
    }
    case 'TIOCSCTTY':
      if (task.session === task.id && tty.session === task.session) return ok(0);
      if (task.session !== task.id || task.tty !== null || tty.session !== null)
        return refuse('EPERM', 'tty.controlling', { leader: task.session === task.id });
      setControlling(k, task, id);
      return ok(0);
    case 'TIOCGPTN':
      return target.side === 'master' ? ok(tty.index) : err('ENOTTY');
    case 'FIONREAD':
      return ok((target.side === 'master' ? tty.output : tty.input.slice(0, 1)).reduce((sum, chunk) => sum + chunk.length, 0));
    case 'FS_IOC_GETFLAGS':
    case 'FS_IOC_SETFLAGS':
      return err('ENOTTY');
  }
}

/** The last descriptor of an open terminal is gone. */
export function ttyRelease(k: Kernel, target: TtyTarget): void {
  const tty = k.state.ttys.get(target.tty);
  if (tty === undefined) return;
  if (target.side === 'slave') {
    updateTty(k, target.tty, { slaves: Math.max(0, tty.slaves - 1) });
    if (tty.slaves <= 1) k.wake(`ttym:${target.tty}`);
    return;
  }
  updateTty(k, target.tty, { masters: Math.max(0, tty.masters - 1) });
  if (tty.masters <= 1) hangup(k, target.tty);
}
