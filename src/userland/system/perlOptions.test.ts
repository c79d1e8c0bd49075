import { expect, it } from 'vitest';
import { perlOptions } from './perlOptions.ts';

// Seen from perl 5.36's Getopt::Long on the same words with the same specifications.
const SPECS = ['quiet|q', 'uid=i', 'gecos=s', 'group', 'gid=i', 'help|h'];
const CASES: readonly (readonly [words: string, values: Record<string, string>, args: string[], errors: string[]])[] = [
  ['--uid 5 x', { uid: '5' }, ['x'], []],
  ['x --uid=5', { uid: '5' }, ['x'], []],
  ['-uid 5 x', { uid: '5' }, ['x'], []],
  ['--UID 5 --Quiet', { uid: '5', quiet: '' }, [], []],
  ['-q x', { quiet: '' }, ['x'], []],
  ['--gec hello x', { gecos: 'hello' }, ['x'], []],
  ['--g x', {}, ['x'], ['Option g is ambiguous (gecos, gid, group)']],
  ['--uid=', {}, [], ['Option uid requires an argument']],
  ['--gecos=', {}, [], ['Option gecos requires an argument']],
  ['--uid', {}, [], ['Option uid requires an argument']],
  ['--q=1', {}, [], ['Option q does not take an argument']],
  ['--uid x y', {}, ['y'], ['Value "x" invalid for option uid (number expected)']],
  ['--foo y', {}, ['y'], ['Unknown option: foo']],
  ['-- --uid 5', {}, ['--uid', '5'], []],
  ['--help --foo', { help: '' }, [], []],
];
it.each(CASES)('%s', (words, values, args, errors) => {
  const parsed = perlOptions(words.split(' '), SPECS, ['help']);
  expect({ ...parsed, values: Object.fromEntries(parsed.values) }).toEqual({ values, args, errors });
});
