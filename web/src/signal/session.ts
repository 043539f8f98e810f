import { backoff } from './backoff';
import { Channel, type Notification, type OpenSocket, type RequestMethod } from './channel';
import { RequestFailed, failureCode, type FailureCode } from './failure';
import type {
  ErrorCode,
  Hello,
  Join,
  Joined,
  Lobby,
  Requests,
  Resumed,
  RTPCapabilities,
} from './protocol.gen';

/** How long the server keeps a participant whose socket dropped, in ms. */
const resumeWindow = 30_000;
/** How long a first join may wait for the network, in ms. */
const joinPatience = 15_000;

/** The words that say that coming back is not wanted, or would end the same way. */
const final: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'browser',
  'replaced',
  'forbidden',
  'invalid_name',
  'invalid_room',
  'room_full',
  'invalid_params',
  'unknown_method',
  'refused',
  'gone',
  'locked',
  'password_required',
  'wrong_password',
  'invite_invalid',
  'invite_in_use',
  'token_invalid',
  'log_in_required',
  'logged_out',
  'removed',
  'banned',
  'ended',
]);

/** What lets somebody in, beside the name. */
export type Entrance = Pick<Join, 'invite' | 'password' | 'token' | 'knock'>;

export interface SessionEvents {
  /** Connected, and not on the way into the room: what is asked before joining can be asked. */
  greeted(): void;
  /** In the waiting room, for the first time or with news; the session goes on to enter by itself. */
  waiting(lobby: Lobby): void;
  /** In the room, with new transports: for the first time, or again after all from before was lost. */
  joined(joined: Joined): void;
  /** In the room again after a dropped socket; media went on. */
  resumed(resumed: Resumed): void;
  /** The connection dropped while in the room; the session is working on it. */
  dropped(): void;
  /** Out of the room, and not coming back by itself. */
  ended(reason: FailureCode): void;
  notification(notification: Notification): void;
}

export interface SessionOptions {
  url: string;
  room: string;
  events: SessionEvents;
  /** What the browser can receive of what the server can carry. */
  capabilities(hello: Hello): Promise<RTPCapabilities>;
  openSocket?: OpenSocket;
}

interface Membership {
  name: string;
  entrance: Entrance;
  /** Whether the server holds a place in the waiting room. */
  waiting?: boolean;
  /** Settles the first join. */
  arrived?: { resolve(): void; reject(error: RequestFailed): void };
  ticket?: string;
  /** When the socket dropped. */
  droppedAt?: number;
}

/**
 * A place in a room that outlives its sockets: it connects, joins, and after a drop connects again and resumes, or
 * joins anew when that is too late or the server started again. It owns its timers and its channel until leave().
 * It must not know media or the page.
 */
