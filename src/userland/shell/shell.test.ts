import { expect, test } from 'vitest';
import { runShell } from './testing.ts';

const sh = (script: string, flavour: 'busybox' | 'gnu' = 'busybox'): (string | number)[] => {
  const { stdout, stderr, status } = runShell(flavour, ['sh', '-c', script]);
  return [stdout, stderr, status];
};

test('syntax errors, from the recordings of both shells', () => {
  const rows: [string, string, string][] = [
    ['if true; echo x', 'unexpected end of file (expecting "then")', 'end of file unexpected (expecting "then")'],
    ["echo 'unterminated", 'unterminated quoted string', 'Unterminated quoted string'],
    ['echo $(', 'unexpected end of file (expecting ")")', 'end of file unexpected (expecting ")")'],
    ['for', 'bad for loop variable', 'Bad for loop variable'],
    ['done', 'unexpected "done"', '"done" unexpected'],
    [')', 'unexpected ")"', '")" unexpected'],
    ['}', 'unexpected "}"', '"}" unexpected'],
    ['a=(1 2)', 'unexpected "("', '"(" unexpected'],
    ['&& x', 'unexpected "&&"', '"&&" unexpected'],
    ['; x', 'unexpected ";"', '";" unexpected'],
    ['case x in', 'unexpected end of file (expecting ")")', 'end of file unexpected (expecting ")")'],
    ['f( { echo; }', 'unexpected word (expecting ")")', 'word unexpected (expecting ")")'],
    ['echo a;; echo b', 'unexpected ";;"', '";;" unexpected'],
  ];
  for (const [script, ash, dash] of rows) {
    expect(sh(script)).toEqual(['', `sh: syntax error: ${ash}\n`, 2]);
    expect(sh(script, 'gnu')).toEqual(['', `sh: 1: Syntax error: ${dash}\n`, 2]);
  }
});

test('logic, loops, functions, here-documents, expansions', () => {
  expect(
    sh('true && echo a || echo b; false || echo c; for i in 1 2; do echo $i; done; i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i'),
  ).toEqual(['a\nc\n1\n2\n3\n', '', 0]);
  expect(sh('f() { echo "$1 $#"; return 7; }; f a b; echo $?; (exit 3); echo $?; h() { local v=in; echo $v; }; v=out; h; echo $v')).toEqual(
    ['a 2\n7\n3\nin\nout\n', '', 0],
  );
  expect(sh("cat <<E\nhi $((1+2)) `echo z` \\$x\nE\ncat <<'E'\nhi $HOME\nE\ncat <<-E\n\ttabbed\n\tE\n")).toEqual([
    'hi 3 z $x\nhi $HOME\ntabbed\n',
    '',
    0,
  ]);
  expect(
    sh(
      'p=/a/b/c.tar.gz; echo ${p##*/} ${p%.*} ${p%%.*} ${p#*/}; set -- a "b c" d; for x in "$@"; do echo "<$x>"; done; for x in $*; do echo "<$x>"; done; IFS=:; echo "$*"; x=a:b:c; for i in $x; do echo $i; done; readonly R=1; R=2; echo no',
    ),
  ).toEqual([
    'c.tar.gz /a/b/c.tar /a/b/c a/b/c.tar.gz\n<a>\n<b c>\n<d>\n<a>\n<b>\n<c>\n<d>\na:b c:d\na\nb\nc\n',
    'sh: R: is read only\n',
    2,
  ]);
  expect(
    sh('echo a b c | while read x y; do echo $y; done; false | true; echo $?; set -o pipefail; false | true; echo $?; ! true; echo $?'),
  ).toEqual(['b c\n0\n1\n1\n', '', 0]);
});

test('a backslash before a brace stays in double quotes, but not inside the braces of an expansion', () => {
  const script = `printf '%s\\n' "\\}" "\${x-\\}}" "a\${x-b}\\}" \${x-"a\\}b"} "\${x-$(echo "\\}")}"`;
  const stdout = '\\}\n}\nab\\}\na}b\n\\}\n';
  expect(sh(script)).toEqual([stdout, '', 0]);
  expect(sh(script, 'gnu')).toEqual([stdout, '', 0]);
});

