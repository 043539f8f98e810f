import type { Consumer, RtpParameters, Transport } from 'mediasoup-client/types';
import { failureCode } from '../signal/failure';
import type { Consumer as ConsumerOffer, MediaKind, Requests } from '../signal/protocol.gen';

/** How many tracks are asked for at once. */
const batchSize = 50;
/** How long to wait after a refusal, in ms. */
const retryDelay = 2_000;

/** A track of somebody else that is to be received. */
export interface WantedTrack {
  producerId: string;
  kind: MediaKind;
  /** Tracks of one name are played in step: a person's picture and voice, a screen and its sound. */
  syncName: string;
}

/** Where sound goes. */
export interface Player {
  add(id: string, track: MediaStreamTrack): void;
  remove(id: string): void;
}

export interface ReceiverOptions {
  request<M extends 'consume' | 'consumers.resume' | 'consumers.close'>(
    method: M,
    params: Requests[M]['params'],
  ): Promise<Requests[M]['result']>;
  player: Player;
  makeStream?: (track: MediaStreamTrack) => MediaStream;
  /** Other streams are there now. */
  changed(): void;
}

interface Received {
  consumer: Consumer;
  stream: MediaStream;
}

/**
 * Receives what is wanted. Tracks are asked for in batches, since each batch is one negotiation of the browser. They
 * come paused and are resumed when the browser is ready for them. It owns the consumers.
 */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #makeStream: (track: MediaStreamTrack) => MediaStream;
  readonly #received = new Map<string, Received>(); // by producer id
  #wanted = new Map<string, WantedTrack>();
  /** Producers that the server gave no consumer for: gone, or nothing that this browser can decode. */
  readonly #refused = new Set<string>();
  #transport: Transport | undefined;
  #working = false;
  #again = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    this.#makeStream = options.makeStream ?? ((track) => new MediaStream([track]));
  }

  stream(producerId: string): MediaStream | undefined {
    return this.#received.get(producerId)?.stream;
  }

  consumerId(producerId: string): string | undefined {
    return this.#received.get(producerId)?.consumer.id;
  }

  /** The producer of a track that is received, by the track's id. */
  producerOf(trackId: string): string | undefined {
    for (const [producerId, { consumer }] of this.#received) {
      if (consumer.track.id === trackId) return producerId;
    }
    return undefined;
  }

  /** What receives sound. */
  voices(): RTCRtpReceiver[] {
    return [...this.#received.values()].flatMap(({ consumer }) =>
      consumer.kind === 'audio' && consumer.rtpReceiver ? [consumer.rtpReceiver] : [],
    );
  }

  /** Receives over this transport from now on, in place of the one before, which is closed. */
  attach(transport: Transport): void {
    this.detach();
    this.#transport = transport;
    void this.#work();
  }

  detach(): void {
    this.#transport = undefined;
    clearTimeout(this.#retry);
    this.#refused.clear();
    for (const producerId of [...this.#received.keys()]) this.#drop(producerId);
    this.#options.changed();
  }

  /** Receives exactly these tracks from now on. */
  want(tracks: WantedTrack[]): void {
    this.#wanted = new Map(tracks.map((track) => [track.producerId, track]));
    for (const producerId of this.#refused) {
      if (!this.#wanted.has(producerId)) this.#refused.delete(producerId);
    }
    void this.#work();
  }

  /** The server closed these consumers. */
  closed(consumerIds: string[]): void {
    const gone = new Set(consumerIds);
    for (const [producerId, { consumer }] of [...this.#received]) {
      if (gone.has(consumer.id)) this.#drop(producerId);
    }
    this.#options.changed();
    void this.#work();
  }

  /** Takes note of the consumers that the server has, after messages may have been lost. */
  reconcile(consumerIds: string[]): void {
    const alive = new Set(consumerIds);
    for (const [producerId, { consumer }] of [...this.#received]) {
      if (!alive.delete(consumer.id)) this.#drop(producerId);
    }
    this.#close([...alive]);
    this.#resume([...this.#received.values()].map(({ consumer }) => consumer.id));
    this.#refused.clear();
    this.#options.changed();
    void this.#work();
  }

  async #work(): Promise<void> {
    this.#again = true;
    if (this.#working) return;
    this.#working = true;
    while (this.#again) {
      this.#again = false;
      await Promise.resolve(); // what is wanted in one go is asked for in one go
      this.#dropUnwanted();
      const missing = [...this.#wanted.keys()].filter(
        (id) => !this.#received.has(id) && !this.#refused.has(id),
      );
      if (!this.#transport || missing.length === 0) continue;
      try {
        await this.#consume(this.#transport, missing.slice(0, batchSize));
      } catch (error) {
        // A lost connection is made good by reconcile() or attach().
        if (failureCode(error) !== 'network') this.#retry = setTimeout(() => void this.#work(), retryDelay);
      }
    }
    this.#working = false;
  }

  async #consume(transport: Transport, producerIds: string[]): Promise<void> {
    const { consumers } = await this.#options.request('consume', { producerIds, paused: true });
    if (transport !== this.#transport) return;
    const offered = new Set(consumers.map((offer) => offer.producerId));
    for (const id of producerIds) if (!offered.has(id)) this.#refused.add(id);

    const made = await Promise.allSettled(consumers.map((offer) => this.#make(transport, offer)));
    if (transport !== this.#transport) return;
    const ready: string[] = [];
    made.forEach((result, at) => {
      const offer = consumers[at];
      if (!offer) return;
      if (result.status === 'rejected') {
        this.#refused.add(offer.producerId);
        this.#close([offer.id]);
        return;
      }
      const consumer = result.value;
      this.#received.set(offer.producerId, { consumer, stream: this.#makeStream(consumer.track) });
      if (offer.kind === 'audio') this.#options.player.add(consumer.id, consumer.track);
      ready.push(consumer.id);
    });
    this.#resume(ready);
    this.#options.changed();
    this.#again = true;
  }

  #make(transport: Transport, offer: ConsumerOffer): Promise<Consumer> {
    return transport.consume({
      id: offer.id,
      producerId: offer.producerId,
      kind: offer.kind,
      rtpParameters: offer.rtpParameters as RtpParameters,
      streamId: this.#wanted.get(offer.producerId)?.syncName ?? offer.producerId,
    });
  }

  #dropUnwanted(): void {
    const gone: string[] = [];
    for (const [producerId, { consumer }] of [...this.#received]) {
      if (this.#wanted.has(producerId)) continue;
      gone.push(consumer.id);
      this.#drop(producerId);
    }
    if (gone.length === 0) return;
    this.#close(gone);
    this.#options.changed();
  }

  #drop(producerId: string): void {
    const received = this.#received.get(producerId);
    if (!received) return;
    this.#received.delete(producerId);
    this.#options.player.remove(received.consumer.id);
    received.consumer.close();
  }

  #resume(consumerIds: string[]): void {
    if (consumerIds.length === 0) return;
    this.#options.request('consumers.resume', { consumerIds }).catch(() => undefined); // reconcile() sees to it
  }

  #close(consumerIds: string[]): void {
    if (consumerIds.length === 0) return;
    this.#options.request('consumers.close', { consumerIds }).catch(() => undefined); // reconcile() sees to it
  }
}
