import type { ChromiumTab } from './chromium';
import type { Participant } from './participant';

/** What the server told a page when it joined, as far as flows need it. */
export interface Membership {
  participantId: string;
  ticket: string;
  send: { id: string };
}

/** The signalling of a page, past the page: what anybody can do who opens the browser's console. */
export interface PageWire {
  /** Sends a request over the page's newest connection; gives the answer, or the word of the error. */
  ask(method: string, params: unknown): Promise<unknown>;
  /** Opens a further connection, which is the newest then. */
  dial(): Promise<void>;
  /** Of the last join. */
  membership: Membership | undefined;
  /** The ids of those who are or were in the room, by name. */
  readonly ids: Record<string, string>;
}

declare global {
  interface Window {
    stubeWire: PageWire;
  }
}

/** Runs in every page before its own scripts, and keeps its connections in sight. It uses nothing from around it. */
export function installWire(): void {
  interface Message {
    id?: unknown;
    method?: string;
    params?: { participants?: { id: string; name: string }[] };
    result?: Partial<Membership> & { snapshot?: { participants: { id: string; name: string }[] } };
    error?: { data: { code: string } };
  }
  const sockets: WebSocket[] = [];
  const pending = new Map<string, (answer: unknown) => void>();
  const wire: PageWire = { ask, dial, membership: undefined, ids: {} };
  let asked = 0;

  function hear(event: MessageEvent) {
    const message = JSON.parse(String(event.data)) as Message;
    const { result } = message;
    for (const one of result?.snapshot?.participants ?? message.params?.participants ?? []) {
      if (one.name) wire.ids[one.name] = one.id;
    }
    if (result?.send && result.ticket) wire.membership = result as Membership;
    if (typeof message.id !== 'string') return;
    pending.get(message.id)?.(message.error ? message.error.data.code : result);
    pending.delete(message.id);
  }

  function ask(method: string, params: unknown): Promise<unknown> {
    const id = `past the page ${++asked}`;
    return new Promise((resolve, reject) => {
      const socket = sockets.filter((one) => one.readyState === WebSocket.OPEN).at(-1);
      if (!socket) return reject(new Error('the page has no connection'));
      socket.addEventListener('close', () => resolve('closed'));
      pending.set(id, resolve);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  function dial(): Promise<void> {
    const socket = new WebSocket(sockets[0]?.url ?? '', 'stube.v1');
    return new Promise((resolve) => socket.addEventListener('message', () => resolve(), { once: true }));
  }

  window.WebSocket = class extends window.WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      sockets.push(this);
      this.addEventListener('message', hear);
    }
  };
  window.stubeWire = wire;
}

/** Lets somebody send a request that their page would not; gives the answer, or the word of the error. */
export function ask<Answer>(
  { tab }: Participant<ChromiumTab>,
  method: string,
  params: object = {},
): Promise<Answer | string> {
  return tab.run(([method, params]) => window.stubeWire.ask(method, params), [
    method,
    params,
  ] as const) as Promise<Answer | string>;
}

/** The id of somebody whom the page of a participant was told of. */
export async function idOf({ tab }: Participant<ChromiumTab>, name: string): Promise<string> {
  const id = await tab.run((name) => window.stubeWire.ids[name], name);
  if (id === undefined) throw new Error(`nothing was told of ${name}`);
  return id;
}
