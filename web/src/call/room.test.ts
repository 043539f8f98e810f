import { beforeEach, describe, expect, it } from 'vitest';
import { participant, producer, resumed, snapshot } from '../signal/fixtures';
import type { Joined, Participant, Producer, Settings } from '../signal/protocol.gen';
import { Room, type RoomNews } from './room.svelte';

const person = (id: string, ...producers: Producer[]) => participant(id, { producers });
const ids = (news: RoomNews | undefined) =>
  news &&
  Object.fromEntries(
    Object.entries(news).map(([what, who]) => [
      what,
      Array.isArray(who) ? who.map((p: Participant) => p.id) : who,
    ]),
  );
const quiet = { joined: [], left: [], lost: [], removed: [], sharing: [], raised: [], locked: undefined };

describe('Room', () => {
  let room: Room;

  beforeEach(() => {
    room = new Room();
    room.enter({ participantId: 'me', snapshot: snapshot(1, person('a'), person('me')) } as Joined);
  });

  it('knows oneself and the others', () => {
    expect(room.own?.id).toBe('me');
    expect(room.others.map((one) => one.id)).toEqual(['a']);
  });

  it('tells who came, went and dropped out', () => {
    const came = room.apply({ sequence: 2, participants: [person('b')] });
    expect(ids(came)).toEqual({ ...quiet, joined: ['b'] });
    const went = room.apply({
      sequence: 3,
      left: [
        { participantId: 'a', reason: 'left' },
        { participantId: 'b', reason: 'timeout' },
      ],
    });
    expect(ids(went)).toEqual({ ...quiet, left: ['a'], lost: ['b'] });
  });

  it('tells who begins to share, oneself and further changes left out', () => {
    const sharing = person('a', producer('s', 'screen'));
    const news = room.apply({
      sequence: 2,
      participants: [sharing, person('me', producer('t', 'screen'))],
    });
    expect(ids(news)).toEqual({ ...quiet, sharing: ['a'] });
    expect(ids(room.apply({ sequence: 3, participants: [sharing] }))).toEqual(quiet);
  });

  it('tells who was taken out, and who raised a hand', () => {
    const news = room.apply({
      sequence: 2,
      participants: [participant('b', { hand: 7 }), participant('me', { hand: 8 })],
      left: [{ participantId: 'a', reason: 'removed' }],
    });
    expect(ids(news)).toEqual({ ...quiet, joined: ['b'], removed: ['a'], raised: ['b'] });
    const again = room.apply({ sequence: 3, participants: [participant('b', { hand: 7, name: 'B' })] });
    expect(ids(again)).toEqual(quiet);
    expect(room.hands.map((one) => one.id)).toEqual(['b', 'me']);
    room.apply({ sequence: 4, participants: [participant('b', { hand: 9 })] });
    expect(room.hands.map((one) => one.id)).toEqual(['me', 'b']);
  });

  it('follows settings and condition, and tells of the lock', () => {
    const settings = { locked: true } as Settings;
    expect(room.apply({ sequence: 2, settings })?.locked).toBe(true);
    expect(room.apply({ sequence: 3, condition: { startedAt: 1, panic: true } })?.locked).toBeUndefined();
    expect(room.settings).toBe(settings);
    expect(room.apply({ sequence: 4, settings: { locked: false } as Settings })?.locked).toBeUndefined();
    expect(room.condition?.panic).toBe(true);
    room.leave();
    expect([room.settings, room.condition, room.you]).toEqual([undefined, undefined, undefined]);
  });

  it('knows what oneself may do', () => {
    expect(room.rights.size).toBe(0);
    room.become({ role: 'moderator', rights: ['moderate'] });
    expect(room.rights.has('moderate')).toBe(true);
  });

  it('needs a new snapshot when a change is missing', () => {
    expect(room.apply({ sequence: 3 })).toBeUndefined();
    expect(ids(room.resume(resumed('me', snapshot(9, person('me')))))).toEqual({
      ...quiet,
      left: ['a'],
    });
    expect(room.apply({ sequence: 10 })).toBeDefined();
  });

  it('keeps the last of what is measured', () => {
    room.measure({ participants: [{ participantId: 'a', level: 'poor' }] });
    room.measure({ participants: [{ participantId: 'me', level: 'fair' }] });
    expect([...room.quality]).toEqual([
      ['a', 'poor'],
      ['me', 'fair'],
    ]);
    room.limit([{ consumerId: 'c', layer: 0, limited: true }]);
    room.limit([{ consumerId: 'd', layer: 0, limited: true }]);
    room.limit([{ consumerId: 'c', layer: 2, limited: false }]);
    expect([...room.limited]).toEqual(['d']);
    room.limit([{ consumerId: 'd', layer: -1, limited: true }]);
    room.limit([{ consumerId: 'e', layer: -1, limited: false }]);
    expect([...room.paused]).toEqual(['d']);
    room.limit([{ consumerId: 'd', layer: 0, limited: true }]);
    expect([...room.paused]).toEqual([]);
  });
});
