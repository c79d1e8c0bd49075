// Compared with coreutils 9.1 on a kernel without SELinux.
import { expect, test } from 'vitest';
import { runScript } from '../text/testing.ts';

const run = (script: string): readonly unknown[] => {
  const { stdout, stderr, status } = runScript('gnu', script);
  return [stdout, stderr, status];
};

test('chcon writes the attribute even where nothing reads it, and parts need one that is there', () => {
  expect(run('touch f; chcon x f; echo $?; chcon -t x_t f; chcon a:b:c:d f; chcon -vt x_t f')).toEqual([
    "0\nchanging security context of 'f'\n",
    "chcon: failed to create security context: 'x': Invalid argument\n",
    0,
  ]);
  expect(run('touch f; chcon -t x_t f; chcon --reference=f f; chcon a:b:c:d nosuch; chcon a f nosuch')).toEqual([
    '',
    "chcon: can't apply partial context to unlabeled file 'f'\n" +
      "chcon: failed to get security context of 'f': No data available\n" +
      "chcon: cannot access 'nosuch': No such file or directory\n".repeat(2),
    1,
  ]);
  expect(run('chcon; chcon x')).toEqual([
    '',
    "chcon: missing operand\nTry 'chcon --help' for more information.\nchcon: missing operand after 'x'\nTry 'chcon --help' for more information.\n",
    1,
  ]);
});

test('runcon runs nothing without SELinux', () => {
  expect(run('runcon a:b:c:d true; runcon -t x true; runcon a:b:c:d')).toEqual([
    '',
    'runcon: runcon may be used only on a SELinux kernel\n'.repeat(2) +
      "runcon: no command specified\nTry 'runcon --help' for more information.\n",
    1,
  ]);
});
