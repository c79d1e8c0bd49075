// The grammar of generated snippets. It leaves out what differs from run to run: process ids, times, directory order.

import { arithmetic } from './arithmetic.ts';
import type { Random } from './random.ts';

const VARS = ['a', 'b', 'c', 'd', 'e', 'u'];
const VALUES = [
  '',
  'x',
  'abc',
  "'a b'",
  '"a  b "',
  'a:b:c',
  "'*'",
  '/usr/lib/x.tar.gz',
  '7',
  '-3',
  '010',
  "'q\"r'",
  "'b\\c'",
  "' lead'",
  "'a\tb'",
  'a::b:',
  '~',
  '"$c"',
  "'?'",
  "'[ab]'",
  'foo.c',
  "'x y z'",
  '1 ',
  '$a$b',
];
const PATTERNS = [
  '*',
  '?',
  'a*',
  '*b',
  '*.*',
  '[a-c]*',
  '[!a]*',
  '*/',
  '"*"',
  '\\*',
  'x',
  '',
  '$b',
  '[[:alpha:]]*',
  '*[[:space:]]*',
  '[]a]*',
  '??',
  "'a'*",
  '${c}*',
  '[^b]*',
  '*:',
];
const WORDS = [
  'hello',
  'x',
  '"a b"',
  "'c  d'",
  'a\\ b',
  '$a',
  '"$a"',
  '${b}',
  '"$@"',
  '$*',
  '"$*"',
  '*.txt',
  'f?.txt',
  '[fg]*',
  '"*"',
  '~',
  '"~"',
  '""',
  "''",
  '$u',
  '"$u"',
  '$#',
  '$?',
  '\\$a',
  "'$a'",
  '-n',
  '$((1+2))',
  '`echo q`',
  '$(echo r s)',
  '"$(echo t  u)"',
  'a=b',
  '{x,y}',
  '#x',
  'a#b',
  '$',
  '"\\$"',
  '"a\\b"',
  '"a\\"b"',
  '!',
  '$-x',
  '%',
  '=',
  '\\\\',
  '"\\\\"',
  'x"y"\'z\'',
  '$a"$b"',
  '"$a"$b',
];

type Make = (r: Random, depth: number) => string;

const name: Make = (r) => r.pick(VARS);
const value: Make = (r) => r.pick(VALUES);

const parameter: Make = (r, depth) => {
  const v = r.chance(15) ? r.pick(['1', '2', '3', '@', '*', '#', '?', '9', '10']) : name(r, depth);
  const inner = depth > 0 ? word(r, depth - 1) : r.pick(WORDS);
  const pattern = r.pick(PATTERNS);
  return r.pick([
    `$${v.length === 1 ? v : `{${v}}`}`,
    `\${${v}}`,
    `\${${v}:-${inner}}`,
    `\${${v}-${inner}}`,
    `\${${v}:+${inner}}`,
    `\${${v}+${inner}}`,
    `\${${name(r, 0)}:=${inner}}`,
    `\${${name(r, 0)}=${inner}}`,
    `\${#${v}}`,
    `\${${v}#${pattern}}`,
    `\${${v}##${pattern}}`,
    `\${${v}%${pattern}}`,
    `\${${v}%%${pattern}}`,
    ...(r.chance(8) ? [`\${${v}?}`, `\${${v}:?gone}`, `\${${v}?$a msg}`] : []),
  ]);
};

const quoted: Make = (r, depth) =>
  `"${r.many(1, 3, () => r.pick([() => parameter(r, 0), () => 'x y', () => '$(echo " in ")', () => '\\"', () => '`echo z`', () => "'", () => '$((2*3))', () => '*', () => ' '])()).join('')}"${depth > 5 ? ' ' : ''}`;

const word: Make = (r, depth) =>
  r
    .many(1, r.chance(30) ? 2 : 1, () => {
      const kind = r.below(10);
      if (kind < 3) return parameter(r, depth);
      if (kind < 5) return quoted(r, depth);
      if (kind === 5 && depth > 0) return `$(${command(r, depth - 1)})`;
      if (kind === 6) return `$((${arithmetic(r, 2)}))`;
      return r.pick(WORDS);
    })
    .join('');

const words = (r: Random, depth: number, min = 1, max = 3): string => r.many(min, max, () => word(r, depth)).join(' ');

const SHOW = "printf '<%s>' "; // makes the borders of fields visible
const show: Make = (r, depth) => `${r.chance(70) ? SHOW : 'echo '}${words(r, depth, 1, 4)}${r.chance(50) ? '; echo' : ''}`;

const assign: Make = (r, depth) => `${name(r, depth)}=${r.chance(60) ? value(r, depth).replace(/^(.*) $/, '$1') : word(r, depth)}`;

