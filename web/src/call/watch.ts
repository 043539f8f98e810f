import type { Exchange } from '../media/exchange';
import type { Shown } from './model';
import { receptionOf } from './reception';

type Others = Parameters<typeof receptionOf>[0];

/** What of a meeting is heard and seen: asks for it, and tells how large it is seen. */
export class Watch {
  readonly #exchange: Exchange;
  #shown: Shown[] = [];
  /** Producers of video that were shown once. */
  #seen: ReadonlySet<string> = new Set();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Notes what is on the screen. */
  show(items: Shown[]): void {
    this.#shown = items;
  }

  /** Asks for what these people send, and for no picture when the page is hidden. */
  follow(others: Others, hidden: boolean): void {
    const { wanted, viewed, seen } = receptionOf(others, hidden ? [] : this.#shown, this.#seen, (id) =>
      this.#exchange.consumerId(id),
    );
    this.#seen = seen;
    this.#exchange.receive(wanted);
    this.#exchange.show(viewed);
  }

  /** Forgets what was shown: in another meeting, or in the same one entered anew. */
  reset(): void {
    this.#seen = new Set();
  }
}
