import { expect, it } from 'vitest';
import { gradeOf, megabits } from './way';

const way = { protocol: 'udp' as const, roundTrip: 20, up: 2_000_000, down: 2_000_000 };

it.each([
  ['plenty', way, 'sharp'],
  ['a weak upload', { ...way, up: 800_000 }, 'small'],
  ['a weak download', { ...way, down: 100_000 }, 'sound'],
  ['much delay', { ...way, roundTrip: 600 }, 'small'],
])('grades %s', (_, found, grade) => {
  expect(gradeOf(found)).toBe(grade);
});

it('writes rates as the language does', () => {
  expect(megabits(2_449_000, 'en')).toBe('2.4');
  expect(megabits(2_000_000, 'de')).toBe('2,0');
});
