import { expect, test } from 'vitest';
import { formatDouble } from './decimal.ts';

// Each as printf of coreutils writes it.
test('the exact value is rounded, ties go to the even digit', () => {
  expect([0.5, 1.5, 2.5, -0.5, 1e21].map((value) => formatDouble(value, 'f', 0))).toEqual(['0', '2', '2', '-0', '1000000000000000000000']);
  expect([formatDouble(0.125, 'f', 2), formatDouble(1.005, 'f', 2), formatDouble(0.1, 'f', 20)]).toEqual([
    '0.12',
    '1.00',
    '0.10000000000000000555',
  ]);
  expect([formatDouble(12345.678, 'e'), formatDouble(2.5, 'e', 0), formatDouble(9.99, 'e', 1), formatDouble(0, 'e', 2)]).toEqual([
    '1.234568e+04',
    '2e+00',
    '1.0e+01',
    '0.00e+00',
  ]);
  expect([100000, 1e6, 1234567, 0.0001, 0.00001, 1e300, 3, 0].map((value) => formatDouble(value, 'g'))).toEqual([
    '100000',
    '1e+06',
    '1.23457e+06',
    '0.0001',
    '1e-05',
    '1e+300',
    '3',
    '0',
  ]);
  expect(formatDouble(3, 'g', 4, true)).toBe('3.000');
});
