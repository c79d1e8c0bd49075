// Scripts whose whole output was taken from the real tools: busybox 1.35, and Debian 12 with LC_ALL=C.
import { expect, test } from 'vitest';
import { runScript } from '../text/testing.ts';

test('ls -l in both styles; old files show their year', () => {
  const script = "printf abc > f; touch -d '2020-01-02 03:04:05' f; chown 1000:10 f; chmod 4750 f; ls -l f; ls -ln f";
  expect(runScript('busybox', script).stdout).toBe(
    '-rwsr-x---    1 bob      wheel            3 Jan  2  2020 f\n-rwsr-x---    1 1000     10               3 Jan  2  2020 f\n',
  );
  expect(runScript('gnu', script).stdout).toBe('-rwsr-x--- 1 bob wheel 3 Jan  2  2020 f\n-rwsr-x--- 1 1000 10 3 Jan  2  2020 f\n');
});

test('refusals: what each userland says', () => {
  const script =
    'mkdir d; rm d; mkdir d; rmdir nosuch; cp nosuch x; mv nosuch x; chmod 999 d; chown nosuch d; cat nosuch; ls nosuch; ls -z 2>&1 | head -n 1';
  expect(runScript('busybox', script)).toEqual({
    stdout: "ls: invalid option -- 'z'\n",
    stderr:
      "rm: 'd' is a directory\nmkdir: can't create directory 'd': File exists\nrmdir: 'nosuch': No such file or directory\ncp: can't stat 'nosuch': No such file or directory\n" +
      "mv: can't rename 'nosuch': No such file or directory\nchmod: invalid mode '999'\nchown: unknown user nosuch\ncat: can't open 'nosuch': No such file or directory\n" +
      'ls: nosuch: No such file or directory\n',
    status: 0,
  });
  expect(runScript('gnu', script)).toEqual({
    stdout: "ls: invalid option -- 'z'\n",
    stderr:
      "rm: cannot remove 'd': Is a directory\nmkdir: cannot create directory 'd': File exists\nrmdir: failed to remove 'nosuch': No such file or directory\n" +
      "cp: cannot stat 'nosuch': No such file or directory\nmv: cannot stat 'nosuch': No such file or directory\nchmod: invalid mode: '999'\nTry 'chmod --help' for more information.\n" +
      "chown: invalid user: 'nosuch'\ncat: nosuch: No such file or directory\nls: cannot access 'nosuch': No such file or directory\n",
    status: 0,
  });
});

test('GNU keeps the set-group-ID bit of a directory, busybox does not', () => {
  const script =
    'mkdir d; chmod 2775 d; chmod 755 d; stat -c %a d; chmod 2775 d; mkdir -m 700 d/e; stat -c %A d/e; chmod u=rwx,go=rx d; stat -c %a d';
  expect(runScript('gnu', script).stdout).toBe('2755\ndrwx--S---\n2755\n');
  expect(runScript('busybox', script).stdout).toBe('755\ndrwx------\n755\n');
});

test('timeout, env and sort', () => {
  const script = "timeout 0.1 sleep 5; echo $?; env -i A=1 env; printf '10 b\\n9 a\\n' | sort -k1n; printf 'a:3\\nb:1\\n' | sort -t: -k2";
  expect(runScript('gnu', script)).toEqual({ stdout: '124\nA=1\n9 a\n10 b\nb:1\na:3\n', stderr: '', status: 0 });
});
