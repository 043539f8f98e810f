import type { Devices } from '../media/devices.svelte';
import { Exchange } from '../media/exchange';
import type { Notification } from '../signal/channel';
import { failureCode, type FailureCode } from '../signal/failure';
import type { Joined, Lobby, Resumed } from '../signal/protocol.gen';
import { Session } from '../signal/session';
import { invitationCard } from './card';
import { Cast } from './cast.svelte';
import { conditionOf } from './condition';
import { Dealings } from './dealings.svelte';
import { RoomDoor } from './door.svelte';
import { KeptEntrance } from './kept-entrance';
import type { Failure, InvitationCard, Meeting, MeetingLayout, Phase, Shown, TileConnection } from './model';
import { MediaPath } from './media-path.svelte';
import { Notices } from './notices.svelte';
import { OwnMedia } from './own-media.svelte';
import type { KeptPreferences } from './preferences.svelte';
import { Room, type RoomNews } from './room.svelte';
import { displayRoomName } from './room-name';
import type { AddressSecrets } from './secrets';
import { Surroundings } from './surroundings';
import { tellNews } from './telling';
import type { MeetingState } from './tiles';
import { WakeLock } from './wake-lock';
import { Watch } from './watch';

/**
 * A meeting from the page before joining until after leaving. It joins session, media, devices, notices and what
 * people do with each other, and owns them from open() to close().
 */
export class RoomMeeting implements Meeting {
  readonly room: string;
  readonly link: string;
  phase = $state<Phase>('lobby');
  error = $state<Failure | undefined>();
  name = $state('');
  layout = $state<MeetingLayout>('grid');

  readonly #devices: Devices;
  readonly #preferences: KeptPreferences;
  readonly door: RoomDoor;
  readonly #kept: KeptEntrance;
  readonly #session: Session;
  readonly #exchange: Exchange;
  readonly #watch: Watch;
  readonly #own: OwnMedia;
  readonly #dealings: Dealings;
  readonly #notices = new Notices();
  readonly #path = new MediaPath(this.#notices);
  readonly #wakeLock = new WakeLock();
  readonly #surroundings: Surroundings;

