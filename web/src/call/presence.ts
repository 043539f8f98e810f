import type { Exchange } from '../media/exchange';
import type { Notification } from '../signal/channel';
import type { Joined, Resumed } from '../signal/protocol.gen';
import type { Session } from '../signal/session';
import type { RoomConnection } from './connection.svelte';
import type { Dealings } from './dealings.svelte';
import type { Entry } from './entry.svelte';
import type { MediaPath } from './media-path.svelte';
import type { Shown } from './model';
import type { Notices } from './notices.svelte';
import type { OwnMedia } from './own-media.svelte';
import type { Room, RoomNews } from './room.svelte';
import { Surroundings } from './surroundings';
import { tellNews } from './telling';
import { WakeLock } from './wake-lock';
import { Watch } from './watch';

export interface PresenceOptions {
  session: Session;
  exchange: Exchange;
  room: Room;
  entry: Entry;
  own: OwnMedia;
  dealings: Dealings;
  notices: Notices;
  path: MediaPath;
  connection: RoomConnection;
  /** Whether pictures come small because data costs money. */
  saving(): boolean;
}

/**
 * Being in a room: it takes over what the server tells, receives what is looked at, and keeps the screen awake. It
 * owns what watches the page's surroundings, from joining until leave().
 */
export class Presence {
  readonly #options: PresenceOptions;
  readonly #watch: Watch;
  readonly #wakeLock = new WakeLock();
  readonly #surroundings: Surroundings;
  /** Whether the person knows that pictures come small. */
  #toldSaving = false;

  constructor(options: PresenceOptions) {
    const { session, exchange, entry } = options;
    this.#options = options;
    this.#watch = new Watch(exchange);
    this.#surroundings = new Surroundings({
      networkChanged: () => {
        session.probe();
        exchange.restart();
        this.#tellSaving();
      },
      visibilityChanged: () => this.receive(),
      leaving: () => entry.over('left'),
    });
  }

  joined(joined: Joined): void {
    const { exchange, room, entry, dealings, notices, path } = this.#options;
    const again = entry.phase === 'reconnecting';
    path.reset();
    this.#watch.enter(joined.audioSlots);
    room.enter(joined);
    exchange.attach(joined);
    this.#begin();
    void dealings.chat.read(true);
    if (again) notices.tell('back');
    this.#tellSaving();
  }

  resumed(resumed: Resumed): void {
    const { exchange, room, dealings } = this.#options;
    this.#tell(room.resume(resumed));
    exchange.resume(resumed, room.own);
    this.#begin();
    void dealings.chat.read(false);
  }

  notified(notification: Notification): void {
    const { session, exchange, room, own, dealings } = this.#options;
    const { method, params } = notification;
    switch (method) {
      case 'delta': {
        const news = room.apply(params);
        if (!news) return session.resync();
        this.#followOwn();
        this.#tell(news);
        return this.receive();
      }
      case 'speakers':
        return room.speak(params);
      case 'quality':
        return room.measure(params);
      case 'consumers.closed':
        return exchange.consumersClosed(params.consumerIds);
      case 'consumers.changed':
        return room.limit(params.consumers);
      case 'producers.wanted':
        return exchange.wanted(params.producers);
      case 'you':
        room.become(params);
        return own.obey();
      default:
        return dealings.take(notification);
    }
  }

  /** Notes what is on the screen. */
  show(items: Shown[]): void {
    this.#watch.show(items);
    this.receive();
  }

  /** Asks for what can be heard and seen now. */
  receive(): void {
    const { entry, room } = this.#options;
    if (entry.phase === 'in') this.#watch.follow(room.others, this.#surroundings.hidden);
  }

  /** Ends what belongs to being in the room. */
  leave(): void {
    const { exchange, room, dealings, path, connection } = this.#options;
    exchange.close();
    connection.end();
    this.#wakeLock.release();
    this.#surroundings.stop();
    path.reset();
    room.leave();
    dealings.clear();
    this.#watch.reset();
    this.#toldSaving = false;
  }

  #begin(): void {
    const { entry, own, connection } = this.#options;
    entry.enter();
    connection.begin();
    this.#wakeLock.hold();
    this.#surroundings.start();
    own.obey();
    own.publish();
    this.receive();
  }

  /** Follows what somebody else did to oneself. */
  #followOwn(): void {
    const { session, exchange, room, entry } = this.#options;
    if (!room.own) return;
    exchange.observe(room.own);
    session.renamed(room.own.name);
    entry.name = room.own.name;
  }

  #tellSaving(): void {
    const { notices, saving } = this.#options;
    if (this.#toldSaving || !saving()) return;
    this.#toldSaving = true;
    notices.tell('metered');
  }

  #tell(news: RoomNews): void {
    const { notices, room } = this.#options;
    tellNews(notices, news, room.rights.has('moderate'));
  }
}
