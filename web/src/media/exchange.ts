import type {
  Joined,
  Participant,
  ProducerWish,
  Resumed,
  RTPCapabilities,
  Transport as ServerTransport,
} from '../signal/protocol.gen';
import { failureCode, type FailureCode } from '../signal/failure';
import type { Session } from '../signal/session';
import { Engine, type Connect } from './engine';
import { Link } from './link';
import { Playout } from './playout';
import { Publisher, type Publication } from './publisher';
import { Receiver, type WantedTrack } from './receiver';
import type { SharedScreen } from './screens.svelte';
import { Sound } from './sound';
import { Meter, type Flow, type Statistics } from './statistics';
import { Viewer, type ShownTrack } from './viewer';

/** How often the size of what is sent is looked at, in ms. */
const sizeInterval = 3_000;

export interface ExchangeEvents {
  /** Other streams are there now. */
  streams(): void;
  /** Media passes, or no longer. */
  path(up: boolean): void;
  /** The browser plays no sound before the person allows it. */
  soundBlocked(blocked: boolean): void;
  /** Something could not be sent. */
  sendFailed(publication: Publication, reason: FailureCode): void;
  /** The server stopped what was sent. */
  sendStopped(publication: Publication): void;
}

/**
 * The media of a meeting: the transports of both directions and what goes over them, across dropped connections and
 * joining anew. It owns all of that from attach() to close(). It must not know who the participants are.
 */
export class Exchange {
  readonly #session: Session;
  readonly #events: ExchangeEvents;
  readonly #engine = new Engine();
  readonly #publisher: Publisher;
  readonly #receiver: Receiver;
  readonly #viewer: Viewer;
  readonly #sound: Sound;
  #links: Link[] = [];
  readonly #meter = new Meter();
  readonly #playout: Playout;
  #roundTrip = 0;
  #groups = new Set<string>();
  #sizeTimer: ReturnType<typeof setInterval> | undefined;

  /** modest tells whether data is to be saved. */
  constructor(session: Session, events: ExchangeEvents, modest: () => boolean) {
    this.#session = session;
    this.#events = events;
    this.#sound = new Sound({ blocked: (blocked) => events.soundBlocked(blocked) });
    this.#viewer = new Viewer((view) => session.request('view', view));
    this.#publisher = new Publisher({
      request: (method, params) => session.request(method, params),
      produce: (produce) => session.request('produce', produce),
      videoCodec: () => this.#engine.videoCodec,
      scalabilityMode: () => this.#engine.scalabilityMode,
      modest,
      failed: (publication, reason) => events.sendFailed(publication, reason),
      stopped: (publication) => events.sendStopped(publication),
    });
    this.#receiver = new Receiver({
      request: (method, params) => session.request(method, params),
      player: this.#sound,
      changed: () => events.streams(),
    });
    this.#playout = new Playout({
      receivers: () => this.#receiver.voices(),
      roundTrip: () => this.#roundTrip,
    });
  }

  preload(): void {
    this.#engine.preload();
  }

  load(router: RTPCapabilities): Promise<RTPCapabilities> {
    return this.#engine.load(router);
  }

  /** Takes new transports in the place of those before. */
  attach(joined: Joined): void {
    this.#closeLinks();
    const send = this.#engine.sendTransport(joined.send, this.#connect);
    const receive = this.#engine.receiveTransport(joined.receive, this.#connect);
    this.#links = [this.#link(send, joined.send), this.#link(receive, joined.receive)];
    this.#publisher.attach(send);
    this.#receiver.attach(receive);
    this.#playout.start();
    this.#viewer.repeat();
    clearInterval(this.#sizeTimer);
    this.#sizeTimer = setInterval(() => this.#publisher.refresh(), sizeInterval);
  }

  /** Compares with what the server has, after the connection dropped. */
  resume(resumed: Resumed, own: Participant | undefined): void {
    if (own) this.#publisher.reconcile(own);
    this.#receiver.reconcile(resumed.consumerIds);
    this.#viewer.repeat();
    for (const link of this.#links) if (!link.up) link.restart();
  }

  /** Takes note of what the server says of what is sent. */
  observe(own: Participant): void {
    this.#publisher.observe(own);
  }

  /** Looks for new ways through the network. */
  restart(): void {
    for (const link of this.#links) link.restart();
  }

  publish(key: string, publication: Publication | undefined): void {
    this.#publisher.set(key, publication);
  }

  /** Sends these screens, and no others. */
  publishScreens(screens: readonly SharedScreen[]): void {
    const groups = new Set(screens.map((screen) => screen.group));
    for (const group of this.#groups) {
      if (groups.has(group)) continue;
      this.#publisher.set(`screen ${group}`, undefined);
      this.#publisher.set(`screen-audio ${group}`, undefined);
    }
    for (const { group, kind, video, audio } of screens) {
      this.#publisher.set(`screen ${group}`, { source: 'screen', track: video, group, screen: kind });
      this.#publisher.set(`screen-audio ${group}`, { source: 'screen-audio', track: audio, group });
    }
    this.#groups = groups;
  }

  receive(tracks: WantedTrack[]): void {
    this.#receiver.want(tracks);
  }

  show(tracks: ShownTrack[]): void {
    this.#viewer.show(tracks);
  }

  stream(producerId: string): MediaStream | undefined {
    return this.#receiver.stream(producerId);
  }

  consumerId(producerId: string): string | undefined {
    return this.#receiver.consumerId(producerId);
  }

  /** The producer of what is sent or received. */
  producerOf({ direction, origin }: Pick<Flow, 'direction' | 'origin'>): string | undefined {
    return (direction === 'sent' ? this.#publisher : this.#receiver).producerOf(origin);
  }

  /** What goes over the transports since the last look. */
  async statistics(): Promise<Statistics> {
    const [send, receive] = this.#links;
    const reports = await Promise.all([
      send?.transport.getStats() ?? [],
      receive?.transport.getStats() ?? [],
    ]);
    const statistics = this.#meter.read(...reports);
    this.#roundTrip = statistics.roundTrip;
    return statistics;
  }

  /** The server tells up to which layers anybody shows what is sent. */
  wanted(wishes: ProducerWish[]): void {
    this.#publisher.sendUpTo(wishes);
  }

  consumersClosed(consumerIds: string[]): void {
    this.#receiver.closed(consumerIds);
  }

  useSpeaker(id: string): void {
    this.#sound.useSpeaker(id);
  }

  unblockSound(): void {
    this.#sound.unblock();
  }

  close(): void {
    clearInterval(this.#sizeTimer);
    this.#playout.stop();
    this.#viewer.close();
    this.#publisher.detach();
    this.#receiver.detach();
    this.#closeLinks();
    this.#sound.close();
  }

  readonly #connect: Connect = async (params) => {
    try {
      await this.#session.request('transport.connect', params);
    } catch (error) {
      if (failureCode(error) !== 'network') throw error;
      // The connection dropped meanwhile. If the request had arrived before, the server refuses it the second time.
      await this.#session.insist('transport.connect', params).catch((second: unknown) => {
        if (['network', 'not_found'].includes(failureCode(second))) throw second;
      });
    }
  };

  #link(transport: Link['transport'], { id }: ServerTransport): Link {
    return new Link(transport, {
      restart: async () =>
        (await this.#session.insist('transport.restartIce', { transportId: id })).iceParameters,
      changed: () => this.#events.path(this.#links.every((link) => link.up)),
      failed: () => this.#session.rejoin(),
    });
  }

  #closeLinks(): void {
    for (const link of this.#links) link.close();
    this.#links = [];
  }
}
