import { describe, expect, it } from 'vitest';
import { participant, snapshot } from './fixtures';
import { applyDelta, emptyRoster, takeSnapshot } from './roster';

const start = takeSnapshot(emptyRoster, snapshot(4, participant('a'), participant('b'))).roster;

describe('applyDelta', () => {
  it('adds at the end, changes in place and removes', () => {
    const change = applyDelta(start, {
      sequence: 5,
      participants: [participant('c'), participant('b', { name: 'B' })],
      left: [{ participantId: 'a', reason: 'timeout' }],
    });
    expect(change?.roster).toEqual({
      sequence: 5,
      participants: [participant('b', { name: 'B' }), participant('c')],
    });
    expect(change?.joined.map((p) => p.id)).toEqual(['c']);
    expect(change?.left).toEqual([{ participant: participant('a'), reason: 'timeout' }]);
  });

  it('leaves the roster before it alone', () => {
    applyDelta(start, { sequence: 5, participants: [participant('a', { name: 'other' })] });
    expect(start.participants[0]?.name).toBe('a');
  });

  it('ignores what is contained already', () => {
    expect(applyDelta(start, { sequence: 4, participants: [participant('z')] })?.roster).toBe(start);
  });

  it('sees a gap', () => {
    expect(applyDelta(start, { sequence: 6 })).toBeUndefined();
  });
});

describe('takeSnapshot', () => {
  it('tells who came and went meanwhile', () => {
    const change = takeSnapshot(start, snapshot(9, participant('b'), participant('c')));
    expect(change.joined.map((p) => p.id)).toEqual(['c']);
    expect(change.left.map((l) => l.participant.id)).toEqual(['a']);
    expect(change.roster.sequence).toBe(9);
  });
});
