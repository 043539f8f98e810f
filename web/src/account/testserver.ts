import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccountClient } from './client';

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

/** An HTTP server in the test's process, which answers as it is told. */
export class AccountServer {
  readonly asked: Asked[] = [];
  readonly #answers = new Map<string, { status: number; body: string }>();
  readonly #server: Server;

  static async start(): Promise<AccountServer> {
    const server = new AccountServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const path = (request.url ?? '').replace('/-/api/v1/', '');
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        this.asked.push({ method: request.method ?? '', path, body });
        const answer = this.#answers.get(path) ?? { status: 404, body: 'not here' };
        response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(answer.body);
      });
    });
  }

  /** A client of this server. */
  get client(): AccountClient {
    const { port } = this.#server.address() as AddressInfo;
    return new AccountClient((path, init) => fetch(`http://127.0.0.1:${port}${String(path)}`, init));
  }

  /** Answers so from now on. */
  answer(path: string, body: unknown): void {
    this.#answers.set(path, { status: 200, body: JSON.stringify(body) });
  }

  refuse(path: string, code: string, status = 400): void {
    this.#answers.set(path, { status, body: JSON.stringify({ error: { code, message: code } }) });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
