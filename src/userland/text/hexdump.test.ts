// Claims about busybox's hexdump, xxd and date, each seen in busybox 1.35.
import { expect, test } from 'vitest';
import { runScript } from './testing.ts';

const bb = (script: string): string => {
  const ran = runScript('busybox', `printf 'one\\ntwo\\nthree\\n' >a; ${script}`);
  return ran.stdout + ran.stderr;
};

test('a format is repeated over the input; equal blocks are folded, the end is padded', () => {
  expect(bb(`hexdump -e '1/1 "%02x"' a`)).toBe('6f6e650a74776f0a74687265*\n0a');
  expect(bb(`hexdump -ve '/1 "%02X "' a`)).toBe('6F 6E 65 0A 74 77 6F 0A 74 68 72 65 65 0A ');
  expect(bb(`hexdump -e '4/1 "%3d" "\\n"' a`)).toBe('111110101 10\n116119111 10\n116104114101\n101 10      \n');
  expect(bb(`hexdump -e '2/3 "%x"' a`)).toBe('hexdump: bad byte count for conversion character x\n');
});

test('xxd groups, goes backwards and writes C', () => {
  expect(bb('xxd -g 3 -c 8 a')).toBe('00000000: 6f6e65 0a7477 6f0a  one.two.\n00000008: 746872 65650a       three.\n');
  expect(bb("printf '31 3\\n2 0a\\n' | xxd -r -p")).toBe('12\n');
  expect(bb('xxd -l 2 -i a')).toBe('unsigned char a[] = {\n  0x6f, 0x6e,\n};\nunsigned int a_len = 2;\n');
});

test('a date runs over into the next month, TZ and -D are kept', () => {
  expect(bb('date -d 2020-02-30 +%F; date -d 2020-01-32; TZ=JST-9 date -d @0 "+%T %Z %z"')).toBe(
    "2020-03-01\n09:00:00 JST +0900\ndate: invalid date '2020-01-32'\n",
  );
  expect(bb("date -D '%d/%m/%Y' -d '02/01/2020' +%F; date -d @-1")).toBe("2020-01-02\ndate: invalid date '@-1'\n");
});
