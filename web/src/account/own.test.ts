import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PageOwnAccount } from './own.svelte';
import { PageLocalPeople } from './people.svelte';
import { AccountServer } from './testserver';

const passkeys = { possible: true, create: vi.fn(), prove: vi.fn() };
const phone = { id: 'p', name: 'phone', made: 1000 };

describe('an account of this server', () => {
  let server: AccountServer;

  beforeEach(async () => void (server = await AccountServer.start()));
  afterEach(() => {
    vi.unstubAllGlobals();
    return server.close();
  });

  it('is looked after by its owner', async () => {
    server.answer('account', { name: 'Ada', password: false, passkeys: [phone], sessions: 2 });
    server.answer('account/passkey', { options: {} });
    server.answer('account/passkey/finish', {
      name: 'Ada',
      password: false,
      passkeys: [phone, { ...phone, id: 'q' }],
      sessions: 2,
    });
    server.answer('account/passkey/remove', { name: 'Ada', password: true, passkeys: [], sessions: 1 });
    passkeys.create.mockResolvedValue({ id: 'q' });
    const own = new PageOwnAccount(server.client, passkeys, true);
    expect(await own.load()).toBeUndefined();
    expect(own).toMatchObject({ loaded: true, name: 'Ada', hasPassword: false, sessions: 2 });
    expect(own.passkeys[0]?.remove).toBeUndefined(); // the last way in
    expect(await own.addPasskey?.('laptop')).toBeUndefined();
    expect(server.asked.at(-1)?.body).toEqual({ credential: { id: 'q' }, name: 'laptop' });
    await own.passkeys[1]?.remove?.();
    expect(server.asked.at(-1)?.body).toEqual({ id: 'q' });
    expect(own.sessions).toBe(1);
  });

  it('asks to log in again', async () => {
    server.refuse('account/password', 'not_recent', 403);
    const own = new PageOwnAccount(server.client, passkeys, true);
    expect(await own.setPassword('correct horse battery')).toBe('not_recent');
  });

  it('has no passkeys where the address has no name', () => {
    expect(new PageOwnAccount(server.client, passkeys, false).addPasskey).toBeUndefined();
  });

  it('is made by an operator, who hands a link on', async () => {
    vi.stubGlobal('location', new URL('https://meet.example/-/account'));
    const bea = { id: 'B', name: 'Bea', operator: false, disabled: false, ready: false, made: 1 };
    server.answer('people', { people: [] });
    server.answer('people/add', { person: bea, setup: '/-/setup#secret' });
    server.answer('people/disable', { people: [{ ...bea, disabled: true }] });
    const people = new PageLocalPeople(server.client);
    await people.load();
    expect(await people.add(' Bea ', false)).toBeUndefined();
    expect(server.asked.at(-1)?.body).toEqual({ name: 'Bea', operator: false });
    expect(people.newest).toEqual({ name: 'Bea', link: 'https://meet.example/-/setup#secret' });
    expect(people.list[0]?.enable).toBeUndefined();
    await people.list[0]?.disable?.();
    expect(people.list[0]).toMatchObject({ disabled: true });
    expect(people.list[0]?.disable).toBeUndefined();
  });
});
