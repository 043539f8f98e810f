import { expect, test } from 'vitest';
import { dayAndTime, fromInput, toInput } from './time';

test('a time survives the input, to the minute', () => {
  const at = new Date(2027, 2, 3, 14, 5, 30).getTime();
  expect(toInput(at)).toBe('2027-03-03T14:05');
  expect(fromInput(toInput(at))).toBe(new Date(2027, 2, 3, 14, 5).getTime());
});

test.each(['', 'tomorrow'])('%j is no time', (text) => expect(fromInput(text)).toBeUndefined());

test('no time is an empty input', () => expect(toInput(undefined)).toBe(''));

test('a day of another year is told with its year', () => {
  const now = new Date(2026, 10, 21, 12, 0);
  expect(dayAndTime(new Date(2026, 11, 1, 14, 5), 'de', now)).not.toContain('2026');
  expect(dayAndTime(new Date(2027, 10, 22, 14, 5), 'de', now)).toContain('2027');
});
