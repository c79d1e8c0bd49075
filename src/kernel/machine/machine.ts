// The simulated machine: kernel state, the running programs and the streams to the outside. Deterministic: no clock but the
// simulated one, tasks take turns of 64 system calls.

import { SIGALRM, SIGCHLD } from '#abi/signal.ts';
import { isRoutine } from '#provenance/routine.ts';
import { PendingCauses } from '../causes.ts';
import type { FsDriver, HostStream, Kernel, Outcome } from '../context.ts';
import { withState, withTask } from '../copy.ts';
import type { FileTarget, KernelState, Kgid, Kuid, Task } from '../state.ts';
import { sendSignal, terminate } from '../task/signals.ts';
import { goesOn, stopAtExit, stopsAtEntry } from '../task/trace.ts';
import { devptsOf } from '../tty/devices.ts';
import { devptsDriver } from '../tty/devpts.ts';
import { createPty, hangup, masterInput, resize, ttyOf, updateTty } from '../tty/tty.ts';
import type { CallName, Program, ProgramMain, Syscalls, SysResult, Trap, WaitStatus, Winsize } from '../uapi/index.ts';
import { bootState } from './boot.ts';
import { dispatch } from './dispatch.ts';
import { earliest, type Proc, RunQueue, workOf } from './queue.ts';
import { mulberry32 } from './random.ts';
import { Records } from './records.ts';
import { addTask } from './spawn.ts';
import { createPipe } from './targets.ts';
import { joined, type Piece, takePieces } from './terminals.ts';
import type { MachineOptions, RunResult, SpawnOptions, SyscallRecord, TtyOwner } from './types.ts';

export type { MachineOptions, RunResult, SpawnOptions, SyscallRecord, TtyOwner } from './types.ts';

const SLICE = 64;
const HEAVY = 256; // work after which a turn ends early
const REMEMBERED_EXITS = 4096;
const TICK = 1000n; // ns of simulated time per system call

export class Machine implements Kernel {
  state: KernelState;
  trace: boolean;
  readonly drivers: Readonly<Record<string, FsDriver>>;
  readonly loadProgram: (id: string) => ProgramMain | undefined;
  private readonly onBug: ((error: unknown, task: Task) => void) | undefined;
  private readonly ring = new Records();
  private readonly causes = new PendingCauses();
  /** See Kernel. */
  cause: number | undefined;
  private readonly procs = new Map<number, Proc>();
  private readonly queue = new RunQueue();
  private readonly streams: HostStream[] = [];
  private readonly exits = new Map<number, WaitStatus>();
  private readonly exitCallbacks = new Map<number, ((status: WaitStatus) => void)[]>();
  private installs: { id: number; program: Program<number> }[] = [];
  /** No deadline is earlier than this; null: none. */
  private nextTimer: bigint | null = null;

  constructor(options: MachineOptions) {
    this.loadProgram = options.loadProgram;
    this.drivers = { devpts: devptsDriver, ...options.drivers };
    this.trace = options.trace ?? false;
    this.onBug = options.onBug;
    this.state = bootState(options);
  }

  // ── Kernel ────────────────────────────────────────────────────────────────

  wake(key: string): void {
    if (key.startsWith('signal:')) {
      const proc = this.procs.get(Number(key.slice(7)));
      if (proc !== undefined) this.queue.enqueue(proc);
      return;
    }
    this.queue.wake(key);
  }

  hostStream(id: number): HostStream | undefined;
  /** Registers a stream of the outside; usable as FileTarget { kind: 'host', stream }. */
  hostStream(handlers: HostStream): number;
  hostStream(given: number | HostStream): HostStream | number | undefined {
    return typeof given === 'number' ? this.streams[given] : this.streams.push(given) - 1;
  }

  random(): number {
    const { seed, value } = mulberry32(this.state.random);
    this.state = withState(this.state, { random: seed });
    return value;
  }

  task(id: number): Task | undefined {
    return this.state.tasks.get(id);
  }

  updateTask(id: number, change: Partial<Task>): void {
    const task = this.state.tasks.get(id);
    if (task !== undefined) this.state = withState(this.state, { tasks: this.state.tasks.set(id, withTask(task, change)) });
  }

