// What Debian's programs print for --help and --version and after an unknown option: texts recorded by src/tools/help-texts.mjs.

import type { Program } from '#kernel/uapi/index.ts';
import type { Command, CommandContext, CommandTable, HelpTexts, ShownText } from './command.ts';
import TEXTS from './help/texts.txt?raw';
import { errOut, out } from './io.ts';

/** `=== NAME WHAT STREAM STATUS`, then the text up to the next such line. */
function parseTexts(all: string): ReadonlyMap<string, HelpTexts> {
  const found = new Map<string, HelpTexts>();
  for (const part of all.split(/^=== /m).slice(1)) {
    const end = part.indexOf('\n');
    const [name = '', what, stream, status] = part.slice(0, end).split(' ');
    const texts = found.get(name) ?? {};
    const shown: ShownText = { text: part.slice(end + 1), toStderr: stream === 'err', status: Number(status) };
    found.set(name, {
      ...texts,
      ...(what === '--help' ? { help: shown } : what === '--version' ? { version: shown } : {}),
      ...(what === 'hint' ? { hint: shown } : what === 'hint=help' ? { hint: { ...shown, text: texts.help?.text ?? '' } } : {}),
    });
  }
  return found;
}

let parsed: ReadonlyMap<string, HelpTexts> | undefined;

/** Which of the two texts a single argument asks for, in the long form or with a letter that the help text names. */
function asked(texts: HelpTexts, arg: string | undefined): ShownText | undefined {
  if (arg === '--help') return texts.help;
  if (arg === '--version') return texts.version;
  const letter = /^-[hVv]$/.test(arg ?? '') ? arg : undefined;
  const [, word] =
    letter === undefined ? [] : (new RegExp(`^ *${letter}, --(help|version)(?![-\\w])`, 'm').exec(texts.help?.text ?? '') ?? []);
  return word === 'help' ? texts.help : word === 'version' ? texts.version : undefined;
}

/** Programs of coreutils say in these texts how they were called; the others only their name. */
function asCalled(texts: HelpTexts, { name, argv }: CommandContext): HelpTexts {
  if (argv[0] === name || !texts.version?.text.includes('GNU coreutils')) return texts;
  const named = (shown: ShownText | undefined): ShownText | undefined =>
    shown && { ...shown, text: shown.text.replace(new RegExp(`^(Usage: |  or:  |Try ')${name}(?=[ \\n])`, 'gm'), `$1${argv[0]}`) };
  const { help, version, hint } = texts;
  return { ...texts, ...(help ? { help: named(help) } : {}), ...(hint ? { hint: named(hint) } : {}), version } as HelpTexts;
}

/** The same commands, whose Debian side answers --help and --version when that is all they are given, and knows its texts otherwise. */
export function withHelp(table: CommandTable): CommandTable {
  const helping = (run: Command): Command =>
    function* (context): Program<number> {
      parsed ??= parseTexts(TEXTS);
      const texts = context.flavour === 'gnu' ? parsed.get(context.name) : undefined;
      if (texts === undefined) return yield* run(context);
      const help = asCalled(texts, context);
      const shown = context.argv.length === 2 ? asked(help, context.argv[1]) : undefined;
      if (shown === undefined) return yield* run({ ...context, help });
      yield* shown.toStderr ? errOut(shown.text) : out(shown.text);
      return shown.status;
    };
  return Object.fromEntries(
    Object.entries(table).map(([name, entry]) => [name, entry.in.includes('gnu') ? { ...entry, run: helping(entry.run) } : entry]),
  );
}