export class Session {
  readonly #options: SessionOptions;
  #channel: Channel | undefined;
  #hello: Hello | undefined;
  #member: Membership | undefined;
  /** Whether requests of a participant may be made now. */
  #inRoom = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Runs out when the server cannot be reached for a first join. */
  #patience: ReturnType<typeof setTimeout> | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Connects, so that a later join is quick, and stays connected. */
  connect(): void {
    if (this.#channel) return;
    clearTimeout(this.#timer);
    const channel: Channel = new Channel(
      this.#options.url,
      {
        notification: (notification) => this.#notified(channel, notification),
        lost: () => this.#lost(channel),
      },
      this.#options.openSocket,
    );
    this.#channel = channel;
  }

  /**
   * Enters the room, by the waiting room if need be; rejects with RequestFailed when the server refuses or cannot be
   * reached.
   */
  async join(name: string, entrance: Entrance = {}): Promise<void> {
    const arrival = new Promise<void>((resolve, reject) => {
      this.#member = { name, entrance, arrived: { resolve, reject } };
    });
    clearTimeout(this.#patience);
    this.#patience = setTimeout(
      () => this.#refuse(new RequestFailed('network', 'join: no connection')),
      joinPatience,
    );
    this.#attempt = 0;
    this.connect();
    if (this.#channel && this.#hello) void this.#enter(this.#channel, this.#hello);
    try {
      await arrival;
    } finally {
      clearTimeout(this.#patience);
    }
  }

  /** Changes the name; it is kept when the person must join anew. */
  async rename(name: string): Promise<void> {
    await this.request('rename', { name });
    if (this.#member) this.#member.name = name;
  }

  /** Takes note that somebody else changed the name. */
  renamed(name: string): void {
    if (this.#member) this.#member.name = name;
  }

  /** Connects anew, because the server is to know who has logged in now. */
  reconnect(): void {
    if (this.#inRoom || !this.#channel) return;
    this.#attempt = 0;
    this.#drop();
    this.connect();
  }

  /** Gives up what was, and joins anew with new transports. */
  rejoin(): void {
    if (!this.#member) return;
    delete this.#member.ticket;
    if (this.#inRoom) void this.#channel?.request('leave', {}).catch(() => undefined);
    this.#lost(this.#channel);
  }

  /** Drops the connection and resumes, for a new snapshot. */
  resync(): void {
    this.#lost(this.#channel);
  }

  /** Leaves the room and disconnects; a later join comes back. */
  leave(): void {
    if (this.#inRoom) void this.#channel?.request('leave', {}).catch(() => undefined);
    else if (this.#member?.waiting) void this.#channel?.request('lobby.withdraw', {}).catch(() => undefined);
    this.#member = undefined;
    this.#inRoom = false;
    clearTimeout(this.#timer);
    clearTimeout(this.#patience);
    this.#drop();
    this.#release();
  }

  /** Looks whether the connection still lives, as after a change of network. */
  probe(): void {
    if (this.#hello) return this.#channel?.probe(2_000);
    this.#attempt = 0; // not connected: don't wait any longer
    this.#drop();
    this.connect();
  }

  /** Asks the server what can also be asked outside of the room; rejects with RequestFailed. */
  ask<M extends RequestMethod>(method: M, params: Requests[M]['params']): Promise<Requests[M]['result']> {
    if (!this.#channel || !this.#hello) {
      return Promise.reject(new RequestFailed('network', `${method}: not connected`));
    }
    return this.#channel.request(method, params);
  }

  /** Asks the server; rejects with RequestFailed. */
  request<M extends RequestMethod>(method: M, params: Requests[M]['params']): Promise<Requests[M]['result']> {
    if (!this.#channel || !this.#inRoom) {
      return Promise.reject(new RequestFailed('network', `${method}: not in the room`));
    }
    return this.#channel.request(method, params);
  }

  /** Asks the server, again after the connection dropped, for what must arrive; rejects when it is refused. */
  async insist<M extends RequestMethod>(
    method: M,
    params: Requests[M]['params'],
  ): Promise<Requests[M]['result']> {
    for (;;) {
      if (!this.#member) throw new RequestFailed('network', `${method}: not in the room`);
      if (!this.#inRoom) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      try {
        return await this.request(method, params);
      } catch (error) {
        if (failureCode(error) !== 'network' || this.#inRoom) throw error;
      }
    }
  }

  #notified(channel: Channel, notification: Notification): void {
    if (channel !== this.#channel) return;
    if (notification.method === 'hello') {
      this.#hello = notification.params;
      if (this.#member) void this.#enter(channel, notification.params);
      else this.#options.events.greeted();
    } else if (notification.method === 'closed') {
      this.#closed(notification.params.reason);
    } else if (notification.method === 'lobby') {
      this.#wait(channel, notification.params);
    } else {
      this.#options.events.notification(notification);
    }
  }

  /** Resumes if that can be, and joins if not. */
  async #enter(channel: Channel, hello: Hello): Promise<void> {
    const member = this.#member;
    if (!member) return;
    try {
      if (member.ticket && Date.now() - (member.droppedAt ?? 0) < resumeWindow) {
        if (await this.#resume(channel, member, member.ticket)) return;
      }
      const rtpCapabilities = await this.#options.capabilities(hello);
      const { room } = this.#options;
      if (channel !== this.#channel || member !== this.#member) return;
      const joined = await channel.request('join', {
        room,
        name: member.name,
        rtpCapabilities,
        ...member.entrance,
      });
      if (channel !== this.#channel || member !== this.#member) return;
      member.ticket = joined.ticket;
      this.#arrive(member);
      this.#options.events.joined(joined);
      this.#release();
    } catch (error) {
      if (channel === this.#channel && member === this.#member) this.#refused(error);
    }
  }

  /** Tries to resume; false when there is nothing left to resume. */
  async #resume(channel: Channel, member: Membership, ticket: string): Promise<boolean> {
    try {
      const resumed = await channel.request('resume', { room: this.#options.room, ticket });
      if (channel !== this.#channel || member !== this.#member) return true;
      this.#arrive(member);
      this.#options.events.resumed(resumed);
      this.#release();
      return true;
    } catch (error) {
      if (failureCode(error) === 'network') throw error;
      delete member.ticket;
      return false;
    }
  }

  #arrive(member: Membership): void {
    this.#inRoom = true;
    this.#attempt = 0;
    delete member.waiting;
    delete member.droppedAt;
    member.arrived?.resolve();
    delete member.arrived;
  }

  /** Takes note of a place in the waiting room, and enters when somebody opened. */
  #wait(channel: Channel, lobby: Lobby): void {
    const member = this.#member;
    if (!member || this.#inRoom) return;
    member.entrance = { ...member.entrance, knock: lobby.ticket };
    if (lobby.state === 'waiting') {
      member.waiting = true;
      this.#options.events.waiting(lobby);
    } else if (lobby.state === 'admitted') {
      if (this.#hello) void this.#enter(channel, this.#hello);
    } else {
      this.#end(lobby.state);
    }
  }

  #refused(error: unknown): void {
    const code = failureCode(error);
    if (code === 'waiting') {
      this.#attempt = 0;
      return clearTimeout(this.#patience); // it was reached, and will tell
    }
    const failed = error instanceof RequestFailed ? error : new RequestFailed(code, String(error));
    if (this.#member?.arrived && code !== 'network') this.#refuse(failed);
    else if (code !== 'network' && final.has(code)) this.#end(code);
    else this.#lost(this.#channel);
  }

  /** Tells who waits for the first join that it failed. */
  #refuse(error: RequestFailed): void {
    const arrived = this.#member?.arrived;
    if (!arrived) return;
    this.#member = undefined;
    arrived.reject(error);
  }

  #closed(reason: ErrorCode): void {
    if (final.has(reason)) this.#end(reason);
    else this.#lost(this.#channel);
  }

  #end(reason: FailureCode): void {
    const member = this.#member;
    this.#member = undefined;
    this.#inRoom = false;
    this.#drop();
    this.#release();
    if (member?.arrived) member.arrived.reject(new RequestFailed(reason, 'the server ended the connection'));
    else if (member) this.#options.events.ended(reason);
  }

  #lost(channel: Channel | undefined): void {
    if (channel !== this.#channel) return;
    this.#drop();
    const wasIn = this.#inRoom;
    this.#inRoom = false;
    if (wasIn && this.#member) {
      this.#member.droppedAt = Date.now();
      this.#options.events.dropped();
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.connect(), backoff(this.#attempt++));
  }

  #drop(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#hello = undefined;
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go();
  }
}
