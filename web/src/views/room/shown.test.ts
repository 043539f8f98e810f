import { describe, expect, it, test } from 'vitest';
import type { Tile } from '../../call/model';
import type { Role } from '../../layout/scene';
import { shownItems } from './shown';

function tile(id: string, more: Partial<Tile> = {}): Tile {
  return {
    id,
    participantId: id,
    name: id,
    kind: 'camera',
    self: false,
    stream: undefined,
    aspect: undefined,
    hue: 0,
    muted: false,
    speaking: false,
    dominant: false,
    connection: 'good',
    limited: false,
    paused: false,
    hand: undefined,
    reaction: undefined,
    ...more,
  };
}

function place(id: string, role: Role) {
  return { id, role, rectangle: { x: 0, y: 0, width: 320, height: 180 } };
}

test('what has a place is shown with its size, oneself excepted', () => {
  const tiles = [tile('me', { self: true }), tile('a'), tile('hidden')];
  const places = [place('me', 'self'), place('a', 'tile')];
  expect(shownItems(tiles, places, undefined, undefined, new Map())).toEqual([
    { tileId: 'a', width: 320, height: 180, priority: 'tile' },
  ]);
});

test('a place whose tile is gone is not shown', () => {
  expect(shownItems([], [place('gone', 'tile')], undefined, undefined, new Map())).toEqual([]);
});

test.each<[string, Tile, Role, { pinned?: string; speaker?: string }, string]>([
  ['a screen on the stage', tile('a', { kind: 'screen' }), 'stage', {}, 'stage'],
  ['what is pinned', tile('a'), 'stage', { pinned: 'a' }, 'stage'],
  ['who speaks, on the stage', tile('a'), 'stage', {}, 'speaker'],
  ['who speaks, in the grid', tile('a'), 'tile', { speaker: 'a' }, 'speaker'],
  ['a screen in the strip', tile('a', { kind: 'screen' }), 'strip', {}, 'tile'],
])('%s has its priority', (_, shown, role, { pinned, speaker }, priority) => {
  expect(shownItems([shown], [place('a', role)], pinned, speaker, new Map())[0]?.priority).toBe(priority);
});

test('an enlarged screen is asked for as large as it is drawn', () => {
  const zoomed = new Map([['a', { width: 1920.4, height: 1080 }]]);
  const [item] = shownItems(
    [tile('a', { kind: 'screen' })],
    [place('a', 'stage')],
    undefined,
    undefined,
    zoomed,
  );
  expect(item).toMatchObject({ width: 1920, height: 1080 });
});

describe('to save data', () => {
  const face = { ...place('a', 'stage'), rectangle: { x: 0, y: 0, width: 1280, height: 720 } };

  it('asks for small pictures, and for screens that can be read', () => {
    const small = (kind: 'camera' | 'screen') =>
      shownItems([{ ...tile('a'), kind }], [face], undefined, undefined, new Map(), 'small');
    expect(small('camera')).toMatchObject([{ width: 320, height: 180 }]);
    expect(small('screen')).toMatchObject([{ width: 960, height: 540 }]);
  });

  it('asks for nothing where only sound is wanted', () => {
    expect(shownItems([tile('a')], [face], undefined, undefined, new Map(), 'none')).toEqual([]);
  });
});