test('not found, redirections, cd, exit, set -e, set -x', () => {
  expect(sh('nosuch; echo $?; cd /nosuch; echo $?; echo x > /nosuch/f; echo $?; exit abc')).toEqual([
    '127\n2\n1\n',
    "sh: nosuch: not found\nsh: cd: line 0: can't cd to /nosuch: No such file or directory\nsh: can't create /nosuch/f: nonexistent directory\nsh: exit: line 0: Illegal number: abc\n",
    2,
  ]);
  expect(sh('nosuch; echo $?; cd /nosuch; echo $?; echo x > /nosuch/f; echo $?; exit abc', 'gnu')).toEqual([
    '127\n2\n2\n',
    "sh: 1: nosuch: not found\nsh: 1: cd: can't cd to /nosuch\nsh: 1: cannot create /nosuch/f: Directory nonexistent\nsh: 1: exit: Illegal number: abc\n",
    2,
  ]);
  expect(sh("set -x; a=1; echo $a > /dev/null; [ $a = 1 ] && echo 'x y'")).toEqual([
    'x y\n',
    "+ a=1\n+ echo 1\n+ '[' 1 '=' 1 ]\n+ echo 'x y'\n",
    0,
  ]);
  expect(sh('set -e; false || true; echo yes; if false; then :; fi; echo yes3; (exit 2); echo no')).toEqual(['yes\nyes3\n', '', 2]);
  expect(sh('kill -9 $$')).toEqual(['', '', 137]);
  expect(sh('trap "echo bye" EXIT; trap "echo got" USR1; kill -USR1 $$; exit 300')).toEqual(['got\nbye\n', '', 44]);
});

test('standard input: each command runs before the next line is read', () => {
  expect(runShell('gnu', ['sh'], { stdin: 'x=5\necho $x\nnosuch\nfor i in 1 2\ndo\necho $i\ndone\n)\necho still here?\n' })).toEqual({
    stdout: '5\n1\n2\n',
    stderr: 'sh: 3: nosuch: not found\nsh: 8: Syntax error: ")" unexpected\n',
    status: 2,
  });
});

const bash = (script: string): unknown => runShell('gnu', ['bash', '-c', script]);

test('bash texts', () => {
  expect(bash('nosuch; echo $?; cd /nosuch')).toEqual({
    stdout: '127\n',
    stderr: 'bash: line 1: nosuch: command not found\nbash: line 1: cd: /nosuch: No such file or directory\n',
    status: 1,
  });
  expect(bash('if')).toEqual({ stdout: '', stderr: 'bash: -c: line 2: syntax error: unexpected end of file\n', status: 2 });
  expect(bash("echo 'a")).toEqual({ stdout: '', stderr: "bash: -c: line 1: unexpected EOF while looking for matching `''\n", status: 2 });
  expect(bash('echo {a,b}c {1..3} ${x^^}; x=abc; echo ${x^^}; ((x=2)); for ((i=0;i<2;i++)); do echo $i; done; cat <<< hi')).toEqual({
    stdout: 'ac bc 1 2 3\nABC\n0\n1\nhi\n',
    stderr: '',
    status: 0,
  });
});

test('shopt of bash 5.2: queries, changes it obeys, and a plain word where it does not', () => {
  expect(bash('shopt extglob checkwinsize; echo $?; shopt -p nullglob; shopt -q checkwinsize; echo $?; shopt -o errexit')).toEqual({
    stdout: 'extglob        \toff\ncheckwinsize   \ton\n1\nshopt -u nullglob\n0\nerrexit        \toff\n',
    stderr: '',
    status: 1,
  });
  expect(
    bash('mkdir /tmp/g; cd /tmp/g; >.a; >b; shopt -s nullglob dotglob; echo * z*; (shopt -u dotglob); echo *; shopt nullglob'),
  ).toEqual({
    stdout: '.a b\n.a b\nnullglob       \ton\n',
    stderr: '',
    status: 0,
  });
  expect(bash('shopt -s foo; echo $?; shopt -su x; shopt -s extglob; echo $?; shopt -z; echo $?')).toEqual({
    stdout: '1\n1\n2\n',
    stderr: [
      'bash: line 1: shopt: foo: invalid shell option name',
      'bash: line 1: shopt: cannot set and unset shell options simultaneously',
      'bash: line 1: shopt: extglob: this option is not simulated',
      'bash: line 1: shopt: -z: invalid option',
      'shopt: usage: shopt [-pqsu] [-o] [optname ...]',
      '',
    ].join('\n'),
    status: 0,
  });
});

