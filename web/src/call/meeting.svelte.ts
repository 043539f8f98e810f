import type { Devices } from '../media/devices.svelte';
import { Exchange } from '../media/exchange';
import { Session } from '../signal/session';
import { invitationCard } from './card';
import { Cast } from './cast.svelte';
import { conditionOf } from './condition';
import { RoomConnection } from './connection.svelte';
import { Dealings } from './dealings.svelte';
import { RoomDoor } from './door.svelte';
import { Entry } from './entry.svelte';
import { KeptEntrance } from './kept-entrance';
import type { Meeting, MeetingLayout, Shown, TileConnection } from './model';
import { MediaPath } from './media-path.svelte';
import { Notices } from './notices.svelte';
import { OwnMedia } from './own-media.svelte';
import type { KeptPreferences } from './preferences.svelte';
import { Presence } from './presence';
import { Room } from './room.svelte';
import { displayRoomName } from './room-name';
import type { AddressSecrets } from './secrets';

/**
 * A meeting from the page before joining until after leaving. It joins session, media, devices, notices and what
 * people do with each other, and owns them from open() to close().
 */
export class RoomMeeting implements Meeting {
  readonly room: string;
  readonly link: string;

  readonly #devices: Devices;
  readonly #preferences: KeptPreferences;
  readonly door: RoomDoor;
  readonly #entry: Entry;
  readonly #session: Session;
  readonly #exchange: Exchange;
  readonly #own: OwnMedia;
  readonly #dealings: Dealings;
  readonly #cast: Cast;
  readonly #presence: Presence;
  readonly connection: RoomConnection;
  readonly #notices = new Notices();
  readonly #path = new MediaPath(this.#notices);
  readonly #told = new Room();
  readonly condition = $derived.by(() => conditionOf(this.#told));
  readonly card = $derived.by(() => invitationCard(this.#details()));

  constructor(room: string, devices: Devices, preferences: KeptPreferences) {
    this.room = displayRoomName(room);
    this.link = new URL(`/${encodeURIComponent(room)}`, location.href).href;
    this.#devices = devices;
    this.#preferences = preferences;
    this.#session = new Session({
      url: new URL('/-/ws', location.href.replace(/^http/, 'ws')).href,
      room,
      capabilities: (hello) => this.#exchange.load(hello.rtpCapabilities),
      events: {
        greeted: () => void this.door.ask(),
        waiting: (lobby) => this.#entry.wait(lobby),
        joined: (joined) => this.#presence.joined(joined),
        resumed: (resumed) => this.#presence.resumed(resumed),
        dropped: () => (this.#entry.phase = 'reconnecting'),
        ended: (reason) => this.#entry.over('ended', reason),
        notification: (notification) => this.#presence.notified(notification),
      },
    });
    this.#exchange = new Exchange(
      this.#session,
      {
        streams: () => this.#streamsChanged(),
        path: (up) => this.#path.change(up),
        soundBlocked: (blocked) => this.#soundBlocked(blocked),
        sendFailed: (publication, reason) => this.#own.failed(publication, reason),
        sendStopped: (publication) => this.#own.stopped(publication),
      },
      () => preferences.pictures !== 'all',
    );
    this.#own = new OwnMedia({
      devices,
      exchange: this.#exchange,
      notices: this.#notices,
      rights: () => this.#told.you && this.#told.rights,
      inside: () => this.phase === 'in' || this.phase === 'reconnecting',
    });
    const kept = new KeptEntrance(room);
    this.door = new RoomDoor({
      room,
      kept,
      ask: (method, params) => this.#session.ask(method, params),
      domain: location.hostname,
      host: location.host,
    });
    this.#entry = new Entry({
      session: this.#session,
      door: this.door,
      kept,
      preferences,
      open: () => this.open(),
      leaveRoom: () => this.#presence.leave(),
      leave: () => this.#leave(),
    });
    this.#dealings = new Dealings({
      session: this.#session,
      room: this.#told,
      notices: this.#notices,
      own: this.#own,
      details: () => this.#details(),
    });
    this.#cast = new Cast({
      room: this.#told,
      exchange: this.#exchange,
      devices,
      own: this.#own,
      reactions: this.#dealings.reactions,
      connection: () => this.#connection(),
      blind: () => this.#preferences.pictures === 'none',
    });
    this.connection = new RoomConnection({
      statistics: () => this.#exchange.statistics(),
      downlink: () => this.#session.request('downlink', {}),
      producerOf: (flow) => this.#exchange.producerOf(flow),
      participants: () => this.#told.roster.participants,
      selfId: () => this.#told.selfId,
      tiles: () => this.#cast.tiles,
      trouble: (hint) => this.#notices.tell('trouble', { hint }),
    });
    this.#presence = new Presence({
      session: this.#session,
      exchange: this.#exchange,
      room: this.#told,
      entry: this.#entry,
      own: this.#own,
      dealings: this.#dealings,
      notices: this.#notices,
      path: this.#path,
      connection: this.connection,
      saving: () => preferences.saving,
    });
  }

  /** Opens the page before joining: devices, connection, the code for media, and the place in the waiting room. */
  open(): void {
    this.#entry.begin();
    this.#own.listen();
    this.#exchange.preload();
    this.#session.connect();
    void this.#devices.open();
    this.#entry.goOnWaiting();
  }

  /** Takes over what the address brought. */
  arrive(secrets: AddressSecrets): void {
    this.door.arrive(secrets);
  }

  /** Somebody logged in or out: before joining the server is to know it. */
  identityChanged(): void {
    this.#session.reconnect();
  }

  /** Leaves and releases everything. */
  close(): void {
    this.#leave();
    this.#devices.listen(undefined);
  }

  get phase() {
    return this.#entry.phase;
  }

  get error() {
    return this.#entry.error;
  }

  get name() {
    return this.#entry.name;
  }

  get layout() {
    return this.#cast.layout;
  }

  get tiles() {
    return this.#cast.tiles;
  }

  get people() {
    return this.#cast.people;
  }

  get self() {
    return this.#cast.self;
  }

  get hands() {
    return this.#cast.hands;
  }

  get notices() {
    return this.#notices.list;
  }

  get pinned() {
    return this.#cast.pinned;
  }

  get role() {
    return this.#told.you?.role;
  }

  get rights() {
    return this.#told.rights;
  }

  get settings() {
    return this.#told.settings;
  }

  get microphone() {
    return this.#own.microphone;
  }

  get camera() {
    return this.#own.camera;
  }

  get screen() {
    return this.#own.screen(this.phase === 'in');
  }

  get chat() {
    return this.#dealings.chat;
  }

  get hand() {
    return this.#dealings.hand;
  }

  get reactions() {
    return this.#dealings.reactions;
  }

  get moderation() {
    return this.#dealings.moderation;
  }

  get invitations() {
    return this.#dealings.invitations;
  }

  get knocks() {
    return this.#dealings.knocks;
  }

  get waiting() {
    return this.#entry.waiting;
  }

  get join() {
    return this.#entry.join;
  }

  get rename() {
    return this.phase === 'in' && this.rights.has('rename')
      ? (name: string) => void this.#entry.rename(name)
      : undefined;
  }

  get rejoin() {
    return this.#entry.rejoin;
  }

  leave(): void {
    this.#entry.over('left');
  }

  pin(tileId: string | undefined): void {
    this.#cast.pin(tileId);
  }

  setLayout(layout: MeetingLayout): void {
    this.#cast.layout = layout;
  }

  dismiss(noticeId: number): void {
    this.#notices.dismiss(noticeId);
  }

  show(items: Shown[]): void {
    this.#presence.show(items);
  }

  #connection(): TileConnection {
    if (this.phase === 'reconnecting') return 'reconnecting';
    return this.#path.up ? 'good' : 'lost';
  }

  #details() {
    return {
      address: this.link,
      title: this.settings?.title ?? this.door.title,
      inviter: this.#told.own?.name ?? this.name,
      language: this.settings?.language || this.#preferences.language, // the server tells no language as ''
      password: this.settings?.password ?? this.door.password,
    };
  }

  #streamsChanged(): void {
    this.#cast.streamsChanged();
    this.#presence.receive();
  }

  #soundBlocked(blocked: boolean): void {
    if (blocked) this.#notices.tell('sound-blocked', { action: () => this.#exchange.unblockSound() });
    else this.#notices.withdraw('sound-blocked');
  }

  #leave(): void {
    this.#session.leave();
    this.#presence.leave();
    this.#own.close();
    this.#notices.clear();
  }
}
