/**
 * How long to wait before the next attempt, in ms: doubling from 300 ms to 8 s, with up to a third off by chance,
 * so that a room full of people doesn't come back in one instant.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(300 * 2 ** attempt, 8_000);
  return full * (1 - random() / 3);
}
