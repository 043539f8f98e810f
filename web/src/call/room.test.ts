import { beforeEach, describe, expect, it } from 'vitest';
import { participant, producer, resumed, snapshot } from '../signal/fixtures';
import type { Joined, Participant, Producer } from '../signal/protocol.gen';
import { Room, type RoomNews } from './room.svelte';

const person = (id: string, ...producers: Producer[]) => participant(id, { producers });
const ids = (news: RoomNews | undefined) =>
  news &&
  Object.fromEntries(Object.entries(news).map(([what, who]) => [what, who.map((p: Participant) => p.id)]));
const quiet = { joined: [], left: [], lost: [], sharing: [] };

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
  });
});
