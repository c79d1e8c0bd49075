// Options as the scripts written in Perl read them. Counterpart: Getopt::Long 2.52, its default configuration

/** Names and aliases of one option; a trailing `=s` takes a text, `=i` a whole number. */
export type PerlOption = string;

export interface PerlParsed {
  readonly values: ReadonlyMap<string, string>;
  readonly args: readonly string[];
  /** Complaints, each a line; the script then shows its usage. */
  readonly errors: readonly string[];
}

/** `last`: options that end the script at once, as --help does.
 * `uid=i`, `quiet|q`: options may be shortened, in any case of letters, with one dash or two, before or after the operands. */
export function perlOptions(words: readonly string[], specs: readonly PerlOption[], last: readonly string[] = []): PerlParsed {
  const known = specs.flatMap((spec) => {
    const [names = '', kind = ''] = spec.split('=');
    const all = names.split('|');
    return all.map((name) => ({ name, option: all[0] as string, kind }));
  });
  const values = new Map<string, string>();
  const args: string[] = [];
  const errors: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '--') {
      args.push(...words.slice(at + 1));
      break;
    }
    const [, typed = '', given] = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (typed === '') {
      args.push(word);
      continue;
    }
    const wanted = typed.toLowerCase();
    const exact = known.filter(({ name }) => name === wanted);
    const hits = exact.length > 0 ? exact : known.filter(({ name }) => name.startsWith(wanted));
    const [hit] = hits;
    if (hit === undefined) errors.push(`Unknown option: ${wanted}`);
    else if (new Set(hits.map(({ option }) => option)).size > 1)
      errors.push(
        `Option ${wanted} is ambiguous (${hits
          .map(({ name }) => name)
          .sort()
          .join(', ')})`,
      );
    else if (hit.kind === '') {
      if (given === undefined) values.set(hit.option, '');
      if (given === undefined && last.includes(hit.option)) break;
      if (given !== undefined) errors.push(`Option ${hit.name} does not take an argument`);
    } else {
      const value = given ?? words[at + 1];
      if (given === '' || value === undefined) errors.push(`Option ${hit.name} requires an argument`);
      else {
        if (given === undefined) at++;
        if (hit.kind === 'i' && !/^[-+]?\d+$/.test(value)) errors.push(`Value "${value}" invalid for option ${hit.name} (number expected)`);
        else values.set(hit.option, value);
      }
    }
  }
  return { values, args, errors };
}