const test: Make = (r, depth) => {
  const w = (): string => (r.chance(70) ? `"${parameter(r, 0)}"` : r.pick(WORDS));
  const one = r.pick([
    () => `${r.pick(['-n', '-z', '-e', '-f', '-d', '-s', '-r', '-x', '-L', '-p', '-t'])} ${w()}`,
    () => `${w()} ${r.pick(['=', '!=', '-eq', '-lt', '-ge', '-ne'])} ${w()}`,
    () => `$# ${r.pick(['-eq', '-gt', '-le'])} ${r.below(4)}`,
    () => w(),
    () => `! ${w()}`,
    () => `${w()} -a ${w()}`,
    () => `${w()} = x -o ${w()} = abc`,
  ])();
  return depth > 3 || r.chance(80) ? `[ ${one} ]` : `test ${one}`;
};

const redirected: Make = (r, depth) =>
  r.pick([
    () => `${show(r, depth)} > f.txt; cat f.txt`,
    () => `${SHOW}${words(r, depth)} >> g.txt; cat g.txt`,
    () => `cat < ${r.pick(['f1.txt', 'nofile', '"a b.txt"', '/dev/null', '$u'])}`,
    () => `echo err >&2`,
    () => `{ echo o; echo e >&2; } 2>&1 | ${r.pick(['sort', 'cat', 'wc -l', 'tr a-z A-Z'])}`,
    () => `echo x > ${r.pick(['nodir/x', '/', 'f1.txt', '"new file"', '.'])}; ls`,
    () =>
      `exec ${r.pick(['3>f3.txt; echo three >&3; exec 3>&-; cat f3.txt', '3<f1.txt; read x <&3; echo $x; exec 3<&-', '4>&1; echo four >&4', '5>&9', '7<&-; echo x >&7'])}`,
    () => `set -C; echo 1 > ${r.pick(['f1.txt', 'n.txt'])}; echo $?; echo 2 >| f1.txt; cat f1.txt`,
    () => `cat <<E\n${heredoc(r)}\nE`,
    () => `cat <<${r.pick(["'E'", '"E"', '\\E'])}\n${heredoc(r)}\nE`,
    () => `cat <<-E\n\t${heredoc(r)}\n\t\ttwo\n\tE`,
    () => `echo z 1<>f1.txt; cat f1.txt`,
    () => `cat <<A; cat <<B\n${heredoc(r)}\nA\n$b\nB`,
  ])();

const heredoc = (r: Random): string =>
  r
    .many(1, 3, () =>
      r.pick([
        parameter(r, 0),
        'plain "text"',
        "it's",
        '`echo bq`',
        '$(echo cs)',
        '\\$a \\` \\\\ \\x',
        '$((1+1))',
        '*',
        "${a:-'q'}",
        '${a:-"q"}',
        'a\\\nb',
      ]),
    )
    .join(r.chance(50) ? '\n' : ' ');

const loop: Make = (r, depth) =>
  r.pick([
    () => `for i in ${words(r, depth)}; do ${SHOW}"$i"; done`,
    () =>
      `for i in 1 2 3; do ${r.pick(['[ $i = 2 ] && continue', '[ $i = 2 ] && break', ':', 'echo $i; break 2', 'continue 1', 'case $i in 2) break;; esac'])}; echo "$i"; done`,
    () => `for i do echo "($i)"; done`,
    () => `k${depth}=0; while [ $k${depth} -lt 3 ]; do k${depth}=$((k${depth}+1)); ${command(r, depth - 1)}; done`,
    () => `for k in 3; do until [ $k -eq 0 ]; do k=$((k-1)); echo $k; done; done`,
    () =>
      `for i in a b; do for j in 1 2; do ${r.pick(['continue 2', 'break 2', 'echo $i$j', '[ $j = 1 ] || continue 2'])}; echo $i-$j; done; done; echo $?`,
    () => `printf '%s\\n' ${words(r, 0)} | while read ${r.pick(['x', 'x y', '-r x', '-r x y z'])}; do ${SHOW}"$x" "$y"; done`,
    () => `cat f1.txt | while IFS=${r.pick([':', '', "' '"])} read -r x y; do echo "$x|$y"; done`,
  ])();

const choice: Make = (r, depth) =>
  r.pick([
    () => `if ${condition(r, depth)}; then ${command(r, depth)}; ${r.chance(50) ? `else ${command(r, depth)}; ` : ''}fi`,
    () => `if ${condition(r, depth)}; then echo 1; elif ${condition(r, depth)}; then echo 2; else echo 3; fi; echo $?`,
    () =>
      `case ${word(r, depth)} in ${r.many(1, 3, () => `${r.chance(20) ? '(' : ''}${r.pick(PATTERNS.filter((p) => p !== ''))}${r.chance(30) ? `|${r.pick(PATTERNS.filter((p) => p !== ''))}` : ''}) echo ${r.below(9)};;`).join(' ')} esac; echo $?`,
    () => `${condition(r, depth)} && ${command(r, depth)} || echo no $?`,
    () => `! ${condition(r, depth)}; echo $?`,
  ])();

