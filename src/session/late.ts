// What comes after the prompt, in two parts: the commands of images, and the cluster with all that is asked about it. The page fetches
// both behind the prompt; headless they are there from the beginning (open.ts). What needs a part that is not there yet waits.

import type { CommandTable } from '#userland/lib/command.ts';

/** The parts; undefined while one is on its way. */
export interface Late {
  readonly commands: readonly CommandTable[] | undefined;
  readonly cluster: typeof import('./clusterCode.ts') | undefined;
}

/**
 * The parts as the page has them: none until `fetch` is called, which gets both at once and tells of each, or why it could not be had.
 * The cluster counts as there when `besides` is, too.
 */
export function lateCode(besides: () => Promise<void>): { readonly late: Late; fetch(arrived: (failure?: string) => void): void } {
  const late: { -readonly [K in keyof Late]: Late[K] } = { commands: undefined, cluster: undefined };
  return {
    late,
    fetch(arrived) {
      const part = (code: Promise<void>): void =>
        void code.then(
          () => arrived(),
          (reason: unknown) => arrived(`A part of the engine could not be loaded: ${String(reason)}`),
        );
      part(
        import('./commands.ts').then(({ COMMANDS }) => {
          late.commands = COMMANDS;
        }),
      );
      part(
        Promise.all([import('./clusterCode.ts'), besides()]).then(([code]) => {
          late.cluster = code;
        }),
      );
    },
  };
}
