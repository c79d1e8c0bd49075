// Messages of Go's encoding/json; the first is recorded (fail-seccomp-badjson).

import { expect, test } from 'vitest';
import { goJsonError } from './goJson.ts';

test.each([
  ['{ not json', "invalid character 'n' looking for beginning of object key string"],
  ['', 'unexpected end of JSON input'],
  ['{"a": 1', 'unexpected end of JSON input'],
  ['{"a": 1,}', "invalid character '}' looking for beginning of object key string"],
  ['{"a": 1 "b": 2}', "invalid character '\"' after object key:value pair"],
  ['[1 2]', "invalid character '2' after array element"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['tru', 'unexpected end of JSON input'],
  ['trve', "invalid character 'v' in literal true (expecting 'u')"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['-x', "invalid character 'x' in numeric literal"],
  ["'a'", "invalid character '\\'' looking for beginning of value"],
])('%j', (text, message) => {
  expect(goJsonError(text)).toBe(message);
});

test('JSON is no error', () => {
  expect(goJsonError(' {"a": [1, -2.5e3, true, null, "\\u00e4\\n"], "b": {}} \n')).toBeUndefined();
});
