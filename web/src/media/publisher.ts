import type { Producer, RtpCodecCapability, Transport } from 'mediasoup-client/types';
import { failureCode, type FailureCode } from '../signal/failure';
import type {
  Participant,
  Produce,
  Producer as TheirProducer,
  ProducerWish,
  Requests,
  Size,
  Source,
} from '../signal/protocol.gen';
import { cameraEncodings, codecOptions, modestLayer, screenEncodings, type Encoding } from './encodings';

/** What is to be sent under one source. */
export interface Publication {
  source: Source;
  /** Undefined: nothing for now, but what was sent may go on later. */
  track: MediaStreamTrack | undefined;
  /** Ties a screen to its sound. */
  group?: string;
  screen?: 'motion' | 'text';
}

/** What belongs to a produce request and doesn't come from mediasoup-client. */
export type ProduceDetails = Pick<Produce, 'source' | 'size' | 'group'>;

export interface PublisherOptions {
  request<M extends 'producer.update' | 'producer.pause' | 'producer.resume' | 'producer.close'>(
    method: M,
    params: Requests[M]['params'],
  ): Promise<unknown>;
  produce(produce: Produce): Promise<{ producerId: string }>;
  videoCodec(): RtpCodecCapability | undefined;
  /** How video is layered within a stream, where the browser can do that. */
  scalabilityMode?(): string | undefined;
  /** Whether data is to be saved: then a camera's picture is sent small. */
  modest?(): boolean;
  /** Something could not be sent, and won't be tried again by itself. */
  failed(publication: Publication, reason: FailureCode): void;
  /** The server, on somebody's behalf, stopped what was sent: nothing is sent until it is set anew. */
  stopped(publication: Publication): void;
}

interface Slot {
  wanted: Publication | undefined;
  producer?: Producer;
  /** How the producer's layers were chosen. */
  layers?: number;
  /** What the server was told. */
  paused?: boolean;
  /** The highest layer that anybody shows; undefined: not told, so all are sent. */
  top?: number;
  /** The highest layer that is sent. */
  sending?: number;
  /** It is just being told something else. */
  telling?: boolean;
  size?: Size;
}

