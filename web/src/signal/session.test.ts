import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FailureCode } from './failure';
import type { Joined, Lobby, Resumed } from './protocol.gen';
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
        greeted: () => note('greeted'),
        waiting: (lobby: Lobby) => note(`waiting ${lobby.ticket}`),
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
    await happened('greeted');
    const entering = session.join('Ada');
    const request = await peer.next();
    expect(request.params).toEqual({
      room: 'board',
      name: 'Ada',
      rtpCapabilities: { codecs: [], headerExtensions: [] },
    });
    peer.answer(request.id, joined('t1'));
    await entering;
    expect(events).toEqual(['greeted', 'joined t1']);
  });

  it('asks before joining', async () => {
    session.connect();
    const peer = await greet();
    await happened('greeted');
    const asked = session.ask('peek', { room: 'board' });
    const request = await peer.next();
    expect(request).toMatchObject({ method: 'peek', params: { room: 'board' } });
    peer.answer(request.id, { entry: 'knock' });
    expect(await asked).toEqual({ entry: 'knock' });
  });

  it('shows what lets it in, also when it must join anew', async () => {
    const entering = session.join('Ada', { invite: 'secret', password: 'word' });
    const first = await greet();
    const request = await first.next();
    expect(request.params).toMatchObject({ invite: 'secret', password: 'word' });
    first.answer(request.id, joined('t1'));
    await entering;
    first.drop();
    const second = await greet();
    second.refuse((await second.next()).id, 'resume_expired');
    expect((await second.next()).params).toMatchObject({ invite: 'secret', password: 'word' });
  });

  describe('in the waiting room', () => {
    let entering: Promise<void>;

    async function knock(): Promise<Peer> {
      entering = session.join('Ada');
      const peer = await greet();
      peer.refuse((await peer.next()).id, 'waiting');
      peer.notify('lobby', { state: 'waiting', ticket: 'place', hostPresent: false });
      await happened('waiting place');
      return peer;
    }

    it('enters when somebody opens', async () => {
      const peer = await knock();
      peer.notify('lobby', { state: 'admitted', ticket: 'place', hostPresent: true });
      const request = await peer.next();
      expect(request).toMatchObject({ method: 'join', params: { room: 'board', knock: 'place' } });
      peer.answer(request.id, joined('t1'));
      await entering;
      expect(events).toEqual(['waiting place', 'joined t1']);
    });

    it('keeps its place when the connection drops', async () => {
      (await knock()).drop();
      const peer = await greet();
      expect((await peer.next()).params).toMatchObject({ knock: 'place' });
    });

    it.each(['refused', 'gone'] as const)('tells when it is %s', async (state) => {
      const peer = await knock();
      peer.notify('lobby', { state, ticket: 'place', hostPresent: true });
      await expect(entering).rejects.toMatchObject({ code: state });
    });

    it('gives its place up', async () => {
      const peer = await knock();
      session.leave();
      expect((await peer.next()).method).toBe('lobby.withdraw');
    });
  });

  it('stays out when it was taken out', async () => {
    (await enter()).notify('closed', { reason: 'removed' });
    await happened('ended removed');
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