  install(id: number, program: Program<number>): void {
    this.installs.push({ id, program });
  }

  exited(id: number, status: WaitStatus): void {
    this.causes.forget(id);
    const proc = this.procs.get(id);
    if (proc !== undefined) this.queue.forget(proc);
    this.procs.delete(id);
    this.exits.set(id, status);
    if (this.exits.size > REMEMBERED_EXITS) {
      for (const old of this.exits.keys()) {
        if (!this.exitCallbacks.has(old)) this.exits.delete(old);
        if (this.exits.size <= REMEMBERED_EXITS) break;
      }
    }
  }

  // ── outside ───────────────────────────────────────────────────────────────

  /** Global id of the task whose turn it is or was last: who calls, for programs that look at the machine from outside. */
  current = 0;

  /** Denied (and, with trace, all) calls, oldest first; bounded. */
  get records(): readonly SyscallRecord[] {
    return this.ring.all();
  }

  record(id: number): SyscallRecord | undefined {
    return this.ring.get(id);
  }

  /** Creates a task; returns its global id. */
  spawn(options: SpawnOptions): number {
    const id = addTask(this, options);
    this.start(id, options.main());
    return id;
  }

  /** Runs runnable tasks round-robin until nothing is runnable or as much was done as `maxTraps` small calls are. */
  run(maxTraps: number): RunResult {
    let traps = 0;
    while (traps < maxTraps) {
      this.fireTimers();
      const proc = this.queue.next();
      if (proc === undefined) break;
      if (this.procs.get(proc.id) === proc) traps += this.turn(proc, Math.min(SLICE, maxTraps - traps));
    }
    this.tellExits();
    const busy = !this.queue.empty;
    const nextDeadline = busy ? null : earliest(this, this.procs.keys());
    return { status: busy ? 'busy' : nextDeadline === null ? 'idle' : 'sleeping', traps, nextDeadline };
  }

  /** Jumps CLOCK_MONOTONIC (and realtime with it) forward and wakes due timers. */
  advanceTo(deadline: bigint): void {
    const by = deadline - this.state.monotonic;
    if (by > 0n) this.state = withState(this.state, { monotonic: deadline, realtime: this.state.realtime + by });
    this.fireTimers();
  }

  /** Something can be read from a host stream now. */
  wakeHost(id: number): void {
    this.wake(`host:${id}`);
  }

  /** Both ends of a new pipe, to connect tasks that are spawned. An end nobody opens counts as closed. */
  createPipe(): { readonly read: FileTarget; readonly write: FileTarget } {
    return createPipe(this);
  }

  /** A new pty whose master is held outside. */
  createTty(winsize: Winsize, owner: TtyOwner = {}): { readonly tty: number; readonly target: FileTarget } {
    const { uid = 0, gid = 5, mode = 0o620, devpts } = owner;
    const instance = devpts === undefined ? devptsOf(this, 0) : devpts;
    const tty = createPty(this, instance, { uid: uid as Kuid, gid: gid as Kgid, mode }, winsize);
    updateTty(this, tty, { masters: 1 });
    return { tty, target: { kind: 'tty', tty, side: 'slave' } };
  }

  ttyInput(tty: number, bytes: Uint8Array): void {
    masterInput(this, tty, bytes);
    this.tellExits();
  }

  /** Takes what the terminal printed since the last call, in pieces that are about one refused call or about none. */
  ttyPieces(tty: number): readonly Piece[] {
    return takePieces(this, tty);
  }

  /** The same as plain bytes. */
  ttyOutput(tty: number): Uint8Array {
    return joined(takePieces(this, tty));
  }

  ttyResize(tty: number, winsize: Winsize): void {
    resize(this, tty, winsize);
  }

  /** The outside closes the master: SIGHUP to the session. */
  ttyHangup(tty: number): void {
    updateTty(this, tty, { masters: Math.max(0, ttyOf(this, tty).masters - 1) });
    hangup(this, tty);
    this.tellExits();
  }

  /** Calls back once when the task has ended (at the end of a run), at once if it has. */
  onExit(task: number, callback: (status: WaitStatus) => void): void {
    const status = this.exits.get(task);
    if (status !== undefined) callback(status);
    else this.exitCallbacks.set(task, [...(this.exitCallbacks.get(task) ?? []), callback]);
  }

