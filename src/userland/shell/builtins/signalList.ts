// `kill -l`: names of signals. Counterpart: busybox 1.35 kill.c, dash 0.5.12 jobs.c, bash 5.2 kill.def, procps 4.0 kill

import { SIGNALS, signalNumber } from '#abi/signal.ts';
import type { Program } from '#kernel/uapi/index.ts';
import { out } from '../../lib/io.ts';

export type KillStyle = 'ash' | 'dash' | 'bash' | 'bb' | 'gnu';

const SIGRTMIN = 34;
const SIGRTMAX = 64;

/** The name of a signal; undefined for the two that the C library keeps to itself, and beyond the last. */
function nameOf(signal: number): string | undefined {
  if (signal < SIGRTMIN) return SIGNALS[signal];
  if (signal > SIGRTMAX) return undefined;
  const [up, down] = [signal - SIGRTMIN, SIGRTMAX - signal];
  return up < 16 ? `RTMIN${up ? `+${up}` : ''}` : `RTMAX${down ? `-${down}` : ''}`;
}

function all(style: KillStyle): string {
  if (style === 'gnu') {
    const names = SIGNALS.slice(1).map((name) => (name === 'IO' ? 'POLL' : name));
    return `${names.slice(0, 16).join(' ')}\n${names.slice(16).join(' ')}\n`;
  }
  const numbers = Array.from({ length: SIGRTMAX }, (_, at) => at + 1).filter((n) => nameOf(n) !== undefined);
  if (style !== 'bash')
    return SIGNALS.slice(style === 'dash' ? 0 : 1)
      .map((name, at) => (style === 'dash' ? `${name}\n` : `${String(at + 1).padStart(2)}) ${name}\n`))
      .join('');
  const cells = numbers.map((n, at) => `${String(n).padStart(2)}) SIG${nameOf(n)}${at % 5 === 4 ? '\n' : '\t'}`);
  return cells.join('') + (numbers.length % 5 ? '\n' : '');
}

/** What one word after `-l` stands for; undefined: nothing. */
function one(word: string, style: KillStyle): string | undefined {
  const number = /^\d+$/.test(word) ? Number(word) : undefined;
  if (/^(SIG)?EXIT$/i.test(word) && style !== 'dash' && style !== 'gnu') return '0';
  if (style === 'ash' || style === 'bb') {
    if (number === undefined) return signalNumber(word)?.toString();
    const signal = number & 127;
    return signal === 0 ? 'EXIT' : signal < SIGRTMIN ? (SIGNALS[signal] ?? String(signal)) : String(signal);
  }
  if (number === undefined) return style === 'dash' ? undefined : signalNumber(word)?.toString();
  if (number === 0) return style === 'bash' ? 'EXIT' : undefined;
  const signal = number > 128 && style !== 'gnu' ? number - 128 : number;
  return nameOf(signal) ?? (signal < SIGRTMIN ? (style === 'dash' ? String(signal) : '') : undefined);
}

/** Prints the names of all signals, or what the words stand for. dash and procps look at the first word only. */
export function* listSignals(words: readonly string[], style: KillStyle, complain: (text: string) => Program<void>): Program<number> {
  if (words.length === 0) yield* out(all(style));
  let status = 0;
  for (const word of style === 'dash' || style === 'gnu' ? words.slice(0, 1) : words) {
    const text = one(word, style);
    if (text !== undefined) {
      yield* out(`${text}\n`);
      continue;
    }
    if (style === 'dash') yield* complain(/^\d+$/.test(word) ? `invalid signal number or exit status: ${word}` : `Illegal number: ${word}`);
    else if (style === 'bash') yield* complain(`${word}: invalid signal specification`);
    else yield* complain(style === 'gnu' ? `unknown signal name ${word}` : `unknown signal '${word}'`);
    if (style === 'ash' || style === 'bb') return 1;
    status = style === 'dash' ? 2 : 1;
  }
  return status;
}
