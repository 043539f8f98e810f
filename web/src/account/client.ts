import type { AccountFailure } from './model';
import type { ErrorCode } from './api.gen';
import type { Posts, Reads } from './paths';

/** How long an answer may take, in ms: checking a password is made slow on purpose, and a provider is asked at times. */
const patience = 20_000;

/** What a request rejects with. */
export class AccountError extends Error {
  constructor(
    readonly code: AccountFailure,
    message: string,
  ) {
    super(message);
    this.name = 'AccountError';
  }
}

/** The code of an error that something about accounts was rejected with. */
export function accountFailure(error: unknown): AccountFailure {
  return error instanceof AccountError ? error.code : 'internal';
}

/** Does something about accounts; ends with the reason why it didn't work, or with undefined. */
export async function outcome(work: () => Promise<void>): Promise<AccountFailure | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return accountFailure(error);
  }
}

/** Asks the server's HTTP interface of logging in (docs/api.md). Secrets go in the body only. */
export class AccountClient {
  readonly #fetch: typeof fetch;

  constructor(request: typeof fetch = (input, init) => fetch(input, init)) {
    this.#fetch = request;
  }

  read<Path extends keyof Reads>(path: Path): Promise<Reads[Path]> {
    return this.#ask(path, { method: 'GET' });
  }

  post<Path extends keyof Posts>(path: Path, body: Posts[Path]['body']): Promise<Posts[Path]['answer']> {
    return this.#ask(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async #ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
    let answer: Response;
    try {
      answer = await this.#fetch(`/-/api/v1/${path}`, {
        ...init,
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      });
    } catch (error) {
      throw new AccountError('network', `${path}: ${String(error)}`);
    }
    const body = await answer.json().catch(() => undefined);
    if (answer.ok && typeof body === 'object' && body !== null) return body as Answer;
    throw new AccountError(codeOf(answer.status, body), `${path}: status ${answer.status}`);
  }
}

function codeOf(status: number, body: unknown): AccountFailure {
  const code = (body as { error?: { code?: unknown } } | undefined)?.error?.code;
  if (typeof code === 'string') return code as ErrorCode;
  return status >= 500 ? 'network' : 'not_found'; // something else answered in the server's place
}
