import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Channel, type Notification } from './channel';
import { RequestFailed } from './failure';
import { openSocket, TestServer, type Peer } from './testserver';

describe('Channel', () => {
  let server: TestServer;
  let channel: Channel;
  let peer: Peer;
  let notifications: Notification[];
  let lost: Promise<void>;

  beforeEach(async () => {
    server = await TestServer.start();
    notifications = [];
    let opened: () => void = () => undefined;
    const open = new Promise<void>((resolve) => (opened = resolve));
    lost = new Promise((resolve) => {
      const notification = (one: Notification) => {
        notifications.push(one);
        opened();
      };
      channel = new Channel(server.url, { notification, lost: resolve }, openSocket);
    });
    peer = await server.accept();
    peer.notify('hello', { version: '1' });
    await open;
  });

  afterEach(async () => {
    channel.close();
    await server.close();
  });

  it('hands on notifications', () => {
    expect(notifications).toEqual([{ method: 'hello', params: { version: '1' } }]);
  });

  it('gives each answer to its request, in any order', async () => {
    const first = channel.request('rename', { name: 'a' });
    const second = channel.request('restart' as 'transport.restartIce', { transportId: 't' });
    const one = await peer.next();
    const two = await peer.next();
    expect(one).toEqual({ jsonrpc: '2.0', id: one.id, method: 'rename', params: { name: 'a' } });
    peer.answer(two.id, { iceParameters: 2 });
    peer.answer(one.id, {});
    expect(await second).toEqual({ iceParameters: 2 });
    expect(await first).toEqual({});
  });

  it('rejects with the code of the server', async () => {
    const asked = channel.request('rename', { name: '' });
    peer.refuse((await peer.next()).id, 'invalid_name');
    await expect(asked).rejects.toMatchObject({ code: 'invalid_name' });
  });

  it('rejects what takes too long', async () => {
    await expect(channel.request('rename', { name: 'a' }, 20)).rejects.toMatchObject({ code: 'network' });
  });

  it('rejects what is open when the connection is lost, and tells of it once', async () => {
    const asked = channel.request('leave', {});
    peer.drop();
    await expect(asked).rejects.toBeInstanceOf(RequestFailed);
    await lost;
    await expect(channel.request('leave', {})).rejects.toMatchObject({ code: 'network' });
  });

  it('is lost when what lives there is not our server', async () => {
    peer.send('<html>');
    await lost;
  });

  it('is lost when a ping is not answered', async () => {
    channel.probe(20);
    await lost;
  });
});