const condition: Make = (r, depth) =>
  r.pick([() => test(r, depth), () => 'true', () => 'false', () => `(exit ${r.below(4)})`, () => test(r, depth)])();

const functions: Make = (r, depth) =>
  r.pick([
    () => `f() { ${command(r, depth)}; return ${r.below(5)}; }; f ${words(r, 0)}; echo $?`,
    () => `f() { local a=${r.pick(['loc', '"$1"', '$b'])}; a=in$a; echo "$a $#"; }; a=out; f ${words(r, 0)}; echo "$a"`,
    () => `f() { echo "$# $1 $2"; shift; echo "$# $*"; }; f ${words(r, 0, 1, 3)}`,
    () => `f() { [ $1 -gt 0 ] || return 0; echo $1; f $(($1-1)); }; f ${r.below(4)}`,
    () => `f() ( a=sub; exit ${r.below(4)} ); a=top; f; echo $? $a`,
    () => `f() { echo in; } > f.txt; f; cat f.txt`,
    () => `a=1; f() { echo "a=$a"; }; a=2 f; echo $a`,
    () => `f() { for x; do ${SHOW}"$x"; done; }; f ${words(r, depth)}`,
    () => `f() { return; }; ${r.pick(['false', 'true'])}; f; echo $?`,
    () => `f() { unset -f f; echo once; }; f; f`,
  ])();

const builtins: Make = (r, depth) =>
  r.pick([
    () => `set -- ${words(r, depth, 0, 4)}; echo $#; ${SHOW}"$@"`,
    () => `shift ${r.pick(['', '1', '2', '9', 'x'])}; echo $? $#`,
    () => `eval ${r.pick(["'echo $a'", '"echo $a"', 'echo \\$b', "'a=ev'; echo $a", "'(exit 3)'; echo $?", "'if'"])}; echo after`,
    () => `unset ${r.pick(['a', 'b c', '-v a', '-f nofun', 'u', '1x'])}; echo "\${a-unset} $?"`,
    () => `export ${r.pick(['a', 'E1=x', 'E1', '1bad=x'])}; env | grep '^[aE]' | sort`,
    () =>
      `readonly c=9; ${r.pick(['c=1', 'unset c', 'c=2 echo hi', 'export c=4', 'readonly c', 'for c in 1; do :; done', 'read c <f1.txt'])}; echo "$? $c"`,
    () =>
      `trap '${r.pick(['echo bye', 'echo $?', 'exit 7', 'echo $a'])}' EXIT; ${command(r, 0)}${r.chance(40) ? `; exit ${r.below(4)}` : ''}`,
    () =>
      `trap 'echo got' ${r.pick(['USR1', 'TERM', 'HUP', 'SIGINT', '2', 'NOSIG'])}; kill -${r.pick(['USR1', 'TERM', 'HUP', 'INT', 's USR1'])} $$; echo next`,
    () =>
      `printf '${r.pick(['%s\\n', '%d\\n', '%5s|', '%-5s|', '%05d\\n', '%x %o\\n', '%b\\n', '%c', '%s %s\\n', '%%\\n', '%.2s\\n', '%i\\n', '\\101\\n', '%s', '%+d\\n', '%u\\n', '%e\\n', '%.3f\\n', '%g\\n', '%z\\n', 'x\\n'])}' ${r.pick(['12', 'abc', '-7', '0x1f', "'a\\tb\\n'", '"\'A"', '3.5', '""', '1 2 3', 'x y', '010', '12abc'])}`,
    () => `echo ${r.pick(['-n', '-e', '-ne', '-E', '--', ''])} 'a\\tb${r.pick(['\\n', '\\c', '\\0101', '\\x41', '\\\\', ''])}z'`,
    () =>
      `read ${r.pick(['x', 'x y', '-r x', ''])} <<E\n${r.pick(['one two  three ', ' lead', 'a\\ b c', 'x\\', ''])}\nE\necho "$? [$x] [$y]"`,
    () => `IFS=${r.pick([':', "''", "' :'", 'x', "','"])}; ${SHOW}$a $b ${r.pick(['$*', '"$*"', '$@', 'a:b', '$(echo p:q)'])}`,
    () =>
      `set -- -a -b val -c x; while getopts ${r.pick(['ab:c', ':ab', 'abc:', 'xyz'])} o; do echo "$o $OPTARG $OPTIND"; done; echo $OPTIND`,
    () => `type ${r.pick(['echo', 'cat', 'nosuch', 'if', 'f', ':', 'cd'])}; echo $?`,
    () => `command ${r.pick(['-v echo', '-v cat', '-v nosuch', '-V if', 'echo hi', '-v while', 'nosuch', '-p echo x'])}; echo $?`,
    () => `cd ${r.pick(['sub', 'nosub', '..', '-', '/', 'sub/../sub', '""', '-P sub'])}; echo $?; pwd`,
    () => `umask ${r.pick(['022', '077', '-S', '', 'u=rwx,g=rx,o=', '8', 'a+w'])}; umask`,
    () => `alias ll='echo aliased'; ${r.pick(['alias ll', 'unalias ll; alias', 'alias nope', 'll x'])}; echo $?`,
    () => `set ${r.pick(['-e', '-u', '-f', '-x', '+x', '-a', '-eu', '-v', '-n'])}; ${command(r, depth)}; echo end`,
    () => `. ./${r.pick(['lib.sh', 'nolib.sh', 'lib.sh arg'])}; echo "$? $L"`,
    () => `exec ${r.pick(['echo replaced', 'nosuch', 'sh -c "exit 4"', '/tmp', './f1.txt'])}; echo still`,
    () => `(${command(r, depth)}); echo $?`,
    () => `{ ${command(r, depth)}; } | ${r.pick(['cat', 'wc -c', 'sort', 'head -n 1'])}; echo $?`,
    () => `sleep 0 & wait $!; echo $?`,
    () => `(exit ${r.below(5)}) & wait $!; echo $?`,
    () => `${r.pick(['nosuch', './f1.txt', '/tmp', './nofile', '""', 'sub'])}; echo $?`,
    () =>
      `sh -c '${r.pick(['echo "$0 $1"', 'kill -9 $$', 'kill -TERM $$', 'exit 9', 'echo $#', 'nosuch', 'if'])}' ${words(r, 0, 0, 2)}; echo $?`,
    () => `hash ${r.pick(['nosuch', 'cat', '-r'])}; echo $?`,
    () => `return ${r.pick(['', '3', 'x'])}; echo after`,
    () => `break ${r.pick(['', '2'])}; echo $?`,
    () => `exit ${r.pick(['', '3', 'x', '300', '-1'])}`,
    () => `: \${u:=set} ; echo $u; : > t.txt; ls t.txt`,
    () => `a=$(${command(r, 0)}); echo "$? [$a]"`,
    () => `echo "$-" | ${r.pick(['cat', "tr -d 'sc'"])}`,
  ])();

