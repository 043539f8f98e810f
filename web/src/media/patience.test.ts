import { describe, expect, it } from 'vitest';
import { Patience } from './patience';

const packet = 960; // samples

/** What a browser counts of a voice of which so many samples were made up so far. */
const voice = (madeUp: number, silent = 0) =>
  [
    {
      id: 'i',
      type: 'inbound-rtp',
      kind: 'audio',
      trackIdentifier: 'voice',
      concealedSamples: madeUp + silent,
      silentConcealedSamples: silent,
    },
    { id: 'v', type: 'inbound-rtp', kind: 'video', trackIdentifier: 'face' },
  ].map((stat) => [stat.id, stat] as const);

/** The delays after looks between which so many packets were made up each, after a first look. */
function delays(packets: number[], roundTrip = 60): (number | undefined)[] {
  const patience = new Patience();
  let madeUp = 9 * packet; // from before
  patience.look(voice(madeUp), roundTrip);
  return packets.map((missing) => {
    madeUp += missing * packet;
    return patience.look(voice(madeUp, 50_000), roundTrip).get('voice');
  });
}

describe('patience', () => {
  it('waits for repairs where sound is missing', () => {
    expect(delays([2])).toEqual([150]);
    expect(delays([1, 0, 0, 0, 1])).toEqual([undefined, undefined, undefined, undefined, 150]);
    expect(delays([3], 400)).toEqual([200]);
  });

  it('minds no packet that is missing now and then', () => {
    const secondly = Array.from({ length: 100 }, (_, look) => (look % 20 === 0 ? 1 : 0));
    expect(new Set(delays(secondly))).toEqual(new Set([undefined]));
  });

  it('waits longer when that does not suffice, but not before it can take effect', () => {
    expect(delays([2, 2, 1, 1, 1, 0, 1, 1])).toEqual([150, 150, 150, 150, 150, 150, 150, 190]);
    expect(delays([2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3]).at(-1)).toBe(200);
  });

  it('plays as early as the browser likes when it went well for a minute', () => {
    const found = delays([2, ...Array<number>(120).fill(0)]);
    expect(found).toEqual([...Array<number>(120).fill(150), undefined]);
  });

  it('forgets tracks that are gone', () => {
    const patience = new Patience();
    patience.look(voice(0), 50);
    expect(patience.look([], 50)).toEqual(new Map());
    expect(patience.look(voice(5_000), 50).get('voice')).toBeUndefined();
  });
});
