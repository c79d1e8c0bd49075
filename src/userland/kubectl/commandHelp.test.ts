import { expect, test } from 'vitest';
import { commandHelp } from './commandHelp.ts';
import { COMMANDS } from './commands.ts';
import { HELP } from './help.ts';

test('help of a command: its sentence, its flags with what is not simulated, its usage', () => {
  expect(commandHelp('taint', COMMANDS.cordon?.flags ?? [], [])).toBe(`Update the taints on one or more nodes.

Options:
    --dry-run='none':

    -l, --selector='':

Usage:
  kubectl taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N [options]

Use "kubectl options" for a list of global command-line options (applies to all commands).
`);
});

test('a subcommand is known by its own usage, a name after the command is none', () => {
  expect(commandHelp('rollout', [], ['status', 'deploy/x'])).toContain(
    '\n  kubectl rollout status (TYPE NAME | TYPE/NAME) [flags] [options]\n',
  );
  expect(commandHelp('cordon', [], ['node-1'])).toContain('\n  kubectl cordon NODE [options]\n');
});

test('every command that the overview names is a command here', () => {
  const named = [...HELP.matchAll(/^ {2}([a-z-]+) {2,}/gm)].map(([, name]) => name as string);
  expect(named.filter((name) => COMMANDS[name] === undefined)).toEqual(['kuberc']);
});
