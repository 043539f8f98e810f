import { afterEach, describe, expect, it, vi } from 'vitest';
import { BrowserPasskeys } from './passkeys';

function stub(get: () => Promise<unknown>): void {
  const parse = (json: unknown) => ({ parsed: json });
  vi.stubGlobal('PublicKeyCredential', {
    parseCreationOptionsFromJSON: parse,
    parseRequestOptionsFromJSON: parse,
  });
  vi.stubGlobal('navigator', { credentials: { create: get, get } });
}

describe('BrowserPasskeys', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('knows whether the browser can', () => {
    expect(new BrowserPasskeys().possible).toBe(false);
    stub(() => Promise.resolve(null));
    expect(new BrowserPasskeys().possible).toBe(true);
  });

  it('hands the options to the browser, and the answer back', async () => {
    const get = vi.fn(() => Promise.resolve({ toJSON: () => ({ id: 'k' }) }));
    stub(get);
    expect(await new BrowserPasskeys().prove({ challenge: 'c' })).toEqual({ id: 'k' });
    expect(await new BrowserPasskeys().create({ challenge: 'd' })).toEqual({ id: 'k' });
    expect(get.mock.calls).toEqual([
      [{ publicKey: { parsed: { challenge: 'c' } } }],
      [{ publicKey: { parsed: { challenge: 'd' } } }],
    ]);
  });

  it.each([
    ['NotAllowedError', 'cancelled'],
    ['AbortError', 'cancelled'],
    ['SecurityError', 'browser'],
    ['InvalidStateError', 'browser'],
  ])('tells %s as %s', async (name, code) => {
    stub(() => Promise.reject(new DOMException('no', name)));
    await expect(new BrowserPasskeys().prove({})).rejects.toMatchObject({ code });
  });

  it('takes no answer for a closed dialog', async () => {
    stub(() => Promise.resolve(null));
    await expect(new BrowserPasskeys().create({})).rejects.toMatchObject({ code: 'cancelled' });
  });
});
