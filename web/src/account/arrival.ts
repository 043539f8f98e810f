import type { ErrorCode } from './api.gen';

/** Why logging in at a provider failed, and the path of this site to go back to. */
export interface Arrival {
  error: ErrorCode;
  back: string;
}

/** The words that can stand in the address after a provider sent the browser back. */
const errors: ReadonlySet<string> = new Set<ErrorCode>([
  'expired',
  'cancelled',
  'provider_unavailable',
  'provider_failed',
  'forbidden',
  'rate_limited',
  'not_found',
  'invalid_request',
  'internal',
]);

/** A path of this site, and nothing that a browser may take for another one. */
const pathForm = /^\/(?![/\\])[^\\\p{Cc}]*$/u;

/** Reads what the server put into the fragment of the page to log in; undefined when nothing of that is there. */
export function readArrival(values: URLSearchParams): Arrival | undefined {
  const error = values.get('error') ?? '';
  if (!errors.has(error)) return undefined;
  const back = values.get('return') ?? '';
  return { error: error as ErrorCode, back: pathForm.test(back) ? back : '/' };
}
