/** How long a page may be hidden before it counts, in ms: many look away only for a moment. */
const hiddenPatience = 3_000;

export interface SurroundingsEvents {
  /** The computer is on another network, or on one again. */
  networkChanged(): void;
  /** The page can be seen, or no longer. */
  visibilityChanged(): void;
  /** The page is going away for good. */
  leaving(): void;
}

/** The part of the Network Information API that some browsers have. */
interface NetworkInformation extends EventTarget {
  readonly type?: string;
}

/** Watches what happens around the page, between start() and stop(). */
export class Surroundings {
  /** Whether nobody sees the page. */
  hidden = false;
  readonly #events: SurroundingsEvents;
  readonly #connection = (navigator as { connection?: NetworkInformation }).connection;
  #stop: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: SurroundingsEvents) {
    this.#events = events;
  }

  start(): void {
    if (this.#stop) return;
    this.#stop = new AbortController();
    const options = { signal: this.#stop.signal };
    let type = this.#connection?.type;
    addEventListener('online', () => this.#events.networkChanged(), options);
    addEventListener('pagehide', () => this.#events.leaving(), options);
    document.addEventListener('visibilitychange', () => this.#look(), options);
    this.#connection?.addEventListener(
      'change', // also fires when only the measured speed changed
      () => {
        if (this.#connection?.type !== type) this.#events.networkChanged();
        type = this.#connection?.type;
      },
      options,
    );
    this.#look();
  }

  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    clearTimeout(this.#timer);
    this.hidden = false;
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (document.visibilityState === 'visible') this.#set(false);
    else this.#timer = setTimeout(() => this.#set(true), hiddenPatience);
  }

  #set(hidden: boolean): void {
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    this.#events.visibilityChanged();
  }
}
