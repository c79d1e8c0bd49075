// /bin/echo, /bin/printf, /bin/test, /bin/kill, /bin/true and /bin/false: programs beside the builtins.

import type { Program } from '#kernel/uapi/index.ts';
import type { Command, CommandContext } from '../lib/command.ts';
import { errOut, out } from '../lib/io.ts';
import { kill } from './builtins/jobs.ts';
import { echoText } from './builtins/output.ts';
import { printf } from './printf.ts';
import { testExpression } from './testexpr.ts';
import { TestFault } from './testops.ts';

export const echo: Command = function* ({ argv }): Program<number> {
  return (yield* out(echoText(argv, false))) === undefined ? 0 : 1;
};

export const printfCommand: Command = function* ({ argv, flavour, name }): Program<number> {
  if (argv[1] === undefined) {
    yield* errOut(
      flavour === 'gnu'
        ? `${argv[0]}: missing operand\nTry '${argv[0]} --help' for more information.\n`
        : `BusyBox v1.35.0 multi-call binary.\n\nUsage: printf FORMAT [ARG]...\n`,
    );
    return 1;
  }
  const done = printf(argv[1], argv.slice(2), flavour === 'gnu' ? 'gnu' : 'ash');
  const failed = yield* out(done.text);
  for (const error of done.errors) yield* errOut(`${flavour === 'gnu' ? argv[0] : name}: ${error}\n`);
  return done.status || (failed === undefined ? 0 : 1);
};

export const test: Command = function* ({ argv, flavour, name }: CommandContext): Program<number> {
  let operands = argv.slice(1);
  if (name === '[') {
    if (operands[operands.length - 1] !== ']') {
      yield* errOut(flavour === 'gnu' ? `${argv[0]}: missing ']'\n` : '[: missing ]\n');
      return 2;
    }
    operands = operands.slice(0, -1);
  }
  try {
    return (yield* testExpression(operands, flavour === 'gnu' ? 'gnu' : 'ash')) ? 0 : 1;
  } catch (fault) {
    if (!(fault instanceof TestFault)) throw fault;
    yield* errOut(`${name}: ${fault.message}\n`);
    return 2;
  }
};

export const killCommand: Command = ({ argv, flavour, name }) =>
  kill(
    argv,
    flavour === 'gnu' ? 'gnu' : 'bb',
    () => undefined,
    function* (text) {
      yield* errOut(`${name}: ${text}\n`);
    },
  );

export const trueCommand: Command = function* () {
  return 0;
};

export const falseCommand: Command = function* () {
  return 1;
};
