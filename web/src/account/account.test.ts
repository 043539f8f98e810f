import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PageAccount } from './account.svelte';
import { AccountError } from './client';
import type { Session } from './api.gen';
import { AccountServer } from './testserver';

const out: Session = {
  create: 'signed-in',
  mayCreate: false,
  local: true,
  passkeys: true,
  providers: [{ key: 'google', name: 'Google' }],
};
const ada = { account: 'A', name: 'Ada', provider: 'local', providerName: '', operator: true, recent: true };
const signedIn: Session = { ...out, mayCreate: true, identity: ada };

describe('PageAccount', () => {
  let server: AccountServer;
  let account: PageAccount;
  const events = { changed: vi.fn(), depart: vi.fn(), back: () => '/board' };
  const passkeys = { possible: true, create: vi.fn(), prove: vi.fn() };

  beforeEach(async () => {
    vi.clearAllMocks();
    server = await AccountServer.start();
    server.answer('session', out);
    account = new PageAccount(events, server.client, passkeys);
  });
  afterEach(() => server.close());

  async function know(): Promise<void> {
    account.refresh();
    await vi.waitFor(() => expect(account.busy).toBe(false));
  }

  it('knows nobody before it is told', () => {
    expect(account.state).toBe('unknown');
    expect(account.mayCreate).toBe(false);
    expect([account.logInAt, account.logInByPassword, account.logInByPasskey, account.logOut]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('knows how to log in', async () => {
    await know();
    expect(account.state).toBe('out');
    expect(account.providers).toEqual([{ key: 'google', name: 'Google' }]);
    expect(account.logInByPassword).toBeDefined();
    expect(account.own).toBeUndefined();
    expect(events.changed).not.toHaveBeenCalled();
  });

  it('keeps nobody from trying when the server cannot be asked', async () => {
    server.refuse('session', 'insecure', 403);
    await know();
    expect(account.state).toBe('unreachable');
    expect(account.mayCreate).toBe(true);
    expect(account.error).toBe('insecure');
  });

  it('logs in by a password', async () => {
    await know();
    server.answer('session/password', signedIn);
    expect(await account.logInByPassword?.('Ada', 'secret')).toBeUndefined();
    expect(server.asked.at(-1)).toEqual({
      method: 'POST',
      path: 'session/password',
      body: { name: 'Ada', password: 'secret' },
    });
    expect(account.identity).toEqual({ name: 'Ada', provider: 'local', providerName: '', operator: true });
    expect(account.mayCreate).toBe(true);
    expect(account.own).toBeDefined();
    expect(account.people).toBeDefined();
    expect(events.changed).toHaveBeenCalledOnce();
  });

  it('tells why not', async () => {
    await know();
    server.refuse('session/password', 'wrong_credentials', 401);
    expect(await account.logInByPassword?.('Ada', 'x')).toBe('wrong_credentials');
    expect(account.state).toBe('out');
  });

  it('logs in by a passkey', async () => {
    await know();
    server.answer('session/passkey', { options: { challenge: 'c' } });
    server.answer('session/passkey/finish', signedIn);
    passkeys.prove.mockResolvedValue({ id: 'k' });
    expect(await account.logInByPasskey?.()).toBeUndefined();
    expect(passkeys.prove).toHaveBeenCalledWith({ challenge: 'c' });
    expect(server.asked.at(-1)?.body).toEqual({ credential: { id: 'k' } });
    expect(account.state).toBe('in');
  });

  it('takes a closed dialog for what it is', async () => {
    await know();
    server.answer('session/passkey', { options: {} });
    passkeys.prove.mockRejectedValue(new AccountError('cancelled', 'closed'));
    expect(await account.logInByPasskey?.()).toBe('cancelled');
  });

  it('goes to a provider with the path to come back to', async () => {
    await know();
    server.answer('session/provider', { address: 'https://accounts.example/' });
    await account.logInAt?.('google');
    expect(server.asked.at(-1)?.body).toEqual({ provider: 'google', return: '/board' });
    expect(events.depart).toHaveBeenCalledWith('https://accounts.example/');
  });

  it('logs out', async () => {
    server.answer('session', signedIn);
    await know();
    server.answer('session/end', out);
    expect(await account.logOut?.(true)).toBeUndefined();
    expect(server.asked.at(-1)?.body).toEqual({ everywhere: true });
    expect(account.state).toBe('out');
    expect(events.changed).toHaveBeenCalledOnce();
  });
});
