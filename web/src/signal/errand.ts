import { Channel, type OpenSocket, type RequestMethod } from './channel';
import { RequestFailed } from './failure';
import type { Requests } from './protocol.gen';

/** How long a connection is kept for a next request, in ms. */
const idleTime = 30_000;

/**
 * Asks the server for what belongs to no meeting that one is in, such as the rooms of an account. It connects when it
 * is asked first, and owns the connection until it was idle for a while or close() ends it.
 */
export class Errand {
  readonly #url: string;
  readonly #open: OpenSocket | undefined;
  #channel: Channel | undefined;
  #ready: Promise<void> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, open?: OpenSocket) {
    this.#url = url;
    this.#open = open;
  }

  /** Rejects with RequestFailed. */
  readonly request = async <M extends RequestMethod>(
    method: M,
    params: Requests[M]['params'],
  ): Promise<Requests[M]['result']> => {
    await (this.#ready ??= this.#connect());
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), idleTime);
    if (!this.#channel) throw new RequestFailed('network', `${method}: not connected`);
    return this.#channel.request(method, params);
  };

  /** Ends the connection; a later request makes another, as whoever has logged in then. */
  close(): void {
    clearTimeout(this.#idle);
    this.#channel?.close();
    this.#channel = undefined;
    this.#ready = undefined;
  }

  #connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#channel = new Channel(
        this.#url,
        {
          notification: ({ method }) => {
            if (method === 'hello') resolve();
          },
          lost: () => {
            this.close();
            reject(new RequestFailed('network', 'connect: no server'));
          },
        },
        this.#open,
      );
    });
  }
}
