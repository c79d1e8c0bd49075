import { describe, expect, it } from 'vitest';
import { ScreenBuffer } from './screen.ts';

const shown = (...texts: string[]) => {
  const screen = new ScreenBuffer();
  for (const text of texts) screen.write([{ text }]);
  const { blocks, current } = screen.snapshot();
  return [
    blocks
      .flatMap((block) => block.spans)
      .map((span) => span.text)
      .join(''),
    current.map((span) => span.text).join(''),
  ];
};

describe('screen', () => {
  it('keeps finished lines apart from the prompt', () => {
    expect(shown('~ $ ls\r\na  b\r\n', '~ $ ')).toEqual(['~ $ ls\na  b\n', '~ $ ']);
  });
  it('overwrites after a carriage return and erases with J and K', () => {
    expect(shown('12345\rab')).toEqual(['', 'ab345']);
    expect(shown('12345\rab\x1b[J')).toEqual(['', 'ab']);
    expect(shown('ab\b \b')).toEqual(['', 'a ']);
    expect(shown('old\r\n\x1b[H\x1b[J$ ')).toEqual(['', '$ ']);
  });
  it('goes on in the same line where a shell’s line editor wraps', () => {
    const screen = new ScreenBuffer();
    screen.cols = 10;
    screen.write([{ text: '$ echo abc \rdef' }]);
    expect(screen.snapshot().current.map((span) => span.text)).toEqual(['$ echo abcdef']);
    screen.write([{ text: '\r\n\x1b[?2004l\rabcdef\r\n' }]);
    expect(screen.snapshot().blocks[0]?.spans.map((span) => span.text)).toEqual(['$ echo abcdef\nabcdef\n']);
  });
  it('joins an escape sequence cut in two, and styles', () => {
    const screen = new ScreenBuffer();
    screen.write([{ text: 'x\x1b[1;' }]);
    screen.write([{ text: '34mdir\x1b[m y\ttab' }]);
    expect(screen.snapshot().current.map((span) => [span.text, span.style.fg, span.style.bold])).toEqual([
      ['x', null, false],
      ['dir', 4, true],
      [' y  tab', null, false],
    ]);
  });
  it('carries causes per line', () => {
    const screen = new ScreenBuffer();
    screen.write([{ text: 'touch: /x: Read-only file system\r\n', cause: 7 }, { text: '$ ' }]);
    expect(screen.snapshot().blocks[0]?.spans.map((span) => [span.text, span.cause])).toEqual([
      ['touch: /x: Read-only file system', 7],
      ['\n', undefined],
    ]);
  });
  it('is bounded', () => {
    const screen = new ScreenBuffer(1000);
    screen.write([{ text: 'y\r\n'.repeat(100_000) }]);
    const lines = screen.snapshot().blocks.reduce((sum, block) => sum + block.lines, 0);
    expect(lines).toBeGreaterThanOrEqual(1000);
    expect(lines).toBeLessThan(1100);
  });
});
