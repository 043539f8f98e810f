import type { View, ViewItem } from '../signal/protocol.gen';

/** How long changes are gathered before the server is told, in ms. */
const delay = 100;

/** Something shown, with its size in CSS pixels. */
export interface ShownTrack {
  consumerId: string;
  width: number;
  height: number;
  priority: ViewItem['priority'];
}

/** Tells the server what is shown and how large, so that only this is sent. */
export class Viewer {
  readonly #send: (view: View) => Promise<unknown>;
  readonly #pixelRatio: () => number;
  #items: ViewItem[] = [];
  #told = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (view: View) => Promise<unknown>, pixelRatio: () => number = () => devicePixelRatio) {
    this.#send = send;
    this.#pixelRatio = pixelRatio;
  }

  show(tracks: ShownTrack[]): void {
    const pixels = (length: number) => Math.min(Math.max(Math.round(length * this.#pixelRatio()), 1), 65_535);
    this.#items = tracks.map(({ consumerId, width, height, priority }) => ({
      consumerId,
      size: { width: pixels(width), height: pixels(height) },
      priority,
    }));
    this.#timer ??= setTimeout(() => this.#tell(), delay);
  }

  /** Tells all again: the server forgot it, or may not have heard it. */
  repeat(): void {
    this.#told = '';
    this.#timer ??= setTimeout(() => this.#tell(), 0);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #tell(): void {
    this.#timer = undefined;
    const view = { items: this.#items };
    const text = JSON.stringify(view);
    if (text === this.#told) return;
    this.#told = text;
    this.#send(view).catch(() => (this.#told = ''));
  }
}
