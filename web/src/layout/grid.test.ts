import { describe, expect, test } from 'vitest';
import { grid, gridCapacity, type GridRules } from './grid';
import { PORTRAIT, WIDE, type Rectangle } from './rectangle';

const wide: GridRules = { gap: 8, aspect: { min: WIDE, max: WIDE }, minWidth: 108, most: 49 };
const flexible: GridRules = { ...wide, aspect: { min: PORTRAIT, max: WIDE } };
const desktop: Rectangle = { x: 0, y: 0, width: 1416, height: 784 };
const phone: Rectangle = { x: 0, y: 0, width: 366, height: 752 };

/** Rows and columns of a result, from its places. */
function shape(places: Rectangle[]): string {
  const rows = new Set(places.map(({ y }) => y)).size;
  const first = places.filter(({ y }) => y === places[0]?.y).length;
  return `${first}×${rows}`;
}

describe('the number of columns wastes least', () => {
  test.each([
    [1, '1×1'],
    [2, '2×1'],
    [3, '2×2'],
    [4, '2×2'],
    [5, '3×2'],
    [9, '3×3'],
    [10, '4×3'],
    [16, '4×4'],
    [25, '5×5'],
    [49, '7×7'],
  ])('%i on a wide screen: %s', (count, expected) =>
    expect(shape(grid(count, desktop, wide))).toBe(expected),
  );

  test.each([
    [1, '1×1'],
    [2, '1×2'],
    [3, '1×3'],
    [4, '1×4'],
    [8, '2×4'],
    [12, '2×6'],
  ])('%i on an upright phone: %s', (count, expected) =>
    expect(shape(grid(count, phone, flexible))).toBe(expected),
  );
});

describe.each([
  ['a wide screen', desktop, wide],
  ['a phone', phone, flexible],
  ['a phone on its side', { x: 0, y: 0, width: 760, height: 366 }, wide],
  ['an offset area', { x: 100, y: 50, width: 640, height: 480 }, wide],
] as const)('on %s', (_, area, rules) => {
  test.each(Array.from({ length: 49 }, (_, index) => index + 1))('%i tiles', (count) => {
    const places = grid(count, area, rules);
    expect(places).toHaveLength(count);
    const { width, height } = places[0] ?? { width: 0, height: 0 };
    for (const [index, place] of places.entries()) {
      expect(place.x).toBeGreaterThanOrEqual(area.x);
      expect(place.y).toBeGreaterThanOrEqual(area.y);
      expect(place.x + place.width).toBeLessThanOrEqual(area.x + area.width + 1);
      expect(place.y + place.height).toBeLessThanOrEqual(area.y + area.height + 1);
      expect([place.width, place.height], 'all are of one size').toEqual([width, height]);
      for (const other of places.slice(index + 1)) {
        const apart = other.y >= place.y + height || other.x >= place.x + width;
        expect(apart, 'no tile lies on another').toBe(true);
      }
    }
    expect(width / height).toBeGreaterThan(rules.aspect.min * 0.97);
    expect(width / height).toBeLessThan(rules.aspect.max * 1.03);
  });
});

test('a short last row stands in the middle', () => {
  const places = grid(3, desktop, wide);
  const last = places[2];
  expect(last && last.x + last.width / 2).toBeCloseTo(desktop.width / 2, -1);
});

test('no tiles need no places', () => expect(grid(0, desktop, wide)).toEqual([]));

test.each([
  ['a large screen holds as many as there may be', desktop, wide, 49],
  ['a phone holds fewer', phone, flexible, 33],
  ['a sliver holds one', { x: 0, y: 0, width: 40, height: 40 }, wide, 1],
])('%s', (_, area, rules, capacity) => expect(gridCapacity(area, rules)).toBe(capacity));

test('more tiles are never larger', () => {
  const size = (count: number) => {
    const [place] = grid(count, desktop, wide);
    return place ? place.width * place.height : 0;
  };
  for (let count = 2; count <= 49; count++) expect(size(count)).toBeLessThanOrEqual(size(count - 1));
});
