import type { Transport } from 'mediasoup-client/types';
import { Channel } from '../signal/channel';
import { RequestFailed } from '../signal/failure';
import type { Hello } from '../signal/protocol.gen';
import { Engine } from './engine';
import { noise } from './noise';
import { Meter, type Statistics } from './statistics';

/** What the way between this page and the server carries. Rates in bit/s. */
export interface Way {
  /** By which protocol media goes: TCP is for networks that let nothing else through. */
  protocol: 'udp' | 'tcp';
  /** There and back, in ms. */
  roundTrip: number;
  /** At least so much goes up, and comes down. More is not tried than a meeting would use. */
  up: number;
  down: number;
}

/** How long media is sent, and how often it is measured, in ms. */
const duration = 6_000;
const interval = 500;
/** The most that is tried, in bit/s: a sharp picture. */
const ceiling = 3_000_000;
/** How long the server may take to answer, in ms. */
const patience = 8_000;

/**
 * Sends pictures to the server for some seconds and receives them back, by the same way as in a meeting; the server
 * tries besides whether more comes down. It rejects with RequestFailed when the server refuses or media finds no way.
 */
export async function tryWay(
  url: string,
  abort: AbortSignal,
  progress: (part: number) => void,
): Promise<Way> {
  const stops: (() => void)[] = [];
  const gone = new Promise<never>((_, reject) => {
    const fail = (why: string) => reject(new RequestFailed('network', why));
    abort.addEventListener('abort', () => fail('given up'), { once: true });
    stops.push(() => fail('over'));
  });
  gone.catch(() => undefined);
  try {
    return await Promise.race([measure(url, stops, progress), gone]);
  } finally {
    for (const stop of stops.reverse()) stop();
  }
}

async function measure(url: string, stops: (() => void)[], progress: (part: number) => void): Promise<Way> {
  const { channel, hello } = await open(url, stops);
  const engine = new Engine();
  const rtpCapabilities = await engine.load(hello.rtpCapabilities);
  const { send, receive } = await channel.request('check', { rtpCapabilities });
  stops.push(() => void channel.request('leave', {}).catch(() => undefined));

  const connect = (params: Parameters<typeof channel.request<'transport.connect'>>[1]) =>
    channel.request('transport.connect', params);
  const up = engine.sendTransport(send, connect);
  stops.push(() => up.close());
  const down = engine.receiveTransport(receive, connect);
  stops.push(() => down.close());
  up.on('produce', ({ kind, rtpParameters }, done, failed) => {
    channel
      .request('produce', {
        transportId: up.id,
        kind,
        source: 'camera',
        rtpParameters: rtpParameters as never,
        paused: false,
      })
      .then(({ producerId }) => done({ id: producerId }), failed);
  });

  const { track, stop } = noise();
  stops.push(stop);
  const producer = await up.produce({
    track,
    encodings: [{ maxBitrate: ceiling }],
    codecOptions: { videoGoogleStartBitrate: 1_000 },
    ...(engine.videoCodec && { codec: engine.videoCodec }),
  });
  const { consumers } = await channel.request('consume', { producerIds: [producer.id], paused: true });
  const offer = consumers[0];
  if (!offer) throw new RequestFailed('browser', 'the own picture cannot be received');
  await down.consume({ ...offer, rtpParameters: offer.rtpParameters as never });
  await channel.request('consumers.resume', { consumerIds: [offer.id] });
  const size = { width: 1280, height: 720 };
  await channel.request('view', { items: [{ consumerId: offer.id, size, priority: 'stage' }] });
  const samples = await sample(up, down, progress);
  const { estimate } = await channel.request('downlink', {});
  const found = wayOf(samples, estimate);
  if (!found) throw new RequestFailed('network', 'media found no way');
  return found;
}

/** Connects, and waits for what the server says first. */
function open(url: string, stops: (() => void)[]): Promise<{ channel: Channel; hello: Hello }> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new RequestFailed('network', 'no connection')), patience);
    const channel: Channel = new Channel(url, {
      notification: ({ method, params }) => {
        if (method === 'hello') resolve({ channel, hello: params });
      },
      lost: () => reject(new RequestFailed('network', 'the connection ended')),
    });
    stops.push(() => {
      clearTimeout(late);
      channel.close();
    });
  });
}

async function sample(
  up: Transport,
  down: Transport,
  progress: (part: number) => void,
): Promise<Statistics[]> {
  const meter = new Meter();
  const samples: Statistics[] = [];
  const began = performance.now();
  for (let passed = 0; passed < duration; passed = performance.now() - began) {
    await new Promise((resolve) => setTimeout(resolve, interval));
    samples.push(meter.read(await up.getStats(), await down.getStats()));
    progress(Math.min(1, passed / duration));
  }
  return samples;
}

/**
 * What samples tell, the later half of them: estimates need a moment to grow. What came back is no more than went up;
 * the estimate is what the server found when it tried more. Undefined when nothing ever came back; a way that is narrow
 * down may carry nothing any more once the server knows.
 */
export function wayOf(
  samples: readonly Pick<Statistics, 'protocol' | 'roundTrip' | 'up' | 'down'>[],
  estimate = 0,
): Way | undefined {
  const late = samples.slice(Math.floor(samples.length / 2));
  const mean = (rate: (sample: (typeof late)[number]) => number) =>
    late.reduce((sum, one) => sum + rate(one), 0) / late.length;
  const last = late.at(-1);
  if (!last?.protocol || !samples.some((one) => one.down > 0)) return undefined;
  return {
    protocol: last.protocol,
    roundTrip: last.roundTrip,
    up: mean((one) => one.up),
    down: Math.max(
      mean((one) => one.down),
      estimate,
    ),
  };
}
