// What Debian's programs print for --help and --version and after an unknown option, and the usage texts of busybox: recorded by
// src/tools/help-texts.mjs and src/tools/busybox-usages.mjs.

import type { Program } from '#kernel/uapi/index.ts';
import { wrongSyntax } from './applet-syntax.ts';
import { BUSYBOX_BANNER } from './cli.ts';
import type { Command, CommandContext, CommandTable, HelpTexts, ShownText } from './command.ts';
import USAGES from './help/busybox.txt?raw';
import TEXTS from './help/texts.txt?raw';
import { errOut, out } from './io.ts';
import { escapeRegex } from './regex.ts';

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
    shown && {
      ...shown,
      text: shown.text.replace(new RegExp(`^(Usage: |  or:  |Try ')${escapeRegex(name)}(?=[ \\n])`, 'gm'), `$1${argv[0]}`),
    };
  const { help, version, hint } = texts;
  return { ...texts, ...(help ? { help: named(help) } : {}), ...(hint ? { hint: named(hint) } : {}), version } as HelpTexts;
}

/** An applet of busybox: where `busybox --install` would link it, and what follows the banner in its usage. */
export interface Applet {
  readonly path: string;
  readonly usage: string;
}

let applets: ReadonlyMap<string, Applet> | undefined;

/** The applets of busybox 1.35 in its default configuration by name, in the order of `busybox --list`. */
export function busyboxApplets(): ReadonlyMap<string, Applet> {
  applets ??= new Map(
    USAGES.split(/^=== /m)
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        const path = part.slice(0, end);
        return [path.slice(path.lastIndexOf('/') + 1), { path, usage: `\n${part.slice(end + 1) || 'No help available\n'}` }];
      }),
  );
  return applets;
}

/** Applets to which `--help` is a word like any other. Counterpart: busybox libbb/appletlib.c, run_applet_no_and_exit */
const DEAF_TO_HELP = ['echo', 'test', 'true', 'false'];

/** An applet that knows its usage; when `--help` is all it is given, that is what it prints. */
const withUsage = (run: Command): Command =>
  function* (context): Program<number> {
    const usage = busyboxApplets().get(context.name)?.usage;
    if (usage === undefined || context.argv.length !== 2 || context.argv[1] !== '--help' || DEAF_TO_HELP.includes(context.name))
      return (yield* wrongSyntax({ ...context, usage })) ?? (yield* run({ ...context, usage }));
    yield* errOut(BUSYBOX_BANNER + usage);
    return 0;
  };

/** A program that answers --help and --version when that is all it is given, and knows its texts otherwise. */
const withTexts = (run: Command): Command =>
  function* (context): Program<number> {
    parsed ??= parseTexts(TEXTS);
    const texts = parsed.get(context.name);
    if (texts === undefined) return yield* run(context);
    const help = asCalled(texts, context);
    const shown = context.argv.length === 2 ? asked(help, context.argv[1]) : undefined;
    if (shown === undefined) return yield* run({ ...context, help });
    yield* shown.toStderr ? errOut(shown.text) : out(shown.text);
    return shown.status;
  };

/** The same commands with the texts of the real ones. */
export function withHelp(table: CommandTable): CommandTable {
  return Object.fromEntries(
    Object.entries(table).map(([name, entry]) => {
      const busybox = withUsage(entry.run);
      const gnu = withTexts(entry.run);
      return [name, { ...entry, run: (context: CommandContext) => (context.flavour === 'busybox' ? busybox : gnu)(context) }];
    }),
  );
}
