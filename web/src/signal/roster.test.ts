import { describe, expect, it } from 'vitest';
import type { Participant } from './protocol.gen';
import { applyDelta, emptyRoster, takeSnapshot } from './roster';

const person = (id: string, name = id): Participant => ({ id, name, connection: 'connected', producers: [] });
const start = takeSnapshot(emptyRoster, {
  sequence: 4,
  room: 'r',
  participants: [person('a'), person('b')],
  speakers: { speaking: [] },
}).roster;

describe('applyDelta', () => {
  it('adds at the end, changes in place and removes', () => {
    const change = applyDelta(start, {
      sequence: 5,
      participants: [person('c'), person('b', 'B')],
      left: [{ participantId: 'a', reason: 'timeout' }],
    });
    expect(change?.roster).toEqual({ sequence: 5, participants: [person('b', 'B'), person('c')] });
    expect(change?.joined.map((p) => p.id)).toEqual(['c']);
    expect(change?.left).toEqual([{ participant: person('a'), reason: 'timeout' }]);
  });

  it('leaves the roster before it alone', () => {
    applyDelta(start, { sequence: 5, participants: [person('a', 'other')] });
    expect(start.participants[0]?.name).toBe('a');
  });

  it('ignores what is contained already', () => {
    expect(applyDelta(start, { sequence: 4, participants: [person('z')] })?.roster).toBe(start);
  });

  it('sees a gap', () => {
    expect(applyDelta(start, { sequence: 6 })).toBeUndefined();
  });
});

describe('takeSnapshot', () => {
  it('tells who came and went meanwhile', () => {
    const snapshot = {
      sequence: 9,
      room: 'r',
      participants: [person('b'), person('c')],
      speakers: { speaking: [] },
    };
    const change = takeSnapshot(start, snapshot);
    expect(change.joined.map((p) => p.id)).toEqual(['c']);
    expect(change.left.map((l) => l.participant.id)).toEqual(['a']);
    expect(change.roster.sequence).toBe(9);
  });
});
