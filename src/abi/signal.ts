// Signals of x86-64 Linux. Counterpart: signal(7)

/** Names without SIG, index = number; 0 is the null signal of kill(2). */
export const SIGNALS = [
  '0',
  'HUP',
  'INT',
  'QUIT',
  'ILL',
  'TRAP',
  'ABRT',
  'BUS',
  'FPE',
  'KILL',
  'USR1',
  'SEGV',
  'USR2',
  'PIPE',
  'ALRM',
  'TERM',
  'STKFLT',
  'CHLD',
  'CONT',
  'STOP',
  'TSTP',
  'TTIN',
  'TTOU',
  'URG',
  'XCPU',
  'XFSZ',
  'VTALRM',
  'PROF',
  'WINCH',
  'IO',
  'PWR',
  'SYS',
] as const;

export type SignalName = (typeof SIGNALS)[number];

const number = (name: SignalName): number => SIGNALS.indexOf(name);
export const SIGHUP = number('HUP');
export const SIGINT = number('INT');
export const SIGQUIT = number('QUIT');
export const SIGABRT = number('ABRT');
export const SIGKILL = number('KILL');
export const SIGPIPE = number('PIPE');
export const SIGALRM = number('ALRM');
export const SIGTERM = number('TERM');
export const SIGCHLD = number('CHLD');
export const SIGCONT = number('CONT');
export const SIGSTOP = number('STOP');
export const SIGTSTP = number('TSTP');
export const SIGTTIN = number('TTIN');
export const SIGTTOU = number('TTOU');
export const SIGSEGV = number('SEGV');
export const SIGXFSZ = number('XFSZ');
export const SIGWINCH = number('WINCH');
export const SIGSYS = number('SYS');

/** The real-time signals that the C library leaves to programs. Counterpart: signal(7) */
const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** Number for `9`, `KILL` or `SIGKILL` in any case; undefined when there is none. */
export function signalNumber(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 64 ? Number(text) : undefined;
  const index = SIGNALS.indexOf(text.toUpperCase().replace(/^SIG/, '') as SignalName);
  return index > 0 ? index : undefined;
}

const DESCRIPTION: Readonly<Partial<Record<SignalName, string>>> = {
  HUP: 'Hangup',
  INT: 'Interrupt',
  QUIT: 'Quit',
  ILL: 'Illegal instruction',
  TRAP: 'Trace/breakpoint trap',
  ABRT: 'Aborted',
  BUS: 'Bus error',
  FPE: 'Floating point exception',
  KILL: 'Killed',
  USR1: 'User defined signal 1',
  SEGV: 'Segmentation fault',
  USR2: 'User defined signal 2',
  PIPE: 'Broken pipe',
  ALRM: 'Alarm clock',
  TERM: 'Terminated',
  STKFLT: 'Stack fault',
  CHLD: 'Child exited',
  CONT: 'Continued',
  STOP: 'Stopped (signal)',
  TSTP: 'Stopped',
  TTIN: 'Stopped (tty input)',
  TTOU: 'Stopped (tty output)',
  URG: 'Urgent I/O condition',
  XCPU: 'CPU time limit exceeded',
  XFSZ: 'File size limit exceeded',
  VTALRM: 'Virtual timer expired',
  PROF: 'Profiling timer expired',
  WINCH: 'Window changed',
  IO: 'I/O possible',
  PWR: 'Power failure',
  SYS: 'Bad system call',
};

/** The text strsignal(3) gives. */
export function strsignal(signal: number): string {
  const name = SIGNALS[signal];
  const realtime = signal >= SIGRTMIN && signal <= SIGRTMAX ? `Real-time signal ${signal - SIGRTMIN}` : undefined;
  return (name && DESCRIPTION[name]) ?? realtime ?? `Unknown signal ${signal}`;
}
