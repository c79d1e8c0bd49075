// Scripts whose whole output was taken from the real tools: busybox 1.35, and Debian 12 with LC_ALL=C.
import { expect, test } from 'vitest';
import { runScript } from './testing.ts';

const FILE = "printf 'one\\ntwo\\nthree\\n' > f; ";

test('sed: hold space, ranges, labels, both flavours alike', () => {
  const script = `${FILE}sed '1!G;h;$!d' f; sed ':a;N;$!ba;s/\\n/+/g' f; sed -n '/one/,/two/p' f; sed -E 's/(o)(n)/\\2\\1/;2c\\changed' f; sed -n l f | tail -n 1`;
  const stdout = 'three\ntwo\none\none+two+three\none\ntwo\nnoe\nchanged\nthree\n';
  expect(runScript('busybox', script)).toEqual({ stdout, stderr: '', status: 0 });
  expect(runScript('gnu', script)).toEqual({ stdout: `${stdout}three$\n`, stderr: '', status: 0 });
});

test('sed: a repetition of a bracket in double quotes, where the shell keeps the backslashes', () => {
  const script = 'echo aab | sed "s/[a]\\{2\\}/X/"; echo aab | sed "s/[[:alpha:]]\\{1,2\\}b/X/"';
  expect(runScript('gnu', script)).toEqual({ stdout: 'Xb\nX\n', stderr: '', status: 0 });
  expect(runScript('busybox', script)).toEqual({ stdout: 'Xb\nX\n', stderr: '', status: 0 });
});

test('grep: context, counts and complaints', () => {
  const script = `${FILE}grep -n -A1 on f; grep -c t f; grep -o 't.' f; grep x f nosuch; echo $?`;
  const stdout = '1:one\n2-two\n2\ntw\nth\n2\n';
  expect(runScript('gnu', script)).toEqual({ stdout, stderr: 'grep: nosuch: No such file or directory\n', status: 0 });
  expect(runScript('busybox', script)).toEqual({ stdout, stderr: 'grep: nosuch: No such file or directory\n', status: 0 });
});

test('find and xargs over a tree', () => {
  const script =
    "mkdir -p a/b; touch a/f a/b/g; chmod 600 a/f; find a -perm 600; find a -type f -name '[g-z]' -print0 | xargs -0 -n1 basename; find a -foo";
  expect(runScript('gnu', script)).toEqual({ stdout: 'a/f\ng\n', stderr: "find: unknown predicate `-foo'\n", status: 1 });
});

test('awk: fields, arrays, functions, getline, printf', () => {
  const script = `printf 'a 1\\nb 2\\n' | awk 'function d(x){return 2*x} {s[$1]=d($2)} END{for(k in s) t+=s[k]; "echo hi" | getline v; printf "%s %05.1f|%-3s|\\n", v, t, "x"; print 1/3, 2^31, substr("hello",2,3)}'`;
  expect(runScript('busybox', script).stdout).toBe('hi 006.0|x  |\n0.333333 2147483648 ell\n');
});

test('checksums and dumps', () => {
  const script = "printf hello > f; md5sum f; sha1sum f; sha256sum f; printf 'hello\\0\\001\\n' | od -c; printf 'ab' | base64";
  expect(runScript('gnu', script).stdout).toBe(
    '5d41402abc4b2a76b9719d911017c592  f\naaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d  f\n2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  f\n' +
      '0000000   h   e   l   l   o  \\0 001  \\n\n0000010\nYWI=\n',
  );
});

test('diff: unified and normal', () => {
  const script = 'seq 5 > a; seq 2 6 > b; diff a b; diff -u a b | tail -n +3';
  expect(runScript('gnu', script)).toEqual({
    stdout: '1d0\n< 1\n5a5\n> 6\n@@ -1,5 +1,5 @@\n-1\n 2\n 3\n 4\n 5\n+6\n',
    stderr: '',
    status: 0,
  });
});

test('grep over a file of many blocks counts, numbers and finds what lies across them', () => {
  const script = 'seq 1 60000 > f; grep -c 77 f; grep -n 5999[89] f; grep -vc 7 f; grep -F 4.4 f; grep -m2 -n 999 f; grep -x 60000 f';
  const stdout = '1680\n59998:59998\n59999:59999\n39366\n999:999\n1999:1999\n60000\n';
  for (const flavour of ['busybox', 'gnu'] as const) expect(runScript(flavour, script)).toEqual({ stdout, stderr: '', status: 0 });
  expect(runScript('gnu', 'seq 1 60000 > f; grep -bn 59999 f').stdout).toBe('59999:348882:59999\n');
});
