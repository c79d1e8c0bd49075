// Claims about busybox's find and xargs, each seen in busybox 1.35.
import { expect, test } from 'vitest';
import { runScript } from './testing.ts';

const bb = (script: string): string => {
  const ran = runScript('busybox', `mkdir -p d/s; echo x >d/s/g; echo 'p q' >d/f; ${script}; echo $?`);
  return ran.stdout + ran.stderr;
};

test('sizes are compared in bytes, not in rounded up units', () => {
  expect(bb('find d -type f -size -1k | sort')).toBe('d/f\nd/s/g\n0\n');
  expect(bb('find d -size 4c')).toBe('d/f\n0\n');
  expect(bb('find d -size 1M')).toBe("1\nfind: invalid number '1M'\n");
});

test('-perm +MODE is any of the bits; -type takes one letter; operators may stand alone', () => {
  expect(bb('chmod 4755 d/f; find d -perm +4000')).toBe('d/f\n0\n');
  expect(bb('find d -type f,d')).toBe("1\nfind: invalid argument 'f,d' to '-type'\n");
  expect(bb('find d/f -o')).toBe('d/f\n0\n');
  expect(bb('find d -exec echo {}')).toBe('1\nfind: -exec requires an argument\n');
});

test('-exec + replaces one word by all paths, the text around it kept', () => {
  expect(bb("find d -type f -exec echo '<{}>' end + | tr ' ' '\\n' | sort")).toBe('<d/f>\n<d/s/g>\nend\n0\n');
  expect(bb('find d -exec echo {} {} +')).toBe("1\nfind: only one '{}' allowed for -exec +\n");
});

test('-quit ends find, -delete goes from below', () => {
  expect(bb('find d/f d -print -quit')).toBe('d/f\n0\n');
  expect(bb('find d -delete; ls')).toBe('0\n');
});

test('xargs fills a room of bytes, and says what ended', () => {
  expect(bb('echo aaaa bbbb cccc | xargs -s 14 echo')).toBe('aaaa\nbbbb\ncccc\n0\n');
  expect(bb('echo aaaaaaaaaaaaaa | xargs -s 12')).toBe('1\nxargs: argument line too long\n');
  expect(bb("echo a | xargs sh -c 'exit 127'")).toBe('123\n');
  expect(bb('echo a | xargs nosuch')).toBe('127\nxargs: nosuch: No such file or directory\n');
  expect(bb("echo a | xargs sh -c 'kill -9 $$'")).toBe("125\nxargs: 'sh' terminated by signal 9\n");
});
