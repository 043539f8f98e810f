export interface SoundEvents {
  /** The browser plays nothing before the person allows it, or no longer so. */
  blocked(blocked: boolean): void;
}

/** Plays what the others say: one element a track. It owns the elements. */
export class Sound {
  readonly #elements = new Map<string, HTMLAudioElement>();
  readonly #events: SoundEvents;
  #speaker = '';
  #blocked = false;

  constructor(events: SoundEvents) {
    this.#events = events;
  }

  add(id: string, track: MediaStreamTrack): void {
    const element = new Audio();
    element.autoplay = true;
    element.srcObject = new MediaStream([track]);
    this.#elements.set(id, element);
    this.#route(element);
    this.#play(element);
  }

  remove(id: string): void {
    const element = this.#elements.get(id);
    if (!element) return;
    element.srcObject = null;
    this.#elements.delete(id);
  }

  /** Plays on this loudspeaker; empty: the browser's choice. */
  useSpeaker(id: string): void {
    if (id === this.#speaker) return;
    this.#speaker = id;
    for (const element of this.#elements.values()) this.#route(element);
  }

  /** Tries again to play what was blocked; only of use in answer to a click or a key. */
  unblock(): void {
    this.#setBlocked(false);
    for (const element of this.#elements.values()) this.#play(element);
  }

  close(): void {
    for (const id of [...this.#elements.keys()]) this.remove(id);
  }

  #play(element: HTMLAudioElement): void {
    element.play().catch((error: unknown) => {
      if (error instanceof Error && error.name === 'NotAllowedError') this.#setBlocked(true);
    });
  }

  #route(element: HTMLAudioElement): void {
    if (!('setSinkId' in element)) return;
    element.setSinkId(this.#speaker).catch(() => undefined); // it is gone: the browser goes on with its own choice
  }

  #setBlocked(blocked: boolean): void {
    if (blocked === this.#blocked) return;
    this.#blocked = blocked;
    this.#events.blocked(blocked);
  }
}
