import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PageSetup } from './setup.svelte';
import { AccountServer } from './testserver';

describe('PageSetup', () => {
  let server: AccountServer;
  const passkeys = { possible: true, create: vi.fn(), prove: vi.fn() };
  const events = { passkeysHere: () => true, loggedIn: vi.fn() };

  beforeEach(async () => {
    vi.clearAllMocks();
    server = await AccountServer.start();
  });
  afterEach(() => server.close());

  async function open(): Promise<PageSetup> {
    const setup = new PageSetup('secret', server.client, passkeys, events);
    await vi.waitFor(() => expect(setup.state === 'asking' && !setup.error).toBe(false));
    return setup;
  }

  it('makes the first operator with a passkey', async () => {
    server.answer('setup', { first: true });
    server.answer('setup/passkey', { options: { challenge: 'c' } });
    server.answer('setup/passkey/finish', { create: 'signed-in' });
    passkeys.create.mockResolvedValue({ id: 'k' });
    const setup = await open();
    expect(setup).toMatchObject({ state: 'open', first: true, name: '' });
    expect(await setup.usePasskey?.(' Ada ')).toBeUndefined();
    expect(server.asked.map((one) => one.body)).toEqual([
      { secret: 'secret' },
      { secret: 'secret', name: 'Ada' },
      { secret: 'secret', credential: { id: 'k' } },
    ]);
    expect(setup.state).toBe('done');
    expect(events.loggedIn).toHaveBeenCalledOnce();
  });

  it('sets the password of an account that has its name', async () => {
    server.answer('setup', { first: false, name: 'Bea' });
    server.answer('setup/password', {});
    const setup = await open();
    expect(setup.name).toBe('Bea');
    await setup.usePassword?.('other', 'correct horse battery');
    expect(server.asked.at(-1)?.body).toEqual({ secret: 'secret', password: 'correct horse battery' });
  });

  it('goes on after a weak password', async () => {
    server.answer('setup', { first: false, name: 'Bea' });
    server.refuse('setup/password', 'weak_password');
    const setup = await open();
    expect(await setup.usePassword?.('', 'x')).toBe('weak_password');
    expect(setup.state).toBe('open');
    expect(events.loggedIn).not.toHaveBeenCalled();
  });

  it('knows a link that ended, and an answer that did not come', async () => {
    server.refuse('setup', 'link_ended');
    expect(await open()).toMatchObject({ state: 'ended', usePassword: undefined, usePasskey: undefined });
    server.refuse('setup', 'rate_limited', 429);
    expect(await open()).toMatchObject({ state: 'asking', error: 'rate_limited' });
  });
});
