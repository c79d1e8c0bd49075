// Path patterns of the profile language. Counterpart: apparmor.d(5), Globbing (AARE)

export type Variables = ReadonlyMap<string, readonly string[]>;

/** Replaces variables: of one with several values all, as alternatives. Throws the name of an unknown one. */
export function expand(text: string, variables: Variables, depth = 0): string {
  return text.replace(/@\{([^}]+)\}/g, (whole: string, name: string, at: number) => {
    const values = variables.get(name);
    if (values === undefined || depth > 10) throw new Error(`Found reference to variable ${name}, but is never declared`);
    // A slash at the end of a value and one behind the variable are one.
    const trim = text[at + whole.length] === '/' ? /\/$/ : /$^/;
    const each = values.map((value) => expand(value, variables, depth + 1).replace(trim, ''));
    return each.length === 1 ? (each[0] as string) : `{${each.join(',')}}`;
  });
}

/** `*` and `?` stay within a directory, `**` does not; a single star as the last component wants at least one character. */
export function globPattern(glob: string, variables: Variables = new Map()): RegExp {
  const text = expand(glob, variables).replace(/(?<!^)\/{2,}/g, '/');
  let source = '';
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    const wholeName = text[at - 1] === '/' && (text[at + 1] === undefined || text[at + 1] === '/' || text[at + 1] === '*');
    if (char === '\\') source += literal(text[++at] ?? '');
    else if (char === '*' && text[at + 1] === '*') {
      source += wholeName && text[at + 2] === undefined ? '[^/].*' : '.*';
      at++;
    } else if (char === '*') source += wholeName ? '[^/]+' : '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[') {
      const end = text.indexOf(']', at + 2);
      if (end < 0) throw new Error(`unclosed character class in ${glob}`);
      const set = text.slice(at + 1, end);
      source += set.startsWith('^') ? `[^/${set.slice(1).replace(/[\\\]]/g, '\\$&')}]` : `[${set.replace(/[\\\]]/g, '\\$&')}]`;
      at = end;
    } else if (char === '{') {
      depth++;
      source += '(?:';
    } else if (char === '}' && depth > 0) {
      depth--;
      source += ')';
    } else if (char === ',' && depth > 0) source += '|';
    else source += literal(char);
  }
  if (depth > 0) throw new Error(`unclosed alternation in ${glob}`);
  return new RegExp(`^(?:${source})$`, 's');
}

const literal = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
