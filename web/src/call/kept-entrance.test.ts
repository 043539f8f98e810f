import { describe, expect, it } from 'vitest';
import { KeptEntrance } from './kept-entrance';

function memory(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => values.set(key, value),
    removeItem: (key: string) => values.delete(key),
    get length() {
      return values.size;
    },
  } as unknown as Storage;
}

describe('KeptEntrance', () => {
  it('outlives a reload, for its own room', () => {
    const storage = memory();
    new KeptEntrance('board', () => storage).set({ invite: 'i', knock: 'k' });
    expect(new KeptEntrance('board', () => storage).value).toEqual({ invite: 'i', knock: 'k' });
    expect(new KeptEntrance('other', () => storage).value).toEqual({});
  });

  it('forgets, and leaves nothing when all is forgotten', () => {
    const storage = memory();
    const kept = new KeptEntrance('board', () => storage);
    kept.set({ invite: 'i', knock: 'k' });
    kept.set({ knock: undefined });
    expect(kept.value).toEqual({ invite: 'i' });
    kept.set({ invite: undefined });
    expect(storage.length).toBe(0);
  });

  it('makes do without storage', () => {
    const kept = new KeptEntrance('board', () => {
      throw new DOMException('no', 'SecurityError');
    });
    kept.set({ knock: 'k' });
    expect(kept.value).toEqual({ knock: 'k' });
  });

  it.each(['{', '7', 'null', '{"invite":7,"role":"host"}'])('passes over nonsense: %s', (text) => {
    const storage = memory();
    storage.setItem('stube.entrance board', text);
    expect(new KeptEntrance('board', () => storage).value).toEqual({});
  });
});