  readonly #told = new Room();
  /** Counts the changes of what is received, which lies outside of runes. */
  #streams = $state(0);
  #pin = $state<string | undefined>();
  #lobby = $state.raw<Lobby | undefined>();
  readonly #cast = new Cast(() => this.#stateNow());
  readonly condition = $derived.by(() => conditionOf(this.#told));
  readonly card = $derived.by(() => this.#card());

  constructor(room: string, devices: Devices, preferences: KeptPreferences) {
    this.room = displayRoomName(room);
    this.link = new URL(`/${encodeURIComponent(room)}`, location.href).href;
    this.name = preferences.name;
    this.#devices = devices;
    this.#preferences = preferences;
    this.#session = new Session({
      url: new URL('/-/ws', location.href.replace(/^http/, 'ws')).href,
      room,
      capabilities: (hello) => this.#exchange.load(hello.rtpCapabilities),
      events: {
        greeted: () => void this.door.ask(),
        waiting: (lobby) => this.#wait(lobby),
        joined: (joined) => this.#joined(joined),
        resumed: (resumed) => this.#resumed(resumed),
        dropped: () => (this.phase = 'reconnecting'),
        ended: (reason) => this.#over('ended', reason),
        notification: (notification) => this.#notified(notification),
      },
    });
    this.#exchange = new Exchange(this.#session, {
      streams: () => this.#streamsChanged(),
      path: (up) => this.#path.change(up),
      soundBlocked: (blocked) => this.#soundBlocked(blocked),
      sendFailed: (publication, reason) => this.#own.failed(publication, reason),
      sendStopped: (publication) => this.#own.stopped(publication),
    });
    this.#watch = new Watch(this.#exchange);
    this.#own = new OwnMedia({
      devices,
      exchange: this.#exchange,
      notices: this.#notices,
      rights: () => this.#told.you && this.#told.rights,
      inside: () => this.phase === 'in' || this.phase === 'reconnecting',
    });
    this.#kept = new KeptEntrance(room);
    this.door = new RoomDoor({
      room,
      kept: this.#kept,
      ask: (method, params) => this.#session.ask(method, params),
      domain: location.hostname,
    });
    this.#dealings = new Dealings({
      session: this.#session,
      room: this.#told,
      notices: this.#notices,
      own: this.#own,
      details: () => this.#details(),
    });
    this.#surroundings = new Surroundings({
      networkChanged: () => {
        this.#session.probe();
        this.#exchange.restart();
      },
      visibilityChanged: () => this.#receive(),
      leaving: () => this.leave(),
    });
  }

  /** Opens the page before joining: devices, connection, the code for media, and the place in the waiting room. */
  open(): void {
    this.phase = 'lobby';
    this.error = undefined;
    this.#own.listen();
    this.#exchange.preload();
    this.#session.connect();
    void this.#devices.open();
    // A page that was loaded again goes back to its place in the waiting room.
    if (this.#kept.value.knock && this.name !== '') void this.#join(this.name, '');
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

  get pinned(): string | undefined {
    return this.tiles.some((tile) => tile.id === this.#pin) ? this.#pin : undefined;
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
    if (this.phase !== 'waiting' || !this.#lobby) return undefined;
    const { hostPresent, title = '' } = this.#lobby;
    return { hostPresent, title, withdraw: () => this.#withdraw() };
  }

  get join() {
    return this.phase === 'lobby' ? (name: string, password = '') => this.#join(name, password) : undefined;
  }

  get rename() {
    return this.phase === 'in' && this.rights.has('rename')
      ? (name: string) => void this.#rename(name)
      : undefined;
  }

  get rejoin() {
    const out = this.phase === 'left' || this.phase === 'ended' || this.phase === 'failed';
    return out && this.error !== 'refused' && this.error !== 'banned' ? () => this.open() : undefined;
  }

  leave(): void {
    this.#over('left');
  }

  pin(tileId: string | undefined): void {
    this.#pin = tileId;
  }

  setLayout(layout: MeetingLayout): void {
    this.layout = layout;
  }

  dismiss(noticeId: number): void {
    this.#notices.dismiss(noticeId);
  }

  show(items: Shown[]): void {
    this.#watch.show(items);
    this.#receive();
  }

  #stateNow(): MeetingState {
    void this.#streams;
    return {
      participants: this.#told.roster.participants,
      selfId: this.#told.selfId,
      speakers: this.#told.speakers,
      quality: this.#told.quality,
      stream: (producerId) => this.#exchange.stream(producerId),
      limited: (producerId) => this.#told.limited.has(this.#exchange.consumerId(producerId) ?? ''),
      reactions: this.reactions.last,
      own: {
        microphoneOn: this.#devices.microphoneOn,
        camera: this.#devices.preview,
        screens: this.#own.shared,
        connection: this.#ownConnection(),
      },
    };
  }

  #ownConnection(): TileConnection {
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

  #card(): InvitationCard {
    return invitationCard(this.#details());
  }

  async #join(name: string, password: string): Promise<void> {
    this.phase = 'joining';
    this.error = undefined;
    this.name = name.trim();
    this.#preferences.name = this.name;
    try {
      await this.#session.join(this.name, this.door.entrance(password));
    } catch (error) {
      if (this.phase !== 'joining' && this.phase !== 'waiting') return; // the person went away meanwhile
      this.#notLetIn(failureCode(error), password);
    }
  }

  /** Goes back to the page before joining where that helps, or tells why there is no way in. */
  #notLetIn(reason: FailureCode, password: string): void {
    if (!this.door.refused(reason)) return this.#over('failed', reason);
    this.phase = 'lobby';
    this.error = reason === 'password_required' && password === '' ? undefined : reason;
  }

  #wait(lobby: Lobby): void {
    if (this.phase === 'in' || this.phase === 'reconnecting') this.#leaveRoom();
    this.#lobby = lobby;
    this.#kept.set({ knock: lobby.ticket });
    this.phase = 'waiting';
  }

  #withdraw(): void {
    this.#kept.set({ knock: undefined });
    this.#session.leave();
    this.open();
  }

  async #rename(name: string): Promise<void> {
    try {
      await this.#session.rename(name.trim());
      this.name = name.trim();
      this.#preferences.name = this.name;
    } catch {
      // The old name stays, and everybody sees it.
    }
  }

  #joined(joined: Joined): void {
    const again = this.phase === 'reconnecting';
    this.#path.reset();
    this.#watch.enter(joined.audioSlots);
    this.#told.enter(joined);
    this.#exchange.attach(joined);
    this.#inRoom();
    void this.chat.read(true);
    if (again) this.#notices.tell('back');
  }

  #resumed(resumed: Resumed): void {
    this.#tell(this.#told.resume(resumed));
    this.#exchange.resume(resumed, this.#told.own);
    this.#inRoom();
    void this.chat.read(false);
  }

  #inRoom(): void {
    this.phase = 'in';
    this.#lobby = undefined;
    this.#kept.set({ knock: undefined });
    this.#wakeLock.hold();
    this.#surroundings.start();
    this.#own.obey();
    this.#own.publish();
    this.#receive();
  }

  #notified(notification: Notification): void {
    const { method, params } = notification;
    switch (method) {
      case 'delta': {
        const news = this.#told.apply(params);
        if (!news) return this.#session.resync();
        this.#followOwn();
        this.#tell(news);
        return this.#receive();
      }
      case 'speakers':
        return this.#told.speak(params);
      case 'quality':
        return this.#told.measure(params);
      case 'consumers.closed':
        return this.#exchange.consumersClosed(params.consumerIds);
      case 'consumers.changed':
        return this.#told.limit(params.consumers);
      case 'you':
        this.#told.become(params);
        return this.#own.obey();
      default:
        return this.#dealings.take(notification);
    }
  }

  /** Follows what somebody else did to oneself. */
  #followOwn(): void {
    const { own } = this.#told;
    if (!own) return;
    this.#exchange.observe(own);
    this.#session.renamed(own.name);
    this.name = own.name;
  }

  #tell(news: RoomNews): void {
    tellNews(this.#notices, news, this.rights.has('moderate'));
  }

  #receive(): void {
    if (this.phase === 'in') this.#watch.follow(this.#told.others, this.#surroundings.hidden);
  }

  #streamsChanged(): void {
    this.#streams++;
    this.#receive();
  }

  #soundBlocked(blocked: boolean): void {
    if (blocked) this.#notices.tell('sound-blocked', { action: () => this.#exchange.unblockSound() });
    else this.#notices.withdraw('sound-blocked');
  }

  #over(phase: 'left' | 'ended' | 'failed', error?: FailureCode): void {
    this.#leave();
    this.phase = phase;
    this.error = error;
  }

  #leave(): void {
    this.#session.leave();
    this.#leaveRoom();
    this.#own.close();
    this.#notices.clear();
    this.#lobby = undefined;
  }

  /** Ends what belongs to being in the room. */
  #leaveRoom(): void {
    this.#exchange.close();
    this.#wakeLock.release();
    this.#surroundings.stop();
    this.#path.reset();
    this.#told.leave();
    this.#dealings.clear();
    this.#watch.reset();
  }
}
