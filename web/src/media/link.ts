import type { ConnectionState, Transport } from 'mediasoup-client/types';
import type { ICEParameters } from '../signal/protocol.gen';

/** How long a transport may be without answer before another way is looked for, in ms: it often heals by itself. */
const patience = 1_500;
/** How long each attempt may take, in ms; after the last one all is given up. */
const attempts = [4_000, 6_000, 8_000, 10_000];

export interface LinkOptions {
  /** Asks the server for new credentials; waits until the server can be asked. */
  restart(): Promise<ICEParameters>;
  /** Media passes, or no longer. */
  changed(): void;
  /** Nothing helped: new transports are needed. */
  failed(): void;
}

/**
 * Keeps a transport connected: when its path breaks it restarts ICE until there is another one. It owns the
 * transport and its timers until close().
 */
export class Link {
  readonly transport: Transport;
  readonly #options: LinkOptions;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #trying = false;
  #everUp = false;
  #up = true;

  constructor(transport: Transport, options: LinkOptions) {
    this.transport = transport;
    this.#options = options;
    transport.on('connectionstatechange', (state) => this.#watch(state));
  }

  /** Whether media passes, as far as is known; true before there is any. */
  get up(): boolean {
    return this.#up;
  }

  /** Looks for a new way now, as after a change of network. */
  restart(): void {
    if (this.transport.closed || this.transport.connectionState === 'new') return;
    this.#attempt = 0;
    this.#schedule(0);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.transport.close();
  }

  #watch(state: ConnectionState): void {
    if (state === 'connected') {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#attempt = 0;
      this.#everUp = true;
      this.#set(true);
    } else if (state === 'disconnected' || state === 'failed') {
      this.#set(false);
      if (!this.#timer && !this.#trying) this.#schedule(state === 'failed' ? 0 : patience);
    }
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#try();
    }, delay);
  }

  async #try(): Promise<void> {
    if (this.#trying) return;
    let time = attempts[this.#attempt++];
    if (time === undefined) {
      if (this.#everUp) return this.#options.failed();
      this.#attempt = 0;
      time = 10_000;
    }
    this.#trying = true;
    try {
      const iceParameters = await this.#options.restart();
      if (!this.transport.closed) await this.transport.restartIce({ iceParameters });
    } catch {
      // The next attempt comes.
    }
    this.#trying = false;
    if (this.transport.closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.transport.connectionState === 'connected') this.#attempt = 0;
      else void this.#try();
    }, time);
  }

  #set(up: boolean): void {
    if (up === this.#up) return;
    this.#up = up;
    this.#options.changed();
  }
}
