import type { Report } from './statistics';

/** Browsers count what they play at this rate. */
const samplesPerSecond = 48_000;
/** How much sound must have been made up within some seconds to be worth playing it later, in s: two packets of it. */
const audible = 0.03;
/** What remains of that from look to look. */
const memory = 0.94;
/** How long a repair takes besides the way there and back, in ms: until the gap is noticed and asked for. */
const repairTime = 90;
/** How much later still when that is not enough, in ms: repairs get lost, too. */
const step = 40;
/** How much later than it could sound is played at the most, in ms. */
const longest = 200;
/** For how many looks a change is left to take effect, as browsers play a little slower until the delay is there. */
const settling = 7;
/** For how many looks it must have gone well before sound is played as early as the browser likes. */
const calmLooks = 200;

/** From how many packets on in a look sound went on, and from how many on it certainly did until its end. */
const goesOn = 6;
const whole = 12;

interface Known {
  madeUp: number; // samples in all
  packets: number; // in all
  open: number; // s made up at what may have been the end of all sound
  missing: number; // s within some seconds
  looks: number; // since the delay was changed
  calm: number; // looks
  delay: number | undefined;
}

/**
 * Decides how much later than it could a track of sound is played. What gets lost is sent again and comes a way there
 * and back later. A browser plays before that and makes up what is missing; only where that happens it is to wait.
 */
export class Patience {
  #known = new Map<string, Known>(); // by the track's id

  /**
   * The delay of each track that is played, in ms, after another look at what was received, a third of a second after the
   * last; undefined: as early as the browser likes.
   */
  look(received: Report, roundTrip: number): Map<string, number | undefined> {
    const known = new Map<string, Known>();
    for (const [, stat] of received) {
      const { type, kind, trackIdentifier, ...counts } = stat as Record<string, unknown>;
      if (type !== 'inbound-rtp' || kind !== 'audio' || typeof trackIdentifier !== 'string') continue;
      const madeUp = number(counts.concealedSamples) - number(counts.silentConcealedSamples);
      const packets = number(counts.packetsReceived);
      const before = this.#known.get(trackIdentifier);
      known.set(
        trackIdentifier,
        before ? decide(before, madeUp, packets, roundTrip) : begin(madeUp, packets),
      );
    }
    this.#known = known;
    return new Map([...known].map(([track, { delay }]) => [track, delay]));
  }
}

function begin(madeUp: number, packets: number): Known {
  return { madeUp, packets, open: 0, missing: 0, looks: 0, calm: 0, delay: undefined };
}

/**
 * Where sound just ends, as when somebody mutes, a browser makes up some, too: that counts only once sound went on
 * after it.
 */
function missed(before: Known, madeUp: number, packets: number): { missing: number; open: number } {
  const fresh = Math.max(0, madeUp - before.madeUp) / samplesPerSecond;
  const came = packets - before.packets;
  if (came >= whole) return { missing: before.open + fresh, open: 0 };
  return { missing: came >= goesOn ? before.open : 0, open: fresh };
}

function decide(before: Known, madeUp: number, packets: number, roundTrip: number): Known {
  const { missing, open } = missed(before, madeUp, packets);
  const now = { ...before, madeUp, packets, open, looks: before.looks + 1, calm: before.calm + 1 };
  now.missing = before.missing * memory + missing;
  const settles = now.delay !== undefined && now.looks <= settling;
  if (settles) now.missing = 0;
  if (now.missing >= audible) {
    const repaired = roundTrip + repairTime + (now.missing - audible) * 1_000; // long gaps take longer
    now.delay = Math.min(
      longest,
      Math.round(Math.max(repaired, now.delay === undefined ? 0 : now.delay + step)),
    );
    now.missing = now.looks = now.calm = 0;
  } else if (now.calm >= calmLooks) now.delay = undefined;
  return now;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
