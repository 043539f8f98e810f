import { WebSocketServer, WebSocket as NodeSocket } from 'ws';
import type { AddressInfo } from 'node:net';
import type { OpenSocket } from './channel';

interface Request {
  id: number;
  method: string;
  params: Record<string, unknown>;
}

/** A connection as a test's server sees it. */
export class Peer {
  readonly #socket: NodeSocket;
  readonly #requests: Request[] = [];
  #wanted: (() => void)[] = [];

  constructor(socket: NodeSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      this.#requests.push(JSON.parse((data as Buffer).toString()) as Request);
      this.#wanted.shift()?.();
    });
  }

  /** The next request, pings left out. */
  async next(): Promise<Request> {
    for (;;) {
      const request = this.#requests.shift();
      if (!request) await new Promise<void>((resolve) => this.#wanted.push(resolve));
      else if (request.method === 'ping') this.answer(request.id, {});
      else return request;
    }
  }

  answer(id: number, result: unknown): void {
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, result }));
  }

  refuse(id: number, code: string): void {
    this.#socket.send(
      JSON.stringify({ jsonrpc: '2.0', id, error: { code: 1, message: code, data: { code } } }),
    );
  }

  notify(method: string, params: unknown): void {
    this.#socket.send(JSON.stringify({ jsonrpc: '2.0', method, params }));
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  drop(): void {
    this.#socket.terminate();
  }
}

/** A WebSocket server in the test's process, on a port of its own. */
export class TestServer {
  readonly #server: WebSocketServer;
  readonly #peers: Peer[] = [];
  #wanted: (() => void)[] = [];

  static async start(): Promise<TestServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    return new TestServer(server);
  }

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.#server.on('connection', (socket) => {
      this.#peers.push(new Peer(socket));
      this.#wanted.shift()?.();
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/-/ws`;
  }

  /** The next connection. */
  async accept(): Promise<Peer> {
    for (;;) {
      const peer = this.#peers.shift();
      if (peer) return peer;
      await new Promise<void>((resolve) => this.#wanted.push(resolve));
    }
  }

  async close(): Promise<void> {
    for (const client of this.#server.clients) client.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Opens a socket as a browser would. */
export const openSocket: OpenSocket = (url, protocol) =>
  new NodeSocket(url, protocol) as unknown as WebSocket;
