import { expect, test } from 'vitest';
import { fromInput, toInput } from './time';

test('a time survives the input, to the minute', () => {
  const at = new Date(2027, 2, 3, 14, 5, 30).getTime();
  expect(toInput(at)).toBe('2027-03-03T14:05');
  expect(fromInput(toInput(at))).toBe(new Date(2027, 2, 3, 14, 5).getTime());
});

test.each(['', 'tomorrow'])('%j is no time', (text) => expect(fromInput(text)).toBeUndefined());

test('no time is an empty input', () => expect(toInput(undefined)).toBe(''));
