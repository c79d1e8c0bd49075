// Texts as Debian 12's programs print them.
import { expect, test } from 'vitest';
import { runScript } from '../text/testing.ts';
import { knownOptions } from './help-options.ts';

test('--help goes to standard output and names the program as it was called; an abbreviation will do', () => {
  expect(runScript('gnu', 'nproc --help')).toEqual({
    stdout:
      'Usage: nproc [OPTION]...\nPrint the number of processing units available to the current process,\nwhich may be less than the number of online processors\n\n' +
      '      --all      print the number of installed processors\n      --ignore=N  if possible, exclude N processing units\n' +
      '      --help        display this help and exit\n      --version     output version information and exit\n\n' +
      'GNU coreutils online help: <https://www.gnu.org/software/coreutils/>\nReport any translation bugs to <https://translationproject.org/team/>\n' +
      "Full documentation <https://www.gnu.org/software/coreutils/nproc>\nor available locally via: info '(coreutils) nproc invocation'\n",
    stderr: '',
    status: 0,
  });
  expect(runScript('gnu', 'ls --vers -l | head -n 1; mktemp --version | head -n 1')).toEqual({
    stdout: 'ls (GNU coreutils) 9.1\nmktemp (GNU coreutils) 9.1\n',
    stderr: '',
    status: 0,
  });
});

test('an option that the program has and we do not is not called unknown', () => {
  expect(runScript('gnu', 'ls --dired; echo $?; ls --zz; echo $?')).toEqual({
    stdout: '1\n2\n',
    stderr: "ls: --dired is not simulated here\nls: unrecognized option '--zz'\nTry 'ls --help' for more information.\n",
    status: 0,
  });
});

test('options read off a help text', () => {
  expect(
    knownOptions(
      '  -a, --all   everything\n  -o, --output <list>  columns\n  -U, --user[=<file>]  unshare\n      --color[=WHEN]  colours\n  -w COLS  width\n' +
        '  -s, --shell SHELL   login shell\n  -c, --crash   fail\n      --sort=WORD  by word\n',
    ),
  ).toEqual({
    letters: 'aoUwsc',
    long: { all: 'a', 'output=': 'o', 'user=?': 'U', 'color=?': 'color', 'shell=': 's', crash: 'c', 'sort=': 'sort' },
  });
});
