/** How long a condition may take to come true, in ms, unless a flow says otherwise: long, for machines that are busy. */
const usual = 30_000;
/** How long to wait between two looks, in ms. */
const pause = 100;

/**
 * Looks again and again until what is seen is as it should be, and gives that. It fails when that takes longer than
 * the deadline (in ms), with what was seen last.
 */
export async function eventually<T>(
  what: string,
  look: () => T | Promise<T>,
  good: (seen: T) => boolean = Boolean,
  deadline: number = usual,
): Promise<T> {
  const end = performance.now() + deadline;
  for (;;) {
    const seen = await look();
    if (good(seen)) return seen;
    if (performance.now() > end) {
      throw new Error(`not within ${deadline / 1000} s: ${what}; seen last: ${shown(seen)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function shown(seen: unknown): string {
  const text = JSON.stringify(seen, null, 1) ?? String(seen);
  return text.length > 3000 ? `${text.slice(0, 3000)}…` : text;
}
