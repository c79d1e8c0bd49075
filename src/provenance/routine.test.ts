import { expect, test } from 'vitest';
import { ROUTINE } from './routine.ts';
import { RULES } from './rules.ts';

test('routine are the rules of the layer session, all of them', () => {
  expect([...ROUTINE].sort()).toEqual(
    Object.entries(RULES)
      .flatMap(([id, { layer }]) => (layer === 'session' ? [id] : []))
      .sort(),
  );
});
