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
  /** bit/s */
  bitrate: number;
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
  packets: number;
  lost: number;
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
    const sum = (direction: Flow['direction']) =>
      flows.reduce((all, flow) => (flow.direction === direction ? all + flow.bitrate : all), 0);
    return {
      protocol: remote && (remote.protocol === 'tcp' ? 'tcp' : 'udp'),
      roundTrip: number(pair?.currentRoundTripTime) * 1_000,
      up: sum('sent'),
      down: sum('received'),
      roomUp: number(pairOf(up)?.availableOutgoingBitrate),
      flows,
    };
  }

  /** What was counted of a new stream at the last look. */
  get #start(): Counts | undefined {
    return this.#at === undefined ? undefined : { at: this.#at, bytes: 0, packets: 0, lost: 0 };
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
        const lost = Math.max(0, now.lost - before.lost);
        const packets = Math.max(0, now.packets - before.packets);
        return {
          id,
          direction,
          kind: stat.kind === 'audio' ? 'audio' : 'video',
          origin: text(direction === 'sent' ? stat.mid : stat.trackIdentifier),
          codec: text(report.get(text(stat.codecId))?.mimeType).replace(/^.*\//, ''),
          bitrate: seconds > 0 ? (Math.max(0, now.bytes - before.bytes) * 8) / seconds : 0,
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

/** What was counted of a stream. Of what is sent, the other end tells what was lost. */
function countsOf(stat: Stat, report: Map<string, Stat>): Counts {
  const remote = report.get(text(stat.remoteId));
  return stat.type === 'outbound-rtp'
    ? {
        at: stat.timestamp,
        bytes: number(stat.bytesSent),
        packets: number(stat.packetsSent),
        lost: number(remote?.packetsLost),
      }
    : {
        at: stat.timestamp,
        bytes: number(stat.bytesReceived),
        packets: number(stat.packetsReceived),
        lost: number(stat.packetsLost),
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
