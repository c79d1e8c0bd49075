// Claims about busybox's sed, each seen in busybox 1.35.
import { expect, test } from 'vitest';
import { runScript } from './testing.ts';

const sed = (script: string, input = 'root x\nbin y\n'): string => {
  const ran = runScript('busybox', `printf '${input.replaceAll('\n', '\\n')}' >t; sed ${script} t; echo $?`);
  return ran.stdout + ran.stderr;
};

test('what it cannot read it names in its own words', () => {
  expect(sed("'s/a'")).toBe("1\nsed: unmatched '/'\n");
  expect(sed("'s/a/b/k'")).toBe('1\nsed: bad option in substitution expression\n');
  expect(sed("'s/\\(/x/'")).toBe("1\nsed: bad regex '\\(': Unmatched ( or \\(\n");
  expect(sed("'1~2d'")).toBe('1\nsed: unsupported command ~\n');
  expect(sed("'1,2a x'")).toBe("1\nsed: command 'a' uses only one address\n");
  expect(sed("'//d'")).toBe('1\nsed: no previous regexp\n');
});

test('commands need no separator, y no equal lengths, a label is missed only by a jump', () => {
  expect(sed("'1p 2p'")).toBe('root x\nroot x\nbin y\nbin y\n0\n');
  expect(sed('y/ob/0/')).toBe('r00t x\nbin y\n0\n');
  expect(sed("'9b nowhere'")).toBe('root x\nbin y\n0\n');
  expect(sed("'2b nowhere'")).toBe("root x\n1\nsed: can't find label for jump to 'nowhere'\n");
  expect(sed("'3{p'", 'a\nb\n')).toBe('1\nsed: unterminated {\n');
});

test('\\U is the letter U, g replaces a number, l prints nothing', () => {
  expect(sed("'s/o/[\\U&]/2g;l'")).toBe('r[Uo][Uo]t x\nbin y\n0\n');
});

test('a last line without newline gets one only before more output, in both userlands', () => {
  for (const flavour of ['busybox', 'gnu'] as const)
    expect(runScript(flavour, "printf 'a\\nb' | sed p; printf a | sed '$a end'").stdout).toBe('a\na\nb\nba\nend\n');
});

test('a newline ends a jump without a label; p ends its line, of itself a line ends as it came', () => {
  expect(sed("'1!b\ns/o/0/;b\np'")).toBe('r0ot x\nbin y\n0\n');
  expect(sed('-n p', 'a\nb')).toBe('a\nb\n0\n');
  expect(sed("''", 'a\nb')).toBe('a\nb0\n');
  expect(sed("'$G'", 'a\nb')).toBe('a\nb\n\n0\n');
});

test('of alternatives the longest is taken', () => {
  expect(sed("-E 's/(o|oo|r)+/<&>/;s/b|bin/[&]/'")).toBe('<roo>t x\n[bin] y\n0\n');
  expect(sed("-E 's/o|oo/X/g'")).toBe('rXt x\nbin y\n0\n');
});
