import type { Consumer, Producer, Transport } from 'mediasoup-client/types';

/** A track without a device behind it. */
export class FakeTrack extends EventTarget {
  readyState: 'live' | 'ended' = 'live';
  contentHint = '';

  constructor(
    readonly kind: 'audio' | 'video',
    readonly settings: MediaTrackSettings = {},
    readonly label = '',
  ) {
    super();
  }

  getSettings(): MediaTrackSettings {
    return this.settings;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** Ends it from outside, as when the device is pulled out. */
  end(): void {
    this.stop();
    this.dispatchEvent(new Event('ended'));
  }

  get real(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }
}

type Listener = (...args: unknown[]) => void;

/** mediasoup-client's transport as far as our code uses it, without a connection. */
export class FakeTransport {
  readonly id = 'transport';
  closed = false;
  connectionState = 'new';
  /** What consume() fails for. */
  undecodable = new Set<string>();
  readonly restarts: unknown[] = [];
  /** Which encodings are on, of what was changed last. */
  active: (boolean | undefined)[] = [];
  readonly #listeners = new Map<string, Listener>();

  get real(): Transport {
    return this as unknown as Transport;
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, listener);
  }

  become(state: string): void {
    this.connectionState = state;
    this.#listeners.get('connectionstatechange')?.(state);
  }

  async produce(options: {
    track: MediaStreamTrack;
    encodings?: unknown[];
    appData: unknown;
  }): Promise<Producer> {
    const { track, encodings = [{}], appData } = options;
    const { id } = await new Promise<{ id: string }>((resolve, reject) => {
      const rtpParameters = { encodings };
      this.#listeners.get('produce')?.({ kind: track.kind, rtpParameters, appData }, resolve, reject);
    });
    let sent = encodings as RTCRtpEncodingParameters[];
    const producer = {
      id,
      rtpSender: {
        getParameters: () => ({ encodings: sent.map((encoding) => ({ ...encoding })) }),
        setParameters: (parameters: { encodings: RTCRtpEncodingParameters[] }) => {
          sent = parameters.encodings;
          this.active = sent.map(({ active }) => active);
          return Promise.resolve();
        },
      },
      closed: false,
      track: track as MediaStreamTrack | null,
      replaceTrack: (replaced: { track: MediaStreamTrack | null }) => {
        producer.track = replaced.track;
        return Promise.resolve();
      },
      close: () => (producer.closed = true),
    };
    return producer as unknown as Producer;
  }

  consume(options: { id: string; producerId: string; kind: 'audio' | 'video' }): Promise<Consumer> {
    if (this.undecodable.has(options.producerId)) return Promise.reject(new Error('cannot decode'));
    const consumer = {
      ...options,
      closed: false,
      track: new FakeTrack(options.kind),
      close: () => (consumer.closed = true),
    };
    return Promise.resolve(consumer as unknown as Consumer);
  }

  restartIce(options: unknown): Promise<void> {
    this.restarts.push(options);
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }
}

/** Lets everything that is ready run. */
export const settled = () => new Promise((resolve) => setTimeout(resolve));
