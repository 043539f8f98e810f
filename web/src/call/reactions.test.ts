import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { participant, snapshot } from '../signal/fixtures';
import type { Joined, Reaction } from '../signal/protocol.gen';
import { Acts } from './acts';
import { RoomReactions } from './reactions.svelte';
import { Room } from './room.svelte';

describe('RoomReactions', () => {
  const request = vi.fn(() => Promise.resolve({}));
  let room: Room;
  let reactions: RoomReactions;

  beforeEach(() => {
    vi.useFakeTimers();
    room = new Room();
    room.enter({
      participantId: 'me',
      you: { role: 'participant', rights: ['reaction'] },
      snapshot: snapshot(1, participant('ada', { name: 'Ada' })),
    } as Joined);
    reactions = new RoomReactions(room, new Acts(request as never, () => undefined));
  });
  afterEach(() => vi.useRealTimers());

  const take = (...list: Reaction[]) =>
    reactions.take({ reactions: list.map((reaction) => ({ participantId: 'ada', reaction })) });

  it('shows each for a moment', () => {
    take('heart');
    vi.advanceTimersByTime(2_000);
    take('party');
    expect(reactions.shown).toMatchObject([{ name: 'Ada', reaction: 'heart' }, { reaction: 'party' }]);
    expect(reactions.last.get('ada')).toBe('party');
    vi.advanceTimersByTime(2_500);
    expect(reactions.shown).toMatchObject([{ reaction: 'party' }]);
    vi.advanceTimersByTime(2_500);
    expect(reactions.shown).toEqual([]);
  });

  it('shows no more than can be seen, and nothing unknown', () => {
    take(...Array.from({ length: 50 }, () => 'heart' as const), 'virus' as Reaction);
    expect(reactions.shown).toHaveLength(30);
    reactions.clear();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reacts where it may', () => {
    reactions.react?.('applause');
    expect(request).toHaveBeenCalledExactlyOnceWith('react', { reaction: 'applause' });
    room.become({ role: 'viewer', rights: [] });
    expect(reactions.react).toBeUndefined();
  });
});
