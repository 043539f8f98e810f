import type { RequestMethod } from '../signal/channel';
import { failureCode, type FailureCode } from '../signal/failure';
import type { Requests } from '../signal/protocol.gen';
import type { Outcome } from './seam/entry';

export type Request = <M extends RequestMethod>(
  method: M,
  params: Requests[M]['params'],
) => Promise<Requests[M]['result']>;

/** What a person does in a meeting by asking the server for it. */
export class Acts {
  readonly #request: Request;
  readonly #failed: (failure: FailureCode) => void;

  constructor(request: Request, failed: (failure: FailureCode) => void) {
    this.#request = request;
    this.#failed = failed;
  }

  /** Does it, and tells the person when it doesn't work. */
  act<M extends RequestMethod>(method: M, params: Requests[M]['params']): void {
    this.#request(method, params).catch((error: unknown) => this.#failed(failureCode(error)));
  }

  /** Does it; ends with the reason why it didn't work, or with undefined. */
  async attempt<M extends RequestMethod>(method: M, params: Requests[M]['params']): Outcome {
    const answer = await this.ask(method, params);
    return typeof answer === 'string' ? answer : undefined;
  }

  /** Asks for something; ends with the answer, or with the reason why there is none. */
  async ask<M extends RequestMethod>(
    method: M,
    params: Requests[M]['params'],
  ): Promise<Requests[M]['result'] | FailureCode> {
    try {
      return await this.#request(method, params);
    } catch (error) {
      return failureCode(error);
    }
  }
}
