// The options a program has, read off its own help text.

/** Letters and long names (`name=` with an argument, `name=?` with an optional one) → letter, or the long name where it has none. */
export interface KnownOptions {
  readonly letters: string;
  readonly long: Readonly<Record<string, string>>;
}

const LINE =
  /^\s*(?:-([\w?])(?:[ =]?(?:<[\w-]+>|[A-Z][\w.,=/-]*|\[[^\]]*\]))?(?:, +| *\| *))?((?:--[a-z0-9][\w-]*[^\s,]*(?:, +| or )?)+)( +<| [a-z]+\|| [A-Z][A-Z]| [A-Z](?= {2})| \[)?/;

/**
 * Reads lines such as `  -o, --output <list>   the columns`.
 * Counterpart: the option tables of coreutils, util-linux, procps and shadow, which their help texts repeat
 */
export function knownOptions(help: string): KnownOptions {
  const long: Record<string, string> = {};
  let letters = '';
  for (const line of help.split('\n')) {
    const found = LINE.exec(line);
    const only = /^ +-([A-Za-z0-9])(?:[ ,=<]|$)/.exec(line);
    if (found?.[1] !== undefined) letters += found[1];
    else if (only) letters += only[1];
    if (!found) continue;
    for (const [, name = '', rest = ''] of (found[2] as string).matchAll(/--([a-z0-9][\w-]*)([^\s,]*)/g)) {
      const mark = rest.startsWith('[=')
        ? '=?'
        : rest.startsWith('=')
          ? '='
          : found[3]?.endsWith('[')
            ? '=?'
            : found[3] === undefined
              ? ''
              : '=';
      long[name + mark] = found[1] ?? name;
    }
  }
  return { letters, long };
}
