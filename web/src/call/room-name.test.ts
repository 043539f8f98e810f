import { describe, expect, it } from 'vitest';
import { canonicalRoomName, displayRoomName, generateRoomName } from './room-name';

describe('generateRoomName', () => {
  it('criterion 2: carries 100 bits in 20 characters', () => {
    const names = Array.from({ length: 200 }, generateRoomName);
    for (const name of names) expect(name).toMatch(/^[a-z2-7]{20}$/);
    expect(new Set(names).size).toBe(200);
    expect(new Set(names.join(''))).toHaveLength(32);
  });
});

describe('names of rooms', () => {
  it.each([
    ['abcdefghijklmnopqrst', 'abcde-fghij-klmno-pqrst'],
    ['board', 'board'],
    ['abcdefghijklmnopqrs1', 'abcdefghijklmnopqrs1'],
    ['a-board-of-many-words', 'a-board-of-many-words'],
  ])('shows %s as %s', (name, shown) => {
    expect(displayRoomName(name)).toBe(shown);
    expect(canonicalRoomName(shown)).toBe(name);
  });

  it('takes upper case and spaces around for the same room', () => {
    expect(canonicalRoomName(' Board ')).toBe('board');
  });
});
