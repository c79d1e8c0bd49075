// Claims about busybox's awk, each seen in busybox 1.35.
import { expect, test } from 'vitest';
import { runScript } from './testing.ts';

const awk = (program: string, more = ''): string => {
  const ran = runScript('busybox', `printf 'root x 0\\nbin y 1\\ndaemon z 2\\n' >t; awk '${program}' ${more}; echo $?`);
  return ran.stdout + ran.stderr;
};

test('arrays are walked in the order of the hash', () => {
  expect(awk('{c[$1]++} END {for (k in c) print k, c[k]}', 't')).toBe('daemon 1\nbin 1\nroot 1\n0\n');
  expect(awk('BEGIN {for (i = 1; i < 12; i++) a[i]; for (k in a) printf k " "}')).toBe('10 11 1 2 3 4 5 6 7 8 9 0\n');
});

test('powers bind from the left, octal and hexadecimal numbers count, large ones stay whole', () => {
  expect(awk('BEGIN {print 2^3^2, -2^2, 010, "0x1f" + 0, 2^53, 1e20, substr("hello", 0, 2)}')).toBe(
    '64 -4 8 31 9007199254740992 1e+20 he\n0\n',
  );
  expect(awk('BEGIN {printf "%d %x %.0f %.2f\\n", 3e9, -1, 2.5, 0.125}')).toBe('-2147483648 ffffffff 2 0.12\n0\n');
});

test('gensub, a regular RS and RT, rand as glibc has it', () => {
  expect(awk('{print gensub(/o/, "0", 1)}', 't')).toBe('r0ot x 0\nbin y 1\ndaem0n z 2\n0\n');
  expect(awk('BEGIN {RS = "[xyz] "} {print $1, RT}', 't')).toBe('root x \n0 y \n1 z \n2 \n0\n');
  expect(awk('BEGIN {print rand(), rand()}')).toBe('0.783099 0.197551\n0\n');
});

test('exit still runs END; a missing file ends it all', () => {
  expect(awk('BEGIN {exit 3} END {print "end"}')).toBe('end\n3\n');
  expect(awk('END {print "end"}', 'nosuch')).toBe('1\nawk: nosuch: No such file or directory\n');
});

test('messages name the place, and what was before the mistake decides which one', () => {
  expect(awk('{', 't')).toBe('1\nawk: cmd. line:1: Unexpected token\n');
  expect(awk('BEGIN {\n print 1/0 }')).toBe('1\nawk: cmd. line:2: Division by zero\n');
  expect(awk('BEGIN {print substr("x")}')).toBe('1\nawk: cmd. line:1: Too few arguments\n');
  expect(awk('BEGIN {f(1)}')).toBe('1\nawk: cmd. line:1: Call to undefined function\n');
});

test('a place to assign to is worked out once', () => {
  expect(awk('BEGIN {i = 1; a[i++] += 5; $(i++)++; print i, a[1], $2}')).toBe('3 5 1\n0\n');
});
