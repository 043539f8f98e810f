import { describe, expect, it } from 'vitest';
import { Patience } from './patience';

const packet = 960; // samples

/** What a browser counts of a voice of which so many samples were made up so far, of so many packets. */
const voice = (madeUp: number, packetsReceived: number, silent = 0) =>
  [
    {
      id: 'i',
      type: 'inbound-rtp',
      kind: 'audio',
      trackIdentifier: 'voice',
      packetsReceived,
      concealedSamples: madeUp + silent,
      silentConcealedSamples: silent,
    },
    { id: 'v', type: 'inbound-rtp', kind: 'video', trackIdentifier: 'face' },
  ].map((stat) => [stat.id, stat] as const);

/**
 * The delays after looks between which so many packets were made up each, after a first look; so many come in each
 * while sound goes on.
 */
function delays(packets: number[], { roundTrip = 60, came = [] as number[] } = {}): (number | undefined)[] {
  const patience = new Patience();
  let madeUp = 9 * packet; // from before
  let received = 0;
  patience.look(voice(madeUp, received), roundTrip);
  return packets.map((missing, look) => {
    madeUp += missing * packet;
    received += came[look] ?? 15;
    return patience.look(voice(madeUp, received, 50_000), roundTrip).get('voice');
  });
}

describe('patience', () => {
  it('waits for repairs where sound is missing, longer for long gaps', () => {
    expect(delays([2])).toEqual([160]);
    expect(delays([3])).toEqual([180]);
    expect(delays([1, 0, 0, 0, 1]).map(Boolean)).toEqual([false, false, false, false, true]);
    expect(delays([3], { roundTrip: 400 })).toEqual([200]);
  });

  it('minds no packet that is missing now and then', () => {
    const now = Array.from({ length: 100 }, (_, look) => (look % 20 === 0 ? 1 : 0));
    expect(new Set(delays(now))).toEqual(new Set([undefined]));
  });

  it('minds no end of sound, as when somebody mutes', () => {
    const mutes = delays([2, 0, 0, 0, 2, 0, 0], { came: [4, 0, 15, 15, 11, 0, 15] });
    expect(new Set(mutes)).toEqual(new Set([undefined]));
    expect(delays([2, 0], { came: [7, 15] })).toEqual([undefined, 160]); // it went on
    expect(delays([9, 2, 0], { came: [0, 7, 15] })).toEqual([undefined, 200, 200]);
  });

  it('waits longer when that does not suffice, but not before it can take effect', () => {
    const found = delays([2, 2, 1, 1, 1, 0, 1, 1, 1, 1], { roundTrip: 20 });
    expect(found).toEqual([...Array<number>(9).fill(120), 160]);
  });

  it('plays as early as the browser likes when it went well for a minute', () => {
    const found = delays([2, ...Array<number>(200).fill(0)]);
    expect(found).toEqual([...Array<number>(200).fill(160), undefined]);
  });

  it('forgets tracks that are gone', () => {
    const patience = new Patience();
    patience.look(voice(0, 0), 50);
    expect(patience.look([], 50)).toEqual(new Map());
    expect(patience.look(voice(5_000, 15), 50).get('voice')).toBeUndefined();
  });
});