  exitStatus(task: number): WaitStatus | undefined {
    return this.exits.get(task);
  }

  /** A signal from outside, as from an ancestor namespace. */
  signal(task: number, signal: number): void {
    sendSignal(this, task, signal, null);
    this.tellExits();
  }

  /** Runs one system call in a task's context, without the task's program noticing. Never blocks: 'block' comes back as it is. */
  call<K extends CallName>(task: number, name: K, ...args: Parameters<Syscalls[K]>): Outcome<ReturnType<Syscalls[K]>> {
    const target = this.task(task);
    if (target === undefined) return { ok: false, errno: 'ESRCH' };
    const outcome = dispatch(this, target, name, args);
    this.note(target, name, args, outcome);
    this.settleInstalls(outcome.ok === true);
    this.tellExits();
    return outcome as Outcome<ReturnType<Syscalls[K]>>;
  }

  // ── scheduler ─────────────────────────────────────────────────────────────

  private start(id: number, gen: Program<number>): void {
    const known = this.procs.get(id);
    if (known !== undefined) {
      // execve: the old program is gone; nothing of it runs again
      known.gen = gen;
      known.answer = undefined;
      known.parked = null;
      known.seen = 0;
      if (this.task(id)?.wait != null) this.updateTask(id, { wait: null, state: 'running' }); // made to exec from outside
      this.queue.enqueue(known);
      return;
    }
    const proc: Proc = { id, gen, answer: undefined, parked: null, keys: [], queued: false, seen: 0 };
    this.procs.set(id, proc);
    this.queue.enqueue(proc);
  }

  private settleInstalls(succeeded: boolean): boolean {
    if (this.installs.length === 0) return false;
    const installs = this.installs;
    this.installs = [];
    if (succeeded) for (const { id, program } of installs) this.start(id, program);
    return succeeded;
  }

  private park(proc: Proc, trap: Trap, keys: readonly string[], deadline: bigint | null): void {
    proc.parked = trap;
    this.queue.wait(proc, keys);
    const task = this.task(proc.id) as Task;
    this.updateTask(proc.id, { wait: { keys, deadline }, state: task.state === 'stopped' ? 'stopped' : 'sleeping' });
    if (deadline !== null && (this.nextTimer === null || deadline < this.nextTimer)) this.nextTimer = deadline;
  }

  private hold(proc: Proc, trap: Trap): false {
    proc.parked = trap;
    return false;
  }

  /** Lets one program make up to `budget` calls; returns how many it made. */
  private turn(proc: Proc, budget: number): number {
    this.current = proc.id;
    let [traps, work] = [0, 0];
    const runnable = (): boolean => this.procs.get(proc.id) === proc && goesOn(this.task(proc.id));
    while (traps < budget && work < HEAVY && runnable()) {
      let trap = proc.parked;
      if (trap === null) {
        const answer = proc.answer as SysResult<unknown>;
        proc.answer = undefined;
        let step: IteratorResult<Trap, number>;
        try {
          step = proc.gen.next(answer);
        } catch (error) {
          this.bug(proc, error);
          break;
        }
        if (step.done) {
          terminate(this, proc.id, { kind: 'exited', code: step.value & 0xff });
          break;
        }
        trap = step.value;
      }
      traps++;
      const on = this.answer(proc, trap);
      work += workOf(trap.call, proc.answer);
      if (!on) break;
    }
    if (traps > 0) {
      const task = this.task(proc.id);
      if (task !== undefined && task.state !== 'zombie') this.updateTask(proc.id, { utime: task.utime + TICK * BigInt(traps) });
    }
    if (proc.parked === null && runnable()) this.queue.enqueue(proc);
    return work;
  }

