import { describe, expect, test } from 'vitest';
import { arrange } from './arrange';
import type { Rectangle } from './rectangle';
import type { Role, Scene, SceneTile } from './scene';

const desktop: Rectangle = { x: 0, y: 0, width: 1416, height: 784 };
const corner: Rectangle = { x: 1000, y: 796, width: 416, height: 80 };
const phone: Rectangle = { x: 0, y: 0, width: 366, height: 752 };

function camera(id: string, more: Partial<SceneTile> = {}): SceneTile {
  return { id, kind: 'camera', self: false, dominant: false, ...more };
}

/** A meeting of count people: "me", then "p1", "p2" … */
function people(count: number): SceneTile[] {
  return Array.from({ length: count }, (_, index) =>
    index === 0 ? camera('me', { self: true }) : camera(`p${index}`),
  );
}

function scene(tiles: SceneTile[], more: Partial<Scene> = {}): Scene {
  return {
    tiles,
    layout: 'grid',
    pinned: undefined,
    speaker: undefined,
    area: desktop,
    corner,
    page: 0,
    ...more,
  };
}

function roles(arranged: ReturnType<typeof arrange>, role: Role): string[] {
  return arranged.places.filter((place) => place.role === role).map(({ id }) => id);
}

const screen: SceneTile = { id: 'screen', kind: 'screen', self: false, dominant: false };

describe('the own picture', () => {
  test('is large as long as nobody else is there', () => {
    expect(arrange(scene(people(1))).places).toEqual([
      { id: 'me', role: 'tile', rectangle: { x: 11, y: 0, width: 1393, height: 784 } },
    ]);
  });

  test.each([
    ['stands beside the toolbar', 5, { corner }],
    ['lies over the one other on a phone', 2, { area: phone, corner: undefined }],
    ['lies over two others on a phone', 3, { area: phone, corner: undefined }],
    ['lies over the tiles where the toolbar leaves too little room', 2, { corner: { ...corner, width: 60 } }],
  ])('%s', (_, count, more) => {
    const arranged = arrange(scene(people(count), more));
    expect(roles(arranged, 'self')).toEqual(['me']);
    expect(roles(arranged, 'tile')).toHaveLength(count - 1);
  });

  test('takes its turn, last, among many on a phone', () => {
    const arranged = arrange(scene(people(6), { area: phone, corner: undefined }));
    expect(roles(arranged, 'tile')).toEqual(['p1', 'p2', 'p3', 'p4', 'p5', 'me']);
  });

  test('comes first in the strip where there is no corner', () => {
    const arranged = arrange(scene([...people(4), screen], { area: phone, corner: undefined }));
    expect(roles(arranged, 'strip')).toEqual(['me', 'p1', 'p2', 'p3']);
  });

  test('never covers the strip', () => {
    const arranged = arrange(scene([...people(4), screen], { corner: { ...corner, width: 60 } }));
    expect(roles(arranged, 'self')).toEqual([]);
    expect(roles(arranged, 'strip')).toContain('me');
  });
});

describe('the own screen', () => {
  const own: SceneTile = { ...screen, id: 'mine', self: true };

  test.each<[string, Partial<Scene>, string[], string[]]>([
    ['stands beside the own picture', {}, ['me', 'mine'], ['p1', 'p2']],
    [
      'stands among the others where there is no room',
      { corner: { ...corner, width: 200 } },
      ['me'],
      ['p1', 'p2', 'mine'],
    ],
    [
      'and the own picture stand last on a phone',
      { area: phone, corner: undefined },
      [],
      ['p1', 'p2', 'me', 'mine'],
    ],
  ])('%s', (_, more, aside, tiles) => {
    const arranged = arrange(scene([...people(3), own], more));
    expect(roles(arranged, 'self')).toEqual(aside);
    expect(roles(arranged, 'tile')).toEqual(tiles);
  });

  test('does not lie on the own picture', () => {
    const arranged = arrange(scene([...people(2), own]));
    const [picture, shown] = arranged.places
      .filter(({ role }) => role === 'self')
      .map(({ rectangle }) => rectangle);
    expect(picture && shown && shown.x + shown.width).toBeLessThan(picture?.x ?? 0);
  });
});

describe('the stage', () => {
  const talk = people(4).map((tile) => ({ ...tile, dominant: tile.id === 'p2' }));

  test.each<[string, SceneTile[], Partial<Scene>, string[]]>([
    ['is empty in the grid', people(4), {}, []],
    ['is for a screen', [...people(4), screen], {}, ['screen']],
    ['is for the newest screen', [...people(4), screen, { ...screen, id: 'newer' }], {}, ['newer']],
    ['is not for the own screen', [...people(4), { ...screen, self: true }], {}, []],
    ['is for what is pinned before all', [...talk, screen], { pinned: 'p3', layout: 'speaker' }, ['p3']],
    ['may hold the own picture when pinned', people(4), { pinned: 'me' }, ['me']],
    ['forgets a pinned tile that is gone', people(4), { pinned: 'gone' }, []],
    ['is for who speaks', talk, { layout: 'speaker' }, ['p2']],
    ['keeps who spoke last', people(4), { layout: 'speaker', speaker: 'p3' }, ['p3']],
    ['is for the first when nobody spoke yet', people(4), { layout: 'speaker' }, ['p1']],
    ['is not for oneself', people(1), { layout: 'speaker' }, []],
  ])('%s', (_, tiles, more, expected) => {
    expect(roles(arrange(scene(tiles, more)), 'stage')).toEqual(expected);
  });

  test('keeps the shape of a screen', () => {
    const tall = arrange(scene([...people(2), { ...screen, aspect: 0.5 }]));
    const place = tall.places.find(({ role }) => role === 'stage');
    expect(place && place.rectangle.width / place.rectangle.height).toBeCloseTo(0.5, 1);
  });
});

describe('when not all fit', () => {
  test('the strip shows the first and who speaks, and tells how many are hidden', () => {
    const tiles = people(30).map((tile) => ({ ...tile, dominant: tile.id === 'p28' }));
    const arranged = arrange(scene([...tiles, screen]));
    const strip = roles(arranged, 'strip');
    expect(strip[0]).toBe('p1');
    expect(strip).toContain('p28');
    expect(strip.length + arranged.hidden.length).toBe(29);
    expect(arranged.more).toBeDefined();
  });

  test('the grid has pages of one size, and every tile is on one', () => {
    const tiles = people(60);
    const first = arrange(scene(tiles));
    const second = arrange(scene(tiles, { page: 1 }));
    expect(first.pages).toBe(2);
    expect([...roles(first, 'tile'), ...roles(second, 'tile')]).toEqual(tiles.slice(1).map(({ id }) => id));
    expect(first.places[0]?.rectangle.width).toBe(second.places[0]?.rectangle.width);
  });

  test.each([
    [-1, 0],
    [7, 1],
  ])('page %i is page %i', (page, expected) => {
    expect(arrange(scene(people(60), { page })).page).toBe(expected);
  });
});

test('forty-nine others fit a desktop at once', () => {
  const arranged = arrange(scene(people(50)));
  expect(roles(arranged, 'tile')).toHaveLength(49);
  expect(arranged.pages).toBe(1);
});

test('a tile keeps its place while others come after it in a full row', () => {
  const before = arrange(scene(people(4))).places;
  const after = arrange(scene(people(5))).places;
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
});

test.each([
  [0, 0],
  [-24, 300],
])('a surface of %i × %i shows nothing', (width, height) => {
  expect(arrange(scene(people(3), { area: { x: 0, y: 0, width, height } })).places).toEqual([]);
});
