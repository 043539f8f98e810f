import { describe, expect, it } from 'vitest';
import { Patience } from './patience';

const second = 48_000; // samples

/** What a browser counts of a voice of so many seconds, of which so many samples were made up. */
const voice = (seconds: number, madeUp: number, silent = 0) =>
  [
    {
      id: 'i',
      type: 'inbound-rtp',
      kind: 'audio',
      trackIdentifier: 'voice',
      totalSamplesReceived: seconds * second,
      concealedSamples: madeUp + silent,
      silentConcealedSamples: silent,
    },
    { id: 'v', type: 'inbound-rtp', kind: 'video', trackIdentifier: 'face' },
  ].map((stat) => [stat.id, stat] as const);

describe('patience', () => {
  it('waits for repairs where sound is missing', () => {
    const patience = new Patience();
    expect(patience.look(voice(10, 9_000), 50).get('voice')).toBeUndefined(); // from before
    expect(patience.look(voice(15, 9_100, 50_000), 50).get('voice')).toBeUndefined(); // silence
    expect(patience.look(voice(20, 14_000), 60)).toEqual(new Map([['voice', 150]]));
    expect(patience.look(voice(25, 20_000), 400).get('voice')).toBe(200);
  });

  it('plays as early as the browser likes when nothing was missing for a minute', () => {
    const patience = new Patience();
    patience.look(voice(0, 0), 50);
    patience.look(voice(2, 5_000), 50);
    const delays = Array.from({ length: 30 }, (_, i) =>
      patience.look(voice(4 + 2 * i, 5_000), 50).get('voice'),
    );
    expect(delays).toEqual([...Array<number>(29).fill(140), undefined]);
  });

  it('forgets tracks that are gone', () => {
    const patience = new Patience();
    patience.look(voice(0, 0), 50);
    expect(patience.look([], 50)).toEqual(new Map());
    expect(patience.look(voice(5, 5_000), 50).get('voice')).toBeUndefined();
  });
});
