import type { ErrorCode } from './protocol.gen';

/**
 * Why something didn't work: the server's word for it, no network, a browser that cannot do it, or a place in the
 * waiting room that is gone.
 */
export type FailureCode = ErrorCode | 'network' | 'browser' | 'gone';

/** What a request rejects with. */
export class RequestFailed extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
  ) {
    super(message);
    this.name = 'RequestFailed';
  }
}

/** The code of an error that something was rejected with. */
export function failureCode(error: unknown): FailureCode {
  return error instanceof RequestFailed ? error.code : 'internal';
}
