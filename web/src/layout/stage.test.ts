import { expect, test } from 'vitest';
import { PORTRAIT, WIDE, type Rectangle } from './rectangle';
import { divide } from './stage';

const screen = { min: WIDE, max: WIDE };
const desktop: Rectangle = { x: 0, y: 0, width: 1416, height: 784 };
const tablet: Rectangle = { x: 0, y: 0, width: 1000, height: 652 };
const phone: Rectangle = { x: 0, y: 0, width: 366, height: 752 };

test.each([
  ['beside on a wide screen', desktop, screen, 4, 'right'],
  ['below where that leaves more', tablet, screen, 4, 'below'],
  ['below on an upright phone', phone, screen, 4, 'below'],
  ['beside an upright camera', desktop, { min: PORTRAIT, max: PORTRAIT }, 4, 'right'],
  ['nowhere without others', desktop, screen, 0, 'none'],
])('the strip stands %s', (_, area, aspect, others, where) => {
  const { stage, strip } = divide(area, aspect, others);
  if (!strip) expect(where).toBe('none');
  else if (strip.x >= stage.x + stage.width) expect(where).toBe('right');
  else if (strip.y >= stage.y + stage.height) expect(where).toBe('below');
  else expect.unreachable('stage and strip overlap');
});

test.each([
  ['a wide screen', desktop],
  ['a tablet', tablet],
  ['a phone', phone],
])('on %s both stay inside, and the stage is the larger', (_, area) => {
  const { stage, strip } = divide(area, screen, 3);
  for (const part of [stage, strip]) {
    if (!part) continue;
    expect(part.x).toBeGreaterThanOrEqual(0);
    expect(part.y).toBeGreaterThanOrEqual(0);
    expect(part.x + part.width).toBeLessThanOrEqual(area.width + 1);
    expect(part.y + part.height).toBeLessThanOrEqual(area.height + 1);
  }
  expect(stage.width / stage.height).toBeCloseTo(WIDE, 1);
});

test('an upright phone gives what a wide stage leaves free to the strip', () => {
  const { strip } = divide(phone, screen, 6);
  expect(strip?.height).toBeGreaterThan(500);
});
