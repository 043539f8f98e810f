import type { Flow, Statistics } from '../media/statistics';
import type { Downlink, Participant } from '../signal/protocol.gen';
import type { Connection, ConnectionHint, ConnectionReport, ConnectionRow, Tile } from './model';

/** How often it is looked, in ms. */
const interval = 2_000;
/** How soon after a look the next may come, in ms: rates of a shorter time mean little. */
const soonest = 800;
/** After how many looks with the same trouble the person is told. */
const steadyLooks = 7;
/** Beyond so long there and back, in ms, people talk at the same time. */
const slow = 400;
/** From this loss on voices crackle. */
const lossy = 0.05;

export interface ConnectionOptions {
  statistics(): Promise<Statistics>;
  downlink(): Promise<Downlink>;
  /** The producer of what is sent or received. */
  producerOf(flow: Flow): string | undefined;
  participants(): readonly Participant[];
  selfId(): string;
  /** What is shown, and whether less of it comes. */
  tiles(): readonly Pick<Tile, 'limited'>[];
  /** The connection suffers from this for a while. */
  trouble(hint: ConnectionHint): void;
}

/**
 * How the page is connected. As long as one is in the room it is looked at now and then, so that lasting trouble is told
 * once; with what the server knows while somebody watches. It owns its timer from begin() to end().
 */
export class RoomConnection implements Connection {
  report = $state.raw<ConnectionReport>();
  readonly #options: ConnectionOptions;
  #watchers = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the last look began; undefined before the first. */
  #lookedAt: number | undefined;
  /** Counts what was begun and ended, so that a look that comes back late is of no use. */
  #epoch = 0;
  #steady: { hint: ConnectionHint | undefined; looks: number } = { hint: undefined, looks: 0 };
  readonly #told = new Set<ConnectionHint>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Begins, or goes on where it was. */
  begin(): void {
    if (this.#timer === undefined) this.#schedule(0);
  }

  end(): void {
    this.#epoch++;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lookedAt = undefined;
    this.report = undefined;
    this.#steady = { hint: undefined, looks: 0 };
    this.#told.clear();
  }

  watch(): () => void {
    this.#watchers++;
    if (this.#lookedAt !== undefined)
      this.#schedule(Math.max(0, this.#lookedAt + soonest - performance.now()));
    return () => this.#watchers--;
  }

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    const epoch = this.#epoch;
    this.#timer = setTimeout(() => {
      const first = this.#lookedAt === undefined; // nothing to compare with
      this.#lookedAt = performance.now();
      void this.#look().then((report) => {
        if (epoch !== this.#epoch) return;
        if (report && !first) this.#take(report);
        this.#schedule(interval);
      });
    }, delay);
  }

  #take(report: ConnectionReport): void {
    const { hint } = report;
    this.#steady = { hint, looks: hint === this.#steady.hint ? this.#steady.looks + 1 : 1 };
    // What one look alone finds may be chance, or a browser that still tries how much it can send.
    this.report = this.#steady.looks > 1 ? report : { ...report, hint: this.report?.hint };
    if (!hint || this.#steady.looks < steadyLooks || this.#told.has(hint)) return;
    this.#told.add(hint);
    this.#options.trouble(hint);
  }

  /** Undefined while the server cannot be reached. */
  async #look(): Promise<ConnectionReport | undefined> {
    const { statistics, downlink, tiles } = this.#options;
    try {
      const [counted, told] = await Promise.all([statistics(), this.#watchers > 0 ? downlink() : unknown]);
      const { protocol, up, down, repeatedUp, repeatedDown, roomUp } = counted;
      return {
        protocol,
        roundTrip: counted.roundTrip || told.roundTrip,
        up,
        down,
        repeatedUp,
        repeatedDown,
        roomUp,
        roomDown: told.estimate ?? 0,
        lossUp: lossOf(counted, 'sent'),
        lossDown: Math.max(lossOf(counted, 'received'), told.loss),
        rows: rowsOf(counted, this.#options),
        hint: hintOf(
          counted,
          told,
          tiles().some(({ limited }) => limited),
        ),
      };
    } catch {
      return undefined;
    }
  }
}

const unknown: Downlink = { loss: 0, roundTrip: 0, queue: 0 };

/** What is most worth knowing; undefined when all is well. */
export function hintOf(
  { flows, protocol, roundTrip }: Pick<Statistics, 'flows' | 'protocol' | 'roundTrip'>,
  told: Pick<Downlink, 'loss'>,
  limited: boolean,
): ConnectionHint | undefined {
  const moving = flows.filter((flow) => flow.bitrate > 0); // of what rests the browser tells how it was
  const sent = moving.filter((flow) => flow.direction === 'sent');
  if (sent.some((flow) => flow.limit === 'bandwidth')) return 'upload';
  if (limited) return 'download';
  if (sent.some((flow) => flow.limit === 'cpu')) return 'processor';
  if (told.loss >= lossy || moving.some((flow) => flow.kind === 'audio' && flow.loss >= lossy)) return 'loss';
  if (roundTrip >= slow) return 'delay';
  return protocol === 'tcp' ? 'detour' : undefined;
}

/** The share of packets that got lost in a direction, 0 to 1. */
export function lossOf({ flows }: Pick<Statistics, 'flows'>, direction: Flow['direction']): number {
  const these = flows.filter((flow) => flow.direction === direction);
  const bitrate = sum(these, (flow) => flow.bitrate);
  return bitrate > 0 ? sum(these, (flow) => flow.loss * flow.bitrate) / bitrate : 0;
}

/** One row for each source that is sent or received, what oneself sends first. */
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
  const sources = new Map<string, Flow[]>();
  for (const flow of flows) {
    if (flow.bitrate === 0) continue;
    const id = flow.origin ? `${flow.direction} ${flow.origin}` : flow.id;
    sources.set(id, [...(sources.get(id) ?? []), flow]);
  }
  return [...sources]
    .map(([id, layers]): ConnectionRow => {
      const [first] = layers as [Flow];
      const { direction, kind } = first;
      const sender = senders.get(producerOf(first) ?? '');
      return {
        id,
        self: direction === 'sent' || sender?.participant.id === selfId(),
        name: sender?.participant.name,
        source: sender?.source ?? (kind === 'audio' ? 'microphone' : 'camera'),
        bitrate: sum(layers, (layer) => layer.bitrate),
        layers: layers
          .map(({ codec, bitrate, loss, size, framesPerSecond }) => {
            return { codec, bitrate, loss, size, framesPerSecond: Math.round(framesPerSecond) };
          })
          .sort((a, b) => (b.size?.height ?? 0) - (a.size?.height ?? 0)),
      };
    })
    .sort((a, b) => Number(b.self) - Number(a.self));
}

function sum(flows: readonly Flow[], value: (flow: Flow) => number): number {
  return flows.reduce((all, flow) => all + value(flow), 0);
}
