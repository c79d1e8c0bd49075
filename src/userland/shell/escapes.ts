// Backslash sequences: of $'..', of echo and of printf.

import { LETTERS } from '../lib/escape-letters.ts';

const SIMPLE: Readonly<Record<string, string>> = { ...LETTERS, E: '\x1b' };

/** Text of `$'…'` with its escapes resolved. Counterpart: bash, QUOTING. */
export function ansiC(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|c(.)|([\s\S]))/g,
    (whole: string, hex?: string, u?: string, big?: string, oct?: string, control?: string, c?: string) => {
      const code = hex ?? u ?? big;
      if (code !== undefined) {
        const point = Number.parseInt(code, 16);
        // Containers have no locale, and the C locale's characters end here.
        if (hex !== undefined || point < 0x80) return String.fromCodePoint(point);
        return point > 0xffff
          ? `\\U${point.toString(16).toUpperCase().padStart(8, '0')}`
          : `\\u${point.toString(16).toUpperCase().padStart(4, '0')}`;
      }
      if (oct !== undefined) return String.fromCharCode(Number.parseInt(oct, 8) & 255);
      if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 31);
      return c === "'" || c === '"' || c === '?' ? c : (SIMPLE[c as string] ?? whole);
    },
  );
}

/**
 * Escapes of `echo -e` and printf's `%b`: octal is \0nnn (and \nnn). `stop` is true after \c. `hex` allows \xHH, which
 * dash does not know. `zero`: octal is \0nnn alone (bash's echo).
 */
export function echoEscapes(text: string, hex: boolean, zero = false): { text: string; stop: boolean } {
  if (!text.includes('\\')) return { text, stop: false };
  let outText = '';
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (c !== '\\' || at + 1 >= text.length) {
      outText += c;
      continue;
    }
    const e = text[++at] as string;
    if (e === 'c') return { text: outText, stop: true };
    const number =
      e === 'x' && hex
        ? /^[0-9a-fA-F]{1,2}/.exec(text.slice(at + 1))
        : (zero ? e === '0' : /[0-7]/.test(e))
          ? /^(?:0[0-7]{0,3}|[0-7]{1,3})/.exec(text.slice(at))
          : null;
    if (number) {
      outText += String.fromCharCode(Number.parseInt(number[0], e === 'x' ? 16 : 8) & 255);
      at += number[0].length - (e === 'x' ? 0 : 1);
    } else outText += e === 'E' && !hex ? '\\E' : (SIMPLE[e] ?? `\\${e}`);
  }
  return { text: outText, stop: false };
}