const ERRORS = [
  'if true; echo x; fi',
  'for',
  'case x',
  'done',
  'echo "abc',
  "echo 'x",
  '( echo x',
  'echo )',
  'echo ${',
  'echo ${a',
  'echo $((1+',
  'a=(1 2)',
  'echo ;; x',
  '&& echo',
  '| cat',
  'while',
  'fi',
  '{ echo x',
  '}',
  'f( { :; }',
  'echo `echo',
  'echo $(echo',
  'cat <<E\nno end',
  'for 1x in a; do :; done',
  'echo <',
  'echo > ; x',
  'echo & & echo',
  'if; then :; fi',
  'case a in b) echo',
  'then',
  '1f() { :; }; 1f',
  'if() { :; }',
  'echo ${a!}',
  'echo ${}',
  'echo $((',
  'do :; done',
  'elif',
  'until',
  '! ! true; echo $?',
  'esac',
  'for x in a; echo $x; done',
  'while true do',
  'case x in (x) echo p;; y) echo q; esac',
  ';',
  ';;',
  '&',
  'echo a;; ',
  '()',
  '(())',
  '{ }',
  '{ ; }',
  '( )',
  'f() echo hi; f',
  'f() ; f',
  'for i in; do echo $i; done; echo e$?',
  'for i; do :; done',
  'for i in a b c ; do echo $i ; done }',
];

const command: Make = (r, depth) => {
  const kinds: readonly Make[] = [show, show, assign, assign, test, redirected, loop, choice, functions, builtins, builtins, builtins];
  return r.pick(kinds)(r, Math.max(0, depth));
};

const SETUP = [
  "printf 'one two\\nthree:four\\n' > f1.txt; : > f2.txt; mkdir sub; echo 'L=lib$1; return 3' > lib.sh",
  "set -- p 'q r' s",
  "a=abc b='x y' c=a:b:c",
  "a=/usr/lib/x.tar.gz; set -- '' '  two '",
];

/** A whole snippet: some state, then one to three commands. */
export const compound = (r: Random): string => {
  const setup = r.many(1, 2, () => r.pick(SETUP));
  const body = r.many(1, 3, () => command(r, 2));
  if (r.chance(7)) body.push(r.pick(ERRORS));
  return [...new Set(setup), ...body].join(r.chance(50) ? '\n' : '\n'.repeat(1));
};
