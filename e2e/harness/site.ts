import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page's language is that of nobody in particular: it stands for somebody else's site. */
const head =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Another site</title><link rel="icon" href="data:,">';

/** What a site answers. */
export interface Answer {
  status?: number;
  /** Where the browser is to go. */
  location?: string;
  /** The body of a page. */
  page?: string;
  json?: unknown;
  /** Names and values, as forms send them. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
}

/** A request as a site reads it. */
export interface Question {
  method: string;
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
  headers: IncomingMessage['headers'];
}

/** Somebody else's site, at another host than the program's: browsers take 127.0.0.1 and localhost for two. */
export class Site {
  readonly origin: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Opens a site that answers by itself. */
  static async serve(
    answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  ): Promise<Site> {
    const server = createServer((request, response) => {
      answer(request, response).catch((error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Site(server);
  }

  /** Opens a site whose answers are made of questions. */
  static open(answer: (question: Question) => Answer): Promise<Site> {
    return Site.serve(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
      const form = await readForm(request);
      const question = { path: pathname, query: searchParams, form, headers: request.headers };
      write(response, answer({ ...question, method: request.method ?? 'GET' }));
    });
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

/** Reads what a form or a program sent. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return new URLSearchParams(body);
}

/** Writes an answer. */
export function write(response: ServerResponse, answer: Answer): void {
  const { status, location, page, json, form, headers } = answer;
  response.statusCode = status ?? (location ? 302 : 200);
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (location) response.setHeader('Location', location);
  if (page !== undefined) {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(head + page);
  } else if (form) {
    response.setHeader('Content-Type', 'application/x-www-form-urlencoded; charset=utf-8');
    response.end(new URLSearchParams(form).toString());
  } else {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(json === undefined ? '' : JSON.stringify(json));
  }
}
