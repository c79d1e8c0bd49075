// Wrong command lines, as busybox 1.35 answers them.
import { expect, test } from 'vitest';
import { runScript } from '../text/testing.ts';
import { BUSYBOX_BANNER } from './cli.ts';

const MKSWAP = `${BUSYBOX_BANNER}\nUsage: mkswap [-L LBL] BLOCKDEV [KBYTES]\n\nPrepare BLOCKDEV to be used as swap partition\n\n\t-L LBL\tLabel\n`;

test('an unknown option, an option without its value and a missing operand show the usage', () => {
  const said = (line: string): readonly [string, number | undefined] => {
    const { stdout, stderr, status } = runScript('busybox', line);
    return [stdout + stderr, status];
  };
  expect(said('mkswap')).toEqual([MKSWAP, 1]);
  expect(said('mkswap -z x')).toEqual([`mkswap: invalid option -- 'z'\n${MKSWAP}`, 1]);
  expect(said('mkswap -L')).toEqual([`mkswap: option requires an argument -- 'L'\n${MKSWAP}`, 1]);
  expect(said('mkswap --foo x')).toEqual([`mkswap: unrecognized option '--foo'\n${MKSWAP}`, 1]);
});

test('text tools count, cut and calculate as busybox does', () => {
  const files = "printf '1\\n2\\n3\\n' >f; ";
  expect(runScript('busybox', `${files}tail -1 nosuch f; paste - - <f; expr 9223372036854775807 + 1; echo a | tee -; od -An -i f`)).toEqual(
    {
      stdout: '3\n1\t2\n3\t-9223372036854775808\na\na\n   2609   2610   2611\n',
      stderr: "tail: can't open 'nosuch': No such file or directory\n",
      status: 0,
    },
  );
});
