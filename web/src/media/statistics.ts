/** One stream as the browser counts it, since the last look. */
export interface Flow {
  /** Tells it from the others as long as it lasts. */
  id: string;
  direction: 'sent' | 'received';
  kind: 'audio' | 'video';
  /** The track that is received by its id, or the media section that sends (mid), which all browsers tell. */
  origin: string;
  /** As in "VP8"; empty before it is known. */
  codec: string;
  /** Of the sound or the picture itself, bit/s. */
  bitrate: number;
  /** Of what was sent again, to repair or as a probe of what the network carries, bit/s. */
  repeated: number;
  /** Of the packets, 0 to 1. */
  loss: number;
  /** Of pictures, once there are any. */
  size: { width: number; height: number } | undefined;
  framesPerSecond: number;
  /** Of what is sent: why it is not better than it is. */
  limit: 'bandwidth' | 'cpu' | undefined;
}

/** How a page is connected, and what goes over the connection. Rates in bit/s, times in ms. */
export interface Statistics {
  protocol: 'udp' | 'tcp' | undefined;
  /** There and back. */
  roundTrip: number;
  up: number;
  down: number;
  /** Of that, what was sent again. */
  repeatedUp: number;
  repeatedDown: number;
  /** What the browser thinks that it could send; 0 where it does not tell. */
  roomUp: number;
  flows: Flow[];
}

type Stat = { id: string; type: string; timestamp: number } & Record<string, unknown>;
/** What getStats gives, for tests by any map. */
export type Report = Iterable<readonly [string, unknown]>;

interface Counts {
  at: number;
  bytes: number;
  repeated: number; // bytes
  packets: number;
  lost: number;
  /** The most that the picture itself is to take, in bit/s, as far as the browser tells. */
  target: number;
}

/** Reads statistics of both directions, again and again: rates are between two looks. */
export class Meter {
  #before = new Map<string, Counts>();
  /** When it looked last; undefined before the first look. */
  #at: number | undefined;

  read(sending: Report, receiving: Report): Statistics {
    const up = new Map(sending as Iterable<[string, Stat]>);
    const down = new Map(receiving as Iterable<[string, Stat]>);
    const counts = new Map<string, Counts>();
    const flows = [...this.#flows(up, 'outbound-rtp', counts), ...this.#flows(down, 'inbound-rtp', counts)];
    this.#before = counts;
    this.#at = timeOf([...up.values(), ...down.values()]) ?? this.#at;
    const pair = pairOf(up) ?? pairOf(down);
    const remote = up.get(String(pair?.remoteCandidateId)) ?? down.get(String(pair?.remoteCandidateId));
    const sum = (direction: Flow['direction'], rate: (flow: Flow) => number) =>
      flows.reduce((all, flow) => (flow.direction === direction ? all + rate(flow) : all), 0);
    const whole = (flow: Flow) => flow.bitrate + flow.repeated;
    return {
      protocol: remote && (remote.protocol === 'tcp' ? 'tcp' : 'udp'),
      roundTrip: number(pair?.currentRoundTripTime) * 1_000,
      up: sum('sent', whole),
      down: sum('received', whole),
      repeatedUp: sum('sent', ({ repeated }) => repeated),
      repeatedDown: sum('received', ({ repeated }) => repeated),
      roomUp: number(pairOf(up)?.availableOutgoingBitrate),
      flows,
    };
  }

  /** What was counted of a new stream at the last look. */
  get #start(): Counts | undefined {
    return this.#at === undefined
      ? undefined
      : { at: this.#at, bytes: 0, repeated: 0, packets: 0, lost: 0, target: 0 };
  }

  #flows(report: Map<string, Stat>, type: string, counts: Map<string, Counts>): Flow[] {
    const direction = type === 'outbound-rtp' ? 'sent' : 'received';
    return [...report.values()]
      .filter((stat) => stat.type === type)
      .map((stat) => {
        const id = `${direction} ${stat.id}`;
        const now = countsOf(stat, report);
        counts.set(id, now);
        const before = this.#before.get(id) ?? this.#start ?? now;
        const seconds = (now.at - before.at) / 1_000;
        const rate = (bytes: number) => (seconds > 0 ? (Math.max(0, bytes) * 8) / seconds : 0);
        const first = rate(now.bytes - before.bytes);
        const bitrate = Math.min(first, Math.max(now.target, before.target));
        const lost = Math.max(0, now.lost - before.lost);
        const packets = Math.max(0, now.packets - before.packets);
        return {
          id,
          direction,
          kind: stat.kind === 'audio' ? 'audio' : 'video',
          origin: text(direction === 'sent' ? stat.mid : stat.trackIdentifier),
          codec: text(report.get(text(stat.codecId))?.mimeType).replace(/^.*\//, ''),
          bitrate,
          repeated: rate(now.repeated - before.repeated) + first - bitrate,
          loss: lost > 0 ? lost / (lost + packets) : 0,
          size: stat.frameWidth
            ? { width: number(stat.frameWidth), height: number(stat.frameHeight) }
            : undefined,
          framesPerSecond: number(stat.framesPerSecond),
          limit: limitOf(stat.qualityLimitationReason),
        } satisfies Flow;
      });
  }
}

/**
 * What was counted of a stream. Of what is sent, the other end tells what was lost.
 *
 * Bytes and packets include what was sent again. The server probes the network with packets that arrived before, which
 * Chromium counts as retransmissions; Firefox counts none. What Chromium itself probes with, always in the smallest
 * layer, it counts as sent for the first time: that is what exceeds the encoder's target.
 */
function countsOf(stat: Stat, report: Map<string, Stat>): Counts {
  const sent = stat.type === 'outbound-rtp';
  const way = sent ? 'Sent' : 'Received';
  const repeated = number(stat[`retransmittedBytes${way}`]);
  return {
    at: stat.timestamp,
    bytes: number(stat[`bytes${way}`]) - repeated,
    repeated,
    packets: number(stat[`packets${way}`]) - number(stat[`retransmittedPackets${way}`]),
    target: (sent && stat.kind === 'video' && number(stat.targetBitrate)) || Infinity,
    lost: number((sent ? report.get(text(stat.remoteId)) : stat)?.packetsLost),
  };
}

/** When statistics were read; what the other end told is older. */
function timeOf(stats: Stat[]): number | undefined {
  const times = stats.filter(({ type }) => !type.startsWith('remote-')).map(({ timestamp }) => timestamp);
  const told = times.filter((time) => typeof time === 'number');
  return told.length > 0 ? Math.max(...told) : undefined;
}

/** The pair of addresses in use. Firefox has no transport statistics, and marks the pair. */
function pairOf(report: Map<string, Stat>): Stat | undefined {
  const stats = [...report.values()];
  const selected = stats.find((stat) => stat.type === 'transport')?.selectedCandidatePairId;
  return (
    report.get(text(selected)) ??
    stats.find((stat) => stat.type === 'candidate-pair' && stat.selected === true)
  );
}

function limitOf(reason: unknown): Flow['limit'] {
  return reason === 'bandwidth' || reason === 'cpu' ? reason : undefined;
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
