import type { Notices } from './notices.svelte';

/** How long media may stay away before the person is told, in ms. */
const patience = 3_000;

/** Whether media passes. It tells the person when it didn't for a while, and when it does again. */
export class MediaPath {
  up = $state(true);
  readonly #notices: Notices;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told = false;

  constructor(notices: Notices) {
    this.#notices = notices;
  }

  change(up: boolean): void {
    this.up = up;
    clearTimeout(this.#timer);
    if (!up) this.#timer = setTimeout(() => this.#tell(), patience);
    else if (this.#told) {
      this.#told = false;
      this.#notices.withdraw('media-lost');
      this.#notices.tell('media-back');
    }
  }

  /** Begins anew, with other transports or with none. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#notices.withdraw('media-lost');
    this.#told = false;
    this.up = true;
  }

  #tell(): void {
    this.#told = true;
    this.#notices.tell('media-lost');
  }
}
