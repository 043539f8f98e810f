import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Errand } from './errand';
import { openSocket, TestServer } from './testserver';

describe('Errand', () => {
  let server: TestServer;
  let errand: Errand;

  beforeEach(async () => {
    server = await TestServer.start();
    errand = new Errand(server.url, openSocket);
  });
  afterEach(async () => {
    errand.close();
    await server.close();
  });

  it('connects when it is asked first, and asks over the same connection again', async () => {
    const first = errand.request('rooms.list', {});
    const peer = await server.accept();
    peer.notify('hello', { version: '1' });
    const one = await peer.next();
    expect(one.method).toBe('rooms.list');
    peer.answer(one.id, { rooms: [] });
    expect(await first).toEqual({ rooms: [] });
    const second = errand.request('rooms.delete', { room: 'board' });
    peer.refuse((await peer.next()).id, 'log_in_required');
    await expect(second).rejects.toMatchObject({ code: 'log_in_required' });
  });

  it('connects anew after it was closed or the connection was lost', async () => {
    const first = errand.request('rooms.list', {});
    (await server.accept()).drop();
    await expect(first).rejects.toMatchObject({ code: 'network' });
    const second = errand.request('rooms.list', {});
    const peer = await server.accept();
    peer.notify('hello', { version: '1' });
    peer.answer((await peer.next()).id, { rooms: [] });
    await second;
  });
});
