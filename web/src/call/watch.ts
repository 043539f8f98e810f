import type { Exchange } from '../media/exchange';
import type { Shown } from './model';
import { receptionOf, type Receiving } from './reception';

type Others = Parameters<typeof receptionOf>[0];

const nothing: Receiving = { seen: [], slots: [], slotted: false };

/** What of a meeting is heard and seen: asks for it, and tells how large it is seen. */
export class Watch {
  readonly #exchange: Exchange;
  #shown: Shown[] = [];
  #receiving = nothing;

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  /** Notes what is on the screen. */
  show(items: Shown[]): void {
    this.#shown = items;
  }

  /** Asks for what these people send, and for no picture when the page is hidden. */
  follow(others: Others, hidden: boolean): void {
    const reception = receptionOf(others, hidden ? [] : this.#shown, this.#receiving, (id) =>
      this.#exchange.consumerId(id),
    );
    this.#receiving = reception;
    this.#exchange.receive(reception.wanted);
    this.#exchange.show(reception.viewed);
  }

  /** Begins anew in a meeting with these audio slots. */
  enter(slots: readonly string[]): void {
    this.#receiving = { ...nothing, slots };
  }

  /** Forgets what was shown. */
  reset(): void {
    this.#receiving = nothing;
  }
}