const LINES = [
  'cd /tmp',
  'env >/dev/null &',
  'cd /nosuch',
  'for i in 1 2',
  'do echo $i; done',
  ')',
  'f() {',
  'echo f; }',
  'f',
  'nosuch',
  'echo $-',
  'sleep 5',
  '^C',
  'echo $?',
  'sleep 6',
  '^Z',
  'jobs',
  'bg',
  'kill %1',
  'echo a',
  'echo b',
  '^D',
].map((line) => (line[0] === '^' ? String.fromCharCode(line.charCodeAt(1) - 64) : `${line}\r`));

test('a terminal: prompts, errors without a line, job control (compared with busybox ash and dash on a real pty)', () => {
  expect(runShell('busybox', ['ash'], { typed: LINES })).toEqual({
    status: 0,
    stderr: '',
    stdout: [
      '/ # cd /tmp',
      '/tmp # env >/dev/null &',
      '/tmp # cd /nosuch',
      "ash: cd: can't cd to /nosuch: No such file or directory",
      '[1]+  Done                       env 1>/dev/null',
      '/tmp # for i in 1 2',
      '> do echo $i; done',
      '1',
      '2',
      '/tmp # )',
      'ash: syntax error: unexpected ")"',
      '/tmp # f() {',
      '> echo f; }',
      '/tmp # f',
      'f',
      '/tmp # nosuch',
      'ash: nosuch: not found',
      '/tmp # echo $-',
      'smi',
      '/tmp # sleep 5',
      '^C',
      '/tmp # echo $?',
      '130',
      '/tmp # sleep 6',
      '^Z[1]+  Stopped                    sleep 6',
      '/tmp # jobs',
      '[1]+  Stopped                    sleep 6',
      '/tmp # bg',
      '[1] sleep 6',
      '/tmp # kill %1',
      '/tmp # echo a',
      'a',
      '[1]+  Terminated                 sleep 6',
      '/tmp # echo b',
      'b',
      '/tmp # ',
      '',
    ].join('\r\n'),
  });
  expect(runShell('gnu', ['dash'], { typed: LINES }).stdout).toBe(
    [
      '# cd /tmp',
      '# env >/dev/null &',
      '# cd /nosuch',
      "dash: 3: cd: can't cd to /nosuch",
      '[1] + Done                       env 1>/dev/null',
      '# for i in 1 2',
      '> do echo $i; done',
      '1',
      '2',
      '# )',
      'dash: 6: Syntax error: ")" unexpected',
      '# f() {',
      '> echo f; }',
      '# f',
      'f',
      '# nosuch',
      'dash: 9: nosuch: not found',
      '# echo $-',
      'smi',
      '# sleep 5',
      '^C',
      '# echo $?',
      '130',
      '# sleep 6',
      '^Z[1] + Stopped                    sleep 6',
      '# jobs',
      '[1] + Stopped                    sleep 6',
      '# bg',
      '[1] sleep 6',
      '# kill %1',
      '# echo a',
      'a',
      '[1] + Terminated                 sleep 6',
      '# echo b',
      'b',
      '# ',
      '',
    ].join('\r\n'),
  );
});

test('a fork bomb ends', () => {
  const { stderr } = runShell('busybox', ['sh', '-c', 'f(){ f|f& }; f'], { maxTasks: 100 });
  expect(new Set(stderr.trimEnd().split('\n'))).toEqual(new Set(["sh: can't fork: Resource temporarily unavailable"]));
});
