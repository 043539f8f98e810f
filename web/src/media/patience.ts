import type { Report } from './statistics';

/** From which share of sound on that was made up for what was missing it is worth playing later. */
const audible = 0.005;
/** How long a repair takes besides the way there and back, in ms: until the gap is noticed and asked for. */
const repairTime = 90;
/** How much later than it could sound is played at the most, in ms. */
const longest = 200;
/** For how many looks nothing must have been missing before sound is played as early as the browser likes. */
const calmLooks = 30;

interface Known {
  samples: number;
  madeUp: number;
  calm: number;
  delay: number | undefined;
}

/**
 * Decides how much later than it could a track of sound is played. What gets lost is sent again and comes a way there
 * and back later. A browser plays before that and makes up what is missing; only where that happens it is to wait.
 */
export class Patience {
  #known = new Map<string, Known>(); // by the track's id

  /** The delay of each track that is played, in ms, after another look at what was received; undefined: no matter. */
  look(received: Report, roundTrip: number): Map<string, number | undefined> {
    const known = new Map<string, Known>();
    for (const [, stat] of received) {
      const { type, kind, trackIdentifier, ...counts } = stat as Record<string, unknown>;
      if (type !== 'inbound-rtp' || kind !== 'audio' || typeof trackIdentifier !== 'string') continue;
      const samples = number(counts.totalSamplesReceived);
      const madeUp = number(counts.concealedSamples) - number(counts.silentConcealedSamples);
      const before = this.#known.get(trackIdentifier) ?? { samples, madeUp, calm: 0, delay: undefined };
      const missing = madeUp - before.madeUp > audible * (samples - before.samples);
      const calm = missing ? 0 : before.calm + 1;
      let { delay } = before;
      if (missing) delay = Math.min(longest, Math.max(delay ?? 0, Math.round(roundTrip) + repairTime));
      else if (calm >= calmLooks) delay = undefined;
      known.set(trackIdentifier, { samples, madeUp, calm, delay });
    }
    this.#known = known;
    return new Map([...known].map(([track, { delay }]) => [track, delay]));
  }
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
