import type { Statistics } from '../media/statistics';
import type { Downlink, Participant, Source } from '../signal/protocol.gen';
import type { Connection, ConnectionHint, ConnectionReport, ConnectionRow } from './model';

/** How often it is looked, in ms. */
const interval = 2_000;
/** Beyond so long there and back, in ms, people talk at the same time. */
const slow = 400;
/** From this loss on voices crackle. */
const lossy = 0.05;

export interface ConnectionOptions {
  statistics(): Promise<Statistics>;
  downlink(): Promise<Downlink>;
  /** The producer of a received track, by the track's id. */
  producerOf(trackId: string): string | undefined;
  participants(): readonly Participant[];
  selfId(): string;
  /** Whether less of some picture comes than is shown. */
  limited(): boolean;
}

/** How the page is connected, looked at as long as somebody watches. */
export class RoomConnection implements Connection {
  report = $state.raw<ConnectionReport>();
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Looks now and then until the function that it gives is called. */
  watch(): () => void {
    let watching = true;
    const look = async () => {
      const report = await this.#look();
      if (!watching) return;
      this.report = report ?? this.report;
      timer = setTimeout(() => void look(), interval);
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    void look();
    return () => {
      watching = false;
      clearTimeout(timer);
    };
  }

  /** Undefined while the server cannot be reached. */
  async #look(): Promise<ConnectionReport | undefined> {
    const { statistics, downlink, limited } = this.#options;
    try {
      const [counted, told] = await Promise.all([statistics(), downlink()]);
      const rows = rowsOf(counted, this.#options);
      const { protocol, up, down, roomUp } = counted;
      return {
        protocol,
        roundTrip: counted.roundTrip || told.roundTrip,
        up,
        down,
        roomUp,
        roomDown: told.estimate ?? 0,
        rows,
        hint: hintOf(counted, told, limited()),
      };
    } catch {
      return undefined;
    }
  }
}

/** What is most worth knowing; undefined when all is well. */
export function hintOf(
  { flows, protocol, roundTrip }: Pick<Statistics, 'flows' | 'protocol' | 'roundTrip'>,
  told: Pick<Downlink, 'loss'>,
  limited: boolean,
): ConnectionHint | undefined {
  const sent = flows.filter((flow) => flow.direction === 'sent');
  const received = flows.filter((flow) => flow.direction === 'received');
  if (sent.some((flow) => flow.limit === 'bandwidth')) return 'upload';
  if (limited) return 'download';
  if (sent.some((flow) => flow.limit === 'cpu')) return 'processor';
  if (
    told.loss >= lossy ||
    [...sent, ...received].some((flow) => flow.kind === 'audio' && flow.loss >= lossy)
  )
    return 'loss';
  if (roundTrip >= slow) return 'delay';
  return protocol === 'tcp' ? 'detour' : undefined;
}

/** One row for each stream, what oneself sends first. */
export function rowsOf(
  { flows }: Pick<Statistics, 'flows'>,
  { producerOf, participants, selfId }: Pick<ConnectionOptions, 'producerOf' | 'participants' | 'selfId'>,
): ConnectionRow[] {
  const senders = new Map(
    participants().flatMap((participant) =>
      participant.producers.map(
        (producer) => [producer.id, { participant, source: producer.source }] as const,
      ),
    ),
  );
  return flows
    .filter((flow) => flow.bitrate > 0)
    .map((flow): ConnectionRow => {
      const { id, direction, kind, codec, bitrate, loss, size, framesPerSecond } = flow;
      const sender = direction === 'received' ? senders.get(producerOf(flow.trackId) ?? '') : undefined;
      const own = direction === 'sent';
      return {
        id,
        self: own || sender?.participant.id === selfId(),
        name: sender?.participant.name,
        source: sender?.source ?? (kind === 'audio' ? 'microphone' : ownVideo(own)),
        codec,
        bitrate,
        loss,
        size,
        framesPerSecond: Math.round(framesPerSecond),
      };
    })
    .sort((a, b) => Number(b.self) - Number(a.self));
}

/** What the browser sends has no name of its own: it is told as pictures. */
function ownVideo(own: boolean): Source | undefined {
  return own ? 'camera' : undefined;
}
