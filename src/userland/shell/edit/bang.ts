// `!` in a line typed at bash: events and words of the history. Counterpart: history expansion of bash 5.2, history(3)
// Deviates: of the modifiers only :h :t :r :e :p are not there; words are :N, :^, :$, :* and ranges.

/** The line with its events put in; a complaint when there is none like that. */
export function expandHistory(line: string, lines: readonly string[]): string | { readonly complaint: string } {
  if (!line.includes('!')) return line;
  let text = '';
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const c = line[at] as string;
    if (c === '\\' && quote !== "'") {
      text += c + (line[++at] ?? '');
      continue;
    }
    if (c === "'" && quote !== '"') quote = quote === "'" ? '' : "'";
    else if (c === '"' && quote !== "'") quote = quote === '"' ? '' : '"';
    const next = line[at + 1];
    if (c !== '!' || quote === "'" || next === undefined || /[\s=(]/.test(next) || (quote === '"' && next === '"')) {
      text += c;
      continue;
    }
    const found = /^!(?:(!)|(-?\d+)|\?([^?]*)\??|([$^*])|([^\s:;&|()"'<>$^*!?-][^\s:;&|()"'<>]*))?/.exec(line.slice(at)) as RegExpExecArray;
    const event = eventOf(found, lines);
    const designator = /^(?::?([$^*])|:(\d+)(?:-(\d+|\$)?|\*)?)/.exec(line.slice(at + found[0].length));
    const named = found[4] ?? designator?.[0].replace(/^:/, '');
    const used = found[0].length + (found[4] === undefined && designator ? designator[0].length : 0);
    if (event === undefined) return { complaint: `${line.slice(at, at + used)}: event not found` };
    const words = named === undefined ? event : wordsOf(event, named);
    if (words === undefined) return { complaint: `${line.slice(at, at + used)}: bad word specifier` };
    text += words;
    at += used - 1;
  }
  return text;
}

function eventOf(found: RegExpExecArray, lines: readonly string[]): string | undefined {
  const [, bang, number, inside, , start] = found;
  if (number !== undefined) return lines[Number(number) < 0 ? lines.length + Number(number) : Number(number) - 1];
  if (inside !== undefined) return lines.findLast((one) => one.includes(inside));
  if (start !== undefined) return lines.findLast((one) => one.startsWith(start));
  return bang !== undefined || found[4] !== undefined ? lines.at(-1) : undefined;
}

function wordsOf(event: string, named: string): string | undefined {
  const words = event.match(/(?:[^\s'"\\;&|<>()]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+|[;&|<>()]+/g) ?? [];
  if (named === '$') return words.at(-1);
  if (named === '^') return words[1];
  if (named === '*') return words.slice(1).join(' ');
  const range = /^(\d+)(-(\d+|\$)?|\*)?$/.exec(named) as RegExpExecArray;
  const from = Number(range[1]);
  if (from >= words.length) return undefined;
  if (range[2] === undefined) return words[from];
  const to = range[2] === '*' || range[3] === '$' ? words.length : range[3] === undefined ? words.length - 1 : Number(range[3]) + 1;
  return words.slice(from, to).join(' ');
}
