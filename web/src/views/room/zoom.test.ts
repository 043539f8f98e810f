import { expect, test } from 'vitest';
import { fitScale, nextScale, scrollAbout } from './zoom';

const view = { clientWidth: 800, clientHeight: 450 };
const whole = { width: 800, height: 450 };
const twice = { width: 1600, height: 900 };

test('a picture fits by its tighter side', () => {
  expect(fitScale({ width: 1600, height: 900 }, { width: 800, height: 600 })).toBe(0.5);
  expect(fitScale({ width: 900, height: 1600 }, { width: 800, height: 400 })).toBe(0.25);
});

test('steps end at the largest scale', () => {
  expect(nextScale(1, 1)).toBe(1.25);
  expect(nextScale(1.25, -1)).toBe(1);
  expect(nextScale(3.9, 1)).toBe(4);
});

test.each([
  ['the middle stays', { x: 400, y: 225 }, { x: 400, y: 225 }],
  ['a corner stays', { x: 0, y: 0 }, { x: 0, y: 0 }],
  ['the far corner stays', { x: 800, y: 450 }, { x: 800, y: 450 }],
])('%s where it was', (_, point, scroll) => {
  expect(scrollAbout(point, { x: 0, y: 0 }, whole, twice, view)).toEqual(scroll);
});

test('going back never leaves the sheet', () => {
  expect(scrollAbout({ x: 0, y: 0 }, { x: 800, y: 450 }, twice, whole, view)).toEqual({ x: 0, y: 0 });
});
