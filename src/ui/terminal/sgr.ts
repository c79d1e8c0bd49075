// Colours and weights of terminal text. Equal styles are the same object, so that they compare by identity.
// Counterpart: ECMA-48 §8.3.117 SGR

export interface Style {
  readonly fg: number | null; // 0–15
  readonly bg: number | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly underline: boolean;
  readonly inverse: boolean;
}

export const PLAIN: Style = { fg: null, bg: null, bold: false, dim: false, underline: false, inverse: false };

const KNOWN = new Map<string, Style>([[JSON.stringify(PLAIN), PLAIN]]);

function interned(style: Style): Style {
  const key = JSON.stringify(style);
  const known = KNOWN.get(key);
  if (known) return known;
  KNOWN.set(key, style);
  return style;
}

/** The style after `ESC [ parameters m`. */
export function parseSgr(style: Style, parameters: string): Style {
  let next = style;
  const codes = parameters.split(';').map((code) => Number(code) || 0);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    if (code === 0) next = PLAIN;
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 2) next = { ...next, dim: true };
    else if (code === 4) next = { ...next, underline: true };
    else if (code === 7) next = { ...next, inverse: true };
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code === 24) next = { ...next, underline: false };
    else if (code === 27) next = { ...next, inverse: false };
    else if (code >= 30 && code <= 37) next = { ...next, fg: code - 30 };
    else if (code === 39) next = { ...next, fg: null };
    else if (code >= 40 && code <= 47) next = { ...next, bg: code - 40 };
    else if (code === 49) next = { ...next, bg: null };
    else if (code >= 90 && code <= 97) next = { ...next, fg: code - 82 };
    else if (code >= 100 && code <= 107) next = { ...next, bg: code - 92 };
    else if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4; // 256 and true colours: shown plain
  }
  return interned(next);
}

/** Class names of a style; null for plain text. */
export function classesOf(style: Style): string | null {
  if (style === PLAIN) return null;
  const names: string[] = [];
  const fg = style.inverse ? style.bg : style.fg;
  const bg = style.inverse ? style.fg : style.bg;
  if (fg !== null) names.push(`fg${fg}`);
  if (bg !== null) names.push(`bg${bg}`);
  if (style.inverse && style.fg === null && style.bg === null) names.push('inverse');
  if (style.bold) names.push('bold');
  if (style.dim) names.push('dim');
  if (style.underline) names.push('underline');
  return names.join(' ');
}
