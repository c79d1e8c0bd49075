import { expect, it } from 'vitest';
import { textChanges } from './changes.ts';

const marked = (before: string | null, after: string): string =>
  textChanges(before, after)
    .map(({ text, changed }) => (changed ? `[${text}]` : text))
    .join('');

it('marks changed words and, in masks of equal length, changed digits', () => {
  expect(marked(null, 'uid=1000')).toBe('uid=1000');
  expect(marked('uid=1000 gid=0(root)\n', 'uid=20000 gid=3000\n')).toBe('uid=[20000] gid=[3000]\n');
  expect(marked('CapEff:\t00000000a80425fb\nx', 'CapEff:\t00000000aa0435fb\nx')).toBe('CapEff:\t00000000a[a]04[3]5fb\nx');
});
