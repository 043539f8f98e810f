import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailureCode } from './failure';
import type { Joined, Resumed } from './protocol.gen';
import { Session } from './session';
import { openSocket, TestServer, type Peer } from './testserver';

const joined = (ticket: string) => ({ participantId: 'me', ticket });
const resumed = { participantId: 'me', consumerIds: [] };

describe('Session', () => {
  let server: TestServer;
  let session: Session;
  let events: string[];
  let wake: () => void;

  beforeEach(async () => {
    server = await TestServer.start();
    events = [];
    wake = () => undefined;
    const note = (event: string) => {
      events.push(event);
      wake();
    };
    session = new Session({
      url: server.url,
      room: 'board',
      openSocket,
      capabilities: () => Promise.resolve({ codecs: [], headerExtensions: [] }),
      events: {
        joined: (answer: Joined) => note(`joined ${answer.ticket}`),
        resumed: (answer: Resumed) => note(`resumed ${answer.participantId}`),
        dropped: () => note('dropped'),
        ended: (reason: FailureCode) => note(`ended ${reason}`),
        notification: (notification) => note(notification.method),
      },
    });
  });

  afterEach(async () => {
    session.leave();
    await server.close();
  });

  async function happened(event: string): Promise<void> {
    while (!events.includes(event)) await new Promise<void>((resolve) => (wake = resolve));
  }

  async function greet(): Promise<Peer> {
    const peer = await server.accept();
    peer.notify('hello', { version: '1', rtpCapabilities: {} });
    return peer;
  }

  async function enter(ticket = 't1'): Promise<Peer> {
    const entering = session.join('Ada');
    const peer = await greet();
    const request = await peer.next();
    expect(request.method).toBe('join');
    peer.answer(request.id, joined(ticket));
    await entering;
    return peer;
  }

  it('joins with name, room and capabilities', async () => {
    session.connect();
    const peer = await greet();
    const entering = session.join('Ada');
    const request = await peer.next();
    expect(request.params).toEqual({
      room: 'board',
      name: 'Ada',
      rtpCapabilities: { codecs: [], headerExtensions: [] },
    });
    peer.answer(request.id, joined('t1'));
    await entering;
    expect(events).toEqual(['joined t1']);
  });

  it('tells why it may not join', async () => {
    const entering = session.join('Ada');
    const peer = await greet();
    peer.refuse((await peer.next()).id, 'room_full');
    await expect(entering).rejects.toMatchObject({ code: 'room_full' });
    expect(events).toEqual([]);
  });

  it('resumes after a drop', async () => {
    (await enter()).drop();
    const peer = await greet();
    const request = await peer.next();
    expect(request).toMatchObject({ method: 'resume', params: { room: 'board', ticket: 't1' } });
    peer.answer(request.id, resumed);
    await happened('resumed me');
    expect(events).toEqual(['joined t1', 'dropped', 'resumed me']);
  });

  it('joins anew when it is too late to resume', async () => {
    (await enter()).drop();
    const peer = await greet();
    peer.refuse((await peer.next()).id, 'resume_expired');
    const request = await peer.next();
    expect(request.method).toBe('join');
    peer.answer(request.id, joined('t2'));
    await happened('joined t2');
  });

  it('comes back after the server said that it stops', async () => {
    (await enter()).notify('closed', { reason: 'shutting_down' });
    const peer = await greet();
    peer.refuse((await peer.next()).id, 'resume_expired');
    peer.answer((await peer.next()).id, joined('t2'));
    await happened('joined t2');
  });

  it('stays away when the participant came back elsewhere', async () => {
    (await enter()).notify('closed', { reason: 'replaced' });
    await happened('ended replaced');
    expect(events).toEqual(['joined t1', 'ended replaced']);
  });

  it('asks again after a drop for what must arrive', async () => {
    const first = await enter();
    const asked = session.insist('rename', { name: 'Eve' });
    await first.next();
    first.drop();
    const second = await greet();
    second.answer((await second.next()).id, resumed);
    const again = await second.next();
    expect(again).toMatchObject({ method: 'rename', params: { name: 'Eve' } });
    second.answer(again.id, {});
    await asked;
  });

  it('gives up what was on rejoin', async () => {
    const first = await enter();
    session.rejoin();
    expect((await first.next()).method).toBe('leave');
    const second = await greet();
    const request = await second.next();
    expect(request.method).toBe('join');
    second.answer(request.id, joined('t2'));
    await happened('joined t2');
  });

  it('refuses requests while not in the room', async () => {
    await expect(session.request('rename', { name: 'a' })).rejects.toMatchObject({ code: 'network' });
  });
});
