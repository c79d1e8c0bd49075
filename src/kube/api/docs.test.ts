import { expect, test } from 'vitest';
import { structText } from './docs.ts';
import { openApiFields } from './openapi.ts';
import { POD_TYPES } from './types-pod.ts';
import { OTHER_TYPES, VOLUME_TYPES } from './types-volume.ts';

test('every struct and every field of the schema says what it means', () => {
  const structs = `${POD_TYPES}${VOLUME_TYPES}${OTHER_TYPES}`.split('\n').flatMap((line) => /^(\w+):/.exec(line)?.[1] ?? []);
  const silent = structs.flatMap((struct) => [
    ...(structText(struct) === undefined ? [struct] : []),
    ...(openApiFields(struct) ?? []).filter(({ text }) => text === undefined).map(({ name }) => `${struct}.${name}`),
  ]);
  expect(silent).toEqual([]);
});