  /** Answers a trap; false when the program cannot go on now. */
  private answer(proc: Proc, trap: Trap): boolean {
    const { state } = this;
    this.state = withState(state, { monotonic: state.monotonic + TICK, realtime: state.realtime + TICK });
    const task = this.task(proc.id) as Task;
    if (task.traced !== null && stopsAtEntry(this, task, trap)) return this.hold(proc, trap);
    let outcome: Outcome<unknown>;
    const before = this.state;
    this.cause = trap.call === 'write' ? this.causes.of(task.id) : undefined;
    try {
      outcome = dispatch(this, task, trap.call, trap.args);
    } catch (error) {
      this.state = before;
      this.installs = [];
      this.bug(proc, error);
      return false;
    }
    if (outcome.ok === 'block') {
      const now = this.task(proc.id) as Task;
      // SIGCHLD interrupts what is never restarted: shells install its handler with SA_RESTART, or wait for it anyway.
      const sleeps = trap.call === 'nanosleep' || trap.call === 'pause';
      const interrupting = now.caught.filter((signal) => signal !== SIGCHLD || sleeps).length;
      if (interrupting <= proc.seen) {
        this.park(proc, trap, outcome.wait.keys, outcome.wait.deadline);
        return false;
      }
      proc.seen = interrupting;
      outcome = { ok: false, errno: 'EINTR' };
    }
    if (trap.call === 'sigtake') proc.seen = 0;
    else if (trap.call === 'alarm') this.nextTimer = earliest(this, this.procs.keys());
    this.cause = undefined;
    if (outcome.ok) this.causes.answered(task.id, trap.call, trap.args, outcome.value);
    this.note(task, trap.call, trap.args, outcome);
    const now = this.task(proc.id);
    if (now !== undefined && now.wait !== null)
      this.updateTask(proc.id, { wait: null, state: now.state === 'sleeping' ? 'running' : now.state });
    proc.parked = null;
    if (now !== undefined && now.traced !== null) stopAtExit(this, proc.id, outcome);
    if (this.settleInstalls(outcome.ok) && trap.call === 'execve') return true;
    proc.answer = outcome.ok && outcome.notice ? { ok: true, value: outcome.value } : outcome;
    return true;
  }

  /** Takes the id of a refusal that was decided outside the kernel; what the running task prints next is about it. */
  refusedElsewhere(): number {
    const id = this.ring.reserve();
    if (this.task(this.current) !== undefined) this.causes.refused(this.current, id);
    return id;
  }

  private note(task: Task, call: CallName, args: readonly unknown[], outcome: Outcome<unknown>): void {
    if (outcome.ok === 'block') return;
    const verdict = outcome.ok ? outcome.notice : outcome.verdict;
    if (verdict === undefined && !this.trace) return;
    const id = this.ring.add(task, call, args, outcome, this.state.realtime);
    if (verdict === undefined || outcome.ok || isRoutine(verdict.checks)) return;
    this.updateTask(task.id, { lastDenial: id });
    this.causes.refused(task.id, id);
  }

  /** A program threw: says so on its stderr, ends it, goes on. */
  private bug(proc: Proc, error: unknown): void {
    const task = this.task(proc.id) as Task;
    const text = `${task.comm}: internal error: ${error instanceof Error ? error.message : String(error)}\n`;
    dispatch(this, { ...task, seccomp: [] }, 'write', [2, new TextEncoder().encode(text)]);
    terminate(this, proc.id, { kind: 'exited', code: 255 });
    this.onBug?.(error, task);
  }

  private tellExits(): void {
    if (this.exitCallbacks.size === 0) return;
    for (const [id, callbacks] of [...this.exitCallbacks]) {
      const status = this.exits.get(id);
      if (status === undefined) continue;
      this.exitCallbacks.delete(id);
      for (const callback of callbacks) callback(status);
    }
  }

  // ── timers ────────────────────────────────────────────────────────────────

  private fireTimers(): void {
    if (this.nextTimer === null || this.state.monotonic < this.nextTimer) return;
    const now = this.state.monotonic;
    for (const proc of [...this.procs.values()]) {
      const task = this.task(proc.id);
      if (task === undefined) continue;
      if (task.alarm !== null && task.alarm <= now) {
        this.updateTask(proc.id, { alarm: null });
        sendSignal(this, proc.id, SIGALRM, null);
      }
      const deadline = this.task(proc.id)?.wait?.deadline;
      if (deadline != null && deadline <= now && proc.parked !== null) this.queue.enqueue(proc);
    }
    this.nextTimer = earliest(this, this.procs.keys());
  }
}
