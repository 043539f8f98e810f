/**
 * What went wrong in a page without anybody asking: errors in its console, errors thrown, requests that failed, and
 * requests to anywhere but its server (criterion 17).
 */
export class Complaints {
  readonly #origin: string;
  readonly #list: string[] = [];
  readonly #expected: RegExp[] = [];

  /** The origin is the only one that may be asked for anything. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Lets pass what a flow brings about by itself, from now on and before. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** What is left to complain about. */
  get list(): string[] {
    return this.#list.filter((complaint) => !this.#expected.some((pattern) => pattern.test(complaint)));
  }

  console(type: string, text: string): void {
    if (type === 'error' || type === 'assert') this.#list.push(`console: ${text}`);
  }

  thrown(error: unknown): void {
    this.#list.push(`thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  requested(address: string): void {
    const url = new URL(address);
    if (url.protocol === 'data:' || url.protocol === 'blob:') return;
    const origin = `${url.protocol.replace('ws', 'http')}//${url.host}`;
    if (origin !== this.#origin) this.#list.push(`request to a third party: ${address}`);
  }

  /** Takes note of a failed request, unless the browser gave it up itself because the page was left. */
  failed(address: string, reason: string): void {
    if (/ERR_ABORTED|NS_BINDING_ABORTED/.test(reason)) return;
    this.#list.push(`request failed: ${address}: ${reason}`);
  }

  answered(address: string, status: number): void {
    if (status >= 400) this.#list.push(`request answered with ${status}: ${address}`);
  }
}