/**
 * Sends what is wanted: it compares what is sent with what is to be sent, and takes one step after another until
 * they are equal. After a dropped connection it compares again. It owns the producers, but not their tracks.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #slots = new Map<string, Slot>();
  #transport: Transport | undefined;
  #working = false;
  #again = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Sends this under the key from now on; undefined: no longer. */
  set(key: string, wanted: Publication | undefined): void {
    const slot = this.#slots.get(key);
    if (slot) slot.wanted = wanted;
    else if (wanted?.track) this.#slots.set(key, { wanted });
    else return;
    void this.#work();
  }

  /** The id under which the server knows what is sent under the key. */
  producerId(key: string): string | undefined {
    return this.#slots.get(key)?.producer?.id;
  }

  /** The producer that sends by a media section. */
  producerOf(mid: string): string | undefined {
    for (const { producer } of this.#slots.values()) {
      if (producer?.rtpParameters.mid === mid) return producer.id;
    }
    return undefined;
  }

  /** Sends over this transport from now on, in place of the one before, which is closed. */
  attach(transport: Transport): void {
    this.#transport = transport;
    transport.on('produce', ({ kind, rtpParameters, appData }, done, failed) => {
      const details = appData as unknown as ProduceDetails;
      const request = { transportId: transport.id, kind, rtpParameters, ...details };
      this.#options.produce(request as Produce).then(({ producerId }) => done({ id: producerId }), failed);
    });
    for (const slot of this.#slots.values()) this.#forget(slot);
    void this.#work();
  }

  detach(): void {
    this.#transport = undefined;
    for (const slot of this.#slots.values()) this.#forget(slot);
  }

  /** Takes note of what the server says of this participant while the connection is there. */
  observe(own: Participant): void {
    const known = new Map(own.producers.map((producer) => [producer.id, producer]));
    for (const slot of this.#slots.values()) {
      if (slot.producer && !slot.telling) this.#obey(slot, known.get(slot.producer.id));
    }
  }

  /** Takes note of what the server has of this participant, after requests may have been lost. */
  reconcile(own: Participant): void {
    this.observe(own);
    const known = new Map(own.producers.map((producer) => [producer.id, producer]));
    for (const slot of this.#slots.values()) {
      if (!slot.producer) continue;
      const producer = known.get(slot.producer.id);
      known.delete(slot.producer.id);
      if (producer) slot.paused = producer.paused;
      else this.#forget(slot);
    }
    for (const producerId of known.keys()) this.#tell('producer.close', { producerId });
    void this.#work();
  }

  /** Sends the layers up to those told from now on, and no others: -1 stands for none. */
  sendUpTo(wishes: ProducerWish[]): void {
    const tops = new Map(wishes.map(({ producerId, layer }) => [producerId, layer]));
    for (const slot of this.#slots.values()) {
      const top = slot.producer && tops.get(slot.producer.id);
      if (top !== undefined) slot.top = top;
    }
    void this.#work();
  }

  /** Looks at all again: a window that is shared, or a phone that is turned, changes its size. */
  refresh(): void {
    if (this.#transport) void this.#work();
  }

  async #work(): Promise<void> {
    this.#again = true;
    if (this.#working) return;
    this.#working = true;
    while (this.#again) {
      this.#again = false;
      for (const [key, slot] of this.#slots) {
        const { wanted } = slot;
        const transport = this.#transport;
        try {
          await this.#step(key, slot);
        } catch (error) {
          if (transport === this.#transport) this.#failed(slot, wanted, failureCode(error));
        }
      }
    }
    this.#working = false;
  }

  /** Brings one slot to what is wanted of it. */
  async #step(key: string, slot: Slot): Promise<void> {
    const { wanted } = slot;
    if (!wanted) {
      if (slot.producer) this.#tell('producer.close', { producerId: slot.producer.id });
      this.#forget(slot);
      this.#slots.delete(key);
      return;
    }
    if (!this.#transport || this.#transport.closed) return;
    const { track } = wanted;
    if (track && track.readyState === 'ended') return;
    if (slot.producer && track && this.#layersOf(wanted, track).length !== slot.layers) {
      this.#tell('producer.close', { producerId: slot.producer.id });
      this.#forget(slot);
    }
    if (!slot.producer) {
      if (track) await this.#produce(this.#transport, slot, wanted, track);
      return;
    }
    await this.#adjust(slot, slot.producer, track);
  }

  async #produce(
    transport: Transport,
    slot: Slot,
    wanted: Publication,
    track: MediaStreamTrack,
  ): Promise<void> {
    const { source, group } = wanted;
    const encodings = this.#layersOf(wanted, track);
    const size = sizeOf(track);
    const details: ProduceDetails = { source, ...(size && { size }), ...(group && { group }) };
    const producer = await transport.produce({
      track,
      ...(track.kind === 'video' && { encodings, codec: this.#options.videoCodec() }),
      codecOptions: codecOptions(source),
      stopTracks: false,
      disableTrackOnPause: false,
      appData: { ...details },
    });
    if (transport !== this.#transport) return producer.close();
    Object.assign(slot, { producer, layers: encodings.length, paused: false, size });
    this.#again = true; // what is wanted may have changed meanwhile
  }

  /** Brings a producer's track, its pause and what the server knows of its size to what is wanted. */
  async #adjust(slot: Slot, producer: Producer, track: MediaStreamTrack | undefined): Promise<void> {
    const producerId = producer.id;
    const paused = track === undefined;
    const top = this.#topOf(slot);
    if (top !== undefined && top !== slot.sending) {
      slot.sending = top;
      await activate(producer, top);
    }
    if (producer.track !== (track ?? null)) await producer.replaceTrack({ track: track ?? null });
    const size = track && sizeOf(track);
    if (size && (size.width !== slot.size?.width || size.height !== slot.size.height)) {
      slot.size = size;
      await this.#options.request('producer.update', { producerId, size });
    }
    if (paused === slot.paused) return;
    slot.telling = true;
    try {
      await this.#options.request(paused ? 'producer.pause' : 'producer.resume', { producerId });
      slot.paused = paused;
    } finally {
      delete slot.telling;
    }
  }

  /** The highest layer that is to be sent: one that somebody shows, and no large one to save data; undefined: any. */
  #topOf({ wanted, top, sending, layers = 1, size }: Slot): number | undefined {
    const shown = top ?? (sending === undefined ? undefined : layers - 1);
    if (wanted?.source !== 'camera' || !size || !this.#options.modest?.()) return shown;
    return Math.min(shown ?? layers - 1, modestLayer(size, layers));
  }

  /** Stops sending what the server paused or ended by itself: a moderator did. */
  #obey(slot: Slot, producer: TheirProducer | undefined): void {
    const { wanted } = slot;
    const screen = wanted?.source === 'screen' || wanted?.source === 'screen-audio';
    const stopped = producer ? producer.paused && slot.paused === false : screen;
    if (!wanted?.track || !stopped) return;
    if (producer) slot.paused = true;
    else this.#forget(slot);
    slot.wanted = { ...wanted, track: undefined };
    this.#options.stopped(wanted);
  }

  #layersOf(wanted: Publication, track: MediaStreamTrack): Encoding[] {
    if (track.kind === 'audio') return [];
    const scalabilityMode = this.#options.scalabilityMode?.();
    const encodings =
      wanted.source === 'screen'
        ? screenEncodings(wanted.screen ?? 'motion')
        : cameraEncodings(sizeOf(track) ?? { width: 1280, height: 720 });
    return scalabilityMode ? encodings.map((encoding) => ({ ...encoding, scalabilityMode })) : encodings;
  }

  /** A lost connection is made good by reconcile(), haste by refresh(); what was refused is given up. */
  #failed(slot: Slot, wanted: Publication | undefined, reason: FailureCode): void {
    if (
      reason === 'network' ||
      reason === 'rate_limited' ||
      !wanted ||
      !this.#transport ||
      this.#transport.closed
    )
      return;
    if (slot.wanted === wanted) slot.wanted = undefined;
    this.#again = true;
    this.#options.failed(wanted, reason);
  }

  #forget(slot: Slot): void {
    slot.producer?.close();
    delete slot.producer;
    delete slot.layers;
    delete slot.paused;
    delete slot.top;
    delete slot.sending;
    delete slot.size;
  }

  #tell(method: 'producer.close', params: Requests['producer.close']['params']): void {
    this.#options.request(method, params).catch(() => undefined); // reconcile() sees to it
  }
}

/** Switches on the encodings up to a layer, and the others off. A browser that refuses sends more than is needed. */
async function activate({ rtpSender }: Producer, top: number): Promise<void> {
  const parameters = rtpSender?.getParameters();
  if (!rtpSender || !parameters) return;
  parameters.encodings.forEach((encoding, layer) => (encoding.active = layer <= top));
  await rtpSender.setParameters(parameters).catch(() => undefined);
}

function sizeOf(track: MediaStreamTrack): Size | undefined {
  const { width, height } = track.getSettings();
  return width && height ? { width, height } : undefined;
}
