// What a command is: a program that knows which userland it belongs to. busybox and Debian print different texts for the
// same events, so a command that exists in both takes the flavour as an argument; it never guesses it from the image.

import type { Program, ProgramMain } from '#kernel/uapi/index.ts';

/** busybox: BusyBox 1.35/1.36 applets. gnu: Debian 12 (coreutils 9.1, procps 4.0, util-linux 2.38, libcap 2.66, …). */
export type Flavour = 'busybox' | 'gnu';

/** A text that a program prints whole, to which stream, and its exit status after it. */
export interface ShownText {
  readonly text: string;
  readonly toStderr: boolean;
  readonly status: number;
}

/** What a Debian program says about itself; what is absent it does not have. */
export interface HelpTexts {
  readonly help?: ShownText;
  readonly version?: ShownText;
  /** After a complaint about an option, where it is not `Try 'NAME --help' …` with status 1. */
  readonly hint?: ShownText;
}

export interface CommandContext {
  /** argv[0] as called, then the arguments. */
  readonly argv: readonly string[];
  /** NAME=value strings. */
  readonly env: readonly string[];
  readonly flavour: Flavour;
  /** Name in messages: the last path component of argv[0], or the applet's name for `busybox NAME`. */
  readonly name: string;
  /** What follows the banner in the usage of the busybox applet. */
  readonly usage?: string | undefined;
  /** Texts of the Debian program. */
  readonly help?: HelpTexts;
  /** Commands of the playground itself, which no image has: an interactive shell offers them where PATH has nothing of that name. */
  readonly helpers?: Readonly<Record<string, ProgramMain>>;
}

/** A command returns its exit status. */
export type Command = (context: CommandContext) => Program<number>;

/** Commands of one package by name: which userlands have it. */
export type CommandTable = Readonly<Record<string, { readonly run: Command; readonly in: readonly Flavour[] }>>;
