// busybox by its own name, as 1.35 in its default configuration prints it.
import { expect, test } from 'vitest';
import { busyboxItself } from './busybox.ts';
import { BUSYBOX_BANNER } from './lib/cli.ts';
import type { Command } from './lib/command.ts';
import { runScript } from './text/testing.ts';

test('an applet prints its usage for a lone --help; beside other words --help is an unknown option', () => {
  const usage = `${BUSYBOX_BANNER}\nUsage: nproc [--all] [--ignore=N]\n\nPrint number of available CPUs\n\n\t--all\t\tNumber of installed CPUs\n\t--ignore=N\tExclude N CPUs\n`;
  expect(runScript('busybox', 'nproc --help; echo $?; nproc --help x; echo $?')).toEqual({
    stdout: '0\n1\n',
    stderr: `${usage}nproc: unrecognized option '--help'\n${usage}`,
    status: 0,
  });
});

test('an applet that is not simulated says so, a name that busybox does not have is not found', () => {
  expect(printed(['busybox', 'ubiattach', '-m'])).toBe('ubiattach: this busybox applet is not simulated here\n');
  expect(printed(['busybox', '--help', '['])).toBe(`${BUSYBOX_BANNER}\nNo help available\n`);
  expect(printed(['busybox', 'foo'])).toBe('foo: applet not found\n');
});

/** What the program writes, each write answered with its length. */
function printed(argv: readonly string[]): string {
  const run = busyboxItself.busybox?.run as Command;
  const program = run({ argv, env: [], flavour: 'busybox', name: 'busybox' });
  let text = '';
  for (let step = program.next(); !step.done; ) {
    const data = (step.value.args as readonly unknown[] | undefined)?.find((arg) => arg instanceof Uint8Array) as Uint8Array;
    text += new TextDecoder().decode(data);
    step = program.next({ ok: true, value: data.length } as never);
  }
  return text;
}
