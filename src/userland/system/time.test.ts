import { expect, test } from 'vitest';
import { runScript } from '../text/testing.ts';

test('time of busybox: usage without a program, how the command ended, refusals', () => {
  const usage = runScript('busybox', 'time');
  expect([usage.stdout, usage.status]).toEqual(['', 1]);
  expect(usage.stderr).toContain('Usage: time [-vpa] [-o FILE] PROG ARGS\n');
  expect(runScript('busybox', 'time -p sh -c "exit 3"; echo $?; time -o t -p true; cat t; time -v true; echo $?')).toEqual({
    stdout: '3\nreal 0.00\nuser 0.00\nsys 0.00\n1\n',
    stderr: 'Command exited with non-zero status 3\nreal 0.00\nuser 0.00\nsys 0.00\ntime: -v: the use of resources is not simulated here\n',
    status: 0,
  });
});
