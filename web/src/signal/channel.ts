import { RequestFailed } from './failure';
import { subprotocol, type ErrorCode, type Notifications, type Requests } from './protocol.gen';

/** How long a request may take, in ms. */
const requestTimeout = 10_000;
/** How often a quiet connection is asked whether it lives, and how long it may take to say so, in ms. */
const pingInterval = 5_000;
const pingTimeout = 5_000;

export type RequestMethod = keyof Requests;
export type Notification = {
  [M in keyof Notifications]: { method: M; params: Notifications[M] };
}[keyof Notifications];

/** Makes the socket; tests and runtimes without a global WebSocket give their own. */
export type OpenSocket = (url: string, protocol: string) => WebSocket;

export interface ChannelEvents {
  notification(notification: Notification): void;
  /** The connection is over, for whatever reason; called once, and not after close(). */
  lost(): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: RequestFailed): void;
  timer: ReturnType<typeof setTimeout>;
}

interface Incoming {
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string; data?: { code?: ErrorCode } };
}

/**
 * JSON-RPC 2.0 over one WebSocket, from its opening to its end. It finds a dead connection by pings, since a
 * browser may take minutes to notice one. It must not know what the messages mean.
 */
export class Channel {
  readonly #socket: WebSocket;
  readonly #events: ChannelEvents;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #closed = false;
  #keepAlive: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, events: ChannelEvents, open: OpenSocket = (u, p) => new WebSocket(u, p)) {
    this.#events = events;
    this.#socket = open(url, subprotocol);
    this.#socket.addEventListener('message', (event) => this.#receive(event.data));
    this.#socket.addEventListener('close', () => this.#lose());
    this.#socket.addEventListener('error', () => this.#lose());
    this.#waitForLife(requestTimeout);
  }

  /** Asks the server; rejects with RequestFailed. */
  request<M extends RequestMethod>(
    method: M,
    params: Requests[M]['params'],
    timeout = requestTimeout,
  ): Promise<Requests[M]['result']> {
    if (this.#closed || this.#socket.readyState !== 1 /* open */) {
      return Promise.reject(new RequestFailed('network', `${method}: not connected`));
    }
    const id = ++this.#lastId;
    return new Promise<Requests[M]['result']>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new RequestFailed('network', `${method}: no answer`));
      }, timeout);
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject, timer });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** Finds out now whether the connection lives, as after a change of network; a dead one is lost. */
  probe(timeout = pingTimeout): void {
    this.request('ping', {}, timeout).catch((error: RequestFailed) => {
      if (error.code === 'network') this.#lose();
    });
  }

  /** Ends the connection without telling anybody. */
  close(): void {
    this.#end();
    this.#socket.close(1000);
  }

  #receive(data: unknown): void {
    if (this.#closed) return;
    this.#waitForLife(pingInterval);
    let message: Incoming;
    try {
      message = JSON.parse(String(data)) as Incoming;
    } catch {
      return this.#lose(); // not our server
    }
    if (message.method !== undefined) {
      this.#events.notification({ method: message.method, params: message.params } as Notification);
    } else if (message.id !== undefined) {
      this.#answer(message.id, message);
    }
  }

  #answer(id: number, message: Incoming): void {
    const pending = this.#pending.get(id);
    if (!pending) return; // it came too late
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (message.error) {
      pending.reject(new RequestFailed(message.error.data?.code ?? 'internal', message.error.message));
    } else {
      pending.resolve(message.result);
    }
  }

  #waitForLife(patience: number): void {
    clearTimeout(this.#keepAlive);
    this.#keepAlive = setTimeout(() => this.probe(), patience);
  }

  #lose(): void {
    if (this.#closed) return;
    this.#end();
    this.#socket.close();
    this.#events.lost();
  }

  #end(): void {
    this.#closed = true;
    clearTimeout(this.#keepAlive);
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(new RequestFailed('network', 'the connection ended'));
    }
    this.#pending.clear();
  }
}
