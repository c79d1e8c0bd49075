// Whole outputs as the real busybox 1.35 and GNU tar 1.34 print them (recordings cmd-arch-*).
import { expect, test } from 'vitest';
import { runScript } from '../text/testing.ts';

const script =
  'mkdir d; echo hi > d/f; chmod 640 d/f; touch -d @0 d/f; tar cf t.tar d nosuch; tar tf t.tar; tar tvf t.tar d/f; mkdir o; tar xzf t.tar -C o; tar xf t.tar -C o; stat -c %a o/d/f';

test('tar keeps members, modes and times, and says what is missing, in busybox', () => {
  expect(runScript('busybox', script)).toEqual({
    stdout: 'd/\nd/f\n-rw-r----- root/root         3 1970-01-01 00:00:00 d/f\n640\n',
    stderr: 'tar: nosuch: No such file or directory\ntar: error exit delayed from previous errors\ntar: invalid magic\ntar: short read\n',
    status: 0,
  });
});

test('the same in GNU tar', () => {
  expect(runScript('gnu', script)).toEqual({
    stdout: 'd/\nd/f\n-rw-r----- root/root         3 1970-01-01 00:00 d/f\n640\n',
    stderr:
      'tar: nosuch: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n' +
      '\ngzip: stdin: not in gzip format\ntar: Child returned status 1\ntar: Error is not recoverable: exiting now\n',
    status: 0,
  });
});

test('gzip puts a file in place of the other and refuses what is no archive', () => {
  const lines = 'echo hello > a; gzip a; ls; zcat a.gz; gunzip a.gz; ls; gzip < a | gunzip; echo junk > j.gz; gunzip j.gz; gzip nosuch';
  expect(runScript('busybox', lines)).toEqual({
    stdout: 'a.gz\nhello\na\nhello\n',
    stderr: 'gunzip: invalid magic\ngzip: nosuch: No such file or directory\n',
    status: 1,
  });
  expect(runScript('gnu', lines)).toEqual({
    stdout: 'a.gz\nhello\na\nhello\n',
    stderr: '\ngzip: j.gz: not in gzip format\ngzip: nosuch: No such file or directory\n',
    status: 1,
  });
});
