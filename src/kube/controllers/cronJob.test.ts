import { expect, test } from 'vitest';
import { nextTime } from './cronJob.ts';

const next = (schedule: string, after: string): string | undefined => {
  const time = nextTime(schedule, Date.parse(after));
  return time === undefined ? undefined : new Date(time).toISOString();
};

test('a schedule names its next moment, strictly after the given one', () => {
  const after = '2026-11-23T08:15:30Z'; // a Monday
  expect({
    'every minute': next('* * * * *', after),
    'every fifteen': next('*/15 * * * *', after),
    'at the moment itself': next('15 8 * * *', '2026-11-23T08:15:00Z'),
    'a range with a step': next('0 9-17/4 * * *', after),
    'names of months and days': next('0 0 * JAN Sun', after),
    'seven is Sunday': next('0 0 * * 7', after),
    'either day when both are given': next('0 0 1 * 3', after),
    'leap day': next('0 0 29 2 *', after),
    '@daily': next('@daily', after),
    '@every': next('@every 90s', after),
    never: next('0 0 31 2 *', after),
    'not a schedule': next('whenever', after),
  }).toEqual({
    'every minute': '2026-11-23T08:16:00.000Z',
    'every fifteen': '2026-11-23T08:30:00.000Z',
    'at the moment itself': '2026-11-24T08:15:00.000Z',
    'a range with a step': '2026-11-23T09:00:00.000Z',
    'names of months and days': '2027-01-03T00:00:00.000Z',
    'seven is Sunday': '2026-11-29T00:00:00.000Z',
    'either day when both are given': '2026-11-25T00:00:00.000Z',
    'leap day': '2028-02-29T00:00:00.000Z',
    '@daily': '2026-11-24T00:00:00.000Z',
    '@every': '2026-11-23T08:17:00.000Z',
    never: undefined,
    'not a schedule': undefined,
  });
});
