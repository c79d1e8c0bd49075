import { expect, test } from 'vitest';
import { CriLines } from './criLog.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const TIME = 1_795_420_800_120_000_000n;
const HEAD = '2026-11-23T08:00:00.12Z';

test('every line of output is a line with time, stream and tag; half a line waits for the rest', () => {
  const lines = new CriLines();
  expect(decode(lines.add('stdout', encode('one\ntwo\nth'), TIME))).toBe(`${HEAD} stdout F one\n${HEAD} stdout F two\n`);
  expect(decode(lines.add('stderr', encode('\n'), TIME))).toBe(`${HEAD} stderr F \n`);
  expect(decode(lines.add('stdout', encode('ree\n'), TIME))).toBe(`${HEAD} stdout F three\n`);
});

test('a rest without newline is written at the end', () => {
  const lines = new CriLines();
  expect(decode(lines.add('stdout', encode('rest'), TIME))).toBe('');
  expect(decode(lines.end('stdout', TIME))).toBe(`${HEAD} stdout F rest\n`);
  expect(decode(lines.end('stderr', TIME))).toBe('');
});

test('a line of more than 16 KiB is cut into parts', () => {
  const a = 'a'.repeat(16384);
  expect(decode(new CriLines().add('stdout', encode(`${a}${a}b\n${a}\n`), TIME))).toBe(
    `${HEAD} stdout P ${a}\n${HEAD} stdout P ${a}\n${HEAD} stdout F b\n${HEAD} stdout F ${a}\n`,
  );
});
